"""Megawatts of a region against hand numbers and a recursion that goes minute by minute.

Model sections 4.10 and 11.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from math import floor, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.clock import Clock
from sim.engine.power import Grid, Stretch
from sim.engine.record import Recorder
from sim.errors import ModelError
from sim.events import Kind
from sim.events.turns import Turn

DAY = 1440


@dataclass(frozen=True)
class Want:
    """A load: whose, claimed when, how much, and the minute it was requested (its place)."""

    ordinal: int
    minute: int
    megawatts: int
    unit: int = 0
    requested: int = 0

    @property
    def key(self) -> tuple[int, int, int]:
        return self.requested, self.ordinal, self.unit


@dataclass
class Bench:
    """A region alone with its clock; the programme's side of it is scheduled by the test."""

    additions: Sequence[Stretch] | None
    carry_over: bool = False
    open_minute: int = 0
    granted: list[tuple[int, int, int]] = field(default_factory=list)
    waited: list[tuple[int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock, self.record = Clock(), Recorder(self.open_minute)
        self.grid = Grid(self.clock, self.record, 5, 3, self.additions, self.carry_over)
        self.horizon = self.additions[-1][1] + 1 if self.additions else 100 * DAY

    def claim(self, *wants: Want) -> Bench:
        for want in wants:
            self.clock.at(want.minute, Turn.COMPLETION, want.ordinal, Kind.UNIT_BUILT, want.unit,
                          partial(self._claim, want))  # fmt: skip
        return self

    def _claim(self, want: Want, _: object) -> None:
        def note(notes: list[tuple[int, int, int]]) -> None:
            notes.append((self.clock.now, want.ordinal, want.unit))

        self.grid.claim(
            want.requested, want.ordinal, want.unit, want.megawatts,
            partial(note, self.granted), partial(note, self.waited), cents=want.ordinal + 1,
        )  # fmt: skip

    def supply(self, *supplies: tuple[int, int]) -> Bench:
        for visit, (minute, megawatts) in enumerate(supplies):
            self.clock.at(minute, Turn.COMPLETION, 99, Kind.UNIT_ENERGISED, visit,
                          lambda _, mw=megawatts: self.grid.supply(mw))  # fmt: skip
        return self

    def cancel(self, minute: int, ordinal: int) -> Bench:
        self.clock.at(minute, Turn.ARRIVAL, ordinal, Kind.CANCELLED, 0,
                      lambda _: self.grid.cancel(ordinal))  # fmt: skip
        return self

    def steps(self) -> Iterator[None]:
        while self.clock.peek() < self.horizon:
            self.clock.step()
            yield

    def run(self) -> Bench:
        for _ in self.steps():
            pass
        return self

    def trace(self) -> list[tuple[float, ...]]:
        """(minute, capacity, in use, waiting, waiting cents)."""
        rows = self.record._steps
        return [tuple(rows[k + 1 : k + 6]) for k in range(0, len(rows), 6)]


def years(*megawatts: int, days: int = 365) -> list[Stretch]:
    length = days * DAY
    return [(length * k, length * (k + 1), mw) for k, mw in enumerate(megawatts)]


# -- By hand: 365 MW in a year of 365 days is one megawatt a day -----------------------------------


def test_one_megawatt_a_day_comes_to_those_who_wait_on_the_day_worked_out_by_hand():
    """100 MW on day 100. The next 300 are complete on day 400: what is left at the end of the year
    is set aside. Then 50 on day 450."""
    bench = Bench(years(365, 365, 365))
    bench.claim(Want(0, 0, 100), Want(1, 0, 300), Want(2, 120 * DAY, 50)).run()
    assert bench.granted == [(100 * DAY, 0, 0), (400 * DAY, 1, 0), (450 * DAY, 2, 0)]
    assert bench.waited == [(0, 0, 0), (0, 1, 0), (120 * DAY, 2, 0)]
    # Capacity is what will have come in by the end of the year.
    last = {row[0] / DAY: row[1:] for row in bench.trace()}
    assert last == {
        0: (365, 0, 400, 3),
        100: (365, 100, 300, 2),
        120: (365, 100, 350, 5),
        365: (730, 100, 350, 5),
        400: (730, 400, 50, 3),
        450: (730, 450, 0, 0),
        730: (815, 450, 0, 0),  # the other 280 of the second year lapse
        1095: (450, 450, 0, 0),
    }


@pytest.mark.parametrize(("carry_over", "day"), [(False, 375), (True, 366)])
def test_what_nobody_took_when_the_year_ends_lapses_unless_carried_over(carry_over, day):
    """Claimed on day 366, 10 MW: 365 are carried, or the tenth day of the new year has them."""
    bench = Bench(years(365, 365), carry_over).claim(Want(0, 366 * DAY, 10)).run()
    assert bench.granted == [(day * DAY, 0, 0)]


def test_what_was_set_aside_for_somebody_cancelled_is_there_for_the_next_and_lapses_with_the_year():
    """a waits for 500 and is cancelled on day 370, when there are 370. b has 300 on day 380, and of
    the 80 that are left then nothing remains after day 730: c waits 30 days."""
    bench = Bench(years(365, 365, 365)).cancel(370 * DAY, 0)
    bench.claim(Want(0, 0, 500), Want(1, 380 * DAY, 300), Want(2, 730 * DAY, 30)).run()
    assert bench.granted == [(380 * DAY, 1, 0), (760 * DAY, 2, 0)]


def test_a_grant_falls_on_the_minute_at_which_the_whole_megawatt_is_there():
    """3 MW in 10 minutes: complete after 10/3, 20/3 and 10 minutes, rounded up."""
    bench = Bench([(0, 10, 3), (10, 20, 7)])
    bench.claim(*(Want(k, 0, 1) for k in range(3)), Want(3, 0, 1), Want(4, 12, 2)).run()
    assert [minute for minute, _, _ in bench.granted] == [4, 7, 10, 12, 15]


def test_a_claim_is_granted_in_its_own_minute_when_the_megawatts_are_there():
    bench = Bench(years(365)).claim(Want(0, 100 * DAY, 100), Want(1, 100 * DAY + 1, 1)).run()
    assert bench.granted == [(100 * DAY, 0, 0), (101 * DAY, 1, 0)]
    assert bench.waited == [(100 * DAY + 1, 1, 0)]


def test_a_plant_of_the_programme_shortens_the_wait_of_the_first_in_the_queue():
    """100 MW are due on day 100; 30 supplied on day 40 make it day 70, on day 80 day 80."""
    for day, granted in ((40, 70), (80, 80), (100, 100)):
        bench = Bench(years(365)).claim(Want(0, 0, 100)).supply((day * DAY, 30)).run()
        assert bench.granted == [(granted * DAY, 0, 0)]


def test_megawatts_of_the_programmes_own_plants_are_taken_last_and_never_lapse():
    """50 supplied, 60 claimed on day 40: 40 flowed in and 20 are the plant's; its other 30 are
    still there in the second year, beside the 5 of five days."""
    bench = Bench(years(365, 365)).supply((0, 50))
    bench.claim(Want(0, 40 * DAY, 60), Want(1, 370 * DAY, 35)).run()
    assert bench.granted == [(40 * DAY, 0, 0), (370 * DAY, 1, 0)]
    assert bench.trace()[-1] == (730 * DAY, 95, 95, 0, 0)


def test_of_claims_in_one_minute_the_earlier_request_then_ordinal_then_unit_comes_first():
    wants = [Want(2, 0, 1), Want(0, 0, 1, unit=1), Want(0, 0, 1), Want(1, 0, 1, requested=-1)]
    bench = Bench(years(365)).claim(*wants).run()
    assert bench.granted == [(DAY, 1, 0), (2 * DAY, 0, 0), (3 * DAY, 0, 1), (4 * DAY, 2, 0)]


def test_an_earlier_request_goes_ahead_of_those_who_already_wait_but_nobody_overtakes():
    """a waits for 50 from day 0. b, requested before, comes on day 20 with 30: day 30, then a on
    day 80. c wants one megawatt, and waits behind them."""
    bench = Bench(years(365)).claim(Want(0, 0, 50, requested=9), Want(2, 1, 1, requested=10))
    bench.claim(Want(1, 20 * DAY, 30, requested=8)).run()
    assert bench.granted == [(30 * DAY, 1, 0), (80 * DAY, 0, 0), (81 * DAY, 2, 0)]


def test_cancelling_the_first_in_the_queue_lets_the_next_go_on_at_once_or_on_its_own_day():
    for megawatts, day in ((30, 40), (60, 60)):
        bench = Bench(years(365)).cancel(40 * DAY, 0)
        bench.claim(Want(0, 0, 200), Want(0, 0, 1, unit=1), Want(1, 0, megawatts)).run()
        assert bench.granted == [(day * DAY, 1, 0)]
        assert bench.trace()[-1] == (365 * DAY, megawatts, megawatts, 0, 0)


def test_what_is_cancelled_in_its_own_minute_or_in_vain_never_waits():
    bench = Bench(years(365)).claim(Want(0, 5, 10)).cancel(5, 0).cancel(6, 1).run()
    assert bench.granted == bench.waited == []
    assert bench.trace()[-1] == (365 * DAY, 0, 0, 0, 0)


def test_after_the_last_year_only_plants_can_help():
    bench = Bench(years(10)).claim(Want(0, 5, 20))
    bench.horizon = 900 * DAY
    bench.supply((800 * DAY, 9), (801 * DAY, 1)).run()
    assert bench.granted == [(801 * DAY, 0, 0)]


def test_a_year_without_additions_is_waited_through():
    bench = Bench(years(0, 0, 365)).claim(Want(0, 0, 2)).run()
    assert bench.granted == [(732 * DAY, 0, 0)]


def test_an_unlimited_region_and_history_have_their_power_at_once():
    bench = Bench(None).claim(Want(0, 7, 10**6)).supply((8, 5)).run()
    assert (bench.granted, bench.waited) == ([(7, 0, 0)], [])
    assert bench.trace()[-1] == (8, inf, 10**6, 0, 0)
    bench = Bench(years(365), open_minute=10 * DAY)
    bench.claim(Want(0, 5 * DAY, 8), Want(1, 10 * DAY, 2)).run()
    # 5 were there and 3 were not: they are shown, and the next year owes nothing for them.
    assert bench.granted == [(5 * DAY, 0, 0), (10 * DAY, 1, 0)]
    assert bench.trace()[1:3] == [(5 * DAY, 368, 8, 0, 0), (10 * DAY, 368, 8, 2, 2)]


def test_a_claim_of_nothing_waits_for_nobody_and_less_than_nothing_is_refused():
    bench = Bench(years(365)).claim(Want(0, 1, 100), Want(1, 2, 0)).run()
    assert bench.granted == [(2, 1, 0), (100 * DAY, 0, 0)]
    with pytest.raises(ModelError, match="project 4, unit 1 claims -1 MW; 0 or more"):
        bench.grid.claim(0, 4, 1, -1, lambda: None)


def test_a_wait_of_years_takes_a_handful_of_steps():
    """a waits for year 9; b behind it changes nothing; a plant in year 2 makes it year 8.

    Two claims and two allocations; the plant and one; ten ends of years; the old timer, which has
    nothing to say any more; the new one and the allocation of both grants.
    """
    bench = Bench(years(*[1] * 10)).claim(Want(0, 0, 9), Want(1, 5, 2))
    bench.supply((2 * 365 * DAY, 1))
    assert sum(1 for _ in bench.steps()) == 4 + 2 + 10 + 1 + 2 + 2
    assert bench.granted == [(8 * 365 * DAY, 0, 0), (10 * 365 * DAY, 1, 0)]


# -- The recursion that goes minute by minute ------------------------------------------------------


def minute_by_minute(additions, carry_over, wants, supplies, cancelled):
    """Grants (minute, ordinal, unit): megawatts flow in as fractions, whole ones are taken."""
    added, own, queue, granted = Fraction(0), 0, [], []
    for now in range(additions[-1][1] + 1):
        for start, end, megawatts in additions:
            added += Fraction(megawatts, end - start) if start < now <= end else 0
            if now == end and not queue and not carry_over:
                added = Fraction(0)
        own += sum(megawatts for minute, megawatts in supplies if minute == now)
        queue = sorted(queue + [w for w in wants if w.minute == now], key=lambda w: w.key)
        queue = [w for w in queue if (now, w.ordinal) not in cancelled]
        while queue and queue[0].megawatts <= floor(added) + own:
            want = queue.pop(0)
            granted.append((now, want.ordinal, want.unit))
            from_grid = min(want.megawatts, floor(added))
            added, own = added - from_grid, own - want.megawatts + from_grid
    return granted


lengths = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 25)), min_size=1, max_size=6)


