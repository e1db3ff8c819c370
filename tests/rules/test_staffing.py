"""What a pool gives, and how sites share it. See docs/model.md, "Staffing rules"."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules import staffing
from sim.rules.staffing import ALIKE, Shares, StaffingView, obtainable

DUST = 1e-9


# -- The market's answer: P = min(D, max(S - O, S w D / (O + w D))) --------------------------------


Needs = Sequence[Sequence[int]]


def fair_share(needs: Needs, supply: Sequence[float]) -> Shares:
    return staffing.fair_share(StaffingView(needs, supply))


def priority(
    needs: Needs, minimum: float, supply: Sequence[float], crewed: Sequence[bool]
) -> Shares:
    return staffing.priority(StaffingView(needs, supply, crewed, minimum))


def first_come_full_crew(needs: Needs, supply: Sequence[float], crewed: Sequence[bool]) -> Shares:
    return staffing.first_come_full_crew(StaffingView(needs, supply, crewed))


def programme_gets(people: float, others: float, wanted: float, weight: float = 1.0) -> float:
    return min(wanted, obtainable(people, others, wanted, weight))


@pytest.mark.parametrize(
    ("people", "gets"),
    [
        (1_099, 1_099 * 100 / 1_100),  # S = O + D - 1: all are short by one part in 1,100
        (1_100, 100),  # S = O + D
        (1_101, 100),  # S = O + D + 1: one stays idle
        (0, 0),
        (550, 50),  # half of what all want: half
    ],
)
def test_rationing_around_the_point_where_supply_meets_demand(people, gets):
    """O = 1,000 and D = 100."""
    assert programme_gets(people, 1_000, 100) == pytest.approx(gets, rel=1e-12)


def test_a_pool_nobody_else_wants_gives_all_it_has():
    assert programme_gets(60, 0, 100) == 60
    assert programme_gets(60, 0, 60) == 60
    assert programme_gets(60, 0, 10) == 10
    assert obtainable(60, 0, 0) == 60


def test_an_unlimited_pool_gives_whatever_is_wanted():
    assert obtainable(inf, 0, 100) == inf
    assert programme_gets(inf, 1e9, 100) == 100


def test_a_bid_of_double_weight_counts_double():
    """S = 150, O = 100, D = 100: 150 x 200 / 300 = 100, all of it; weight 1 gets 75."""
    assert programme_gets(150, 100, 100, weight=2) == 100
    assert programme_gets(150, 100, 100) == 75


people = st.floats(0, 1e7)


@settings(derandomize=True)
@given(people, people, people, st.floats(0.1, 10))
def test_the_programme_gets_no_more_than_it_wants_or_there_are(supply, others, wanted, weight):
    gets = programme_gets(supply, others, wanted, weight)
    assert 0 <= gets <= wanted
    assert gets <= supply * (1 + DUST)


@settings(derandomize=True)
@given(people, people, people)
def test_at_weight_one_a_shortage_falls_on_all_alike(supply, others, wanted):
    gets = programme_gets(supply, others, wanted)
    if supply >= others + wanted:
        assert gets == pytest.approx(wanted)
    else:
        assert gets == pytest.approx(supply * wanted / (others + wanted))


@settings(derandomize=True)
@given(people, people, people, st.floats(0, 1e6))
def test_more_people_or_more_demand_never_mean_fewer_of_them(supply, others, wanted, more):
    gets = programme_gets(supply, others, wanted)
    assert programme_gets(supply + more, others, wanted) >= gets * (1 - DUST)
    assert programme_gets(supply, others, wanted + more) >= gets * (1 - DUST)
    assert programme_gets(supply, others + more, wanted) <= gets * (1 + DUST) + DUST


# -- Sharing inside the programme ------------------------------------------------------------------


def test_two_crafts_are_filled_until_each_binds():
    """By hand: crafts of 60 and 100. E wants (60, 0), B (60, 60), P (0, 100).

    The first craft binds at 60 / 120 = 1/2: E and B freeze. P rises to (100 - 30) / 100 = 0.7.
    """
    rates, limits = fair_share([[60, 0], [60, 60], [0, 100]], [60, 100])
    assert rates == pytest.approx([0.5, 0.5, 0.7])
    assert limits == [0, 0, 1]


def test_a_craft_is_named_only_where_the_next_of_its_own_is_looser_by_half_a_point():
    """By hand: 60 of 100, 60.4 of 100 and 61 of 100. A uses the first two, B the first and third.

    All bind at 0.6. The second craft would at 0.604: no name for A. B's other would at 0.61.
    """
    needs, supply = [[50, 100, 0], [50, 0, 100]], [60, 60.4, 61]
    assert fair_share(needs, supply) == ([0.6, 0.6], [ALIKE, 0])
    assert fair_share([[100, 100], [0, 100]], [60, 200]) == ([0.6, 1.0], [0, -1])


def test_three_crafts_bind_one_after_another():
    """By hand: 10, 40 and 90 people; a (40, 0, 0), b (0, 40, 40), c (0, 40, 0), d (0, 0, 80).

    1/4 for a; then the second craft, 40 / 80 = 1/2, for b and c; d rises to (90 - 20) / 80 = 7/8.
    """
    needs = [[40, 0, 0], [0, 40, 40], [0, 40, 0], [0, 0, 80]]
    rates, limits = fair_share(needs, [10, 40, 90])
    assert rates == pytest.approx([0.25, 0.5, 0.5, 0.875])
    assert limits == [0, 1, 1, 2]


def test_who_wants_nothing_runs_at_full_rate_and_an_empty_craft_stops_its_users():
    assert fair_share([[0, 0], [5, 0], [5, 5]], [0, 100]) == ([1.0, 0.0, 0.0], [-1, 0, 0])
    assert fair_share([], [1.0]) == ([], [])


@st.composite
def sharing(draw: st.DrawFn) -> tuple[list[list[int]], list[float]]:
    """Needs of groups by craft, and supply: some tight, some ample, some without limit."""
    crafts = draw(st.integers(1, 4))
    row = st.lists(st.just(0) | st.integers(1, 1000), min_size=crafts, max_size=crafts)
    needs = draw(st.lists(row, min_size=1, max_size=6))
    one = st.integers(0, 3000).map(float) | st.just(inf) | st.floats(0, 2000)
    return needs, draw(st.lists(one, min_size=crafts, max_size=crafts))


def used(needs: list[list[int]], rates: list[float], craft: int) -> float:
    return sum(need[craft] * rate for need, rate in zip(needs, rates, strict=True))


@settings(derandomize=True, max_examples=300)
@given(sharing())
def test_no_craft_gives_more_than_it_has_and_no_site_gets_more_than_it_needs(case):
    needs, supply = case
    rates, _ = fair_share(needs, supply)
    assert all(0 <= rate <= 1 for rate in rates)
    for craft, limit in enumerate(supply):
        assert used(needs, rates, craft) <= limit * (1 + DUST) + DUST


@settings(derandomize=True, max_examples=300)
@given(sharing())
def test_everybody_works_at_full_rate_when_supply_suffices(case):
    needs, supply = case
    ample = [max(limit, sum(need[p] for need in needs)) for p, limit in enumerate(supply)]
    assert fair_share(needs, ample) == ([1.0] * len(needs), [-1] * len(needs))


@settings(derandomize=True, max_examples=300)
@given(sharing())
def test_nobody_can_be_raised_without_lowering_another_who_has_no_more(case):
    """Max-min fair: who is below 1 uses a craft that is spent, in which nobody has a higher rate.

    Source: Bertsekas & Gallager, Data Networks (1992), section 6.5.2, the bottleneck property.
    """
    needs, supply = case
    rates, _ = fair_share(needs, supply)
    for need, rate in zip(needs, rates, strict=True):
        if rate < 1:
            assert any(
                need[p]
                and used(needs, rates, p) >= limit - DUST * (1 + limit)
                and all(r <= rate + DUST for n, r in zip(needs, rates, strict=True) if n[p])
                for p, limit in enumerate(supply)
            )


def filled(needs: list[list[int]], supply: list[float]) -> list[Fraction]:
    """Progressive filling again, exact and by the text: raise everybody until somebody stops."""
    limits = {p: Fraction(limit) for p, limit in enumerate(supply) if limit < inf}
    rates = [Fraction(0) if any(need) else Fraction(1) for need in needs]
    rising = {g for g, need in enumerate(needs) if any(need)}
    while rising:
        spent = {p: sum(n[p] * r for n, r in zip(needs, rates, strict=True)) for p in limits}
        room = [1 - rates[g] for g in rising]
        for p, limit in limits.items():
            pull = sum(needs[g][p] for g in rising)
            if pull:
                room.append((limit - spent[p]) / pull)
        for g in rising:
            rates[g] += min(room)
        spent = {p: sum(n[p] * r for n, r in zip(needs, rates, strict=True)) for p in limits}
        full = {p for p, limit in limits.items() if spent[p] == limit}
        rising = {g for g in rising if rates[g] < 1 and not any(needs[g][p] for p in full)}
    return rates


@settings(derandomize=True, max_examples=300)
@given(sharing())
def test_the_rates_are_those_of_progressive_filling_in_fractions(case):
    needs, supply = case
    exact = [float(rate) for rate in filled(needs, supply)]
    assert fair_share(needs, supply)[0] == pytest.approx(exact, rel=1e-9, abs=1e-9)


@settings(derandomize=True)
@given(sharing(), st.randoms(use_true_random=False))
def test_the_order_of_sites_does_not_matter(case, random):
    needs, supply = case
    order = list(range(len(needs)))
    random.shuffle(order)
    rates, _ = fair_share(needs, supply)
    again, _ = fair_share([needs[g] for g in order], supply)
    assert again == pytest.approx([rates[g] for g in order], rel=1e-9, abs=1e-9)


@settings(derandomize=True, max_examples=300)
@given(sharing())
def test_what_limits_a_group_is_a_craft_it_uses_that_is_spent(case):
    needs, supply = case
    rates, limits = fair_share(needs, supply)
    check_limits(needs, supply, rates, limits)


def check_limits(
    needs: list[list[int]], supply: list[float], rates: list[float], limits: list[int]
) -> None:
    """-1 exactly at full rate; else a craft the group uses, with nothing left, or alike."""
    for need, rate, craft in zip(needs, rates, limits, strict=True):
        assert (craft == -1) == (rate == 1)
        if craft >= 0:
            assert need[craft] > 0
            assert used(needs, rates, craft) >= supply[craft] - DUST * (1 + supply[craft])


# -- Priority: minima down the ranking, then the rest down the ranking -----------------------------


def test_a_high_newcomer_pushes_lower_ranks_down_to_their_minimum_and_no_further():
    """By hand: 100 people, everybody wants 60, minimum 1/2.

    B and C at work share 60 + 40. A comes, ranked first: minima 30 each make 90, A gets the 10 left
    on top of its 30: 2/3. A fourth, D, ranked first too, finds 100 - 90 = 10 < 30 and waits.
    """
    works, comes = True, False
    both, limits = priority([[60], [60]], 0.5, [100], [works, works])
    assert both == pytest.approx([1, 2 / 3])
    assert limits == [-1, 0]
    three, limits = priority([[60]] * 3, 0.5, [100], [comes, works, works])
    assert three == pytest.approx([2 / 3, 0.5, 0.5])
    assert limits == [0, 0, 0]
    four, _ = priority([[60]] * 4, 0.5, [100], [comes, works, works, works])
    assert four == pytest.approx([0, 2 / 3, 0.5, 0.5])


def test_when_the_minima_of_those_at_work_are_not_there_the_lowest_rank_loses_its_crew():
    """By hand: 70 people, minima of 30: two of three keep theirs; the 10 left go to the first."""
    rates, limits = priority([[60]] * 3, 0.5, [70], [True] * 3)
    assert rates == pytest.approx([2 / 3, 0.5, 0])
    assert limits == [0, 0, 0]


def test_a_newcomer_without_the_minimum_of_one_craft_takes_none_of_another():
    """By hand: crafts of 20 and 100, minimum 1/2. A wants (60, 60): 30 of 20 is not there. B wants
    (20, 0) and C (0, 160): B has all it wants, C gets 80 and then the other 20: 100 / 160."""
    rates, limits = priority([[60, 60], [20, 0], [0, 160]], 0.5, [20, 100], [False] * 3)
    assert rates == pytest.approx([0, 1, 0.625])
    assert limits == [0, -1, 1]


def test_minima_that_add_up_to_the_supply_all_fit():
    """Three tenths of 1, 2, ..., 9 people; supply from a quotient, a hair short of their sum."""
    needs = [[n] for n in range(1, 10)]
    supply = [0.3 * 45 * (1 - 1e-13)]
    rates, _ = priority(needs, 0.3, supply, [False] * 9)
    assert rates == pytest.approx([0.3] * 9)


def test_who_wants_nobody_works_at_full_rate_under_every_rule():
    needs, supply = [[5], [0]], [0.0]
    assert priority(needs, 0.5, supply, [False] * 2) == ([0, 1], [0, -1])
    assert first_come_full_crew(needs, supply, [False] * 2) == ([0, 1], [0, -1])
    assert priority([], 0.5, supply, []) == ([], [])
    assert first_come_full_crew([], supply, []) == ([], [])


@st.composite
def at_work(draw: st.DrawFn) -> tuple[list[list[int]], list[float], list[bool], float]:
    needs, supply = draw(sharing())
    flags = st.lists(st.booleans(), min_size=len(needs), max_size=len(needs))
    return needs, supply, draw(flags), draw(st.sampled_from([0.01, 0.3, 0.5, 1.0]))


@settings(derandomize=True, max_examples=200)
@given(at_work())
def test_by_priority_nobody_works_below_the_minimum_and_no_craft_gives_more_than_it_has(case):
    needs, supply, incumbent, minimum = case
    rates, limits = priority(needs, minimum, supply, incumbent)
    assert all(rate == 0 or minimum <= rate <= 1 for rate in rates)
    for craft, limit in enumerate(supply):
        assert used(needs, rates, craft) <= limit * (1 + 2 * DUST)
    for need, rate, craft in zip(needs, rates, limits, strict=True):
        assert (craft == -1) == (rate == 1)
        assert craft < 0 or need[craft] > 0


@settings(derandomize=True, max_examples=200)
@given(at_work())
def test_by_priority_those_at_work_keep_their_minimum_when_the_supply_covers_all_their_minima(case):
    needs, supply, incumbent, minimum = case
    mine = [need for need, works in zip(needs, incumbent, strict=True) if works]
    covered = [max(s, sum(need[p] for need in mine)) for p, s in enumerate(supply)]
    rates, _ = priority(needs, minimum, covered, incumbent)
    assert all(rate >= minimum for rate, works in zip(rates, incumbent, strict=True) if works)


@settings(derandomize=True, max_examples=200)
@given(at_work())
def test_by_priority_nobody_admitted_is_short_while_its_crafts_have_people_left(case):
    """Nor does anybody wait who could have a minimum of what is left in the end."""
    needs, supply, incumbent, minimum = case
    rates, limits = priority(needs, minimum, supply, incumbent)
    left = [limit - used(needs, rates, p) for p, limit in enumerate(supply)]
    for need, rate, craft in zip(needs, rates, limits, strict=True):
        if 0 < rate < 1:
            spent = [left[p] <= 2 * DUST * (1 + supply[p]) for p, n in enumerate(need) if n]
            assert left[craft] <= 2 * DUST * (1 + supply[craft]) if craft >= 0 else any(spent)
        elif rate == 0:
            assert any(minimum * n > left[p] for p, n in enumerate(need) if n)


@settings(derandomize=True, max_examples=200)
@given(at_work())
def test_by_priority_of_two_alike_the_higher_rank_has_no_lower_rate(case):
    """Alike: the same needs, and both at work or both new."""
    needs, supply, incumbent, minimum = case
    rates, _ = priority([*needs, *needs], minimum, supply, [*incumbent, *incumbent])
    for higher, lower in zip(rates[: len(needs)], rates[len(needs) :], strict=True):
        assert higher >= lower - DUST


# -- First come, first served, by whole crews ------------------------------------------------------


def test_first_come_gives_whole_crews_and_nobody_overtakes_in_a_craft_that_is_waited_for():
    """By hand: crafts of 100 and 100. A holds (60, 0). B wants (60, 20): 40 < 60, so it waits for
    the first craft. C wants (10, 10) and would fit, but uses it too. D wants (0, 100) and starts,
    for B does not wait for the second craft. E wants (0, 10): nothing is left of it."""
    needs = [[60, 0], [60, 20], [10, 10], [0, 100], [0, 10]]
    rates, limits = first_come_full_crew(needs, [100, 100], [True] + [False] * 4)
    assert rates == [1, 0, 0, 1, 0]
    assert limits == [-1, 0, 0, -1, 1]


def test_who_has_a_crew_keeps_it_when_the_supply_shrinks_below_what_is_held():
    """By hand: 50 left of 100, of which A and C hold 40 each; B's 10 have to wait."""
    rates, limits = first_come_full_crew([[40], [10], [40]], [50], [True, False, True])
    assert rates == [1, 0, 1]
    assert limits == [-1, 0, -1]


