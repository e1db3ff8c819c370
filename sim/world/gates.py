"""What nature decides about equipment, the grid, pauses and cancellations. Model sections 4.8-4.13.

A threshold is an exponential of mean 1: the event strikes when the hazard met so far reaches it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from sim.calendars import minutes_from_months
from sim.events import CENTS_PER_USD_BN
from sim.world.distributions import inverse
from sim.world.model import BoolArray, FloatArray, IntArray, whole
from sim.world.nature import Nature
from sim.world.present import Present
from sim.world.shocks import shock_factors
from sim.world.uniforms import KeyArray, keyed_uniforms, purpose_key, uniforms

GATES = ("place", "grid", "grid_ahead", "development", "development_done")
GATE_KEYS = np.array([purpose_key(purpose) for purpose in GATES], np.uint64)


@dataclass(frozen=True)
class Gates:
    """Draws of each row; see the same names in `sim.world.model.World`."""

    place: IntArray
    development: IntArray
    equipment_delivery: IntArray
    reserves: BoolArray
    megawatts: IntArray
    grid_connection: IntArray
    grid_ahead: IntArray
    pause_threshold: FloatArray
    cancel_threshold: FloatArray
    pause_length: IntArray
    hazard_factor: FloatArray


def draw_gates(
    nature: Nature, rows: Present, cost_cents: IntArray, viability: FloatArray, shocks: FloatArray
) -> Gates:
    """Draw everything of this module for the projects present, shape (n, ...)."""
    sector, stream, shared = rows.sector, rows.stream, rows.shared
    single = dict(zip(GATES, keyed_uniforms(stream, rows.keys, GATE_KEYS).T, strict=True))
    pauses = nature.given.maxima.pauses if nature.given.pause_months else 0
    lean = _leaning(nature, viability)
    ahead = nature.tables["grid_ahead"](sector, single["grid_ahead"])
    return Gates(
        place=nature.places.drawn(rows.entity, single["place"]),
        development=minutes_from_months(
            nature.tables["development"](sector, single["development"])
            * (1 - development_done(nature, sector, single["development_done"]))
            * (built_share(nature, rows.named_row) == 0)
        ),
        equipment_delivery=_deliveries(nature, rows),
        reserves=_reserves(nature, rows),
        megawatts=_megawatts(nature, sector, rows.named_row, cost_cents),
        grid_connection=minutes_from_months(
            np.maximum(nature.tables["grid_connection"](sector, single["grid"]) - ahead, 0)
        ),
        grid_ahead=minutes_from_months(ahead),
        pause_threshold=lean(uniforms(stream, shared, "pause", pauses + 1)),
        cancel_threshold=_off_take(
            nature,
            nature.first_site[rows.entity],
            lean(uniforms(stream, shared, "cancel", 1))[:, 0],
        ),
        pause_length=_pause_lengths(nature, stream, shared, pauses),
        hazard_factor=shock_factors(nature.sectors.hazard_loadings, shocks)[rows.batch, sector],
    )


def development_done(nature: Nature, sector: IntArray, u: FloatArray) -> FloatArray:
    """Share of its development already behind each project when it is selected."""
    return np.clip(nature.tables["development_done"](sector, u), 0, 1)


def built_share(nature: Nature, named_row: IntArray) -> FloatArray:
    """Part of each work that stands when the programme's money comes, its development over."""
    named = named_row >= 0
    built = np.zeros(len(named_row))
    built[named] = nature.named.built_share[named_row[named]]
    return built


def _off_take(nature: Nature, whole: IntArray, threshold: FloatArray) -> FloatArray:
    """A lower rate reaches a threshold later: what is sold ahead is cancelled less often.

    ``whole`` is the entity of each project, that of the first of its sites.
    """
    factor = nature.named.cancel_factor
    named = whole < len(factor)
    with np.errstate(divide="ignore"):  # at a factor of 0 it never is
        threshold[named] /= factor[whole[named]]
    return threshold


def _deliveries(nature: Nature, rows: Present) -> IntArray:
    """Minutes from slot to site by kind of equipment; one draw for all units of a project."""
    drawn = np.zeros((len(rows.keys), len(nature.equipment_ids)), np.int64)
    for column, (kind, table) in enumerate(nature.deliveries.items()):
        u = uniforms(rows.stream, rows.keys, f"equipment:{kind}", 1)[:, 0]
        drawn[:, column] = minutes_from_months(table(rows.sector, u))
    return drawn


def _reserves(nature: Nature, rows: Present) -> BoolArray:
    """Who reserves slots when selected, by kind of equipment; shape (n, kinds)."""
    drawn = np.zeros((len(rows.keys), len(nature.equipment_ids)), np.bool_)
    for column, kind in enumerate(nature.equipment_ids):
        u = uniforms(rows.stream, rows.keys, f"reserves:{kind}", 1)[:, 0]
        drawn[:, column] = u < nature.reserved_shares[kind][rows.sector]
    return drawn


def _megawatts(
    nature: Nature, sector: IntArray, named_row: IntArray, cost_cents: IntArray
) -> IntArray:
    """Whole megawatts of each project: as the portfolio states, else by cost; supply below 0."""
    megawatts = nature.sectors.mw_per_usd_bn[sector] * (cost_cents / CENTS_PER_USD_BN)
    known = named_row >= 0
    stated = nature.named.megawatts[named_row[known]]
    megawatts[known] = np.where(np.isnan(stated), megawatts[known], stated)
    return whole(nature.sectors.grid_sign[sector] * megawatts, "megawatts")


def _leaning(nature: Nature, viability: FloatArray) -> Callable[[FloatArray], FloatArray]:
    """Thresholds that lean on viability like the prospects do: what is sound is cancelled late."""
    weight = nature.given.viability_weight
    score = weight * ndtri(viability)[:, None]

    def threshold(u: FloatArray) -> FloatArray:
        tail = ndtr(-(score + np.sqrt(1 - weight**2) * ndtri(u)))
        return np.asarray(-np.log(np.clip(tail, 2.0**-53, 1 - 2.0**-53)))

    return threshold


def _pause_lengths(nature: Nature, stream: KeyArray, keys: KeyArray, pauses: int) -> IntArray:
    law = nature.given.pause_months
    if law is None:
        return np.zeros((len(keys), 0), np.int64)
    u = uniforms(stream, keys, "pause_months", pauses)
    return minutes_from_months(inverse(law, u.ravel())).reshape(u.shape)
