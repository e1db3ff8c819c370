"""Law 4: the path of a project is legal, and a log tampered with is caught."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.caught import caught, holds
from support.hand_made import HAND_NAMES, hand_replication
from support.tampered_logs import added, changed, noted, without

from sim.events import Cause, Kind
from sim.results.laws import money, paths


@pytest.mark.parametrize(
    ("kind", "project", "text"),
    [
        (Kind.PROPOSED, 0, "SCREENING_BEGAN while the project is not begun"),
        (Kind.SCREENING_BEGAN, 0, "SCREENING_ENDED while the project is proposed"),
        (Kind.DOCKETED, 0, "ENDORSED while the project is screened"),
        (Kind.ENDORSED, 0, "RECOMMENDED while the project is on the docket"),
        (Kind.RECOMMENDED, 0, "SELECTED while the project is endorsed"),
        (Kind.REVISION_ENDED, 2, "SCREENING_BEGAN while the project is in revision"),
        (Kind.CONSULTATION_ENDED, 2, "DECLINED while the project is in consultation"),
        (Kind.FUNDING_DECIDED, 0, "PART_DOCUMENTED before FUNDING_DECIDED"),
        (Kind.APPRAISAL_BEGAN, 0, "APPRAISAL_ENDED while its appraisal is not begun"),
        (Kind.CALL_NOTICED, 0, "PART_DOCUMENTED while call 0 is not begun"),
        (Kind.PART_PAID, 0, "CALL_PAID before PART_PAID"),
        (Kind.CALL_PAID, 0, "NTP_ISSUED before the first call was paid"),
        (Kind.CALL_LATE, 0, "CALL_MISSED while call 1 is open"),
        (Kind.PERMITS_BEGAN, 0, "PERMIT_WORK_ENDED while permits are not begun"),
        (Kind.PERMITS_GRANTED, 0, "NTP_ISSUED while permits are decided"),
        (Kind.LITIGATION_ENDED, 3, "PERMITS_GRANTED while permits are in court"),
        (Kind.NTP_ISSUED, 3, "BUILDING_BEGAN before NTP_ISSUED"),
        (Kind.BUILDING_BEGAN, 0, "BUILDING_STOPPED while its site is not begun"),
        (Kind.BUILDING_STOPPED, 0, "BUILDING_BEGAN while its site is at work"),
        (Kind.BUILT, 0, "OPERATING while the project is on site"),
    ],
)
def test_a_step_left_out_of_a_path_is_caught(kind, project, text):
    who = HAND_NAMES.projects[project]
    caught(paths.paths_are_legal, without(kind, project), f"'{who}': {text}")


@pytest.mark.parametrize(
    ("when", "project", "kind", "text"),
    [
        ("2026-02-10", "alpha", Kind.SELECTED, "SELECTED twice"),
        ("2026-02-10", "alpha", Kind.LAPSED, "LAPSED while the project is funded"),
        ("2026-02-10", "alpha", Kind.DECLINED, "DECLINED while the project is funded"),
        ("2026-02-26", "beta", Kind.CALL_NOTICED, "CALL_NOTICED while the project is endorsed"),
        ("2026-04-02", "alpha", Kind.CALL_PAID, "CALL_PAID twice"),
        ("2026-04-02", "alpha", Kind.LITIGATION_BEGAN, "LITIGATION_BEGAN after NTP_ISSUED"),
        ("2026-01-07", "alpha", Kind.APPRAISAL_BEGAN, "APPRAISAL_BEGAN before DOCKETED"),
        ("2026-03-09", "gamma", Kind.UNIT_BUILT, "UNIT_BUILT while the site is not begun"),
        ("2026-04-02", "alpha", Kind.CALL_LATE, "CALL_LATE while call 0 is paid"),
        ("2026-05-07", "beta", Kind.PERMITS_BEGAN, "PERMITS_BEGAN after the terminal DECLINED"),
        ("2026-08-31", "alpha", Kind.PART_DRAWN, "PART_DRAWN after the terminal OPERATING"),
    ],
)
def test_a_step_too_many_in_a_path_is_caught(when, project, kind, text):
    caught(paths.paths_are_legal, added((when, project, kind)), f"'{project}': {text}")


def test_history_may_skip_steps_of_a_path_and_the_model_may_not():
    # gamma goes from proposal to selection, recorded
    holds(paths.paths_are_legal, hand_replication())
    caught(
        paths.paths_are_legal,
        changed(Kind.SELECTED, 3, cause=Cause.NONE),
        "'gamma': SELECTED while the project is proposed",
    )


def test_history_may_not_go_back():
    recorded = {"cause": Cause.RECORDED}
    backwards = noted(
        ("2026-01-02", "alpha", Kind.PROPOSED, recorded),
        ("2026-01-03", "alpha", Kind.SELECTED, recorded),
        ("2026-01-04", "alpha", Kind.DOCKETED, recorded),
    )
    caught(paths.paths_are_legal, backwards, "DOCKETED while the project is selected")


def test_the_deadline_and_a_rejection_end_a_path():
    recorded = {"cause": Cause.RECORDED}
    queue = {"cause": Cause.TEAM_QUEUE}
    ended = noted(
        ("2026-01-02", "alpha", Kind.PROPOSED),
        ("2026-01-02", "alpha", Kind.WAIT_BEGAN, queue),
        ("2026-04-01", "alpha", Kind.WAIT_ENDED, queue),
        ("2026-04-01", "alpha", Kind.LAPSED),
        ("2026-01-02", "beta", Kind.PROPOSED),
        ("2026-01-03", "beta", Kind.SCREENING_BEGAN, {"part": 1}),
        ("2026-01-04", "beta", Kind.SCREENING_ENDED, {"part": 1}),
        ("2026-01-04", "beta", Kind.REJECTED, {"part": 1}),
        ("2026-01-02", "gamma", Kind.PROPOSED, recorded),
        ("2026-01-03", "gamma", Kind.SELECTED, recorded),
    )
    holds(paths.paths_are_legal, ended)
    holds(paths.waits_pair_up, ended)


def test_the_desks_and_the_cash_of_a_lender_are_the_same_lender():
    """A part is drawn and paid at the cash, appraised at the desk."""
    cash = HAND_NAMES.resources.index("jbic_cash")
    desk = HAND_NAMES.resources.index("jbic_desks")
    made = changed(Kind.PART_PAID, 0, resource=desk)
    assert cash != desk
    holds(paths.paths_are_legal, made)
    holds(money.called_money_adds_up, made)


def test_a_unit_built_before_the_site_began_is_caught():
    made = added(("2026-05-22", "gamma", Kind.UNIT_BUILT))
    began = np.flatnonzero((made.log.kind == Kind.BUILDING_BEGAN) & (made.log.project == 3))[0]
    kind = made.log.kind.copy()
    kind[began] = Kind.HISTORY_EXCEEDED  # anything that is no step of the site
    caught(
        paths.paths_are_legal,
        replace(made, log=replace(made.log, kind=kind)),
        "'gamma': UNIT_BUILT while the site is not begun",
    )


def test_a_site_that_begins_again_after_it_is_built_is_caught():
    made = hand_replication()
    last = np.flatnonzero(made.log.kind == Kind.OPERATING)[0]
    kind = made.log.kind.copy()
    kind[last] = Kind.BUILDING_BEGAN
    made = replace(made, log=replace(made.log, kind=kind))
    caught(paths.paths_are_legal, made, "'alpha': BUILDING_BEGAN after BUILT")


def test_recorded_permits_may_be_granted_without_their_work():
    recorded = {"cause": Cause.RECORDED}
    notes = [
        ("2026-01-02", "alpha", Kind.PROPOSED, recorded),
        ("2026-01-03", "alpha", Kind.PERMITS_GRANTED, recorded),
    ]
    holds(paths.paths_are_legal, noted(*notes))
    caught(
        paths.paths_are_legal,
        noted(notes[0], notes[1][:3]),
        "'alpha': PERMITS_GRANTED while permits are not begun",
    )
