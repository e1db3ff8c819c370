"""Each law holds for the honest log and catches a log tampered with, in its own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from support.caught import caught, holds
from support.hand_made import HAND_NAMES, hand_config, hand_replication
from support.made_logs import BN, make_config
from support.tampered_logs import BEGIN, added, changed, noted, without

from sim.events import Cause, Kind
from sim.results.laws import LAWS, money, paths, soundness, stocks, tariffs

# What the config of a replication made by hand can answer.
OF_A_LOG = ("log", "called money", "envelope", "not negative", "delays", "legal path", "waiting",
            "tariffs")  # fmt: skip


@pytest.mark.parametrize("name", OF_A_LOG)
def test_an_honest_log_breaks_no_law(name):
    holds(next(law.check for law in LAWS if law.name == name), hand_replication())


# --- time -------------------------------------------------------------------------------------


def test_time_that_goes_back_in_the_log_is_caught():
    caught(soundness.log_is_in_order, changed(Kind.BUILT, 0, time=0), "'alpha': time goes back")


def test_time_that_goes_back_in_a_trace_is_caught():
    made = hand_replication()
    time = made.capacity.time.copy()
    time[-1] = 1
    tampered = replace(made, capacity=replace(made.capacity, time=time))
    caught(stocks.trace_is_sound, tampered, "time goes back in the capacity trace of 'jbic_cash'")


# --- waits ------------------------------------------------------------------------------------


def test_a_wait_that_ended_without_having_begun_is_caught():
    text = r"'alpha': wait for team_queue \(part 0\) ended and had not begun"
    caught(paths.waits_pair_up, without(Kind.WAIT_BEGAN, 0), text)


def test_a_wait_that_began_twice_is_caught():
    twice = added(("2026-06-30", "gamma", Kind.WAIT_BEGAN, {"cause": Cause.FUNDING_WINDOW}))
    caught(paths.waits_pair_up, twice, r"'gamma': wait for funding_window \(part 0\) began twice")


def test_a_wait_still_open_after_the_end_of_the_path_is_caught():
    caught(
        paths.waits_pair_up,
        without(Kind.WAIT_ENDED, 2),
        "'beta': wait for consultation is open after the end",
    )


def test_a_wait_for_what_is_no_cause_of_waiting_is_caught():
    wrong = added(("2026-06-30", "gamma", Kind.WAIT_BEGAN, {"cause": Cause.PAID}))
    caught(paths.waits_pair_up, wrong, r"wait for paid .*, which is no cause of waiting")


def test_a_wait_before_the_proposal_or_after_the_end_is_caught():
    queue = {"cause": Cause.TEAM_QUEUE}
    early = added(("2026-01-05", "alpha", Kind.WAIT_BEGAN, queue))
    caught(paths.waits_pair_up, early, r"'alpha': wait for team_queue \(part 0\) before PROPOSED")
    late = added(("2026-08-31", "alpha", Kind.WAIT_BEGAN, queue))
    caught(paths.waits_pair_up, late, r"'alpha': wait for team_queue .* after the end of the path")


# --- law 1: money -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "project", "amount", "text"),
    [
        # One cent lost, or one too many, at each step of the way.
        (Kind.CALL_NOTICED, 0, BN - 1, "PART_DRAWN of .* exceeds the call of 99999999999"),
        (Kind.PART_DRAWN, 0, 0.6 * BN - 1, "PART_PAID of .* is not the 99999999999 drawn"),
        (Kind.PART_PAID, 0, BN - 1, "PART_PAID of .* is not the 100000000000 drawn"),
        (Kind.CALL_PAID, 0, BN - 1, "CALL_PAID of .* is not the 100000000000 drawn"),
        (Kind.CALL_LATE, 0, 3 * BN - 1, "CALL_LATE of .* is not the 300000000000 unpaid"),
        (Kind.CALL_MISSED, 0, 3 * BN - 1, "CALL_MISSED of .* is not the 300000000000 unpaid"),
        (Kind.DECLINED, 2, 2 * BN - 1, "DECLINED of .* is not the 200000000000 committed"),
        (Kind.UNIT_BUILT, 0, 2 * BN - 1, "UNIT_ENERGISED of .* is not the 199999999999 of the"),
        (Kind.UNIT_ENERGISED, 0, 2 * BN - 1, "UNIT_ENERGISED of .* is not the 200000000000 of the"),
        (Kind.OPERATING, 0, 4 * BN - 1, "OPERATING of .* is not the 400000000000 committed"),
        (Kind.SELECTED, 0, 4 * BN - 1, "CALL_NOTICED of .* calls above the 399999999999 committed"),
        (Kind.PART_DRAWN, 0, 0.6 * BN + 0.5, "is no whole number of cents"),
    ],
)
def test_a_lost_cent_is_caught(kind, project, amount, text):
    who = HAND_NAMES.projects[project]
    caught(money.called_money_adds_up, changed(kind, project, amount=amount), f"'{who}': .*{text}")


def test_commitments_above_the_envelope_are_caught():
    """8 bn are committed on 31 March; the envelope is a cent smaller."""
    config = make_config(
        BEGIN, date(2026, 3, 31), date(2026, 6, 30), date(2026, 8, 31), date(2026, 5, 1),
        envelope=8 - 1e-11,
    )  # fmt: skip
    text = "'beta': commitments of 800000000000 cents exceed the envelope of 799999999999"
    caught(money.commitments_fit_the_envelope, hand_replication(), text, config)
    # Recorded history may exceed it, when the excess is logged in the same minute.
    excess = {"resource": "envelope", "amount": 1.0}
    allowed = added(("2026-03-31T23:59", "beta", Kind.HISTORY_EXCEEDED, excess))
    holds(money.commitments_fit_the_envelope, allowed, config)


def test_what_is_declined_may_be_committed_again():
    made = noted(
        ("2026-01-02", "alpha", Kind.SELECTED, {"amount": 10 * BN}),
        ("2026-01-03", "alpha", Kind.DECLINED, {"amount": 10 * BN}),
        ("2026-01-03", "beta", Kind.SELECTED, {"amount": 10 * BN}),
    )
    holds(money.commitments_fit_the_envelope, made)


# --- law 6: tariffs ---------------------------------------------------------------------------


def breach(kind: Kind, when: str) -> tuple:
    return (when, "alpha", kind, {"part": 0})


def tariff(kind: str, when: str) -> tuple:
    return (when, "", Kind[f"TARIFF_{kind}"], {"amount": 0.25})


CLIMBED = [
    breach(Kind.BREACH_OPENED, "2026-02-01"),
    breach(Kind.BREACH_THREATENED, "2026-02-01"),
    breach(Kind.BREACH_ORDERED, "2026-02-06"),
    breach(Kind.BREACH_RAISED, "2026-02-11"),
    tariff("RAISED", "2026-02-11"),
    breach(Kind.BREACH_CLOSED, "2026-03-01"),
]


def test_tariffs_raised_without_a_breach_at_the_top_are_caught():
    caught(
        tariffs.tariffs_need_a_breach,
        noted(*CLIMBED[:3], tariff("RAISED", "2026-02-11")),
        "TARIFF_RAISED stands without a breach at the top of its ladder",
    )


@pytest.mark.parametrize("relieved", ["", "2026-03-01T00:01"])
def test_tariffs_that_stay_raised_without_a_breach_are_caught(relieved):
    """The last breach closes on 1 March, and relief begins in that minute."""
    caught(
        tariffs.tariffs_need_a_breach,
        noted(*CLIMBED, *([tariff("RELIEVED", relieved)] if relieved else [])),
        "TARIFF_RAISED stands without a breach at the top of its ladder",
    )
    holds(tariffs.tariffs_need_a_breach, noted(*CLIMBED, tariff("RELIEVED", "2026-03-01")))


def test_tariffs_not_raised_with_a_breach_at_the_top_are_caught():
    caught(
        tariffs.tariffs_need_a_breach,
        noted(*CLIMBED[:4]),
        "TARIFF_RAISED is missing behind a breach at the top of its ladder",
    )


def test_a_tariff_step_out_of_order_is_caught():
    caught(
        tariffs.tariffs_need_a_breach,
        noted(*CLIMBED[:3], tariff("RELIEVED", "2026-02-11")),
        "TARIFF_RELIEVED after TARIFF_COMPLIANT",
    )


def test_a_threat_over_less_than_the_materiality_is_caught():
    """Nothing is unpaid, and USD 0.1 bn is the least that matters."""
    config = hand_config()
    strict = config.policy.enforcement.model_copy(update={"materiality_usd_bn": 0.1})
    policy = config.policy.model_copy(update={"enforcement": strict})
    caught(
        tariffs.tariffs_need_a_breach,
        noted(*CLIMBED, tariff("RELIEVED", "2026-03-01")),
        "BREACH_THREATENED over 0 cents, below materiality",
        config.model_copy(update={"policy": policy}),
    )


def test_a_new_breach_is_raised_at_once_in_relief_only():
    """Relief of ten days from 1 March, and again from 6 March."""
    at_once = [
        ("2026-03-05", "beta", Kind.BREACH_OPENED, {"part": 5}),
        ("2026-03-05", "beta", Kind.BREACH_RAISED, {"part": 5}),
        tariff("RAISED", "2026-03-05"),
        ("2026-03-06", "beta", Kind.BREACH_CLOSED, {"part": 5}),
        tariff("RELIEVED", "2026-03-06"),
        tariff("COMPLIANT", "2026-03-16"),
    ]
    holds(
        tariffs.tariffs_need_a_breach,
        noted(*CLIMBED, tariff("RELIEVED", "2026-03-01"), *at_once),
    )
    caught(
        tariffs.tariffs_need_a_breach,
        noted(*at_once),
        "'beta': breach 5 raised at once, not in relief",
    )


def test_an_open_breach_nobody_has_looked_at_is_caught():
    caught(
        tariffs.tariffs_need_a_breach,
        noted(CLIMBED[0]),
        "'alpha': breach 0 is open and nobody has looked at it",
    )


def test_a_breach_opened_twice_or_closed_without_having_opened_is_caught():
    opened = breach(Kind.BREACH_OPENED, "2026-02-01")
    caught(
        tariffs.tariffs_need_a_breach,
        noted(opened, opened),
        "'alpha': breach 0 opened twice",
    )
    caught(
        tariffs.tariffs_need_a_breach,
        noted(breach(Kind.BREACH_CLOSED, "2026-02-01")),
        "'alpha': breach 0 was not open",
    )
