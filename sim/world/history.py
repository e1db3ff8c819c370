"""Draws under way on the as-of date, conditioned on not having ended by then.

Kept apart from drawing because what is under way depends on policy (when appraisal starts),
while the world itself must not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from sim.calendars import DAYS_PER_MONTH, MINUTES_PER_DAY, minutes_from_days
from sim.config.distributions import Distribution
from sim.config.sectors import Sector
from sim.world.distributions import conditioned
from sim.world.draw import PRESIDENT, permits_done
from sim.world.gates import built_share, development_done
from sim.world.lending import under_way
from sim.world.model import FloatArray, IntArray, World
from sim.world.nature import RECORDED, Nature
from sim.world.uniforms import keyed_uniforms, purpose_key, stream_key, uniforms

(
    PROPOSED, RECOMMENDED, SELECTED, FIRST_PAID, PERMITS_GRANTED, DEVELOPED, NTP, CONNECTED, ORDERED
) = range(len(RECORDED))  # fmt: skip
DEVELOPMENT_KEYS = np.array(
    [purpose_key("development"), purpose_key("development_done")], np.uint64
)
VIABILITY = np.array([purpose_key("viability")], np.uint64)
PERMIT_KEYS = np.array([purpose_key("permit_work"), purpose_key("permit_done")], np.uint64)


def pin_history(nature: Nature, world: World) -> World:
    """Stretch what was under way at ``as_of`` and had not ended.

    That is screening, permits, development, appraisals, grid connections, deliveries of machines
    and the presidential interval.

    Each such draw X keeps its uniform but is read from the law of X given X > elapsed. Identity
    when history is ignored.
    """
    if not nature.pinned:
        return world
    permit_work, screening = world.permit_work.copy(), world.screening.copy()
    appraisal, appraised = world.appraisal.copy(), world.appraised.copy()
    connection, development = world.grid_connection.copy(), world.development.copy()
    build, first_unit = world.build.copy(), world.first_unit.copy()
    delivery = world.equipment_delivery.copy()
    stream = stream_key(world.seed, world.replication)
    for row in np.flatnonzero(world.named):
        entity, number = world.entity[row : row + 1], world.sector[row : row + 1]
        key, recorded = nature.entity_keys[entity], nature.named.recorded[entity[0]]
        shared = nature.shared_keys[entity]
        sector = nature.config.sectors[nature.sector_ids[int(number[0])]]
        began = int(recorded[PROPOSED])
        if began < nature.open_minute and max(recorded[RECOMMENDED], recorded[SELECTED]) < 0:
            u = uniforms(stream, shared, "screening", 1)[0]
            screening[row, 0] = _under_way(nature, sector.screening_days, 1, began, u)
        began = _permits_began(sector, recorded)
        if began >= 0 and recorded[PERMITS_GRANTED] < 0 and permit_work[row] > 0:
            u = keyed_uniforms(stream, key, PERMIT_KEYS)[0]
            left = 1 - float(permits_done(nature, number, entity, u[1:])[0])
            left *= float(nature.permit_factor[world.place[row]])
            law = sector.permits.work_months
            permit_work[row] = _under_way(nature, law, DAYS_PER_MONTH, began, u[:1], left)
        began = _appraisal_began(nature, recorded)
        if began >= 0 and recorded[FIRST_PAID] < 0:
            viability = keyed_uniforms(stream, shared, VIABILITY)[0]
            appraisal[row], appraised[row] = under_way(
                nature, stream, shared, viability, nature.open_minute - began
            )
        began = int(recorded[SELECTED])
        connected = [recorded[CONNECTED], *nature.named.energised[entity[0]], -1]
        if max(connected[:2]) >= 0:  # what runs is connected
            connection[row] = next(on for on in connected if on >= 0) - began
        elif began >= 0 and world.megawatts[row] and sector.power is not None:
            u = uniforms(stream, key, "grid", 1)[0]
            law = sector.power.connection_months
            ahead = int(world.grid_ahead[row])
            connection[row] = _under_way(nature, law, DAYS_PER_MONTH, began, u, ahead=ahead)
        began = int(recorded[NTP])
        if began >= 0 and first_unit[row] > 0:
            u = uniforms(stream, key, "build", 1)[0]
            later = max(1, int(world.units[row]) - 1)
            interval = float(build[row] - first_unit[row]) / later
            slip = _slip(nature, sector, number, entity, int(first_unit[row]), interval, u)
            build[row] = np.ceil(build[row] * slip) + 1  # so that a minute is left
            first_unit[row] = np.ceil(first_unit[row] * slip) + 1
        delivery[row] = _deliveries(nature, sector, stream, entity, delivery[row])
        began = int(recorded[SELECTED]) if recorded[DEVELOPED] < 0 else -1
        if began >= 0 and sector.development is not None:
            u = keyed_uniforms(stream, key, DEVELOPMENT_KEYS)[0]
            left = 1 - float(development_done(nature, number, u[1:])[0])
            left *= float(built_share(nature, entity)[0] == 0)
            law = sector.development.months
            development[row] = _under_way(nature, law, DAYS_PER_MONTH, began, u[:1], left)
    return replace(
        world,
        screening=screening,
        permit_work=permit_work,
        appraisal=appraisal,
        appraised=appraised,
        grid_connection=connection,
        development=development,
        equipment_delivery=delivery,
        build=build,
        first_unit=first_unit,
        round_interval=_first_interval(nature, world, stream),
    )


def _permits_began(sector: Sector, recorded: np.ndarray) -> int:
    # No docket date is ever recorded, so permits that start there start unrecorded.
    column = {"proposal": PROPOSED, "selection": SELECTED}.get(sector.permits.starts)
    return -1 if column is None else int(recorded[column])


def _appraisal_began(nature: Nature, recorded: np.ndarray) -> int:
    # A docket implied by a recorded recommendation counts from there; a notice is not on record.
    on_record = nature.config.policy.appraisal_starts in ("docket", "recommendation")
    recommended = int(recorded[RECOMMENDED])  # implied by a selection
    return (recommended if recommended >= 0 else int(recorded[SELECTED])) if on_record else -1


def _under_way(
    nature: Nature,
    law: Distribution,
    unit: float,
    began: int,
    u: FloatArray,
    left: float = 1,
    ahead: int = 0,
) -> int:
    """Minutes from then on of what had not ended by ``as_of``.

    The ``law`` counts in units of ``unit`` days; the share ``left`` of it was to be done, from
    ``ahead`` minutes earlier on.
    """
    if left <= 0:
        return 0
    elapsed = (nature.open_minute - began + ahead) / MINUTES_PER_DAY
    days = conditioned(law, elapsed / unit / left, u) * left * unit
    return max(int(minutes_from_days(days)[0]) - ahead, nature.open_minute - began)


def ordered_on(nature: Nature, entity: int) -> int:
    """When machines were ordered on record: then, or as their call was paid; -1: not yet.

    At the latest with the first unit built.
    """
    recorded = nature.named.recorded[entity]
    paid = (int(recorded[FIRST_PAID]), *nature.named.later_paid[entity])
    triggers = [one.trigger for one in nature.config.policy.calls.slices.values()]
    call = triggers.index("equipment_order") if "equipment_order" in triggers else 0
    ordered = int(recorded[ORDERED])
    if ordered < 0 and call < len(paid):
        ordered = paid[call]
    return min([on for on in (ordered, *nature.named.built[entity]) if on >= 0], default=-1)


def _deliveries(
    nature: Nature, sector: Sector, stream: np.uint64, entity: IntArray, drawn: IntArray
) -> IntArray:
    """Minutes from slot to site by kind; what is in the making is not there by ``as_of``.

    One draw is for all units: of those not built the first slot granted has been under way for the
    longest.
    """
    one, ordered = int(entity[0]), ordered_on(nature, int(entity[0]))
    slots = nature.named.slots[one][len(nature.named.built[one]) :]
    if not slots or ordered < 0:
        return drawn
    found = drawn.copy()
    for column, kind in enumerate(nature.equipment_ids):
        if kind in sector.equipment:
            u = uniforms(stream, nature.entity_keys[entity], f"equipment:{kind}", 1)[0]
            law, began = sector.equipment[kind].delivery_months, max(slots[0], ordered)
            found[column] = _under_way(nature, law, DAYS_PER_MONTH, began, u)
    return found


def _slip(
    nature: Nature,
    sector: Sector,
    number: IntArray,
    entity: IntArray,
    first: int,
    interval: float,
    u: FloatArray,
) -> float:
    """What stretches a building on record, of minutes to its first unit and between units.

    What the units on record took says it, at full rate. Where by that the next unit would be built
    by ``as_of``, and before the first, the draw is conditioned on its not being.
    """
    built = nature.named.built[int(entity[0])]
    began = int(nature.named.recorded[int(entity[0]), NTP])
    left: float = first
    if built:
        told = (built[-1] - began) / (first + (len(built) - 1) * interval)
        began, left = built[-1], max(1.0, interval)
        done = len(built) == nature.named.units[int(entity[0])]
        if done or left * told > nature.open_minute - began:
            return told
    drawn = float(nature.tables["build"](number, u)[0])
    build = sector.construction
    law = cast(Distribution, build.outcome_months or build.schedule_ratio)
    elapsed = (nature.open_minute - began) * drawn / left
    return float(conditioned(law, elapsed, u)[0]) / drawn


def _first_interval(nature: Nature, world: World, stream: np.uint64) -> np.ndarray:
    """The interval running at ``as_of`` began with the last round on record, or the programme."""
    intervals, held = world.round_interval.copy(), nature.rounds_on_record
    if len(held) < len(intervals):
        u = uniforms(stream, PRESIDENT, "round", np.array([len(held)]))[0]
        began = int(held.max(initial=0))
        law = nature.config.nature.round_interval_days
        intervals[len(held)] = _under_way(nature, law, 1, began, u)
    return intervals