@st.composite
def stretches(draw: st.DrawFn) -> list[Stretch]:
    found, start = [], 0
    for length, megawatts in draw(lengths):
        found.append((start, start + length, megawatts))
        start += length
    return found


loads = st.lists(
    st.builds(
        Want,
        ordinal=st.integers(0, 4),
        minute=st.integers(0, 120) | st.sampled_from([0, 40, 80]),
        megawatts=st.integers(1, 15),
        unit=st.integers(0, 2),
        requested=st.integers(-3, 0),
    ),
    max_size=10,
    unique_by=lambda want: (want.ordinal, want.unit),
)
plants = st.lists(st.tuples(st.integers(0, 120), st.integers(1, 9)), max_size=3)
ends = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 4)), max_size=3, unique_by=lambda row: row[1]
)


@given(stretches(), st.booleans(), loads, plants, ends, st.randoms())
def test_every_load_has_its_power_in_the_minute_of_the_recursion(
    additions, carry_over, wants, supplies, cancelled, order
):
    expected = minute_by_minute(additions, carry_over, wants, supplies, cancelled)
    order.shuffle(wants)  # the order of creation must not matter
    bench = Bench(additions, carry_over).claim(*wants).supply(*supplies)
    for row in cancelled:
        bench.cancel(*row)
    assert bench.run().granted == expected


