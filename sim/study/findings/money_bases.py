"""Whether Japan gets its money back, on each basis on which it is told, and the way between them.

Present values and returns by party are of finished projects: in the first, what comes later counts
less. The figure `cash_by_party` counts all projects, and what is unfinished as outlay.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.events import FloatArray
from sim.study.findings.labels import PROGRAMME
from sim.study.findings.money_tools import Answer, by_replication, chance_of, mean_of
from sim.study.findings.run_results import RunTables

ASKED = (
    "Does Japan get its money back? What its side receives less what it paid in, on each basis it "
    "is told on, and the way between them; means"
)
_CENT = 1e-11  # of a billion: all are sums of whole cents
BASES = ("finished projects, present value", "finished projects, as paid", "all projects, as paid")


def bases(run: RunTables) -> Iterator[Answer]:
    """Received less paid in by Japan's side, from basis to basis, and P(not short) on each."""
    finance, config = run.finance, run.config
    assert config.finance is not None

    def total(column: str, finished: bool) -> FloatArray:
        rows = finance[finance["finished"] == finished]
        return by_replication(run, rows[column], rows)

    done = total("received_usd_bn_japan", True) - total("japan_usd_bn", True)
    put, later = total("japan_usd_bn", False), total("received_usd_bn_japan", False)
    worth = run.outcomes["npv_usd_bn_japan"].to_numpy(np.float64)
    end, rate = config.programme.run_out.year, config.finance.discount_rate_per_year
    walk = {
        BASES[0]: worth,
        f"{100 * rate:g} % a year taken off what comes later": done - worth,
        BASES[1]: done,
        f"paid into projects unfinished in {end}": -put,
        "what their running units bring to the end of life": later,
        BASES[2]: done - put + later,
    }
    for what, values in walk.items():
        yield mean_of(run, "bases", what, PROGRAMME, "USD bn", values)
    for what in BASES:
        yield chance_of(run, "not_short", what, PROGRAMME, walk[what] > -_CENT)
    lost = by_replication(run, finance["lost_usd_bn"], finance)
    yield mean_of(run, "lost", "principal lost in the end", PROGRAMME, "USD bn", lost)
