"""What the run rests on: contested readings, sources, how it was made."""

from __future__ import annotations

from datetime import date
from math import isnan
from typing import TYPE_CHECKING

from sim.report.page import titles
from sim.report.page.parts import Cell, Section, Summary, Table, heads, section, unstudied
from sim.report.page.words import number, percent, percent_span, span
from sim.stats.intervals import Interval
from sim.study.design.named_overlays import AND, BASE
from sim.study.design.words import plural
from sim.study.findings.dates import in_words, programme_dates
from sim.study.findings.dearer import told_dearer
from sim.study.findings.evidence import (
    ASSUMED,
    GRADES,
    NOTHING,
    PUBLISHED,
    counts,
    graded,
    rests_on,
)
from sim.study.findings.labels import response_label, unit_of
from sim.study.findings.studies import latest_rows

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

MAIN = "committed_usd_bn_by_deadline"
MOST = "committed_at_least_0.9_of_envelope_by_deadline"
_LISTED = 8  # readings
_MARKS = {"without limit": "", "step": "– ", "together": "+ "}  # before a label


# Verb and time: see README.md, "Compare, sweep, and know how precise it is".
_READINGS, _BOTTLENECKS = ("readings", "half a minute"), ("bottlenecks", "20 seconds")
_MISSING = "The contested choices of this config have not been studied beside this run yet:"


def ninety(run: RunTables) -> Section:
    """Under which choices most of the envelope is committed."""
    title = "What would have to be true for 90 %"
    found = [row for row in latest_rows(run, "readings.csv") if row["response"] == MOST]
    if not found:
        return unstudied("ninety", "90 %", title, _MISSING, *_READINGS, run)
    others = sorted(
        (row for row in found if row["reading"] != BASE), key=lambda row: -float(row["mean"])
    )

    def listed(rows: list[dict[str, str]]) -> list[tuple[str, str]]:
        return [(row.get("title") or row["reading"], titles.chance(_level(row))) for row in rows]

    return section(
        "ninety",
        "90 %",
        title,
        here=titles.chance(Summary(run).mean(MOST)) if MOST in Summary(run) else "",
        takes=listed([row for row in others if _level(row).low > 0.5]),
        nearest=listed([row for row in others[:3] if float(row["mean"]) > 0]),
    )


def readings(run: RunTables) -> Section:
    """What each contested choice changes, beside luck."""
    found = [row for row in latest_rows(run, "readings.csv") if AND not in row["reading"]]
    if not found:
        title = "Readings beside luck"
        return unstudied("readings", "Choices", title, _MISSING, *_READINGS, run)
    dates, spans = programme_dates(run.config), []
    for response in dict.fromkeys(row["response"] for row in found):
        own = [row for row in found if row["response"] == response]
        base = next(row for row in own if row["reading"] == BASE)
        mean, luck = _level(base), _luck(base)
        levels = [float(row["mean"]) for row in own if row["mean"]]
        share = unit_of(response) == "probability"
        said, said_both = (percent, percent_span) if share else (number, span)
        spans.append(
            (
                Cell(response_label(response, dates=dates, unit=not share)),
                Cell(said(mean.estimate), said_both(mean.low, mean.high)),
                Cell("–" if isnan(luck[0]) else said_both(*luck)),
                Cell(said(min(levels))),
                Cell(said(max(levels))),
            )
        )
    of_main = [row for row in found if row["response"] == MAIN]
    moved = sorted(
        (row for row in of_main if row["difference"]),
        key=lambda row: -abs(float(row["difference"])),
    )
    rows = [
        (
            Cell(row.get("title") or row["reading"]),
            _difference(row),
            Cell("clear" if _decided(row) else "nothing" if _zero(row) else "undecided"),
        )
        for row in moved[:_LISTED]
    ]
    luck = next(_luck(row) for row in of_main if row["reading"] == BASE)
    first = moved[0]
    title = titles.of_readings(
        first.get("title") or first["reading"], float(first["difference"]), luck, _decided(first)
    )
    return section(
        "readings",
        "Choices",
        title,
        dearer=told_dearer(
            (f"“{row.get('title')}”", float(row.get("dearer_share") or 0)) for row in of_main
        ),
        tables=[
            Table(
                f"{response_label(MAIN, dates=dates)}: what each reading changes, on the same luck",
                heads("|less base|sign"),
                rows,
            ),
            Table(
                "Luck and choices: the mean with its 95 %, luck (single runs, 5 to 95 %), and "
                "the least and most mean of all readings",
                heads("|mean, 95 %|runs, 5–95 %|least|most"),
                spans,
            ),
        ],
    )


