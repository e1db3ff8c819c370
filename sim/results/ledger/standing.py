"""What stands at each cause: the pieces of the peeled partition as columns, cut and divided."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.events import FloatArray, IntArray
from sim.events import ledger_causes as of
from sim.results.ledger.chain import WORK
from sim.results.ledger.site_work import SiteWork
from sim.results.ledger.trail import Piece, Stretch


class Stood(NamedTuple):
    """Time stood at a cause; each shape (n,), no cause twice in a piece of a month.

    ``resource`` is what was waited for, -1 for nothing in particular; ``told`` whether the unit is
    the one that speaks for its project, ``cents`` what the unit counts of the selected amount, 0
    before selection; ``month`` is the place of the edge the time lies before.
    """

    row: IntArray
    told: IntArray
    cents: IntArray
    month: IntArray
    cause: IntArray
    resource: IntArray
    minutes: FloatArray


class Standing:
    """The pieces of every unit of a replication; at work still whole stretches."""

    def __init__(self, work: SiteWork) -> None:
        self.work = work
        self.rows: list[tuple[int, ...]] = []
        self.stretches: list[Stretch] = []

    def add(
        self,
        row: int,
        line: list[Piece],
        stretches: list[Stretch],
        told: bool,
        since: int,
        cents: int,
    ) -> None:
        """Add a unit's partition: ``cents`` from minute ``since`` on."""
        offset = len(self.stretches)
        self.stretches += stretches
        for begin, end, cause, resource in line:
            resource += offset if cause == WORK else 0
            for one, other, counted in (
                (begin, min(end, since), 0),
                (max(begin, since), end, cents),
            ):
                if one < other and (counted or told):
                    self.rows.append((row, told, counted, one, other, cause, resource))

    def divided(self, edges: IntArray) -> Stood:
        """Every piece cut at the edges and work divided; time after the last edge is left out."""
        table = np.array(self.rows, dtype=np.int64).reshape(-1, 7)
        first = np.searchsorted(edges, table[:, 3], side="right")
        last = np.minimum(np.searchsorted(edges, table[:, 4], side="left"), len(edges) - 1)
        parts = np.maximum(last - first + 1, 0)
        piece = np.repeat(np.arange(len(table)), parts)
        month = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts - first, parts)
        # A row is a bare tuple: one is written for every piece of every unit of a replication.
        row, told, cents, begin, end, cause, resource = table[piece].T
        begin = np.where(month > first[piece], edges[month - 1], begin)
        end = np.minimum(end, edges[month])
        at_work = cause == WORK
        found = [
            [column[~at_work] for column in (row, told, cents, month, cause, resource, end - begin)]
        ]
        if at_work.any():
            of_work = [column[at_work] for column in (row, told, cents, month)]
            rows = [
                (s.begin, s.end, s.begin_work, s.end_work, s.group, s.unit) for s in self.stretches
            ]
            stretches = np.array(rows)[resource[at_work]]
            for code, pool, minutes in self.work.divide(
                of_work[0], stretches, begin[at_work], end[at_work]
            ):
                some = minutes > 0
                same = [np.full(int(some.sum()), value) for value in (code, pool)]
                found.append([*(column[some] for column in of_work), *same, minutes[some]])
        return Stood(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def days_held(stood: Stood, n_projects: int, pools: list[int]) -> tuple[FloatArray, FloatArray]:
    """Minutes by project and cause, and those of ``crews_short`` by pool, of who is told."""
    told = stood.told > 0
    row, cause, minutes = stood.row[told], stood.cause[told], stood.minutes[told]
    total = np.zeros((n_projects, len(of.LEDGER_CAUSES)))
    np.add.at(total, (row, cause), minutes)
    by_pool = np.zeros((n_projects, len(pools)))
    for number, pool in enumerate(pools):
        mine = (cause == of.CREWS_SHORT) & (stood.resource[told] == pool)
        if pool >= 0:
            np.add.at(by_pool[:, number], row[mine], minutes[mine])
    return total, by_pool
