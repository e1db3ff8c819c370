"""From (seed, replication) to a World: the only place where chance enters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from sim.calendars import MINUTES_PER_DAY, minutes_from_days, minutes_from_months
from sim.config.values import MOST_COST_RATIO, MOST_UNITS, MOST_USD_BN
from sim.events import CENTS_PER_USD_BN
from sim.events.log import OperationDraws
from sim.world.breaches import draw_breaches, draw_ends
from sim.world.distributions import inverse
from sim.world.gates import built_share, draw_gates
from sim.world.lending import draw_appraisals
from sim.world.model import FloatArray, IntArray, World, cut, whole
from sim.world.nature import MILLI, MONTHS_PER_YEAR, RECORDED, Nature
from sim.world.operation import draw_operation
from sim.world.present import Present, present
from sim.world.prices import PlantPrices
from sim.world.runs import of_runs
from sim.world.shocks import draw_shocks, shock_factors
from sim.world.uniforms import (
    KeyArray,
    keyed_uniforms,
    purpose_key,
    uniforms,
)

PRESIDENT = "president"
SINGLE = (
    "viability", "prospects", "content", "permit_work", "permit_done", "build", "cost_ratio",
    "consult", "decline", "consultation", "cost", "japan_share",
)  # fmt: skip
# Of a project whatever its sites: how viable it is, and what is decided of it.
OF_ALL_SITES = ("viability", "prospects", "content", "consult", "decline", "consultation")
SINGLE_KEYS = np.array([purpose_key(purpose) for purpose in SINGLE], np.uint64)


def draw_world(nature: Nature, seed: int, replication: int) -> World:
    """Draw one replication's world: a batch of one.

    Raises
    ------
    ModelError
        If a generated pipeline would exceed its ``maximum``.
    """
    return draw_worlds(nature, seed, [replication])[0]


def draw_worlds(nature: Nature, seed: int, replications: Sequence[int]) -> list[World]:
    """Draw the worlds of several replications, each part of all of them in one call.

    The arrays of a world are the rows of its replication in those of the batch: a world that is
    kept keeps the batch.

    Raises
    ------
    ModelError
        If a generated pipeline would exceed its ``maximum`` in one of them.
    """
    rows = present(nature, seed, replications)
    shocks = draw_shocks(nature, rows.streams)
    single = _single(rows)
    operation = draw_operation(nature, rows, single["viability"])
    breaches, ends = draw_breaches(nature, rows)
    parts = zip(
        replications,
        cut(_of_rows(nature, rows, single, shocks), rows.bounds),
        cut(vars(breaches), ends),
        cut(vars(operation), rows.bounds) if operation else repeat(None),
        strict=False,
    )
    once = of_runs(nature.runs, rows.streams) | {"shocks": shocks}
    return [
        World(
            replication=replication,
            seed=seed,
            operation=None if operates is None else OperationDraws(**operates),
            **of_row,
            **of_breach,
            **{name: one[number] for name, one in once.items()},
        )
        for number, (replication, of_row, of_breach, operates) in enumerate(parts)
    ]


def _single(rows: Present) -> dict[str, FloatArray]:
    """The draws there is one of for each row, by purpose."""

    def drawn(keys: KeyArray) -> dict[str, FloatArray]:
        by_purpose = keyed_uniforms(rows.stream, keys, SINGLE_KEYS).T.copy()
        return dict(zip(SINGLE, by_purpose, strict=True))

    decided = drawn(rows.shared)
    return drawn(rows.keys) | {purpose: decided[purpose] for purpose in OF_ALL_SITES}


def _of_rows(
    nature: Nature, rows: Present, single: dict[str, FloatArray], shocks: FloatArray
) -> dict[str, Any]:
    """What a world has of each project, by name."""
    sector, named_row = rows.sector, rows.named_row
    units, cost, commitment = _sizes(nature, rows, single)
    prices = PlantPrices(nature, rows.streams)
    dearer = prices.at(rows, rows.proposed)
    gates = draw_gates(nature, rows, cost, single["viability"], shocks)
    build, first_unit, nominal_months, cost_ratio = _construction(
        nature, rows, units, single, shocks
    )
    given, maxima, tables = nature.given, nature.given.maxima, nature.tables
    rounds = maxima.screening_rounds

    def repeated(purpose: str, visits: int) -> FloatArray:
        return uniforms(rows.stream, rows.keys, purpose, visits)

    def of_all_sites(purpose: str, visits: int) -> FloatArray:
        return uniforms(rows.stream, rows.shared, purpose, visits)

    appraisal, appraised = draw_appraisals(nature, rows.stream, rows.shared, single["viability"])
    litigation_rounds = max(1, nature.litigation_rounds)
    litigated = repeated("litigation", litigation_rounds)
    allowed = np.arange(litigation_rounds) < nature.sectors.litigation_max_rounds[sector][:, None]
    wanted = (
        nature.sectors.labour_years_per_usd_bn[sector]
        * (cost / CENTS_PER_USD_BN)
        / (nominal_months / MONTHS_PER_YEAR)
    )
    return {
        "entity": rows.entity,
        "named": named_row >= 0,
        "sector": sector,
        "proposed": rows.proposed,
        "units": units,
        "cost_cents": whole(cost * dearer, "cents of cost"),
        "commitment_cents": whole(commitment * dearer, "cents of commitment"),
        "prospects_share": _prospects(nature, sector, single),
        "revision_gain_share": tables["revision_gain"](
            sector, of_all_sites("revision_gain", rounds)
        )
        * _mendable(nature, single["viability"])[:, None],
        "japanese_content_share": _or_stated(
            tables["content"](sector, single["content"]),
            nature.named.japanese_content_share,
            named_row,
        ),
        "favour": of_all_sites("favour", rounds),
        "screening": minutes_from_days(
            tables["screening"](sector, of_all_sites("screening", rounds))
        ),
        "revision": minutes_from_days(tables["revision"](sector, of_all_sites("revision", rounds))),
        "defer": of_all_sites("defer", maxima.committee_visits),
        "pass_over": of_all_sites("pass_over", maxima.selection_visits),
        "consult": single["consult"],
        "decline": single["decline"],
        "consultation": minutes_from_days(inverse(given.consultation_days, single["consultation"])),
        "appraisal": appraisal,
        "appraised": appraised,
        "call_desk": np.stack(
            [
                minutes_from_days(
                    inverse(given.call_desk_days[name], repeated(f"call_desk:{name}", maxima.calls))
                )
                for name in nature.facility_ids
            ],
            axis=2,
        ),
        "lead_error": np.rint(
            MINUTES_PER_DAY * inverse(given.lead_error_days, repeated("lead_error", maxima.calls))
        ).astype(np.int64),
        "permit_work": minutes_from_months(
            tables["permit_work"](sector, single["permit_work"])
            * (1 - permits_done(nature, sector, named_row, single["permit_done"]))
            * nature.permit_factor[gates.place]
        ),
        "litigated": (litigated < nature.sectors.litigation_probability[sector][:, None]) & allowed,
        "litigation": minutes_from_months(
            tables["litigation_months"](sector, repeated("litigation_months", litigation_rounds))
        ),
        "build": build,
        "first_unit": first_unit,
        "cost_ratio": np.minimum(
            cost_ratio * _rise(nature, prices, rows, nominal_months), MOST_COST_RATIO
        ),
        "specialists": whole(
            wanted[:, None]
            * nature.sectors.craft_shares[sector]
            * nature.pool_serves[gates.place]
            * MILLI,
            "thousandths of specialists",
        ),
        "nominal": minutes_from_months(nominal_months),
        **vars(gates),
        **draw_ends(nature, rows),
    }


def permits_done(
    nature: Nature, sector: IntArray, named_row: IntArray, u: FloatArray
) -> FloatArray:
    """Share of the permit work already behind each project when its permits start."""
    done = np.clip(nature.tables["permit_done"](sector, u), 0, 1)
    return _or_stated(done, nature.named.permits_done_share, named_row)


def _or_stated(drawn: FloatArray, stated: FloatArray, named_row: IntArray) -> FloatArray:
    """``drawn``, except where the portfolio states a value for a named project."""
    known = named_row >= 0
    values = stated[named_row[known]]
    drawn[known] = np.where(np.isnan(values), drawn[known], values)
    return drawn


def _sizes(
    nature: Nature, rows: Present, single: dict[str, FloatArray]
) -> tuple[IntArray, IntArray, IntArray]:
    """Units, cost and commitment; whole cents. What is beyond all bounds is at the bound."""
    entity, named_row = rows.entity, rows.named_row
    units = np.ones(len(entity), np.int64)
    cost = np.zeros(len(entity))
    commitment = np.zeros(len(entity))
    known = named_row >= 0
    units[known] = nature.named.units[named_row[known]]
    cost[known] = nature.named.cost_usd_bn[named_row[known]]
    commitment[known] = nature.named.commitment_usd_bn[named_row[known]]
    for table in nature.pipelines:
        mine = (entity >= table.first_slot) & (entity < table.first_slot + table.maximum)
        cost[mine] = np.clip(inverse(table.cost, single["cost"][mine]), 0, MOST_USD_BN)
        share = np.clip(inverse(table.japan_share, single["japan_share"][mine]), 0, 1)
        commitment[mine] = cost[mine] * share
        drawn = np.minimum(cost[mine] / table.usd_bn_per_unit, MOST_UNITS)
        units[mine] = np.maximum(table.units, np.rint(drawn))
    return (
        units,
        whole(cost * CENTS_PER_USD_BN, "cents of cost"),
        whole(commitment * CENTS_PER_USD_BN, "cents of commitment"),
    )


def _rise(
    nature: Nature, prices: PlantPrices, rows: Present, nominal_months: FloatArray
) -> FloatArray:
    """What costs rise by from the proposal until half of the building is planned to be done.

    Selection is on its day on record, else the config's months from the proposal; then comes mean
    development, and half of the project's own nominal building.
    """
    named_row = rows.named_row
    named = named_row >= 0
    selected = rows.proposed + minutes_from_months(np.array(nature.given.months_to_selection))
    recorded = nature.named.recorded[named_row[named], RECORDED.index("selected")]
    selected[named] = np.where(recorded >= 0, recorded, selected[named])
    develop = nature.sectors.months_of_development[rows.sector] * (
        built_share(nature, named_row) == 0
    )
    later = selected + minutes_from_months(develop + nominal_months / 2)
    return prices.at(rows, later) / prices.at(rows, rows.proposed)


def _prospects(nature: Nature, sector: IntArray, single: dict[str, FloatArray]) -> FloatArray:
    """Prospects lean on the latent viability by a Gaussian copula of the configured weight."""
    weight = nature.given.viability_weight
    z = weight * ndtri(single["viability"]) + np.sqrt(1 - weight**2) * ndtri(single["prospects"])
    return nature.tables["prospects"](sector, _open(ndtr(z)))


def _mendable(nature: Nature, viability: FloatArray) -> FloatArray:
    """What a revision gains of what it would gain on average: less, the less viable a project."""
    return 1 + nature.given.viability_weight * (2 * viability - 1)


def _open(u: FloatArray) -> FloatArray:
    """Keep uniforms strictly inside (0, 1) after a round trip through the normal."""
    return np.clip(u, 2.0**-53, 1 - 2.0**-53)


def _construction(
    nature: Nature,
    rows: Present,
    units: IntArray,
    single: dict[str, FloatArray],
    shocks: FloatArray,
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Building minutes (all units), minutes to the first unit, nominal months, cost ratio.

    Rank correlation r_s of schedule and cost goes through a Gaussian copula with
    r = 2 sin(pi r_s / 6). A slip of the first unit stretches the interval of later ones alike. Of a
    work that runs already the rest is built.
    """
    table, sector, named_row = nature.sectors, rows.sector, rows.named_row
    nominal = table.nominal_months[sector]
    plan = np.where(table.plan_based[sector], table.plan_months[sector], nominal)
    stated = _or_stated(np.full(len(sector), np.nan), nature.named.plan_months, named_row)
    drawn = nature.tables["build"](sector, single["build"])
    first = np.where(table.plan_based[sector], plan * drawn, drawn)
    scale = np.where(np.isnan(stated), 1.0, stated / plan)
    first = first * scale * shock_factors(table.schedule_loadings, shocks)[rows.batch, sector]
    nominal_first = nominal * scale
    later = (units - 1) * table.unit_interval_months[sector]
    slip = first / nominal_first
    r = 2 * np.sin(np.pi * table.rank_correlation[sector] / 6)
    z = r * ndtri(single["build"]) + np.sqrt(1 - r**2) * ndtri(single["cost_ratio"])
    cost_ratio = nature.tables["cost_ratio"](sector, _open(ndtr(z)))
    cost_ratio = cost_ratio * shock_factors(table.cost_loadings, shocks)[rows.batch, sector]
    cost_ratio = np.minimum(cost_ratio, MOST_COST_RATIO)
    left = 1 - built_share(nature, named_row)
    total = minutes_from_months((first + later * slip) * left)
    return total, minutes_from_months(first * left), (nominal_first + later) * left, cost_ratio
