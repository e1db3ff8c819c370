"""Liveness of the base config: everything that can happen does, in it or in a named overlay.

Rounds come often and take all, so that there is enough for it to happen to.

Ten replications by default, 200 with ``-m slow``; ``-s`` shows the counts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.configs import BUSY

from sim.config import load
from sim.config.schema import Config
from sim.engine import replicate
from sim.events import Cause, Kind, Replication
from sim.plan import Plan

BASE = Path(__file__).parents[2] / "configs" / "base.yaml"
SOME = 10
MANY = pytest.param(200, marks=pytest.mark.slow)
EVERY_RUN = (SOME, MANY)


@dataclass(frozen=True)
class Overlay:
    """Changes to the base config, and what they are there to make happen."""

    changes: dict[str, Any]
    kinds: tuple[Kind, ...] = ()
    binding: tuple[str, ...] = ()
    file: str = "base"
    caused: tuple[tuple[Kind, Cause], ...] = ()
    routes: int = 0  # all of them in force at least once


def yearly(usd_bn: float) -> dict[str, Any]:
    """The same sum in every fiscal year, whatever the base config says of each."""
    years = {str(year): usd_bn for year in range(2025, 2037)}
    return {"currency": "usd", "first_year": usd_bn, "per_fiscal_year": years, "carry_over": False}


REGIONS = ("pjm", "ercot", "southeast", "west", "elsewhere")
OVERLAYS = {
    "history beyond a year's money": Overlay(
        {"capacity.facilities.jbic.cash": yearly(0.5)},
        kinds=(Kind.HISTORY_EXCEEDED,),
    ),
    "little cash every year": Overlay(
        {
            "capacity.facilities.jbic.cash": yearly(30),
            "capacity.facilities.nexi.cash": yearly(15),
            "capacity.facilities.equity.cash": yearly(5),
        },
        kinds=(Kind.BUILDING_STOPPED, Kind.CALL_LATE, Kind.CALL_MISSED),
        binding=("jbic_cash", "nexi_cash", "equity_cash"),
    ),
    "small commitments every year": Overlay(
        {
            "capacity.facilities.jbic.commitments": yearly(40),
            "capacity.facilities.nexi.commitments": yearly(20),
            "capacity.facilities.equity.commitments": yearly(6),
        },
        binding=("jbic_commitments", "nexi_commitments", "equity_commitments"),
    ),
    "three federal reviewers": Overlay(
        {"capacity.agencies.federal_review.count": 3},
        binding=("agency_federal_review",),
    ),
    "two lenders' desks each": Overlay(
        {f"capacity.facilities.{name}.desks": 2 for name in ("jbic", "nexi", "equity")},
        binding=("jbic_desks", "nexi_desks", "equity_desks"),
    ),
    "Japan declines what it likes": Overlay(
        {"nature.funding.decline_probability": 0.3, "nature.funding.consult_probability": 0.5},
        kinds=(
            Kind.CONSULTATION_BEGAN, Kind.CONSULTATION_ENDED, Kind.DECLINED, Kind.BREACH_OPENED,
            Kind.BREACH_CLOSED, Kind.BREACH_THREATENED, Kind.BREACH_ORDERED,
            Kind.TARIFF_RAISED, Kind.TARIFF_RELIEVED,
        ),
    ),
    "two routes over every decline": Overlay(
        {
            "nature.funding.decline_probability": 0.3, "nature.funding.consult_probability": 0.5,
            "policy.enforcement.acted_on_probability": {"call_missed": 1, "declined": 1},
            "policy.enforcement.signed_probability": 1,
            "nature.enforcement.route_delay_days.section_301": {"kind": "constant", "value": 60},
            "policy.enforcement.routes.section_301": {
                "label": "301", "rates": {"general": 0.25}, "max_duration_days": 60,
                "in_law": {"2030-01-01": False, "2031-01-01": True},
            },
        },
        kinds=(Kind.ROUTE_ADDED, Kind.ROUTE_DROPPED, Kind.ROUTE_CLOSED, Kind.ROUTE_OPENED),
    ),
    "no call after the spring of 2029": Overlay(
        {
            "policy.events.stop": {
                "label": "Stop", "date": "2029-04-20", "unsigned_withdrawn_share": 0.5,
                "before_building": {"no_more_calls_share": 1},
                "building": {"no_more_calls_share": 1},
            },
        },
        kinds=(Kind.DATED_EVENT, Kind.CALLS_STOPPED),
    ),
    "a lender hands its unsigned shares on": Overlay(
        {
            "capacity.facilities.jbic.signs_until": "2027-03-31",
            "capacity.facilities.jbic.unsigned": "reassign",
            "capacity.facilities.jbic.reassigned_to": "nexi",
        },
        kinds=(Kind.SHARE_HANDED_ON,),
    ),
    "the programme ends in 2027": Overlay(
        {}, file="scenarios/programme_ends_2027",
        caused=((Kind.CANCELLED, Cause.COURSE_ENDED), (Kind.CALLS_STOPPED, Cause.NONE)),
    ),
    "what is not signed is withdrawn": Overlay(
        {}, file="scenarios/unsigned_withdrawn_2029",
        caused=((Kind.CANCELLED, Cause.COURSE_ENDED),),
    ),
    "partners finish half of what is building": Overlay(
        {}, file="scenarios/partners_finish_2029",
        caused=((Kind.CALLS_STOPPED, Cause.PARTNERS_FINISH), (Kind.CALLS_STOPPED, Cause.NONE)),
    ),
    "a court voids the only route": Overlay(
        {}, file="scenarios/court_voids_232", kinds=(Kind.ROUTE_CLOSED,),
    ),
    "a facility's end": Overlay(
        {}, file="scenarios/facility_ends_2029", binding=("jbic_commitments",),
        caused=((Kind.CALL_MISSED, Cause.FUNDING_COMMITMENT),),
    ),
    "slowness is a breach": Overlay(
        {
            "nature.round_interval_days.mean": 200,
            "policy.enforcement.acted_on_probability.review_failed": 1,
            "policy.enforcement.signed_probability": 1,
        },
        file="readings/slowness_is_a_breach",
        caused=(
            (Kind.BREACH_OPENED, Cause.REVIEW_FAILED), (Kind.BREACH_RAISED, Cause.REVIEW_FAILED),
            (Kind.BREACH_CLOSED, Cause.CURED),
        ),
    ),
    "every route over every decline": Overlay(
        {
            "nature.funding.decline_probability": 0.3, "nature.funding.consult_probability": 0.5,
            "policy.enforcement.acted_on_probability": {"call_missed": 1, "declined": 1},
            "policy.enforcement.signed_probability": 1,
        }
        | {f"policy.enforcement.routes.section_{n}.probability": 1 for n in (232, 301, 122, 338)},
        file="readings/routes_in_parallel", routes=4,
        caused=((Kind.ROUTE_CLOSED, Cause.COURT), (Kind.BREACH_CLOSED, Cause.SETTLED)),
    ),
    "the public of both sides": Overlay(
        {
            "nature.public_reaction.japan": {"turns_per_year": 1, "calms_per_year": 2},
            "nature.public_reaction.us": {
                "turns_per_year": 1, "calms_per_year": 2, "pass_over_probability": 0.5,
            },
        },
        kinds=(
            Kind.JAPANESE_TURNED, Kind.JAPANESE_CALMED, Kind.AMERICANS_TURNED,
            Kind.AMERICANS_CALMED,
        ),
    ),
    "Korea takes a slot": Overlay(
        {"capacity.claims.korea": {"label": "Korea", "slots": {"turbines": {"2029": 1}}}},
        kinds=(Kind.CLAIM_TAKEN,),
    ),
    "few machines": Overlay(
        {
            f"capacity.equipment.{name}.slots": {"first_year": 0, "per_year": {"2029": 1}}
            for name in ("turbines", "transformers")
        },
        kinds=(Kind.EQUIPMENT_ORDERED, Kind.SLOT_GRANTED, Kind.EQUIPMENT_DELIVERED),
        binding=("equipment_turbines", "equipment_transformers"),
    ),
    "few megawatts": Overlay(
        {
            f"capacity.power.regions.{name}.additions_mw": {
                "first_year": 0, "per_year": {"2029": 10}, "carry_over": True
            }
            for name in REGIONS
        }
        # The largest loads in every region, soon begun and connected.
        | {
            "pipelines.data_centres.region": "OH;TX;GA;AZ;ND",
            "sectors.data_centre.power.connection_months": {"kind": "constant", "value": 12},
            "sectors.data_centre.development.remaining_months": {"kind": "constant", "value": 0},
            # The programme's own plants come after them.
            "sectors.gas_power.development.remaining_months": {"kind": "constant", "value": 96},
        },
        kinds=(Kind.GRID_REQUESTED, Kind.GRID_CONNECTED, Kind.UNIT_ENERGISED),
        binding=tuple(f"power_{name}" for name in REGIONS),
    ),
    "pauses and cancellations every other year": Overlay(
        {
            f"nature.hazards.{phase}.{what}_per_year": 0.5
            for phase in ("before_building", "building")
            for what in ("pauses", "cancellations")
        },
        kinds=(
            Kind.PAUSED, Kind.RESUMED, Kind.CANCELLED, Kind.CALL_WITHDRAWN, Kind.MONEY_RETURNED,
        ),
    ),
    "a high hurdle": Overlay(
        {"policy.screening.hurdle_share": 0.14},
        kinds=(Kind.REVISION_BEGAN, Kind.REVISION_ENDED, Kind.REJECTED),
    ),
}  # fmt: skip
OVERLAY_REPLICATIONS = 2


@dataclass
class Seen:
    """What some replications of one config showed."""

    events: Counter[Kind] = field(default_factory=Counter)
    binding: Counter[str] = field(default_factory=Counter)  # replications in which it bound
    idle: Counter[str] = field(default_factory=Counter)
    caused: Counter[tuple[int, int]] = field(default_factory=Counter)
    routes: set[int] = field(default_factory=set)

    def add(self, left: Replication) -> None:
        counts = np.bincount(left.log.kind, minlength=len(Kind))
        self.events.update({kind: int(counts[kind]) for kind in Kind})
        self.caused.update(zip(left.log.kind.tolist(), left.log.cause.tolist(), strict=True))
        begun = np.isin(left.log.kind, [Kind.TARIFF_RAISED, Kind.ROUTE_ADDED])
        self.routes.update(left.log.part[begun].tolist())
        trace = left.capacity
        for resource, name in enumerate(left.names.resources):
            mine = trace.resource == resource
            waiting, in_use = trace.waiting[mine], trace.in_use[mine]
            spare = (in_use < trace.capacity[mine]) | (in_use == 0)
            self.binding[name] += bool(np.any(waiting > 0))
            self.idle[name] += bool(np.any((waiting == 0) & spare))


@cache
def config(overlay: str = "") -> Config:
    changed = OVERLAYS.get(overlay, Overlay({}))
    return load(BASE.parent / f"{changed.file}.yaml", BUSY | changed.changes).config


@cache
def plan(overlay: str = "") -> Plan:
    return Plan.of(config(overlay))


@cache
def replication(number: int) -> Replication:
    """One of the base config's replications, kept for all tests that look at the few."""
    return replicate(plan(), config().run.seed, number)


