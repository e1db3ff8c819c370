"""``sim show``: the tables of a finished run, and ``sim list``: what comes with the program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import nan
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.texts import (
    NOTHING,
    number,
    percent,
    print_table,
    say,
    significant,
    together,
    width,
)
from sim.config.moments import mean
from sim.config.ours import ROOMS, builtin_folder, our_configs
from sim.events import Cause
from sim.events.ledger_causes import GROUPS
from sim.events.responses import RUN, shown_in
from sim.report.names import called, calls_name, facility_name, facility_of, resource_name
from sim.stats.intervals import Interval
from sim.study.design.words import plural
from sim.study.findings.dates import in_words, programme_dates
from sim.study.findings.labels import (
    AMOUNTS_BY,
    AMOUNTS_USD_BN,
    PROGRAMME,
    amount_name,
    response_label,
    threshold_name,
)
from sim.study.findings.missed_calls import missed_calls

if TYPE_CHECKING:
    from sim.config import Config

Row = Mapping[str, str]
Rows = Mapping[tuple[str, str], Row]

FEWEST_PROJECTS = 10  # below it a mean over projects says too little
_MOST_WAITS = 10
_MAY_BE_NEGATIVE = ("npv", "irr", "duties", "overrun", "us_share", "specialist_gap")
_TYPICAL = "building"  # the group of causes that is no fault
_OF_SECTORS = {
    "selected_count": "selected",
    "committed_usd_bn_by_end": "committed USD bn",
    "completed_count_by_end": "completed",
    "completed_usd_bn_by_end": "completed USD bn",
}
DURATIONS = (
    ("days_selection_to_ntp", "Selection to notice to proceed"),
    ("days_selection_to_operation", "Selection to operation"),
    ("days_proposal_to_operation", "Proposal to operation"),
)


def print_show(folder: Path) -> None:
    """Print the answer of a finished run, then the main rows of its summary as tables."""
    run = sim.open(folder)
    print_answer(run)
    print_summary(run)
    print_missed(run)
    print_waits(run)


def print_answer(run: sim.Run, how: str = "") -> None:
    """Print who answers, then the answer in five sentences."""
    n = run.config.run.replications
    say(f"{run.config.heading}, {plural(n, 'replication')}{how}; in brackets 95 % intervals.")
    for sentence in run.answer.sentences:
        say(sentence.text)


def print_summary(run: sim.Run) -> None:
    """Print the main rows of ``summary.csv``."""
    config = run.config
    rows = {(row["response"], row["scope"]): row for row in run.summary_rows}
    dates = programme_dates(config) | {"gap_date": in_words(config.capacity.specialists.gap.date)}
    print_table(
        "Mean and median, with 95 % of the mean and the middle 90 % of the replications",
        ("", "mean (95 %)", "median (9 in 10)"),
        [
            _mean_cells(response_label(row.name, dates=dates), rows[row.name, PROGRAMME])
            for row in shown_in(RUN)
            if (row.name, PROGRAMME) in rows
        ],
    )
    if config.nature.round_projects is not None:
        say(f"By its law a round takes {mean(config.nature.round_projects):.1f} projects.", "  ")
    programme = config.programme
    by = (programme.deadline, programme.deadline, programme.end, programme.run_out)
    print_table(
        "Probability of at least so many USD bn (95 % interval)",
        ("", *(f"{amount} by {at}" for (amount, _), at in zip(AMOUNTS_BY, by, strict=True))),
        list(_chances(rows, config)),
    )
    print_table(
        "Days, all sectors (Kaplan-Meier; projects cut off by the end count as not finished)",
        ("", "half within", "95 % interval", "80 % within", "projects", "cut off"),
        [_duration_cells(label, rows[name, PROGRAMME]) for name, label in DURATIONS],
    )
    print_table(
        f"By sector, means; completed by {dates['end']}",
        ("sector", *_OF_SECTORS.values()),
        [
            (sector.label, *(_cell(rows[column, name], "mean") for column in _OF_SECTORS))
            for name, sector in config.sectors.items()
        ],
    )
    scopes = [(PROGRAMME, "All sectors"), *((k, v.label) for k, v in config.sectors.items())]
    print_table(
        "What holds projects up: days from proposal to the end by the cause that cleared last, "
        "means of selected projects",
        ("", "projects", "unfinished", "days", "most, building aside"),
        [_held_up_cells(rows, label, scope) for scope, label in scopes],
    )
    say(
        "Unfinished projects count to the end of the run, given-up ones until then. Machines count "
        "from the order, power from the request for a connection, also while the site went on. "
        "`sim explain` tells it of one project, figures/delays of every sector with intervals; "
        f"{NOTHING}: fewer than {FEWEST_PROJECTS} projects. All rows: {run.folder}/summary.csv."
    )


def print_waits(run: sim.Run) -> None:
    """Print who waited to the end of the run for what, those first who always do."""
    rows, config = run.open_waits, run.config
    columns = ("since_p50", "to_the_end", "came_and_ended")
    if rows:
        print_table(
            f"Waits that last to {in_words(config.programme.run_out)}; all of them: "
            f"{run.folder}/waits.csv",
            ("project", "for", "in middle since", "to the end", "ended before"),
            [
                (row["project"], waits_for(row, config), *(row[name] for name in columns))
                for row in rows[:_MOST_WAITS]
            ],
        )


def print_missed(run: sim.Run) -> None:
    """Print who is late with cash calls and misses them: lenders, sectors, causes."""
    rows = missed_calls(run)
    if not rows:
        return say("No cash call is late in any run.")
    print_table(
        "Cash calls late and missed, a run (95 %): by the lender that owes most, sector, what it "
        "waits for",
        ("", "call", "noticed", "late", "missed", "runs with a miss", "unpaid USD bn"),
        [
            (
                calls_name(row, run.config),
                row.which,
                significant(row.noticed),
                _of_calls(row.late),
                _of_calls(row.missed),
                _of_calls(row.runs, shares=True),
                significant(row.unpaid_usd_bn),
            )
            for row in rows
        ],
    )


def _of_calls(found: Interval, shares: bool = False) -> str:
    here, *limits = together((found.estimate, max(0.0, found.low), found.high), shares)
    return f"{here} ({_range(*(one.removesuffix(' %') for one in limits))})"


def waits_for(row: Row, config: Config) -> str:
    """What a row of ``waits.csv`` waits for, in words."""
    words = Cause[row["cause"].upper()].row.words
    for of_one in (" of unit {n}", " for unit {n}"):
        words = words.replace(of_one, "")
    resource = row["resource"]
    facility = facility_of(resource)
    who = facility_name(facility) if facility else called(config).get(resource)
    return words.format(who=who or resource_name(resource, config), n="")


def print_list() -> None:
    """Print the configs and sweeps that come with the program, with their titles."""
    from sim.config.yaml_lines import read_yaml

    folder, ours = builtin_folder(), our_configs()
    for room in ROOMS:
        rows = []
        for name, path in ours.items():
            if path.parent == folder / room:
                root, _ = read_yaml(path)
                title = root.at("title") if root is not None else None
                rows.append((name, "" if title is None else str(title.value)))
        click.echo(f"\n{room or 'the base'}")
        for name, words in rows:
            click.echo(f"  {name:<24}  {shorten(words, width() - 28, placeholder=' ...')}")
    click.echo()
    say(f"By name from any folder: sim run base, extends: ample_money. They are in {folder}.")


def _chances(rows: Rows, config: Config) -> Iterator[tuple[str, ...]]:
    """Amounts in billions and shares of the envelope, upwards, as far as anything reaches them."""
    envelope = config.programme.envelope_usd_bn
    names = {
        least: [amount_name(amount, least, by) for amount, by in AMOUNTS_BY]
        for least in AMOUNTS_USD_BN
    }
    told = {(float(least), f"{least:,g}"): found for least, found in names.items()}
    for share in config.report.envelope_thresholds:
        found = [threshold_name(amount, share) for amount in ("committed", "paid")]
        told[share * envelope, f"{percent(share)} of {envelope:,g}"] = [*found, "", ""]
    for (_, label), found in sorted(told.items(), key=lambda one: one[0][0]):
        own = [rows.get((name, PROGRAMME)) for name in found]
        if any(row is not None and _value(row, "mean") > 0 for row in own):
            yield (label, *(NOTHING if row is None else _chance(row) for row in own))


def _chance(row: Row) -> str:
    value, low, high = (_value(row, name) for name in ("mean", "mean_low", "mean_high"))
    if value != value:
        return NOTHING
    here, *limits = together((value, low, high), shares=True)
    return f"{here} ({' to '.join(one.removesuffix(' %') for one in limits)})"


def _value(row: Row, column: str) -> float:
    return float(row[column]) if row[column] else nan


def _cell(row: Row, column: str, digits: int | None = None) -> str:
    value = _value(row, column)
    if row["unit"] == "probability" or row["unit"].startswith("share"):
        return percent(value)
    return significant(value) if digits is None else number(value, digits)


def _range(low: str, high: str) -> str:
    return NOTHING if NOTHING in (low, high) else f"{low} to {high}"


def _mean_cells(label: str, row: Row) -> tuple[str, ...]:
    shares = row["unit"] == "probability" or row["unit"].startswith("share")

    def with_range(*names: str) -> str:
        value, low, high = (_value(row, name) for name in names)
        if low < 0 <= value and not row["response"].startswith(_MAY_BE_NEGATIVE):
            low = 0.0  # the interval of a mean knows no bound
        cell, *limits = together((value, low, high), shares)
        span = _range(*limits)
        return cell if span == NOTHING else f"{cell} ({span})"

    return label, with_range("mean", "mean_low", "mean_high"), with_range("p50", "p05", "p95")


def _held_up_cells(rows: Rows, label: str, scope: str) -> tuple[str, ...]:
    found = {words: rows[f"delay_{group}_days", scope] for group, words in GROUPS.items()}
    first = next(iter(found.values()))
    n, unfinished = (float(first[column]) for column in ("n", "n_censored"))
    enough = n >= FEWEST_PROJECTS
    days = {words: _value(row, "mean") if enough else nan for words, row in found.items()}
    worst = sorted((words for words in days if words != _TYPICAL), key=lambda one: -days[one])[:2]
    return (
        label,
        number(n, 0),
        percent(unfinished / n) if n else NOTHING,
        number(sum(days.values()), 0),
        ", ".join(f"{words} {days[words]:.0f}" for words in worst) if enough else NOTHING,
    )


def _duration_cells(label: str, row: Row) -> tuple[str, ...]:
    return (
        label,
        _cell(row, "p50", 0),
        _range(_cell(row, "p50_low", 0), _cell(row, "p50_high", 0)),
        _cell(row, "p80", 0),
        number(float(row["n"]), 0),
        number(float(row["n_censored"]), 0),
    )
