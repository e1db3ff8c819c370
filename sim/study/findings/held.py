"""Rows of ``held.csv``: where dollars stand, how many over the years, and when most."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.config.schema import Config
from sim.events import FloatArray
from sim.events.ledger_causes import BAR_WORDS, LEDGER_ROWS
from sim.stats.intervals import mean_interval, percentile
from sim.study.findings.delay_rows import codes

if TYPE_CHECKING:
    import pyarrow as pa

NEVER_SELECTED = "never_selected_usd_bn"
_SEASONS = ("early", "spring", "summer", "late")
_BARS = tuple(BAR_WORDS)  # groups of causes that somebody could mend
_CAUSES = tuple(row.name for row in LEDGER_ROWS)
_GROUP = np.array([_BARS.index(row.bar) if row.bar in _BARS else -1 for row in LEDGER_ROWS])
Each = Callable[[str, Sequence[str]], Iterator["pa.Table"]]


def held_rows(config: Config, each: Each, n: int) -> list[dict[str, Any]]:
    """What no round ever took, then each group of causes, most dollar-years first.

    Parameters
    ----------
    config : Config
    each : callable
        Gives some columns of a table, in any pieces, as often as it is asked.
    n : int
        Replications.
    """
    first = _quarter(config.programme.start)
    total = np.zeros((len(_BARS), _quarter(config.programme.run_out) - first + 1))
    for group, quarter, _, usd_bn in _pieces(each):
        np.add.at(total, (group, quarter - first), usd_bn)
    peaks = first + total.argmax(axis=1)  # (n_groups,)
    then = np.zeros((len(_BARS), n))  # USD bn, the mean of that quarter
    for group, quarter, replication, usd_bn in _pieces(each):
        now = quarter == peaks[group]
        np.add.at(then, (group[now], replication[now]), usd_bn[now] / 3)
    rows = [_row(NEVER_SELECTED, "recommended, and no round took it", "", "", _lapsed(each, n))]
    years = total.sum(axis=1) / 12 / n
    for place in np.argsort(-years, kind="stable").tolist():
        if years[place] > 0:
            year, season = divmod(int(peaks[place]), 4)
            when, bar = f"{_SEASONS[season]} {1970 + year}", _BARS[place]
            name, words = f"held_usd_bn_{bar}", BAR_WORDS[bar]
            rows.append(_row(name, words, float(years[place]), when, then[place]))
    return rows


def _row(
    name: str, words: str, years: float | str, when: str, values: FloatArray
) -> dict[str, Any]:
    return {
        "response": name,
        "what": words,
        "unit": "USD bn",
        "usd_bn_years": years,
        "most_in": when,
        "n": len(values),
        **mean_interval(values).named("mean"),
        "p05": percentile(values, 0.05),
        "p95": percentile(values, 0.95),
    }


def _quarter(day: date) -> int:
    return (day.year - 1970) * 4 + (day.month - 1) // 3  # since 1970


def _pieces(each: Each) -> Iterator[tuple[NDArray[Any], ...]]:
    """Of what somebody could mend: group, quarter since 1970, replication, a month's USD bn."""
    for table in each("held", ["replication", "month", "cause", "usd_bn"]):
        group = _GROUP[codes(table.column("cause"), _CAUSES)]
        month = table.column("month").to_numpy().astype("datetime64[M]").astype(np.int64)
        columns = group, month // 3, table["replication"].to_numpy(), table["usd_bn"].to_numpy()
        yield tuple(column[group >= 0] for column in columns)


def _lapsed(each: Each, n: int) -> FloatArray:
    """Dollars recommended to the President that no round had taken when the deadline closed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = np.zeros(n)
    for table in each("projects", ["replication", "recommended", "status", "commitment_usd_bn"]):
        lapsed = pc.equal(table.column("status").cast(pa.string()), "lapsed")
        left = table.filter(pc.and_(lapsed, table.column("recommended").is_valid()))
        usd_bn = left.column("commitment_usd_bn").to_numpy()
        values += np.bincount(left.column("replication").to_numpy(), usd_bn, n)
    return values
