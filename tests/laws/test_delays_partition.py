"""Law 3: the delay ledger partitions the time of every project, in every generated config."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from law_runs import Run, fewer, lawful, runs

from sim.config import load
from sim.engine import replicate
from sim.events import LEDGER_CAUSES, TERMINAL, Cause, Kind, Replication
from sim.plan import Plan
from sim.results import chain_of
from sim.results.laws.law_of_delays import delays_partition
from sim.results.ledger.charging import charge

BASE = Path(__file__).parents[2] / "configs" / "base.yaml"

# Causes that are one kind of wait, and nothing else: chain and hidden make up all of it.
WAITED = {
    Cause.TEAM_QUEUE: "team_queue",
    Cause.CC_WAIT: "cc_wait",
    Cause.IC_WAIT: "ic_wait",
    Cause.SELECTION_WAIT: "selection_wait",
    Cause.PERMIT_QUEUE: "permit_queue",
    Cause.CASH_STARVED: "cash_starved",
}
BEFORE_SELECTION = {"reviewing", *WAITED.values(), "recorded"} - {"permit_queue", "cash_starved"}


def column(cause: str) -> int:
    return LEDGER_CAUSES.index(cause)


def check_chains(left: Replication) -> None:
    """What explain prints is the ledger, piece by piece, from proposal to the end."""
    delays = charge(left)
    for row in range(len(left.attributes.entity)):
        segments = chain_of(left, row)
        by_cause = dict.fromkeys(LEDGER_CAUSES, 0)
        for segment in segments:
            by_cause[segment.cause] += segment.end - segment.begin
            assert segment.end > segment.begin or segment.cause == "overrun"
        assert list(by_cause.values()) == delays.minutes[row].tolist()
        assert all(one.end == other.begin for one, other in pairwise(segments))
        if segments:
            mine = left.log.project == left.attributes.entity[row]
            proposed = left.log.time[mine & (left.log.kind == Kind.PROPOSED)]
            assert segments[0].begin == proposed[0]
        named = [s.resource for s in segments if s.cause == "crews_short" and s.resource >= 0]
        assert all(left.names.resources[r].startswith("specialists_") for r in named)


@lawful
@given(runs())
def test_delays_add_up_to_the_minute_and_none_is_charged_twice(run: Run) -> None:
    delays_partition(run.left, charge(run.left))
    check_chains(run.left)


@lawful
@given(runs())
def test_waits_are_on_the_chain_or_hidden_and_nowhere_else(run: Run) -> None:
    """Each wait of one cause at a time: its chain and hidden minutes are what the log waited."""
    left = run.left
    waited: dict[tuple[int, str], int] = defaultdict(int)
    over: dict[int, int] = {}
    for event in run.events:
        if event.kind in TERMINAL:
            over[event.project] = event.time
    for event in run.events:
        if event.time >= left.end_minute or event.cause not in WAITED:
            continue
        until = over.get(event.project, left.end_minute)
        key = (event.project, WAITED[Cause(event.cause)])
        if event.kind == Kind.WAIT_BEGAN:
            waited[key] += until - event.time
        elif event.kind == Kind.WAIT_ENDED:
            waited[key] -= until - event.time
    delays = charge(left)
    for row, project in enumerate(left.attributes.entity.tolist()):
        for cause in WAITED.values():
            found = delays.minutes[row, column(cause)] + delays.hidden[row, column(cause)]
            assert found == waited[project, cause], (cause, project)


@lawful
@given(runs())
def test_a_chain_goes_over_one_branch_into_the_notice_to_proceed(run: Run) -> None:
    """Over permits or over funding; and a project not selected was only reviewed."""
    left = run.left
    selected = {event.project for event in run.events if event.kind == Kind.SELECTED}
    # A call for the equipment noticed only with the notice to proceed goes over it, and so over
    # what came before: permits, then that call's own funding.
    ordering = [item.trigger for item in run.config.policy.calls.slices.values()]
    behind = {
        event.project
        for event in run.events
        if event.kind == Kind.CALL_NOTICED
        and event.time == run.plan.open_minute
        and ordering[event.part : event.part + 1] == ["equipment_order"]
    }
    delays = charge(left)
    permits = [column(cause) for cause in ("permit_work", "permit_queue", "litigation")]
    funding = [LEDGER_CAUSES.index(c) for c in LEDGER_CAUSES if c.startswith("funding_")]
    funding += [column("appraisal"), column("consultation")]
    for row, project in enumerate(left.attributes.entity.tolist()):
        minutes = delays.minutes[row]
        if project not in selected:
            charged = {cause for cause, n in zip(LEDGER_CAUSES, minutes, strict=True) if n}
            assert charged <= BEFORE_SELECTION
        if project not in behind:
            assert not (minutes[permits].any() and minutes[funding].any())


@fewer
@given(runs())
def test_what_limits_no_pool_explains_no_shortage(run: Run) -> None:
    """Pools explain a shortage to the minute, but for the rounding of rates."""
    left = run.left
    delays = charge(left)
    short = delays.minutes[:, column("crews_short")]
    explained = delays.short_by_pool.sum(axis=1)
    assert (explained <= short + 1e-6 * left.end_minute).all()


@pytest.mark.parametrize("replication", range(3))
def test_the_base_partitions_and_explains_its_shortages(replication: int) -> None:
    left = replicate(Plan.of(load(BASE).config), 20_270_119, replication)
    delays = charge(left)
    delays_partition(left, delays)
    check_chains(left)
    short = delays.minutes[:, column("crews_short")].sum()
    assert short > 0
    assert delays.short_by_pool.sum() == pytest.approx(short, rel=0.01)
