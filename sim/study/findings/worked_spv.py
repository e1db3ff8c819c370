"""One vehicle worked to the cent: the gas plant in Ohio, T1-01, under the terms of a config.

33.3 bn, all Japan's; notice on 2026-02-17, first payment on 2026-05-01, as on record. The rest is
made up so that every figure can be done by hand: dates on the first day of a quarter, a yield of
0.084 (75 dollars per MWh), a cost 10 % over plan. Under the base's terms these are the numbers of
docs/money.md, where it is told in words.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple, get_args

import numpy as np

from sim.config.finance import Finance, Sharing
from sim.config.schema import Config
from sim.events import CENTS_PER_USD_BN
from sim.events.money import NO_RATE, PARTIES
from sim.results.finance.tables import Books, open_books
from sim.results.finance.terms import Terms
from sim.results.tables.batch import Batch
from sim.study.findings.plants import Plant, finished

READINGS: tuple[str, ...] = get_args(Sharing.model_fields["reading"].annotation)
SECTOR = "gas_power"
OHIO = Plant(
    name="T1-01",
    sector=SECTOR,
    cost_cents=333 * CENTS_PER_USD_BN // 10,
    yield_share=0.084,
    selected=date(2026, 2, 17),
    calls={
        date(2026, 5, 1): 0.06,
        date(2027, 10, 1): 0.24,
        date(2029, 1, 1): 0.25,
        date(2030, 1, 1): 0.25,
        date(2031, 1, 1): 0.20,
    },
    began=date(2027, 10, 1),
    units=[date(2030 + (6 + 3 * n) // 12, (6 + 3 * n) % 12 + 1, 1) for n in range(12)],
    built=date(2033, 4, 1),
    cost_ratio=1.1,
    recovery_share=0.7,
)


class Worked(NamedTuple):
    """All amounts in whole cents.

    Attributes
    ----------
    first : dict
        The quarter in which the first unit starts, by what each amount is; empty under another
        reading than ``per_period``, which has no deemed amount of a quarter.
    years : list of dict
        ``first_year``, ``last_year`` (years alike are told once), ``drawn``, ``earned``, ``us``,
        ``interest``, ``principal``, ``premium``, ``claim``, ``lost``.
    returns : list of dict
        By ``reading`` and ``party``: ``irr`` a year, or None and ``why`` (of `NO_RATE`).
    """

    first: dict[str, int]
    years: list[dict[str, int]]
    returns: list[dict[str, Any]]


def worked_spv(config: Config) -> Worked | None:
    """Work the plant; None where a config has no finance section or no gas plants."""
    if config.finance is None or SECTOR not in config.sectors:
        return None
    books = books_of_ohio(config)
    returns = []
    for reading in READINGS:
        found = books_of_ohio(config, reading).finance()
        for party in PARTIES:
            why, rate = int(found[f"no_irr_{party}"][0]), float(found[f"irr_{party}"][0])
            said = list(NO_RATE)[why] if why >= 0 else ""
            returns.append(
                {
                    "reading": reading,
                    "party": party,
                    "irr": None if said else rate,
                    "why": said,
                }
            )
    return Worked(_first_quarter(books), _years(books), returns)


def books_of_ohio(config: Config, reading: str | None = None) -> Books:
    """The plant's books, under the config's reading of the split or another."""
    finance = config.finance
    assert finance is not None
    terms = Terms(config, finance if reading is None else under(finance, reading))
    terms.cost_factor = 1.0  # the cost is as announced: nothing of it is a premium for specialists
    (books,) = open_books(Batch([finished(config, [OHIO])]), terms)
    return books


def under(finance: Finance, reading: str) -> Finance:
    """The same finance section under another reading of the split."""
    sharing = finance.sharing.model_copy(update={"reading": reading})
    return finance.model_copy(update={"sharing": sharing})


def _first_quarter(books: Books) -> dict[str, int]:
    money, quarter = books.money, int(books.money.deal.first[0])
    if books.terms.finance.sharing.reading != "per_period":
        return {}
    unmet, us = int(money.shared.unmet[0, quarter]), int(money.shared.us[0, quarter])
    return {
        "owed when the first unit starts": int(money.outstanding[:, 0, quarter - 1].sum()),
        "earned in its first quarter": int(money.cash.earned[0, quarter]),
        "the deemed amount of that quarter": unmet + us,
        "to each side": us,
        "carried forward": unmet,
    }


def _years(books: Books) -> list[dict[str, int]]:
    money, year = books.money, books.terms.quarters.year[: books.money.deal.periods]
    columns = {
        "drawn": money.deal.net.sum(axis=0)[0],
        "earned": money.cash.earned[0],
        "us": money.shared.us[0],
        "interest": money.interest.sum(axis=0)[0],
        "principal": money.principal.sum(axis=0)[0],
        "premium": money.insurance.premium[0],
        "claim": money.insurance.claim[0],
        "lost": money.lost.sum(axis=0)[0],
    }
    rows: list[dict[str, int]] = []
    for each in np.unique(year).tolist():
        sums = {
            name: round(float(one[year[: len(one)] == each].sum())) for name, one in columns.items()
        }
        if rows and rows[-1].items() >= sums.items():
            rows[-1]["last_year"] = each
        elif any(sums.values()):
            rows.append({"first_year": each, "last_year": each} | sums)
    return rows
