"""What a finished run says to the questions lenders and both governments ask about its money.

Rows of ``returns.csv``. A value with an interval is a mean over replications with its 95 %
interval of sampling; one without follows from the config alone, or is a yardstick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import StoreError
from sim.events import RESPONSES
from sim.events.money import PARTIES
from sim.events.schemas import TABLES
from sim.stats.intervals import Interval
from sim.study.findings.break_even import QUESTIONS, break_even
from sim.study.findings.labels import PROGRAMME
from sim.study.findings.money_bases import bases
from sim.study.findings.money_tools import (
    Answer,
    by_replication,
    chance_of,
    given,
    mean_of,
    ratio_of,
    reading_of,
    scopes_of,
)
from sim.study.findings.outflow import yen_outflow
from sim.study.findings.run_results import RunTables

if TYPE_CHECKING:
    import pandas as pd

    from sim.events import FloatArray


# Response of a party, in words, its unit, and what is told of its runs. Rates and multiples are
# ratios: a run in which next to nothing was paid in would decide their mean.
EARNED = (
    ("irr", "return a year", "share a year", "p50"), ("multiple", "multiple", "ratio", "p50"),
    ("npv_usd_bn", "present value, USD bn", "USD bn", "mean"),
)  # fmt: skip
US_SHARE = "share of the United States"


def money_answers(run: RunTables) -> list[Answer]:
    """Every answer, in the order of `ASKED`; none without a finance section.

    Raises
    ------
    StoreError
        If the run was made before there was all that is asked for.
    """
    if run.config.finance is None:
        return []
    _has_all(run)
    return [row for ask in ASKED.values() for row in ask(run)]


def _has_all(run: RunTables) -> None:
    responses = [name for name, row in RESPONSES.items() if row.measure == "money"]
    missing = [f"outcomes.csv has no {name}" for name in responses if name not in run.outcomes]
    columns = [name for name, _ in TABLES["finance"]]
    missing += [f"finance.parquet has no {name}" for name in columns if name not in run.finance]
    if missing:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise StoreError(
            f"{run.folder} was made by an earlier version: {missing[0]}{more}; run it again to ask "
            f"about its money: sim run {run.folder / 'config.yaml'} --out NEW_FOLDER"
        )


def earns(run: RunTables) -> Iterator[Answer]:
    """What each side earns, scope by scope a party; a rate only where half of the runs have one."""
    rows = {row["response"]: row for row in run.summary_rows if row["scope"] == PROGRAMME}
    for party in PARTIES:
        for name, what, unit, told in EARNED:
            row = rows.get(f"{name}_{party}")
            if row is not None and 2 * int(row["n"]) >= int(run.manifest["replications"]):
                found = (float(row[f"{told}{end}"] or "nan") for end in ("", "_low", "_high"))
                yield given(run, "earns", what, party, unit, Interval(*found), int(row["n"]))


def promises(run: RunTables) -> Iterator[Answer]:
    """Which share of finished projects gives the money back, earns the rate, meets the amount."""
    finished = run.finance[run.finance["finished"]]
    kept = {
        "money_back": finished["multiple_japan"] >= 1,
        "deemed_rate": finished["earns_deemed_rate"],
        "deemed_amount": finished["meets_deemed_amount"],
    }
    for question, held in kept.items():
        for scope, rows in scopes_of(run, finished):
            count = by_replication(run, held[rows.index], rows)
            n = by_replication(run, held[rows.index] | True, rows)
            yield ratio_of(run, "promises", QUESTIONS[question], scope, count, n)


def least_yields(run: RunTables) -> Iterator[Answer]:
    """Break-even yields by sector and reading, and the part of the yield law above them."""
    for row in break_even(run.config):
        what = QUESTIONS[row.question]
        yield Answer("least_yield", what, row.sector, row.reading, "share a year", row.yield_share)
        yield Answer("law_above", what, row.sector, row.reading, "share of law", row.law_share)


def profit(run: RunTables) -> Iterator[Answer]:
    """Who ends with what of the profit of finished projects, all replications pooled."""
    finished = run.finance[run.finance["finished"]]
    put = {
        "us": 0.0 * finished["japan_usd_bn"],
        "japan": finished["japan_usd_bn"],
        "partners": finished["partners_usd_bn"] + finished["overrun_usd_bn"],
    }
    for scope, rows in scopes_of(run, finished):
        gained = {p: finished[f"received_usd_bn_{p}"] - out for p, out in put.items()}
        net = {p: by_replication(run, left[rows.index], rows) for p, left in gained.items()}
        for party, values in net.items():
            yield mean_of(run, "profit", f"net of {PARTIES[party]}", scope, "USD bn", values)
        total = np.asarray(sum(net.values()))
        if total.sum() > 0:
            yield ratio_of(run, "profit", US_SHARE, scope, net["us"], total, proper=False)


def us_share_of_profit(run: RunTables) -> Interval | None:
    """Of the whole programme, as `profit` has it; None where all replications make no profit."""
    found = (one for one in profit(run) if (one.what, one.scope) == (US_SHARE, PROGRAMME))
    one = next(found, None)
    return None if one is None else Interval(one.value, one.low, one.high)


def overruns(run: RunTables) -> Iterator[Answer]:
    """Who bore what was spent beyond the plan, by the end of the run."""
    beyond = run.outcomes["overrun_usd_bn_by_end"].to_numpy()
    yield mean_of(run, "overruns", PARTIES["partners"], PROGRAMME, "USD bn", beyond)
    topups = run.ledger[run.ledger["reason"] == "topup"]
    for party in ("jbic", "insured_lenders", "equity"):
        rows = topups[topups["credit"] == party]
        values = by_replication(run, rows["amount_cents"] / 1e11, rows)
        yield mean_of(run, "overruns", PARTIES[party], PROGRAMME, "USD bn", values)


def outflow(run: RunTables) -> Iterator[Answer]:
    """What leaves Japan in yen, by fiscal year and facility, and what it is held against."""
    found, reading, unit = yen_outflow(run), reading_of(run), "JPY bn"
    for place, year in enumerate(found.years):
        scope = f"FY{year}"
        for facility, values in (*found.jpy_bn.items(), ("all facilities", found.total)):
            yield mean_of(run, "outflow", facility, scope, unit, values[:, place])
        for facility, budget in found.budget_jpy_bn.items():
            yield Answer("budget", facility, scope, reading, unit, float(budget[place]))
        for name, yardstick in found.yardstick_jpy_bn.items():
            label = run.config.report.yardsticks[name].label
            yield Answer("yardstick", label, scope, reading, unit, float(yardstick[place]))
            above = found.total[:, place] > yardstick[place]
            yield chance_of(run, "above_yardstick", label, scope, above)


def orders(run: RunTables) -> Iterator[Answer]:
    """Orders to Japanese companies by the end: content x spent, and two kinds of machines."""
    content = run.projects[["replication", "project", "japanese_content_share"]]
    spent = run.finance.merge(content, on=["replication", "project"])
    for scope, rows in scopes_of(run, spent):
        ordered = by_replication(run, rows["spent_usd_bn"] * rows["japanese_content_share"], rows)
        yield mean_of(run, "orders", "Japanese content x spent", scope, "USD bn", ordered)
    for one in run.config.report.makers.values():
        rows = spent[spent["sector"].isin(one.sectors)]
        bought = by_replication(run, rows["spent_usd_bn"], rows) * one.cost_share
        for whose, share in (("Japanese", one.japanese_share), ("other", 1 - one.japanese_share)):
            what = f"{one.label}, {whose} makers"
            yield mean_of(run, "orders", what, PROGRAMME, "USD bn", bought * share)


def ready(run: RunTables) -> Iterator[Answer]:
    """Projects with permits in hand at selection, or that lost fewer days to crews, and the rest.

    Of those in operation by the end. Fewer: no more than the middle one of their sector.
    """
    done = run.projects[run.projects["operating"].notna()]
    crews = [
        f"{word}_crews_{how}_days" for word in ("delay", "hidden") for how in ("waited", "short")
    ]
    days = done[crews].fillna(0).sum(axis=1)
    middle = days.groupby(done["sector"], observed=True).transform("median")
    irr = run.finance[["replication", "project", "irr_japan"]]
    rows = done.assign(permits=done["permits_granted"] <= done["selected"], crews=days <= middle)
    rows = rows.merge(irr, on=["replication", "project"])
    groups = {
        "permits in hand": rows["permits"],
        "crews": rows["crews"],
        "both": rows["permits"] & rows["crews"],
    }
    measures = {"days_selection_to_operation": "days", "irr_japan": "share a year"}
    for measure, unit in measures.items():
        for what, mine in groups.items():
            for whose, some in ((what, rows[mine]), (f"the rest of {what}", rows[~mine])):
                values = some.groupby("replication")[measure].mean().to_numpy(np.float64)
                yield mean_of(run, measure, whose, PROGRAMME, unit, values)
            gap = _within_sectors(rows[mine], rows[~mine], measure)
            yield mean_of(run, measure, f"{what}, within sectors", PROGRAMME, unit, gap)


def _within_sectors(mine: pd.DataFrame, others: pd.DataFrame, measure: str) -> FloatArray:
    """Mean difference, by replication, from what others of the same sector have in all of them."""
    usual = others.groupby("sector", observed=True)[measure].mean()
    gap = mine[measure] - mine["sector"].map(usual).astype(float)
    return gap.groupby(mine["replication"]).mean().to_numpy(np.float64)


def works(run: RunTables) -> Iterator[Answer]:
    """Works that run already, of those in operation by the end: days from proposal.

    With the programme's money, and the planned days of their building at their own pace.
    """
    for name, work in run.config.portfolio.projects.items():
        rows = run.projects[(run.projects["project"] == name) & run.projects["operating"].notna()]
        if work.own_pace and len(rows):
            days = np.asarray((rows["operating"] - rows["proposed"]).dt.days, np.float64)
            alone = np.asarray(rows["build_days_planned"], np.float64) / work.own_pace
            yield mean_of(run, "works", "with the programme's money", name, "days", days)
            yield mean_of(run, "works", "at its own pace", name, "days", alone)


def places(run: RunTables) -> Iterator[Answer]:
    """Where committed dollars go: by state, by sector, by the sectors the articles name."""
    chosen = run.projects[run.projects["selected"].notna()]
    dollars = chosen["selected_usd_bn"] - chosen["released_usd_bn"]
    total = by_replication(run, dollars, chosen)
    if not total.sum():
        return
    states = chosen["state"].astype(object).fillna("unknown")
    groups = [(f"state:{name}", states == name) for name in sorted(states.unique())]
    groups += [(name, chosen["sector"] == name) for name in run.config.sectors]
    groups += [
        (f"gains:{name}", chosen["sector"].isin(one.sectors))
        for name, one in run.config.report.expected_to_gain.items()
    ]
    for scope, inside in groups:
        part = by_replication(run, dollars[inside], chosen[inside])
        yield ratio_of(run, "places", "share of committed dollars", scope, part, total)


ASKED: dict[str, Callable[[RunTables], Iterator[Answer]]] = {
    "earns": earns,
    "promises": promises,
    "least_yields": least_yields,
    "bases": bases,
    "profit": profit,
    "overruns": overruns,
    "outflow": outflow,
    "orders": orders,
    "ready": ready,
    "works": works,
    "places": places,
}
