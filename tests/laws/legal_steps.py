"""Law 4: what each project, and each thing beside it, may do next: state, event, next state."""

from __future__ import annotations

from sim.events import Kind

# Law 4: legal paths. state -> event -> next state; what is not here is not legal.

LINE: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.PROPOSED: "proposed"},
    "proposed": {Kind.SCREENING_BEGAN: "in screening"},
    "in screening": {Kind.SCREENING_ENDED: "screened"},
    "screened": {
        Kind.DOCKETED: "on the docket",
        Kind.REVISION_BEGAN: "in revision",
        Kind.REJECTED: "over",
    },
    "in revision": {Kind.REVISION_ENDED: "revised"},
    "revised": {Kind.SCREENING_BEGAN: "in screening"},
    "on the docket": {Kind.ENDORSED: "endorsed"},
    "endorsed": {Kind.DEFERRED: "endorsed", Kind.RECOMMENDED: "recommended"},
    "recommended": {Kind.PASSED_OVER: "recommended", Kind.SELECTED: "selected"},
    "selected": {Kind.FUNDING_DECIDED: "funded", Kind.CONSULTATION_BEGAN: "in consultation"},
    "in consultation": {Kind.CONSULTATION_ENDED: "consulted"},
    "consulted": {Kind.FUNDING_DECIDED: "funded", Kind.DECLINED: "over"},
    "funded": {Kind.NTP_ISSUED: "on site"},
    "on site": {Kind.UNIT_BUILT: "on site", Kind.BUILT: "built"},
    "built": {Kind.OPERATING: "over"},
    "over": {},
}
# Between selection and the last unit built a hazard may end the line.
for _state in ("selected", "in consultation", "consulted", "funded", "on site"):
    LINE[_state][Kind.CANCELLED] = "over"
UNSELECTED = ("proposed", "in screening", "screened", "in revision", "revised", "on the docket",
              "endorsed", "recommended")  # fmt: skip
for _state in UNSELECTED:
    LINE[_state][Kind.LAPSED] = "over"
# What is on record need not have its way there on record too.
RECORDED_LEAPS = {
    "proposed": {Kind.RECOMMENDED: "recommended", Kind.SELECTED: "selected"},
}
PERMITS: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.PERMITS_BEGAN: "at work"},
    "at work": {Kind.PERMIT_WORK_ENDED: "decided"},
    "decided": {Kind.LITIGATION_BEGAN: "in court", Kind.PERMITS_GRANTED: "granted"},
    "in court": {Kind.LITIGATION_ENDED: "decided"},
    "granted": {},
}
RECORDED_GRANT = {"unknown": {Kind.PERMITS_GRANTED: "granted"}}
APPRAISAL: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.APPRAISAL_BEGAN: "at work"},
    "at work": {Kind.APPRAISAL_ENDED: "done"},
    "done": {},
}
CALL: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.CALL_NOTICED: "open"},
    "open": {
        Kind.CALL_LATE: "late",
        Kind.CALL_PAID: "paid",
        Kind.CALL_WITHDRAWN: "withdrawn",
    },
    "late": {
        Kind.CALL_MISSED: "missed",
        Kind.CALL_PAID: "paid",
        Kind.CALL_WITHDRAWN: "withdrawn",
    },
    "missed": {Kind.CALL_PAID: "paid", Kind.CALL_WITHDRAWN: "withdrawn"},
    "paid": {},
    "withdrawn": {},
}
PART: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.PART_DOCUMENTED: "documented"},
    "documented": {
        Kind.FUNDS_COMMITTED: "documented",
        Kind.PART_DRAWN: "being drawn",
    },
    "being drawn": {Kind.PART_DRAWN: "being drawn", Kind.PART_PAID: "paid"},
    "paid": {},
}
RECORDED_PART = {
    "unknown": {Kind.FUNDS_COMMITTED: "documented", Kind.PART_DRAWN: "being drawn"},
}
SITE: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.BUILDING_BEGAN: "at work"},
    "at work": {Kind.BUILDING_STOPPED: "stopped"},
    "stopped": {Kind.BUILDING_BEGAN: "at work"},
}
ORDER: dict[str, dict[Kind, str]] = {"unknown": {Kind.EQUIPMENT_ORDERED: "ordered"}}
MACHINE: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.SLOT_GRANTED: "being made"},
    "being made": {Kind.EQUIPMENT_DELIVERED: "there"},
    "there": {},
}
GRID: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.GRID_REQUESTED: "requested"},
    "requested": {Kind.GRID_CONNECTED: "connected"},
    "connected": {},
}
UNIT: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.UNIT_BUILT: "built"},
    "built": {Kind.UNIT_ENERGISED: "energised"},
    "energised": {},
}
PAUSE: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.PAUSED: "paused"},
    "paused": {Kind.RESUMED: "resumed"},
    "resumed": {Kind.PAUSED: "paused"},
}
BREACH: dict[str, dict[Kind, str]] = {
    "unknown": {Kind.BREACH_OPENED: "open"},
    "open": {Kind.BREACH_CLOSED: "closed"},
    # A call missed and then declined closes the first breach and opens the other.
    "closed": {Kind.BREACH_OPENED: "open"},
}
AFTER_THE_END = {Kind.BREACH_OPENED, Kind.BREACH_CLOSED}
# What a cancelled project gives back, in the minute of its end.
GIVEN_BACK = {Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED}
MAY_RECUR = {Kind.DEFERRED, Kind.PART_DRAWN, Kind.FUNDS_COMMITTED, Kind.BUILDING_BEGAN,
             Kind.BUILDING_STOPPED, Kind.HISTORY_EXCEEDED, *AFTER_THE_END}  # fmt: skip


def kinds_of(table: dict[str, dict[Kind, str]]) -> set[Kind]:
    return {kind for moves in table.values() for kind in moves}
