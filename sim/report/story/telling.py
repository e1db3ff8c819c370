"""From a project's events to dated lines, in the order in which they happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sim.config.schema import Config
from sim.events import TERMINAL, Cause, Kind
from sim.report.story.calls import FOLDED, HELD_UP, Calls
from sim.report.story.happenings import Happening, days_between
from sim.report.story.machines import OF_UNITS, Lot
from sim.report.story.sentences import in_days, listed, recorded, sentence, what, who

# Steps whose distance from the step before is told.
_STEPS = frozenset(
    {
        Kind.PROPOSED,
        Kind.DOCKETED,
        Kind.ENDORSED,
        Kind.RECOMMENDED,
        Kind.SELECTED,
        Kind.NTP_ISSUED,
        Kind.BUILT,
    }
) | TERMINAL  # fmt: skip
# An end and its beginning: the line of the end tells how long it took.
_LENGTHS = {
    Kind.REVISION_ENDED: Kind.REVISION_BEGAN,
    Kind.CONSULTATION_ENDED: Kind.CONSULTATION_BEGAN,
    Kind.LITIGATION_ENDED: Kind.LITIGATION_BEGAN,
    Kind.PERMITS_GRANTED: Kind.PERMITS_BEGAN,
    Kind.DEVELOPMENT_ENDED: Kind.DEVELOPMENT_BEGAN,
    Kind.BREACH_CLOSED: Kind.BREACH_OPENED,
    Kind.RESUMED: Kind.PAUSED,
}
_GIVEN_UP = frozenset(
    {Kind.CANCELLED, Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED, Kind.BREACH_CLOSED}
)
# Told in the line before when they happen in the same minute.
_JOINED = {
    Kind.BREACH_OPENED: frozenset({Kind.CALL_MISSED, Kind.DECLINED}),
    Kind.BREACH_CLOSED: frozenset({Kind.CALL_PAID, *_GIVEN_UP}),
    Kind.BREACH_THREATENED: frozenset({Kind.BREACH_OPENED}),
    Kind.BREACH_LET_PASS: frozenset({Kind.BREACH_OPENED}),
    Kind.CALL_WITHDRAWN: _GIVEN_UP,
    Kind.MONEY_RETURNED: _GIVEN_UP,
    Kind.BUILDING_BEGAN: frozenset({Kind.NTP_ISSUED, Kind.RESUMED}),
    Kind.BUILDING_STOPPED: frozenset({Kind.PAUSED}),
    Kind.BUILT: frozenset({Kind.UNIT_BUILT}),
    Kind.UNIT_ENERGISED: frozenset({Kind.UNIT_BUILT, Kind.BUILT}),
    Kind.OPERATING: frozenset({Kind.BUILT, Kind.UNIT_ENERGISED}),
    Kind.PERMITS_GRANTED: frozenset({Kind.PERMIT_WORK_ENDED, Kind.LITIGATION_ENDED}),
}
# Told by what follows them at once, or by a line that folds them.
_SILENT = frozenset({Kind.SCREENING_ENDED, Kind.PERMIT_WORK_ENDED})
_TARIFFS = frozenset(
    {
        Kind.TARIFF_RAISED,
        Kind.TARIFF_RELIEVED,
        Kind.TARIFF_COMPLIANT,
    }
)
_TOLD_ANYWAY = frozenset({Cause.CASH_STARVED, Cause.FIRST_CALL})  # where it stops, and is paid
_SHORTEST_WAIT = 0.5  # days


@dataclass
class Line:
    """One line of the story; ``since`` is the length since the step before, in days."""

    day: date
    text: str
    since: float = 0.0
    waited: float = 0.0  # days, if all the line tells is a wait


class Telling:
    """Reads happenings one by one and keeps what is not finished."""

    def __init__(self, config: Config) -> None:
        self.calls = Calls(config)
        self.lines: list[Line] = []
        self.waits: dict[tuple[Cause, str, int], Happening] = {}
        self._began: dict[tuple[Kind, int], int] = {}
        self._appraisals: dict[str, Happening | None] = {}
        self._appraisal_queue: list[str] = []
        self._appraised_since = 0
        self._lot: Lot | None = None
        self._stopped = -1
        self._stopped_for = ""
        self._last: tuple[int, Kind] = (-1, Kind.PROPOSED)
        self._told: Line | None = None  # where it stands; waits may have come behind it
        self._step = -1
        self._breaches = 0
        self._tariffs = False

    def tell(self, own: Sequence[Happening], programme: Sequence[Happening] = ()) -> list[Line]:
        """Tell a project's events, and the programme's tariffs where its breaches set them going.

        Parameters
        ----------
        own, programme : sequence of Happening
            In order.
        """
        told = sorted([*own, *(i for i in programme if i.kind in _TARIFFS)], key=lambda i: i.time)
        for item in told:
            if item.kind is Kind.WAIT_BEGAN:
                self.waits[item.cause, item.resource, item.part] = item
            elif item.kind is Kind.WAIT_ENDED:
                self._wait_ended(item)
            elif item.kind in _TARIFFS:
                self._tariff(item)
            elif item.kind in FOLDED:
                self.calls.fold(item)
            elif item.kind in (Kind.APPRAISAL_BEGAN, Kind.APPRAISAL_ENDED):
                self._appraisal(item)
            elif item.kind in OF_UNITS:
                self._machines(item)
            elif item.kind is Kind.APPRAISAL_REOPENED and self._told_as_appraised():
                self.lines[-1] = Line(item.day, sentence(item))
            else:
                self._event(item)
        return self.lines

    def _event(self, item: Happening) -> None:
        kind = item.kind
        self._began[kind, item.part] = item.time
        self._breaches += (kind is Kind.BREACH_OPENED) - (kind is Kind.BREACH_CLOSED)
        self._tariffs |= kind is Kind.BREACH_OPENED
        time, before = self._last
        line = self._told
        joined = time == item.time and before in _JOINED.get(kind, ()) and line is not None
        if kind in _SILENT or (kind is Kind.UNIT_ENERGISED and not item.resource):
            return  # without a grid a unit is energised when it is built
        self._last = (item.time, kind)
        text = "energised" if kind is Kind.UNIT_ENERGISED and joined else self._text(item, joined)
        since = 0.0
        if kind in _STEPS:
            since = days_between(self._step, item.time) if self._step >= 0 else 0.0
            self._step = item.time
            self._drop_wait(item.day, since)
        if line is None or not joined:
            self._told = Line(item.day, text, since)
            self.lines.append(self._told)
            return
        line.since = line.since or since
        if kind is Kind.BUILDING_STOPPED:
            text = text.removesuffix(": paused")
        if kind is not Kind.BUILT:
            line.text += "; a breach opens" if kind is Kind.BREACH_OPENED else f"; {text}"

    def _drop_wait(self, day: date, days: float) -> None:
        """Take back a wait that took all the time since the step before: the step tells it."""
        if self.lines and self.lines[-1].day == day and self.lines[-1].waited == days > 0:
            del self.lines[-1]

    def _text(self, item: Happening, joined: bool) -> str:
        kind = item.kind
        if kind is Kind.CALL_NOTICED:
            return self.calls.notice(item)
        if kind is Kind.CALL_PAID:
            return self.calls.paid(item)
        if kind is Kind.CALL_LATE:
            self.calls.late(item)
        if kind is Kind.CALL_WITHDRAWN:
            self.calls.withdrawn(item)
        if kind is Kind.BUILDING_STOPPED:
            self._stopped, self._stopped_for = item.time, ""
        if kind is Kind.BUILDING_BEGAN:
            if self._stopped < 0:
                return "building begins"
            if joined:  # to a line that says how long it took
                return sentence(item)
            stopped = in_days(days_between(self._stopped, item.time))
            return f"{sentence(item)}, after {stopped}{self._stopped_for}"
        text = sentence(item)
        begin = self._began.get((_LENGTHS[kind], item.part)) if kind in _LENGTHS else None
        if begin is not None and item.time > begin:
            text += f", after {in_days(days_between(begin, item.time))}"
        return text

    def _wait_ended(self, item: Happening) -> None:
        began = self.waits.pop((item.cause, item.resource, item.part), None)
        if began is None:
            return
        days = days_between(began.time, item.time)
        if item.cause in HELD_UP:
            self.calls.waited(began, days)
        elif item.cause is Cause.APPRAISAL_QUEUE:
            if days >= _SHORTEST_WAIT:
                self._appraisal_queue.append(f"{in_days(days)} for the {who(item.resource)} desks")
        elif item.cause is Cause.EQUIPMENT and began.time == self._stopped:
            self._stopped_for = f" waiting for {what(began)}"
        elif began.time == self._stopped and item.cause.row.stops:
            return  # where the site stops and where it goes on tell it
        elif item.cause not in _TOLD_ANYWAY and days >= _SHORTEST_WAIT:
            text = f"... {in_days(days)} waiting for {what(item)}"
            self.lines.append(Line(item.day, text, waited=days))

    def _machines(self, item: Happening) -> None:
        """One line for all units of a maker in one minute."""
        if self._lot is None or not self._lot.takes(item):
            self._lot, self._lot_line = Lot(item), Line(item.day, "")
            self.lines.append(self._lot_line)
            self._last = (item.time, item.kind)
        self._lot_line.text = self._lot.text

    def _appraisal(self, item: Happening) -> None:
        """One line when the first lender begins, one when the last has done."""
        name = who(item.resource)
        if item.kind is Kind.APPRAISAL_BEGAN:
            if not self._appraisals:
                self._appraised_since = item.time
                self.lines.append(Line(item.day, f"the lenders' appraisal begins{recorded(item)}"))
            self._appraisals[name] = None
            return
        self._appraisals[name] = item
        done = [ended for ended in self._appraisals.values() if ended is not None]
        if len(done) < len(self._appraisals) or self._queued_for_appraisal():
            return
        if len({ended.day for ended in done}) == 1:
            text = f"appraisal done by {listed(list(self._appraisals))}"
        else:
            dated = [f"{name} {ended.day}" for name, ended in self._appraisals.items() if ended]
            text = f"appraisal done by all lenders: {', '.join(dated)}"
        text += f", after {in_days(days_between(self._appraised_since, item.time))}"
        if self._appraisal_queue:
            text += f" (waited {', '.join(self._appraisal_queue)})"
        self.lines.append(Line(item.day, text))

    def _told_as_appraised(self) -> bool:
        """The last to end an appraisal bargains on: it was not the last."""
        return self.lines[-1].text.startswith("appraisal done by all lenders")

    def _queued_for_appraisal(self) -> bool:
        return any(cause is Cause.APPRAISAL_QUEUE for cause, _, _ in self.waits)

    def _tariff(self, item: Happening) -> None:
        if not self._tariffs:
            return
        self.lines.append(Line(item.day, sentence(item)))
        if not self._breaches and item.kind in (Kind.TARIFF_RELIEVED, Kind.TARIFF_COMPLIANT):
            self._tariffs = False
