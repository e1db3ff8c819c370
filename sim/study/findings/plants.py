"""Plants made up so that their money can be worked out by hand: logs written, not simulated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.calendars import Epoch
from sim.config.schema import Config
from sim.events import (
    Attributes,
    CapacityTrace,
    EventLog,
    Kind,
    MarketTrace,
    Names,
    OperationDraws,
    Replication,
    SiteTrace,
)
from sim.rules.splitting import TRILLION, share_out, unit_cents


class Plant(NamedTuple):
    """One plant that Japan pays whole; its units run from the first days of quarters, say."""

    name: str
    sector: str
    cost_cents: int
    yield_share: float
    selected: date
    calls: dict[date, float]  # day of payment -> share of the commitment
    began: date
    units: Sequence[date]  # day each is energised
    built: date
    cost_ratio: float = 1.0
    refresh_years: float = 0.0
    recovery_share: float = 0.0


def finished(config: Config, plants: Sequence[Plant]) -> Replication:
    """The plants as one finished replication, with the config's facilities and their shares."""
    epoch = Epoch(config.programme.start)
    facilities = tuple(config.capacity.facilities)
    sectors, n = tuple(config.sectors), len(plants)
    index = np.arange(n)
    cost = np.array([one.cost_cents for one in plants], np.int64)
    began = np.array([epoch.minute_of(one.began) for one in plants])
    built = np.array([epoch.minute_of(one.built) for one in plants])
    whole, none, ones = np.zeros(n, np.int64), np.zeros(0), np.ones(n)
    empty = whole[:0]
    return Replication(
        replication=0,
        names=Names(
            projects=tuple(one.name for one in plants),
            resources=tuple(f"{name}_cash" for name in facilities),
            resource_units=("USD",) * len(facilities),
            resource_labels=("",) * len(facilities),
            pools=(),
            sectors=sectors,
            facilities=facilities,
        ),
        attributes=Attributes(
            entity=index,
            named=ones > 0,
            sector=np.array([sectors.index(one.sector) for one in plants], np.int64),
            state=whole - 1,
            units=np.array([len(one.units) for one in plants], np.int64),
            cost_cents=cost,
            commitment_cents=cost,
            selected_cents=cost,
            cost_ratio=np.array([one.cost_ratio for one in plants]),
            japanese_content_share=ones,
            prospects_share=ones,
            build_minutes=whole,
            nominal_minutes=whole,
            specialists=ones,
        ),
        log=_log(config, epoch, plants),
        capacity=CapacityTrace(empty, empty, none, none, none, none),
        sites=SiteTrace(
            project=index,
            group=index,
            start=began,
            end=built,
            start_progress=ones * 0,
            end_progress=ones,
            clock_group=np.repeat(index, 2),
            clock_time=np.column_stack([began, built]).ravel(),
            clock_work=np.column_stack([whole, built - began]).ravel().astype(np.float64),
            clock_limit=np.full(2 * n, -1),
            unit=whole,
            start_work=ones * 0,
            end_work=(built - began).astype(np.float64),
        ),
        market=MarketTrace(empty, empty, none, none, none, none),
        end_minute=max(epoch.close_of(config.programme.run_out), int(built.max()) + 1),
        operation=OperationDraws(
            np.array([one.yield_share for one in plants]),
            np.array([one.refresh_years for one in plants]),
            np.array([one.recovery_share for one in plants]),
        ),
    )


def drawings(config: Config, plant: Plant) -> dict[date, list[int]]:
    """Cents of each call by facility."""
    given = config.policy.calls.facility_shares
    of = tuple(round(given.get(name, 0) * TRILLION) for name in config.capacity.facilities)
    slices = tuple(round(share * TRILLION) for share in plant.calls.values())
    return dict(zip(plant.calls, share_out(plant.cost_cents, slices, of), strict=True))


class _Row(NamedTuple):
    time: int
    project: int
    kind: Kind
    resource: int = -1
    part: int = 0
    amount: int = 0


def _log(config: Config, epoch: Epoch, plants: Sequence[Plant]) -> EventLog:
    rows: list[_Row] = []
    for project, one in enumerate(plants):
        cost, units = one.cost_cents, len(one.units)
        rows.append(_Row(epoch.minute_of(one.selected), project, Kind.SELECTED, amount=cost))
        for number, (day, parts) in enumerate(drawings(config, one).items()):
            minute = epoch.minute_of(day)
            for place, cents in enumerate(parts):
                rows.append(_Row(minute, project, Kind.PART_DRAWN, place, number, cents))
        for number, day in enumerate(one.units):
            cents = unit_cents(cost, units, number)
            minute = epoch.minute_of(day)
            rows.append(_Row(minute, project, Kind.UNIT_ENERGISED, -1, number, cents))
        rows.append(_Row(epoch.minute_of(one.built), project, Kind.OPERATING, amount=cost))
    rows.sort(key=lambda row: row.time)
    return EventLog(
        time=np.array([row.time for row in rows], np.int64),
        project=np.array([row.project for row in rows], np.int64),
        kind=np.array([row.kind for row in rows], np.int64),
        resource=np.array([row.resource for row in rows], np.int64),
        cause=np.zeros(len(rows), np.int64),
        part=np.array([row.part for row in rows], np.int64),
        amount=np.array([row.amount for row in rows], np.float64),
    )
