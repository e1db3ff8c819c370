"""What a project, and each thing beside it, may do next: state, event, next state.

What is not here is not legal. A project walks one line from proposal to operation; beside it go
permits, development, each lender's appraisal, each call and its parts, the site, machines, the
grid, each unit, pauses and breaches.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from sim.events import Kind

Steps: TypeAlias = Mapping[str, Mapping[Kind, str]]

# At the close of the deadline; or a lender refuses, before the docket only for another site.
_UNSELECTED = {Kind.LAPSED: "over", Kind.REFUSED: "over"}
_HAZARD = {Kind.CANCELLED: "over"}  # between selection and the last unit built

LINE: Steps = {
    "not begun": {Kind.PROPOSED: "proposed"},
    "proposed": {Kind.SCREENING_BEGAN: "in screening", **_UNSELECTED},
    "in screening": {Kind.SCREENING_ENDED: "screened", **_UNSELECTED},
    "screened": {
        Kind.DOCKETED: "on the docket",
        Kind.REVISION_BEGAN: "in revision",
        Kind.REJECTED: "over",
        **_UNSELECTED,
    },
    "in revision": {Kind.REVISION_ENDED: "revised", **_UNSELECTED},
    "revised": {Kind.SCREENING_BEGAN: "in screening", **_UNSELECTED},
    "on the docket": {Kind.ENDORSED: "endorsed", **_UNSELECTED},
    "endorsed": {Kind.DEFERRED: "endorsed", Kind.RECOMMENDED: "recommended", **_UNSELECTED},
    "recommended": {
        Kind.PASSED_OVER: "recommended",
        Kind.SELECTED: "selected",
        **_UNSELECTED,
    },
    "selected": {
        Kind.FUNDING_DECIDED: "funded",
        Kind.CONSULTATION_BEGAN: "in consultation",
        **_HAZARD,
    },
    "in consultation": {Kind.CONSULTATION_ENDED: "consulted", **_HAZARD},
    "consulted": {Kind.FUNDING_DECIDED: "funded", Kind.DECLINED: "over", **_HAZARD},
    "funded": {Kind.NTP_ISSUED: "on site", **_HAZARD},
    "on site": {Kind.UNIT_BUILT: "on site", Kind.BUILT: "built", **_HAZARD},
    "built": {Kind.OPERATING: "over"},
    "over": {},
}
PERMITS: Steps = {
    "not begun": {Kind.PERMITS_BEGAN: "at work"},
    "at work": {Kind.PERMIT_WORK_ENDED: "decided"},
    "decided": {Kind.LITIGATION_BEGAN: "in court", Kind.PERMITS_GRANTED: "granted"},
    "in court": {Kind.LITIGATION_ENDED: "decided"},
    "granted": {},
}
DEVELOPMENT: Steps = {
    "not begun": {Kind.DEVELOPMENT_BEGAN: "at work"},
    "at work": {Kind.DEVELOPMENT_ENDED: "done"},
    "done": {},
}
APPRAISAL: Steps = {
    "not begun": {Kind.APPRAISAL_BEGAN: "at work"},
    "at work": {Kind.APPRAISAL_ENDED: "done"},
    "done": {Kind.APPRAISAL_REOPENED: "reopened"},
    "reopened": {Kind.APPRAISAL_BEGAN: "at work"},
}
_SETTLED = {Kind.CALL_PAID: "paid", Kind.CALL_WITHDRAWN: "withdrawn"}
CALL: Steps = {
    "not begun": {Kind.CALL_NOTICED: "open"},
    "open": {Kind.CALL_LATE: "late", **_SETTLED},
    "late": {Kind.CALL_MISSED: "missed", **_SETTLED},
    "missed": _SETTLED,
    "paid": {},
    "withdrawn": {},
}
PART: Steps = {
    "not begun": {Kind.PART_DOCUMENTED: "documented"},
    "documented": {Kind.FUNDS_COMMITTED: "documented", Kind.PART_DRAWN: "being drawn"},
    "being drawn": {Kind.PART_DRAWN: "being drawn", Kind.PART_PAID: "paid"},
    "paid": {Kind.FUNDS_COMMITTED: "documented"},  # of a share handed on to who has paid its own
}
SITE: Steps = {
    "not begun": {Kind.BUILDING_BEGAN: "at work"},
    "at work": {Kind.BUILDING_STOPPED: "stopped"},
    "stopped": {Kind.BUILDING_BEGAN: "at work"},
}
ORDER: Steps = {"not begun": {Kind.EQUIPMENT_ORDERED: "ordered"}, "ordered": {}}
RESERVATION: Steps = {"not begun": {Kind.EQUIPMENT_RESERVED: "reserved"}, "reserved": {}}
MACHINE: Steps = {
    "not begun": {Kind.SLOT_GRANTED: "being made"},
    "being made": {Kind.EQUIPMENT_DELIVERED: "there"},
    "there": {},
}
GRID: Steps = {
    "not begun": {Kind.GRID_REQUESTED: "requested"},
    "requested": {Kind.GRID_CONNECTED: "connected"},
    "connected": {},
}
UNIT: Steps = {
    "not begun": {Kind.UNIT_BUILT: "built"},
    "built": {Kind.UNIT_ENERGISED: "energised"},
    "energised": {},
}
PAUSE: Steps = {
    "not begun": {Kind.PAUSED: "paused"},
    "paused": {Kind.RESUMED: "resumed"},
    "resumed": {Kind.PAUSED: "paused"},
}
BREACH: Steps = {
    "not begun": {Kind.BREACH_OPENED: "open"},
    "open": {
        Kind.BREACH_THREATENED: "threatened",
        Kind.BREACH_RAISED: "raised",  # in relief only: see the law of tariffs
        Kind.BREACH_LET_PASS: "let pass",
        Kind.BREACH_CLOSED: "closed",
    },
    "threatened": {
        Kind.BREACH_ORDERED: "ordered",
        Kind.BREACH_LET_PASS: "let pass",
        Kind.BREACH_CLOSED: "closed",
    },
    "ordered": {
        Kind.BREACH_RAISED: "raised",
        Kind.BREACH_LET_PASS: "let pass",  # no route of the order was in law
        Kind.BREACH_CLOSED: "closed",
    },
    "raised": {
        Kind.BREACH_ORDERED: "ordered",  # between two routes
        Kind.BREACH_LET_PASS: "let pass",
        Kind.BREACH_CLOSED: "closed",
    },
    "let pass": {Kind.BREACH_CLOSED: "closed"},
    # A call missed and then declined closes the first breach and opens the other.
    "closed": {Kind.BREACH_OPENED: "open"},
}

STOP: Steps = {"not begun": {Kind.CALLS_STOPPED: "stopped"}, "stopped": {}}

# Whose step each kind is; UNIT_BUILT is one of the line and of its unit.
THINGS: dict[str, Steps] = {
    "line": LINE,
    "permits": PERMITS,
    "development": DEVELOPMENT,
    "appraisal": APPRAISAL,
    "call": CALL,
    "part": PART,
    "site": SITE,
    "order": ORDER,
    "reservation": RESERVATION,
    "machine": MACHINE,
    "grid": GRID,
    "pause": PAUSE,
    "breach": BREACH,
    "stop": STOP,
    "unit": UNIT,
}


def _kinds(steps: Steps) -> frozenset[Kind]:
    return frozenset(kind for moves in steps.values() for kind in moves)


THING_OF: dict[Kind, str] = {
    kind: thing for thing, steps in reversed(THINGS.items()) for kind in _kinds(steps)
}
# Where a step leads to, wherever it is taken: history may skip steps of a line, never go back.
LEADS_TO: dict[Kind, str] = {
    kind: state for steps in THINGS.values() for moves in steps.values()
    for kind, state in moves.items()
}  # fmt: skip
# Bookkeeping that may follow a terminal state, and what follows a cancellation in its minute.
AFTER_THE_END = _kinds(BREACH)
GIVEN_BACK = frozenset({Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED})
# Steps taken more than once with the same part and resource.
RECURRENT = AFTER_THE_END | {
    Kind.DEFERRED,
    Kind.PART_DRAWN,
    Kind.FUNDS_COMMITTED,  # a share may be reserved across fiscal years
    Kind.BUILDING_BEGAN,
    Kind.BUILDING_STOPPED,
    Kind.HISTORY_EXCEEDED,
}
