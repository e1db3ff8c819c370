"""Where the money goes: cash by party, yen by fiscal year, overruns, and returns against yield."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.config.schema import Config
from sim.events.money import PARTIES
from sim.report.figures import style
from sim.report.figures.numbers import PlainNumbers, spread, true_minus
from sim.report.figures.style import Look
from sim.stats.bands import bands, can_band
from sim.study.findings.break_even import break_even, deemed_rate, japan_irr
from sim.study.findings.cash import cash_by_party as cash_of
from sim.study.findings.cash import overruns_by_sector
from sim.study.findings.outflow import yen_outflow
from sim.study.findings.run_results import RunTables
from sim.world.distributions import inverse

_NO_FINANCE = "the config has no finance section"
_CASH = {
    "us": Look(style.VERMILLION, style.SOLID, 2.4),
    "partners": Look(style.BLACK, style.DASHED),
    "japan": Look(style.BLUE, style.SOLID, 2.4),
    "jbic": Look(style.SKY, style.LONG_DASH),
    "insured_lenders": Look(style.GREEN, style.DASH_DOT),
    "nexi": Look(style.PURPLE, style.DOTTED, 2.2),
    "equity": Look(style.ORANGE, style.DASHED),
}
_READINGS = {
    "per_period": ("by period", Look(style.BLUE, style.SOLID)),
    "cumulative": ("cumulative", Look(style.GREEN, style.DASHED)),
    "equity_only": ("equity only", Look(style.VERMILLION, style.DASH_DOT)),
}
_FACILITY = (("", style.BLUE), ("///", style.ORANGE), ("...", style.GREEN), ("xx", style.PURPLE))
_PANELS = 4  # sectors of `japan_irr_by_yield`


def _bn(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:,.1f}"


@style.styled
def cash_by_party(run: RunTables) -> Figure:
    """Draw what each party has received less paid so far, to the end of the last life."""
    config = run.config
    if config.finance is None or not len(run.ledger):
        return _empty(run, "Cash by party", config)
    years, usd_bn = cash_of(run)
    japan = np.median(usd_bn["japan"], axis=0)
    low = int(japan.argmin())
    back = np.flatnonzero((np.arange(len(years)) > low) & (japan >= 0))
    when = f"has it back in {years[back[0]]}" if len(back) else "never has it back"
    title = (
        f"Japan is USD {_bn(-float(japan[low]))} bn out by {years[low]} and {when}, "
        f"if what is unfinished in {config.programme.run_out.year} is lost"
    )
    figure = style.new_figure(
        11,
        6.4,
        title,
        "Received less paid so far, USD bn, each year's end; lines and title: medians, under the "
        f"reading {config.finance.sharing.reading.replace('_', ' ')}",
    )
    grid = figure.add_gridspec(2, 12)  # three panels above, the four parts of Japan's side below
    shared: Axes | None = None
    for place, (party, look) in enumerate(_CASH.items()):
        row, column = (0, 4 * place) if place < 3 else (1, 3 * place - 9)
        across = grid[row, column : column + (3 if row else 4)]
        axes = figure.add_subplot(across, sharex=shared)
        shared = shared or axes
        axes.axhline(0, color=style.GREY, linewidth=0.8)
        style.draw_paths(axes, years.astype(np.float64), usd_bn[party], look, alone=True)
        label = PARTIES[party]
        in_the_end = true_minus(_bn(float(usd_bn[party][:, -1].mean())))
        axes.set_title(f"{label[:1].upper()}{label[1:]}: {in_the_end} on average")
        axes.yaxis.set_major_formatter(PlainNumbers())
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.axvline(config.programme.run_out.year, color=style.GREY, linewidth=0.8, linestyle=":")
        axes.set_ylabel("USD bn" if column == 0 else "")
    style.footer(
        figure,
        run,
        style.several(len(usd_bn["us"])).replace("month by month", "year by year"),
        f"Dotted: the run ends in {config.programme.run_out.year}; after it what runs is followed "
        "to the end of its life. Projects unfinished then are outlay and bring no more.",
        "Numbers above the panels: means in the end. The four below are Japan's side: their means "
        "add up to its own, their medians need not.",
    )
    return figure


@style.styled
def yen_by_year(run: RunTables) -> Figure:
    """Draw what leaves Japan by fiscal year and facility, with budgets and yardsticks."""
    config = run.config
    if config.finance is None or not config.capacity.yen_per_usd:
        return _empty(run, "What leaves Japan", config)
    found = yen_outflow(run)
    total, years = found.total / 1000, np.array(found.years)
    means = {name: values / 1000 for name, values in found.means.items()}
    mean = np.asarray(sum(means.values()))
    top = int(mean.argmax())
    title = f"FY{years[top]} takes the most from Japan, {mean[top]:.1f} tn yen"
    if found.budget_jpy_bn:
        name, budget = next(iter(found.budget_jpy_bn.items()))
        share = 100 * (1000 * means[name] / np.maximum(budget, 1e-9)).max()
        title += f"; no year over {share:.0f} % of {name.upper()}'s budget, both"
    title += " on average"
    figure = style.new_figure(
        11, 5.6, title, "Trillions of yen by fiscal year (from 1 April), at the rate of the day"
    )
    axes = figure.add_subplot()
    below = np.zeros(len(years))
    for (name, height), (hatch, colour) in zip(means.items(), _FACILITY, strict=False):
        look: style.How = {"color": colour, "hatch": hatch, "edgecolor": "white"}
        label = config.capacity.facilities[name].label
        axes.bar(years, height, 0.62, below, label=label, **look)
        below = below + height
    if can_band(len(total)):
        limits = bands(total)
        look = {"color": style.BLACK, "linewidth": 1.4, "label": "All, 5-95 % of the replications"}
        axes.vlines(years, limits["p05"], limits["p95"], **look)
    for name, budget in found.budget_jpy_bn.items():
        label = f"Budget: {config.capacity.facilities[name].label}"
        axes.step(years, budget / 1000, where="mid", color=style.BLACK, linewidth=2, label=label)
    ends = []
    for name, yardstick in found.yardstick_jpy_bn.items():
        axes.plot(years, yardstick / 1000, color=style.GREY, linestyle=style.DASHED, linewidth=1)
        ends.append((float(yardstick[-1]) / 1000, config.report.yardsticks[name].label))
    places = spread([value for value, _ in ends], axes.get_ylim()[1] * 0.055)
    for (value, label), y in zip(ends, places, strict=True):
        look = {"va": "center", "fontsize": 8.5, "color": style.GREY}
        axes.text(years[-1] + 0.75, y, f"{label}, {value:.1f}", **look)
    axes.set_xlim(years[0] - 0.7, years[-1] + 0.7)
    axes.set_xticks(years, [f"FY{year}" for year in years])
    axes.set_ylabel("trillion yen")
    axes.legend(loc="upper left", fontsize=8.5)
    style.footer(
        figure,
        run,
        "Bars: means of the replications. Dashed: yardsticks (`report.yardsticks`), which limit "
        "nothing. What a budget carries over is not in its line.",
    )
    return figure


@style.styled
def overruns(run: RunTables) -> Figure:
    """Draw who bore what was spent beyond the plan, by sector."""
    config = run.config
    if config.finance is None or not len(run.finance):
        return _empty(run, "Who bore the overruns", config)
    borne = {name: both for name, both in overruns_by_sector(run).items() if sum(both) > 0.005}
    names = sorted(borne, key=lambda name: sum(borne[name]))
    theirs, ours = np.array([borne[name] for name in names]).reshape(-1, 2).T
    total = theirs.sum() + ours.sum()
    share = theirs.sum() / total if total else 0.0
    who = "all" if share > 0.9995 else f"{100 * share:.0f} %"
    japan = f"Japan {_bn(ours.sum())} bn" if ours.sum() else "Japan nothing"
    title = f"Partners bear {who} of USD {_bn(total)} bn of overruns, {japan}"
    figure = style.new_figure(
        11,
        2.2 + 0.3 * max(6, len(names)),
        title if total else "Nothing is spent beyond the plan",
        f"Spent beyond the plan by the end of {config.programme.run_out.year}, USD bn, mean of the "
        "replications",
    )
    axes = figure.add_subplot()
    axes.grid(axis="x")
    axes.grid(False, axis="y")
    place = np.arange(len(names))
    axes.barh(place, theirs, 0.65, color=style.ORANGE, label="partners")
    look: style.How = {"color": style.BLUE, "hatch": "///", "edgecolor": "white"}
    axes.barh(place, ours, 0.65, theirs, label="Japan's lenders and equity", **look)
    for y, value in enumerate((theirs + ours).tolist()):
        axes.text(value, y, f" {_bn(value)}", va="center", fontsize=8.5)
    axes.set_xlim(0, 1.08 * max([1e-9, *(theirs + ours)]))
    axes.set_yticks(place, [config.sectors[name].label for name in names])
    axes.set_xlabel("USD bn")
    if names:
        axes.legend(loc="lower right")
    else:
        style.nothing_to_show(axes, "no project costs more than planned")
    style.footer(figure, run, f"Rule in force: overruns are paid by {_payer(config)}.")
    return figure


def _payer(config: Config) -> str:
    if config.policy.overrun_paid_by == "partners":
        return "partners"
    return "Japan in its proportion, partners the rest"


@style.styled
def japan_irr_by_yield(run: RunTables) -> Figure:
    """Draw Japan's return against the yield of a plant, under each reading, in four sectors."""
    config = run.config
    if config.finance is None:
        return _empty(run, "Japan's return against yield", config)
    sectors = _largest(run)
    first = sectors[0]
    middle = float(_yields(config, first, 0.5)[0])
    bar = next(
        row.yield_share
        for row in break_even(config, [first], ["per_period"])
        if row.question == "deemed_rate"
    )
    title = (
        f"{config.sectors[first].label}: Japan needs a yield of {100 * bar:.1f} % for the deemed "
        f"rate; the middle plant has {100 * middle:.1f} %"
    )
    figure = style.new_figure(
        11,
        6.6,
        title,
        "Japan's return a year against operating cash a year over the cost; one plant built as "
        "planned, all Japan's; the bar is that of half and half by period",
    )
    grid = figure.add_gridspec(2, 2)
    for place, sector in enumerate(sectors):
        _irr_panel(figure.add_subplot(grid[place // 2, place % 2]), run, sector, legend=not place)
    style.footer(
        figure,
        run,
        "Grey: 5-95 % of the sector's yield law. Horizontal line: the deemed "
        "rate. Dots: finished projects of the run, under its own reading, with their own "
        "dates, overruns and losses. Sectors: those with the most dollars.",
    )
    return figure


def _irr_panel(axes: Axes, run: RunTables, sector: str, legend: bool) -> None:
    config = run.config
    assert config.finance is not None
    low, high = _yields(config, sector, 0.05, 0.95)
    yields = np.linspace(0.01, max(0.2, 1.5 * float(high)), 60)
    for reading, values in japan_irr(config, sector, yields).items():
        label, look = _READINGS[reading]
        axes.plot(100 * yields, 100 * values, label=label, **look.line)
    axes.axvspan(100 * low, 100 * high, color=style.LIGHT_GREY, alpha=0.6, zorder=0, linewidth=0)
    mine = run.finance[(run.finance["sector"] == sector) & run.finance["finished"]]
    dots: style.How = {"color": style.BLACK, "markersize": 3, "alpha": 0.5}
    axes.plot(100 * mine["yield_share"], 100 * mine["irr_japan"], ".", **dots)
    rate = 100 * deemed_rate(config, sector)
    axes.axhline(rate, color=style.GREY, linewidth=1, linestyle=style.DOTTED)
    axes.axhline(0, color=style.GREY, linewidth=0.8)
    axes.set_ylim(-6, rate + 5)
    axes.set_xlim(0, 100 * yields[-1])
    axes.set_title(f"{config.sectors[sector].label} (deemed rate {rate:.1f} %)")
    axes.set_xlabel("yield, % of cost a year")
    axes.set_ylabel("return, % a year")
    if legend:
        axes.legend(loc="lower right", title="reading of the split")


def _yields(config: Config, sector: str, *at: float) -> np.ndarray:
    """Yields of a sector's law at these probabilities."""
    assert config.finance is not None
    law = config.finance.sectors[sector].yield_share
    return config.finance.yield_factor * np.asarray(inverse(law, np.array(at)))


def _largest(run: RunTables) -> list[str]:
    """The sectors into which most money went, in that order."""
    names = list(run.config.sectors)
    put = run.finance.groupby("sector", observed=False)["japan_usd_bn"].sum()
    return sorted(names, key=lambda name: -float(put.get(name, 0.0)))[:_PANELS]


def _empty(run: RunTables, title: str, config: Config) -> Figure:
    figure = style.new_figure(8, 3, title)
    why = _NO_FINANCE if config.finance is None else "no money moved"
    style.nothing_to_show(figure.add_subplot(), why)
    style.footer(figure, run)
    return figure
