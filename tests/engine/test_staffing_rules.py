"""Sites put to work and taken off by hand, and the staffing rules between them.

See docs/model.md, "Construction".

Most of this drives a clock and sites alone. Rates are powers of two where an independent recursion
must agree to the minute: the engine's clock is then exact.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hand_runs import DAY, bare_tree, constant, pipeline, run

from sim.engine.clock import Clock
from sim.engine.courses import ONE, Group, Site
from sim.engine.market import crew_waits
from sim.engine.record import Recorder
from sim.engine.sites import Sites
from sim.events import Cause, Kind
from sim.events.turns import Step, Turn
from sim.rules.staffing import Shares, StaffingView, fair_share, first_come_full_crew, priority

Rows = list[tuple[Any, ...]]


class Yard:
    """Sites of one pool or two under a rule, and what they do at which minute."""

    def __init__(self, rationing: Callable[..., Shares], pools: int = 1, **settings: Any) -> None:
        self.clock = Clock()
        self.reached: list[tuple[int, int, int]] = []  # (minute, ordinal, point)
        self.waits: list[tuple[int, int, bool]] = []  # (minute, ordinal, began)
        self.sites = Sites(self.clock, pools, rationing, waits=self._waited, **settings)
        self.site: dict[int, Site] = {}
        self.orders = 0

    def _waited(self, ordinal: int, _: int, began: bool) -> None:
        self.waits.append((self.clock.now, ordinal, began))

    def at(self, minute: int, act: Callable[[], Any], turn: Turn = Turn.DAY_CLOSE) -> None:
        self.orders += 1
        self.clock.at(minute, turn, 0, Step.ROUND, self.orders, lambda _: act())

    def build(self, ordinal: int, begin: int, points: Sequence[int], needs: list[int]) -> None:
        """A site that comes at a minute and works through its points."""
        site = self.site[ordinal] = Site(ordinal, needs, points[-1])
        self.at(begin, lambda: self.clock.process(self._life(site, points)))

    def _life(self, site: Site, points: Sequence[int]) -> Generator[Any, Any, None]:
        self.sites.join(site)
        for point in points:
            yield self.sites.reach(site, point)
            site.reached = point
            self.reached.append((self.clock.now, site.ordinal, point))
        self.sites.leave(site)

    def suspend(self, minute: int, ordinal: int, **turn: Turn) -> None:
        self.at(minute, lambda: self._if(True, self.sites.suspend, ordinal), **turn)

    def resume(self, minute: int, ordinal: int, **turn: Turn) -> None:
        self.at(minute, lambda: self._if(False, self.sites.resume, ordinal), **turn)

    def leave(self, minute: int, ordinal: int, **turn: Turn) -> None:
        self.at(minute, lambda: self.sites.leave(self.site[ordinal]), **turn)

    def _if(self, at_work: bool, act: Callable[[Site], None], ordinal: int) -> None:
        site = self.site[ordinal]
        if (site in self.sites.at_work) == at_work and site.reached < site.total:
            act(site)

    def run(self, until: int) -> None:
        self.clock.run(until=until)
        self.sites.close(until)

    def stretches(self, ordinal: int) -> Rows:
        """(start, end, progress at both ends) of a site."""
        return [row[2:6] for row in self.sites.stretches if row[0] == ordinal]

    def clock_of(self, ordinal: int) -> Rows:
        """(minute, limit) at which a clock of a site apart changed: the last of each minute."""
        own = self.site[ordinal].group.number
        rows = {row[1]: row[3] for row in self.sites.clock_rows if row[0] == own}
        return list(rows.items())


def halved(groups: Sequence[Group]) -> Shares:
    """One site alone is quick; each further one halves the rate of all."""
    rate = 2.0 ** -max(0, sum(group.needs[0] for group in groups) - 1)
    return [rate] * len(groups), [-1 if rate == 1 else 0] * len(groups)


def shared(supply: Sequence[float]) -> Callable[..., Shares]:
    return lambda groups: fair_share(StaffingView([g.needs for g in groups], supply))


# -- Suspended and resumed -------------------------------------------------------------------------


def test_a_suspended_site_stands_still_and_its_moment_fires_when_the_work_is_done():
    """By hand: 100 minutes of work, off from minute 30 to minute 50: built at 120."""
    yard = Yard(halved)
    yard.build(0, 0, [100], [1])
    yard.suspend(30, 0)
    yard.resume(50, 0)
    seen: list[float] = []
    for minute in (15, 40, 60):
        yard.at(minute, lambda: seen.append(yard.sites.progress(yard.site[0])))
    yard.run(1000)
    assert yard.reached == [(120, 0, 100)]
    assert yard.stretches(0) == [(0, 30, 0.0, 0.3), (50, 120, 0.3, 1.0)]
    assert seen == [0.15, 0.3, 0.4]


def test_two_sites_share_until_one_is_suspended():
    """By hand, a pool of one crew for two: rate 1/2 each until minute 31, when B has done 15.5.

    A alone does the 84.5 left by 115.5, so in minute 116. B comes back at 101, when A has done
    85.5: the 14.5 left take A 29 minutes, until 130, at rate 1/2. B has then done 30, and is alone.
    """
    yard = Yard(shared([1.0]))
    yard.build(0, 0, [100], [1])
    yard.build(1, 0, [100], [1])
    yard.suspend(31, 1)
    yard.resume(101, 1)
    yard.run(1000)
    assert yard.reached == [(130, 0, 100), (200, 1, 100)]
    assert yard.stretches(1) == [(0, 31, 0.0, 0.155), (101, 200, 0.155, 1.0)]


def test_a_site_that_leaves_while_suspended_is_gone_and_its_moment_never_fires():
    yard = Yard(halved)
    yard.build(0, 0, [100], [1])
    yard.suspend(30, 0)
    yard.leave(40, 0)
    yard.leave(50, 0)  # a second time: nothing is left to take off
    yard.run(1000)
    assert yard.reached == []
    assert yard.stretches(0) == [(0, 30, 0.0, 0.3)]
    assert not yard.sites.at_work
    assert all(not any(group.needs) for group in yard.sites.groups.values())


@pytest.mark.parametrize("turn", [Turn.DAY_CLOSE, Turn.CAPACITY, Turn.COMPLETION])
@pytest.mark.parametrize("minute", [37, 100])
def test_a_site_that_leaves_in_mid_stretch_stands_where_it_is_and_its_moment_never_fires(
    minute, turn
):
    """In the very minute of its end too, if it leaves before that minute's completions."""
    yard = Yard(halved)
    yard.build(3, 0, [100], [1])
    yard.leave(minute, 3, turn=turn)
    yard.run(1000)
    assert yard.reached == []
    assert yard.stretches(3) == [(0, minute, 0.0, minute / 100)]


