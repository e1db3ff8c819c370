"""When named projects are selected, begun and running: dates by which half, and most, have it."""

from __future__ import annotations

from datetime import date
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from sim.stats.dates import day_numbers, day_of, reached_by
from sim.stats.intervals import Interval, wilson
from sim.study.findings.project_rows import MILESTONES, SHARES

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables


class Expected(NamedTuple):
    """One named project: when, in the replications that propose it; how likely, in all of them.

    Attributes
    ----------
    project, sector : str
    usd_bn : float
    dates : dict
        By milestone of `MILESTONES` and share (``p50``, ``p80``) where it is proposed; None where
        it is later than the run. What never happens counts as later.
    runs : Interval
        Probability that it runs by the end of the run, proposed or not.
    proposed : float
        Share of the replications that propose it.
    """

    project: str
    sector: str
    usd_bn: float
    dates: dict[tuple[str, str], date | None]
    runs: Interval
    proposed: float = 1.0

    def at(self, milestone: str, share: str) -> date | None:
        """One of its dates."""
        return self.dates[milestone, share]


def schedule(run: RunTables) -> list[Expected]:
    """Named projects, those that half of the replications have running first at the top."""
    rows, found = run.projects[run.projects["named"]], []
    n = int(run.manifest["replications"])
    for project, own in rows.groupby("project", observed=True):
        dates = {}
        for milestone, column in MILESTONES.items():
            days = day_numbers(own[column].to_numpy())
            for name, share in SHARES.items():
                day = reached_by(days, share)
                dates[milestone, name] = None if isnan(day) else day_of(day)
        found.append(
            Expected(
                str(project),
                str(own["sector"].iloc[0]),
                float(own["commitment_usd_bn"].mean()),
                dates,
                wilson(int(own["operating"].notna().sum()), n),
                len(own) / n,
            )
        )
    return sorted(found, key=_order)


def _order(one: Expected) -> tuple[date, date, float]:
    never = date.max
    return one.at("operating", "p50") or never, one.at("ntp", "p50") or never, -one.runs.estimate
