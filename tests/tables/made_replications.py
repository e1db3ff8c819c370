"""Replications made without an engine: one by hand, one large and random for timing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

import numpy as np

from sim.config.capacity import Capacity, Gap, Pool, Specialists
from sim.config.policy import Enforcement, Policy, Route
from sim.config.schema import Config, Programme
from sim.events import (
    Attributes,
    CapacityTrace,
    Cause,
    EventLog,
    Kind,
    MarketTrace,
    Names,
    Replication,
    SiteTrace,
)

DAY = 1440
BN = 10**11  # cents in USD 1 bn


def make_config(
    start: date, deadline: date, end: date, run_out: date, gap_date: date, envelope: float = 10.0
) -> Config:
    """Only what the tables read; everything else of a config is left out."""
    programme = Programme(
        start=start, as_of=start, deadline=deadline, end=end, run_out=run_out,
        envelope_usd_bn=envelope,
    )  # fmt: skip
    enforcement = Enforcement(
        baseline={
            "general": {start: 0.15},
            "autos": {start: 0.275, date(start.year, 3, 1): 0.15},
        },
        notice_days=5,
        consultation_days=5,
        relief_days=10,
        route=Route(label="route", delay_days=0, rates={"general": 0.25, "autos": 0.1}),
    )
    specialists = Specialists(
        gap=Gap(people=100, date=gap_date),
        pools={
            "electrical": Pool(label="Electrical", people_at_start=100),
            "own": Pool(label="Own", kind="dedicated", people_at_start=10),
        },
    )
    return Config.model_construct(
        name="made",
        programme=programme,
        policy=Policy.model_construct(enforcement=enforcement),
        capacity=Capacity.model_construct(specialists=specialists),
    )


@dataclass
class Diary:
    """A log written in any order; `log` sorts it by time, keeping the order within a minute."""

    names: Names
    start: date
    rows: list[tuple[int, int, int, int, int, int, float]] = field(default_factory=list)

    def minute(self, when: str) -> int:
        begin = datetime(self.start.year, self.start.month, self.start.day)
        return int((datetime.fromisoformat(when) - begin).total_seconds()) // 60

    def note(
        self,
        when: str | int,
        project: str,
        *kinds: Kind,
        resource: str = "",
        cause: Cause = Cause.NONE,
        part: int = 0,
        amount: float = 0.0,
    ) -> None:
        time = self.minute(when) if isinstance(when, str) else when
        who = self.names.projects.index(project) if project else -1
        what = self.names.resources.index(resource) if resource else -1
        for kind in kinds:
            self.rows.append((time, who, int(kind), what, int(cause), part, amount))

    def wait(
        self, began: str | int, ended: str | int, project: str, cause: Cause, resource: str = ""
    ) -> None:
        self.note(began, project, Kind.WAIT_BEGAN, cause=cause, resource=resource)
        if ended != "":
            self.note(ended, project, Kind.WAIT_ENDED, cause=cause, resource=resource)

    def log(self) -> EventLog:
        rows = sorted(self.rows, key=lambda row: row[0])
        whole = np.array([row[:6] for row in rows], dtype=np.int64).reshape(-1, 6).T
        amount = np.array([row[6] for row in rows], dtype=np.float64)
        return EventLog(*(np.ascontiguousarray(column) for column in whole), amount=amount)


def floats(values: list[float]) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def ints(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


# --- three projects by hand ---------------------------------------------------------------

HAND_NAMES = Names(
    projects=("alpha", "absent", "beta", "gamma"),
    resources=(
        "teams",
        "jbic_desks",
        "jbic_commitments",
        "jbic_cash",
        "envelope",
        "specialists_electrical",
        "specialists_own",
    ),
    resource_units=("servers", "servers", "USD", "USD", "USD", "people", "people"),
    resource_labels=("Teams", "Desks", "Commitments", "Cash", "Envelope", "Electrical", "Own"),
    pools=("electrical", "own"),
    sectors=("power", "chips"),
    facilities=("jbic",),
)


def hand_config() -> Config:
    """Eight months, January to August 2026; deadline 31 March, "2029 end" 30 June."""
    return make_config(
        start=date(2026, 1, 1),
        deadline=date(2026, 3, 31),
        end=date(2026, 6, 30),
        run_out=date(2026, 8, 31),
        gap_date=date(2026, 5, 1),
    )


def _alpha(diary: Diary) -> None:
    """USD 4 bn, two units: late and missed on its second call, operating on 30 August."""
    note, wait = diary.note, diary.wait
    note("2026-01-06", "alpha", Kind.PROPOSED, amount=4 * BN)
    wait("2026-01-06", "2026-01-08", "alpha", Cause.TEAM_QUEUE, "teams")
    note("2026-01-08", "alpha", Kind.SCREENING_BEGAN, resource="teams", part=1)
    note("2026-01-11", "alpha", Kind.SCREENING_ENDED, resource="teams", part=1)
    note("2026-01-11", "alpha", Kind.DOCKETED)
    note("2026-01-16", "alpha", Kind.ENDORSED)
    note("2026-01-21", "alpha", Kind.RECOMMENDED)
    note("2026-01-21", "alpha", Kind.APPRAISAL_BEGAN, resource="jbic_desks")
    note("2026-01-31", "alpha", Kind.APPRAISAL_ENDED, resource="jbic_desks")
    note("2026-01-31T12:00", "alpha", Kind.SELECTED, amount=4 * BN)
    note("2026-01-31T12:00", "alpha", Kind.FUNDING_DECIDED)
    note("2026-01-31T12:00", "alpha", Kind.CALL_NOTICED, amount=1 * BN)
    note("2026-01-31T12:00", "alpha", Kind.FUNDS_COMMITTED, resource="jbic_commitments",
         amount=4 * BN)  # fmt: skip
    note("2026-02-03", "alpha", Kind.PART_DOCUMENTED, resource="jbic_desks")
    note("2026-02-01", "alpha", Kind.PERMITS_BEGAN)
    note("2026-02-21", "alpha", Kind.PERMIT_WORK_ENDED, Kind.PERMITS_GRANTED)
    # The part is drawn in two fiscal years: 0.6 on 31 March, 0.4 on 1 April.
    note("2026-03-31", "alpha", Kind.PART_DRAWN, resource="jbic_cash", amount=0.6 * BN)
    wait("2026-03-31", "2026-04-01", "alpha", Cause.FUNDING_MONEY, "jbic_cash")
    note("2026-04-01", "alpha", Kind.PART_DRAWN, resource="jbic_cash", amount=0.4 * BN)
    note("2026-04-01", "alpha", Kind.PART_PAID, resource="jbic_cash", amount=1 * BN)
    note("2026-04-01", "alpha", Kind.CALL_PAID, amount=1 * BN)
    note("2026-04-01", "alpha", Kind.NTP_ISSUED)
    note("2026-04-01", "alpha", Kind.CALL_NOTICED, part=1, amount=3 * BN)
    note("2026-04-01", "alpha", Kind.BUILDING_BEGAN, amount=0.0)
    note("2026-05-01", "alpha", Kind.CALL_LATE, part=1, amount=3 * BN)
    note("2026-05-01", "alpha", Kind.BUILDING_STOPPED, amount=0.25)
    wait("2026-05-01", "2026-06-01", "alpha", Cause.CASH_STARVED)
    note("2026-05-11", "alpha", Kind.CALL_MISSED, part=1, amount=3 * BN)
    note("2026-05-11", "alpha", Kind.BREACH_OPENED, part=1, cause=Cause.CALL_MISSED)
    note("2026-06-01", "alpha", Kind.PART_DOCUMENTED, part=1, resource="jbic_desks")
    note("2026-06-01", "alpha", Kind.PART_DRAWN, part=1, resource="jbic_cash", amount=3 * BN)
    note("2026-06-01", "alpha", Kind.PART_PAID, part=1, resource="jbic_cash", amount=3 * BN)
    note("2026-06-01", "alpha", Kind.CALL_PAID, part=1, amount=3 * BN)
    note("2026-06-01", "alpha", Kind.BREACH_CLOSED, part=1, cause=Cause.PAID)
    note("2026-06-01", "alpha", Kind.BUILDING_BEGAN, amount=0.25)
    note("2026-07-01", "alpha", Kind.UNIT_BUILT, part=1, amount=2 * BN)
    note("2026-08-30", "alpha", Kind.BUILDING_STOPPED, amount=1.0)
    note("2026-08-30", "alpha", Kind.UNIT_BUILT, part=2, amount=2 * BN)
    note("2026-08-30", "alpha", Kind.BUILT)
    note("2026-08-30", "alpha", Kind.OPERATING, amount=4 * BN)


def _beta(diary: Diary) -> None:
    """USD 2 bn: one revision, selected in the last minute of the deadline day, declined."""
    note, wait = diary.note, diary.wait
    note("2026-02-01", "beta", Kind.PROPOSED, amount=2 * BN)
    note("2026-02-01", "beta", Kind.SCREENING_BEGAN, resource="teams", part=1)
    note("2026-02-06", "beta", Kind.SCREENING_ENDED, resource="teams", part=1)
    note("2026-02-06", "beta", Kind.REVISION_BEGAN, part=1, cause=Cause.PROSPECTS_BELOW_HURDLE)
    note("2026-02-16", "beta", Kind.REVISION_ENDED, part=1)
    note("2026-02-16", "beta", Kind.SCREENING_BEGAN, resource="teams", part=2)
    note("2026-02-26", "beta", Kind.SCREENING_ENDED, resource="teams", part=2)
    note("2026-02-26", "beta", Kind.DOCKETED, Kind.ENDORSED)
    note("2026-02-26", "beta", Kind.DEFERRED, part=1)
    note("2026-03-10", "beta", Kind.RECOMMENDED)
    note("2026-03-10", "beta", Kind.PASSED_OVER, part=1)
    note("2026-03-31T23:59", "beta", Kind.SELECTED, amount=2 * BN)
    note("2026-03-31T23:59", "beta", Kind.CALL_NOTICED, amount=0.5 * BN)
    note("2026-03-31T23:59", "beta", Kind.CONSULTATION_BEGAN)
    wait("2026-03-31T23:59", "2026-05-06", "beta", Cause.CONSULTATION)
    note("2026-05-06", "beta", Kind.CONSULTATION_ENDED)
    note("2026-05-06", "beta", Kind.DECLINED, amount=2 * BN)
    note("2026-05-06", "beta", Kind.BREACH_OPENED, cause=Cause.DECLINED)
    note("2026-06-05", "beta", Kind.BREACH_CLOSED, cause=Cause.SETTLED)


def _gamma(diary: Diary) -> None:
    """USD 2 bn: litigation, building when the run ends."""
    note, wait = diary.note, diary.wait
    note("2026-01-02", "gamma", Kind.PROPOSED, amount=2 * BN, cause=Cause.RECORDED)
    note("2026-01-12", "gamma", Kind.SELECTED, amount=2 * BN, cause=Cause.RECORDED)
    note("2026-01-12", "gamma", Kind.FUNDING_DECIDED)
    note("2026-01-12", "gamma", Kind.CALL_NOTICED, amount=2 * BN)
    note("2026-01-12", "gamma", Kind.PERMITS_BEGAN)
    wait("2026-01-12", "2026-05-22", "gamma", Cause.PERMITS)
    note("2026-02-10", "gamma", Kind.PART_DRAWN, resource="jbic_cash", amount=2 * BN)
    note("2026-02-10", "gamma", Kind.PART_PAID, resource="jbic_cash", amount=2 * BN)
    note("2026-02-10", "gamma", Kind.CALL_PAID, amount=2 * BN)
    note("2026-03-01", "gamma", Kind.PERMIT_WORK_ENDED, Kind.PERMITS_GRANTED)
    note("2026-03-01", "gamma", Kind.LITIGATION_BEGAN, part=1)
    note("2026-05-22", "gamma", Kind.LITIGATION_ENDED, part=1)
    note("2026-05-22", "gamma", Kind.PERMITS_GRANTED, Kind.NTP_ISSUED)
    note("2026-05-22", "gamma", Kind.BUILDING_BEGAN)
    wait("2026-08-22", "", "gamma", Cause.FUNDING_WINDOW)


def hand_replication() -> Replication:
    """Three projects whose every number is worked out in test_tables_by_hand."""
    diary = Diary(HAND_NAMES, date(2026, 1, 1))
    _alpha(diary)
    _beta(diary)
    _gamma(diary)
    diary.note("2026-04-01", "", Kind.DEADLINE_CLOSED)
    diary.note("2026-05-06", "", Kind.TARIFF_NOTICE_GIVEN)
    diary.note("2026-05-11", "", Kind.TARIFF_CONSULTATION_BEGAN)
    diary.note("2026-05-16", "", Kind.TARIFF_RAISED, amount=0.1)
    diary.note("2026-06-15", "", Kind.TARIFF_RELIEVED)
    diary.note("2026-06-25", "", Kind.TARIFF_COMPLIANT)
    diary.note("2026-04-01", "", Kind.CAPACITY_CHANGED, resource="jbic_cash", amount=5 * BN)
    diary.note("2026-07-01", "", Kind.CAPACITY_CHANGED, resource="teams", amount=2)
    at = diary.minute
    end = at("2026-09-01")
    return Replication(
        replication=3,
        names=HAND_NAMES,
        attributes=Attributes(  # ordinal order: beta, alpha, gamma
            entity=ints([2, 0, 3]),
            named=np.array([False, True, True]),
            sector=ints([1, 0, 0]),
            units=ints([1, 2, 1]),
            cost_cents=ints([2 * BN, 5 * BN, 2 * BN]),
            commitment_cents=ints([2 * BN, 4 * BN, 2 * BN]),
            selected_cents=ints([2 * BN, 4 * BN, 2 * BN]),
            cost_ratio=floats([1.0, 1.2, 1.5]),
            japanese_content_share=floats([0.1, 0.2, 0.3]),
            prospects_share=floats([0.05, 0.06, 0.07]),
            build_minutes=ints([100 * DAY, 120 * DAY, 204 * DAY]),
            specialists=floats([10.0, 40.0, 20.0]),
        ),
        log=diary.log(),
        capacity=_hand_capacity(at),
        # Group 0 runs at full rate to 1 July, then at half: its clock shows 30 days on 1 May, 61
        # on 1 June, 91 on 1 July, 121 on 30 August. alpha is off the site in May.
        sites=SiteTrace(
            project=ints([0, 0, 3]),
            group=ints([0, 0, 1]),
            start=ints([at("2026-04-01"), at("2026-06-01"), at("2026-05-22")]),
            end=ints([at("2026-05-01"), at("2026-08-30"), end]),
            start_progress=floats([0.0, 0.25, 0.0]),
            end_progress=floats([0.25, 1.0, 0.5]),
            clock_group=ints([0, 0, 0, 0, 0, 1, 1]),
            clock_time=ints(
                [
                    at("2026-04-01"),
                    at("2026-04-01"),
                    at("2026-05-01"),
                    at("2026-07-01"),
                    at("2026-09-01"),
                    at("2026-05-22"),
                    end,
                ]
            ),
            clock_work=floats([0, 0, 30 * DAY, 91 * DAY, 122 * DAY, 0, 102 * DAY]),
        ),
        market=MarketTrace(
            pool=ints([0, 1, 0, 0, 0]),
            time=ints([0, 0, at("2026-04-01"), at("2026-05-01"), at("2026-05-22")]),
            people=floats([100, np.inf, 100, 90, 90]),
            other_demand=floats([100, np.inf, 100, 100, 100]),
            wanted=floats([0, 0, 40, 0, 20]),
            granted=floats([0, 0, 30, 0, 5]),
        ),
        end_minute=end,
    )


def _hand_capacity(at) -> CapacityTrace:
    rows = [
        # resource, time, capacity, in use, waiting, waiting cents
        (0, 0, 1, 0, 0, 0),
        (1, 0, np.inf, 0, 0, 0),
        (2, 0, np.inf, 0, 0, 0),
        (3, 0, 2.6 * BN, 0, 0, 0),
        (4, 0, 10 * BN, 0, 0, 0),
        (5, 0, 0, 0, 0, 0),
        (6, 0, np.inf, 0, 0, 0),
        # Teams: one queues on 6-8 January while the team is busy until the 11th.
        (0, at("2026-01-06"), 1, 1, 1, 4 * BN),
        (0, at("2026-01-08"), 1, 1, 0, 0),
        (0, at("2026-01-11"), 1, 0, 0, 0),
        (0, at("2026-07-01"), 2, 0, 0, 0),
        (3, at("2026-02-10"), 2.6 * BN, 2 * BN, 0, 0),
        (3, at("2026-03-31"), 2.6 * BN, 2.6 * BN, 1, 0.4 * BN),
        (3, at("2026-04-01"), 5 * BN, 0.4 * BN, 0, 0),
    ]
    columns = [floats(list(column)) for column in zip(*rows, strict=True)]
    resource, time, capacity, in_use, waiting, cents = columns
    return CapacityTrace(
        resource.astype(np.int64), time.astype(np.int64), capacity, in_use, waiting, cents
    )


def with_log(replication: Replication, log: EventLog) -> Replication:
    return replace(replication, log=log)


# --- a large one ----------------------------------------------------------------------------


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
    note(int(days[7]) + 900 * DAY, who, Kind.OPERATING, amount=cents)
