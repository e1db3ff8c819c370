"""The programme: the answer, money over time, what holds it up, how likely what is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from sim.events.ledger_causes import BAR_WORDS
from sim.report.figures.delay_bars import BARS
from sim.report.page import charts, titles
from sim.report.page.parts import Cell, Section, Summary, Table, heads, section, withheld
from sim.report.page.words import capital, number, percent, percent_span, span
from sim.stats.intervals import Interval
from sim.study.findings.dates import in_words
from sim.study.findings.labels import AMOUNTS_USD_BN, MOMENTS, amount_name, threshold_name
from sim.study.findings.over_time import before_selection, held_over_time, money_over_time

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

SAID = "Selected: "  # of the sentence; beside the question it would stand twice
QUESTIONS = {
    "selected": "Selected?",
    "built": "Paid and built?",
    "held_up": "What holds it up?",
    "returns": "Who earns, who risks?",
    "readings": "Which choice decides?",
}


class Shown(NamedTuple):
    """An amount, its name, what is said below it, colours of line and band."""

    amount: str
    name: str
    words: str
    line: str
    band: str


PANELS = (
    Shown("committed", "Committed", "selected, less declined and cancelled", "#111111", "#d0d0d0"),
    Shown("called", "Called", "cash calls noticed", "#8a3d73", "#ecd6e4"),
    Shown("paid", "Paid", "drawn from lenders and equity", "#0b5aa8", "#cfe2f3"),
    Shown("completed", "In operation", "dollars of units with power", "#a84300", "#f4dccb"),
)
TYPICAL = "building"
NUMBERS = "The numbers as a table"  # words to click on
T = TypeVar("T")


def answer(run: RunTables) -> Section:
    """The five sentences, each with its interval."""
    envelope = run.config.programme.envelope_usd_bn
    told = [
        (
            QUESTIONS.get(one.question, one.question),
            titles.about(one.figures[0], envelope) if one.question == "selected" else "",
            one.finding.removeprefix(SAID),
            one,
        )
        for one in run.answer.sentences
    ]
    return section("answer", "Answer", "The answer in five sentences", sentences=told)


def money(run: RunTables) -> Section:
    """Committed, called, paid and in operation, with the middle 90 % of the runs."""
    found, runs = money_over_time(run), int(run.manifest["replications"])
    programme = run.config.programme
    most = max(
        np.nanmax([one["median"].max(), np.nanmax([one["p95"].max(), 0.0])])
        for one in found.usd_bn.values()
    )
    top = charts.round_top(float(most))
    panels = [
        (
            one.name,
            one.words,
            one.line,
            one.band,
            charts.panel(found.ends, found.usd_bn[one.amount], top, programme.deadline),
        )
        for one in PANELS
    ]
    quarters = [at for at, end in enumerate(found.ends) if end.month % 3 == 0]
    rows = [
        (
            Cell(f"{found.ends[at]:%B %Y}"),
            *(
                Cell(number(one["median"][at]), span(one["p05"][at], one["p95"][at]))
                for one in (found.usd_bn[panel.amount] for panel in PANELS)
            ),
        )
        for at in quarters
    ]
    caption = "At the end of each quarter, USD bn: the median of the runs, and the middle 90 % of"
    return section(
        "money",
        "Money over time",
        titles.of_money(found, runs),
        panels=panels,
        wide=charts.WIDE,
        high=charts.HIGH,
        deadline=in_words(programme.deadline),
        runs=runs,
        banded=runs >= 20,
        month=f"{programme.deadline:%B %Y}",
        now=sum(found.ends[at] < programme.deadline for at in quarters),
        table=Table(
            f"{caption} them", heads("", *(panel.name for panel in PANELS)), rows, hidden=NUMBERS
        ),
    )


def held(run: RunTables) -> Section:
    """Dollars that stand at each cause, by quarter."""
    found, config = held_over_time(run), run.config
    faults = found.ranked(bar for bar in BAR_WORDS if bar in found.usd_bn)
    if not faults:
        why = "No selected project stands at any cause in any run."
        return withheld("held", "What holds it", "What holds it up", why)
    most = max(float(found.usd_bn[bar].max()) for bar in faults)
    edges = charts.heat_edges(most)
    labelled = {bar: (capital(BARS[bar].label), found.usd_bn[bar]) for bar in faults}
    typical = {}
    if TYPICAL in found.usd_bn:
        typical[TYPICAL] = (capital(BARS[TYPICAL].label), found.usd_bn[TYPICAL])
    waiting = {"waiting": ("Recommended, not yet selected", before_selection(run)[0])}
    every = {**waiting, **labelled, **typical}
    years = list(dict.fromkeys(name[:4] for name in found.quarters))
    place = np.array([years.index(name[:4]) for name in found.quarters])
    in_year = [place == at for at in range(len(years))]
    rows = [
        (Cell(label), *(Cell(number(float(amounts[there].mean()))) for there in in_year))
        for label, amounts in every.values()
    ]
    begin = int(found.quarters[0][:4]) * 4 + int(found.quarters[0][-1]) - 1
    due = config.programme.deadline
    at = due.year * 4 + (due.month - 1) / 3 - begin
    return section(
        "held",
        "What holds it",
        titles.of_held(found, faults, BAR_WORDS),
        before=charts.strips(waiting, found.quarters, charts.BLUES, edges),
        strips=charts.strips(labelled, found.quarters, charts.HEAT, edges),
        greys=charts.strips(typical, found.quarters, charts.GREYS, edges),
        years=charts.quarter_marks(found.quarters),
        deadline=in_words(due),
        deadline_at=round(100 * at / len(found.quarters), 2),
        legend=list(zip(charts.HEAT, (f"{edge:,g}" for edge in edges), strict=True)),
        runs=int(run.manifest["replications"]),
        leaders=_leaders({BAR_WORDS[bar]: found.usd_bn[bar] for bar in faults}, years, place),
        table=Table(
            "Mean of the runs and of the quarters of a year, USD bn",
            heads("", *years, wide="|".join(years[1::2])),
            rows,
            hidden=NUMBERS,
        ),
    )


def _leaders(
    rows: Mapping[str, np.ndarray],
    years: list[str],
    place: np.ndarray,
) -> list[tuple[str, str]]:
    """Stretches of years and the cause at which most dollars stand in each of them."""
    found: list[tuple[str, str]] = []
    for at, year in enumerate(years):
        means = {words: float(amounts[place == at].mean()) for words, amounts in rows.items()}
        words = max(means, key=lambda one: means[one])
        if means[words] < 0.05:
            continue
        if found and found[-1][1] == words:
            found[-1] = (f"{found[-1][0][:4]} to {year}", words)
        else:
            found.append((year, words))
    return found


def completion(run: RunTables) -> Section:
    """Amounts at the three moments, and how likely each threshold is."""
    rows, config = Summary(run), run.config
    programme = config.programme
    deadline, end = in_words(programme.deadline), in_words(programme.end)
    when = (deadline, end, in_words(programme.run_out))
    amounts = Table(
        "USD bn: the mean of the runs, and the middle 90 % of them",
        heads("", *when),
        [
            (Cell(name), *(_amount(rows, f"{amount}_usd_bn_{moment}") for moment in MOMENTS))
            for amount, name in (
                ("committed", "Committed"),
                ("called", "Called"),
                ("paid", "Paid"),
                ("spent", "Spent on building"),
                ("completed", "In operation"),
            )
        ]
        + [
            (
                Cell("Projects in operation"),
                *(_amount(rows, f"completed_count_{moment}") for moment in MOMENTS),
            )
        ],
    )
    steps = _steps(rows, "committed", MOMENTS[0])
    asked = [
        (f"Committed by {deadline}", steps),
        (f"Paid by {deadline}", _steps(rows, "paid", MOMENTS[0])),
        (f"In operation by {when[2]}", _steps(rows, "completed", MOMENTS[2])),
    ]
    first = rows.mean(amount_name("completed", 1, MOMENTS[1]))
    others = [(Cell(f"At least 1 bn in operation by {end}"), *_chance(first))]
    others += [
        (Cell(f"Tariffs raised by {date}"), *_chance(rows.mean(f"tariff_raised_{moment}")))
        for moment, date in zip(MOMENTS, when, strict=True)
    ]
    parts = [
        (share, rows.mean(threshold_name("committed", share)))
        for share in config.report.envelope_thresholds
    ]
    others += [
        (Cell(f"{percent(share)} of the envelope committed by {deadline}"), *_chance(found))
        for share, found in _telling(parts) or parts[:1]
    ]
    return section(
        "completion",
        "How likely",
        titles.of_chances(steps, deadline),
        amounts=amounts,
        chances=[
            Table(
                f"P({what[0].lower()}{what[1:]}, at least)",
                heads("USD bn|runs|95 %"),
                [(Cell(f"{least}"), *_chance(share)) for least, share in found],
            )
            for what, found in asked
            if found
        ],
        others=Table("P(it comes true)", heads("|runs|95 %"), others),
        sectors=_sectors(run, rows),
    )


def _steps(rows: Summary, amount: str, by: str) -> list[tuple[int, Interval]]:
    return _telling(
        [(least, rows.mean(amount_name(amount, least, by))) for least in AMOUNTS_USD_BN]
    )


def _telling(found: list[tuple[T, Interval]]) -> list[tuple[T, Interval]]:
    """Thresholds from the last that every run reaches to the first that none does."""
    certain = sum(share.estimate == 1 for _, share in found)
    reached = sum(share.estimate > 0 for _, share in found)
    return found[max(certain - 1, 0) : reached + 1] if reached else []


def _chance(share: Interval) -> tuple[Cell, Cell]:
    return Cell(percent(share.estimate)), Cell(percent_span(share.low, share.high))


def _amount(rows: Summary, response: str) -> Cell:
    low, high = rows.value(response, "p05"), rows.value(response, "p95")
    return Cell(number(rows.value(response)), span(low, high))


def _sectors(run: RunTables, rows: Summary) -> Table:
    """What is selected and runs by sector, and years from selection to operation."""
    sectors = [("programme", "All selected projects")]
    sectors += [(name, one.label) for name, one in run.config.sectors.items()]
    last = f"after {run.config.programme.run_out.year}"

    def years(scope: str, column: str) -> Cell:
        if not rows.value("days_selection_to_operation", "n", scope):
            return Cell("–", sort="999")
        days = rows.value("days_selection_to_operation", column, scope)
        return (
            Cell(number(days / 365.25, 1), sort=f"{days}")
            if days == days
            else Cell(last, sort="99999")
        )

    def total(name: str, scope: str) -> Cell:
        value = rows.value(name, "mean", scope)
        return Cell(number(value), sort=f"{value}")

    return Table(
        "By sector: means a run, and years from selection to operation",
        heads(
            "Sector|Projects selected|USD bn committed|in operation by the end|"
            "USD bn in operation|half within, years|8 in 10 within, years",
            wide="Projects selected|in operation by the end|8 in 10 within, years",
        ),
        [
            (
                Cell(label),
                total("selected_count", scope),
                total("committed_usd_bn_by_end", scope),
                total("completed_count_by_end", scope),
                total("completed_usd_bn_by_end", scope),
                years(scope, "p50"),
                years(scope, "p80"),
            )
            for scope, label in sectors
        ],
        sorts=True,
    )
