"""A lender that signs nothing new after a day, by hand. docs/model.md, "Cash calls".

jbic has 1 bn to sign until the fiscal year begins on 1 April 2026, and signs until 15 February.
"""

from __future__ import annotations

from typing import Any

import pytest
from gate_cases import halves, one, plants
from support.configs import config_from
from support.hand_runs import DAY, constant, run, same, yearly

from sim.errors import ConfigError
from sim.events import Kind
from sim.plan import Plan
from sim.study.design.signing import last_days

TOLD = (Kind.CALL_PAID, Kind.CALL_WITHDRAWN, Kind.CANCELLED, Kind.BREACH_OPENED, Kind.BREACH_CLOSED)


def two_plants(unsigned: str = "decline", **facility: Any) -> dict[str, Any]:
    """A of 1 bn is signed at once; B of 2 bn finds nothing left."""
    tree = plants(100, A=one(bn=1), B=one("2026-01-11", bn=2))
    tree["capacity"]["facilities"]["jbic"] |= {
        "commitments": yearly(first_year=1), "signs_until": "2026-02-15", "unsigned": unsigned,
        **facility,
    }  # fmt: skip
    tree["programme"]["deadline"] = "2026-02-10"
    tree["nature"]["enforcement"]["settlement_days"] = constant(60)
    return tree


def test_a_share_still_queued_at_the_close_of_the_last_day_is_given_up_and_a_breach():
    """The close of 15 February is 00:00 of the 16th. The breach of the missed call ends with it;
    the one it leaves is settled after 60 days."""
    same(run(two_plants()).lines(*TOLD), [
        "2026-01-01 00:00 A call_paid 1",
        "2026-01-12 00:00 B breach_opened call_missed 2",
        "2026-02-16 00:00 B cancelled signing_ended 2",
        "2026-02-16 00:00 B call_withdrawn 2",
        "2026-02-16 00:00 B breach_closed cancelled",
        "2026-02-16 00:00 B breach_opened signing_ended 2",
        "2026-04-17 00:00 B breach_closed settled",
    ])  # fmt: skip


def test_a_share_signed_in_time_is_drawn_for_as_long_as_it_takes():
    tree = two_plants(cash=yearly(first_year=0))
    it = run(tree)
    same(it.when(Kind.CALL_PAID), {"A": 90 * DAY})
    same(it.when(Kind.CANCELLED), {"B": 46 * DAY})


def test_papers_that_are_done_after_the_last_day_are_signed_no_more():
    """B's desk has it until 2 March, with money enough."""
    tree = two_plants(commitments=yearly(first_year=9))
    tree["nature"]["call_desk_days"] = {"jbic": constant(50)}
    it = run(tree)
    same(it.when(Kind.CALL_PAID), {})
    same(it.when(Kind.CANCELLED), {"A": 50 * DAY, "B": 60 * DAY})


def test_a_day_that_does_not_bind_changes_nothing():
    it = run(two_plants("extend"))
    same(it.when(Kind.CALL_PAID), {"A": 0, "B": 90 * DAY})


MONEY = (Kind.FUNDS_COMMITTED, Kind.PART_PAID, Kind.CALL_PAID, Kind.SHARE_HANDED_ON,
         Kind.PART_DOCUMENTED)  # fmt: skip


def handed_on(bank_share: float = 0, **facility: Any) -> dict[str, Any]:
    """As `two_plants`; a bank with money enough takes over what jbic does not sign."""
    tree = two_plants("reassign", reassigned_to="bank", **facility)
    bank = tree["capacity"]["facilities"]["jbic"] | {"label": "Bank", "commitments": "unlimited"}
    for key in ("signs_until", "unsigned", "reassigned_to"):
        del bank[key]
    tree["capacity"]["facilities"]["bank"] = bank
    tree["policy"]["calls"]["facility_shares"] = {"jbic": 1 - bank_share, "bank": bank_share}
    tree["nature"]["appraisal_days"]["bank"] = constant(0)
    tree["nature"]["call_desk_days"]["bank"] = constant(0)
    return tree


def of(it: Any, project: str) -> list[str]:
    return [line for line in it.lines(*MONEY) if f" {project} " in line]


def test_a_share_still_queued_at_the_close_of_the_last_day_is_another_lenders():
    """B's 2 bn: papers at the bank's own desk, for it had no part in the call."""
    it = run(handed_on())
    same(of(it, "B"), [
        "2026-01-11 00:00 B part_documented jbic_desks",
        "2026-02-16 00:00 B share_handed_on jbic_cash signing_ended 2",
        "2026-02-16 00:00 B part_documented bank_desks",
        "2026-02-16 00:00 B funds_committed bank_commitments 2",
        "2026-02-16 00:00 B part_paid bank_cash 2",
        "2026-02-16 00:00 B call_paid 2",
    ])  # fmt: skip
    same(it.when(Kind.CANCELLED), {})


