"""In what state of completion the selected dollars are: over time, and when the run ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.events import FloatArray

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.findings.run_results import RunTables

STATES = {
    "operating": "operating",
    "site": "under construction",
    "begun": "signed, not begun to build",
    "unsigned": "selected, first call unpaid",
    "given_up": "given up",
}
AT_END = {
    "operating": "operating",
    "dark": "built, without power",
    "site_75": "site, three quarters built or more",
    "site_50": "site, half to three quarters",
    "site_25": "site, a quarter to half",
    "site_0": "site, less than a quarter",
    "begun": "signed, not begun to build",
    "unsigned": "selected, first call unpaid",
    "given_up": "given up",
}
_SITES = np.array(["site_0", "site_25", "site_50", "site_75"])


class Completion(NamedTuple):
    """Selected dollars by state, USD bn, means of the replications.

    Attributes
    ----------
    usd_bn : dict
        Of `STATES`, at the end of each month, (n_months,).
    at_end : dict
        Of `AT_END`: when the run ends.
    paid_at_end : dict
        What of that Japan has paid and not got back from the sites.
    """

    usd_bn: dict[str, FloatArray]
    at_end: dict[str, float]
    paid_at_end: dict[str, float]


def completion(run: RunTables) -> Completion:
    """Sort the selected projects; units that run count as operating, whatever the others do."""
    n = len(run.timeline["replication"].unique())
    rows = run.projects[run.projects["selected"].notna()]
    return Completion(_over_time(run, rows, n), *_at_end(rows, n))


def _over_time(run: RunTables, rows: pd.DataFrame, n: int) -> dict[str, FloatArray]:
    import pandas as pd

    months = pd.DatetimeIndex(np.unique(run.timeline["month"].to_numpy()))
    ends = (months + pd.offsets.MonthBegin(1)).to_numpy()

    def by(*columns: str) -> FloatArray:
        """Dollars of projects that had one of these milestones by the end of each month."""
        when = rows[list(columns)].min(axis=1).to_numpy()  # never: sorted last
        order = np.argsort(when)
        so_far = np.append(0.0, np.cumsum(rows["selected_usd_bn"].to_numpy()[order]))
        return np.asarray(so_far[np.searchsorted(when[order], ends)] / n)

    over = ("declined", "cancelled")
    wide = run.timeline.pivot(index="replication", columns="month", values="completed_usd_bn")
    operating = wide.to_numpy().mean(axis=0)
    gone, signed, begun = by(*over), by("first_call_paid", *over), by("ntp", *over)
    return {
        "operating": operating,
        "site": begun - gone - operating,
        "begun": signed - begun,
        "unsigned": by("selected") - signed,
        "given_up": gone,
    }


def _at_end(rows: pd.DataFrame, n: int) -> tuple[dict[str, float], dict[str, float]]:
    selected = rows["selected_usd_bn"].to_numpy()
    share = rows["spent_usd_bn"].to_numpy() / np.maximum(selected, 1e-12)
    quarter = np.minimum((4 * share).astype(int), 3)
    given_up = rows[["declined", "cancelled"]].notna().any(axis=1).to_numpy()
    state = np.select(
        [given_up, rows["built"].notna(), rows["ntp"].notna(), rows["first_call_paid"].notna()],
        ["given_up", "dark", _SITES[quarter], "begun"],
        "unsigned",
    )
    completed = rows["completed_usd_bn"].to_numpy()
    paid = rows["paid_usd_bn"].to_numpy() / np.maximum(selected, 1e-12)
    rest = selected - completed
    at_end = {name: float(rest[state == name].sum()) / n for name in AT_END}
    of_it = {name: float((paid * rest)[state == name].sum()) / n for name in AT_END}
    at_end["operating"] = float(completed.sum()) / n
    of_it["operating"] = float((paid * completed).sum()) / n
    return at_end, of_it