@pytest.mark.parametrize("turn", [Turn.DAY_CLOSE, Turn.CAPACITY, Turn.COMPLETION, Turn.PAYMENT])
def test_a_point_reached_in_the_minute_of_a_suspension_is_reached(turn):
    """Its work is done: whether the site is taken off earlier or later in that minute."""
    yard = Yard(halved)
    yard.build(3, 0, [40, 100], [1])
    yard.suspend(40, 3, turn=turn)
    yard.resume(70, 3, turn=turn)
    yard.run(1000)
    assert yard.reached == [(40, 3, 40), (130, 3, 100)]
    assert yard.stretches(3) == [(0, 40, 0.0, 0.4), (70, 130, 0.4, 1.0)]


@pytest.mark.parametrize("first", [Turn.DAY_CLOSE, Turn.COMPLETION])
def test_off_and_on_in_one_minute_changes_nothing(first):
    for minute in (20, 40):
        yard = Yard(halved)
        yard.build(3, 0, [40, 100], [1])
        yard.suspend(minute, 3, turn=first)
        yard.resume(minute, 3, turn=first)
        yard.run(1000)
        assert yard.reached == [(40, 3, 40), (100, 3, 100)]


@pytest.mark.parametrize("act", ["leave", "suspend"])
def test_what_a_crew_does_beyond_a_point_in_its_last_minute_counts_only_if_the_site_goes_on(act):
    """By hand, rate 2/3: the first point, 9 minutes, is reached after 13.5, so in minute 14, when
    9 1/3 are done. A site that stops at the point has done 9, one suspended there 9 1/3. The 12 or
    11 2/3 left to 21 take 18 minutes or 17.5, either way 18."""
    yard = Yard(shared([2.0]))
    site = yard.site[0] = Site(0, [3], 21)

    def life() -> Generator[Any, Any, None]:
        yard.sites.join(site)
        yield yard.sites.reach(site, 9)
        site.reached = 9
        if act == "leave":
            yard.sites.leave(site)
            yield yard.clock.at(30, Turn.PAYMENT, 0, Step.ROUND)
            yard.sites.join(site)
        yield yard.sites.reach(site, 21)
        yard.reached.append((yard.clock.now, 0, 21))
        yard.sites.leave(site)

    yard.clock.process(life())
    if act == "suspend":
        yard.suspend(14, 0, turn=Turn.PAYMENT)
        yard.resume(30, 0)
    yard.run(100)
    done = (9 if act == "leave" else 28 / 3) / 21
    first, second = yard.stretches(0)
    assert first == (0, 14, 0.0, pytest.approx(done, rel=1e-9))
    assert second[:3] == (30, 48, first[3])
    assert yard.reached == [(48, 0, 21)]


