"""Three projects by hand; every number is worked out in test_tables_by_hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from support.made_logs import BN, DAY, Diary, floats, ints, make_config

from sim.config.schema import Config
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
    states=("OH", "TX"),
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
    note("2026-02-03", "alpha", Kind.PART_DOCUMENTED, resource="jbic_desks")
    note("2026-02-03", "alpha", Kind.FUNDS_COMMITTED, resource="jbic_commitments", amount=4 * BN)
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
    note("2026-05-01", "alpha", Kind.BUILDING_STOPPED, part=1, cause=Cause.CASH_STARVED,
         amount=0.25)  # fmt: skip
    wait("2026-05-01", "2026-06-01", "alpha", Cause.CASH_STARVED)
    note("2026-05-11", "alpha", Kind.CALL_MISSED, part=1, amount=3 * BN)
    note("2026-05-11", "alpha", Kind.BREACH_OPENED, part=1, cause=Cause.CALL_MISSED,
         amount=3 * BN)  # fmt: skip
    note("2026-05-11", "alpha", Kind.BREACH_THREATENED, part=1)
    note("2026-05-14", "alpha", Kind.BREACH_ORDERED, part=1)
    note("2026-05-21", "alpha", Kind.BREACH_RAISED, part=1, cause=Cause.CALL_MISSED)
    note("2026-06-01", "alpha", Kind.PART_DOCUMENTED, part=1, resource="jbic_desks")
    note("2026-06-01", "alpha", Kind.PART_DRAWN, part=1, resource="jbic_cash", amount=3 * BN)
    note("2026-06-01", "alpha", Kind.PART_PAID, part=1, resource="jbic_cash", amount=3 * BN)
    note("2026-06-01", "alpha", Kind.CALL_PAID, part=1, amount=3 * BN)
    note("2026-06-01", "alpha", Kind.BREACH_CLOSED, part=1, cause=Cause.PAID)
    note("2026-06-01", "alpha", Kind.BUILDING_BEGAN, amount=0.25)
    note("2026-07-01", "alpha", Kind.UNIT_BUILT, Kind.UNIT_ENERGISED, amount=2 * BN)
    note("2026-08-30", "alpha", Kind.UNIT_BUILT, part=1, amount=2 * BN)
    note("2026-08-30", "alpha", Kind.BUILT)
    note("2026-08-30", "alpha", Kind.UNIT_ENERGISED, part=1, amount=2 * BN)
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
    note("2026-05-06", "beta", Kind.BREACH_OPENED, cause=Cause.DECLINED, amount=2 * BN)
    note("2026-05-06", "beta", Kind.BREACH_THREATENED)
    note("2026-05-11", "beta", Kind.BREACH_ORDERED)
    note("2026-05-16", "beta", Kind.BREACH_RAISED, cause=Cause.DECLINED)
    note("2026-06-15", "beta", Kind.BREACH_CLOSED, cause=Cause.SETTLED)


def _gamma(diary: Diary) -> None:
    """USD 2 bn: litigation, building when the run ends."""
    note, wait = diary.note, diary.wait
    note("2026-01-02", "gamma", Kind.PROPOSED, amount=2 * BN, cause=Cause.RECORDED)
    note("2026-01-12", "gamma", Kind.SELECTED, amount=2 * BN, cause=Cause.RECORDED)
    note("2026-01-12", "gamma", Kind.FUNDING_DECIDED)
    note("2026-01-12", "gamma", Kind.CALL_NOTICED, amount=2 * BN)
    note("2026-01-12", "gamma", Kind.PERMITS_BEGAN)
    wait("2026-01-12", "2026-05-22", "gamma", Cause.PERMITS)
    note("2026-01-20", "gamma", Kind.PART_DOCUMENTED, resource="jbic_desks")
    note("2026-02-10", "gamma", Kind.PART_DRAWN, resource="jbic_cash", amount=2 * BN)
    note("2026-02-10", "gamma", Kind.PART_PAID, resource="jbic_cash", amount=2 * BN)
    note("2026-02-10", "gamma", Kind.CALL_PAID, amount=2 * BN)
    note("2026-03-01", "gamma", Kind.PERMIT_WORK_ENDED)
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
    diary.note("2026-05-16", "", Kind.TARIFF_RAISED, amount=0.25)
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
            state=ints([-1, 0, 1]),
            units=ints([1, 2, 1]),
            cost_cents=ints([2 * BN, 5 * BN, 2 * BN]),
            commitment_cents=ints([2 * BN, 4 * BN, 2 * BN]),
            selected_cents=ints([2 * BN, 4 * BN, 2 * BN]),
            cost_ratio=floats([1.0, 1.2, 1.5]),
            japanese_content_share=floats([0.1, 0.2, 0.3]),
            prospects_share=floats([0.05, 0.06, 0.07]),
            build_minutes=ints([100 * DAY, 120 * DAY, 204 * DAY]),
            nominal_minutes=ints([100 * DAY, 100 * DAY, 224 * DAY]),
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
            unit=ints([1, 1, 0]),  # of two units the one that runs last
            start_work=floats([0.0, 30.0 * DAY, 0.0]),
            end_work=floats([30.0 * DAY, 120.0 * DAY, 102.0 * DAY]),
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
            # From July on the electricians are the limit of group 0.
            clock_limit=ints([-1, -1, -1, 0, 0, -1, -1]),
        ),
        market=MarketTrace(
            pool=ints([0, 1, 0, 0, 0]),
            time=ints([0, 0, at("2026-04-01"), at("2026-05-01"), at("2026-05-22")]),
            people=floats([100, np.inf, 100, 90, 90]),
            other_demand=floats([100, 1e9, 100, 100, 100]),
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
