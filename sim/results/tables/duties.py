"""What is paid in duties under the deal and without it, by year, beside Japan's money."""

from __future__ import annotations

import numpy as np

from sim.events import CENTS_PER_USD_BN
from sim.results.tables.arrow import no_rows
from sim.results.tables.facts import Columns, Facts
from sim.results.tables.tariffs import rates_at, routes_in_force
from sim.results.tables.timeline import Totals


def duties_table(facts: Facts, amounts: Totals) -> Columns:
    """One row per calendar year: exports and duties in four cases, and Japan's money at risk.

    No row without a trade section.
    """
    horizon, market = facts.horizon, facts.horizon.market
    if market is None:
        return no_rows("duties")
    years = market.years
    actual = market.under_the_deal
    if routes_in_force(facts):
        actual = market.yearly(rates_at(facts, market.days, market.baseline))
    cases = {"": actual, "baseline_": market.under_the_deal} | {
        f"{name}_": case for name, case in market.without.items()
    }
    last = np.searchsorted(horizon.month.astype("datetime64[Y]").astype(int) + 1970, years, "right")
    paid = amounts.paid[last - 1] / CENTS_PER_USD_BN
    return {
        "replication": np.full(len(years), facts.replication.replication, dtype=np.int32),
        "year": years.astype(np.int32),
        **{f"exports_{name}usd_bn": case[0] for name, case in cases.items()},
        **{f"duties_{name}usd_bn": case[1] for name, case in cases.items()},
        **{f"borne_{name}usd_bn": case[2] for name, case in cases.items()},
        "net_paid_usd_bn": np.diff(paid, prepend=0.0),
        "at_risk_usd_bn": paid,
    }