def test_who_has_paid_its_own_part_pays_the_other_a_minute_later_with_the_papers_there_are():
    """jbic's 1.5 bn of B's 2, the bank 0.5 on the day of the notice. A's 0.75 were signed in time;
    the 0.25 that jbic had left stay used."""
    it = run(handed_on(0.25))
    same(of(it, "B")[-5:], [
        "2026-01-11 00:00 B funds_committed jbic_commitments 0.25",
        "2026-02-16 00:00 B share_handed_on jbic_cash signing_ended 1.5",
        "2026-02-16 00:01 B funds_committed bank_commitments 1.5",
        "2026-02-16 00:01 B part_paid bank_cash 1.5",
        "2026-02-16 00:01 B call_paid 2",
    ])  # fmt: skip


def test_who_is_called_after_the_day_has_one_lender_less_from_the_start():
    tree = handed_on(0.25)
    tree["programme"]["deadline"] = "2026-03-10"
    tree["portfolio"]["projects"]["B"]["proposed_date"] = "2026-03-01"
    same(of(run(tree), "B"), [
        "2026-03-01 00:00 B share_handed_on jbic_cash signing_ended 1.5",
        "2026-03-01 00:00 B part_documented bank_desks",
        "2026-03-01 00:00 B funds_committed bank_commitments 2",
        "2026-03-01 00:00 B part_paid bank_cash 2",
        "2026-03-01 00:00 B call_paid 2",
    ])  # fmt: skip


def test_later_calls_of_a_share_handed_on_are_the_other_lenders_and_of_one_signed_are_not():
    tree = halves(handed_on(0.5))
    it = run(tree)
    later = [line for line in it.lines(Kind.PART_PAID) if " #1 " in line]
    same([line.split(" ", 2)[2] for line in later], [
        "A part_paid #1 jbic_cash 0.25", "A part_paid #1 bank_cash 0.25",
        "B part_paid #1 bank_cash 1",
    ])  # fmt: skip


def test_what_waits_for_the_bank_itself_is_one_share_with_what_is_handed_on():
    """The bank has nothing to sign before April either: B's two shares are reserved as one."""
    tree = handed_on(0.25)
    tree["capacity"]["facilities"]["bank"]["commitments"] = yearly(first_year=0.25)
    same(of(run(tree), "B")[-4:], [
        "2026-02-16 00:00 B share_handed_on jbic_cash signing_ended 1.5",
        "2026-04-01 00:00 B funds_committed bank_commitments 2",
        "2026-04-01 00:00 B part_paid bank_cash 2",
        "2026-04-01 00:00 B call_paid 2",
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("jbic", "bank", "words"),
    [
        ({"reassigned_to": None}, {}, "reassigned_to: is not given; accepted: a facility with"),
        ({"reassigned_to": "jbic"}, {}, "jbic is itself; accepted: bank"),
        ({"reassigned_to": "nexi"}, {}, "nexi is no facility that signs on for one other"),
        ({"unsigned": "decline"}, {}, "is bank, and unsigned: decline; accepted: a facility with"),
        ({}, {"signs_until": "2026-03-01", "unsigned": "decline"},
         "bank is no facility that signs on for one other; accepted: unsigned: decline"),
    ],
)  # fmt: skip
def test_a_share_goes_to_another_lender_that_signs_on(jbic, bank, words):
    tree = handed_on()
    tree["capacity"]["facilities"]["jbic"] |= jbic
    tree["capacity"]["facilities"]["bank"] |= bank
    with pytest.raises(ConfigError, match=words):
        config_from(tree)


def test_what_meets_the_day_is_counted_in_dollars():
    config = config_from(two_plants("extend"))
    (met,) = last_days(config, Plan.of(config), replications=1)
    assert (met.selected_usd_bn, met.unsigned_usd_bn, met.unsigned) == (3, 2, "extend")


def test_a_share_reserved_in_part_meets_the_day_too():
    """2 bn to sign: 1 of B's 2 is there, and what is short takes what there is."""
    tree = two_plants("extend", commitments=yearly(first_year=2))
    tree["policy"]["calls"]["draw"] = "partial"
    config = config_from(tree)
    (met,) = last_days(config, Plan.of(config), replications=1)
    assert (met.selected_usd_bn, met.unsigned_usd_bn) == (3, 2)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"signs_until": None}, "jbic.unsigned: has no day; accepted: signs_until as well"),
        ({"signs_until": "2020-01-01"}, "2020-01-01 is not within what is simulated"),
        ({"unsigned": "extend", "signs_until": "2026-02-09"}, "binds what is selected after it"),
    ],
)
def test_a_day_without_sense_is_refused(changes, words):
    tree = two_plants()
    tree["capacity"]["facilities"]["jbic"] |= changes
    if changes["signs_until"] is None:
        del tree["capacity"]["facilities"]["jbic"]["signs_until"]
    with pytest.raises(ConfigError, match=words):
        config_from(tree)
