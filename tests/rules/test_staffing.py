"""What a pool gives, and how sites share it. Model section 5."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.staffing import fair_share, obtainable

DUST = 1e-9


# -- The market's answer: P = min(D, max(S - O, S w D / (O + w D))) --------------------------------


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
    assert fair_share([[60, 0], [60, 60], [0, 100]], [60, 100]) == pytest.approx([0.5, 0.5, 0.7])


def test_three_crafts_bind_one_after_another():
    """By hand: 10, 40 and 90 people; a (40, 0, 0), b (0, 40, 40), c (0, 40, 0), d (0, 0, 80).

    1/4 for a; then the second craft, 40 / 80 = 1/2, for b and c; d rises to (90 - 20) / 80 = 7/8.
    """
    needs = [[40, 0, 0], [0, 40, 40], [0, 40, 0], [0, 0, 80]]
    assert fair_share(needs, [10, 40, 90]) == pytest.approx([0.25, 0.5, 0.5, 0.875])


def test_who_wants_nothing_runs_at_full_rate_and_an_empty_craft_stops_its_users():
    assert fair_share([[0, 0], [5, 0], [5, 5]], [0, 100]) == [1.0, 0.0, 0.0]
    assert fair_share([], [1.0]) == []


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
    rates = fair_share(needs, supply)
    assert all(0 <= rate <= 1 for rate in rates)
    for craft, limit in enumerate(supply):
        assert used(needs, rates, craft) <= limit * (1 + DUST) + DUST


@settings(derandomize=True, max_examples=300)
@given(sharing())
def test_everybody_works_at_full_rate_when_supply_suffices(case):
    needs, supply = case
    ample = [max(limit, sum(need[p] for need in needs)) for p, limit in enumerate(supply)]
    assert fair_share(needs, ample) == [1.0] * len(needs)


@settings(derandomize=True, max_examples=300)
@given(sharing())
def test_nobody_can_be_raised_without_lowering_another_who_has_no_more(case):
    """Max-min fair: who is below 1 uses a craft that is spent, in which nobody has a higher rate.

    Source: Bertsekas & Gallager, Data Networks (1992), section 6.5.2, the bottleneck property.
    """
    needs, supply = case
    rates = fair_share(needs, supply)
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
    assert fair_share(needs, supply) == pytest.approx(exact, rel=1e-9, abs=1e-9)


@settings(derandomize=True)
@given(sharing(), st.randoms(use_true_random=False))
def test_the_order_of_sites_does_not_matter(case, random):
    needs, supply = case
    order = list(range(len(needs)))
    random.shuffle(order)
    rates = fair_share(needs, supply)
    again = fair_share([needs[g] for g in order], supply)
    assert again == pytest.approx([rates[g] for g in order], rel=1e-9, abs=1e-9)
