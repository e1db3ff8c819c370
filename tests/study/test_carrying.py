"""The first words of a sensitivity: what carries the results, in the measure of the design."""

from __future__ import annotations

import pytest

from sim.stats.intervals import Interval
from sim.stats.noise import VarianceParts
from sim.stats.verdicts import (
    LOWERS,
    MATTERS,
    NO_EFFECT,
    NONE_TOLD,
    RAISES,
    SIGN,
    STEADY,
    VARIES,
    Effect,
)
from sim.study.findings.carrying import carrying, first_words, left_out, response_words
from sim.study.findings.effects import Found

LABELS = {"gap": "Gap", "desks": "Desks", "teams": "Teams", "cure": "Cure", "grace": "Grace"}
NOTHING = Interval(0.0, 0.0, 0.0)


def found(response: str, *effects: Effect) -> Found:
    return Found(response, effects, VarianceParts(NOTHING, 0.0, NOTHING, 0.0))


def effect(factor: str, measure: str, low: float, high: float, verdict: str) -> Effect:
    return Effect(factor, measure, Interval((low + high) / 2, low, high), verdict)


PAID = found(
    "paid",
    effect("gap", "S1", 0.7, 0.9, MATTERS),  # alone it looks larger than with all others
    effect("gap", "ST", 0.1, 0.3, MATTERS),
    effect("desks", "S1", -0.1, 0.1, NONE_TOLD),
    effect("desks", "ST", 0.5, 0.7, MATTERS),
    effect("teams", "S1", 0.0, 0.0, NO_EFFECT),
    effect("teams", "ST", 0.0, 0.0, NO_EFFECT),
)


def test_factors_are_ranked_by_their_whole_part_in_the_variance():
    assert [one.factor for one in carrying(PAID)] == ["desks", "gap"]
    assert response_words(PAID, LABELS) == (
        "Desks has a part in 60 % of the variance (50 to 70 %); "
        "Gap has a part in 20 % of the variance (10 to 30 %)"
    )
    assert left_out(PAID, LABELS) == "no effect in any world: Teams"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (effect("gap", "mu_star", 4, 6, MATTERS), "Gap moves it by 5 over its range (4 to 6)"),
        (
            effect("gap", "rank_correlation", -0.9, -0.7, LOWERS),
            "Gap lowers it (rank correlation -0.8, -0.9 to -0.7)",
        ),
        (
            effect("gap", "0 against 750,000", 30, 50, RAISES),
            "Gap raises it by 40 (30 to 50; 0 against 750,000)",
        ),
        (
            effect("gap", "0 against 750,000", -50, -30, LOWERS),
            "Gap lowers it by 40 (-50 to -30; 0 against 750,000)",
        ),
        (effect("gap", "mu", -6, -4, LOWERS), "Gap lowers it by 5 over its range (-6 to -4)"),
        (
            effect("gap", "S1", 0.1, 0.3, MATTERS),
            "Gap alone has a part in 20 % of the variance (10 to 30 %)",
        ),
        (effect("gap", "sigma", 4, 6, VARIES), "no factor is told from none"),
        (effect("gap", "2 against 1", -1, 2, SIGN), "no factor is told from none"),
    ],
)
def test_each_measure_is_told_in_its_own_words(told: Effect, words: str):
    assert response_words(found("paid", told), LABELS) == words


def test_of_many_levels_the_one_that_does_most_stands_for_a_factor():
    levels = [effect("gap", f"{n} against 0", n, n + 2, RAISES) for n in (1, 5, 3)]

    assert response_words(found("paid", *levels), LABELS) == (
        "Gap raises it by 6 (5 to 7; 5 against 0)"
    )


def test_a_factor_left_out_is_told_by_its_whole_effect():
    still = [effect("gap", "mu_star", 0, 0, NO_EFFECT), effect("gap", "sigma", 0, 0, STEADY)]

    assert left_out(found("paid", *still), LABELS) == "no effect in any world: Gap"


def test_a_level_without_effect_does_not_hide_one_that_is_not_decided():
    two, three = effect("gap", "2 against 1", -1, 7, SIGN), effect("gap", "3", 0, 0, NO_EFFECT)

    assert left_out(found("paid", two, three), LABELS) == "sign not decided: Gap"


def test_three_factors_are_named_and_more_are_counted():
    effects = [effect(name, "ST", 0.1, 0.3, MATTERS) for name in LABELS]

    assert response_words(found("paid", *effects), LABELS).endswith("; 2 more")
    none = [effect(name, "ST", -0.1, 0.3, NONE_TOLD) for name in LABELS]
    assert left_out(found("paid", *none), LABELS) == "not told from none: 5"


def test_the_first_sentence_counts_where_a_factor_comes_first_and_which_come_nowhere():
    built = found("built", effect("gap", "ST", 0.5, 0.7, MATTERS))
    nothing = found("late", effect("gap", "ST", -0.5, 0.7, NONE_TOLD))

    assert first_words([PAID, PAID, built, nothing], LABELS) == (
        "Desks matters most for 2 of 4 responses, Gap for 1; "
        "of 5 factors 3 cannot be told from none anywhere."
    )
    assert first_words([built], {"gap": "Gap"}) == "Gap matters most."
    assert first_words([nothing], LABELS) == "No effect of the 5 factors is told from none."
