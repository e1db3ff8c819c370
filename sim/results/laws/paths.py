"""Law 4: every project walks a legal path, takes no step twice and ends once; waits pair up."""

from __future__ import annotations

from collections.abc import Iterator

from sim.events import CAUSES, TERMINAL, WAITS, Cause, Kind
from sim.results.laws.evidence import Event, Evidence, Violation
from sim.results.laws.steps import (
    AFTER_THE_END,
    GIVEN_BACK,
    LEADS_TO,
    RECURRENT,
    THING_OF,
    THINGS,
)

_WAIT = (Kind.WAIT_BEGAN, Kind.WAIT_ENDED)
_BEFORE_THE_DOCKET = ("not begun", "proposed", "in screening", "revised")
_SCREENED = (*_BEFORE_THE_DOCKET, "screened", "in revision")
_UNPAID = ("open", "late", "missed")
_SELECTED = ("selected", "in consultation", "consulted", "funded", "on site")
_FUNDED = ("funded", "on site")


class _Path:
    """What one project has done so far; `step` says what is wrong with its next event."""

    def __init__(self, evidence: Evidence, row: int) -> None:
        attributes, measure = evidence.attributes, evidence.measure
        sector = int(attributes.sector[row])
        self.entity, self.measure = int(attributes.entity[row]), measure
        self.units = int(attributes.units[row])
        self.early_works = measure.early_works[sector]
        self.develops = measure.develops[sector]
        self.makers = {
            evidence.resource(name): slots for name, slots in measure.slots_per_unit[sector].items()
        }
        self.slices = measure.horizon.slices
        self.evidence, self.lender = evidence, evidence.lender
        self.states: dict[tuple[str, int, int], str] = {}
        self.last: dict[tuple[str, int, int], Kind] = {}
        self.taken: set[tuple[Kind, int, int]] = set()
        self.takers: set[int] = set()  # lenders that pay for another
        self.region = -1
        self.partners_pay = False  # what Japan is not called for any more
        self.paused_at = self.ended_at = self.energised_at = -1

    def at(self, thing: str, part: int = -1, resource: int = -1) -> str:
        """State of a thing beside the line, or of the line itself."""
        return self.states.get((thing, part, resource), "not begun")

    def step(self, event: Event) -> str:
        """Take a step. The empty text when it is legal, else what is wrong with it."""
        kind, line = event.kind, self.at("line")
        given_back = kind in GIVEN_BACK and self.cancelled and event.time == self.ended_at
        if line == "over" and kind not in AFTER_THE_END and not given_back:
            return f"{kind.name} after the terminal {self.last['line', -1, -1].name}"
        step = (kind, event.part, event.resource)
        takes_over = kind == Kind.PART_PAID and self.lender[event.resource] in self.takers
        if kind not in RECURRENT and step in self.taken and not takes_over:
            return f"{kind.name} twice (part {event.part}, resource {event.resource})"
        self.taken.add(step)
        if kind == Kind.MONEY_RETURNED:
            return "" if self.cancelled else f"{kind.name} before CANCELLED"
        if kind == Kind.HISTORY_EXCEEDED:
            return ""
        if kind == Kind.SHARE_HANDED_ON:
            return self._hand_on(event)
        if kind not in THING_OF:
            return f"{kind.name} is no step of a project"
        thing = THING_OF[kind]
        if thing != "line" and line == "not begun":
            return f"{kind.name} before PROPOSED"
        return self._gate(thing, event, line) or self._move(thing, event)

    @property
    def cancelled(self) -> bool:
        return self.last.get(("line", -1, -1)) == Kind.CANCELLED

    def _move(self, thing: str, event: Event) -> str:
        kind, recorded = event.kind, event.cause == Cause.RECORDED
        key = self._key(thing, event)
        state = self.states.get(key, "not begun")
        after = THINGS[thing][state].get(kind)
        if after is None:
            last = self.last.get(key)
            if not recorded or (last is not None and kind <= last):
                return f"{kind.name} while {_named(*key)} {state}"
            after = LEADS_TO[kind]
        self.states[key], self.last[key] = after, kind
        if kind in TERMINAL:
            self.ended_at = event.time
        elif kind == Kind.PAUSED:
            self.paused_at = event.time
        elif kind == Kind.CALLS_STOPPED:
            self.partners_pay = event.cause == Cause.PARTNERS_FINISH
        elif kind == Kind.UNIT_ENERGISED:
            self.energised_at = event.time
        elif kind == Kind.GRID_REQUESTED:
            self.region = event.resource
        elif kind == Kind.UNIT_BUILT and thing == "line":
            return self._move("unit", event)
        return ""

    def _key(self, thing: str, event: Event) -> tuple[str, int, int]:
        if thing in ("call", "unit", "breach"):
            return thing, event.part, -1
        if thing == "part":
            return thing, event.part, self.lender[event.resource]
        if thing == "machine":
            return thing, event.part, event.resource
        return thing, -1, event.resource if thing in ("appraisal", "order", "reservation") else -1

    def _gate(self, thing: str, event: Event, line: str) -> str:
        """What must be there for a step, beside the state of its own thing."""
        name = event.kind.name
        if thing == "line":
            return self._join(event)
        if thing == "permits":
            if line == "built" or (line == "on site" and not self.early_works):
                return f"{name} after NTP_ISSUED"
        elif thing == "development":
            if line not in (*_SELECTED, "consulted"):
                return f"{name} {'after NTP_ISSUED' if line == 'built' else 'before SELECTED'}"
        elif thing == "appraisal":
            if line in _BEFORE_THE_DOCKET and event.cause != Cause.RECORDED:
                return f"{name} before DOCKETED"
        elif thing == "call":
            return self._call(event, line)
        elif thing == "part":
            if line not in _FUNDED:
                return f"{name} before FUNDING_DECIDED"
            if self.at("call", event.part) not in _UNPAID:
                return f"{name} while call {event.part} is {self.at('call', event.part)}"
            who = self.lender[event.resource]
            if self.at("part", event.part, who) == "paid" and who not in self.takers:
                return f"{name} while part {event.part} is paid"
        elif thing == "site":
            return self._site(event, line)
        elif thing == "breach":
            if event.cause == Cause.CALL_MISSED and self.at("call", event.part) != "missed":
                return f"{name} while call {event.part} is {self.at('call', event.part)}"
        elif thing == "stop":
            if self.at("call", 0) != "paid" or line not in _FUNDED:
                return f"{name} while the project is {line}"
        elif thing == "pause":
            if line not in _SELECTED:
                return f"{name} {'after BUILT' if line == 'built' else 'before SELECTED'}"
        else:
            return self._machines_and_power(thing, event, line)
        return ""

    def _hand_on(self, event: Event) -> str:
        """A share that is not signed becomes another lender's."""
        who = self.lender[event.resource]
        taker, part = self.evidence.takers.get(who), ("part", 0, who)
        if taker is None or self.at("call", 0) not in _UNPAID:
            return f"{event.kind.name} while call 0 is {self.at('call', 0)}"
        if self.states.pop(part, "") in ("being drawn", "paid"):
            return f"{event.kind.name} after PART_DRAWN"
        self.takers.add(taker)
        return ""

    def _call(self, event: Event, line: str) -> str:
        kind, name, part = event.kind, event.kind.name, event.part
        if kind == Kind.CALL_WITHDRAWN:
            stopped = self.cancelled or self.at("stop") == "stopped"
            return "" if stopped else f"{name} before CANCELLED"
        if kind == Kind.CALL_NOTICED and self.at("stop") == "stopped":
            return f"{name} after CALLS_STOPPED"
        # The call for an overrun has no place in the order of the slices.
        if 0 < part < self.slices and self.at("call", part - 1) == "not begun":
            return f"{name} before call {part - 1} was noticed"
        if kind == Kind.CALL_NOTICED and line not in ("selected", *_FUNDED):
            return f"{name} while the project is {line}"
        if kind == Kind.CALL_PAID:
            if line not in _FUNDED:
                return f"{name} before FUNDING_DECIDED"
            parts = [
                state
                for (thing, its, _), state in self.states.items()
                if thing == "part" and its == part
            ]
            if event.amount and (not parts or {*parts} != {"paid"}):
                return f"{name} before PART_PAID (part {part})"
        return ""

    def _site(self, event: Event, line: str) -> str:
        name, cause = event.kind.name, event.cause
        if line != "on site":
            return f"{name} {'after BUILT' if line == 'built' else 'before NTP_ISSUED'}"
        if event.kind == Kind.BUILDING_BEGAN:
            return f"{name} while paused" if self.at("pause") == "paused" else ""
        stopped = {
            Cause.CASH_STARVED: self.at("call", event.part) in _UNPAID
            or (self.at("stop") == "stopped" and not self.partners_pay),
            Cause.PERMITS: self.early_works and self.at("permits") != "granted",
            Cause.EQUIPMENT: bool(self.makers) and self.at("unit", event.part) == "not begun",
            Cause.PAUSED: event.time == self.paused_at,
        }
        return "" if stopped.get(Cause(cause)) else f"{name} for no reason ({CAUSES[cause]})"

    def _machines_and_power(self, thing: str, event: Event, line: str) -> str:
        kind, name, part, maker = event.kind, event.kind.name, event.part, event.resource
        if thing in ("order", "reservation"):
            if thing == "order" and (line not in _FUNDED or self.at("call", 0) != "paid"):
                return f"{name} before CALL_PAID (part 0)"
            if line not in (*_SELECTED, "consulted"):
                return f"{name} while the project is {line}"
            if thing == "reservation" and self.at("order", resource=maker) == "ordered":
                return f"{name} after EQUIPMENT_ORDERED"
            slots = self.makers.get(maker, 0) * self.units
            return "" if event.amount == slots else f"{name} of {event.amount:g} slots, not {slots}"
        if thing == "machine":
            held = kind == Kind.SLOT_GRANTED and self.at("reservation", resource=maker)
            if self.at("order", resource=maker) != "ordered" and held != "reserved":
                return f"{name} before EQUIPMENT_ORDERED"
            if kind == Kind.SLOT_GRANTED and event.amount != self.makers.get(maker):
                return f"{name} of {event.amount:g} slots, not {self.makers.get(maker)} a unit"
        elif thing == "grid":
            if line not in (*_SELECTED, "built"):
                return f"{name} before SELECTED"
            if kind == Kind.GRID_CONNECTED and maker != self.region:
                return f"{name} before GRID_REQUESTED"
            return ""
        elif maker != self.region or (maker >= 0 and self.at("grid") != "connected"):
            return f"{name} before GRID_CONNECTED (part {part})"
        return "" if 0 <= part < self.units else f"{name} of unit {part} of {self.units}"

    def _join(self, event: Event) -> str:
        """Joins of the line: what the branches must have reached."""
        kind, name = event.kind, event.kind.name
        paused = self.at("pause") == "paused"
        if kind == Kind.REFUSED and self.at("line") in _SCREENED:
            first = self.measure.plan.nature.first_site
            if (first == first[self.entity]).sum() == 1:
                return f"{name} before DOCKETED, and it has no other site"
        if kind == Kind.CONSULTATION_BEGAN and self.at("call", 0) != "open":
            return f"{name} before CALL_NOTICED"  # inside the window
        if kind == Kind.NTP_ISSUED:
            if self.at("call", 0) != "paid":
                return f"{name} before the first call was paid"
            if self.at("permits") != "granted" and not self.early_works:
                return f"{name} while permits are {self.at('permits')}"
            if self.develops and self.at("development") != "done":
                return f"{name} while its development is {self.at('development')}"
        stands = event.cause == Cause.RECORDED  # its site opens on the day after the as-of date
        if kind in (Kind.UNIT_BUILT, Kind.BUILT) and self.at("site") != "at work" and not stands:
            return f"{name} while the site is {self.at('site')}"
        if kind in (Kind.NTP_ISSUED, Kind.UNIT_BUILT, Kind.BUILT) and paused:
            return f"{name} while paused"
        if kind == Kind.UNIT_BUILT:
            missing = [m for m in self.makers if self.at("machine", event.part, m) != "there"]
            return f"{name} before EQUIPMENT_DELIVERED (part {event.part})" if missing else ""
        if kind == Kind.BUILT and self.at("permits") != "granted":
            return f"{name} while permits are {self.at('permits')}"
        if kind == Kind.OPERATING:
            calls = {state for (thing, _, _), state in self.states.items() if thing == "call"}
            if calls != {"paid"} and not self.partners_pay:
                return f"{name} before the last CALL_PAID"
            if any(self.at("unit", unit) != "energised" for unit in range(self.units)):
                return f"{name} before the last UNIT_ENERGISED"
            if event.time != self.energised_at:
                return f"{name} after the minute of the last UNIT_ENERGISED"
        return ""


