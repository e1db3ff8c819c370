"""The delay ledger: every day from proposal to the end, charged to exactly one cause.

docs/model.md, "Why was it late?". Whole minutes that add up exactly, and beside them what was
waited for off the chain: hidden minutes, which need not add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.events import LEDGER_CAUSES, FloatArray, IntArray, Kind, Replication
from sim.events import ledger_causes as of
from sim.events.causes import charged_at
from sim.results.ledger.branches import Branches, paying
from sim.results.ledger.chain import WORK, Chain
from sim.results.ledger.peeled import Peeled
from sim.results.ledger.site_work import SiteWork
from sim.results.ledger.standing import Standing, days_held
from sim.results.ledger.trail import Piece, Trail, lenders, read_trails
from sim.rules.splitting import unit_cents

_WAITS = charged_at("site", "beside")
_PROPOSED, _SELECTED = int(Kind.PROPOSED), int(Kind.SELECTED)
_ORDERED, _DELIVERED = int(Kind.EQUIPMENT_ORDERED), int(Kind.EQUIPMENT_DELIVERED)
_REQUESTED, _CONNECTED = int(Kind.GRID_REQUESTED), int(Kind.GRID_CONNECTED)
_N = len(LEDGER_CAUSES)


@dataclass(frozen=True)
class Ledger:
    """One replication's delays; rows as Attributes, columns as LEDGER_CAUSES.

    Attributes
    ----------
    minutes : IntArray
        (n_projects, n_causes) minutes on the chain. Rows add up to the time from proposal to the
        end; ``overrun`` may be below zero; zeros for a project never proposed.
    hidden : IntArray
        (n_projects, n_causes) minutes of each cause off the chain, at least 0. What overlaps
        counts once per cause.
    drag : IntArray
        (n_projects, n_causes) minutes by which operation, or the end, would have come earlier
        without the cause: of its time on the chain what no branch beside it would have taken.
        Rates, rounds and calendars as they were; gates that were passed without a stop not seen.
    short_by_pool : FloatArray
        (n_projects, n_pools) the minutes of ``crews_short`` by the pool that was the limit; what
        no pool explains is in none.
    held, held_short_by_pool : FloatArray
        The same as ``minutes`` and ``short_by_pool`` for the peeled partition, of the same unit.
    standing : Standing
        The peeled partition of every unit of the selected, piece by piece.
    """

    minutes: IntArray
    hidden: IntArray
    drag: IntArray
    short_by_pool: FloatArray
    held: FloatArray
    held_short_by_pool: FloatArray
    standing: Standing


def chain_minutes(replication: Replication, rows: IntArray) -> IntArray:
    """`Ledger.minutes` of these rows of Attributes; zeros for all others."""
    trails, lender = read_trails(replication, rows), lenders(replication.names)
    minutes, work = np.zeros((len(trails), _N), dtype=np.int64), SiteWork(replication)
    for row in rows.tolist():
        if _PROPOSED in trails[row].events:
            of_row = [0] * _N
            for cause, spent, _ in _divided(row, Chain(Branches(trails[row], lender)), work):
                of_row[cause] += spent
            minutes[row] = of_row
    return minutes


def _divided(
    row: int, chain: Chain, work: SiteWork, note: bool = False
) -> Iterator[tuple[int, int, int]]:
    """Cause, minutes and slack of each piece of a chain, stretches at work divided."""
    stretches = iter(chain.work)
    for (begin, end, cause, _), slack in zip(chain.pieces, chain.slack, strict=True):
        if cause == WORK:
            stretch, until = next(stretches)
            for part, spent in work.split(row, chain.trail, stretch, until, note):
                yield part, spent, slack
        else:
            yield cause, end - begin, slack


def charge(replication: Replication) -> Ledger:
    """The delay ledger of every project of a replication."""
    trails, lender = read_trails(replication), lenders(replication.names)
    work = SiteWork(replication)
    standing, cents = Standing(work), replication.attributes.selected_cents.tolist()
    minutes = [[0] * _N for _ in trails]
    hidden = [[0] * _N for _ in trails]
    drag = [[0] * _N for _ in trails]
    for row, trail in enumerate(trails):
        if _PROPOSED not in trail.events:
            continue
        branches = Branches(trail, lender)
        chain, of_row = Chain(branches), minutes[row]
        beside = defaultdict[tuple[int, int], int](int)
        for part, spent, slack in _divided(row, chain, work, note=True):
            of_row[part] += spent
            beside[part, slack] += spent
        for (part, slack), spent in beside.items():
            drag[row][part] += max(0, min(spent, slack))
        drag[row] = [min(one, max(0, whole)) for one, whole in zip(drag[row], of_row, strict=True)]
        hidden[row] = _hidden(row, trail, branches, chain, work, of_row)
        peeled, since = Peeled(branches), trail.first(_SELECTED)
        for unit in range(trail.units) if since >= 0 else (chain.unit,):
            standing.add(
                row,
                peeled.unit(unit),
                trail.stretches,
                unit == chain.unit,
                since if since >= 0 else trail.end,
                unit_cents(cents[row], trail.units, unit),
            )
    held, held_by_pool = days_held(
        standing.divided(np.array([replication.end_minute])), len(trails), work.pools
    )
    charged = np.array(minutes, dtype=np.int64).reshape(-1, _N)
    return Ledger(
        minutes=charged,
        hidden=np.array(hidden, dtype=np.int64).reshape(-1, _N),
        drag=np.array(drag, dtype=np.int64).reshape(-1, _N),
        short_by_pool=work.by_pool(charged[:, of.CREWS_SHORT]),
        held=held,
        held_short_by_pool=held_by_pool,
        standing=standing,
    )


def _hidden(
    row: int, trail: Trail, branches: Branches, chain: Chain, work: SiteWork, charged: list[int]
) -> list[int]:
    """Minutes of each cause anywhere in the project less those on its chain."""
    total = [0] * _N
    by_cause: dict[int, list[tuple[int, int]]] = {}
    for begin, end, cause, _ in _everything(trail, branches) + chain.pieces:
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
    return [both - on if both > on else 0 for both, on in zip(total, charged, strict=True)]


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
    for part in branches.first_parts:
        pieces.append((part.begin, part.documented, of.FUNDING_DESK, -1))
        pieces += paying(part)
    if _ORDERED in trail.events:
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
