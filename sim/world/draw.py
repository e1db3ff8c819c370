"""From (seed, replication) to a World: the only place where chance enters."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from sim.calendars import MINUTES_PER_DAY, minutes_from_days, minutes_from_months
from sim.config.distributions import Distribution
from sim.config.values import MOST_COST_RATIO, MOST_UNITS, MOST_USD_BN
from sim.errors import ModelError
from sim.events import CENTS_PER_USD_BN
from sim.world.breaches import draw_breaches
from sim.world.distributions import inverse
from sim.world.gates import built_share, draw_gates
from sim.world.lending import draw_appraisals
from sim.world.model import FloatArray, IntArray, World, whole
from sim.world.nature import MILLI, MONTHS_PER_YEAR, RECORDED, Nature
from sim.world.operation import draw_operation
from sim.world.prices import PlantPrices, yen_factors
from sim.world.public import draw_public
from sim.world.uniforms import entity_key, keyed_uniforms, purpose_key, stream_key, uniforms

MINUTES_PER_YEAR = 365.25 * MINUTES_PER_DAY
PRESIDENT = np.array([entity_key("president")], np.uint64)
SINGLE = (
    "viability", "prospects", "content", "permit_work", "permit_done", "build", "cost_ratio",
    "consult", "decline", "consultation", "cost", "japan_share",
)  # fmt: skip
# Of a project whatever its sites: how viable it is, and what is decided of it.
OF_ALL_SITES = ("viability", "prospects", "content", "consult", "decline", "consultation")
SINGLE_KEYS = np.array([purpose_key(purpose) for purpose in SINGLE], np.uint64)


def draw_world(nature: Nature, seed: int, replication: int) -> World:
    """Draw one replication's world.

    Raises
    ------
    ModelError
        If a generated pipeline would exceed its ``maximum``.
    """
    stream = stream_key(seed, replication)
    entity, sector, proposed, named_row = _present(nature, stream, seed, replication)
    keys, shared = nature.entity_keys[entity], nature.shared_keys[entity]
    single = dict(zip(SINGLE, keyed_uniforms(stream, keys, SINGLE_KEYS).T, strict=True))
    decided = dict(zip(SINGLE, keyed_uniforms(stream, shared, SINGLE_KEYS).T, strict=True))
    single |= {purpose: decided[purpose] for purpose in OF_ALL_SITES}
    units, cost, commitment = _sizes(nature, entity, named_row, single)
    shocks = _shocks(nature, stream)
    prices = PlantPrices(nature, stream)
    dearer = prices.at(sector, proposed)
    gates = draw_gates(nature, stream, entity, sector, named_row, cost, single["viability"], shocks)
    build, first_unit, nominal_months, cost_ratio = _construction(
        nature, sector, named_row, units, single, shocks
    )
    config, maxima, tables = nature.config.nature, nature.maxima, nature.tables
    rounds = maxima.screening_rounds
    facilities = nature.facility_ids

    def repeated(purpose: str, visits: int) -> FloatArray:
        return uniforms(stream, keys, purpose, visits)

    def of_all_sites(purpose: str, visits: int) -> FloatArray:
        return uniforms(stream, shared, purpose, visits)

    calls = [repeated(f"call_desk:{name}", maxima.calls) for name in facilities]
    appraisal, appraised = draw_appraisals(nature, stream, shared, single["viability"])
    litigation_rounds = max(1, nature.litigation_rounds)
    litigated = repeated("litigation", litigation_rounds)
    allowed = np.arange(litigation_rounds) < nature.sectors.litigation_max_rounds[sector][:, None]
    wanted = (
        nature.sectors.labour_years_per_usd_bn[sector]
        * (cost / CENTS_PER_USD_BN)
        / (nominal_months / MONTHS_PER_YEAR)
    )
    return World(
        replication=replication,
        seed=seed,
        entity=entity,
        named=named_row >= 0,
        sector=sector,
        proposed=proposed,
        units=units,
        cost_cents=whole(cost * dearer, "cents of cost"),
        commitment_cents=whole(commitment * dearer, "cents of commitment"),
        prospects_share=_prospects(nature, sector, single),
        revision_gain_share=tables["revision_gain"](sector, of_all_sites("revision_gain", rounds))
        * _mendable(nature, single["viability"])[:, None],
        japanese_content_share=_or_stated(
            tables["content"](sector, single["content"]),
            nature.named.japanese_content_share,
            named_row,
        ),
        favour=of_all_sites("favour", rounds),
        screening=minutes_from_days(tables["screening"](sector, of_all_sites("screening", rounds))),
        revision=minutes_from_days(tables["revision"](sector, of_all_sites("revision", rounds))),
        defer=of_all_sites("defer", maxima.committee_visits),
        pass_over=of_all_sites("pass_over", maxima.selection_visits),
        consult=single["consult"],
        decline=single["decline"],
        consultation=minutes_from_days(
            inverse(config.funding.consultation_days, single["consultation"])
        ),
        appraisal=appraisal,
        appraised=appraised,
        call_desk=np.stack(
            [
                minutes_from_days(inverse(config.call_desk_days[name], u))
                for name, u in zip(facilities, calls, strict=True)
            ],
            axis=2,
        ),
        lead_error=np.rint(
            MINUTES_PER_DAY * inverse(config.lead_error_days, repeated("lead_error", maxima.calls))
        ).astype(np.int64),
        permit_work=minutes_from_months(
            tables["permit_work"](sector, single["permit_work"])
            * (1 - permits_done(nature, sector, named_row, single["permit_done"]))
            * nature.permit_factor[gates.place]
        ),
        litigated=(litigated < nature.sectors.litigation_probability[sector][:, None]) & allowed,
        litigation=minutes_from_months(
            tables["litigation_months"](sector, repeated("litigation_months", litigation_rounds))
        ),
        build=build,
        first_unit=first_unit,
        cost_ratio=np.minimum(
            cost_ratio * _rise(nature, prices, sector, proposed, named_row, nominal_months),
            MOST_COST_RATIO,
        ),
        specialists=whole(
            wanted[:, None]
            * nature.sectors.craft_shares[sector]
            * nature.pool_serves[gates.place]
            * MILLI,
            "thousandths of specialists",
        ),
        round_interval=minutes_from_days(
            inverse(
                config.round_interval_days,
                uniforms(stream, PRESIDENT, "round", maxima.presidential_rounds)[0],
            )
        ),
        round_projects=_round_sizes(nature, stream, "round_projects", config.round_projects),
        round_cents=_round_sizes(nature, stream, "round_usd_bn", config.round_usd_bn)
        * CENTS_PER_USD_BN,
        shocks=shocks,
        yen_factor=yen_factors(nature.config, stream),
        nominal=minutes_from_months(nominal_months),
        public=draw_public(nature, stream),
        operation=draw_operation(nature, stream, keys, sector, single["viability"]),
        **vars(draw_breaches(nature, stream, shared)),
        **vars(gates),
    )


def _round_sizes(
    nature: Nature, stream: np.uint64, purpose: str, law: Distribution | None
) -> FloatArray:
    """What each round takes, by its number; behind them the final round, of a key of its own."""
    rounds = nature.maxima.presidential_rounds
    if law is None:
        return np.full(rounds + 1, np.inf)
    u = uniforms(stream, PRESIDENT, purpose, rounds)[0]
    final = uniforms(stream, PRESIDENT, f"final_{purpose}", 1)[0]
    return inverse(law, np.concatenate([u, final]))


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


def _present(
    nature: Nature, stream: np.uint64, seed: int, replication: int
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Entity, sector, proposal minute and portfolio row (-1: generated), in ordinal order."""
    named = nature.named
    count = len(named.sector)
    enters = (
        uniforms(stream, nature.shared_keys[:count], "enter", 1)[:, 0] < named.entry_probability
    )
    rows = np.flatnonzero(enters)
    entities, sectors, minutes, named_rows = (
        [rows],
        [named.sector[rows]],
        [named.proposed[rows]],
        [rows],
    )
    for table in nature.pipelines:
        arrived = table.schedule
        if table.arrivals_per_year:
            u = uniforms(stream, np.array([table.key]), "arrival", table.maximum + 1)[0]
            gaps = -np.log1p(-u) * (MINUTES_PER_YEAR / table.arrivals_per_year)
            times = table.first_minute + np.cumsum(gaps)
            if times[-1] < nature.deadline_minute:
                raise ModelError(
                    f"seed {seed}, replication {replication}: a pipeline of sector "
                    f"{nature.sector_ids[table.sector]} exceeds its maximum of {table.maximum}"
                )
            arrived = np.ceil(times).astype(np.int64)
        arrived = arrived[arrived < nature.deadline_minute]
        entities.append(table.first_slot + np.arange(len(arrived)))
        sectors.append(np.full(len(arrived), table.sector))
        minutes.append(arrived)
        named_rows.append(np.full(len(arrived), -1))
    entity, minute = np.concatenate(entities), np.concatenate(minutes)
    order = np.lexsort((nature.id_rank[entity], minute))
    return (
        entity[order],
        np.concatenate(sectors)[order],
        minute[order],
        np.concatenate(named_rows)[order],
    )


