"""The tables of an export: headings with their units, and plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from math import isnan
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sim.events.money import PARTIES
from sim.study.findings.dates import programme_dates
from sim.study.findings.evidence import rests_on
from sim.study.findings.labels import PROGRAMME, response_label
from sim.study.findings.over_time import AMOUNTS, money_over_time

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables
from sim.study.run.files import csv_rows, in_digits

Value: TypeAlias = str | float | int | date | None

PROJECTS = "projects_summary.csv"
_NUMBERS = ("n", "n_censored", "mean", "mean_low", "mean_high", "p05", "p50", "p50_low", "p50_high",
            "p80", "p80_low", "p80_high", "p95")  # fmt: skip
_RETURNS = {
    "n": "replications with one", "mean": "mean", "mean_low": "95 % from", "mean_high": "to",
    "p05": "5 % of runs", "p50": "median", "p95": "95 % of runs",
}  # fmt: skip
_EARNED = {
    "irr": "return, share a year", "npv_usd_bn": "present value, USD bn",
    "multiple": "multiple", "payback_years": "payback, years",
}  # fmt: skip


class Sheet(NamedTuple):
    """A table to export; ``rows`` is how many it has, ``values`` gives them one by one."""

    name: str
    heads: Sequence[str]
    rows: int
    values: Callable[[], Iterator[Sequence[Value]]]


def sheets_of(run: RunTables) -> list[Sheet]:
    """Every table a run has; what its config leaves out is not there."""
    makers = (_summary, _projects, _timeline, _replications, _returns, _assumptions)
    return [sheet for make in makers if (sheet := make(run)) is not None]


def about(run: RunTables) -> list[tuple[str, str]]:
    """What a reader must know first: the answer, and what it was made from."""
    said = run.manifest
    return [
        *((one.question.replace("_", " "), one.text) for one in run.answer.sentences),
        ("config", f"{said['name']}, sha256 {said['config_hash']}"),
        ("replications", f"{said['replications']}, seed {said['seed']}"),
        ("program", f"{said['made_by']} {said['code_version']}"),
        ("command", said["command"]),
    ]


def _of(name: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> Sheet:
    kept = list(rows)
    return Sheet(name, heads, len(kept), lambda: iter(kept))


def _summary(run: RunTables) -> Sheet:
    labels = {name: one.label for name, one in run.config.sectors.items()}
    dates = programme_dates(run.config)
    rows = (
        (
            response_label(row["response"], unit=False, dates=dates),
            labels.get(row["scope"], row["scope"]),
            row["unit"],
            *(_number(row[name]) for name in _NUMBERS),
            row["response"],
            row["method"],
        )
        for row in run.summary_rows
    )
    heads = ("what", "scope", "unit", *_NUMBERS, "response", "method")
    return _of("summary", heads, rows)


def _projects(run: RunTables) -> Sheet | None:
    path = run.folder / PROJECTS
    if not path.is_file():
        return None
    found = csv_rows(path)
    names = list(found[0]) if found else []
    return _of(
        "projects",
        [_headed(name) for name in names],
        ([_typed(name, row[name]) for name in names] for row in found),
    )


def _headed(name: str) -> str:
    if name.endswith(("_p50", "_p80")):
        return f"{name[:-4].replace('_', ' ')}, {name[-2:]} % of runs by"
    if name.startswith("p_"):
        return f"share of runs: {name[2:].replace('_', ' ')}"
    units = {"usd_bn": "USD bn", "main_cause_days": "main cause, mean days of drag"}
    return units.get(name, name.replace("_", " "))


def _typed(name: str, text: str) -> Value:
    """Dates and numbers as such; ``after 2035`` and names as they are."""
    if name.endswith(("_p50", "_p80", "_announced")):
        return text if text.startswith("after") or not text else date.fromisoformat(text[:10])
    if name.startswith("p_") or name in ("usd_bn", "main_cause_days"):
        return _number(text)
    return text


def _timeline(run: RunTables) -> Sheet:
    found = money_over_time(run)
    columns = [(name, word) for name in AMOUNTS for word in ("p05", "median", "p95")]
    rows = (
        (end, *(_known(float(found.usd_bn[name][word][at])) for name, word in columns))
        for at, end in enumerate(found.ends)
    )
    heads = ["month's end", *(f"{name}, {word}, USD bn" for name, word in columns)]
    return _of("timeline", heads, rows)


def _replications(run: RunTables) -> Sheet:
    table = run.outcomes
    dates = programme_dates(run.config)
    heads = [
        name if name == "replication" else response_label(name, dates=dates)
        for name in table.columns
    ]
    return Sheet(
        "replications",
        heads,
        len(table),
        lambda: ([_known(value) for value in row] for row in table.itertuples(index=False)),
    )


def _returns(run: RunTables) -> Sheet | None:
    """Of the summary what is each party's own."""
    if run.config.finance is None:
        return None
    rows = {row["response"]: row for row in run.summary_rows if row["scope"] == PROGRAMME}
    found = [
        (party, words, *(_number(row[column]) for column in _RETURNS))
        for key, party in PARTIES.items()
        for kind, words in _EARNED.items()
        if (row := rows.get(f"{kind}_{key}")) is not None
    ]
    return _of("returns", ("party", "what", *_RETURNS.values()), found)


def _assumptions(run: RunTables) -> Sheet:
    heads = ("source", "is", "grade", "numbers", "title, or reason", "range", "address", "date")
    return _of(
        "assumptions",
        heads,
        (
            (one.source, one.kind, one.grade, one.numbers, one.says, one.range, one.url, one.date)
            for one in rests_on(run.loaded)
        ),
    )


def _number(text: str) -> float | None:
    return in_digits(float(text)) if text else None


def _known(value: float) -> float | None:
    return None if isnan(value) else value
