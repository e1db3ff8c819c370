"""What a plant must earn: break-even yields by sector and reading, and returns against yield.

One plant of each sector, made up: all Japan's, one unit, paid in equal parts at the beginning of
each quarter of its nominal building time, its cost as planned, everything else as the config says.
So it answers for the terms, not for the programme's luck with dates and overruns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.config.finance import Finance
from sim.config.moments import mean
from sim.config.schema import Config
from sim.events import CENTS_PER_USD_BN, FloatArray, Replication
from sim.results.finance.tables import Books, open_books
from sim.results.finance.terms import MONTHS, PER_YEAR, Terms
from sim.results.tables.batch import Batch
from sim.study.findings.plants import Plant, finished
from sim.study.findings.worked_spv import READINGS, under
from sim.world.distributions import cdf

# What a yield must be enough for.
QUESTIONS: dict[str, str] = {
    "money_back": "Japan gets its money back",
    "deemed_rate": "Japan earns the deemed rate",
    "deemed_amount": "the deemed amount is met in the end",
    "ten_project": "10 % a year of the cost is left after principal, for both sides together",
    "ten_japan": "10 % a year of the cost is left after principal, for Japan",
}
TEN = 0.10  # the articles' yield (seed:001)
_MOST, _STEPS = 1.0, 14


class BreakEven(NamedTuple):
    """The least yield; nan where even 100 % a year is too little."""

    reading: str
    sector: str
    question: str
    yield_share: float  # operating cash a year over the cost, to 0.01 points
    law_share: float  # part of the sector's yield law at or above it


def break_even(
    config: Config, sectors: Sequence[str] = (), readings: Sequence[str] = READINGS
) -> list[BreakEven]:
    """Least yields by reading, sector (all unless some are named) and question.

    Nothing without a finance section.
    """
    finance = config.finance
    if finance is None:
        return []
    sectors = tuple(sectors or config.sectors)
    plants = [_plant(config, finance, name, name) for name in sectors for _ in QUESTIONS]
    made = finished(config, plants)
    rows = []
    for reading in readings:
        found = _least(made, _terms(config, finance, reading))
        for number, (sector, question) in enumerate(
            (sector, question) for sector in sectors for question in QUESTIONS
        ):
            law = finance.sectors[sector].yield_share
            least = float(found[number])
            bar = least / max(finance.yield_factor, 1e-12)
            above = 1 - float(cdf(law, bar)) if np.isfinite(bar) else 0.0
            rows.append(BreakEven(reading, sector, question, least, above))
    return rows


def japan_irr(config: Config, sector: str, yields: FloatArray) -> dict[str, FloatArray]:
    """Japan's rate of return a year at each yield, by reading; nan where there is none."""
    finance = config.finance
    assert finance is not None
    made = finished(config, [_plant(config, finance, sector, str(n)) for n in range(len(yields))])
    return {
        reading: np.asarray(
            _books(made, _terms(config, finance, reading), yields).finance()["irr_japan"]
        ).astype(np.float64)
        for reading in READINGS
    }


def deemed_rate(config: Config, sector: str) -> float:
    """Deemed rate a year of a sector when the last reference rate on record holds."""
    finance = config.finance
    assert finance is not None
    path = finance.reference_rate_per_year
    return float(path[max(path)] + finance.sectors[sector].spread_per_year)


def _plant(config: Config, finance: Finance, sector: str, name: str) -> Plant:
    quarters = max(1, round(config.sectors[sector].construction.nominal_months / MONTHS))
    at = config.programme.as_of
    first = at.year * PER_YEAR + (at.month - 1) // MONTHS + 1
    days = [
        date(number // PER_YEAR, number % PER_YEAR * MONTHS + 1, 1)
        for number in range(first, first + quarters + 1)
    ]
    refresh = finance.sectors[sector].refresh
    return Plant(
        name=name,
        sector=sector,
        cost_cents=CENTS_PER_USD_BN,
        yield_share=0.0,
        selected=at,
        calls=dict.fromkeys(days[:-1], 1 / quarters),
        began=days[0],
        units=[days[-1]],
        built=days[-1],
        refresh_years=mean(refresh.interval_years) if refresh else 0.0,
        recovery_share=mean(finance.given_up.recovery_share),
    )


def _terms(config: Config, finance: Finance, reading: str) -> Terms:
    terms = Terms(config, under(finance, reading))
    terms.cost_factor = 1.0  # nothing of the cost is a premium for specialists
    return terms


def _books(made: Replication, terms: Terms, yields: FloatArray) -> Books:
    assert made.operation is not None
    draws = replace(made.operation, yield_share=yields)
    (books,) = open_books(Batch([replace(made, operation=draws)]), terms)
    return books


def _least(made: Replication, terms: Terms) -> FloatArray:
    """Bisection of all plants at once, each for its own question."""
    n = len(made.attributes.entity)
    low, high = np.zeros(n), np.full(n, _MOST)
    possible = _enough(_books(made, terms, high))
    for _ in range(_STEPS):
        middle = (low + high) / 2
        enough = _enough(_books(made, terms, middle))
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(possible, high, np.nan)


def _enough(books: Books) -> NDArray[np.bool_]:
    """Whether each plant answers its question; plants stand by sector, then by question."""
    deal = books.money.deal
    japan, us = books.flows["japan"].sum(axis=1), books.flows["us"].sum(axis=1)
    wanted = TEN * books.terms.life[deal.sector] / PER_YEAR * deal.investment
    answers = np.stack(
        [
            japan >= 0,
            books.earn_deemed_rate,
            books.meet_deemed_amount,
            japan + us >= wanted,
            japan >= wanted,
        ]
    )
    each = np.arange(answers.shape[1])
    return np.asarray(answers[each % len(QUESTIONS), each])
