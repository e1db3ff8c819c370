# cython: annotation_typing=False
"""The delay ledger: every day from proposal to the end, charged to exactly one cause.

docs/model.md, "Why was it late?". Whole minutes that add up exactly, and beside them what was
waited for off the chain: hidden minutes, which need not add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import chain as joined

import numpy as np
from numpy.typing import NDArray

from sim.events import LEDGER_CAUSES, FloatArray, IntArray, Kind, Replication
from sim.events import ledger_causes as of
from sim.events.causes import charged_at
from sim.results.ledger.branches import Branches, paying
from sim.results.ledger.chain import WORK, Chain
from sim.results.ledger.peeled import Peeled
from sim.results.ledger.site_work import SiteWork
from sim.results.ledger.standing import Standing, days_held
from sim.results.ledger.trail import Piece, Trail, lenders, read_trails
from sim.results.tables.batch import Batch
from sim.rules.splitting import unit_cents

_WAITS = charged_at("site", "beside")
_PROPOSED, _SELECTED = int(Kind.PROPOSED), int(Kind.SELECTED)
_ORDERED, _DELIVERED = int(Kind.EQUIPMENT_ORDERED), int(Kind.EQUIPMENT_DELIVERED)
_REQUESTED, _CONNECTED = int(Kind.GRID_REQUESTED), int(Kind.GRID_CONNECTED)
_N = len(LEDGER_CAUSES)


class _Charged:
    """One project's chain, and what was charged on it."""

    def __init__(self, branches: Branches, chain: Chain, minutes: list[int]) -> None:
        self.branches, self.chain = branches, chain
        self.minutes = minutes  # by cause


class Ledger:
    """The delays of a batch; rows as its attributes, columns as LEDGER_CAUSES.

    Each part is made when it is first asked for. A project never proposed has zeros, as has one
    the ledger was not asked for.
    """

    def __init__(self, batch: Batch, only: NDArray[np.bool_] | None = None) -> None:
        self._batch, self._whole = batch, only is None
        self._trails, self._lender = read_trails(batch, only), lenders(batch.names)
        self._work = SiteWork(batch)

    def _each(self, note: bool) -> Iterator[tuple[int, _Charged]]:
        """Row and chain of every project that was proposed; ``note``: what is short, by pool."""
        for row, trail in enumerate(self._trails):
            if trail.first(_PROPOSED) >= 0:
                yield row, _charge(row, trail, self._lender, self._work, note)

    @cached_property
    def _charged(self) -> dict[int, _Charged]:
        return dict(self._each(note=True))

    @cached_property
    def minutes(self) -> IntArray:
        """(n_projects, n_causes) minutes on the chain.

        Rows add up to the time from proposal to the end; ``overrun`` may be below zero.
        """
        # Of some projects nothing else is asked for: their chains need not be kept.
        each = self._charged.items() if self._whole else self._each(note=False)
        return self._table({row: one.minutes for row, one in each})

    @cached_property
    def hidden(self) -> IntArray:
        """(n_projects, n_causes) minutes of each cause off the chain, at least 0.

        What overlaps counts once per cause.
        """
        return self._table(
            {row: _hidden(row, one, self._work) for row, one in self._charged.items()}
        )

    @cached_property
    def drag(self) -> IntArray:
        """(n_projects, n_causes) minutes by which operation, or the end, would have come earlier.

        Without the cause: of its time on the chain what no branch beside it would have taken.
        Rates, rounds and calendars as they were; gates that were passed without a stop not seen.
        """
        return self._table({row: _drag(row, one, self._work) for row, one in self._charged.items()})

    @cached_property
    def short_by_pool(self) -> FloatArray:
        """(n_projects, n_pools) the minutes of ``crews_short`` by the pool that was the limit.

        What no pool explains is in none.
        """
        _ = self._charged  # notes what is divided here
        return self._work.by_pool(self.minutes[:, of.CREWS_SHORT])

    @cached_property
    def standing(self) -> Standing:
        """The peeled partition of every unit of the selected, piece by piece."""
        standing, cents = Standing(self._work), self._batch.attributes.selected_cents.tolist()
        for row, one in self._charged.items():
            trail, peeled = one.branches.trail, Peeled(one.branches)
            since = trail.first(_SELECTED)
            for unit in range(trail.units) if since >= 0 else (one.chain.unit,):
                standing.add(
                    row,
                    peeled.unit(unit),
                    trail.stretches,
                    unit == one.chain.unit,
                    since if since >= 0 else trail.end,
                    unit_cents(cents[row], trail.units, unit),
                )
        return standing

    @property
    def held(self) -> FloatArray:
        """The same as ``minutes`` for the peeled partition, of the same unit."""
        return self._held[0]

    @property
    def held_short_by_pool(self) -> FloatArray:
        """The same as ``short_by_pool`` for the peeled partition, of the same unit."""
        return self._held[1]

    @cached_property
    def _held(self) -> tuple[FloatArray, FloatArray]:
        stood = self.standing.divided(np.array([self._batch.end]))
        return days_held(stood, len(self._trails), self._work.pools)

    def _table(self, minutes: dict[int, list[int]]) -> IntArray:
        found = np.zeros((len(self._trails), _N), dtype=np.int64)
        whole = np.fromiter(joined.from_iterable(minutes.values()), np.int64, _N * len(minutes))
        found[[*minutes]] = whole.reshape(-1, _N)
        return found


