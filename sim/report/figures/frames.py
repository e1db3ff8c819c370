"""What the figures read: a run's tables, and its series as arrays over replications and months."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from matplotlib.dates import date2num

from sim.config.schema import Config
from sim.events import FloatArray

if TYPE_CHECKING:
    import pandas as pd


class RunLike(Protocol):
    """A run as the figures need it; `sim.api.Run` is one. Tables as in `sim.events.schemas`."""

    @property
    def folder(self) -> Path:
        """The run folder."""
        ...

    @property
    def manifest(self) -> Mapping[str, Any]:
        """At least ``config_hash``, ``replications`` and ``seed``."""
        ...

    @property
    def config(self) -> Config:
        """The resolved config."""
        ...

    @property
    def events(self) -> pd.DataFrame:
        """A row per event."""
        ...

    @property
    def projects(self) -> pd.DataFrame:
        """A row per replication and project."""
        ...

    @property
    def timeline(self) -> pd.DataFrame:
        """A row per replication and month."""
        ...

    @property
    def duties(self) -> pd.DataFrame:
        """A row per replication and year; none without a trade section."""
        ...

    @property
    def capacity(self) -> pd.DataFrame:
        """A row per replication, month and resource."""
        ...

    @property
    def held(self) -> pd.DataFrame:
        """A row per replication, month, cause and resource at which dollars stand."""
        ...

    @property
    def finance(self) -> pd.DataFrame:
        """A row per replication and project that drew money."""
        ...

    @property
    def ledger(self) -> pd.DataFrame:
        """A row per transfer of money."""
        ...

    @property
    def distributions(self) -> pd.DataFrame:
        """A row per year, project and party after the run-out."""
        ...

    @property
    def outcomes(self) -> pd.DataFrame:
        """A row per replication."""
        ...


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
