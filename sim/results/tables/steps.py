"""Step traces: exact integrals and maxima by month, and the step in force at an instant.

Several series (resources, specialist pools) share one trace. It is cut once at the month ends;
every quantity of the trace is then a weighted sum over the same pieces, without cancellation
between series of very different size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.errors import ModelError
from sim.events import FloatArray, IntArray
from sim.results.tables.batch import narrow
from sim.results.tables.horizon import Horizon


@dataclass(frozen=True)
class Steps:
    """A trace of ``n_series`` step functions, sorted by series and time.

    Attributes
    ----------
    order : IntArray
        (n_rows,) rows of the trace before the horizon's end, sorted by series, then time.
    key : IntArray
        (n_rows,) series x span + time, never decreasing.
    row : IntArray
        (n_pieces,) row of the trace that holds in each piece.
    minutes : FloatArray
        (n_pieces,) length of each piece; 0 for a step overtaken within its instant.
    first : IntArray
        (n_series x n_months,) first piece of each series and month.
    """

    n_series: int
    n_months: int
    span: int
    order: IntArray
    key: IntArray
    row: IntArray
    minutes: FloatArray
    first: IntArray

    def integral(self, values: FloatArray) -> FloatArray:
        """Integral over each month, shape (n_series, n_months), in value-minutes.

        A value may be infinite: the month's integral is then infinite.
        """
        pieces = values[self.row]
        with np.errstate(invalid="ignore"):  # inf x 0 minutes: no time at all
            weighted = np.where(self.minutes > 0, pieces * self.minutes, 0.0)
        total = np.add.reduceat(weighted, self.first)
        return np.asarray(total).reshape(self.n_series, self.n_months)

    def maximum(self, values: FloatArray) -> FloatArray:
        """Largest value held for at least a minute of each month, at least 0."""
        held = np.where(self.minutes > 0, values[self.row], 0.0)
        largest = np.maximum.reduceat(held, self.first)
        return np.asarray(largest).reshape(self.n_series, self.n_months)

    def rows_before(self, minutes: IntArray) -> IntArray:
        """Row in force just before each minute (each > 0), shape (n_series, n_minutes)."""
        return self._rows(minutes, "left")

    def rows_at(self, minutes: IntArray) -> IntArray:
        """Row in force once each minute's steps are done, shape (n_series, n_minutes)."""
        return self._rows(minutes, "right")

    def _rows(self, minutes: IntArray, side: str) -> IntArray:
        asked = np.arange(self.n_series)[:, np.newaxis] * self.span + minutes
        place = np.searchsorted(self.key, asked, side="left" if side == "left" else "right")
        return np.asarray(self.order[place - 1])


def cut_by_month(
    series: IntArray,
    time: IntArray,
    labels: tuple[str, ...],
    horizon: Horizon,
    places: Sequence[str],
) -> Steps:
    """Cut a trace at the month ends.

    Parameters
    ----------
    series : IntArray
        (n_rows,) index into ``labels``; behind them those of the next place, and so on.
    time : IntArray
        (n_rows,) minutes, never decreasing within a series. Rows at or after the horizon's end
        are left out.
    labels : tuple of str
        Name of each series of a place, for the error.
    places : sequence of str
        Where the traces come from ("replication 3, capacity trace"), for the error.

    Raises
    ------
    ModelError
        If a series has no row at minute 0, or goes back in time.
    """
    n_series, n_months = len(labels) * len(places), horizon.n_months
    order = np.argsort(narrow(series), kind="stable")
    within = time < horizon.end
    if not within.all():
        order = order[within[order]]
    span = horizon.end + 1
    sorted_time = time.take(order)
    key = series.take(order) * span + sorted_time
    back = np.flatnonzero((key[1:] < key[:-1]) | (sorted_time[1:] < 0))
    if len(back):
        place, label = _named(int(series[order[back[0] + 1]]), labels, places)
        raise ModelError(f"{place}: the steps of {label!r} go back in time")

    ids = np.arange(n_series)
    cells = (ids[:, np.newaxis] * span + horizon.month_begin).ravel()
    passed = np.searchsorted(key, cells, side="right")  # rows at or before each month's start
    starts = passed.reshape(n_series, n_months)[:, 0] if n_series else passed
    known = (starts > 0) & (key[np.maximum(starts - 1, 0)] >= ids * span) if len(key) else ids < 0
    if not np.all(known):
        place, label = _named(int(np.argmin(known)), labels, places)
        raise ModelError(f"{place}: {label!r} has no step at minute 0")

    first = passed + np.arange(len(cells))
    is_row = np.ones(len(key) + len(cells), dtype=np.bool_)
    is_row[first] = False
    own = np.flatnonzero(is_row)
    row, piece_begin = _merge(own, first, order, order.take(passed - 1), sorted_time, horizon)
    piece_end = np.empty_like(piece_begin)
    piece_end[:-1] = piece_begin[1:]
    last = np.searchsorted(key, (ids + 1) * span, side="left") + (ids + 1) * n_months - 1
    piece_end[last] = horizon.end
    minutes = (piece_end - piece_begin).astype(np.float64)
    return Steps(n_series, n_months, span, order, key, row, minutes, first)


def _named(series: int, labels: tuple[str, ...], places: Sequence[str]) -> tuple[str, str]:
    place, label = divmod(series, len(labels))
    return places[place], labels[label]


def _merge(
    own: IntArray,
    first: IntArray,
    order: IntArray,
    in_force: IntArray,
    sorted_time: IntArray,
    horizon: Horizon,
) -> tuple[IntArray, IntArray]:
    """Trace row and first minute of each piece: the trace's own rows and the month starts."""
    row = np.empty(len(own) + len(first), dtype=np.int64)
    row[own] = order
    row[first] = in_force
    begin = np.empty_like(row)
    begin[own] = sorted_time
    begin[first] = np.tile(horizon.month_begin, len(first) // horizon.n_months)
    return row, begin