def charge(replication: Replication, only: NDArray[np.bool_] | None = None) -> Ledger:
    """The delay ledger of a replication: of every project, or of some, (n_projects,)."""
    return Ledger(Batch([replication]), only)


def _charge(row: int, trail: Trail, lender: list[int], work: SiteWork, note: bool) -> _Charged:
    branches = Branches(trail, lender)
    chain, minutes = Chain(branches), [0] * _N
    at = 0
    for begin, end, cause, _ in chain.pieces:
        if cause == WORK:
            stretch, until = chain.work[at]
            at += 1
            for part, spent in work.split(row, trail, stretch, until, note):
                minutes[part] += spent
        else:
            minutes[cause] += end - begin
    return _Charged(branches, chain, minutes)


def _drag(row: int, one: _Charged, work: SiteWork) -> list[int]:
    """Of each cause's time on the chain what no branch beside it would have taken."""
    chain, stretches = one.chain, iter(one.chain.work)
    beside = defaultdict[tuple[int, int], int](int)  # minutes by cause and slack
    for (begin, end, cause, _), slack in zip(chain.pieces, chain.slack, strict=True):
        parts = [(cause, end - begin)]
        if cause == WORK:
            stretch, until = next(stretches)
            parts = work.split(row, one.branches.trail, stretch, until)
        for part, spent in parts:
            beside[part, slack] += spent
    drag = [0] * _N
    for (part, slack), spent in beside.items():
        drag[part] += max(0, min(spent, slack))
    return [min(d, max(0, whole)) for d, whole in zip(drag, one.minutes, strict=True)]


def _hidden(row: int, one: _Charged, work: SiteWork) -> list[int]:
    """Minutes of each cause anywhere in the project less those on its chain."""
    total, chain, trail = [0] * _N, one.chain, one.branches.trail
    by_cause: dict[int, list[tuple[int, int]]] = {}
    for begin, end, cause, _ in _everything(trail, one.branches) + chain.pieces:
        if end > begin:
            if cause in by_cause:
                by_cause[cause].append((begin, end))
            else:
                by_cause[cause] = [(begin, end)]
    by_cause.pop(WORK, None)
    for cause, spans in by_cause.items():
        total[cause] = _covered(spans)
    for stretch in chain.path:
        for cause, spent in work.split(row, trail, stretch, stretch.end):
            total[cause] += spent
    return [both - on if both > on else 0 for both, on in zip(total, one.minutes, strict=True)]


def _everything(trail: Trail, branches: Branches) -> list[Piece]:
    """Every piece of every branch but the stretches at work."""
    pieces = branches.main + branches.permits + branches.development + branches.pauses
    for begin, end, desk in branches.appraisals.values():
        pieces.append((begin, end, of.APPRAISAL, desk))
    for cause, waits in trail.waits.items():
        if cause in _WAITS:
            code = _WAITS[cause]
            pieces += [(begin, end, code, -1) for begin, end, _, _ in waits]
    if branches.noticed < 0:
        return pieces
    if branches.on_record:
        pieces.append((branches.noticed, branches.paid, of.RECORDED, -1))
    pieces.append((*branches.consultation, of.CONSULTATION, -1))
    for part in branches.first_parts():
        pieces.append((part.begin, part.documented, of.FUNDING_DESK, -1))
        pieces += paying(part)
    if trail.first(_ORDERED) >= 0:
        arrived = {(r, part): time for time, r, _, part in trail.of(_DELIVERED)}
        for ordered, resource, _, _ in trail.of(_ORDERED):
            units = range(trail.units)
            last = max(arrived.get((resource, unit), trail.end) for unit in units)
            pieces.append((ordered, last, of.EQUIPMENT, resource))
    for begin, end, resource in trail.spans(_REQUESTED, _CONNECTED):
        pieces.append((begin, end, of.POWER, resource))
    return pieces


def _covered(spans: list[tuple[int, int]]) -> int:
    """Minutes in at least one of the spans."""
    if len(spans) == 1:
        return spans[0][1] - spans[0][0]
    spans.sort()
    minutes, reached = 0, spans[0][0]
    for begin, end in spans:
        if end > reached:
            minutes += end - max(begin, reached)
            reached = end
    return minutes
