"""Draws under way on the as-of date, conditioned on not having ended by then.

Kept apart from drawing because what is under way depends on policy (when appraisal starts),
while the world itself must not.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.calendars import DAYS_PER_MONTH, MINUTES_PER_DAY, minutes_from_days, minutes_from_months
from sim.config.distributions import Distribution
from sim.world.distributions import conditioned
from sim.world.draw import PRESIDENT, permits_done
from sim.world.model import FloatArray, World
from sim.world.nature import RECORDED, Nature
from sim.world.uniforms import keyed_uniforms, purpose_key, stream_key, uniforms

PROPOSED, RECOMMENDED, SELECTED, FIRST_PAID, PERMITS_GRANTED = range(len(RECORDED))
PERMIT_KEYS = np.array([purpose_key("permit_work"), purpose_key("permit_done")], np.uint64)


def pin_history(nature: Nature, world: World) -> World:
    """Stretch what was under way at ``as_of`` and had not ended.

    That is permits, appraisals, grid connections and the presidential interval.

    Each such draw X keeps its uniform but is read from the law of X given X > elapsed. Identity
    when history is ignored.
    """
    if not nature.pinned:
        return world
    permit_work, appraisal = world.permit_work.copy(), world.appraisal.copy()
    connection = world.grid_connection.copy()
    stream = stream_key(world.seed, world.replication)
    for row in np.flatnonzero(world.named):
        recorded = nature.named.recorded[world.entity[row]]
        began = _permits_began(nature, int(world.sector[row]), recorded)
        if began >= 0 and recorded[PERMITS_GRANTED] < 0 and permit_work[row] > 0:
            permit_work[row] = _permit_work(nature, world, stream, int(row), began)
        began = _appraisal_began(nature, recorded)
        if began >= 0 and recorded[FIRST_PAID] < 0:
            for column, name in enumerate(nature.facility_ids):
                u = uniforms(stream, nature.entity_keys[world.entity[row : row + 1]],
                             f"appraisal:{name}", 1)[0]  # fmt: skip
                appraisal[row, column] = _days_under_way(
                    nature, nature.config.nature.appraisal_days[name], began, u
                )
        began = int(recorded[SELECTED])
        if began >= 0 and world.megawatts[row]:
            connection[row] = _connection(nature, world, stream, int(row), began)
    return replace(
        world,
        permit_work=permit_work,
        appraisal=appraisal,
        grid_connection=connection,
        round_interval=_first_interval(nature, world, stream),
    )


def _permits_began(nature: Nature, sector: int, recorded: np.ndarray) -> int:
    starts = nature.config.sectors[nature.sector_ids[sector]].permits.starts
    # No docket date is ever recorded, so permits that start there start unrecorded.
    column = {"proposal": PROPOSED, "selection": SELECTED}.get(starts)
    return -1 if column is None else int(recorded[column])


def _appraisal_began(nature: Nature, recorded: np.ndarray) -> int:
    # A docket implied by a recorded recommendation counts from there; a notice is not on record.
    on_record = nature.config.policy.appraisal_starts in ("docket", "recommendation")
    return int(recorded[RECOMMENDED]) if on_record else -1


def _permit_work(nature: Nature, world: World, stream: np.uint64, row: int, began: int) -> int:
    entity, sector = world.entity[row : row + 1], world.sector[row : row + 1]
    u = keyed_uniforms(stream, nature.entity_keys[entity], PERMIT_KEYS)[0]
    left = 1 - float(permits_done(nature, sector, entity, u[1:2])[0])
    if left <= 0:
        return 0
    elapsed = (nature.open_minute - began) / MINUTES_PER_DAY / DAYS_PER_MONTH / left
    work = nature.config.sectors[nature.sector_ids[int(sector[0])]].permits.work_months
    months = conditioned(work, elapsed, u[:1]) * left
    return max(int(minutes_from_months(months)[0]), nature.open_minute - began)


def _connection(nature: Nature, world: World, stream: np.uint64, row: int, began: int) -> int:
    grid = nature.config.sectors[nature.sector_ids[int(world.sector[row])]].power
    if grid is None:
        return 0
    keys = nature.entity_keys[world.entity[row : row + 1]]
    elapsed = (nature.open_minute - began) / MINUTES_PER_DAY / DAYS_PER_MONTH
    months = conditioned(grid.connection_months, elapsed, uniforms(stream, keys, "grid", 1)[0])
    return max(int(minutes_from_months(months)[0]), nature.open_minute - began)


def _days_under_way(nature: Nature, law: Distribution, began: int, u: FloatArray) -> int:
    elapsed = (nature.open_minute - began) / MINUTES_PER_DAY
    days = conditioned(law, elapsed, u)
    return max(int(minutes_from_days(days)[0]), nature.open_minute - began)


def _first_interval(nature: Nature, world: World, stream: np.uint64) -> np.ndarray:
    """The interval running at ``as_of`` began with the last round held."""
    last = nature.config.nature.last_round
    intervals = world.round_interval
    if last is None or not len(intervals):
        return intervals
    u = uniforms(stream, PRESIDENT, "round", 1)[0]
    intervals = intervals.copy()
    intervals[0] = _days_under_way(
        nature, nature.config.nature.round_interval_days, nature.epoch.minute_of(last), u
    )
    return intervals
