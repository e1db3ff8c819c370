"""What parties have received less paid, year by year, in every replication of a run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.calendars import Epoch
from sim.events import CENTS_PER_USD_BN, FloatArray, IntArray

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

OF_JAPAN = ("jbic", "insured_lenders", "nexi", "equity")


class Cash(NamedTuple):
    """USD bn received less paid in so far, at each year's end."""

    years: IntArray  # (n_years,)
    usd_bn: dict[str, FloatArray]  # by party, (n_replications, n_years); japan: its four together


def cash_by_party(run: RunTables) -> Cash:
    """Add up the ledger, and the yearly sums after it, to the end of the last life."""
    n, first = int(run.manifest["replications"]), run.config.programme.start.year
    ledger, later = run.ledger, run.distributions
    last = max(run.config.programme.run_out.year, int(later["year"].max()) if len(later) else 0)
    years = np.arange(first, last + 1)
    epoch = Epoch(run.config.programme.start)
    ends = np.array([epoch.minute_of(date(year + 1, 1, 1)) for year in years.tolist()])
    when = np.minimum(np.searchsorted(ends, ledger["minute"], side="right"), len(years) - 1)
    cell = ledger["replication"].to_numpy() * len(years) + when
    amount = ledger["amount_cents"].to_numpy() / CENTS_PER_USD_BN
    size = n * len(years)

    def moved(party: str) -> FloatArray:
        total = np.zeros(size)
        for side, sign in (("debit", 1.0), ("credit", -1.0)):
            mine = (ledger[side] == party).to_numpy()
            total += sign * np.bincount(cell[mine], amount[mine], size)
        mine = (later["party"] == party).to_numpy()
        place = later["replication"].to_numpy() * len(years) + later["year"].to_numpy() - first
        total += np.bincount(
            place[mine], later["amount_cents"].to_numpy()[mine] / CENTS_PER_USD_BN, size
        )
        return np.asarray(np.cumsum(total.reshape(n, len(years)), axis=1))

    found = {party: moved(party) for party in ("us", *OF_JAPAN, "partners")}
    japan = np.asarray(sum(found[party] for party in OF_JAPAN))
    return Cash(years, {"us": found["us"], "japan": japan} | found)


def overruns_by_sector(run: RunTables) -> dict[str, tuple[float, float]]:
    """USD bn beyond the plan, mean of the replications: borne by partners, and by Japan's side."""
    n = int(run.manifest["replications"])
    partners = run.finance.groupby("sector", observed=True)["overrun_usd_bn"].sum() / n
    topped = run.ledger[run.ledger["reason"] == "topup"].merge(
        run.finance[["replication", "project", "sector"]], on=["replication", "project"]
    )
    cents = topped.groupby("sector", observed=True)["amount_cents"].sum()
    japan = cents / CENTS_PER_USD_BN / n
    return {
        name: (float(partners.get(name, 0.0)), float(japan.get(name, 0.0)))
        for name in run.config.sectors
    }
