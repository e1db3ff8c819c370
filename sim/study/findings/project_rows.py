"""Rows of ``projects_summary.csv``: a project over all replications, for a spreadsheet.

Dates and probabilities are over the replications in which it is proposed. What does not happen in
one of them counts as later than the run, so no date is too early because few get there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.config.schema import Config
from sim.events import FloatArray, IntArray
from sim.events.ledger_causes import BARS, LEDGER_ROWS, NO_FAULT
from sim.stats.dates import EPOCH, day_numbers, day_of, reached_by, share_by
from sim.study.findings.delay_rows import codes
from sim.study.run.store import Kept

MILESTONES = {
    "selected": "selected",
    "ntp": "ntp",
    "first_unit": "first_unit_energised",
    "operating": "operating",
}
ANNOUNCED = {
    "first_unit": "announced_first_unit_date",
    "operating": "announced_operating_date",
}
ENDED = ("declined", "refused", "cancelled")
SHARES = {"p50": 0.5, "p80": 0.8}


def years_told(config: Config) -> tuple[int, ...]:
    """Years at whose close it is told whether a project operates: of the programme and the run."""
    end, run_out = config.programme.end.year, config.programme.run_out.year
    return tuple(sorted({end, (end + run_out) // 2, run_out}))


def project_rows(config: Config, kept: Kept) -> list[dict[str, Any]]:
    """A row for each project of any replication: named ones first, as the portfolio has them."""
    found = _read(config, kept)
    return [
        dict(_row(config, found, place))
        for place in sorted(range(len(found.names)), key=lambda one: _order(config, found, one))
        if found.proposed[place]
    ]


def _row(config: Config, found: _Found, place: int) -> Iterator[tuple[str, Any]]:
    name, n = found.names[place], int(found.proposed[place])
    named = config.portfolio.projects.get(name)
    days = {milestone: found.days(milestone, place) for milestone in MILESTONES}
    yield "project", name
    yield "name", named.name if named is not None else ""
    yield "sector", list(config.sectors.values())[int(found.sector[place])].label
    yield "state", named.region if named is not None and named.region else ""
    yield "usd_bn", float(found.usd_bn[place] / n)
    yield "p_proposed", n / found.replications
    yield "p_selected", float((~np.isnan(days["selected"])).mean())
    yield "p_given_up", float(found.given_up[place] / n)
    for milestone in MILESTONES:
        for word, share in SHARES.items():
            day = reached_by(days[milestone], share)
            late = f"after {config.programme.run_out.year}"
            yield f"{milestone}_{word}", late if np.isnan(day) else f"{day_of(day)}"
    for milestone, field in ANNOUNCED.items():
        said = getattr(named, field) if named is not None else None
        yield f"{milestone}_announced", "" if said is None else f"{said}"
    closes = [date(year + 1, 1, 1) for year in years_told(config)]
    ends = np.array([(close - EPOCH).days for close in closes]) - 1e-6
    shares = share_by(days["operating"], ends)
    for year, share_reached in zip(years_told(config), shares, strict=True):
        yield f"p_operating_by_{year}", float(share_reached)
    drag = found.drag[place] / n
    worst = int(drag.argmax())
    yield "main_cause", BARS[_CAUSES[worst].bar].short if drag[worst] > 0 else ""
    yield "main_cause_days", float(drag[worst])


_CAUSES = [row for row in LEDGER_ROWS if row.bar not in NO_FAULT]


class _Found:
    """Sums over replications by project, and the days of milestones that are reached.

    Most projects of most replications are never selected: nothing is kept of them but the sums,
    which are added up row by row, so that they do not depend on how replications lie in parts.
    """

    def __init__(self, names: tuple[str, ...], replications: int) -> None:
        self.names = names
        self.replications = replications
        self.proposed: IntArray = np.zeros(len(names), np.int64)  # in so many replications
        self.sector: IntArray = np.zeros(len(names), np.int64)
        self.usd_bn: FloatArray = np.zeros(len(names))
        self.given_up: IntArray = np.zeros(len(names), np.int64)
        self.drag: FloatArray = np.zeros((len(names), len(_CAUSES)))  # days: they do not add up
        self._reached: dict[str, list[tuple[NDArray[np.int32], FloatArray]]] = {
            name: [] for name in MILESTONES
        }
        self._sorted: dict[str, tuple[IntArray, FloatArray]] = {}

    def reached(self, milestone: str, project: IntArray, days: FloatArray) -> None:
        """Keep the days of those that reach it."""
        there = ~np.isnan(days)
        self._reached[milestone].append((project[there].astype(np.int32), days[there]))

    def days(self, milestone: str, place: int) -> FloatArray:
        """Day of each replication that has the project; nan where it does not happen."""
        if milestone not in self._sorted:
            pieces = self._reached.pop(milestone)
            project = np.concatenate([project for project, _ in pieces])
            order = np.argsort(project, kind="stable")
            bounds = np.searchsorted(project[order], np.arange(len(self.names) + 1))
            self._sorted[milestone] = bounds, np.concatenate([day for _, day in pieces])[order]
        bounds, days = self._sorted[milestone]
        own = days[bounds[place] : bounds[place + 1]]
        return np.concatenate([own, np.full(int(self.proposed[place]) - len(own), np.nan)])


def _read(config: Config, kept: Kept) -> _Found:
    wanted = ["replication", "project", "sector", "commitment_usd_bn", *MILESTONES.values(), *ENDED]
    wanted += [f"drag_{row.name}_days" for row in _CAUSES]
    sectors, found = tuple(config.sectors), None
    for table in kept.each("projects", wanted):
        if found is None:
            dictionary = table.column("project").combine_chunks().dictionary
            found = _Found(tuple(dictionary.to_pylist()), kept.replications)
        project = codes(table.column("project"), found.names)
        found.sector[project] = codes(table.column("sector"), sectors)
        np.add.at(found.proposed, project, 1)
        np.add.at(found.usd_bn, project, table.column("commitment_usd_bn").to_numpy())
        for name, column in MILESTONES.items():
            found.reached(name, project, day_numbers(table.column(column).to_numpy()))
        over = [~np.isnat(table.column(name).to_numpy()) for name in ENDED]
        np.add.at(found.given_up, project, np.logical_or.reduce(over))
        drag = [table.column(f"drag_{row.name}_days").to_numpy() for row in _CAUSES]
        np.add.at(found.drag, project, np.column_stack(drag))
    assert found is not None
    return found


def _order(config: Config, found: _Found, place: int) -> tuple[int, str]:
    name = found.names[place]
    named = list(config.portfolio.projects)
    return (named.index(name), "") if name in named else (len(named), name)
