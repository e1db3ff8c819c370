"""Rows of ``summary.csv``: one response, its estimate, its limits, and how they were found.

Limits are at 95 %. A cell that n cannot support, or that the data do not reach, is nan (empty in
the file), and ``method`` names it. No row depends on the order of its subjects beyond rounding.
"""

from __future__ import annotations

from math import isnan, nan
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sim.errors import DesignError
from sim.stats.delays import MeanDelays
from sim.stats.intervals import (
    NOTHING,
    Interval,
    kaplan_meier,
    mean_interval,
    percentile,
    percentile_needs,
    quantile_interval,
    wilson,
)

Row: TypeAlias = dict[str, str | int | float]

SUMMARY_COLUMNS = (
    "response", "unit", "scope", "n", "n_censored", "mean", "mean_low", "mean_high", "p05", "p50",
    "p50_low", "p50_high", "p80", "p80_low", "p80_high", "p95", "method",
)  # fmt: skip
_MEAN = SUMMARY_COLUMNS[5:8]
_CELLS = SUMMARY_COLUMNS[5:16]  # the numbers that may be empty


def summarise_mean(name: str, unit: str, scope: str, x: npt.ArrayLike) -> Row:
    """Row of a response with one independent value per replication.

    Parameters
    ----------
    name, unit, scope : str
    x : array_like, (n_replications,), in ``unit``
        nan where the response is not defined in a replication (no project ever finished, say).
        Those are dropped: ``n`` counts the values used and ``method`` the ones dropped.

    Returns
    -------
    dict
        Keys `SUMMARY_COLUMNS`, in order; ``n_censored`` is 0.

    Raises
    ------
    DesignError
        If ``x`` is not one-dimensional or holds an infinity. Names the response.

    Examples
    --------
    >>> row = summarise_mean("paid", "USD bn", "overall", [210.0, 250.0, float("nan")])
    >>> row["n"], row["mean"]
    (2, 230.0)
    """
    values = np.asarray(x, dtype=np.float64)
    if values.ndim != 1 or np.isinf(values).any():
        raise DesignError(
            f"summarise_mean: {name}, {scope}: shape {values.shape} with "
            f"{int(np.isinf(values).sum())} infinite values; accepted: shape (n_replications,), "
            "numbers, or nan where not defined"
        )
    used = values[~np.isnan(values)]
    method = "Student t mean, order-statistic quantiles (type 7)"
    if used.size < values.size:
        method += f"; not defined in {values.size - used.size} of {values.size} replications"
    cells = _cells(
        mean=mean_interval(used),
        p05=percentile(used, 0.05),
        p50=quantile_interval(used, 0.5),
        p80=quantile_interval(used, 0.8),
        p95=percentile(used, 0.95),
    )
    return _row(name, unit, scope, used.size, 0, cells, method, _CELLS, "n too small for")


def summarise_pooled(name: str, unit: str, scope: str, found: MeanDelays) -> Row:
    """Row of a mean over projects pooled from all replications; ``n`` counts projects."""
    method = "mean of pooled projects, interval from the spread between replications"
    cells = _cells(mean=found.total)
    return _row(name, unit, scope, found.n, found.n_censored, cells, method, _MEAN, "too few for")


def summarise_probability(name: str, unit: str, scope: str, hits: npt.ArrayLike) -> Row:
    """Row of a probability: the share of replications in which something happened.

    Share and Wilson limits stand in the mean cells; the quantile cells are nan.

    Parameters
    ----------
    name, scope : str
    unit : str
        Must be ``"probability"``.
    hits : array_like of bool, (n_replications,)

    Returns
    -------
    dict
        Keys `SUMMARY_COLUMNS`, in order; ``n_censored`` is 0.

    Raises
    ------
    DesignError
        If ``unit`` is another or ``hits`` is not a one-dimensional array of bool.

    Examples
    --------
    >>> row = summarise_probability("committed_all", "probability", "overall", [True, False])
    >>> row["mean"], round(row["mean_low"], 4)
    (0.5, 0.0945)
    """
    happened = np.asarray(hits)
    if happened.ndim != 1 or (happened.size and happened.dtype != np.bool_):
        raise DesignError(
            f"summarise_probability: {name}, {scope}: hits of shape {happened.shape} and type "
            f"{happened.dtype}; accepted: one bool per replication"
        )
    if unit != "probability":
        raise DesignError(
            f"summarise_probability: {name}, {scope}: unit is {unit!r}; accepted: 'probability'"
        )
    cells = _cells(mean=wilson(int(happened.sum()), happened.size))
    return _row(name, unit, scope, happened.size, 0, cells, "Wilson", _MEAN, "n too small for")


