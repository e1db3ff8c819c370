"""A random replication of a real run's size, for timing and for honest logs."""

from __future__ import annotations

from datetime import date

import numpy as np
from made_logs import BN, DAY, Diary, floats, ints, make_config

from sim.config.schema import Config
from sim.events import (
    Attributes,
    CapacityTrace,
    Cause,
    Kind,
    MarketTrace,
    Names,
    Replication,
    SiteTrace,
)


def large_config() -> Config:
    """The programme's own dates: 124 months."""
    return make_config(
        start=date(2025, 9, 4),
        deadline=date(2029, 1, 19),
        end=date(2029, 12, 31),
        run_out=date(2035, 12, 31),
        gap_date=date(2030, 1, 1),
        envelope=550.0,
    )


def large_replication(
    replication: int = 0,
    n_projects: int = 150,
    n_resources: int = 20,
    steps_per_resource: int = 400,
    waits: int = 9,
) -> Replication:
    """Random, of a real run's size: about 8,000 events, 8,000 capacity steps."""
    random = np.random.default_rng(replication)
    facilities = ("jbic",)
    pools = ("electrical", "own")
    plain = [f"agency_{i}" for i in range(n_resources - 7)]
    names = Names(
        projects=tuple(f"project-{i}" for i in range(n_projects + 50)),
        resources=("teams", *plain, "jbic_desks", "jbic_commitments", "jbic_cash", "envelope",
                   "specialists_electrical", "specialists_own"),
        resource_units=("servers",) * (n_resources - 5) + ("USD",) * 3 + ("people",) * 2,
        resource_labels=("",) * n_resources,
        pools=pools,
        sectors=("power", "chips"),
        facilities=facilities,
    )  # fmt: skip
    start = date(2025, 9, 4)
    end = (date(2036, 1, 1) - start).days * DAY
    diary = Diary(names, start)
    entity = np.sort(random.choice(n_projects + 50, n_projects, replace=False))
    sites: list[tuple[int, int, int, int, float, float]] = []
    selected = np.zeros(n_projects, dtype=np.int64)
    for row in range(n_projects):
        cents = int(random.integers(1, 6)) * BN
        selected[row] = cents if row % 3 else 0
        _large_project(diary, random, names.projects[entity[row]], cents, bool(row % 3), waits)
        if row % 3:
            begin = int(random.integers(1200, 1800)) * DAY
            for part in range(4):
                since = begin + part * 250 * DAY
                share = (part / 4, (part + 1) / 4)
                sites.append((int(entity[row]), part % 3, since, since + 249 * DAY, *share))
    columns = list(zip(*sites, strict=True))
    clock_time = np.sort(random.integers(0, end, size=(3, 700)), axis=1)
    clock_time[:, 0], clock_time[:, -1] = 0, end
    n_steps = n_resources * steps_per_resource
    resource = np.concatenate(
        [np.arange(n_resources), random.integers(0, n_resources, n_steps - n_resources)]
    )
    time = np.concatenate(
        [np.zeros(n_resources, dtype=np.int64),
         np.sort(random.integers(0, end, n_steps - n_resources))]
    )  # fmt: skip
    n_market = 2000
    return Replication(
        replication=replication,
        names=names,
        attributes=Attributes(
            entity=entity,
            named=np.zeros(n_projects, dtype=bool),
            sector=random.integers(0, 2, n_projects),
            units=np.ones(n_projects, dtype=np.int64),
            cost_cents=selected + BN,
            commitment_cents=selected + BN,
            selected_cents=selected,
            cost_ratio=random.uniform(0.9, 1.5, n_projects),
            japanese_content_share=random.uniform(0, 1, n_projects),
            prospects_share=random.uniform(0, 0.2, n_projects),
            build_minutes=random.integers(500, 1500, n_projects) * DAY,
            nominal_minutes=np.full(n_projects, 900 * DAY),
            specialists=random.uniform(0, 5000, n_projects),
        ),
        log=diary.log(),
        capacity=CapacityTrace(
            resource=resource,
            time=time,
            capacity=np.where(resource % 4, random.integers(1, 9, n_steps), np.inf).astype(float),
            in_use=random.integers(0, 5, n_steps).astype(float),
            waiting=random.integers(0, 3, n_steps).astype(float),
            waiting_cents=random.integers(0, 3, n_steps) * float(BN),
        ),
        sites=SiteTrace(
            ints(list(columns[0])),
            ints(list(columns[1])),
            ints(list(columns[2])),
            ints(list(columns[3])),
            floats(list(columns[4])),
            floats(list(columns[5])),
            clock_group=np.repeat(np.arange(3), 700),
            clock_time=clock_time.ravel(),
            clock_work=(clock_time * 0.8).ravel(),
            clock_limit=np.tile([0, 1], 3 * 350),
        ),
        market=MarketTrace(
            pool=np.tile([0, 1], n_market // 2),
            time=np.repeat(np.append(0, np.sort(random.integers(0, end, n_market // 2 - 1))), 2),
            people=random.uniform(0, 1e5, n_market),
            other_demand=random.uniform(0, 1e5, n_market),
            wanted=random.uniform(1e3, 1e4, n_market),
            granted=random.uniform(0, 1e3, n_market),
        ),
        end_minute=end,
    )


def _large_project(
    diary: Diary, random: np.random.Generator, who: str, cents: int, chosen: bool, waits: int
) -> None:
    """A legal path from proposal to operation, or to the deadline, at random days."""
    days = np.sort(random.integers(0, 1100, 8)) * DAY
    note = diary.note
    note(int(days[0]), who, Kind.PROPOSED, amount=cents)
    note(int(days[1]), who, Kind.SCREENING_BEGAN, resource="teams", part=1)
    note(int(days[2]), who, Kind.SCREENING_ENDED, resource="teams", part=1)
    for number in range(waits):
        cause = Cause(2 + number)
        diary.wait(int(days[2]), int(days[3]), who, cause)
        diary.wait(int(days[3]), int(days[4]), who, cause)
    note(int(days[3]), who, Kind.DOCKETED, Kind.ENDORSED)
    note(int(days[4]), who, Kind.RECOMMENDED)
    if not chosen:
        note(1234 * DAY, who, Kind.LAPSED)
        return
    note(int(days[5]), who, Kind.SELECTED, amount=cents)
    note(int(days[5]), who, Kind.FUNDING_DECIDED, Kind.PERMITS_BEGAN)
    time = int(days[6])
    for part in range(4):
        note(time, who, Kind.CALL_NOTICED, part=part, amount=cents // 4)
        note(time, who, Kind.PART_DRAWN, resource="jbic_cash", part=part, amount=cents // 4)
        note(time, who, Kind.PART_PAID, resource="jbic_cash", part=part, amount=cents // 4)
        note(time, who, Kind.CALL_PAID, part=part, amount=cents // 4)
    note(int(days[7]), who, Kind.PERMIT_WORK_ENDED, Kind.PERMITS_GRANTED, Kind.NTP_ISSUED)
    note(int(days[7]), who, Kind.BUILDING_BEGAN)
    note(int(days[7]) + 900 * DAY, who, Kind.BUILDING_STOPPED, amount=1.0)
    note(int(days[7]) + 900 * DAY, who, Kind.UNIT_BUILT, amount=cents)
    note(int(days[7]) + 900 * DAY, who, Kind.BUILT)
    note(int(days[7]) + 900 * DAY, who, Kind.UNIT_ENERGISED, amount=cents)
    note(int(days[7]) + 900 * DAY, who, Kind.OPERATING, amount=cents)
