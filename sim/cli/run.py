"""``sim run``: compute, then say in five sentences what came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from pathlib import Path
from typing import Any

import click

import sim
from sim.cli.settings import load_with_sets, nothing_changed, telling
from sim.cli.show import print_answer, waits_for
from sim.cli.texts import NOTHING, duration, print_table, say, significant
from sim.config import Loaded
from sim.study.design.words import plural
from sim.study.findings.dates import programme_dates
from sim.study.findings.labels import response_label
from sim.study.findings.open_waits import endless
from sim.study.run.precise import Goal, parse_goal
from sim.study.run.preview import estimate
from sim.study.run.runs import run_of


def print_run(
    config: Path,
    replications: int | None,
    seed: int | None,
    sets: Sequence[str],
    precision: Sequence[str],
    max_replications: int | None,
    no_figures: bool,
    quiet: bool,
    **asked: Any,
) -> None:
    """Run, then print the answer in five sentences and, on the last line, the folder."""
    goal = parse_goal(precision, max_replications)
    if goal is None and max_replications is not None:
        raise click.UsageError("--max-replications is the budget of --precision; give that too")
    if goal is not None and replications is not None:
        raise click.UsageError("--replications and --precision: give one of the two")
    loaded = load_with_sets(config, sets, {"run.replications": replications, "run.seed": seed})
    how: dict[str, Any] = {"precision": goal, "figures": not no_figures}
    teller = telling(quiet)
    if not quiet:
        if same := nothing_changed(loaded):
            teller.note(same)
        if goal is not None:
            teller.note(_budget(loaded, goal, asked["jobs"]))
    run = sim.run(loaded, **asked, **how, progress=teller)
    if not quiet:
        if "precision" in run.manifest:
            print_precision(run.manifest["precision"], programme_dates(run.config))
        print_answer(run, ", up to date" if run.up_to_date else "")
        warn_of_waits(run)
    click.echo(run.folder)


def _budget(loaded: Loaded, goal: Goal, jobs: int) -> str:
    """How many replications precision may take, and how long they would."""
    seconds = estimate(run_of(loaded, goal=goal)).seconds / jobs
    return (
        f"at most {plural(goal.most, 'replication')} may be needed (--max-replications): about "
        f"{duration(seconds)} on {plural(jobs, 'core')}, from two timed ones"
    )


def warn_of_waits(run: sim.Run) -> None:
    """Name what waited to the end wherever it waited: in this config it may never happen."""
    found = [row for row in run.open_waits if endless(row)]
    if found:
        first, *others = found
        too = f"So it is with {plural(len(others), 'other')}: " if others else ""
        say(
            f"Take care: {first['project']} waits for {waits_for(first, run.config)} from "
            f"{first['since_p50']} to the end in "
            f"{plural(int(first['to_the_end']), 'replication')}, and gets it in none. {too}"
            f"sim show {run.folder} lists {'them' if others else 'it'}."
        )


def print_precision(said: Mapping[str, Any], dates: Mapping[str, str]) -> None:
    """Print how precise each response is, and which are not as precise as was asked for."""
    rows = said["responses"]
    labels = {row["response"]: response_label(row["response"], dates=dates) for row in rows}
    print_table(
        "Precision: half-width of the 95 % interval, confirmed over a look-ahead",
        ("", "mean", "half-width", "wanted", "outcome", "replications to confirm it"),
        [
            (
                labels[row["response"]],
                *(
                    significant(nan if row[name] is None else row[name])
                    for name in ("mean", "half_width", "wanted")
                ),
                row["outcome"],
                NOTHING if row["predicted"] is None else f"{row['predicted']:,}",
            )
            for row in rows
        ],
    )
    short = [row for row in rows if row["outcome"] == "not reached"]
    if short:
        click.echo()
        say(
            f"NOT REACHED within the budget of {plural(said['asked']['most'], 'replication')} "
            f"(--max-replications): {'; '.join(labels[row['response']] for row in short)}"
        )
        for row in short:
            if row["note"]:
                say(f"{labels[row['response']]}: {row['note']}", "  ")
