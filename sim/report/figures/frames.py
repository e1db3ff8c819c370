"""What the figures read: a run's tables, and its series as arrays over replications and months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.dates import date2num

from sim.events import FloatArray
from sim.stats.intervals import mean_interval
from sim.study.findings.answer import figure

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.findings.run_results import RunTables


def paths(table: pd.DataFrame, column: str, by: str = "month") -> FloatArray:
    """One column of a table by replication and month, or year.

    Parameters
    ----------
    table : DataFrame
        One row per replication and month: the timeline, or one resource of the capacity table.
    column : str

    Returns
    -------
    FloatArray
        (n_replications, n_months), in the column's unit.
    """
    wide = table.pivot(index="replication", columns=by, values=column)
    return wide.to_numpy(dtype=np.float64)


def month_ends(table: pd.DataFrame) -> FloatArray:
    """Close of each month of a table, (n_months,), matplotlib's date numbers.

    Amounts and counts of the timeline stand at it.
    """
    return _number(_months(table) + np.timedelta64(1, "M"))


def month_middles(table: pd.DataFrame) -> FloatArray:
    """Middle of each month of a table, (n_months,); means over months stand there."""
    months = _months(table)
    return (_number(months) + _number(months + np.timedelta64(1, "M"))) / 2


def month_days(table: pd.DataFrame) -> FloatArray:
    """Days in each month of a table, (n_months,); the first and last count whole."""
    months = _months(table)
    return _number(months + np.timedelta64(1, "M")) - _number(months)


def _months(table: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    months = np.unique(table["month"].to_numpy()).astype("datetime64[M]")
    return np.asarray(months)


def _number(months: np.ndarray[Any, np.dtype[np.datetime64]]) -> FloatArray:
    return np.asarray(date2num(months.astype("datetime64[D]")), dtype=np.float64)  # type: ignore[no-untyped-call]


def decided_usd_bn(run: RunTables, *responses: str) -> list[float] | None:
    """Means of responses in USD bn; None while one is undecided, as in the five sentences."""
    n, outcomes = len(run.outcomes), run.outcomes
    found = [
        figure(one, "USD bn", n, *mean_interval(outcomes[one].to_numpy(np.float64)))
        for one in responses
    ]
    return [one.value for one in found] if all(one.decided for one in found) else None
