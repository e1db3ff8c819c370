"""Draws under way on the as-of date, conditioned on not having ended by then.

Kept apart from drawing because what is under way depends on policy (when appraisal starts),
while the world itself must not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from sim.calendars import DAYS_PER_MONTH, MINUTES_PER_DAY, minutes_from_days
from sim.world.distributions import BySector
from sim.world.draw import permits_done
from sim.world.gates import built_share, development_done
from sim.world.lending import under_way
from sim.world.model import BoolArray, FloatArray, IntArray, World, cut
from sim.world.nature import RECORDED, Nature
from sim.world.runs import PRESIDENT
from sim.world.uniforms import (
    KeyArray,
    keyed_uniforms,
    purpose_key,
    stream_key,
    uniforms,
    uniforms_of,
)

(
    PROPOSED, RECOMMENDED, SELECTED, FIRST_PAID, PERMITS_GRANTED, DEVELOPED, NTP, CONNECTED, ORDERED
) = range(len(RECORDED))  # fmt: skip
DEVELOPMENT_KEYS = np.array(
    [purpose_key("development"), purpose_key("development_done")], np.uint64
)
VIABILITY = np.array([purpose_key("viability")], np.uint64)
PERMIT_KEYS = np.array([purpose_key("permit_work"), purpose_key("permit_done")], np.uint64)
STRETCHED = (
    "screening", "permit_work", "appraisal", "appraised", "grid_connection", "development",
    "equipment_delivery", "build", "first_unit",
)  # fmt: skip
READ = ("entity", "named", "sector", "units", "place", "megawatts", "grid_ahead")
Drawn = dict[str, np.ndarray]  # what the worlds hold of their projects, one after another


def pin_history(nature: Nature, world: World) -> World:
    """Stretch what was under way in one world: a batch of one."""
    return pin_histories(nature, [world])[0]


def pin_histories(nature: Nature, worlds: Sequence[World]) -> list[World]:
    """Stretch what was under way at ``as_of`` and had not ended.

    That is screening, permits, development, appraisals, grid connections, deliveries of machines
    and the presidential interval.

    Each such draw X keeps its uniform but is read from the law of X given X > elapsed. Identity
    when history is ignored.
    """
    if not nature.pinned:
        return list(worlds)
    drawn = {
        name: np.concatenate([getattr(world, name) for world in worlds])
        for name in (*STRETCHED, *READ)
    }
    sizes = [len(world.entity) for world in worlds]
    rows = _named(nature, drawn, np.repeat(_streams(worlds), sizes))
    _screening(nature, rows, drawn)
    _permits(nature, rows, drawn)
    _appraisals(nature, rows, drawn)
    _connections(nature, rows, drawn)
    _building(nature, rows, drawn)
    _deliveries(nature, rows, drawn)
    _development(nature, rows, drawn)
    pinned = cut({name: drawn[name] for name in STRETCHED}, np.cumsum([0, *sizes]))
    return pin_rounds(
        nature, [replace(world, **one) for world, one in zip(worlds, pinned, strict=True)]
    )


def pin_rounds(nature: Nature, worlds: Sequence[World]) -> list[World]:
    """Stretch the presidential interval alone.

    The one running at ``as_of`` began with the last round on record, or the programme.
    """
    intervals, held = np.stack([world.round_interval for world in worlds]), nature.rounds_on_record
    if not nature.pinned or len(held) >= intervals.shape[1]:
        return list(worlds)
    u = uniforms_of(_streams(worlds), PRESIDENT, "round", np.array([len(held)]))[:, 0]
    began = np.full(len(u), held.max(initial=0))
    law = BySector([nature.runs.round_interval_days])
    intervals[:, len(held)] = _under_way(nature, law, np.zeros(len(u), np.int64), 1, began, u)
    return [
        replace(world, round_interval=interval)
        for world, interval in zip(worlds, intervals, strict=True)
    ]


def _streams(worlds: Sequence[World]) -> KeyArray:
    return np.array([stream_key(world.seed, world.replication) for world in worlds], np.uint64)


@dataclass(frozen=True)
class _Rows:
    """Some named projects of a batch of worlds, a row each."""

    row: IntArray  # in the arrays of the batch
    entity: IntArray
    sector: IntArray
    stream: KeyArray
    keys: KeyArray
    shared: KeyArray
    recorded: IntArray  # (n, len(RECORDED))

    def where(self, true: BoolArray) -> _Rows:
        """Those for which it holds."""
        return _Rows(*(getattr(self, field.name)[true] for field in fields(self)))


def _named(nature: Nature, drawn: Drawn, stream: KeyArray) -> _Rows:
    row = np.flatnonzero(drawn["named"])
    entity = drawn["entity"][row]
    return _Rows(
        row=row,
        entity=entity,
        sector=drawn["sector"][row],
        stream=stream[row],
        keys=nature.entity_keys[entity],
        shared=nature.shared_keys[entity],
        recorded=nature.named.recorded[entity],
    )


def _screening(nature: Nature, rows: _Rows, drawn: Drawn) -> None:
    known = np.maximum(rows.recorded[:, RECOMMENDED], rows.recorded[:, SELECTED]) >= 0
    rows = rows.where((rows.recorded[:, PROPOSED] < nature.open_minute) & ~known)
    u = uniforms(rows.stream, rows.shared, "screening", 1)[:, 0]
    law, began = nature.tables["screening"], rows.recorded[:, PROPOSED]
    drawn["screening"][rows.row, 0] = _under_way(nature, law, rows.sector, 1, began, u)


def _permits(nature: Nature, rows: _Rows, drawn: Drawn) -> None:
    # No docket date is ever recorded, so permits that start there start unrecorded.
    columns = {"proposal": PROPOSED, "selection": SELECTED}
    starts = [columns.get(sector.permits.starts, -1) for sector in nature.given.sectors.values()]
    column = np.array(starts)[rows.sector]
    began = np.where(column < 0, -1, rows.recorded[np.arange(len(column)), column])
    open_ = (rows.recorded[:, PERMITS_GRANTED] < 0) & (drawn["permit_work"][rows.row] > 0)
    rows, began = rows.where((began >= 0) & open_), began[(began >= 0) & open_]
    u, u_done = keyed_uniforms(rows.stream, rows.keys, PERMIT_KEYS).T
    left = 1 - permits_done(nature, rows.sector, rows.entity, u_done)
    left *= nature.permit_factor[drawn["place"][rows.row]]
    drawn["permit_work"][rows.row] = _under_way(
        nature, nature.tables["permit_work"], rows.sector, DAYS_PER_MONTH, began, u, left
    )


def _appraisals(nature: Nature, rows: _Rows, drawn: Drawn) -> None:
    # A docket implied by a recorded recommendation counts from there; a notice is not on record.
    if nature.given.appraisal_starts not in ("docket", "recommendation"):
        return
    recommended, selected = rows.recorded[:, RECOMMENDED], rows.recorded[:, SELECTED]
    began = np.where(recommended >= 0, recommended, selected)  # implied by a selection
    on = (began >= 0) & (rows.recorded[:, FIRST_PAID] < 0)
    rows, elapsed = rows.where(on), nature.open_minute - began[on]
    viability = keyed_uniforms(rows.stream, rows.shared, VIABILITY)[:, 0]
    drawn["appraisal"][rows.row], drawn["appraised"][rows.row] = under_way(
        nature, rows.stream, rows.shared, viability, elapsed
    )


def _connections(nature: Nature, rows: _Rows, drawn: Drawn) -> None:
    named = range(len(nature.named.recorded))
    connected = np.array([_connected_on(nature, one) for one in named], np.int64)[rows.entity]
    made, on = rows.where(connected >= 0), connected[connected >= 0]
    drawn["grid_connection"][made.row] = on - made.recorded[:, SELECTED]
    asked = (connected < 0) & (rows.recorded[:, SELECTED] >= 0)
    rows = rows.where(asked & (drawn["megawatts"][rows.row] != 0))
    u = uniforms(rows.stream, rows.keys, "grid", 1)[:, 0]
    law, began = nature.tables["grid_connection"], rows.recorded[:, SELECTED]
    ahead = drawn["grid_ahead"][rows.row]
    drawn["grid_connection"][rows.row] = _under_way(
        nature, law, rows.sector, DAYS_PER_MONTH, began, u, ahead=ahead
    )


def _connected_on(nature: Nature, entity: int) -> int:
    """When a project was connected on record, -1: not yet. What runs is connected."""
    on = (int(nature.named.recorded[entity, CONNECTED]), *nature.named.energised[entity])
    return next((minute for minute in on if minute >= 0), -1)


def _building(nature: Nature, rows: _Rows, drawn: Drawn) -> None:
    """What stretches a building on record.

    What the units on record took says it, at full rate. Where by that the next unit would be built
    by ``as_of``, and before the first, the draw is conditioned on its not being.
    """
    rows = rows.where((rows.recorded[:, NTP] >= 0) & (drawn["first_unit"][rows.row] > 0))
    first, build = drawn["first_unit"][rows.row], drawn["build"][rows.row]
    interval = (build - first) / np.maximum(1, drawn["units"][rows.row] - 1)
    built = np.array([len(one) for one in nature.named.built], np.int64)[rows.entity]
    last = np.array([max(one, default=-1) for one in nature.named.built], np.int64)[rows.entity]
    began = rows.recorded[:, NTP]
    told = (last - began) / (first + np.maximum(0, built - 1) * interval)
    left = np.where(built > 0, np.maximum(1.0, interval), first)
    elapsed = nature.open_minute - np.where(built > 0, last, began)
    known = (built == nature.named.units[rows.entity]) | (left * told > elapsed)
    law, u = nature.tables["build"], uniforms(rows.stream, rows.keys, "build", 1)[:, 0]
    took = law(rows.sector, u)
    slip = law.conditioned(rows.sector, elapsed * took / left, u) / took
    slip[(built > 0) & known] = told[(built > 0) & known]
    for name in ("build", "first_unit"):  # and a minute is left
        drawn[name][rows.row] = np.ceil(drawn[name][rows.row] * slip) + 1


def _deliveries(nature: Nature, rows: _Rows, drawn: Drawn) -> None:
    """Minutes from slot to site by kind; what is in the making is not there by ``as_of``.

    One draw is for all units: of those not built the first slot granted has been under way for the
    longest.
    """
    named = range(len(nature.named.recorded))
    since = np.array([_in_the_making(nature, one) for one in named], np.int64)[rows.entity]
    rows, since = rows.where(since >= 0), since[since >= 0]
    for column, (kind, law) in enumerate(nature.deliveries.items()):
        needs = [kind in sector.equipment for sector in nature.given.sectors.values()]
        need = np.array(needs)[rows.sector]
        these, began = rows.where(need), since[need]
        u = uniforms(these.stream, these.keys, f"equipment:{kind}", 1)[:, 0]
        drawn["equipment_delivery"][these.row, column] = _under_way(
            nature, law, these.sector, DAYS_PER_MONTH, began, u
        )


def _in_the_making(nature: Nature, entity: int) -> int:
    """Since when, on record, the first machine of those not built is; -1: none is."""
    slots = nature.named.slots[entity][len(nature.named.built[entity]) :]
    ordered = ordered_on(nature, entity) if slots else -1
    return max(slots[0], ordered) if ordered >= 0 else -1


def ordered_on(nature: Nature, entity: int) -> int:
    """When machines were ordered on record: then, or as their call was paid; -1: not yet.

    At the latest with the first unit built.
    """
    recorded = nature.named.recorded[entity]
    paid = (int(recorded[FIRST_PAID]), *nature.named.later_paid[entity])
    triggers = nature.given.call_triggers
    call = triggers.index("equipment_order") if "equipment_order" in triggers else 0
    ordered = int(recorded[ORDERED])
    if ordered < 0 and call < len(paid):
        ordered = paid[call]
    return min([on for on in (ordered, *nature.named.built[entity]) if on >= 0], default=-1)


def _development(nature: Nature, rows: _Rows, drawn: Drawn) -> None:
    develops = [sector.development is not None for sector in nature.given.sectors.values()]
    open_ = (rows.recorded[:, SELECTED] >= 0) & (rows.recorded[:, DEVELOPED] < 0)
    rows = rows.where(open_ & np.array(develops)[rows.sector])
    u, u_done = keyed_uniforms(rows.stream, rows.keys, DEVELOPMENT_KEYS).T
    left = 1 - development_done(nature, rows.sector, u_done)
    left *= built_share(nature, rows.entity) == 0
    law, began = nature.tables["development"], rows.recorded[:, SELECTED]
    drawn["development"][rows.row] = _under_way(
        nature, law, rows.sector, DAYS_PER_MONTH, began, u, left
    )


def _under_way(
    nature: Nature,
    law: BySector,
    sector: IntArray,
    unit: float,
    began: IntArray,
    u: FloatArray,
    left: FloatArray | float = 1.0,
    ahead: IntArray | int = 0,
) -> IntArray:
    """Minutes from then on of what had not ended by ``as_of``.

    The ``law`` counts in units of ``unit`` days; the share ``left`` of it was to be done, from
    ``ahead`` minutes earlier on.
    """
    elapsed = (nature.open_minute - began + ahead) / MINUTES_PER_DAY
    some = np.where(left > 0, left, 1.0)
    minutes = minutes_from_days(law.conditioned(sector, elapsed / unit / some, u) * some * unit)
    return np.where(left > 0, np.maximum(minutes - ahead, nature.open_minute - began), 0)