def _sizes(
    nature: Nature, entity: IntArray, named_row: IntArray, single: dict[str, FloatArray]
) -> tuple[IntArray, IntArray, IntArray]:
    """Units, cost and commitment; whole cents. What is beyond all bounds is at the bound."""
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
    nature: Nature,
    prices: PlantPrices,
    sector: IntArray,
    proposed: IntArray,
    named_row: IntArray,
    nominal_months: FloatArray,
) -> FloatArray:
    """What costs rise by from the proposal until half of the building is planned to be done.

    Selection is on its day on record, else the config's months from the proposal; then comes mean
    development, and half of the project's own nominal building.
    """
    named = named_row >= 0
    selected = proposed + minutes_from_months(np.array(nature.config.nature.months_to_selection))
    recorded = nature.named.recorded[named_row[named], RECORDED.index("selected")]
    selected[named] = np.where(recorded >= 0, recorded, selected[named])
    develop = nature.sectors.months_of_development[sector] * (built_share(nature, named_row) == 0)
    later = selected + minutes_from_months(develop + nominal_months / 2)
    return prices.at(sector, later) / prices.at(sector, proposed)


def _shocks(nature: Nature, stream: np.uint64) -> FloatArray:
    if not len(nature.shock_keys):
        return np.zeros(0)
    normal: FloatArray = ndtri(uniforms(stream, nature.shock_keys, "shock", 1)[:, 0])
    return normal


