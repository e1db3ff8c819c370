"""Who misses cash calls: by the lender that owes most, and by sector."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.figures import style
from sim.report.names import facility_name, project_name
from sim.study.design.words import plural
from sim.study.findings.missed_calls import ALL, LENDER, SECTOR, WHICH, Missed
from sim.study.findings.missed_calls import missed_calls as found_in
from sim.study.findings.run_results import RunTables

_LOOKS = {"first": ("o", style.BLUE), "later": ("D", style.VERMILLION)}


@style.styled
def missed_calls(run: RunTables) -> Figure:
    """Draw calls missed a run, with their 95 %, first and later ones apart.

    Reads the run's events, where any call is late.
    """
    rows = [row for row in found_in(run) if row.missed.estimate]
    if not rows:
        return _none(run)
    panels = {
        "Lender that owes most": [row for row in rows if row.by == LENDER],
        "Sector": [row for row in rows if row.by == SECTOR],
    }
    names = [list(dict.fromkeys(row.name for row in own)) for own in panels.values()]
    figure = style.new_figure(
        10.4,
        2.4 + 0.3 * max(3, *(len(own) for own in names)),
        _title(rows),
        "Cash calls unpaid at the close of their cure period, a run, with 95 % of the mean",
    )
    for axes, (title, own), shown in zip(figure.subplots(1, 2), panels.items(), names, strict=True):
        axes.set_title(title)
        axes.set_xlabel("calls missed a run")
        labels = [
            facility_name(one) if title != "Sector" else project_name("", one, run.config)
            for one in shown
        ]
        _panel(axes, own, shown, labels)
    style.footer(
        figure, run, "A call that several lenders owe stands with the one that owes most of it."
    )
    return figure


def _none(run: RunTables) -> Figure:
    """One sentence in place of axes."""
    n = int(run.manifest["replications"])
    figure = style.new_figure(
        10.4,
        1.1,
        _title([]),
        "There is nothing to show: no call is unpaid at the close of its cure period, in any of "
        f"{plural(n, 'replication')}",
    )
    style.footer(figure, run)
    return figure


def _panel(axes: Axes, rows: Sequence[Missed], names: list[str], labels: list[str]) -> None:
    there = [which for which in WHICH if any(row.which == which for row in rows)]
    for place, which in enumerate(there):
        aside = 0.28 * (place - (len(there) - 1) / 2)
        marker, colour = _LOOKS[which]
        own = [row for row in rows if row.which == which]
        low = [row.missed.estimate - max(0.0, row.missed.low) for row in own]
        high = [row.missed.high - row.missed.estimate for row in own]
        axes.errorbar(
            [row.missed.estimate for row in own],
            [names.index(row.name) + aside for row in own],
            xerr=[low, high],
            fmt=marker,
            color=colour,
            markersize=5,
            label=f"{which} calls",
        )
    style.in_rows(axes, labels)
    axes.set_xlim(left=0)
    axes.legend(loc="lower right")


def _title(rows: Sequence[Missed]) -> str:
    by_kind = {row.which: row.missed for row in rows if row.by == ALL}
    if not by_kind:
        return "No cash call is missed in any run"
    if len(by_kind) == 1:
        return f"Only {next(iter(by_kind))} calls are missed"
    return "Who misses cash calls"
