"""Who earns, which projects, and why they take so long."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from sim.events.ledger_causes import GROUPS
from sim.events.money import NO_RATE, PARTIES
from sim.report.page import charts, titles
from sim.report.page.parts import Cell, Section, Summary, Table, heads, section, withheld
from sim.report.page.words import NOTHING, number, percent, percent_span, span
from sim.stats.intervals import Interval
from sim.study.findings.dates import programme_dates
from sim.study.findings.labels import PROGRAMME, response_label, unit_of
from sim.study.findings.money_answers import us_share_of_profit
from sim.study.findings.money_bases import ASKED as ASKED_BACK
from sim.study.findings.money_bases import bases
from sim.study.findings.worked_spv import worked_spv

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

COLOURS = {
    "review": "#9cc9ea", "appraisal_and_funding": "#cc79a7", "permits": "#6e6e6e",
    "development": "#f0e442", "equipment": "#56b4e9", "crews": "#d55e00", "power": "#0072b2",
    "paused": "#d9d9d9", "recorded": "#b8a27a",
}  # fmt: skip
TYPICAL = "building"
# Groups of causes that a phone has no room for.
_ON_PAPER = ("permits", "paused", "recorded", "power", "appraisal_and_funding")
FEWEST_PROJECTS = 10  # below it a mean over projects says too little
# Responses that the returns leave open.
ASKED = (
    "money_back_share", "earns_deemed_rate_share", "meets_deemed_amount_share", "flipped_share",
    "lent_below_cost_usd_bn", "overrun_usd_bn_by_end", "japanese_orders_usd_bn_by_end",
)  # fmt: skip
READINGS = {
    "per_period": "shared every quarter",
    "cumulative": "shared once, then nine to one",
    "equity_only": "loans served first",
}
VEHICLE = {
    "us": "the US", "jbic": "JBIC", "insured_lenders": "insured lenders", "equity": "equity",
    "japan": "Japan’s side",
}  # fmt: skip
_NO_FINANCE = "The config has no finance section, so nothing is earned here."


def returns(run: RunTables) -> Section:
    """Rate, multiple and present value of each party, over finished projects."""
    if run.config.finance is None:
        return withheld("returns", "Returns", "Returns by party", _NO_FINANCE)
    rows, table, runs = Summary(run), [], int(run.manifest["replications"])
    dates = programme_dates(run.config)
    for party, name in PARTIES.items():
        worth = rows.mean(f"npv_usd_bn_{party}")
        peak = rows.mean(f"peak_exposure_usd_bn_{party}")
        table.append(
            (
                Cell(name[0].upper() + name[1:]),
                where_known(rows, f"irr_{party}", "a rate", runs)
                if rows.value(f"irr_{party}", "n")
                else Cell("none", _why(run, party)),
                Cell(number(worth.estimate), span(worth.low, worth.high)),
                where_known(rows, f"multiple_{party}", "a multiple", runs),
                where_known(rows, f"payback_years_{party}", "a payback", runs),
                Cell(number(peak.estimate), span(peak.low, peak.high)),
            )
        )
    npv = [_known(rows.mean(f"npv_usd_bn_{party}")) for party in ("japan", "us")]
    wide = "multiple|payback, years|peak exposure, USD bn"
    return section(
        "returns",
        "Returns",
        titles.of_returns(*npv),
        table=Table(
            "With their 95 %: present value and exposure, means of the runs; rate, multiple and "
            "payback, medians, of the same cash: projects that run with every unit or were given "
            "up, to the end of the last life",
            heads(f"|return a year|present value, USD bn|{wide}", wide=wide),
            table,
        ),
        bases=Table(ASKED_BACK, heads("|USD bn|P(not short)"), _bases(run)),
        asked=Table(
            "What becomes of the money: means of the runs, and their 95 % interval",
            heads("|mean|95 %"),
            [asked(name, rows.mean(name), dates) for name in ASKED if name in rows]
            + [_us_share(run)],
        ),
    )


def _bases(run: RunTables) -> list[tuple[Cell, ...]]:
    """From basis to basis, the steps between them set in; as ``sim returns`` has it."""
    found = {(one.question, one.what): one for one in bases(run)}
    rows: list[tuple[Cell, ...]] = []
    for question, what in found:
        if question != "bases":
            continue
        one, sure = found[question, what], found.get(("not_short", what))
        rows.append(
            (
                Cell(what if sure else f"+ {what}"),
                Cell(number(one.value), span(one.low, one.high)),
                Cell(percent(sure.value), percent_span(sure.low, sure.high)) if sure else Cell(""),
            )
        )
    return rows


def where_known(rows: Summary, name: str, what: str, runs: int) -> Cell:
    """A median with its interval; a dash where it exists in fewer than half of the runs."""
    n = rows.value(name, "n")
    if isnan(n) or not n:
        return Cell(NOTHING)
    exists = f"in {percent(n / runs)} of runs"
    if 2 * n < runs:
        return Cell(NOTHING, f"{what} exists {exists}")
    found = rows.median(name)
    if name.startswith("irr"):
        said, both = percent(found.estimate, 1), percent_span(found.low, found.high, 1)
    else:
        digits = 0 if name.startswith("payback") else 2
        said, both = number(found.estimate, digits), span(found.low, found.high, digits)
    return Cell(said, ", ".join(part for part in (both, exists if n < runs else "") if part))


def _us_share(run: RunTables) -> tuple[Cell, ...]:
    """Pooled, as ``sim returns`` has it: the profit of a single run may be next to nothing."""
    found, label = us_share_of_profit(run), "Profit that ends with the United States"
    if found is None:
        return Cell(label), Cell(NOTHING, "all runs together make no profit"), Cell("")
    label += ", all runs pooled" + ("; above 100 % the others lose" if found.estimate > 1 else "")
    return Cell(label), Cell(percent(found.estimate)), Cell(percent_span(found.low, found.high))


def asked(name: str, found: Interval, dates: dict[str, str]) -> tuple[Cell, ...]:
    """A response in words, its mean and its interval."""
    share = unit_of(name) == "share"
    said, both = (percent, percent_span) if share else (number, span)
    label = response_label(name, unit=not share, dates=dates)
    low, high = found.low, found.high
    if share:  # the limits of a share are shares; nan stays nan
        low, high = max(low, 0.0), min(high, 1.0)
    return Cell(label), Cell(said(found.estimate)), Cell(both(low, high))


def _known(value: Interval) -> Interval | None:
    return None if isnan(value.low) else value


def _why(run: RunTables, party: str) -> str:
    """The commonest reason for a party to have no rate, unfinished projects apart."""
    found = run.finance[f"no_irr_{party}"].dropna().astype(str)
    found = found[found != "unfinished"]
    return NO_RATE.get(str(found.mode().iloc[0]), "") if len(found) else ""


def worked(run: RunTables) -> Section:
    """One vehicle to the cent, under the terms of this config."""
    found, finance = worked_spv(run.config), run.config.finance
    title = "One vehicle worked: the gas plant in Ohio"
    if found is None:
        why = "The config has no finance section, or no gas plants."
        return withheld("vehicle", "One vehicle", title, why)
    here = finance.sharing.reading if finance is not None else ""
    columns = ("drawn", "earned", "us", "interest", "principal", "premium", "claim", "lost")
    rows = [
        (Cell(_years(row)), *(Cell(number(row[name] / 1e11, 2)) for name in columns))
        for row in found.years
    ]
    rates = {(row["reading"], row["party"]): row for row in found.returns}
    wide = "interest|principal|premium|claim"
    return section(
        "vehicle",
        "One vehicle",
        title,
        returns=Table(
            "Returns of the same plant under three readings of the split, a year",
            heads("", *VEHICLE.values(), wide="the US|equity"),
            [
                (
                    Cell(words, "as here" if reading == here else ""),
                    *(_rate(rates[reading, party]) for party in VEHICLE),
                )
                for reading, words in READINGS.items()
            ],
        ),
        years=Table(
            "USD bn by year",
            heads(f"|drawn|earned|to the US|{wide}|lost", wide=wide),
            rows,
            hidden="Year by year",
        ),
        first=Table(
            "Its first quarter, to the dollar",
            heads("|USD"),
            [(Cell(words), Cell(f"{cents / 100:,.0f}")) for words, cents in found.first.items()],
        ),
    )


def _years(row: dict[str, int]) -> str:
    first, last = row["first_year"], row["last_year"]
    return f"{first}" if first == last else f"{first} to {last}"


def _rate(row: dict[str, object]) -> Cell:
    rate = row["irr"]
    return Cell(percent(rate, 2)) if isinstance(rate, float) else Cell("none")


def causes(run: RunTables) -> Section:
    """Mean days of selected projects by the cause that cleared last, by sector."""
    rows, sectors = Summary(run), run.config.sectors
    groups = [group for group in COLOURS if f"delay_{group}_days" in rows]
    scopes = [
        (name, one.label)
        for name, one in sectors.items()
        if rows.value(f"delay_{TYPICAL}_days", "n", name) >= FEWEST_PROJECTS
    ]
    days = {
        scope: [rows.value(f"delay_{group}_days", "mean", scope) for group in groups]
        for scope in (*(name for name, _ in scopes), PROGRAMME)
    }
    if isnan(days[PROGRAMME][0]):
        why = "No project is selected in any run."
        return withheld("causes", "Causes", "Why projects take long", why)
    scopes.sort(key=lambda one: -sum(days[one[0]]))
    scopes.append((PROGRAMME, "All selected projects"))
    most = max(sum(one) for one in days.values())
    colours = [COLOURS[group] for group in groups]
    bars = [
        (label, charts.bar(days[scope], colours, most * 1.12), number(sum(days[scope]), 0))
        for scope, label in scopes
    ]
    ranked = [(GROUPS[group], rows.mean(f"delay_{group}_days")) for group in groups]
    table = [
        (
            Cell(label),
            *(Cell(number(one, 0)) for one in days[scope]),
            Cell(number(rows.value(f"delay_{TYPICAL}_days", "mean", scope), 0)),
        )
        for scope, label in scopes
    ]
    words = [GROUPS[group] for group in groups]
    return section(
        "causes",
        "Causes",
        titles.of_causes(ranked),
        bars=bars,
        legend=list(zip(colours, words, strict=True)),
        building=number(rows.value(f"delay_{TYPICAL}_days"), 0),
        fewest=FEWEST_PROJECTS,
        table=Table(
            "Mean days of selected projects by the cause that cleared last",
            heads("Sector", *words, "building", wide="|".join(GROUPS[one] for one in _ON_PAPER)),
            table,
            hidden="The numbers as a table",
        ),
    )