def worth(run: RunTables) -> Section:
    """What each capacity, and each step against it, is worth on the same worlds."""
    found = latest_rows(run, "bottlenecks.csv")
    if not found:
        why = "What each capacity is worth has not been studied beside this run yet:"
        title = "What it is worth to mend"
        return unstudied("worth", "Worth mending", title, why, *_BOTTLENECKS, run)
    first = found[0]
    by = f" by {in_words(date.fromisoformat(first['by']))}" if first["by"] else ""
    label = response_label(first["response"], unit=False, dates=programme_dates(run.config))
    measured = f"{label}{by}, {first['unit']}"
    rows = [
        (
            Cell(_MARKS[row["what"]] + row["label"]),
            _difference(row),
            Cell("clear" if _decided(row) else _more(row["still_needed"])),
        )
        for row in _by_limit(found)
        if not _inert(row)
    ]
    unit = first["unit"].removeprefix("USD ")
    return section(
        "worth",
        "Worth mending",
        titles.of_worth(_best(found, "without limit"), _best(found, "step"), unit),
        table=Table(
            f"{measured}: what is added on the same luck without a limit, –: by one step against "
            "it, +: without all of these; with its 95 %; sign: clear, or so many more runs show it",
            heads("|difference|sign"),
            rows,
        ),
        nothing=_reasons(found),
    )


def _by_limit(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each limit, the steps against it below; then several limits together."""
    limits = [row for row in found if row["what"] == "without limit"]
    ordered = [
        row
        for limit in limits
        for row in (limit, *(one for one in found if _is_step(one, limit["capacity"])))
    ]
    return ordered + [row for row in found if row["what"] == "together"]


def _is_step(row: dict[str, str], capacity: str) -> bool:
    return row["what"] == "step" and row["capacity"] == capacity


def _reasons(rows: list[dict[str, str]]) -> list[tuple[str, list[str]]]:
    """Why some add nothing, and which; a study of an earlier version does not say why."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if _inert(row):
            found.setdefault(row.get("why_nothing") or "", []).append(row["label"])
    return list(found.items())


def _best(rows: list[dict[str, str]], what: str) -> tuple[str, float, str] | None:
    """Label, worth and capacity of the row of a kind that adds most, where that is decided."""
    added = [
        (row["label"], float(row["difference"]), row.get("capacity", ""))
        for row in rows
        if row["what"] == what and _decided(row) and float(row["difference"]) > 0
    ]
    return max(added, key=lambda one: one[1], default=None)


def _inert(row: dict[str, str]) -> bool:
    """Whether it changes nothing of what is measured in any world."""
    return row["no_limit_in_any_world"] == "True" or _zero(row)


def _zero(row: dict[str, str]) -> bool:
    limits = (row[f"difference{end}"] for end in ("", "_low", "_high"))
    return not any(float(one or 1) for one in limits)


def _more(needed: str) -> str:
    return f"{float(needed):,.0f} more" if needed else "undecided"


def _difference(row: dict[str, str]) -> Cell:
    value, low, high = (float(row[f"difference{end}"] or "nan") for end in ("", "_low", "_high"))
    return Cell(_signed(value), "" if isnan(low) else f"{_signed(low)} to {_signed(high)}")


def _level(row: dict[str, str]) -> Interval:
    return Interval(*(float(row[name] or "nan") for name in ("mean", "low", "high")))


def _luck(row: dict[str, str]) -> tuple[float, float]:
    """Where single runs lie, 5 to 95 %; nan of a study of an earlier version."""
    low, high = (float(row.get(name) or "nan") for name in ("runs_p05", "runs_p95"))
    return low, high


def _decided(row: dict[str, str]) -> bool:
    return row["decided"] == "True"


def _signed(value: float) -> str:
    text = number(value)
    return f"+{text}" if value > 0 and text != "0" else text


def rests(run: RunTables) -> Section:
    """Every source with the numbers that rest on it."""
    found = rests_on(run.loaded)
    counted = counts(found)
    rows = [
        (
            Cell(row.source.replace("_", " ")),
            Cell(row.kind),
            Cell(row.grade or "–", sort=f"{GRADES.index(row.grade)}"),
            Cell(row.says, f"Range: {row.range}" if row.range else ""),
            Cell(f"{row.numbers}", sort=f"{row.numbers}"),
            Cell(row.date or "–"),
        )
        for row in found
    ]
    return section(
        "rests",
        "Assumptions",
        titles.of_evidence(counted),
        graded=[(kind, words) for kind in (PUBLISHED, ASSUMED) if (words := graded(found, kind))],
        without=counted[NOTHING],
        table=Table(
            "Sources, those of most numbers first",
            heads(
                "Source|is|grade|Title, or reason|numbers|date",
                text="is|grade|Title, or reason|date",
                wide="date",
            ),
            rows,
            sorts=True,
            hidden=f"{plural(len(rows), 'source')}, to search and sort",
            search="Search the sources",
        ),
    )


def made(run: RunTables) -> Section:
    """Version, seed, command and hash: enough to make it again."""
    said = run.manifest
    facts = [
        (
            "Run",
            f"{said['name']}: {plural(said['replications'], 'replication')}, seed {said['seed']}",
        ),
        ("Config", f"sha256 {said['config_hash']}"),
        ("Program", f"{said['made_by']} {said['code_version']}, Python {said['python']}"),
        ("Made", said["started"][:10]),
        ("Command", said["command"]),
        ("Again", f"sim run {run.folder}/config.yaml gives the same tables, byte for byte"),
    ]
    return section("made", "How made", "How this page was made", facts=facts)
