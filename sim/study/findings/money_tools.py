"""One answer to a question about money, and how means, shares and ratios of a run become one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.stats.intervals import Interval, mean_interval, mean_of_defined, wilson
from sim.study.findings.labels import PROGRAMME
from sim.study.findings.run_results import RunTables

if TYPE_CHECKING:
    import pandas as pd

    from sim.events import FloatArray


class Answer(NamedTuple):
    """One number: to which question, of what, where, under which reading of the split."""

    question: str
    what: str
    scope: str
    reading: str
    unit: str
    value: float
    low: float = np.nan
    high: float = np.nan
    n: int = 0  # replications


def reading_of(run: RunTables) -> str:
    """The reading of the split under which a run was made."""
    finance = run.config.finance
    assert finance is not None
    return finance.sharing.reading


def given(
    run: RunTables, question: str, what: str, scope: str, unit: str, found: Interval, n: int
) -> Answer:
    """What was found of the run, under its reading."""
    return Answer(
        question, what, scope, reading_of(run), unit, found.estimate, found.low, found.high, n
    )


def mean_of(
    run: RunTables, question: str, what: str, scope: str, unit: str, values: FloatArray
) -> Answer:
    """The mean over replications, of those that have a value."""
    n = int(np.count_nonzero(~np.isnan(values)))
    return given(run, question, what, scope, unit, mean_of_defined(values), n)


def chance_of(run: RunTables, question: str, what: str, scope: str, hits: npt.ArrayLike) -> Answer:
    """In how many of the replications it happened."""
    happened = np.asarray(hits)
    found = wilson(int(happened.sum()), len(happened))
    return given(run, question, what, scope, "probability", found, len(happened))


def ratio_of(
    run: RunTables,
    question: str,
    what: str,
    scope: str,
    part: FloatArray,
    whole: FloatArray,
    *,
    proper: bool = True,
) -> Answer:
    """A ratio of sums with the interval of its residuals (Cochran 1977, Sampling Techniques, 6).

    A ``proper`` one is a share from 0 to 1, and so are its limits; where it is 0 or 1, they are
    Wilson's, a replication being one yes or no.
    """
    ratio, n = float(part.sum() / whole.sum()), int(np.count_nonzero(whole))
    found = Interval(ratio, np.nan, np.nan)
    if proper and ratio in (0.0, 1.0):
        found = wilson(round(ratio * n), n)
    elif n > 1:
        low, high = mean_interval(ratio + (part - ratio * whole) / whole.mean())[1:]
        found = Interval(ratio, *((max(0.0, low), min(1.0, high)) if proper else (low, high)))
    return given(run, question, what, scope, "share", found, n)


def by_replication(run: RunTables, values: pd.Series, rows: pd.DataFrame) -> FloatArray:
    """Sum over the rows of each replication, (n_replications,)."""
    n = int(run.manifest["replications"])
    return np.bincount(rows["replication"], values, n).astype(np.float64)


def scopes_of(run: RunTables, table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of all sectors, then of each that has some."""
    yield PROGRAMME, table
    for name in run.config.sectors:
        if len(rows := table[table["sector"] == name]):
            yield name, rows
