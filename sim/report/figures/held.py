"""Where the dollars stand: each cause by quarter, as a heat strip and as a stacked area."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.events import FloatArray
from sim.events.ledger_causes import BAR_WORDS, BARS, NO_FAULT
from sim.report.figures import dates, style
from sim.report.figures.numbers import PlainNumbers
from sim.report.page.charts import BLUES, GREYS, HEAT, heat_edges, ink_on
from sim.stats.intervals import mean_interval
from sim.study.findings.over_time import Held, before_selection, held_over_time
from sim.study.findings.run_results import RunTables

_BUILDING = "building"
_LEAST_USD_BN = 0.05  # on average over the run; below it a cause has no row
_AREAS = 5  # causes that have an area of their own; the others are one
_NAMES = {**BAR_WORDS, _BUILDING: BARS[_BUILDING].words}
_AREA_LOOKS = (
    (style.VERMILLION, ""), (style.ORANGE, "////"), (style.SKY, ""), (style.PURPLE, "\\\\\\\\"),
    (style.GREEN, ".."),
)  # fmt: skip
_BEFORE = "not yet selected: at the President"


@style.styled
def held(run: RunTables) -> Figure:
    """Draw the dollars standing at each cause, quarter by quarter, means of the replications.

    Reads the run's table of what is held, its timeline and projects.
    """
    found = held_over_time(run)
    before, waited = before_selection(run)
    faults = ranked(found)
    rows = len(faults) + 2
    figure = style.new_figure(
        9.4,
        4.7 + 0.25 * rows,
        title(found, faults, waited),
        "USD bn by quarter, means of the replications. From its selection until it runs, each unit "
        "stands at the one cause that holds it",
    )
    grid = figure.add_gridspec(2, 1, height_ratios=[0.25 * rows + 0.2, 2.0])
    strip, area = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    x = _edges(found.quarters)
    for axes in (strip, area):
        dates.programme_axis(axes, run.config, inches=5.6, labels=axes is strip)
    if not faults and _BUILDING not in found.usd_bn:
        for axes in (strip, area):
            style.nothing_to_show(axes, "nothing is selected in any replication")
        strip.set_yticks([])
    else:
        _strip(strip, x, found, faults, before)
        _areas(area, x, found, faults)
    style.footer(
        figure,
        run,
        "Number: the peak of each row. Blues and greys begin at the same amounts. Blue: candidates "
        "recommended and waiting for a round, up to "
        "the deadline; they are not in the dollars below. Order: dollars times years.",
    )
    return figure


def ranked(found: Held) -> list[str]:
    """Groups of causes that somebody could mend, most dollar-years first."""
    least = _LEAST_USD_BN * len(found.quarters) / 4
    faults = found.ranked(bar for bar in found.usd_bn if bar not in NO_FAULT)
    return [bar for bar in faults if found.usd_bn_years[bar].mean() >= least]


def title(found: Held, faults: Sequence[str], waited: FloatArray) -> str:
    """Where most dollar-years stand; two names where the replications do not tell them apart.

    ``waited`` are those before selection, (n_replications,).
    """
    if not faults or len(waited) < 2:
        return "Where the dollars stand"
    first = _NAMES[faults[0]]
    if len(faults) > 1 and not found.leads(faults[0], faults[1]).low > 0:
        first = f"{first} or {_NAMES[faults[1]]}"
    if mean_interval(waited - found.usd_bn_years[faults[0]]).low > 0:
        return f"Most dollars wait for the President, then at {first}"
    return f"Of what is selected, most dollars stand at {first}"


def _edges(quarters: Sequence[str]) -> FloatArray:
    """(n_quarters + 1,) date numbers of where quarters begin, and the last ends."""
    year, quarter = int(quarters[0][:4]), int(quarters[0][-1])
    first = np.datetime64(f"{year}-{3 * quarter - 2:02d}", "M")
    months = first + 3 * np.arange(len(quarters) + 1)
    return (months.astype("datetime64[D]") - np.datetime64("1970-01-01", "D")).astype(np.float64)


def _strip(
    axes: Axes, x: FloatArray, found: Held, faults: Sequence[str], before: FloatArray
) -> None:
    axes.grid(False)
    most = max((float(found.usd_bn[bar].max()) for bar in faults), default=1.0)
    edges = heat_edges(most)  # colours and limits as on the page
    rows: list[tuple[str, FloatArray, Sequence[str]]] = [
        (_BEFORE, before, BLUES),
        *((_NAMES[bar], found.usd_bn[bar], HEAT) for bar in faults),
    ]
    if _BUILDING in found.usd_bn:
        rows.append((_NAMES[_BUILDING], found.usd_bn[_BUILDING], GREYS))
    for place, (_, values, colours) in enumerate(rows):
        shade = np.searchsorted(edges, values, side="right")
        filled = shade > 0
        quarters = list(zip(x[:-1][filled], np.diff(x)[filled], strict=True))
        shades = [colours[at - 1] for at in shade[filled]]
        look: style.How = {"facecolors": shades, "edgecolors": shades, "linewidth": 0.3}
        axes.broken_barh(quarters, (place - 0.44, 0.88), zorder=1, **look)  # one thing, not forty
        at = int(np.argmax(values))
        if values[at] < _LEAST_USD_BN:
            continue
        if filled[at]:
            there = colours[shade[at] - 1]
            behind = {"facecolor": there, "edgecolor": "none", "pad": 1.2}
            ink: style.How = {"ha": "center", "va": "center", "color": ink_on(there)}
            middle = (x[at] + x[at + 1]) / 2
            look = {"fontsize": 9, "fontweight": "bold", "zorder": 4, "bbox": behind, **ink}
            axes.text(middle, place, _bn(values[at]), **look)
        style.beside(axes, place, f"{_bn(values[at]):>4} in {found.quarters[at]}", fontsize=9.5)
    head: style.How = {"va": "baseline", "annotation_clip": False}
    style.beside(axes, -0.75, "most, bn", fontsize=9, color=style.GREY, **head)
    axes.set_ylim(len(rows) - 0.45, -0.6)
    axes.set_yticks(range(len(rows)), [name for name, *_ in rows], fontsize=9.5)
    axes.tick_params(axis="y", length=0)
    axes.axhline(0.5, color=style.GREY, linewidth=0.8)
    scale = [
        Patch(label=f"{edge:,g}", facecolor=colour, edgecolor=style.GREY, linewidth=0.5)
        for colour, edge in zip(HEAT, edges, strict=False)
    ]
    key: style.How = {"loc": "upper left", "ncols": 7, "handlelength": 1.6, "fontsize": 9}
    blank = Patch(label="USD bn from", facecolor="none", edgecolor="none")
    axes.legend(handles=[blank, *scale], **key, **style.across_figure(axes, 0.07, -0.09))


def _areas(axes: Axes, x: FloatArray, found: Held, faults: Sequence[str]) -> None:
    """Typical building in grey at the bottom, the causes of most dollars on it."""
    middles = (x[:-1] + x[1:]) / 2
    nothing = np.zeros(len(middles))
    layers = [(_NAMES[_BUILDING], found.usd_bn.get(_BUILDING, nothing), style.LIGHT_GREY, "")]
    drawn = zip(faults[:_AREAS], _AREA_LOOKS, strict=False)
    layers += [(_NAMES[bar], found.usd_bn[bar], *look) for bar, look in drawn]
    if rest := faults[_AREAS:]:
        together = np.sum([found.usd_bn[bar] for bar in rest], axis=0)
        layers.append(("other causes", together, "#FFFFFF", "xxxx"))
    top = style.stack(axes, middles, layers)
    axes.set_ylim(0, max(float(top.max()) * 1.05, 1.0))
    axes.set_ylabel("USD bn")
    axes.yaxis.set_major_formatter(PlainNumbers())
    axes.legend(
        loc="lower left",
        **style.across_figure(axes, 0.07, 1.0),
        ncols=4,
        fontsize=9,
        borderaxespad=0.2,
        columnspacing=1.2,
        handlelength=1.6,
    )


def _bn(value: float) -> str:
    return f"{value:,.{0 if value >= 9.95 else 1}f}"
