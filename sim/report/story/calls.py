"""Cash calls of one project, each folded into a line when it is noticed and one when it is paid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sim.calendars import Epoch
from sim.config.schema import Config
from sim.events import Cause, Kind
from sim.report.names import facility_of, usd_bn
from sim.report.story.happenings import Happening, days_between
from sim.report.story.sentences import in_days, nth, plain, recorded, what, who

_BN = 1e9
_TRIGGERS = {
    "selection": "at selection",
    "equipment_order": "to order the machines",
    "ntp": "at notice to proceed",
}
# Waits told with their call. The window is the law's own and stands in the notice already.
HELD_UP = frozenset(
    {
        Cause.APPRAISAL,
        Cause.CONSULTATION,
        Cause.FUNDING_DESK,
        Cause.FUNDING_COMMITMENT,
        Cause.FUNDING_MONEY,
        Cause.FUNDING_WINDOW,
    }
)
FOLDED = frozenset({Kind.PART_DOCUMENTED, Kind.FUNDS_COMMITTED, Kind.PART_DRAWN, Kind.PART_PAID})


@dataclass
class Call:
    """What is known of one call so far."""

    notice: Happening
    drawn: list[Happening] = field(default_factory=list)
    reserved: list[Happening] = field(default_factory=list)
    waits: list[tuple[float, str]] = field(default_factory=list)
    late_since: int = -1

    @property
    def unpaid_usd(self) -> float:
        """What has not been drawn."""
        return max(0.0, self.notice.amount - sum(item.amount for item in self.drawn))


class Calls:
    """All calls of one project, open ones by slice."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.slices = list(config.policy.calls.slices.values())
        self.open: dict[int, Call] = {}
        self._dates: Callable[..., tuple[int, int, int]] | None = None

    def notice(self, item: Happening) -> str:
        """Begin a call; say when it may be and must be paid."""
        self.open[item.part] = Call(item)
        text = plain(item)
        if item.part < len(self.slices):
            piece = self.slices[item.part]
            ahead = f"ahead of {100 * (piece.progress or 0):g} % progress"
            text += f" {_TRIGGERS.get(piece.trigger, ahead)}"
        earliest, due = self.legal_dates(item)
        text += f"; earliest payment {earliest}, due" if earliest > item.day else "; due"
        return f"{text} {due}{recorded(item)}"

    def fold(self, item: Happening) -> None:
        """Take an event of `FOLDED` into its call."""
        call = self.open.get(item.part)
        if call is None:
            return
        if item.kind is Kind.PART_DRAWN:
            call.drawn.append(item)
        elif item.kind is Kind.FUNDS_COMMITTED:
            call.reserved.append(item)

    def waited(self, began: Happening, days: float) -> None:
        """Take a wait of `HELD_UP` into its call."""
        call = self.open.get(began.part)
        if call is not None and began.cause is not Cause.FUNDING_WINDOW and days >= 1:
            call.waits.append((days, what(began)))

    def late(self, item: Happening) -> None:
        """Remember that a call was late."""
        if item.part in self.open:
            self.open[item.part].late_since = item.time

    def withdrawn(self, item: Happening) -> None:
        """Forget a call that nobody has to pay any more."""
        self.open.pop(item.part, None)

    def paid(self, item: Happening) -> str:
        """End a call: who paid what when, what was reserved, what held it up."""
        call = self.open.pop(item.part, None)
        text = plain(item)
        if call is None:
            return text + recorded(item)
        text += f" after {in_days(days_between(call.notice.time, item.time))}"
        parts = self._by_day(call.drawn)
        if len(parts) == 1:
            text += f": {next(iter(parts.values()))}"
        elif parts:
            text += ": " + "; ".join(f"{day} {names}" for day, names in parts.items())
        if call.late_since >= 0:
            text += f"; {in_days(days_between(call.late_since, item.time))} late"
        if call.waits:
            held = sorted(call.waits, key=lambda wait: -wait[0])
            text += "; held up " + ", ".join(f"{in_days(days)} by {name}" for days, name in held)
        return text + recorded(item)

    def unpaid(self) -> list[str]:
        """Say what is still open."""
        return [
            f"{nth(part + 1)} cash call: {usd_bn(call.unpaid_usd / _BN)} of "
            f"{usd_bn(call.notice.amount / _BN)} unpaid, due {self.legal_dates(call.notice)[1]}"
            for part, call in sorted(self.open.items())
        ]

    def legal_dates(self, notice: Happening) -> tuple[date, date]:
        """Earliest payment and due date of a call, as the engine reckons them."""
        if self._dates is None:
            from sim.plan import Plan  # compiles the calendars: only for a project with calls

            self._dates = Plan.of(self.config).calls.dates
        epoch = Epoch(self.config.programme.start)
        earliest, due_close, _ = self._dates(notice.time, first=notice.part == 0)
        return epoch.date_of(earliest), epoch.date_of(due_close) - timedelta(days=1)

    def _by_day(self, drawn: list[Happening]) -> dict[date, str]:
        """Who paid how much, by day; lenders in the config's order."""
        order = {name: place for place, name in enumerate(self.config.capacity.facilities)}
        days: dict[date, list[Happening]] = {}
        for item in drawn:
            days.setdefault(item.day, []).append(item)
        return {
            day: ", ".join(
                f"{who(item.resource)} {usd_bn(item.amount / _BN)}"
                for item in sorted(
                    items, key=lambda i: order.get(facility_of(i.resource), len(order))
                )
            )
            for day, items in days.items()
        }
