# cython: annotation_typing=False
"""A unit at work and stopped: its stretches on the site, and what it stood for between them."""

from __future__ import annotations

from sim.events import Cause, Kind
from sim.events import ledger_causes as of
from sim.events.causes import charged_at
from sim.results.ledger.branches import Branches
from sim.results.ledger.trail import LINE, Trail

STOPS = charged_at("site") | {int(Cause.PERMITS): of.PERMIT_WORK}
_EQUIPMENT, _PAUSED = int(Cause.EQUIPMENT), int(Cause.PAUSED)
_STOPPED = int(Kind.BUILDING_STOPPED)


class Reason:
    """Why a unit stood, and from when to when."""

    def __init__(self, begin: int, end: int, cause: int, resource: int, part: int) -> None:
        self.begin, self.end = begin, end
        self.cause = cause  # Cause
        self.resource, self.part = resource, part


def path_of(trail: Trail, unit: int) -> list[tuple[int, int, int]]:
    """Number, begin and end of the stretches of the line that began a unit, then of its own."""
    own: list[tuple[int, int, int]] = []
    line: list[tuple[int, int, int]] = []
    for number, stretch in enumerate(trail.stretches):
        if stretch.unit == unit:
            own.append((number, stretch.begin, stretch.end))
        elif stretch.unit == LINE:
            line.append((number, stretch.begin, stretch.end))
    begun = own[0][1] if own else trail.end
    return [(number, begin, min(end, begun)) for number, begin, end in line if begin < begun] + own


def stopped_by(branches: Branches, unit: int, since: int, until: int) -> list[Reason]:
    """What kept a unit stopped in some of this time."""
    trail = branches.trail
    found = [
        Reason(begin, min(end, until), cause, resource, part)
        for cause in STOPS
        for begin, end, resource, part in trail.waits.get(cause, ())
        if begin < until and end > since and (cause != _EQUIPMENT or part == unit)
    ]
    found += [
        Reason(begin, min(end, until), _PAUSED, -1, 0)
        for begin, end, _, _ in branches.pauses
        if begin < until and end > since
    ]
    stops = [event for event in trail.of(_STOPPED) if event[0] == since]
    for _, resource, cause, part in stops[-1:]:  # those before it ended in that minute
        if cause in STOPS and cause not in [reason.cause for reason in found]:
            found.append(Reason(since, until, cause, resource, part))
    return found