@given(stretches(), st.booleans(), loads, plants, ends)
def test_megawatts_are_never_lost_made_up_or_granted_twice(
    additions, carry_over, wants, supplies, cancelled
):
    bench = Bench(additions, carry_over).claim(*wants).supply(*supplies)
    for row in cancelled:
        bench.cancel(*row)
    grid, size = bench.grid, {(want.ordinal, want.unit): want.megawatts for want in wants}
    for _ in bench.steps():
        now = bench.clock.now
        assert min(grid.added, grid.own, grid.waiting, grid.waiting_cents) >= 0
        assert grid.waiting == sum(load.megawatts for load in grid.queue)
        assert [load.key for load in grid.queue] == sorted(load.key for load in grid.queue)
        assert grid.in_use == sum(size[grant[1:]] for grant in bench.granted)
        flowed = sum(
            Fraction(mw * (min(now, end) - start), end - start)
            for start, end, mw in additions
            if start < now
        )
        assert grid.in_use + grid.own <= flowed + sum(mw for at, mw in supplies if at <= now)
    assert len(set(bench.granted)) == len(bench.granted)
    for _, capacity, in_use, _, _ in bench.trace():
        assert capacity >= in_use
    for minute, ordinal, unit in bench.waited:
        assert (minute, ordinal, unit) not in bench.granted
