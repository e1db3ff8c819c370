"""A lender's last day of signing: dollars selected whose share is not reserved by then."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from sim.config.schema import Config
from sim.engine import replicate
from sim.events import CENTS_PER_USD_BN, Kind, Replication
from sim.plan import Plan

_ENDS = (Kind.DECLINED, Kind.CANCELLED)
_ROUNDING = 1000  # cents, of a share that is split over the calls


class LastDay(NamedTuple):
    """A facility that signs nothing new after a day, and means over some replications."""

    label: str
    day: date
    unsigned: str  # what becomes of what has nothing reserved: extend, decline, reassign
    taker: str  # who takes the share over then
    selected_usd_bn: float  # and not given up by then
    unsigned_usd_bn: float  # of those, not all of its share is reserved


def last_days(config: Config, plan: Plan, replications: int = 2) -> list[LastDay]:
    """Every facility with a last day; replications are run only if there is one."""
    facilities = config.capacity.facilities.items()
    dated = [(name, one, one.signs_until) for name, one in facilities if one.signs_until]
    count = replications if dated else 0
    shares = config.policy.calls.facility_shares
    runs = [replicate(plan, config.run.seed, number) for number in range(count)]
    found = []
    for name, one, day in dated:
        minute, stock = plan.epoch.close_of(day), plan.resource[f"{name}_commitments"]
        met = np.array([_meets(each, minute, stock, shares.get(name, 0)) for each in runs]).mean(
            axis=0
        )
        usd_bn = (met / CENTS_PER_USD_BN).tolist()
        taker = config.capacity.facilities.get(one.reassigned_to or "")
        found.append(LastDay(one.label, day, one.unsigned, taker.label if taker else "", *usd_bn))
    return found


def _meets(one: Replication, minute: int, stock: int, share: float) -> tuple[float, float]:
    """Cents selected before a minute and alive then, and those of them not wholly reserved."""
    log = one.log
    before = log.time < minute
    chosen = before & (log.kind == Kind.SELECTED)
    alive = chosen & ~np.isin(log.project, log.project[before & np.isin(log.kind, _ENDS)])
    taken = before & (log.kind == Kind.FUNDS_COMMITTED) & (log.resource == stock)
    reserved = np.zeros(len(one.names.projects))
    np.add.at(reserved, log.project[taken], log.amount[taken])
    wanted = share * log.amount - _ROUNDING
    unsigned = alive & (reserved[log.project] < wanted)
    return float(log.amount[alive].sum()), float(log.amount[unsigned].sum())