def by_the_minute(
    begins: list[int], points: list[list[int]], orders: set[tuple[int, int]], leaves: dict[int, int]
) -> tuple[list[tuple[int, int, int]], dict[int, Fraction]]:
    """The same yard, minute by minute: at each one orders act, then points are reached.

    ``orders`` are (minute, site): off if it is at work, on if not. Returns what was reached, and
    the work done by those who left on the way.
    """
    work = [Fraction(0)] * len(begins)
    here: set[int] = set()
    off: set[int] = set()
    next_point = [0] * len(begins)
    reached, left = [], {}
    for minute in range(4000):
        for k, begin in enumerate(begins):
            if minute == begin:
                here.add(k)
            if (minute, k) in orders and k in here:
                off ^= {k}
            if leaves.get(k) == minute and k in here:
                here.remove(k)
                left[k] = work[k]
        for k in sorted(here):
            while k in here and work[k] >= points[k][next_point[k]]:
                reached.append((minute, k, points[k][next_point[k]]))
                next_point[k] += 1
                if next_point[k] == len(points[k]):
                    here.remove(k)
        crew = here - off
        for k in crew:
            work[k] += Fraction(1, 2 ** (len(crew) - 1))
    return reached, left


minutes = st.integers(0, 120)


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(minutes, st.lists(st.integers(1, 60), min_size=1, max_size=3, unique=True)),
        min_size=1, max_size=4,
    ),
    st.sets(st.tuples(st.integers(1, 200), st.integers(0, 3)), max_size=10),
    st.dictionaries(st.integers(0, 3), st.integers(1, 200), max_size=2),
)  # fmt: skip
def test_sites_taken_off_at_any_minute_reach_their_points_when_a_recursion_by_the_minute_says(
    sites, orders, leaves
):
    begins = [begin for begin, _ in sites]
    points = [sorted(works) for _, works in sites]
    orders = {(m, k) for m, k in orders if k < len(sites) and m > begins[k]}
    leaves = {k: m for k, m in leaves.items() if k < len(sites) and m > begins[k]}
    yard = Yard(halved)
    for k, begin in enumerate(begins):
        yard.build(k, begin, points[k], [1])

    def turn_over(k: int) -> None:
        site = yard.site[k]
        if yard.clock.now >= leaves.get(k, yard.clock.now + 1) or site.reached == site.total:
            return
        (yard.sites.suspend if site in yard.sites.at_work else yard.sites.resume)(site)

    for minute, k in sorted(orders):
        yard.at(minute, partial(turn_over, k))
    for k, minute in leaves.items():
        yard.leave(minute, k)
    yard.run(4000)
    reached, left = by_the_minute(begins, points, orders, leaves)
    assert sorted(yard.reached) == sorted(reached)
    for k, works in enumerate(points):
        rows = yard.stretches(k)
        done = left.get(k, None)
        if done is None and (rows and yard.site[k].reached == works[-1]):
            done = Fraction(works[-1])
        if done is not None:
            gained = sum(end - begin for _, _, begin, end in rows)
            assert gained * works[-1] == pytest.approx(float(done), abs=1e-9)
            assert yard.site[k].work == done * ONE
        for before, after in pairwise(rows):
            assert before[1] <= after[0]
            assert before[3] == after[2]


