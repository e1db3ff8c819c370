"""Law 4: every project's events are a legal path of docs/model.md, "Life of a project".

A project walks one main line (proposal to operation) with branches beside it: permits, each
lender's appraisal, each cash call, the site, machines, the grid, pauses and each unit's power.
What is recorded history may skip steps of its line, never go back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.events import TERMINAL, Cause, Kind

MAIN: dict[Kind | None, frozenset[Kind]] = {
    None: frozenset({Kind.PROPOSED}),
    Kind.PROPOSED: frozenset({Kind.SCREENING_BEGAN}),
    Kind.SCREENING_BEGAN: frozenset({Kind.SCREENING_ENDED}),
    Kind.SCREENING_ENDED: frozenset({Kind.REVISION_BEGAN, Kind.REJECTED, Kind.DOCKETED}),
    Kind.REVISION_BEGAN: frozenset({Kind.REVISION_ENDED}),
    Kind.REVISION_ENDED: frozenset({Kind.SCREENING_BEGAN}),
    Kind.DOCKETED: frozenset({Kind.ENDORSED}),
    Kind.ENDORSED: frozenset({Kind.DEFERRED, Kind.RECOMMENDED}),
    Kind.DEFERRED: frozenset({Kind.DEFERRED, Kind.RECOMMENDED}),
    Kind.RECOMMENDED: frozenset({Kind.PASSED_OVER, Kind.SELECTED}),
    Kind.PASSED_OVER: frozenset({Kind.PASSED_OVER, Kind.SELECTED}),
    Kind.SELECTED: frozenset({Kind.CONSULTATION_BEGAN, Kind.FUNDING_DECIDED, Kind.DECLINED}),
    Kind.CONSULTATION_BEGAN: frozenset({Kind.CONSULTATION_ENDED}),
    Kind.CONSULTATION_ENDED: frozenset({Kind.FUNDING_DECIDED, Kind.DECLINED}),
    Kind.FUNDING_DECIDED: frozenset({Kind.NTP_ISSUED}),
    Kind.NTP_ISSUED: frozenset({Kind.UNIT_BUILT}),
    Kind.UNIT_BUILT: frozenset({Kind.UNIT_BUILT, Kind.BUILT}),
    Kind.BUILT: frozenset({Kind.OPERATING}),
}
# Between selection and the last unit built, a hazard may end the path.
for _kind in (
    Kind.SELECTED,
    Kind.CONSULTATION_BEGAN,
    Kind.CONSULTATION_ENDED,
    Kind.FUNDING_DECIDED,
    Kind.NTP_ISSUED,
    Kind.UNIT_BUILT,
):
    MAIN[_kind] |= {Kind.CANCELLED}
# Until selected, the close of the deadline ends the path. Kinds are numbered in life order.
_UNSELECTED = frozenset(kind for kind in MAIN if kind is not None and kind < Kind.SELECTED)
_MAIN_KINDS = frozenset().union(*MAIN.values()) | {Kind.LAPSED}

PERMITS: dict[Kind | None, frozenset[Kind]] = {
    None: frozenset({Kind.PERMITS_BEGAN}),
    Kind.PERMITS_BEGAN: frozenset({Kind.PERMIT_WORK_ENDED}),
    Kind.PERMIT_WORK_ENDED: frozenset({Kind.LITIGATION_BEGAN, Kind.PERMITS_GRANTED}),
    Kind.PERMITS_GRANTED: frozenset({Kind.LITIGATION_BEGAN}),
    Kind.LITIGATION_BEGAN: frozenset({Kind.LITIGATION_ENDED}),
    Kind.LITIGATION_ENDED: frozenset({Kind.LITIGATION_BEGAN, Kind.PERMITS_GRANTED}),
}
_PERMIT_KINDS = frozenset().union(*PERMITS.values())

# Steps a project takes once, or once per part and resource.
_REPEATED = frozenset(
    {
        Kind.PERMITS_GRANTED,
        Kind.PART_DRAWN,
        Kind.FUNDS_COMMITTED,  # a share may be reserved across fiscal years
        Kind.BUILDING_BEGAN,
        Kind.BUILDING_STOPPED,
        Kind.WAIT_BEGAN,
        Kind.WAIT_ENDED,
        Kind.BREACH_OPENED,
        Kind.BREACH_CLOSED,
        Kind.HISTORY_EXCEEDED,
    }
)
# Bookkeeping that may follow a terminal state, and what follows a cancellation in its minute.
_AFTER_THE_END = frozenset({Kind.BREACH_OPENED, Kind.BREACH_CLOSED, Kind.HISTORY_EXCEEDED})
_GIVEN_BACK = frozenset({Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED})
_PAUSE = frozenset({Kind.PAUSED, Kind.RESUMED})

# Steps beside the main line that need an earlier one: that kind, and whether of the same part and
# the same resource. Each is taken once per part and resource.
_NEEDED: dict[Kind, tuple[Kind, bool, bool]] = {
    Kind.EQUIPMENT_ORDERED: (Kind.CALL_PAID, True, False),  # part 0: the first call
    Kind.SLOT_GRANTED: (Kind.EQUIPMENT_ORDERED, False, True),
    Kind.EQUIPMENT_DELIVERED: (Kind.SLOT_GRANTED, True, True),
    Kind.GRID_REQUESTED: (Kind.SELECTED, False, False),
    Kind.GRID_CONNECTED: (Kind.GRID_REQUESTED, False, True),
    Kind.UNIT_ENERGISED: (Kind.UNIT_BUILT, True, False),
}

# Which step of its own branch each of these needs, with the same (part, resource), and which
# must not have happened.
_CALL_PART = {
    Kind.PART_DOCUMENTED: (Kind.CALL_NOTICED, Kind.PART_PAID),
    Kind.PART_DRAWN: (Kind.CALL_NOTICED, Kind.PART_PAID),
    Kind.PART_PAID: (Kind.PART_DRAWN, Kind.CALL_PAID),
    Kind.CALL_PAID: (Kind.PART_PAID, Kind.CALL_PAID),
    Kind.CALL_LATE: (Kind.CALL_NOTICED, Kind.CALL_PAID),
    Kind.CALL_MISSED: (Kind.CALL_LATE, Kind.CALL_PAID),
}


@dataclass
class Path:
    """What one project has done so far; `step` says what is wrong with the next event."""

    main: Kind | None = None
    permits: Kind | None = None
    ended_at: int = -1
    at_work: bool = False
    energised_at: int = -1  # minute of the last unit's power
    paused: int = -1  # visit of the pause in force
    early_works: bool = False  # may build a share before the last permit
    taken: set[tuple[Kind, int, int]] = field(default_factory=set)

    def step(
        self, time: int, kind: Kind, resource: int, cause: int, part: int, amount: float
    ) -> str:
        """Take a step. The empty text when it is legal, else what is wrong with it."""
        if self.main in TERMINAL:
            closing = kind == Kind.WAIT_ENDED or (
                kind in _GIVEN_BACK and self.main == Kind.CANCELLED
            )
            if kind not in _AFTER_THE_END and not (closing and time == self.ended_at):
                return f"{kind.name} after the terminal {_name(self.main)}"
        if kind not in _REPEATED and (kind, part, resource) in self.taken:
            return f"{kind.name} twice (part {part}, resource {resource})"
        recorded = cause == Cause.RECORDED
        wrong = ""
        if kind in _MAIN_KINDS:
            wrong = self._main(kind, recorded) or self._gate(kind, time)
            self.main = kind
            self.ended_at = time
        elif self.main is None:
            wrong = f"{kind.name} before PROPOSED"
        elif kind in _PERMIT_KINDS:
            wrong = self._permits(kind, recorded)
            self.permits = kind
        elif kind in (Kind.BUILDING_BEGAN, Kind.BUILDING_STOPPED):
            wrong = self._site(kind)
            self.at_work = kind == Kind.BUILDING_BEGAN
        elif kind in _PAUSE:
            wrong = self._pause(kind, part)
            self.paused = part if kind == Kind.PAUSED else -1
        elif kind in _NEEDED:
            wrong = self._beside(kind, part, resource)
            self.energised_at = time if kind == Kind.UNIT_ENERGISED else self.energised_at
        elif kind in _GIVEN_BACK and self.main != Kind.CANCELLED:
            wrong = f"{kind.name} before CANCELLED"
        else:
            wrong = (
                ""
                if kind == Kind.CALL_PAID and not amount
                else self._lenders(kind, part, resource, recorded)
            )
        self.taken.add((kind, part, resource))
        return wrong

    def _main(self, kind: Kind, recorded: bool) -> str:
        if kind in MAIN.get(self.main, frozenset()):
            return ""
        if kind == Kind.LAPSED and self.main in _UNSELECTED:
            return ""
        if recorded and (self.main is None or kind > self.main):
            return ""
        return f"{kind.name} after {_name(self.main)}"

    def _gate(self, kind: Kind, time: int) -> str:
        """Joins of the main line: what the branches must have reached."""
        if kind == Kind.NTP_ISSUED:
            if not self._has(Kind.CALL_PAID, 0):
                return "NTP_ISSUED before the first call was paid"
            if self.permits != Kind.PERMITS_GRANTED and not self.early_works:
                return f"NTP_ISSUED while permits are at {_name(self.permits)}"
        if kind == Kind.UNIT_BUILT and not self._has(Kind.BUILDING_BEGAN):
            return "UNIT_BUILT before BUILDING_BEGAN"
        if kind == Kind.BUILT and self.permits != Kind.PERMITS_GRANTED:
            return f"BUILT while permits are at {_name(self.permits)}"
        if kind == Kind.BUILT and self.paused >= 0:
            return "BUILT while paused"
        if kind == Kind.OPERATING and self._count(Kind.UNIT_ENERGISED) < self._count(
            Kind.UNIT_BUILT
        ):
            return "OPERATING before the last UNIT_ENERGISED"
        if kind == Kind.OPERATING and time != self.energised_at:
            return "OPERATING after the minute of the last UNIT_ENERGISED"
        return ""

    def _permits(self, kind: Kind, recorded: bool) -> str:
        if self._has(Kind.NTP_ISSUED) and not self.early_works:
            return f"{kind.name} after NTP_ISSUED"
        if kind in PERMITS.get(self.permits, frozenset()):
            return ""
        if recorded and (self.permits is None or kind > self.permits):
            return ""
        return f"{kind.name} after {_name(self.permits)}"

    def _site(self, kind: Kind) -> str:
        if not self._has(Kind.NTP_ISSUED):
            return f"{kind.name} before NTP_ISSUED"
        if self.at_work == (kind == Kind.BUILDING_BEGAN):
            return f"{kind.name} while the site is {'at work' if self.at_work else 'stopped'}"
        if kind == Kind.BUILDING_BEGAN and self._has(Kind.BUILT):
            return "BUILDING_BEGAN after BUILT"
        return ""

    def _pause(self, kind: Kind, part: int) -> str:
        if not self._has(Kind.SELECTED) or self._has(Kind.BUILT):
            return f"{kind.name} {'after BUILT' if self._has(Kind.BUILT) else 'before SELECTED'}"
        if kind == Kind.PAUSED and self.paused >= 0:
            return f"PAUSED while paused (visit {self.paused})"
        if kind == Kind.RESUMED and self.paused != part:
            return f"RESUMED without PAUSED (visit {part})"
        return ""

    def _beside(self, kind: Kind, part: int, resource: int) -> str:
        """Machines, the grid and power: what each step needs."""
        needed, same_part, same_resource = _NEEDED[kind]
        if not self._has(needed, part if same_part else None, resource if same_resource else None):
            return f"{kind.name} before {needed.name} (part {part})"
        waits_for_grid = self._has(Kind.GRID_REQUESTED) and not self._has(Kind.GRID_CONNECTED)
        if kind == Kind.UNIT_ENERGISED and waits_for_grid:
            return f"UNIT_ENERGISED before GRID_CONNECTED (part {part})"
        return ""

    def _lenders(self, kind: Kind, part: int, resource: int, recorded: bool) -> str:
        if kind == Kind.APPRAISAL_BEGAN and not (recorded or self._reached(Kind.DOCKETED)):
            return "APPRAISAL_BEGAN before DOCKETED"
        if kind == Kind.APPRAISAL_ENDED and not self._has(
            Kind.APPRAISAL_BEGAN, part=None, resource=resource
        ):
            return "APPRAISAL_ENDED before APPRAISAL_BEGAN"
        if kind in (Kind.CALL_NOTICED, Kind.FUNDS_COMMITTED) and not self._has(Kind.SELECTED):
            return f"{kind.name} before SELECTED"
        if kind == Kind.PART_DRAWN and not (recorded or self._has(Kind.FUNDING_DECIDED)):
            return "PART_DRAWN before FUNDING_DECIDED"
        if kind not in _CALL_PART:
            return ""
        needed, barred = _CALL_PART[kind]
        own = resource if needed == Kind.PART_DRAWN else None
        if not (recorded or self._has(needed, part, own)):
            return f"{kind.name} before {needed.name} (part {part})"
        own = resource if barred == Kind.PART_PAID else None
        if self._has(barred, part, own):
            return f"{kind.name} after {barred.name} (part {part})"
        return ""

    def _reached(self, kind: Kind) -> bool:
        """Whether the main line is at ``kind`` or later; its kinds are numbered in life order."""
        return self.main is not None and self.main >= kind

    def _has(self, kind: Kind, part: int | None = None, resource: int | None = None) -> bool:
        return any(
            taken == kind
            and (part is None or its_part == part)
            and (resource is None or its_resource == resource)
            for taken, its_part, its_resource in self.taken
        )

    def _count(self, kind: Kind) -> int:
        return sum(taken == kind for taken, _, _ in self.taken)


def _name(kind: Kind | None) -> str:
    return "nothing" if kind is None else kind.name
