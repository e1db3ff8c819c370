"""The public of either side: on the first of a month it turns hostile, or calms."""

from __future__ import annotations

from functools import partial

from sim.calendars import DAYS_PER_YEAR, MINUTES_PER_DAY
from sim.engine.calls import Calls
from sim.engine.programme import Programme
from sim.events import CENTS_PER_USD_BN, Kind
from sim.events.turns import Step, Turn

SAID = (
    (Kind.JAPANESE_TURNED, Kind.JAPANESE_CALMED),
    (Kind.AMERICANS_TURNED, Kind.AMERICANS_CALMED),
)
_YEAR = 12  # months
_MINUTES_PER_YEAR = DAYS_PER_YEAR * MINUTES_PER_DAY


class Public:
    """What each side has met since it last changed its mind, against its threshold.

    The rate of a month is read off the log at its end. Nothing is met before the as-of date.
    """

    def __init__(self, programme: Programme, calls: Calls) -> None:
        self.programme = programme
        self.calls = calls
        sides = [plan.side for plan in programme.plan.public]
        self.met = dict.fromkeys(sides, 0.0)
        self.visit = dict.fromkeys(sides, 0)
        self.paid, self.lost = [0], [0]  # cents on the first of each month
        if sides:
            self._next_month(0)

    def _next_month(self, month: int) -> None:
        months = self.programme.plan.specialists.months
        if month + 1 < len(months):
            self.programme.clock.at(
                months[month + 1], Turn.CAPACITY, 0, Step.PUBLIC, month, partial(self._look, month)
            )

    def _look(self, month: int, _: object) -> None:
        programme = self.programme
        self._next_month(month + 1)
        self.paid.append(self.calls.paid_cents() - programme.returned_cents)
        self.lost.append(programme.lost_cents)
        paid, lost = (
            (sums[-1] - sums[max(0, len(sums) - 1 - _YEAR)]) / CENTS_PER_USD_BN
            for sums in (self.paid, self.lost)
        )
        since = max(programme.plan.specialists.months[month], programme.plan.open_minute)
        length = max(0, programme.clock.now - since)
        raised = bool(self.calls.enforcement.routes.in_force)
        for plan in programme.plan.public:
            side, hostile = plan.side, bool(self.visit[plan.side] % 2)
            rate = plan.rate(hostile, raised, paid, lost)
            self.met[side] += rate * length / _MINUTES_PER_YEAR
            if self.met[side] >= programme.world.public[side, self.visit[side]]:
                self.met[side], self.visit[side] = 0.0, self.visit[side] + 1
                programme.log((programme.clock.now, -1, SAID[side][hostile], -1, 0, 0, 0))
                self._act()

    def _act(self) -> None:
        """What is hostile now says what holds from here on; all else is as the config has it."""
        programme, plan = self.programme, self.programme.plan
        programme.decline_probability = plan.funding.decline_probability
        programme.pass_over_probability = plan.selection.pass_over_probability
        programme.supply.mood.share = 1.0
        for one in plan.public:
            if self.visit[one.side] % 2:
                if one.decline_probability is not None:
                    programme.decline_probability = one.decline_probability
                # Nobody is passed over in immediate rounds, which never come back to a candidate.
                if one.pass_over_probability is not None and not plan.selection.immediate:
                    programme.pass_over_probability = one.pass_over_probability
                programme.supply.mood.share *= one.inflow_share
