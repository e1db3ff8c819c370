"""Each law of sim.results.laws.laws holds for the honest log and catches a log tampered with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hand_made import HAND_NAMES, hand_replication
from large_made import large_config, large_replication
from made_logs import BN, make_config
from tampered_logs import BEGIN, HORIZON, added, changed, noted, without

from sim.errors import ModelError
from sim.events import Cause, Kind
from sim.results import Horizon, check_laws
from sim.results.laws.laws import (
    calls_add_up,
    commitments_fit_the_envelope,
    tariffs_need_a_breach,
    time_never_decreases,
    waits_pair_up,
)


def test_honest_logs_break_no_law():
    check_laws(hand_replication(), HORIZON)
    check_laws(large_replication(n_projects=20), Horizon(large_config()))


def test_check_laws_asks_every_law():
    with pytest.raises(ModelError, match="replication 3, project 'alpha': DOCKETED after"):
        check_laws(without(Kind.SCREENING_ENDED, 0), HORIZON)


# --- time -------------------------------------------------------------------------------------


def test_time_that_goes_back_in_the_log_is_caught():
    with pytest.raises(ModelError, match="replication 3, project 'alpha': time goes back"):
        time_never_decreases(changed(Kind.BUILT, 0, time=0))


@pytest.mark.parametrize("trace", ["capacity", "market"])
def test_time_that_goes_back_in_a_trace_is_caught(trace):
    made = hand_replication()
    time = getattr(made, trace).time.copy()
    time[-1] = 1
    tampered = replace(made, **{trace: replace(getattr(made, trace), time=time)})
    label = {"capacity": "jbic_cash", "market": "electrical"}[trace]
    with pytest.raises(ModelError, match=f"time goes back in the {trace} trace of '{label}'"):
        time_never_decreases(tampered)


# --- waits ------------------------------------------------------------------------------------


def test_a_wait_that_ended_without_having_begun_is_caught():
    text = r"'alpha': wait for team_queue \(part 0\) ended and had not begun"
    with pytest.raises(ModelError, match=text):
        waits_pair_up(without(Kind.WAIT_BEGAN, 0))


def test_a_wait_that_began_twice_is_caught():
    twice = added(("2026-06-30", "gamma", Kind.WAIT_BEGAN, {"cause": Cause.FUNDING_WINDOW}))
    with pytest.raises(
        ModelError, match=r"'gamma': wait for funding_window \(part 0\) began twice"
    ):
        waits_pair_up(twice)


def test_a_wait_still_open_after_the_end_of_the_path_is_caught():
    with pytest.raises(ModelError, match="'beta': wait for consultation is open after the end"):
        waits_pair_up(without(Kind.WAIT_ENDED, 2))


def test_a_wait_for_what_is_no_cause_of_waiting_is_caught():
    wrong = added(("2026-06-30", "gamma", Kind.WAIT_BEGAN, {"cause": Cause.PAID}))
    with pytest.raises(ModelError, match=r"wait for paid .*, which is no cause of waiting"):
        waits_pair_up(wrong)


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
    with pytest.raises(ModelError, match=f"replication 3, project '{who}': .*{text}"):
        calls_add_up(changed(kind, project, amount=amount))


def test_commitments_above_the_envelope_are_caught():
    """8 bn are committed on 31 March; the envelope is a cent smaller."""
    config = make_config(
        BEGIN, date(2026, 3, 31), date(2026, 6, 30), date(2026, 8, 31), date(2026, 5, 1),
        envelope=8 - 1e-11,
    )  # fmt: skip
    text = "'beta': commitments of 800000000000 cents exceed the envelope of 799999999999"
    with pytest.raises(ModelError, match=text):
        commitments_fit_the_envelope(hand_replication(), Horizon(config))
    # Recorded history may exceed it, when the excess is logged in the same minute.
    excess = {"resource": "envelope", "amount": 1.0}
    allowed = added(("2026-03-31T23:59", "beta", Kind.HISTORY_EXCEEDED, excess))
    commitments_fit_the_envelope(allowed, Horizon(config))


def test_what_is_declined_may_be_committed_again():
    made = noted(
        ("2026-01-02", "alpha", Kind.SELECTED, {"amount": 10 * BN}),
        ("2026-01-03", "alpha", Kind.DECLINED, {"amount": 10 * BN}),
        ("2026-01-03", "beta", Kind.SELECTED, {"amount": 10 * BN}),
    )
    commitments_fit_the_envelope(made, HORIZON)


# --- law 6: tariffs ---------------------------------------------------------------------------


def breach(kind: Kind, when: str) -> tuple:
    return (when, "alpha", kind, {"part": 0})


def tariff(kind: str, when: str) -> tuple:
    return (when, "", Kind[f"TARIFF_{kind}"])


def test_tariffs_raised_without_an_open_breach_are_caught():
    with pytest.raises(ModelError, match="replication 3: TARIFF_RAISED without an open breach"):
        tariffs_need_a_breach(
            noted(
                breach(Kind.BREACH_OPENED, "2026-02-01"),
                tariff("NOTICE_GIVEN", "2026-02-01"),
                tariff("CONSULTATION_BEGAN", "2026-02-06"),
                breach(Kind.BREACH_CLOSED, "2026-02-10"),
                tariff("RAISED", "2026-02-11"),
            ),
            HORIZON,
        )


@pytest.mark.parametrize("relieved", ["", "2026-03-11T00:01"])
def test_tariffs_that_stay_raised_without_a_breach_are_caught(relieved):
    """The last breach closes on 1 March; relief takes ten days."""
    notes = [
        breach(Kind.BREACH_OPENED, "2026-02-01"),
        tariff("NOTICE_GIVEN", "2026-02-01"),
        tariff("CONSULTATION_BEGAN", "2026-02-06"),
        tariff("RAISED", "2026-02-11"),
        breach(Kind.BREACH_CLOSED, "2026-03-01"),
    ]
    if relieved:
        notes.append(tariff("RELIEVED", relieved))
    with pytest.raises(ModelError, match=r"tariffs stay raised .* last breach closed at 84960"):
        tariffs_need_a_breach(noted(*notes), HORIZON)
    tariffs_need_a_breach(noted(*notes[:5], tariff("RELIEVED", "2026-03-11")), HORIZON)


def test_a_tariff_step_out_of_order_is_caught():
    with pytest.raises(ModelError, match="TARIFF_RAISED after TARIFF_COMPLIANT"):
        tariffs_need_a_breach(
            noted(breach(Kind.BREACH_OPENED, "2026-02-01"), tariff("RAISED", "2026-02-01")),
            HORIZON,
        )


def test_a_new_breach_during_relief_raises_at_once():
    tariffs_need_a_breach(
        added(
            ("2026-06-20", "beta", Kind.BREACH_OPENED, {"part": 5}),
            ("2026-06-20", "", Kind.TARIFF_RAISED),
            ("2026-06-21", "beta", Kind.BREACH_CLOSED, {"part": 5}),
            ("2026-06-22", "", Kind.TARIFF_RELIEVED),
        ),
        HORIZON,
    )


def test_a_breach_opened_twice_or_closed_without_having_opened_is_caught():
    opened = breach(Kind.BREACH_OPENED, "2026-02-01")
    with pytest.raises(ModelError, match="project 'alpha': breach 0 opened twice"):
        tariffs_need_a_breach(noted(opened, opened), HORIZON)
    with pytest.raises(ModelError, match="project 'alpha': breach 0 was not open"):
        tariffs_need_a_breach(noted(breach(Kind.BREACH_CLOSED, "2026-02-01")), HORIZON)
