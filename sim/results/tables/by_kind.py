# cython: annotation_typing=False, boundscheck=False, wraparound=False, initializedcheck=False
"""The events of several logs by kind: one pass counts them, a second lays them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.events import EventLog, IntArray


class Events:
    """Events before a minute, by kind, then log, in order.

    Attributes
    ----------
    columns : IntArray
        (6, n_events) place of the log, minute, row of its project (-1: none), resource, cause,
        part.
    amounts : FloatArray
        (n_events,)
    starts : list of int
        (n_kinds x n_logs + 1,) where those of each kind and log begin, and how many there are.
    back, absent : int
        First log in which time goes back; first one with a project that is not present. -1: none.
    stranger : int
        That project.
    """

    def __init__(self, logs: Sequence[EventLog], rows: IntArray, end: int, n_kinds: int) -> None:
        self.n_logs, self.width, self.end = len(logs), len(rows) // len(logs), end
        self.back = self.absent = self.stranger = -1
        self.rows = rows.data
        size = n_kinds * self.n_logs
        starts = np.zeros(size + 1, np.int64)
        self.places = starts.data
        for number, log in enumerate(logs):
            self._count(number, log.time.data, log.kind.data)
        np.cumsum(starts, out=starts)
        self.starts: list[int] = starts.tolist()
        count = self.starts[size]
        self.columns, self.amounts = np.empty((6, count), np.int64), np.empty(count)
        self.whole, self.exact = self.columns.data, self.amounts.data
        for number, log in enumerate(logs):
            self._lay_out(number, log)

    def _count(self, number: int, time: memoryview, kind: memoryview) -> None:
        """Add the events of a log to those of their kinds, a place further on."""
        n_logs, end, places, last = self.n_logs, self.end, self.places, time[0] if len(time) else 0
        for at in range(len(time)):
            if time[at] < last and self.back < 0:
                self.back = number
            last = time[at]
            if last < end:
                places[kind[at] * n_logs + number + 1] += 1

    def _lay_out(self, number: int, log: EventLog) -> None:
        """Put the events of a log where those of their kind and log stand."""
        time, kind, project = log.time.data, log.kind.data, log.project.data
        resource, cause = log.resource.data, log.cause.data
        part, amount = log.part.data, log.amount.data
        n_logs, end, first, places = self.n_logs, self.end, number * self.width, self.places
        rows, whole, exact = self.rows, self.whole, self.exact
        for at in range(len(time)):
            if time[at] >= end:
                continue
            row, who = -1, project[at]
            if who >= 0:
                row = rows[first + who]
                if row < 0 and self.absent < 0:
                    self.absent, self.stranger = number, who
            cell = kind[at] * n_logs + number
            place = places[cell]
            places[cell] = place + 1
            whole[0, place], whole[1, place], whole[2, place] = number, time[at], row
            whole[3, place], whole[4, place] = resource[at], cause[at]
            whole[5, place], exact[place] = part[at], amount[at]

    def of(self, kind: int) -> list[Any]:
        """Columns of one kind; what is written there is written here."""
        begin, over = self.starts[kind * self.n_logs], self.starts[(kind + 1) * self.n_logs]
        return [*self.columns[:, begin:over], self.amounts[begin:over]]

    def before(self, kind: int, instants: IntArray) -> tuple[IntArray, IntArray]:
        """Among those of a kind, the first one that is not before each instant, by log.

        Shape (n_logs, n_instants); beside it that of each log, (n_logs, 1).
        """
        places = np.empty((self.n_logs, len(instants)), np.int64)
        firsts = np.empty((self.n_logs, 1), np.int64)
        into, first, asked = places.data, firsts.data, instants.data
        begin = since = self.starts[kind * self.n_logs]
        for number in range(self.n_logs):
            over = self.starts[kind * self.n_logs + number + 1]
            first[number, 0] = since - begin
            for at in range(len(asked)):
                low, high = since, over
                while low < high:
                    middle = (low + high) // 2
                    if self.whole[1, middle] < asked[at]:
                        low = middle + 1
                    else:
                        high = middle
                into[number, at] = low - begin
            since = over
        return places, firsts
