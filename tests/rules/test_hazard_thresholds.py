"""Hazard met over years of different hazard, against sums minute by minute.

See docs/model.md, "Pauses".
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, exp, inf, log1p

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.hazards import met, strikes_at

Years = list[tuple[int, float]]  # minute the year ends, factor
YEARS: Years = [(100, 1.0), (200, 3.0), (300, 0.0), (400, 0.5)]


def minute_by_minute(
    begin: int, end: int, rate: Fraction, years: list[tuple[int, float]]
) -> Fraction:
    """The hazard of every minute by itself; nothing is met after the last year."""
    total = Fraction(0)
    for minute in range(begin, end):
        total += rate * Fraction(next((f for close, f in years if minute < close), 0))
    return total


def first_minute(begin: int, left: Fraction, rate: Fraction, years: Years) -> int | None:
    """By going on minute by minute until as much is met."""
    total = Fraction(0)
    for minute in range(begin, years[-1][0]):
        total += minute_by_minute(minute, minute + 1, rate, years)
        if total >= left:
            return minute + 1
    return None


@pytest.mark.parametrize(
    ("begin", "end", "minutes"),
    [
        (0, 100, 100),
        (0, 0, 0),
        (50, 50, 0),
        (90, 110, 10 + 3 * 10),
        (100, 101, 3),
        (150, 350, 3 * 50 + 0 + 0.5 * 50),
        (0, 400, 100 + 300 + 0 + 50),
        (399, 400, 0.5),
        (390, 500, 5),  # nothing is known after the last year
        (400, 500, 0),
    ],
)
def test_hazard_is_met_year_by_year(begin, end, minutes):
    """At 1/8 a minute, exact in binary."""
    assert met(begin, end, 0.125, YEARS) == minutes / 8


@pytest.mark.parametrize(
    ("begin", "left", "minute"),
    [
        (0, 1, 8),  # 8 minutes of 1/8
        (0, 0.1, 1),
        (0, 12.5, 100),  # the last minute of the first year
        (0, 12.5 + 0.375, 101),  # 3/8 in the first minute of the second
        (0, 12.5 + 0.376, 102),
        (95, 1, 100 + 1),  # 5/8, and 3/8
        (95, 0.625, 100),
        (150, 18.75, 200),
        (150, 18.76, 301),  # no hazard in the third year
        (250, 0.001, 301),
        (300, 6.25, 400),
        (300, 6.26, None),  # not in time
        (400, 0.001, None),
    ],
)
def test_it_strikes_in_the_minute_in_which_the_threshold_is_met(begin, left, minute):
    assert strikes_at(begin, left, 0.125, YEARS) == minute


def test_what_is_met_already_strikes_in_the_next_minute():
    """A phase that ends just before its strike: the next one goes on with nothing left."""
    assert strikes_at(17, 0.0, 0.125, YEARS) == 18


@pytest.mark.parametrize("begin", [250, 299])
def test_what_is_met_already_does_not_strike_in_a_year_without_hazard(begin):
    assert strikes_at(begin, 0.0, 0.125, YEARS) == 301


def test_without_a_rate_nothing_strikes():
    assert strikes_at(0, 0.001, 0.0, YEARS) is None
    assert met(0, 400, 0.0, YEARS) == 0


years_of = st.lists(
    st.tuples(st.integers(1, 25), st.sampled_from([0.0, 0.25, 0.5, 1.0, 2.0, 3.0])),
    min_size=1, max_size=5,
)  # fmt: skip


@st.composite
def exposures(draw: st.DrawFn) -> tuple[int, int, Fraction, list[tuple[int, float]]]:
    """Begin, end, rate (in eighths: exact as a double) and years by their closes."""
    close, years = 0, []
    for length, factor in draw(years_of):
        close += length
        years.append((close, factor))
    begin = draw(st.integers(0, close - 1))
    end = draw(st.integers(begin, close))
    return begin, end, Fraction(draw(st.integers(1, 16)), 8), years


@given(exposures())
def test_hazard_met_is_the_sum_of_its_minutes(exposure):
    begin, end, rate, years = exposure
    assert met(begin, end, float(rate), years) == minute_by_minute(begin, end, rate, years)


@given(exposures(), st.data())
def test_hazard_met_adds_up_over_any_cut(exposure, data):
    begin, end, rate, years = exposure
    cut = data.draw(st.integers(begin, end))
    both = met(begin, cut, float(rate), years) + met(cut, end, float(rate), years)
    assert both == met(begin, end, float(rate), years)


@given(exposures(), st.integers(1, 400))
def test_it_strikes_when_going_minute_by_minute_gets_there(exposure, eighths):
    begin, _, rate, years = exposure
    left = Fraction(eighths, 8)
    assert strikes_at(begin, float(left), float(rate), years) == first_minute(
        begin, left, rate, years
    )


@given(exposures(), st.integers(1, 400))
def test_striking_is_the_inverse_of_meeting(exposure, eighths):
    """At the strike as much is met; a minute before it was less."""
    begin, _, rate, years = exposure
    left, rate = eighths / 8, float(rate)
    strike = strikes_at(begin, left, rate, years)
    if strike is None:
        assert met(begin, years[-1][0], rate, years) < left
    else:
        assert met(begin, strike - 1, rate, years) < left <= met(begin, strike, rate, years)


@given(exposures(), st.integers(1, 400), st.data())
def test_an_exposure_interrupted_and_taken_up_again_strikes_when_it_would_have(
    exposure, eighths, data
):
    begin, _, rate, years = exposure
    left, rate = eighths / 8, float(rate)
    whole = strikes_at(begin, left, rate, years)
    stop = data.draw(st.integers(begin, (years[-1][0] if whole is None else whole) - 1))
    rest = left - met(begin, stop, rate, years)
    assert strikes_at(stop, rest, rate, years) == whole


@given(exposures(), st.integers(1, 400), st.sampled_from([2, 4, 8]))
def test_more_hazard_strikes_no_later(exposure, eighths, times):
    begin, _, rate, years = exposure
    left, rate = eighths / 8, float(rate)
    sooner = strikes_at(begin, left, rate * times, years)
    assert (inf if sooner is None else sooner) <= (strikes_at(begin, left, rate, years) or inf)


def test_thresholds_by_inverse_give_the_exponential_shares_of_each_year():
    """P(struck by the end of a year) = 1 - exp(-hazard met): of evenly spread uniforms exactly
    those below it. 1,000 of them, constant rate 1/200 a minute over two years of factors 1 and 2.
    """
    years, rate, count = [(100, 1.0), (200, 2.0)], 1 / 200, 1000
    thresholds = [-log1p(-(k + 0.5) / count) for k in range(count)]
    strikes = [strikes_at(0, threshold, rate, years) for threshold in thresholds]
    for close, hazard in ((100, 0.5), (200, 1.5)):
        struck = sum(1 for minute in strikes if minute is not None and minute <= close)
        assert struck == ceil(count * (1 - exp(-hazard)) - 0.5)