# -- Priority and first come between sites ---------------------------------------------------------


def seen(groups: Sequence[Group], supply: list[float], minimum: float = 1.0) -> StaffingView:
    """What a rule sees of sites that are each a group by itself."""
    crewed = [group.rate > 0 for group in groups]
    return StaffingView([group.needs for group in groups], supply, crewed, minimum)


def ranked(supply: Sequence[float], minimum: float = 0.5) -> Callable[..., Shares]:
    return lambda groups: priority(seen(groups, supply, minimum))


def queued(supply: Sequence[float]) -> Callable[..., Shares]:
    return lambda groups: first_come_full_crew(seen(groups, supply))


def test_a_site_of_high_rank_pushes_the_others_down_to_their_minimum_until_it_is_built():
    """By hand: 8 people, three sites of 8, minimum 1/4. Site 2 ranks first, then 0, then 1.

    0 works alone at 1, from minute 10 with 1 (that has 1/4) at 3/4. At 20 site 2 comes: 1/2 for it,
    1/4 for the others. It does its 50 minutes by 120. Then 0, with 10 + 7.5 + 25 = 42.5 behind it,
    does the 57.5 left at 3/4 in 76 2/3 minutes: minute 197. 1 has done 2.5 + 25 + 19.25 then, and
    53.25 to do: minute 251.
    """
    yard = Yard(ranked([8.0], 0.25), apart=True, order=[1, 2, 0])
    yard.build(0, 0, [100], [8])
    yard.build(1, 10, [100], [8])
    yard.build(2, 20, [50], [8])
    yard.run(1000)
    assert yard.reached == [(120, 2, 50), (197, 0, 100), (251, 1, 100)]
    assert yard.waits == []
    assert yard.clock_of(0) == [(0, -1), (10, 0), (20, 0), (120, 0), (197, -1), (1000, -1)]
    assert yard.clock_of(2) == [(20, 0), (120, -1), (1000, -1)]


def test_a_site_without_its_minimum_waits_and_says_so_once():
    """By hand: 8 people, sites of 8, minimum 1/2. 0 and 1 share; 2 waits, first rank or not.

    0 and 1 have 1/2 from minute 0 on. At 40 site 1 goes: 0 stays at its minimum, 2 has the rest.
    """
    yard = Yard(ranked([8.0]), apart=True, order=[1, 2, 0])
    yard.build(0, 0, [100], [8])
    yard.build(1, 0, [20], [8])
    yard.build(2, 10, [30], [8])
    yard.at(20, yard.sites.ask)  # another allocation: nothing new to say
    yard.run(1000)
    assert yard.waits == [(10, 2, True), (40, 2, False)]
    assert yard.reached == [(40, 1, 20), (100, 2, 30), (150, 0, 100)]
    assert yard.clock_of(2) == [(10, 0), (40, 0), (100, -1), (1000, -1)]