def base_replication(number: int) -> Replication:
    if number < SOME:
        return replication(number)
    return replicate(plan(), config().run.seed, number)


@cache
def seen_in_base(replications: int) -> Seen:
    seen = Seen()
    for number in range(replications):
        seen.add(base_replication(number))
    return seen


@cache
def seen_in(overlay: str) -> Seen:
    seen, changed, seed = Seen(), plan(overlay), config(overlay).run.seed
    for number in range(OVERLAY_REPLICATIONS):
        seen.add(replicate(changed, seed, number))
    return seen


@pytest.mark.parametrize("replications", EVERY_RUN)
def test_every_kind_of_event_occurs_in_the_base_or_has_an_overlay_that_makes_it_occur(
    replications: int,
) -> None:
    events = seen_in_base(replications).events
    promised = {kind: name for name, each in OVERLAYS.items() for kind in each.kinds}
    print(f"\nevents in {replications} replications of the base config")
    for kind in Kind:
        where = f"none; overlay: {promised.get(kind, 'NONE')}" if not events[kind] else ""
        print(f"{kind.name.lower():28} {events[kind]:8} {events[kind] / replications:8.1f} {where}")
    assert [kind.name for kind in Kind if not events[kind] and kind not in promised] == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_overlay_makes_happen_what_it_is_named_for(overlay: str) -> None:
    seen = seen_in(overlay)
    for kind in OVERLAYS[overlay].kinds:
        assert seen.events[kind] > 0, kind.name
    for resource in OVERLAYS[overlay].binding:
        assert seen.binding[resource] > 0, resource
    for kind, cause in OVERLAYS[overlay].caused:
        assert seen.caused[kind, cause] > 0, (kind.name, cause.name)
    assert seen.routes >= set(range(OVERLAYS[overlay].routes))


