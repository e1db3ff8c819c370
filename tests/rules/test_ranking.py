"""Who comes first, and who is taken from the envelope. Model sections 4.3 and 4.4."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.ranking import (
    Candidates,
    RoundLimits,
    largest_first,
    listed,
    rank,
    smallest_first,
    take,
)
from sim.rules.registry import RANKING

FOUR = Candidates(
    ordinal=np.array([7, 3, 5, 1]),
    commitment_cents=np.array([400, 100, 400, 200]),
    prospects_share=np.array([0.1, 0.3, 0.1, 0.2]),
    japanese_content_share=np.array([0.5, 0.5, 0.1, 0.9]),
    sector=np.array(["gas", "gas", "solar", "solar"]),
    state=np.array(["TX", "OH", "TX", ""]),
    listed_sector=np.zeros(4, np.bool_),
    listed_region=np.zeros(4, np.bool_),
)


@pytest.mark.parametrize(
    ("ranking", "rows"),
    [
        ("first_proposed", [3, 1, 2, 0]),  # ordinals 1, 3, 5, 7
        ("largest_first", [2, 0, 3, 1]),  # 400 twice: ordinal 5 before 7
        ("smallest_first", [1, 3, 2, 0]),
        ("best_prospects", [1, 3, 2, 0]),  # 0.3, 0.2, then 0.1 twice
        ("most_japanese_content", [3, 1, 0, 2]),  # 0.9, then 0.5 twice: ordinal 3 before 7
    ],
)
def test_each_ranking_puts_the_best_first_and_breaks_ties_by_ordinal(ranking, rows):
    assert rank(FOUR, RANKING[ranking]).tolist() == rows


def test_preferred_ones_come_ahead_of_any_ranking_and_are_ranked_among_themselves():
    preferred = replace(FOUR, listed_sector=np.array([True, False, True, False]))
    assert rank(preferred, smallest_first, listed).tolist() == [2, 0, 1, 3]


def test_a_listed_sector_in_a_listed_region_is_not_further_ahead_than_either():
    """Ordinals 7, 5 and 1 have the sector, the region, and both: among them size decides."""
    both = replace(
        FOUR,
        listed_sector=np.array([True, False, False, True]),
        listed_region=np.array([False, False, True, True]),
    )
    assert rank(both, largest_first, listed).tolist() == [2, 0, 3, 1]


def test_an_empty_docket_is_ranked_as_empty():
    none = np.zeros(0, np.int64)
    names, flags = none.astype(str), none.astype(np.bool_)
    empty = Candidates(none, none, none, none, names, names, flags, flags)
    for ranking in RANKING.values():
        assert rank(empty, ranking, listed).tolist() == []


def taken(amounts, limits):
    """Who is taken when nobody is passed over."""
    took, passed_over = take(amounts, lambda row: 0.5, limits)
    assert passed_over == []
    return took


def test_only_who_would_be_taken_can_be_passed_over():
    limits = RoundLimits(10, pass_over_probability=0.4)
    assert take([6, 11, 4], [0.3, 0.3, 0.5].__getitem__, limits) == ([(2, 4)], [0])


def test_a_cap_is_not_scaled_down_to():
    limits = RoundLimits(100, cap_cents=7, does_not_fit="scale_down", scale_down_min_share=0.1)
    assert taken([6, 5, 1], limits) == [(0, 6), (2, 1)]


def test_skip_goes_on_below_what_does_not_fit():
    """10 left: 6 is taken, 5 does not fit, 4 does, and then nothing is left for 1."""
    assert taken([6, 5, 4, 1], RoundLimits(10)) == [(0, 6), (2, 4)]


def test_stop_ends_the_round_at_what_does_not_fit():
    assert taken([6, 5, 4, 1], RoundLimits(10, does_not_fit="stop")) == [(0, 6)]


def scale_down(share: float, **limits: int) -> RoundLimits:
    return RoundLimits(10, does_not_fit="scale_down", scale_down_min_share=share, **limits)


def test_scale_down_gives_the_last_one_what_is_left_and_ends_the_round():
    """5 finds 4, four fifths of it."""
    assert taken([6, 5, 4, 1], scale_down(0.8)) == [(0, 6), (1, 4)]


def test_scale_down_skips_what_would_get_less_than_its_minimum_share():
    """5 finds 4, less than 81 % of it; the 4 behind it fits."""
    assert taken([6, 5, 4, 1], scale_down(0.81)) == [(0, 6), (2, 4)]


def test_scale_down_never_takes_one_down_to_nothing():
    assert taken([10, 5], scale_down(0.0)) == [(0, 10)]


def test_a_round_stops_at_its_cap_in_projects_or_dollars():
    assert taken([1, 1, 1], RoundLimits(10, count=2)) == [(0, 1), (1, 1)]
    assert taken([6, 5, 1], RoundLimits(10, cap_cents=7)) == [(0, 6), (2, 1)]
    assert taken([6, 5, 1], RoundLimits(5, cap_cents=7)) == [(1, 5)]


def test_a_round_ends_with_the_project_that_reaches_its_dollars():
    assert taken([3, 3, 3], RoundLimits(10, reach_cents=4)) == [(0, 3), (1, 3)]
    assert taken([3, 3, 3], RoundLimits(10, reach_cents=3)) == [(0, 3)]
    assert taken([8, 3, 2], RoundLimits(10, reach_cents=9)) == [(0, 8), (2, 2)]


def test_nobodys_disposition_is_read_who_would_not_be_taken():
    """The 11 do not fit, and when the 4 is taken the round is full."""
    read: list[int] = []

    def luck(row: int) -> float:
        read.append(row)
        return [0.3, 0.3, 0.5, 0.5][row]

    limits = RoundLimits(10, count=1, pass_over_probability=0.4)
    assert take([6, 11, 4, 1], luck, limits) == ([(2, 4)], [0])
    assert read == [0, 2]


def test_what_just_fits_is_taken_and_a_cent_more_is_not():
    assert taken([10], RoundLimits(10)) == [(0, 10)]
    assert taken([11], RoundLimits(10)) == []


@settings(derandomize=True)
@given(
    amounts=st.lists(st.integers(0, 100), max_size=12),
    left=st.integers(0, 300),
    cap=st.just(inf) | st.integers(1, 300),
    count=st.just(inf) | st.integers(1, 12),
    policy=st.sampled_from(["skip", "stop", "scale_down"]),
    share=st.floats(0, 1),
)
def test_no_round_takes_more_than_it_may(amounts, left, cap, count, policy, share):
    took = taken(amounts, RoundLimits(left, cap, count, policy, share))
    rows = [row for row, _ in took]
    assert rows == sorted(set(rows))
    assert sum(cents for _, cents in took) <= min(left, cap)
    assert len(took) <= count
    whole = [cents == amounts[row] for row, cents in took]
    assert all(whole[:-1])
    if not all(whole):
        row, cents = took[-1]
        assert policy == "scale_down"
        assert share * amounts[row] <= cents < amounts[row]