def test_nobody_overtakes_in_a_craft_that_is_waited_for():
    """By hand: crafts of 10 and 10. 0 has (8, 0) until 50. 1 asks (6, 5) at 10 and waits for the
    first craft; 2 asks (2, 0) at 20 and would fit, but waits behind it; 3 asks (0, 10) at 30 and
    starts, until 60. So at 50 1 waits on, now for the second craft; 2 starts; 1 starts at 60."""
    yard = Yard(queued([10.0, 10.0]), pools=2, apart=True)
    yard.build(0, 0, [50], [8, 0])
    yard.build(1, 10, [40], [6, 5])
    yard.build(2, 20, [40], [2, 0])
    yard.build(3, 30, [30], [0, 10])
    yard.run(1000)
    assert yard.reached == [(50, 0, 50), (60, 3, 30), (90, 2, 40), (100, 1, 40)]
    assert yard.waits == [(10, 1, True), (20, 2, True), (50, 2, False), (60, 1, False)]
    assert yard.clock_of(1) == [(10, 0), (50, 1), (60, -1), (100, -1), (1000, -1)]


def test_a_site_that_stopped_comes_back_at_its_old_place_without_its_crew():
    """By hand, one crew for three: 0 is suspended at 10, so 1 starts. 0 is back at 20, before 2 in
    the queue though 2 has waited since 5. 1 is built at 60, 0 at 150, 2 at 200."""
    yard = Yard(queued([1.0]), apart=True)
    for ordinal, (begin, work) in enumerate([(0, 100), (1, 50), (5, 50)]):
        yard.build(ordinal, begin, [work], [1])
    yard.suspend(10, 0)
    yard.resume(20, 0)
    yard.run(1000)
    assert yard.reached == [(60, 1, 50), (150, 0, 100), (200, 2, 50)]
    assert yard.waits == [
        (1, 1, True), (5, 2, True), (10, 1, False), (20, 0, True), (60, 0, False), (150, 2, False),
    ]  # fmt: skip


@pytest.mark.parametrize("act", ["suspend", "leave"])
def test_a_wait_for_a_crew_ends_with_a_site_that_goes(act):
    yard = Yard(queued([1.0]), apart=True)
    yard.build(0, 0, [100], [1])
    yard.build(1, 10, [100], [1])
    getattr(yard, act)(30, 1)
    yard.leave(40, 1)
    yard.run(1000)
    assert yard.waits == [(10, 1, True), (30, 1, False)]
    assert yard.stretches(1) == [(10, 30, 0.0, 0.0)]
    assert yard.reached == [(100, 0, 100)]


@settings(max_examples=100)
@given(
    st.sampled_from(["priority", "first_come"]),
    st.lists(
        st.tuples(minutes, st.integers(1, 60), st.integers(0, 4), st.integers(0, 4)),
        min_size=1, max_size=5,
    ),
    st.sets(st.tuples(st.integers(1, 200), st.integers(0, 4)), max_size=8),
    st.permutations(range(5)),
)  # fmt: skip
def test_waits_begin_and_end_in_turn_and_everybody_whose_crew_exists_is_built(
    rule, sites, orders, order
):
    """Two crafts of 4: any site's crew fits them, so all are built once all are back."""
    by_rank = rule == "priority"
    rationing = ranked([4.0, 4.0]) if by_rank else queued([4.0, 4.0])
    yard = Yard(rationing, pools=2, apart=True, order=order if by_rank else None)
    for k, (begin, work, *needs) in enumerate(sites):
        yard.build(k, begin, [work], needs)
    for minute, k in sorted(orders):
        if k < len(sites) and minute > sites[k][0]:
            yard.suspend(minute, k)
            yard.resume(minute + 20, k)
    yard.run(4000)
    assert sorted(k for _, k, _ in yard.reached) == list(range(len(sites)))
    for k in range(len(sites)):
        told = [began for _, who, began in yard.waits if who == k]
        assert told == [n % 2 == 0 for n in range(len(told))]
        assert len(told) % 2 == 0
        gained = sum(end - begin for _, _, begin, end in yard.stretches(k))
        assert gained == pytest.approx(1, abs=1e-9)


# -- Through the engine ----------------------------------------------------------------------------


