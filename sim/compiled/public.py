"""The public of either side: on the first of a month it turns hostile, or calms."""

from __future__ import annotations

from sim.calendars import DAYS_PER_YEAR, MINUTES_PER_DAY
from sim.compiled.actors import Actor
from sim.compiled.calls import Calls
from sim.compiled.programme import Programme
from sim.events import CENTS_PER_USD_BN, Kind
from sim.events.turns import Step, Turn

CAPACITY, PUBLIC = int(Turn.CAPACITY), int(Step.PUBLIC)
SAID = (
    (Kind.JAPANESE_TURNED, Kind.JAPANESE_CALMED),
    (Kind.AMERICANS_TURNED, Kind.AMERICANS_CALMED),
)
_YEAR = 12  # months
_MINUTES_PER_YEAR = DAYS_PER_YEAR * MINUTES_PER_DAY


class Public(Actor):
    """What each side has met since it last changed its mind, against its threshold.

    The rate of a month is read off the log at its end. Nothing is met before the as-of date.
    """

    def __init__(self, programme: Programme, calls: Calls):
        self.programme, self.calls = programme, calls
        self.sides = programme.plan.public
        self.months = programme.plan.specialists.months
        self.met, self.visit = [0.0] * len(SAID), [0] * len(SAID)
        self.paid, self.lost = [0], [0]  # cents on the first of each month
        if self.sides:
            self._next_month(0)

    def _next_month(self, month):
        if month + 1 < len(self.months):
            self.programme.clock.at(
                self.months[month + 1], CAPACITY, 0, PUBLIC, month, self, 0, month
            )
        return 0

    def act(self, step, one, two):
        """Look at the month that is over."""
        programme, month, now = self.programme, one, self.programme.clock.now
        self._next_month(month + 1)
        self.paid.append(self.calls.paid_cents() - programme.returned_cents)
        self.lost.append(programme.lost_cents)
        paid, lost = of_a_year(self.paid), of_a_year(self.lost)
        length = max(0, now - max(self.months[month], programme.open_minute))
        _, in_force = self.calls.enforcement.duties_now()
        for plan in self.sides:
            side = plan.side
            visit = self.visit[side]
            rate = plan.rate(bool(visit % 2), bool(in_force), paid, lost)
            self.met[side] += rate * length / _MINUTES_PER_YEAR
            if self.met[side] >= programme.world.public[side, visit]:
                self.met[side], self.visit[side] = 0.0, visit + 1
                programme.say(SAID[side][visit % 2])
                self._act()
        return 0

    def _act(self):
        """What is hostile now says what holds from here on; all else is as the config has it."""
        programme, plan = self.programme, self.programme.plan
        programme.decline_probability = plan.funding.decline_probability
        programme.pass_over_probability = plan.selection.pass_over_probability
        share = 1.0
        for one in self.sides:
            if self.visit[one.side] % 2:
                if one.decline_probability is not None:
                    programme.decline_probability = one.decline_probability
                # Nobody is passed over in immediate rounds, which never come back to a candidate.
                if one.pass_over_probability is not None and not plan.selection.immediate:
                    programme.pass_over_probability = one.pass_over_probability
                share *= one.inflow_share
        programme.supply.mood.share = share
        return 0


def of_a_year(sums):
    """$ bn that were added in the last twelve months."""
    last = len(sums) - 1  # no negative places: the compiler does not wrap them
    return (sums[last] - sums[max(0, last - _YEAR)]) / CENTS_PER_USD_BN
