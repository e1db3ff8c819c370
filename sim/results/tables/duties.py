"""What is paid in duties under the deal and without it, by year, beside Japan's money."""

from __future__ import annotations

import numpy as np

from sim.events import CENTS_PER_USD_BN, FloatArray
from sim.results.tables.arrow import no_rows
from sim.results.tables.facts import Columns, Facts
from sim.results.tables.tariffs import rates_at, routes_in_force
from sim.results.tables.timeline import Totals
from sim.results.tables.trade import Market


def duties_table(facts: Facts, amounts: Totals) -> Columns:
    """One row per calendar year: exports and duties in four cases, and Japan's money at risk.

    No row without a trade section.
    """
    horizon, market, batch = facts.horizon, facts.horizon.market, facts.batch
    if market is None:
        return no_rows("duties")
    cases = {name: case.reshape(3, -1) for name, case in trade_by_case(facts, market).items()}
    last = np.searchsorted(
        horizon.month.astype("datetime64[Y]").astype(int) + 1970, market.years, "right"
    )
    paid = amounts.paid[:, last - 1] / CENTS_PER_USD_BN
    return {
        "replication": np.repeat(batch.number, len(market.years)),
        "year": np.tile(market.years.astype(np.int32), batch.n),
        **{f"exports_{name}usd_bn": case[0] for name, case in cases.items()},
        **{f"duties_{name}usd_bn": case[1] for name, case in cases.items()},
        **{f"borne_{name}usd_bn": case[2] for name, case in cases.items()},
        "net_paid_usd_bn": np.diff(paid, prepend=0.0).ravel(),
        "at_risk_usd_bn": paid.ravel(),
    }


def trade_by_case(facts: Facts, market: Market) -> dict[str, FloatArray]:
    """Exports, duties and what exporters bear of them, shape (3, n_replications, n_years).

    By case as in the names of columns; the first, without a name, is what happened.
    """
    baseline = np.array(market.under_the_deal)
    shape = (3, facts.batch.n, len(market.years))
    found = np.repeat(baseline[:, np.newaxis], facts.batch.n, axis=1)
    for one, routes in enumerate(routes_in_force(facts)):
        if routes:
            rates = rates_at(facts, routes, market.days, market.baseline)
            found[:, one] = market.yearly(rates)
    others = {"baseline_": baseline}
    others |= {f"{name}_": np.array(case) for name, case in market.without.items()}
    return {"": found} | {
        name: np.broadcast_to(case[:, np.newaxis], shape) for name, case in others.items()
    }
