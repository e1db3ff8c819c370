"""The config's nature compiled once per process into tables that drawing can index."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import date
from math import inf

import numpy as np

from sim.calendars import MINUTES_PER_DAY, Epoch
from sim.config.distributions import Distribution
from sim.config.moments import mean
from sim.config.places import Kept
from sim.config.schema import Config, Project
from sim.config.sectors import Sector, Shock
from sim.world.distributions import BySector
from sim.world.given import GIVEN, NOTHING, OfProjects, OfRuns, exactly
from sim.world.model import BoolArray, FloatArray, IntArray
from sim.world.places import places_of, pools_serving
from sim.world.uniforms import entity_key

MONTHS_PER_YEAR = 12
MILLI = 1000
RECORDED = (
    "proposed", "recommended", "selected", "first_paid", "permits_granted", "developed", "ntp",
    "connected", "ordered",
)  # fmt: skip


@dataclass(frozen=True)
class PipelineTable:
    """One generated pipeline; its slots are entities ``first_slot`` .. ``+ maximum``."""

    key: np.uint64
    sector: int
    first_slot: int
    maximum: int
    arrivals_per_year: float | None
    schedule: IntArray  # minutes
    first_minute: int
    cost: Distribution
    japan_share: Distribution
    units: int
    usd_bn_per_unit: float


@dataclass(frozen=True)
class NamedTable:
    """Named projects, a row each; nan or -1 where the portfolio says nothing."""

    sector: IntArray
    proposed: IntArray
    units: IntArray
    cost_usd_bn: FloatArray
    commitment_usd_bn: FloatArray
    entry_probability: FloatArray
    japanese_content_share: FloatArray
    permits_done_share: FloatArray
    plan_months: FloatArray
    megawatts: FloatArray
    cancel_factor: FloatArray  # on the rate of cancellations, by what is sold ahead
    built_share: FloatArray
    own_pace: FloatArray  # share of full rate at which it is built until its notice to proceed
    recorded: IntArray  # (n_named, len(RECORDED)) minute, -1 where nothing is recorded
    later_paid: tuple[tuple[int, ...], ...]  # minutes on record of each call after the first
    slots: tuple[tuple[int, ...], ...]  # and of each unit's slots
    built: tuple[tuple[int, ...], ...]  # of the first units, in their order
    energised: tuple[tuple[int, ...], ...]  # and of those of them that run


@dataclass(frozen=True)
class SectorTable:
    """Numbers of each sector that are not random; shape (n_sectors,) unless stated."""

    nominal_months: FloatArray
    unit_interval_months: FloatArray
    rank_correlation: FloatArray
    plan_based: BoolArray
    plan_months: FloatArray
    litigation_probability: FloatArray
    litigation_max_rounds: IntArray
    labour_years_per_usd_bn: FloatArray
    months_of_development: FloatArray  # mean
    craft_shares: FloatArray  # (n_sectors, n_pools), times the specialist share
    schedule_loadings: FloatArray  # (n_sectors, n_shocks)
    cost_loadings: FloatArray  # (n_sectors, n_shocks)
    hazard_loadings: FloatArray  # (n_sectors, n_shocks)
    mw_per_usd_bn: FloatArray
    grid_sign: FloatArray  # 1 for loads, -1 for supplies, 0 for sectors that do not use the grid


def _grid_sign(sector: Sector) -> float:
    if sector.power is None:
        return 0.0
    return -1.0 if sector.power.role == "supply" else 1.0


def _months_of_development(sector: Sector) -> float:
    develop = sector.development
    if develop is None:
        return 0.0
    left = 1 - (mean(develop.done_share) if develop.done_share else 0.0)
    return left * mean(develop.months)


class Nature:
    """Compiled once per process; :func:`sim.world.draw.draw_world` reads it.

    Attributes
    ----------
    given, runs
        What it reads of the config.
    """

    _text: Kept[bytes] = Kept(*GIVEN)  # of what projects are given
    _last: tuple[bytes, Nature] | None = None

    @classmethod
    def of(cls, config: Config) -> Nature:
        """That of ``config``; where the one before was given the same of projects, with its tables.

        Only the last is kept, for the points of a sweep that follow one another.
        """
        text = cls._text.of(config, lambda: exactly(OfProjects.of(config)))
        last = cls._last  # read once: other threads have configs of their own
        if last is None or last[0] != text:
            last = cls._last = text, cls(config)
        nature = copy(last[1])
        nature.runs = OfRuns.of(config)
        return nature

    def __init__(self, config: Config) -> None:
        self.given = given = OfProjects.of(config)
        self.runs = OfRuns.of(config)
        self.epoch = Epoch(given.start)
        self.pinned = given.pinned
        self.open_minute = self.epoch.close_of(given.as_of) if self.pinned else 0
        self.deadline_minute = self.epoch.close_of(given.deadline)
        self.sector_ids = tuple(given.sectors)
        self.pool_ids = tuple(given.pools)
        self.facility_ids = given.facilities
        self.equipment_ids = given.equipment
        named = list(given.projects)
        self.named = self._named_table(named)
        selected = self.named.recorded[:, RECORDED.index("selected")]
        self.rounds_on_record = np.unique(selected[selected >= 0])  # minutes
        self.pipelines, slot_ids = self._pipelines(len(named))
        self.places = places_of(self._regions(named))
        self.pool_serves = pools_serving(given.pools, self.places)
        slower = given.permits_by_state
        self.permit_factor = np.array([slower.get(name, 1.0) for name in self.places.names])
        self.entity_ids = tuple(project.id for project in named) + slot_ids
        self.entity_keys = np.array([entity_key(text) for text in self.entity_ids], np.uint64)
        # What is decided of a project is decided of all its sites: they have the luck of the first.
        self.first_site = self._first_sites(named, len(self.entity_ids))
        self.shared_keys = self.entity_keys[self.first_site]
        order = sorted(range(len(self.entity_ids)), key=self.entity_ids.__getitem__)
        self.id_rank = np.empty(len(order), np.int64)
        self.id_rank[order] = np.arange(len(order))
        self.sectors = self._sector_table()
        self.tables = self._distributions()
        self.shock_keys = np.array(
            [entity_key(f"shock:{name}") for name in given.shocks], np.uint64
        )
        self.litigation_rounds = int(self.sectors.litigation_max_rounds.max(initial=0))

    def _named_table(self, named: list[Project]) -> NamedTable:
        def recorded(project: Project) -> list[int]:
            days = [getattr(project, f"{milestone}_date") for milestone in RECORDED]
            keep = days if self.pinned else days[:1]
            minutes = [-1 if day is None else self.epoch.minute_of(day) for day in keep]
            return minutes + [-1] * (len(RECORDED) - len(minutes))

        def minutes(days: list[date]) -> tuple[int, ...]:
            return tuple(self.epoch.minute_of(day) for day in days if self.pinned)

        def column(values: list[float | None]) -> FloatArray:
            return np.array([np.nan if v is None else v for v in values], np.float64)

        records = np.array([recorded(p) for p in named], np.int64).reshape(-1, len(RECORDED))
        cost = np.array([p.announced_usd_bn * p.realised_share for p in named], np.float64)
        return NamedTable(
            sector=np.array([self.sector_ids.index(p.sector) for p in named], np.int64),
            proposed=records[:, 0],
            units=np.array([p.units for p in named], np.int64),
            cost_usd_bn=cost,
            commitment_usd_bn=cost * np.array([p.japan_share for p in named], np.float64),
            entry_probability=np.array([p.entry_probability for p in named], np.float64),
            japanese_content_share=column([p.japanese_content_share for p in named]),
            permits_done_share=column([p.permits_done_share for p in named]),
            plan_months=column([p.plan_months for p in named]),
            megawatts=column([p.megawatts for p in named]),
            cancel_factor=1 - np.array([p.offtake_share for p in named], np.float64) * self._sold(),
            built_share=np.array([p.built_share for p in named], np.float64),
            own_pace=np.array([p.own_pace or 0 for p in named], np.float64),
            recorded=records,
            later_paid=tuple(minutes(p.later_paid_dates) for p in named),
            slots=tuple(minutes(p.slots_granted_dates) for p in named),
            built=tuple(minutes(p.units_built_dates) for p in named),
            energised=tuple(minutes(p.units_energised_dates) for p in named),
        )

    def _sold(self) -> float:
        """Part of the cancellations that goes when the whole output is sold ahead."""
        return 1 - self.given.cancellations_with_offtake

    def _pipelines(self, first_slot: int) -> tuple[tuple[PipelineTable, ...], tuple[str, ...]]:
        tables: list[PipelineTable] = []
        slots: list[str] = []
        for name, pipeline in self.given.pipelines.items():
            first = self.open_minute
            if pipeline.first_day is not None:
                first = max(first, self.epoch.minute_of(pipeline.first_day))
            days = [self.epoch.minute_of(day) for day in pipeline.schedule or []]
            tables.append(
                PipelineTable(
                    key=np.uint64(entity_key(f"pipeline:{name}")),
                    sector=self.sector_ids.index(pipeline.sector),
                    first_slot=first_slot + len(slots),
                    maximum=pipeline.maximum,
                    arrivals_per_year=pipeline.arrivals_per_year,
                    schedule=np.array([m for m in days if m >= first], np.int64),
                    first_minute=first,
                    cost=pipeline.cost_usd_bn,
                    japan_share=pipeline.japan_share,
                    units=pipeline.units,
                    usd_bn_per_unit=pipeline.usd_bn_per_unit or inf,
                )
            )
            slots += [f"{name}-{number:03d}" for number in range(1, pipeline.maximum + 1)]
        return tuple(tables), tuple(slots)

    @staticmethod
    def _first_sites(named: list[Project], entities: int) -> IntArray:
        """The entity each one is a further site of, itself where it is none."""
        first = np.arange(entities)
        of = {project.id: entity for entity, project in enumerate(named)}
        for entity, project in enumerate(named):
            first[entity] = of.get(project.site_of, entity)
        return first

    def _regions(self, named: list[Project]) -> list[str]:
        """What the config says of the states of every entity."""
        texts = [project.region for project in named]
        for pipeline in self.given.pipelines.values():
            texts += [pipeline.region] * pipeline.maximum
        return texts

    def _sector_table(self) -> SectorTable:
        sectors = list(self.given.sectors.values())
        shocks = list(self.given.shocks.values())
        crafts = [craft for craft, _ in self.given.pools.values()]

        def column(read: Callable[[Sector], float]) -> FloatArray:
            return np.array([read(s) for s in sectors], np.float64)

        def loadings(read: Callable[[Shock], dict[str, float]]) -> FloatArray:
            rows = [[read(shock).get(i, 0.0) for shock in shocks] for i in self.sector_ids]
            return np.array(rows, np.float64).reshape(len(sectors), len(shocks))

        return SectorTable(
            nominal_months=column(lambda s: s.construction.nominal_months),
            unit_interval_months=column(lambda s: s.construction.unit_interval_months),
            rank_correlation=column(lambda s: s.construction.schedule_cost_rank_correlation),
            plan_based=np.array([s.construction.basis == "plan" for s in sectors], np.bool_),
            plan_months=column(lambda s: s.construction.plan_months or np.nan),
            litigation_probability=column(lambda s: s.permits.litigation_probability),
            litigation_max_rounds=column(lambda s: s.permits.litigation_max_rounds).astype(
                np.int64
            ),
            labour_years_per_usd_bn=column(lambda s: s.labour.labour_years_per_usd_bn),
            months_of_development=column(_months_of_development),
            craft_shares=np.array(
                [
                    [
                        s.labour.crafts.get(craft, 0.0) * s.labour.specialist_share
                        for craft in crafts
                    ]
                    for s in sectors
                ],
                np.float64,
            ),
            schedule_loadings=loadings(lambda shock: shock.schedule_loadings),
            cost_loadings=loadings(lambda shock: shock.cost_loadings),
            hazard_loadings=loadings(lambda shock: shock.hazard_loadings),
            mw_per_usd_bn=column(lambda s: s.power.mw_per_usd_bn if s.power else 0.0),
            grid_sign=column(_grid_sign),
        )

    def _distributions(self) -> dict[str, BySector]:
        """One bulk inverse per purpose, a distribution per sector."""

        def building(sector: Sector) -> Distribution:
            build = sector.construction
            return build.outcome_months or build.schedule_ratio or NOTHING

        reads: dict[str, Callable[[Sector], Distribution]] = {
            "screening": lambda s: s.screening_days,
            "revision": lambda s: s.revision_days,
            "prospects": lambda s: s.prospects_share,
            "revision_gain": lambda s: s.revision_gain_share,
            "content": lambda s: s.japanese_content_share,
            "permit_work": lambda s: s.permits.work_months,
            "permit_done": lambda s: s.permits.done_share,
            "litigation_months": lambda s: s.permits.litigation_months or NOTHING,
            "build": building,
            "development": lambda s: s.development.months if s.development else NOTHING,
            "development_done": lambda s: (s.development and s.development.done_share) or NOTHING,
            "cost_ratio": lambda s: s.construction.cost_ratio,
            "grid_connection": lambda s: s.power.connection_months if s.power else NOTHING,
            "grid_ahead": lambda s: (s.power and s.power.asked_ahead_months) or NOTHING,
        }
        if self.given.earnings is not None:
            self.yields = BySector(self.given.earnings.yield_share)
            self.refreshes = BySector(self.given.earnings.refresh_years)
        appraisals = self.given.appraisal_days
        self.appraisals = BySector([appraisals[name] for name in self.facility_ids])
        sectors = list(self.given.sectors.values())
        self.reserved_shares = {
            kind: np.array(
                [s.equipment[kind].reserved_share if kind in s.equipment else 0 for s in sectors]
            )
            for kind in self.equipment_ids
        }
        self.deliveries = {
            kind: BySector(
                [
                    s.equipment[kind].delivery_months if kind in s.equipment else NOTHING
                    for s in sectors
                ]
            )
            for kind in self.equipment_ids
        }
        return {purpose: BySector([read(s) for s in sectors]) for purpose, read in reads.items()}

    @property
    def expected_arrivals(self) -> dict[str, float]:
        """Expected proposals per pipeline between its first day and the deadline."""
        return {
            name: float(len(table.schedule))
            if table.arrivals_per_year is None
            else table.arrivals_per_year
            * max(0, self.deadline_minute - table.first_minute)
            / (MINUTES_PER_DAY * 365.25)
            for name, table in zip(self.given.pipelines, self.pipelines, strict=True)
        }