def staffed(rule: str, people: int | str) -> dict[str, Any]:
    """Sites of several sizes that come over two years to one pool."""
    tree = bare_tree()
    sizes = {"kind": "lognormal", "median": 2, "sigma": 0.7}
    tree["pipelines"] = {"p": pipeline(arrivals_per_year=24, maximum=150, cost_usd_bn=sizes)}
    tree["sectors"]["gas"]["construction"].update(
        outcome_months={"kind": "lognormal", "mean": 12, "sigma": 0.6}, nominal_months=12
    )
    pool = tree["capacity"]["specialists"]["pools"]["electrical"]
    pool["unlimited"] = people == "unlimited"
    pool["people_at_start"] = 0 if people == "unlimited" else people
    tree["policy"]["staffing"] = rule
    return tree


RULES = ("fair_share", "priority", "first_come_full_crew")


@pytest.mark.parametrize("people", ["unlimited", 10_000_000])
def test_with_ample_people_the_three_rules_give_the_same_log_and_the_same_stretches(people):
    logs, stretches = [], []
    for rule in RULES:
        it = run(staffed(rule, people))
        sites = it.left.sites
        logs.append(it.lines())
        rows = np.column_stack(
            (sites.project, sites.start, sites.end, sites.start_progress, sites.end_progress)
        )
        stretches.append(rows[np.lexsort(rows.T)].tolist())
        assert set(sites.clock_limit.tolist()) == {-1}
        assert len(stretches[-1]) > 40
    assert logs[0] == logs[1] == logs[2]
    assert stretches[0] == stretches[1] == stretches[2]


def test_with_one_crew_at_a_time_first_come_builds_one_after_the_other():
    """Three sites of 10 days of which each takes everybody: built on days 10, 20 and 30."""
    tree = staffed("first_come_full_crew", 1000)
    tree["pipelines"] = {}
    row = {"name": "P", "kind": "project", "sector": "gas", "source": "test",
           "announced_usd_bn": 1}  # fmt: skip
    tree["portfolio"]["projects"] = {
        name: {**row, "proposed_date": day}
        for name, day in (("A", "2026-01-01"), ("B", "2026-01-02"), ("C", "2026-01-03"))
    }
    gas = tree["sectors"]["gas"]
    gas["construction"].update(outcome_months=constant(10 / 30.4375), nominal_months=12)
    crews = int(run(tree).world.specialists[0, 0]) // 1000
    tree["capacity"]["specialists"]["pools"]["electrical"]["people_at_start"] = crews
    it = run(tree)
    assert it.when(Kind.BUILT) == {"A": 10 * DAY, "B": 20 * DAY, "C": 30 * DAY}
    market = it.left.market
    busy = (market.time >= DAY) & (market.time < 30 * DAY) & (market.time % DAY == 0)
    # The two and three who want a crew, each counted, waiting or not; one crew is out.
    assert market.wanted[busy].tolist() == pytest.approx([2 * crews, 3 * crews, 2 * crews, crews])
    assert market.granted[busy].tolist() == pytest.approx([crews] * 4)


def test_waits_for_a_crew_are_logged_once_and_not_by_a_project_that_is_over():
    """A cancelled project's waits end with it; its site leaves afterwards."""
    yard = Yard(queued([1.0]), apart=True)
    record = Recorder()
    programme = SimpleNamespace(
        record=record, clock=yard.clock, alive=[True] * 3, entity=[10, 11, 12]
    )
    yard.sites.waits = crew_waits(programme)  # type: ignore[arg-type]
    for ordinal in range(3):
        yard.build(ordinal, ordinal, [100], [1])

    def cancelled() -> None:
        programme.alive[1] = False
        record.end_waits(yard.clock.now, 11)
        yard.sites.leave(yard.site[1])

    yard.at(50, cancelled)
    yard.run(1000)
    log = record.event_log()
    assert set(log.cause.tolist()) == {Cause.CREWS_WAITED}
    assert list(zip(log.time.tolist(), log.project.tolist(), log.kind.tolist(), strict=True)) == [
        (1, 11, Kind.WAIT_BEGAN), (2, 12, Kind.WAIT_BEGAN),
        (50, 11, Kind.WAIT_ENDED), (100, 12, Kind.WAIT_ENDED),
    ]  # fmt: skip