def summarise_durations(
    name: str,
    unit: str,
    scope: str,
    durations: npt.ArrayLike,
    observed: npt.ArrayLike,
    cluster: npt.ArrayLike | None = None,
) -> Row:
    """Row of durations, some cut off by the end of the run: Kaplan-Meier quantiles.

    Subjects of one replication share a world, so with ``cluster`` every limit rests on the spread
    between replications (see `sim.stats.intervals`); the estimates are the same. The mean is given
    only when every subject was observed, since censoring hides the longest durations.

    Parameters
    ----------
    name, unit, scope : str
    durations : array_like, (n_subjects,), in ``unit`` (days), >= 0
    observed : array_like of bool, (n_subjects,); False: censored
    cluster : array_like, (n_subjects,), optional
        Replication of each subject. Needed whenever more than one replication is pooled.

    Returns
    -------
    dict
        Keys `SUMMARY_COLUMNS`, in order; ``n`` counts subjects.

    Raises
    ------
    DesignError
        If the arrays differ in length, or a duration is negative or not finite.

    Examples
    --------
    >>> row = summarise_durations("selection_to_cod", "days", "gas", [90.0, 400.0], [True, False])
    >>> row["n"], row["n_censored"], row["p50"]
    (2, 1, 90.0)
    """
    curve = kaplan_meier(durations, observed, cluster)
    points = {
        label: curve.quantile(q) if curve.n >= percentile_needs(q) else NOTHING
        for label, q in (("p05", 0.05), ("p50", 0.5), ("p80", 0.8), ("p95", 0.95))
    }
    method = "Kaplan-Meier, log-log limits"
    if curve.n_clusters is not None:
        method += f", variance between {curve.n_clusters} replications (Williams 1995)"
    mean = NOTHING
    if curve.n_censored == 0:
        mean = mean_interval(durations, cluster=cluster)
        method += "; Student t mean"
    cells = _cells(
        mean=mean,
        p05=points["p05"].estimate,
        p50=points["p50"],
        p80=points["p80"],
        p95=points["p95"].estimate,
    )
    reason = "n too small, or cut off, for"
    return _row(name, unit, scope, curve.n, curve.n_censored, cells, method, _CELLS, reason)


def _cells(
    mean: Interval,
    p05: float = nan,
    p50: Interval = NOTHING,
    p80: Interval = NOTHING,
    p95: float = nan,
) -> tuple[float, ...]:
    """Put the numbers of a row into the order of `SUMMARY_COLUMNS`."""
    return (*mean, p05, *p50, *p80, p95)


def _row(
    name: str,
    unit: str,
    scope: str,
    n: int,
    n_censored: int,
    cells: tuple[float, ...],
    method: str,
    expected: tuple[str, ...],
    reason: str,
) -> Row:
    """Join the columns; ``method`` says which of the ``expected`` cells stay empty and why."""
    numbers = dict(zip(_CELLS, cells, strict=True))
    empty = [column for column in expected if isnan(numbers[column])]
    if empty:
        method += f"; {reason}: {' '.join(empty)}"
    return {
        "response": name,
        "unit": unit,
        "scope": scope,
        "n": n,
        "n_censored": n_censored,
        **numbers,
        "method": method,
    }