def _prospects(nature: Nature, sector: IntArray, single: dict[str, FloatArray]) -> FloatArray:
    """Prospects lean on the latent viability by a Gaussian copula of the configured weight."""
    weight = nature.config.nature.viability_weight
    z = weight * ndtri(single["viability"]) + np.sqrt(1 - weight**2) * ndtri(single["prospects"])
    return nature.tables["prospects"](sector, _open(ndtr(z)))


def _mendable(nature: Nature, viability: FloatArray) -> FloatArray:
    """What a revision gains of what it would gain on average: less, the less viable a project."""
    return 1 + nature.config.nature.viability_weight * (2 * viability - 1)


def _open(u: FloatArray) -> FloatArray:
    """Keep uniforms strictly inside (0, 1) after a round trip through the normal."""
    return np.clip(u, 2.0**-53, 1 - 2.0**-53)


def _construction(
    nature: Nature,
    sector: IntArray,
    named_row: IntArray,
    units: IntArray,
    single: dict[str, FloatArray],
    shocks: FloatArray,
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Building minutes (all units), minutes to the first unit, nominal months, cost ratio.

    Rank correlation r_s of schedule and cost goes through a Gaussian copula with
    r = 2 sin(pi r_s / 6). A slip of the first unit stretches the interval of later ones alike. Of a
    work that runs already the rest is built.
    """
    table = nature.sectors
    nominal = table.nominal_months[sector]
    plan = np.where(table.plan_based[sector], table.plan_months[sector], nominal)
    stated = _or_stated(np.full(len(sector), np.nan), nature.named.plan_months, named_row)
    drawn = nature.tables["build"](sector, single["build"])
    first = np.where(table.plan_based[sector], plan * drawn, drawn)
    scale = np.where(np.isnan(stated), 1.0, stated / plan)
    loading = table.schedule_loadings[sector]
    first = first * scale * np.exp(loading @ shocks - (loading**2).sum(axis=1) / 2)
    nominal_first = nominal * scale
    later = (units - 1) * table.unit_interval_months[sector]
    slip = first / nominal_first
    r = 2 * np.sin(np.pi * table.rank_correlation[sector] / 6)
    z = r * ndtri(single["build"]) + np.sqrt(1 - r**2) * ndtri(single["cost_ratio"])
    loading = table.cost_loadings[sector]
    cost_ratio = nature.tables["cost_ratio"](sector, _open(ndtr(z)))
    cost_ratio = cost_ratio * np.exp(loading @ shocks - (loading**2).sum(axis=1) / 2)
    cost_ratio = np.minimum(cost_ratio, MOST_COST_RATIO)
    left = 1 - built_share(nature, named_row)
    total = minutes_from_months((first + later * slip) * left)
    return total, minutes_from_months(first * left), (nominal_first + later) * left, cost_ratio
