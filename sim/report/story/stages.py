"""Stages of a project's life as stretches of time, from its events: the Gantt chart's bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from sim.events import TERMINAL, Cause, Kind
from sim.report.story.happenings import Happening


class Stage(Enum):
    """What a project is doing; the value is what the legend calls it."""

    UNRECORDED = "proposed, nothing further on record"
    SCREENING = "screening, revisions included"
    COMMITTEES = "committees"
    SELECTION = "recommended, waits for selection"
    FUNDING = "selected, first call unpaid"
    READY = "paid, waits for permits or contracts"
    BUILDING = "building"
    STARVED = "building stopped: call unpaid"
    MACHINES = "building stopped: no machines yet"
    UNCREWED = "on site without a crew"
    PAUSED = "paused"
    POWER = "built, waits for power"
    OPERATING = "operating"
    PERMITS = "permits (beside the bar)"
    LITIGATION = "litigation (beside the bar)"


# What begins a stage on the main bar.
_BEGINS = {
    Kind.PROPOSED: Stage.SCREENING,
    Kind.DOCKETED: Stage.COMMITTEES,
    Kind.RECOMMENDED: Stage.SELECTION,
    Kind.SELECTED: Stage.FUNDING,
    Kind.BUILDING_BEGAN: Stage.BUILDING,
    Kind.BUILT: Stage.POWER,
    Kind.OPERATING: Stage.OPERATING,
}
# What a site that stopped is doing, by what stopped it.
_STOPPED = {
    Cause.CASH_STARVED: Stage.STARVED,
    Cause.EQUIPMENT: Stage.MACHINES,
    Cause.PERMITS: Stage.READY,
    Cause.PAUSED: Stage.PAUSED,
}
_MARKED = {Kind.PROPOSED, Kind.RECOMMENDED, Kind.SELECTED, Kind.CALL_PAID, Kind.PERMITS_GRANTED}


class Stretch(NamedTuple):
    """One stage from ``begin`` to ``end``, minutes since the programme's start."""

    stage: Stage
    begin: int
    end: int


@dataclass
class Life:
    """One project's bars and marks.

    Attributes
    ----------
    main, beside : list of Stretch
        The bar, in order and without overlaps; permits and litigation beside it.
    units : list of int
        Minutes at which units were built.
    energised : list of int
        Minutes at which units got their power, where that was later than they were built.
    recorded : list of int
        Minutes of milestones that are recorded history.
    end : Kind or None
        How it ended without operating: rejected, lapsed, declined, cancelled.
    ended : int
        Minute of the last thing drawn.
    """

    main: list[Stretch] = field(default_factory=list)
    beside: list[Stretch] = field(default_factory=list)
    units: list[int] = field(default_factory=list)
    energised: list[int] = field(default_factory=list)
    recorded: list[int] = field(default_factory=list)
    end: Kind | None = None
    ended: int = 0


def life(happenings: Sequence[Happening], end: int) -> Life:
    """Put a project's events together to stretches of time.

    Parameters
    ----------
    happenings : sequence of Happening
        In order; the first is the proposal.
    end : int
        Minute at which the run ends; what is under way then is cut off there.

    Examples
    --------
    >>> from datetime import date
    >>> day = date(2026, 1, 1)
    >>> found = life([Happening(0, day, Kind.PROPOSED), Happening(9, day, Kind.LAPSED)], 99)
    >>> found.main, found.end.name
    ([Stretch(stage=<Stage.SCREENING: 'screening, revisions included'>, begin=0, end=9)], 'LAPSED')
    """
    found = Life()
    stage, since = Stage.SCREENING, happenings[0].time if happenings else end
    permits = litigation = -1
    paused = False
    built: dict[int, int] = {}

    def turn(to: Stage, at: int) -> None:
        nonlocal stage, since
        if at > since:
            found.main.append(Stretch(Stage.PAUSED if paused else stage, since, at))
        stage, since = to, at

    def close(what: Stage, begin: int, at: int) -> None:
        if 0 <= begin < at:
            found.beside.append(Stretch(what, begin, at))

    for item in happenings:
        kind, time = item.kind, item.time
        if item.on_record and kind in _MARKED and item.part <= 0:
            found.recorded.append(time)
        if kind in _BEGINS:
            turn(_BEGINS[kind], time)
            paused = paused and kind not in (Kind.BUILT, Kind.OPERATING)
        elif kind is Kind.BUILDING_STOPPED:
            turn(_STOPPED.get(item.cause, Stage.STARVED), time)
        elif kind in (Kind.PAUSED, Kind.RESUMED):
            turn(stage, time)
            paused = kind is Kind.PAUSED
        elif item.cause is Cause.CREWS_WAITED and stage in (Stage.BUILDING, Stage.UNCREWED):
            turn(Stage.UNCREWED if kind is Kind.WAIT_BEGAN else Stage.BUILDING, time)
        elif kind is Kind.CALL_PAID and item.part == 0 and stage is Stage.FUNDING:
            turn(Stage.READY, time)
        elif item.cause is Cause.HISTORY and stage in (Stage.SCREENING, Stage.UNRECORDED):
            turn(Stage.UNRECORDED if kind is Kind.WAIT_BEGAN else Stage.SCREENING, time)
        elif kind is Kind.UNIT_BUILT:
            found.units.append(time)
            built[item.part] = time
        elif kind is Kind.UNIT_ENERGISED:
            if time > built.get(item.part, time):
                found.energised.append(time)
        elif kind is Kind.PERMITS_BEGAN:
            permits = time
        elif kind in (Kind.PERMIT_WORK_ENDED, Kind.PERMITS_GRANTED) and permits >= 0:
            close(Stage.PERMITS, permits, time)
            permits = -1
        elif kind is Kind.LITIGATION_BEGAN:
            litigation = time
        elif kind is Kind.LITIGATION_ENDED:
            close(Stage.LITIGATION, litigation, time)
            litigation = -1
        elif kind in TERMINAL:
            found.end = kind
            end = time
    turn(stage, end)
    close(Stage.PERMITS, permits, end)
    close(Stage.LITIGATION, litigation, end)
    found.ended = end
    return found
