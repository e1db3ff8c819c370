"""What explain tells of a delay is the ledger, piece by piece; law 3 itself is in the registry."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from support.chains import chain_of
from support.law_runs import Run, lawful, runs

from sim.config import load
from sim.engine import replicate
from sim.events import LEDGER_CAUSES, Kind, Replication
from sim.plan import Plan
from sim.results.ledger.charging import charge

BASE = Path(__file__).parents[2] / "configs" / "base.yaml"


def column(cause: str) -> int:
    return LEDGER_CAUSES.index(cause)


def check_chains(left: Replication) -> None:
    """The ledger is its chains, piece by piece, from proposal to the end."""
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
def test_the_chain_told_is_the_ledger_piece_by_piece(run: Run) -> None:
    check_chains(run.left)


@lawful
@given(runs())
def test_a_chain_goes_over_one_branch_into_the_notice_to_proceed(run: Run) -> None:
    """Over permits or over funding; an appraisal ahead of selection is before both."""
    left = run.left
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
    funding.append(column("consultation"))
    if run.config.policy.selection.requires != "appraised":
        funding.append(column("appraisal"))
    for row, project in enumerate(left.attributes.entity.tolist()):
        minutes = delays.minutes[row]
        if project not in behind:
            assert not (minutes[permits].any() and minutes[funding].any())


@pytest.mark.parametrize("replication", range(3))
def test_the_base_partitions_and_explains_its_shortages(replication: int) -> None:
    left = replicate(Plan.of(load(BASE).config), 20_270_119, replication)
    delays = charge(left)
    check_chains(left)
    short = delays.minutes[:, column("crews_short")].sum()
    assert short > 0
    assert delays.short_by_pool.sum() == pytest.approx(short, rel=0.01)
