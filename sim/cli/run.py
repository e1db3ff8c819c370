"""``sim run`` and ``sim plot``: compute, then say in words what came out."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import sim
from sim.cli.settings import all_cores, load_with_sets
from sim.cli.texts import NOTHING, day, number, percent, print_table
from sim.config.moments import mean
from sim.events.ledger_causes import GROUPS
from sim.events.responses import RUN, shown_in
from sim.study.findings.dates import programme_dates
from sim.study.findings.labels import response_label
from sim.study.findings.summary import PROGRAMME, threshold_name
from sim.study.run.precise import parse_goal
from sim.study.run.progress import Progress, progress_on_stderr

if TYPE_CHECKING:
    from sim.config import Config

Row = Mapping[str, str]

FEWEST_PROJECTS = 10  # below it a mean over projects says too little
DURATIONS = (
    ("days_selection_to_ntp", "Selection to notice to proceed"),
    ("days_selection_to_operation", "Selection to operation"),
    ("days_proposal_to_operation", "Proposal to operation"),
)


def print_run(
    config: Path,
    replications: int | None,
    seed: int | None,
    sets: Sequence[str],
    jobs: int | None,
    out: Path | None,
    force: bool,
    quiet: bool,
    precision: Sequence[str],
    max_replications: int | None,
) -> None:
    """Run, then print a summary and, on the last line, the folder."""
    goal = parse_goal(precision, max_replications)
    if goal is None and max_replications is not None:
        raise click.UsageError("--max-replications is the budget of --precision; give that too")
    if goal is not None and replications is not None:
        raise click.UsageError("--replications and --precision: give one of the two")
    loaded = load_with_sets(config, sets, {"run.replications": replications, "run.seed": seed})
    run = sim.run(
        loaded,
        jobs=jobs or all_cores(),
        out=out,
        force=force,
        progress=Progress() if quiet else progress_on_stderr(),
        precision=goal,
    )
    if not quiet:
        if run.up_to_date:
            click.echo("up to date: this very run is finished already, nothing was computed")
        print_summary(run.config, run.folder)
        if "precision" in run.manifest:
            print_precision(run.manifest["precision"])
        click.echo()
    click.echo(run.folder)


def print_precision(said: Mapping[str, Any]) -> None:
    """Print how precise each response is, and which are not as precise as was asked for."""
    rows = said["responses"]
    print_table(
        "Precision: half-width of the 95 % interval, confirmed over a look-ahead",
        ("", "unit", "mean", "half-width", "wanted", "outcome", "replications to confirm it"),
        [
            (
                row["response"],
                row["unit"],
                *(number(nan if row[name] is None else row[name], 3)
                  for name in ("mean", "half_width", "wanted")),
                row["outcome"],
                NOTHING if row["predicted"] is None else f"{row['predicted']:,}",
            )
            for row in rows
        ],
    )  # fmt: skip
    short = [row for row in rows if row["outcome"] == "not reached"]
    if short:
        click.echo(
            f"\nNOT REACHED within the budget of {said['asked']['most']:,} replications: "
            f"{', '.join(row['response'] for row in short)}"
        )
        for row in short:
            if row["note"]:
                click.echo(f"  {row['response']}: {row['note']}")


def print_summary(config: Config, folder: Path) -> None:
    """Print the main rows of ``summary.csv``."""
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["response"], row["scope"]): row for row in csv.DictReader(file)}
    programme = config.programme
    dates = programme_dates(config) | {"gap_date": day(config.capacity.specialists.gap.date)}
    n = config.run.replications
    click.echo(
        f"{config.name}: {n} {'replication' if n == 1 else 'replications'}, "
        f"seed {config.run.seed}, observed from {day(programme.start)} to {dates['end']}"
    )
    print_table(
        "Mean with its 95 % confidence interval, median, and the middle 90 % of the replications",
        ("", "mean", "95 % interval", "median", "5 % to 95 %"),
        [
            _mean_cells(response_label(row.name, dates=dates), rows[row.name, PROGRAMME])
            for row in shown_in(RUN)
            if (row.name, PROGRAMME) in rows
        ],
    )
    if config.nature.round_projects is not None:
        click.echo(f"  By its law a round takes {mean(config.nature.round_projects):.1f} projects.")
    print_table(
        f"Probability of reaching a share of USD {programme.envelope_usd_bn:,g} bn by "
        f"{dates['deadline']}",
        ("at least", "USD bn", "committed", "95 % interval", "paid", "95 % interval"),
        [
            _threshold_cells(rows, threshold, programme.envelope_usd_bn)
            for threshold in config.report.envelope_thresholds
        ],
    )
    print_table(
        "Days, all sectors (Kaplan-Meier; projects cut off by the end count as not finished)",
        ("", "half within", "95 % interval", "80 % within", "projects", "cut off"),
        [_duration_cells(label, rows[name, PROGRAMME]) for name, label in DURATIONS],
    )
    print_table(
        f"By sector, means; completed by {dates['end']}",
        ("sector", "selected", "committed USD bn", "completed", "completed USD bn"),
        [
            (
                sector.label,
                _cell(rows["selected_count", name], "mean"),
                _cell(rows["committed_usd_bn_by_end", name], "mean"),
                _cell(rows["completed_count_by_end", name], "mean"),
                _cell(rows["completed_usd_bn_by_end", name], "mean"),
            )
            for name, sector in config.sectors.items()
        ],
    )
    scopes = [(PROGRAMME, "All sectors"), *((k, v.label) for k, v in config.sectors.items())]
    print_table(
        "What holds projects up: days from proposal to the end by the cause that cleared last, "
        "means of selected projects",
        ("", "projects", "unfinished", *GROUPS.values(), "together"),
        [_held_up_cells(rows, label, scope) for scope, label in scopes],
    )
    click.echo(
        "Unfinished projects count to the end of the run, given-up ones until then. Machines count "
        "from the order,\npower from the request for a connection, also while the site went on. "
        "`sim explain` tells it of one project,\nfigures/delays of every sector with intervals; "
        f"{NOTHING}: fewer than {FEWEST_PROJECTS} projects."
    )


def _value(row: Row, column: str) -> float:
    return float(row[column]) if row[column] else nan


def _cell(row: Row, column: str, digits: int | None = None) -> str:
    value = _value(row, column)
    if row["unit"] == "probability":
        return percent(value)
    if digits is None:
        digits = 3 if row["unit"].startswith("share") else 0 if row["unit"] == "people" else 1
    return number(value, digits)


def _range(low: str, high: str) -> str:
    return NOTHING if NOTHING in (low, high) else f"{low} to {high}"


def _mean_cells(label: str, row: Row) -> tuple[str, ...]:
    return (
        label,
        _cell(row, "mean"),
        _range(_cell(row, "mean_low"), _cell(row, "mean_high")),
        _cell(row, "p50"),
        _range(_cell(row, "p05"), _cell(row, "p95")),
    )


def _threshold_cells(
    rows: Mapping[tuple[str, str], Row], threshold: float, envelope: float
) -> tuple[str, ...]:
    cells = [percent(threshold), number(threshold * envelope)]
    for amount in ("committed", "paid"):
        row = rows[threshold_name(amount, threshold), PROGRAMME]
        cells.append(percent(_value(row, "mean")))
        low, high = (percent(_value(row, column)) for column in ("mean_low", "mean_high"))
        cells.append(_range(low, high))
    return tuple(cells)


def _held_up_cells(rows: Mapping[tuple[str, str], Row], label: str, scope: str) -> tuple[str, ...]:
    found = [rows[f"delay_{group}_days", scope] for group in GROUPS]
    n, unfinished = (float(found[0][column]) for column in ("n", "n_censored"))
    days = [_value(row, "mean") if n >= FEWEST_PROJECTS else nan for row in found]
    return (
        label, number(n, 0), percent(unfinished / n) if n else NOTHING,
        *(number(value, 0) for value in days), number(sum(days), 0),
    )  # fmt: skip


def _duration_cells(label: str, row: Row) -> tuple[str, ...]:
    return (
        label,
        _cell(row, "p50", 0),
        _range(_cell(row, "p50_low", 0), _cell(row, "p50_high", 0)),
        _cell(row, "p80", 0),
        number(float(row["n"]), 0),
        number(float(row["n_censored"]), 0),
    )
