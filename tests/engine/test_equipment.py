"""Makers' slots against tables by hand and recursions that share nothing with the engine.

Model sections 4.8 and 11. Years are short and slots few, so that every minute can be followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.clock import Clock
from sim.engine.equipment import Maker
from sim.engine.record import Recorder
from sim.errors import ModelError
from sim.events import CAUSES, KINDS, Cause, Kind
from sim.events.turns import Step, Turn
from sim.rules.registry import ORDERING

YEAR = 100  # minutes
Years = Sequence[tuple[int, float]]  # (first minute, slots)


@dataclass(frozen=True)
class Wish:
    """An order to be placed: who, when, how much."""

    ordinal: int
    minute: int
    units: int = 1
    slots_per_unit: int = 1
    delivery: int = 7

    @property
    def slots(self) -> int:
        return self.units * self.slots_per_unit


@dataclass
class Bench:
    """A maker alone with its clock; the programme's side of it is scheduled by the test."""

    years: Years
    whole_orders: bool = False
    carry_over: bool = False
    open_minute: int = 0
    horizon: int = 0
    delivered: list[tuple[int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock, self.record = Clock(), Recorder(self.open_minute)
        first = self.years[0][1]
        # Entity numbers differ from ordinals, so that neither is taken for the other.
        self.maker = Maker(self.clock, self.record, [100 + k for k in range(20)], 5, 3, first,
                           ORDERING["whole_order" if self.whole_orders else "by_unit"])  # fmt: skip
        self.horizon = self.horizon or self.years[-1][0] + YEAR
        for visit, (minute, slots) in enumerate(self.years[1:]):
            self.at(minute, Turn.CAPACITY, 5, Step.FISCAL_YEAR, visit,
                    partial(self.maker.new_year, slots, self.carry_over))  # fmt: skip

    def at(self, minute, turn, ordinal, kind, visit, call) -> None:
        self.clock.at(minute, turn, ordinal, kind, visit, lambda _: call())

    def want(self, *wishes: Wish) -> Bench:
        for wish in wishes:
            self.at(wish.minute, Turn.PAYMENT, wish.ordinal, Kind.CALL_PAID, 0,
                    partial(self._order, wish))  # fmt: skip
        return self

    def _order(self, wish: Wish) -> None:
        def delivered(unit: int) -> None:
            self.delivered.append((self.clock.now, wish.ordinal, unit))

        self.maker.order(wish.ordinal, wish.units, wish.slots_per_unit, wish.delivery, delivered,
                         cents=wish.ordinal + 1)  # fmt: skip

    def reserve(self, minute: int, ordinal: int, slots: int) -> Bench:
        self.at(minute, Turn.CAPACITY, ordinal, Step.CAPACITY, 0,
                partial(self.maker.reserve, ordinal, slots))  # fmt: skip
        return self

    def cancel(self, minute: int, ordinal: int) -> Bench:
        def cancel() -> None:  # as Programme.finish does
            self.maker.cancel(ordinal)
            self.record.end_waits(self.clock.now, 100 + ordinal)

        self.at(minute, Turn.ARRIVAL, ordinal, Kind.CANCELLED, 0, cancel)
        return self

    def steps(self) -> Iterator[None]:
        while self.clock.peek() < self.horizon:
            self.clock.step()
            yield

    def run(self) -> Bench:
        for _ in self.steps():
            pass
        return self

    def grants(self) -> list[tuple[int, int, int]]:
        """(minute, ordinal, unit) of every grant, in the order of the log."""
        log = self.record.event_log()
        rows = (log.kind == Kind.SLOT_GRANTED).nonzero()[0]
        return [
            (int(log.time[r]), int(log.project[r]) - 100, int(log.part[r])) for r in rows.tolist()
        ]

    def lines(self) -> list[str]:
        log, lines = self.record.event_log(), []
        for row in range(len(log.time)):
            words = [str(log.time[row]), "abcdefgh"[log.project[row] - 100], KINDS[log.kind[row]]]
            words += [f"#{log.part[row]}"] if log.part[row] else []
            words += [CAUSES[log.cause[row]]] if log.cause[row] else []
            words += [f"{log.amount[row]:g}"] if log.amount[row] else []
            assert log.resource[row] == 5
            lines.append(" ".join(words))
        return lines

    def trace(self) -> list[tuple[float, ...]]:
        """(minute, capacity, in use, waiting, waiting cents)."""
        rows = self.record._steps
        return [tuple(rows[k + 1 : k + 6]) for k in range(0, len(rows), 6)]


def table(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


# -- Recursions that know nothing of the engine ----------------------------------------------------


def slot_by_slot(wishes: Sequence[Wish], years: Years, carry_over: bool) -> list[tuple[int, ...]]:
    """Grants by unit: the slots of the years are dealt one by one, in order of the orders."""
    now = year = 0
    left, grants = years[0][1], []
    for wish in sorted(wishes, key=lambda w: (w.minute, w.ordinal)):
        now = max(now, wish.minute)
        for unit in range(wish.units):
            for _ in range(wish.slots_per_unit):
                while left < 1 or (year + 1 < len(years) and years[year + 1][0] <= now):
                    year += 1
                    if year == len(years):
                        return grants
                    now = max(now, years[year][0])
                    left = years[year][1] + (left if carry_over else 0)
                left -= 1
            grants.append((now, wish.ordinal, unit))
    return grants


def whole_by_whole(wishes: Sequence[Wish], years: Years, carry_over: bool) -> dict[int, int]:
    """Grants of whole orders: at every new year and order, whoever fits has it, in their order."""
    left: float = 0
    inflow, granted = dict(years), {}
    for now in sorted({*inflow, *(wish.minute for wish in wishes)}):
        left = inflow[now] + (left if carry_over else 0) if now in inflow else left
        for wish in sorted(wishes, key=lambda w: (w.minute, w.ordinal)):
            if wish.minute <= now and wish.ordinal not in granted and wish.slots <= left:
                granted[wish.ordinal] = now
                left -= wish.slots
    return granted


wishes = st.lists(
    st.tuples(
        st.integers(0, 4 * YEAR) | st.sampled_from([0, YEAR, 2 * YEAR]),
        st.integers(1, 4),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=8,
).map(lambda rows: [Wish(k, *row) for k, row in enumerate(rows)])
yearly = st.lists(st.integers(0, 8), min_size=6, max_size=10).map(
    lambda slots: [(YEAR * k, n) for k, n in enumerate(slots)]
)


@given(wishes, yearly, st.booleans(), st.randoms())
def test_every_unit_is_granted_in_the_minute_of_the_slot_by_slot_recursion(
    wanted, years, carry_over, order
):
    expected = slot_by_slot(wanted, years, carry_over)
    order.shuffle(wanted)  # the order of creation must not matter
    assert Bench(years, carry_over=carry_over).want(*wanted).run().grants() == expected


@given(wishes, yearly, st.booleans(), st.randoms())
def test_whole_orders_are_granted_in_the_minute_of_the_recursion(wanted, years, carry_over, order):
    expected = whole_by_whole(wanted, years, carry_over)
    order.shuffle(wanted)
    bench = Bench(years, whole_orders=True, carry_over=carry_over).want(*wanted).run()
    units = {wish.ordinal: wish.units for wish in wanted}
    assert sorted(bench.grants()) == sorted(
        (minute, k, unit) for k, minute in expected.items() for unit in range(units[k])
    )


# -- By hand ---------------------------------------------------------------------------------------


def test_a_table_by_hand_of_two_orders_over_four_years():
    """3 slots in the broken year, then 2 a year. a wants 2 units of 2 slots, b one of 1.

    Minute 10: a's first unit, and the third slot is set aside. 20: b waits behind a. 100: one of
    two completes a's second unit, the other is b's. Deliveries take 7.
    """
    bench = Bench([(0, 3), (100, 2), (200, 2), (300, 2)])
    bench.want(Wish(1, 20), Wish(0, 10, units=2, slots_per_unit=2)).run()
    assert bench.lines() == table("""
        10 a equipment_ordered 4
        10 a slot_granted 2
        10 a wait_began equipment_slot
        17 a equipment_delivered
        20 b equipment_ordered 1
        20 b wait_began equipment_slot
        100 a slot_granted #1 2
        100 a wait_ended equipment_slot
        100 b slot_granted 1
        100 b wait_ended equipment_slot
        107 a equipment_delivered #1
        107 b equipment_delivered
    """)
    assert bench.delivered == [(17, 0, 0), (107, 0, 1), (107, 1, 0)]
    last = {row[0]: row[1:] for row in bench.trace()}
    assert last == {
        0: (3, 0, 0, 0),
        10: (3, 2, 2, 1),  # the third slot is set aside
        20: (3, 2, 3, 3),
        100: (3, 3, 0, 0),  # 2 new ones and the one set aside
        200: (2, 0, 0, 0),
        300: (2, 0, 0, 0),
    }


def test_a_unit_larger_than_any_year_fills_up_over_the_years():
    bench = Bench([(0, 1), (100, 2), (200, 2), (300, 2)])
    bench.want(Wish(0, 5, slots_per_unit=5), Wish(1, 5), Wish(2, 250)).run()
    assert bench.grants() == [(200, 0, 0), (300, 1, 0), (300, 2, 0)]


@pytest.mark.parametrize(("carry_over", "granted"), [(True, 150), (False, 200)])
def test_slots_nobody_took_lapse_unless_they_are_carried_over(carry_over, granted):
    bench = Bench([(0, 2), (100, 2), (200, 4)], carry_over=carry_over)
    bench.want(Wish(0, 150, slots_per_unit=4)).run()
    assert bench.grants() == [(granted, 0, 0)]
    capacity = [row[1] for row in bench.trace() if row[0] == 200][-1]
    # Carried: 2 + 2 are used and 4 come. Not carried: 2 are set aside, 4 come.
    assert capacity == (4 if carry_over else 6)


def test_an_order_at_midnight_of_the_new_year_takes_the_new_slots():
    bench = Bench([(0, 1), (100, 1)]).want(Wish(0, 100), Wish(1, 100)).run()
    assert bench.grants() == [(100, 0, 0)]


def test_a_smaller_whole_order_passes_one_that_does_not_fit_but_no_unit_overtakes():
    wanted = Wish(0, 10, units=3), Wish(1, 20, units=2), Wish(2, 30)
    years = [(0, 2), (100, 2), (200, 3)]
    whole = Bench(years, whole_orders=True).want(*wanted).run()
    # The 2 of the first year are b's; c has one in the second, a its three in the third.
    assert whole.grants() == [(20, 1, 0), (20, 1, 1), (100, 2, 0), *((200, 0, k) for k in range(3))]
    by_unit = Bench(years).want(*wanted).run()
    assert [g[:2] for g in by_unit.grants()] == [
        (10, 0), (10, 0), (100, 0), (100, 1), (200, 1), (200, 2)
    ]  # fmt: skip


def test_of_orders_in_one_minute_the_lower_ordinal_comes_first():
    bench = Bench([(0, 1), (100, 1), (200, 1)]).want(Wish(2, 9), Wish(0, 9), Wish(1, 9))
    # Orders, deliveries, new years, and one allocation for all orders of a minute.
    assert sum(1 for _ in bench.steps()) == 3 + 3 + 2 + 3
    assert bench.grants() == [(9, 0, 0), (100, 1, 0), (200, 2, 0)]


@pytest.mark.parametrize("whole_orders", [False, True])
def test_reserved_slots_go_to_their_project_wherever_it_stands_and_to_nobody_else(whole_orders):
    """No open slot until 200. a waits ahead of b; b has one reserved, two more from 100.

    b's two units come when they are reserved, by unit from the first on; what b does not need
    stays reserved and a, ahead in the queue, does not get it.
    """
    bench = Bench([(0, 0), (100, 0), (200, 1), (300, 0)], whole_orders=whole_orders)
    bench.reserve(0, 1, 1).reserve(100, 1, 2).want(Wish(0, 10), Wish(1, 20, units=2)).run()
    first = 100 if whole_orders else 20
    assert bench.grants() == [(first, 1, 0), (100, 1, 1), (200, 0, 0)]
    assert bench.maker.reserved == {1: 1}
    capacity = {row[0]: row[1] for row in bench.trace()}
    assert capacity == {
        0: 1, 10: 1, 20: 1, 100: 3 if whole_orders else 2, 200: 2, 300: 1
    }  # fmt: skip


def test_reserved_slots_are_used_before_open_ones():
    bench = Bench([(0, 1), (100, 0)]).reserve(0, 0, 1).want(Wish(0, 10), Wish(1, 10)).run()
    assert bench.grants() == [(10, 0, 0), (10, 1, 0)]


def test_what_was_set_aside_and_then_not_needed_is_open_again_at_once():
    """One slot is set aside for a's unit of two; two reserved ones come and b has the one."""
    bench = Bench([(0, 1), (100, 0)]).reserve(50, 0, 2)
    bench.want(Wish(0, 10, slots_per_unit=2), Wish(1, 20)).run()
    assert bench.grants() == [(50, 0, 0), (50, 1, 0)]


@given(wishes, yearly, st.booleans(), st.integers(1, 4), st.integers(0, 300))
def test_a_project_with_all_its_slots_reserved_neither_waits_nor_holds_anybody_up(
    wanted, years, whole_orders, units, minute
):
    def others(bench: Bench) -> list[tuple[int, int, int]]:
        return [grant for grant in bench.grants() if grant[1] != 9]

    alone = Bench(years, whole_orders=whole_orders).want(*wanted).run()
    bench = Bench(years, whole_orders=whole_orders).reserve(0, 9, units)
    bench.want(*wanted, Wish(9, minute, units)).run()
    assert [grant for grant in bench.grants() if grant[1] == 9] == [
        (minute, 9, unit) for unit in range(units)
    ]
    assert others(bench) == others(alone)


def test_reserved_slots_too_few_for_a_unit_do_not_help_it_overtake():
    """b has one of the two slots its unit takes. The slot of year 100 is a's, that of 200 b's."""
    bench = Bench([(0, 0), (100, 1), (200, 1)]).reserve(0, 1, 1)
    bench.want(Wish(0, 10), Wish(1, 20, slots_per_unit=2)).run()
    assert bench.grants() == [(100, 0, 0), (200, 1, 0)]


def test_slots_reserved_in_one_minute_are_granted_in_the_order_of_the_queue():
    bench = Bench([(0, 0), (100, 0)]).want(Wish(0, 30), Wish(1, 20), Wish(2, 30))
    bench.reserve(100, 2, 1).reserve(100, 0, 1).reserve(100, 1, 1).run()
    assert bench.grants() == [(100, 1, 0), (100, 0, 0), (100, 2, 0)]


def test_an_order_of_the_same_minute_that_comes_after_the_allocation_has_its_place_by_ordinal():
    """b's unit of 2 finds one slot; a orders in the same minute, born of a payment after that."""
    bench = Bench([(0, 1), (100, 1)])
    bench.at(10, Turn.MONEY, 9, Kind.CALL_PAID, 0, partial(bench.want, Wish(0, 10)))
    bench.want(Wish(1, 10, slots_per_unit=2)).run()
    assert bench.grants() == [(10, 0, 0)]
    assert bench.maker.left == 1


def test_one_project_has_machines_of_two_makers_in_one_minute():
    bench = Bench([(0, 1)]).want(Wish(0, 10))
    other = Maker(bench.clock, bench.record, [100], 5, 4, 1, ORDERING["by_unit"])
    note = partial(bench.delivered.append, (-1, 0, 0))
    order = partial(other.order, 0, 1, 1, 7, lambda _: note())
    bench.at(10, Turn.PAYMENT, 0, Kind.CALL_PAID, 1, order)
    assert bench.run().delivered == [(17, 0, 0), (-1, 0, 0)]


def test_cancelling_the_first_in_the_queue_gives_what_was_set_aside_to_the_next():
    """a has one unit and one slot towards the second. Cancelled before delivery: none comes."""
    bench = Bench([(0, 3), (100, 0)]).cancel(15, 0)
    bench.want(Wish(0, 10, units=2, slots_per_unit=2), Wish(1, 12), Wish(2, 12)).run()
    assert bench.lines() == table("""
        10 a equipment_ordered 4
        10 a slot_granted 2
        10 a wait_began equipment_slot
        12 b equipment_ordered 1
        12 c equipment_ordered 1
        12 b wait_began equipment_slot
        12 c wait_began equipment_slot
        15 a wait_ended equipment_slot
        15 b slot_granted 1
        15 b wait_ended equipment_slot
        22 b equipment_delivered
    """)
    assert bench.trace()[-1] == (100, 0, 0, 1, 3)


def test_an_order_cancelled_in_its_own_minute_never_waits():
    bench = Bench([(0, 1), (100, 1)]).cancel(10, 0).want(Wish(0, 10, units=2), Wish(1, 20)).run()
    assert bench.lines()[:2] == ["10 a equipment_ordered 2", "20 b equipment_ordered 1"]
    assert bench.grants() == [(20, 1, 0)]


def test_cancelling_what_was_never_ordered_or_is_cancelled_already_changes_nothing():
    bench = Bench([(0, 1)])
    bench.maker.cancel(0)
    bench.want(Wish(1, 10)).cancel(11, 1).run()
    bench.maker.cancel(1)
    assert len(bench.trace()) == 3 and not bench.delivered  # noqa: PT018


def test_an_order_on_record_gets_its_slots_after_the_as_of_date_and_keeps_its_place():
    """As-of date in minute 50. a has one reserved and takes both open ones; its last in 100."""
    bench = Bench([(0, 2), (100, 2)], open_minute=50).reserve(0, 0, 1)
    bench.want(Wish(0, 10, units=4), Wish(1, 50), Wish(2, 100, units=2)).run()
    assert bench.grants() == [*((50, 0, k) for k in range(3)), (100, 0, 3), (100, 1, 0)]
    assert bench.lines()[0] == "10 a equipment_ordered recorded 4"


def test_an_order_on_record_of_an_unlimited_maker_too_gets_its_slot_after_the_as_of_date():
    bench = Bench([(0, inf)], open_minute=50).want(Wish(0, 10, delivery=7)).run()
    assert bench.grants() == [(50, 0, 0)]
    assert bench.delivered == [(57, 0, 0)]


def test_unlimited_slots_are_there_at_once_and_nobody_waits():
    bench = Bench([(0, inf), (100, inf)]).want(Wish(0, 10, units=3), Wish(1, 10, units=9)).run()
    assert {minute for minute, _, _ in bench.grants()} == {10}
    assert not any("wait" in line for line in bench.lines())
    assert bench.trace()[-2:] == [(10, inf, 12, 0, 0), (100, inf, 0, 0, 0)]


def test_a_delivery_of_no_length_comes_in_the_minute_of_its_slot():
    bench = Bench([(0, 1)]).want(Wish(0, 10, delivery=0)).run()
    assert bench.delivered == [(10, 0, 0)]


def test_a_project_orders_once_and_something():
    bench = Bench([(0, 1)])
    with pytest.raises(ModelError, match="orders 0 units of 1 slots of resource 5"):
        bench.maker.order(0, 0, 1, 7, lambda _: None)
    bench.maker.order(0, 1, 1, 7, lambda _: None)
    with pytest.raises(ModelError, match="one order of at least one unit and slot is accepted"):
        bench.maker.order(0, 1, 1, 7, lambda _: None)


# -- Laws ------------------------------------------------------------------------------------------


@given(
    wishes,
    yearly,
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 7), st.integers(0, 3)), max_size=5,
             unique_by=lambda row: row[1]),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 7)), max_size=4,
             unique_by=lambda row: row[1]),
)  # fmt: skip
def test_slots_are_never_lost_made_up_or_granted_twice(
    wanted, years, whole_orders, carry_over, reserved, cancelled
):
    bench = Bench(years, whole_orders=whole_orders, carry_over=carry_over).want(*wanted)
    for row in reserved:
        bench.reserve(*row)
    for row in cancelled:
        bench.cancel(*row)
    maker = bench.maker
    for _ in bench.steps():
        parts = (maker.left, *maker.reserved.values())
        assert min(parts) >= 0
        assert maker.capacity - maker.in_use == sum(parts)
        queued = [order for _, _, order in maker.queue]
        assert all(order.wanting for order in queued)
        assert maker.waiting == sum(order.missing for order in queued)
        assert maker.waiting_cents == sum(order.cents for order in queued)
        assert [row[:2] for row in maker.queue] == sorted(row[:2] for row in maker.queue)
    grants, size = bench.grants(), {wish.ordinal: wish.slots_per_unit for wish in wanted}
    assert len({grant[1:] for grant in grants}) == len(grants)
    by_now = 0
    for minute, ordinal, _ in grants:
        by_now += size[ordinal]
        assert by_now <= sum(n for start, n in years if start <= minute) + sum(
            n for start, _, n in reserved if start <= minute
        )
    ends = {ordinal: minute for minute, ordinal in cancelled}
    ordered = {wish.ordinal: wish.minute for wish in wanted}
    for minute, ordinal, unit in grants:
        # A cancellation before the order finds nothing; in the minute of delivery it comes later.
        end = ends.get(ordinal, inf)
        comes = minute + 7 < bench.horizon and (end < ordered[ordinal] or minute + 7 <= end)
        assert ((minute + 7, ordinal, unit) in bench.delivered) == comes
    began = [line for line in bench.lines() if f"wait_began {CAUSES[Cause.EQUIPMENT_SLOT]}" in line]
    assert len(began) == len({line.split()[1] for line in began})
    ended = [line for line in bench.lines() if "wait_ended" in line]
    assert len(began) - len(ended) == sum(order.wanting for order in maker.orders.values())