@pytest.mark.parametrize("replications", EVERY_RUN)
def test_every_resource_binds_once_and_has_room_once_in_the_base_or_an_overlay(
    replications: int,
) -> None:
    """Binding: somebody waits for it. Room: nobody waits, and not all of it is in use."""
    base = seen_in_base(replications)
    all_seen = [base, *(seen_in(name) for name in OVERLAYS)]
    print(f"\nreplications of {replications} in which a resource bound, and had room")
    for name in plan().names.resources:
        promised = [key for key, each in OVERLAYS.items() if name in each.binding]
        print(f"{name:32} {base.binding[name]:5} {base.idle[name]:5} {', '.join(promised)}")
    for name in plan().names.resources:
        assert any(seen.binding[name] for seen in all_seen), f"{name} never bound"
        assert any(seen.idle[name] for seen in all_seen), f"{name} never had room"


# Recorded history (docs/decisions.md, "History"). These dates are the public record, not a result.
ON_RECORD: dict[tuple[str, Kind], date] = {
    ("T1-01", Kind.SELECTED): date(2026, 2, 17),
    ("T1-02", Kind.SELECTED): date(2026, 2, 17),
    ("T1-03", Kind.SELECTED): date(2026, 2, 17),
    ("T1-01", Kind.CALL_PAID): date(2026, 5, 1),
    ("T1-02", Kind.CALL_PAID): date(2026, 5, 1),
    ("T1-03", Kind.CALL_PAID): date(2026, 5, 1),
    ("T2-01", Kind.RECOMMENDED): date(2026, 3, 19),
    ("T2-01-AL", Kind.RECOMMENDED): date(2026, 3, 19),
    ("T2-02", Kind.RECOMMENDED): date(2026, 3, 19),
    ("T2-03", Kind.RECOMMENDED): date(2026, 3, 19),
}
AS_OF = date(2026, 11, 22)
# What needs no record of its own: waits; the close of a window whose notice is on record and what
# follows from it; and steps of the calendar.
MAY_PRECEDE_AS_OF = frozenset(
    {
        Kind.WAIT_BEGAN, Kind.WAIT_ENDED,
        Kind.CALL_LATE, Kind.CALL_MISSED, Kind.BREACH_OPENED, Kind.BREACH_CLOSED,
        Kind.BREACH_THREATENED, Kind.BREACH_ORDERED, Kind.TARIFF_RAISED,
        Kind.TARIFF_RELIEVED, Kind.TARIFF_COMPLIANT,
        Kind.CAPACITY_CHANGED, Kind.CLAIM_TAKEN,
    }
)  # fmt: skip
# What a record implies without its own date: the steps to and from a recorded milestone.
IMPLIED = frozenset(
    {
        Kind.FUNDING_DECIDED, Kind.CALL_NOTICED, Kind.FUNDS_COMMITTED, Kind.PART_DRAWN,
        Kind.PART_PAID, Kind.PERMITS_BEGAN, Kind.PERMIT_WORK_ENDED, Kind.PERMITS_GRANTED,
        Kind.APPRAISAL_BEGAN, Kind.HISTORY_EXCEEDED, Kind.GRID_REQUESTED, Kind.EQUIPMENT_ORDERED,
        Kind.DEVELOPMENT_BEGAN, Kind.SCREENING_BEGAN,
    }
)  # fmt: skip


