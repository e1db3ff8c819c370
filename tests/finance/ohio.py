"""The gas plant in Ohio, T1-01, as one project worked to the cent: a log written by hand.

33.3 bn, all Japan's; twelve units; notice on 2026-02-17, first payment on 2026-05-01, as on record.
Everything after that is made up so that every figure can be done by hand: dates on the first day of
a quarter, a yield of 0.084 (75 dollars per MWh), a cost 10 % over plan.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from replications import base

from sim.calendars import Epoch
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

BN = 10**11  # cents
COST, UNITS, YIELD, RATIO = 333 * BN // 10, 12, 0.084, 1.1
SHARES = {"jbic": 0.64, "nexi": 0.28, "equity": 0.08}
CALLS = {  # first day of payment -> share of the commitment
    date(2026, 5, 1): 0.06,
    date(2027, 10, 1): 0.24,
    date(2029, 1, 1): 0.25,
    date(2030, 1, 1): 0.25,
    date(2031, 1, 1): 0.20,
}
BEGAN, FIRST_UNIT, BUILT = date(2027, 10, 1), date(2030, 7, 1), date(2033, 4, 1)
EPOCH = Epoch(date(2025, 9, 4))
END = EPOCH.close_of(date(2035, 12, 31))

NAMES = Names(
    projects=("T1-01",),
    resources=("jbic_cash", "nexi_cash", "equity_cash"),
    resource_units=("USD",) * 3,
    resource_labels=("",) * 3,
    pools=(),
    sectors=tuple(base().sectors),
    facilities=tuple(SHARES),
)


def drawings() -> dict[date, dict[str, int]]:
    """Cents of each call by facility; all shares here come out in whole cents."""
    return {
        day: {name: round(COST * share * part) for name, part in SHARES.items()}
        for day, share in CALLS.items()
    }


def energised() -> list[date]:
    """A unit every quarter."""
    return [date(2030 + (6 + 3 * n) // 12, (6 + 3 * n) % 12 + 1, 1) for n in range(UNITS)]


def _log() -> EventLog:
    rows = [(date(2026, 2, 17), Kind.SELECTED, -1, 0, COST)]
    for number, (day, parts) in enumerate(drawings().items()):
        for place, cents in enumerate(parts.values()):
            rows.append((day, Kind.PART_DRAWN, place, number, cents))
    for number, day in enumerate(energised()):
        rows.append((day, Kind.UNIT_ENERGISED, -1, number, COST // UNITS))
    rows.append((BUILT, Kind.OPERATING, -1, 0, COST))
    rows.sort(key=lambda row: row[0])
    day, kind, resource, part, cents = zip(*rows, strict=True)
    n = len(rows)
    return EventLog(
        time=np.array([EPOCH.minute_of(one) for one in day]),
        project=np.zeros(n, np.int64),
        kind=np.array(kind, np.int64),
        resource=np.array(resource),
        cause=np.zeros(n, np.int64),
        part=np.array(part),
        amount=np.array(cents, np.float64),
    )


def ohio() -> Replication:
    """The plant as a finished replication of one project."""
    one, none = np.ones(1), np.zeros(0)
    began, built = EPOCH.minute_of(BEGAN), EPOCH.minute_of(BUILT)
    whole = np.zeros(1, np.int64)
    return Replication(
        replication=0,
        names=NAMES,
        attributes=Attributes(
            entity=whole, named=one > 0, sector=whole + NAMES.sectors.index("gas_power"),
            units=whole + UNITS, cost_cents=whole + COST, commitment_cents=whole + COST,
            selected_cents=whole + COST, cost_ratio=one * RATIO,
            japanese_content_share=one, prospects_share=one, build_minutes=whole,
            nominal_minutes=whole, specialists=one,
        ),
        log=_log(),
        capacity=CapacityTrace(whole[:0], whole[:0], none, none, none, none),
        sites=SiteTrace(
            project=whole, group=whole, start=whole + began, end=whole + built,
            start_progress=one * 0, end_progress=one, clock_group=np.zeros(2, np.int64),
            clock_time=np.array([began, built]), clock_work=np.array([0.0, built - began]),
            clock_limit=np.array([-1, -1]), unit=whole, start_work=one * 0,
            end_work=one * (built - began),
        ),
        market=MarketTrace(whole[:0], whole[:0], none, none, none, none),
        end_minute=END,
        operation=OperationDraws(one * YIELD, one * 0, one * 0.7),
    )  # fmt: skip