def test_a_whole_crew_fits_a_supply_that_is_a_rounding_short_of_it():
    """S = O + D: of 768,586.847 people others want all but 825.245, which leaves a hair less."""
    supply = 1000 * obtainable(768_586.847, 768_586.847 - 825.245, 825.245)
    assert 825_245 * (1 - 1e-12) < supply < 825_245
    assert first_come_full_crew([[825_245]], [supply], [False]) == ([1], [-1])


@settings(derandomize=True, max_examples=200)
@given(at_work())
def test_first_come_grants_whole_crews_of_what_is_left_by_those_who_hold(case):
    needs, supply, held, _ = case
    rates, limits = first_come_full_crew(needs, supply, held)
    assert all(rate in (0, 1) for rate in rates)
    assert all(rate == 1 for rate, holds in zip(rates, held, strict=True) if holds)
    new = [0.0 if holds else rate for rate, holds in zip(rates, held, strict=True)]
    kept = [float(holds) for holds in held]
    for craft, limit in enumerate(supply):
        if used(needs, new, craft):
            assert used(needs, new, craft) + used(needs, kept, craft) <= limit * (1 + 2 * DUST)
    for need, rate, craft in zip(needs, rates, limits, strict=True):
        assert (craft < 0) == (rate == 1)
        assert craft < 0 or need[craft] > 0


