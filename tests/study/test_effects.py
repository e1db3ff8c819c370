"""Effects as tables say them: factors that vary together, tables that shrink, alike mistakes."""

from __future__ import annotations

import numpy as np

from sim.study.design.words import alike, and_more
from sim.study.findings.effects import correlated
from sim.study.run.stale import shrunk


def test_factors_that_vary_together_are_named_with_their_correlation():
    unit = np.array([[0.1, 0.2, 0.9], [0.3, 0.1, 0.1], [0.5, 0.7, 0.5], [0.9, 0.8, 0.3]])

    words = correlated(["Gap", "Teams", "Desks"], unit, "latin_hypercube")

    assert words.startswith("Gap and Teams have a rank correlation of 0.80 in this design")
    assert correlated(["Gap", "Teams", "Desks"], unit, "morris") == ""
    assert correlated(["Gap", "Desks"], None, "latin_hypercube") == ""
    apart = np.array([[0.1, 0.3], [0.3, 0.9], [0.5, 0.1], [0.7, 0.7], [0.9, 0.5]])
    assert correlated(["Gap", "Desks"], apart, "sobol") == ""


def test_only_tables_that_get_smaller_are_told():
    assert shrunk(None, 4, 2) == ""
    assert shrunk({"points": 4, "replications": 2}, 4, 3) == ""
    assert shrunk({"points": 4, "replications": 1000}, 4, 999).startswith(
        "the tables had 4 design points x 1,000 replications and now have 4 x 999"
    )


def test_mistakes_that_differ_in_numbers_only_are_alike():
    assert alike("shares add up to 1.0275") == alike("shares add up to 0.9")
    assert alike("gas: 1 of 2") != alike("coal: 1 of 2")
    assert [and_more(n) for n in (0, 1, 27)] == [
        "",
        " (and 1 more design point)",
        " (and 27 more design points)",
    ]
