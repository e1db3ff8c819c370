"""A lender that signs nothing new after a day, by hand. docs/model.md, "Cash calls".

jbic has 1 bn to sign until the fiscal year begins on 1 April 2026, and signs until 15 February.
"""

from __future__ import annotations

from typing import Any

import pytest
from gate_cases import one, plants
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


def test_what_meets_the_day_is_counted_in_dollars():
    config = config_from(two_plants("extend"))
    (met,) = last_days(config, Plan.of(config), replications=1)
    assert (met.selected_usd_bn, met.unsigned_usd_bn, met.binds) == (3, 2, False)


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
