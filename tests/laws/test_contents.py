"""What the law tests were tried on, counted."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
from hypothesis import given, settings
from law_runs import Run, runs
from support.generated_configs import LAWFUL, MOST_PROJECTS

from sim.events import Cause, Kind

CONTENTS: tuple[str, ...] = (
    "late call", "missed call", "litigation", "shortage", "tie", "revision", "rejection", "decline",
    "money waited for a later year", "scaled down", "passed over", "deferred", "recorded milestone",
    "cash-starved site", "tariffs raised", "capacity shrunk below use", "lapse", "operation",
    "several calls of one project", "no money waited for", "pipeline",
)  # fmt: skip


def contents(run: Run) -> set[str]:
    """Which of `CONTENTS` happened in a run."""
    told: dict[Kind, str] = {
        Kind.CALL_LATE: "late call",
        Kind.CALL_MISSED: "missed call",
        Kind.LITIGATION_BEGAN: "litigation",
        Kind.REVISION_BEGAN: "revision",
        Kind.REJECTED: "rejection",
        Kind.DECLINED: "decline",
        Kind.PASSED_OVER: "passed over",
        Kind.DEFERRED: "deferred",
        Kind.BUILDING_STOPPED: "cash-starved site",
        Kind.TARIFF_RAISED: "tariffs raised",
        Kind.LAPSED: "lapse",
        Kind.OPERATING: "operation",
    }
    found = {told[event.kind] for event in run.events if event.kind in told}
    left, attributes = run.left, run.left.attributes
    if np.any(left.market.granted < left.market.wanted * (1 - 1e-9)):
        found.add("shortage")
    if _tied(run):
        found.add("tie")
    money = {run.resource(f"{name}_{what}") for name in run.facilities
             for what in ("cash", "commitments")}  # fmt: skip
    waited = [e for e in run.events if e.kind == Kind.WAIT_BEGAN and e.resource in money]
    queued = any(e.cause != Cause.FUNDING_WINDOW for e in waited)
    found.add("money waited for a later year" if queued else "no money waited for")
    selected = attributes.selected_cents
    if np.any((selected > 0) & (selected < attributes.commitment_cents)):
        found.add("scaled down")
    if any(e.cause == Cause.RECORDED and e.kind != Kind.PROPOSED for e in run.events):
        found.add("recorded milestone")
    if np.any((left.capacity.in_use > left.capacity.capacity) & _servers(run)):
        found.add("capacity shrunk below use")
    if any(e.kind == Kind.CALL_NOTICED and e.part > 0 for e in run.events):
        found.add("several calls of one project")
    if not np.all(attributes.named):
        found.add("pipeline")
    return found


def _servers(run: Run) -> np.ndarray:
    units = np.array([unit == "servers" for unit in run.left.names.resource_units])
    return units[run.left.capacity.resource]


def _tied(run: Run) -> bool:
    """Two projects ask, in one minute, for the same limited resource."""
    asked: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    trace = run.left.capacity
    unlimited = {resource for resource in set(trace.resource.tolist())
                 if np.all(np.isinf(trace.capacity[trace.resource == resource]))}  # fmt: skip
    wanting = {Kind.WAIT_BEGAN, Kind.SCREENING_BEGAN, Kind.APPRAISAL_BEGAN, Kind.PART_DRAWN,
               Kind.FUNDS_COMMITTED}  # fmt: skip
    for event in run.events:
        if event.kind in wanting and event.resource >= 0 and event.resource not in unlimited:
            # A wait and a grant of one minute answer requests of one class.
            asked[event.time, event.resource, event.part].add(event.project)
    return any(len(projects) > 1 for projects in asked.values())


AT_LEAST_A_TENTH = ("late call", "missed call", "litigation", "shortage", "tie", "revision")
AT_LEAST_SOME = tuple(name for name in CONTENTS if name not in AT_LEAST_A_TENTH)
COUNTED = 200


def test_the_generated_configs_contain_what_the_laws_are_about() -> None:
    """At least a tenth each; everything else on the list at least once."""
    found: Counter[str] = Counter()
    sizes: list[int] = []

    @settings(LAWFUL, max_examples=COUNTED)
    @given(runs())
    def count(run: Run) -> None:
        assert len(run.world.entity) <= MOST_PROJECTS
        sizes.append(len(run.events))
        found.update(contents(run))

    count()
    for name in CONTENTS:
        print(f"{name:32} {found[name]:4} of {len(sizes)} = {found[name] / len(sizes):.0%}")
    print(f"events per run: {np.mean(sizes):.0f} on average, {max(sizes)} at most")
    for name in AT_LEAST_A_TENTH:
        assert found[name] >= len(sizes) / 10, name
    for name in AT_LEAST_SOME:
        assert found[name] > 0, name
