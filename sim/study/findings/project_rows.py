"""Rows of ``projects_summary.csv``: a project over all replications, for a spreadsheet.

Dates and probabilities are over the replications in which it is proposed. What does not happen in
one of them counts as later than the run, so no date is too early because few get there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.config.schema import Config
from sim.events import FloatArray, IntArray
from sim.events.ledger_causes import BAR_WORDS, LEDGER_ROWS, NO_FAULT
from sim.stats.dates import reached_by, share_by
from sim.study.findings.delay_rows import codes
from sim.study.run.store import Kept

MILESTONES = {
    "selected": "selected",
    "ntp": "ntp",
    "first_unit": "first_unit_energised",
    "operating": "operating",
}
ENDED = ("declined", "refused", "cancelled")
_SHARES = {"p50": 0.5, "p80": 0.8}
_EPOCH = date(1970, 1, 1)
_MS_PER_DAY = 86_400_000


def years_told(config: Config) -> tuple[int, ...]:
    """Years at whose close it is told whether a project operates: of the programme and the run."""
    end, run_out = config.programme.end.year, config.programme.run_out.year
    return tuple(sorted({end, (end + run_out) // 2, run_out}))


def project_rows(config: Config, kept: Kept) -> list[dict[str, Any]]:
    """A row for each project of any replication: named ones first, as the portfolio has them."""
    found = _read(config, kept)
    names, n = found.names, found.replications
    rows = []
    for place in sorted(range(len(names)), key=lambda one: _order(config, names[one])):
        own = np.flatnonzero(found.project == place)
        if own.size:
            rows.append(dict(_row(config, names[place], found, own, n)))
    return rows


def _row(
    config: Config, name: str, found: _Found, own: IntArray, n: int
) -> Iterator[tuple[str, Any]]:
    named = config.portfolio.projects.get(name)
    sector = list(config.sectors.values())[int(found.sector[own[0]])]
    yield "project", name
    yield "name", named.name if named is not None else ""
    yield "sector", sector.label
    yield "state", named.region if named is not None and named.region else ""
    yield "usd_bn", float(found.usd_bn[own].mean())
    yield "p_proposed", own.size / n
    yield "p_selected", float((~np.isnan(found.days["selected"][own])).mean())
    yield "p_given_up", float(found.given_up[own].mean())
    for milestone in MILESTONES:
        for word, share in _SHARES.items():
            day = reached_by(found.days[milestone][own], share)
            late = f"after {config.programme.run_out.year}"
            yield (
                f"{milestone}_{word}",
                late if np.isnan(day) else f"{_EPOCH + timedelta(int(day))}",
            )
    closes = [date(year + 1, 1, 1) for year in years_told(config)]
    ends = np.array([(close - _EPOCH).days for close in closes]) - 1e-6
    shares = share_by(found.days["operating"][own], ends)
    for year, share_reached in zip(years_told(config), shares, strict=True):
        yield f"p_operating_by_{year}", float(share_reached)
    held = found.held[own].mean(axis=0)
    worst = int(held.argmax())
    yield "main_cause", BAR_WORDS[_BARS[worst]] if held[worst] > 0 else ""
    yield "main_cause_days", float(held[worst])


_BARS = tuple(BAR_WORDS)


class _Found:
    """What the rows need of the projects table, all replications; each of shape (n_rows, ...)."""

    def __init__(
        self, names: tuple[str, ...], replications: int, columns: dict[str, NDArray[Any]]
    ) -> None:
        self.names = names
        self.replications = replications
        self.project: IntArray = columns["project"]
        self.sector: IntArray = columns["sector"]
        self.usd_bn: FloatArray = columns["commitment_usd_bn"]
        self.days = {name: columns[name] for name in MILESTONES}
        self.given_up: NDArray[np.bool_] = columns["given_up"]
        self.held: FloatArray = columns["held"]  # days by bar


def _read(config: Config, kept: Kept) -> _Found:
    causes = [row for row in LEDGER_ROWS if row.bar not in NO_FAULT]
    wanted = ["replication", "project", "sector", "commitment_usd_bn", *MILESTONES.values(), *ENDED]
    wanted += [f"delay_{row.name}_days" for row in causes]
    sectors, pieces, names = tuple(config.sectors), [], ()
    for table in kept.each("projects", wanted):
        names = names or tuple(table.column("project").combine_chunks().dictionary.to_pylist())
        piece: dict[str, NDArray[Any]] = {
            "project": codes(table.column("project"), names),
            "sector": codes(table.column("sector"), sectors),
            "commitment_usd_bn": table.column("commitment_usd_bn").to_numpy(),
        }
        for name, column in MILESTONES.items():
            piece[name] = _days(table.column(column).to_numpy())
        over = [~np.isnat(table.column(name).to_numpy()) for name in ENDED]
        piece["given_up"] = np.logical_or.reduce(over)
        held = np.zeros((table.num_rows, len(_BARS)))
        for row in causes:
            held[:, _BARS.index(row.bar)] += table.column(f"delay_{row.name}_days").to_numpy()
        piece["held"] = held
        pieces.append(piece)
    joined = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    return _Found(names, kept.replications, joined)


def _order(config: Config, name: str) -> tuple[int, str]:
    named = list(config.portfolio.projects)
    return (named.index(name), "") if name in named else (len(named), name)


def _days(dates: NDArray[np.datetime64]) -> FloatArray:
    """Days since 1970, nan where it does not happen."""
    days = dates.astype("datetime64[ms]").astype(np.int64) / _MS_PER_DAY
    days[np.isnat(dates)] = np.nan
    return days