def check_history(left: Replication) -> None:
    epoch, names = plan().epoch, left.names.projects
    opens = epoch.close_of(AS_OF)
    log = left.log
    portfolio = config().portfolio.projects
    proposed = {row.id: row.proposed_date for row in portfolio.values()}
    seen: dict[tuple[str, Kind], date] = {}
    columns = (log.time, log.project, log.kind, log.cause)
    for time, project, number, cause in zip(*(c.tolist() for c in columns), strict=True):
        kind, name = Kind(number), names[project] if project >= 0 else ""
        recorded = cause == Cause.RECORDED
        seen.setdefault((name, kind), epoch.date_of(time))
        if time >= opens:
            assert not recorded, (name, kind.name, epoch.date_of(time))
            continue
        if not recorded:
            assert kind in MAY_PRECEDE_AS_OF, (name, kind.name, epoch.date_of(time))
            continue
        assert time == epoch.minute_of(epoch.date_of(time))  # a recorded date is a whole day
        if kind == Kind.PROPOSED:
            assert epoch.date_of(time) == proposed[name]
        elif (name, kind) in ON_RECORD:
            assert epoch.date_of(time) == ON_RECORD[name, kind]
        else:
            assert kind in IMPLIED, (name, kind.name)
    for (name, kind), day in ON_RECORD.items():
        assert seen[name, kind] == day, (name, kind.name)


@pytest.mark.parametrize("replications", EVERY_RUN)
def test_recorded_dates_are_unchanged_in_every_replication_and_nothing_else_precedes_as_of(
    replications: int,
) -> None:
    assert config().programme.as_of == AS_OF
    for number in range(replications):
        check_history(base_replication(number))