@settings(derandomize=True, max_examples=200)
@given(at_work())
def test_first_come_lets_nobody_wait_but_for_a_craft_that_is_short_or_waited_for(case):
    """Down the queue, exactly: each waits if a craft it uses has too few left, or is waited for."""
    needs, supply, held, _ = case
    rates, _ = first_come_full_crew(needs, supply, held)
    kept = [float(holds) for holds in held]
    left = [limit - used(needs, kept, p) for p, limit in enumerate(supply)]
    closed: set[int] = set()
    if all(used(needs, [1.0] * len(needs), p) <= limit for p, limit in enumerate(supply)):
        assert rates == [1.0] * len(needs)
        return
    for need, rate, holds in zip(needs, rates, held, strict=True):
        if holds:
            continue
        short = {p for p, n in enumerate(need) if n and n > left[p] + DUST * supply[p]}
        mine = {p for p, n in enumerate(need) if n}
        assert (rate == 0) == bool(short | (mine & closed))
        if rate:
            left = [there - n for there, n in zip(left, need, strict=True)]
        closed |= short


@settings(derandomize=True)
@given(at_work())
def test_with_enough_for_all_the_three_rules_agree(case):
    needs, supply, works, minimum = case
    ample = [max(limit, sum(need[p] for need in needs)) for p, limit in enumerate(supply)]
    everybody = [1.0] * len(needs), [-1] * len(needs)
    assert priority(needs, minimum, ample, works) == everybody
    assert first_come_full_crew(needs, ample, works) == everybody


@pytest.mark.parametrize(("second", "limit"), [(500.0, ALIKE), (600.0, 0)])
def test_by_priority_too_a_craft_is_named_only_where_it_is_clearly_tightest(second, limit):
    assert priority([[1000, 1000]], 0.1, [500.0, second], [False]) == ([0.5], [limit])