def _named(thing: str, part: int, resource: int) -> str:
    """A thing of a project with its verb."""
    if thing == "line":
        return "the project is"
    if thing == "permits":
        return "permits are"
    return f"{thing} {part} is" if part >= 0 else f"its {thing} is"


def paths_are_legal(evidence: Evidence) -> Iterator[Violation]:
    """A legal path for every project, nothing after a terminal state, no step twice."""
    paths = {project: _Path(evidence, row) for project, row in evidence.row.items()}
    lost: set[int] = set()  # after its first wrong step a path says no more
    for event in evidence.events:
        project = event.project
        if project < 0 or event.kind in _WAIT or project in lost:
            continue
        wrong = paths[project].step(event) if project in paths else "the project is not present"
        if wrong:
            lost.add(project)
            yield Violation(project, event.time, wrong)
    for project, path in paths.items():
        if path.at("line") == "not begun" and project not in lost:
            yield Violation(project, -1, "the project is present and was never proposed")


def waits_pair_up(evidence: Evidence) -> Iterator[Violation]:
    """Every wait that ended had begun; none is outside its project's path, or open at its end."""
    is_open: dict[int, set[tuple[int, int, int]]] = {}
    over: set[int] = set()
    for event in evidence.of({Kind.PROPOSED, *_WAIT, *TERMINAL}):
        if event.kind == Kind.PROPOSED:
            is_open[event.project] = set()
            continue
        mine = is_open.get(event.project, set())
        wait = (event.cause, event.resource, event.part)
        what = f"wait for {CAUSES[event.cause]} (part {event.part})"
        wrong = ""
        if event.kind in TERMINAL:
            over.add(event.project)
            if mine:
                causes = ", ".join(sorted({CAUSES[cause] for cause, _, _ in mine}))
                wrong = f"wait for {causes} is open after the end of the path"
        elif event.project not in is_open:
            wrong = f"{what} before PROPOSED"
        elif event.project in over:
            wrong = f"{what} after the end of the path"
        elif event.kind == Kind.WAIT_BEGAN:
            if event.cause not in WAITS:
                wrong = f"{what}, which is no cause of waiting"
            elif wait in mine:
                wrong = f"{what} began twice"
            mine.add(wait)
        else:
            if wait not in mine:
                wrong = f"{what} ended and had not begun"
            mine.discard(wait)
        if wrong:
            yield Violation(event.project, event.time, wrong)
