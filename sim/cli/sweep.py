"""``sim sweep``, and ``sim check`` of a sweep."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten
from typing import Any

import click
import numpy as np

import sim
from sim.cli.failures import INPUT, MODEL
from sim.cli.given import all_cores, refuse_config
from sim.cli.plot import draw_beside
from sim.cli.settings import telling
from sim.cli.texts import NOTHING, duration, number, print_table, say, significant, size
from sim.config.distributions import Uniform
from sim.events.responses import SWEEP, shown_in
from sim.stats.verdicts import digits
from sim.study.design.design import Factor, Value
from sim.study.design.sweep_config import LoadedSweep, load_sweep
from sim.study.design.words import plural
from sim.study.findings.dearer import told_dearer_along
from sim.study.findings.effects import correlated
from sim.study.findings.labels import response_label, unit_of
from sim.study.run.preview import estimate
from sim.study.run.sweeps import sweep_of

_MOST_REASONS = 5
_MOST_LETTERS = 150  # of the values of a design point


def print_sweep(sweep: Path, quiet: bool, **asked: Any) -> int:
    """Run a sweep, say what came out, and on the last line the folder; give the exit code."""
    refuse_config(sweep)
    done = sim.sweep(sweep, **asked, progress=telling(quiet))
    if not quiet:
        if done.up_to_date:
            click.echo("up to date: this very sweep is finished already, nothing was computed")
        print_results(done)
        click.echo()
    if not (done.up_to_date and (done.folder / "figures").is_dir()):
        # What takes no analysis of the design; sim sensitivity draws its own.
        draw_beside(
            done.folder,
            lambda report: [report.draw_sweep(done, name) for name in report.quick_figures(done)],
        )
    failed = _print_failures(done)
    click.echo(done.folder)
    return failed


def print_results(done: sim.Sweep) -> None:
    """Print how the means of the design points lie for the main responses."""
    said = done.manifest
    say(
        f"{said['name']}: {plural(said['points'], 'design point')} x "
        f"{plural(said['replications'], 'replication')}, seed {said['seed']}, "
        f"{plural(said['outcomes'], 'outcome')}, {plural(said['failures'], 'failure')}"
    )
    rows, named = [], set()
    for row in shown_in(SWEEP):
        if row.name in done.responses and said["outcomes"]:
            values = done.response(row.name)
            defined = np.flatnonzero(~np.isnan(values).all(axis=1))
            if len(defined):
                means = np.nanmean(values[defined], axis=1)
                ends = [int(defined[place]) for place in (means.argmin(), means.argmax())]
                low, middle, high = (
                    _level(float(level), unit_of(row.name))
                    for level in np.quantile(means, (0.0, 0.5, 1.0))
                )
                flat = low == high
                at = [NOTHING if flat else f"#{point}" for point in ends]
                named |= set() if flat else {*ends}
                words = response_label(row.name, dates=done.dates)
                rows.append((words, low, at[0], middle, high, at[1]))
    if rows:
        print_table(
            "Means over replications, by design point",
            ("", "lowest", "at", "middle", "highest", "at"),
            rows,
        )
    for point in sorted(named):
        say(
            f"#{point}: {shorten(done.point_words(point), _MOST_LETTERS, placeholder=' ...')}", "  "
        )
    if told := told_dearer_along(said["factors"]):
        say(told)


def _level(value: float, unit: str) -> str:
    """A share in per cent, any other amount by its digits: neither is rounded to nothing."""
    if unit == "probability" or unit.startswith("share"):
        return f"{significant(100 * value)} %"
    return number(value) if abs(value) >= 1 else significant(value)


def _print_failures(done: sim.Sweep) -> int:
    """Say what failed, on stderr; 0 when nothing did."""
    if not done.manifest["failures"]:
        return 0
    failures = done.failures
    click.echo(
        f"{len(failures):,} of {done.manifest['points'] * done.manifest['replications']:,} "
        "replications failed; all reasons are in failures.parquet. The first:",
        err=True,
    )
    for row in failures.head(_MOST_REASONS).itertuples():
        click.echo(
            f"  design point {row.design_point}, replication {row.replication}: "
            f"{row.error}: {row.reason}",
            err=True,
        )
    return INPUT if set(failures["error"]) <= {"ConfigError", "DesignError"} else MODEL


def print_check_sweep(path: Path) -> None:
    """Load, check, time a handful of points, and print what the sweep would take."""
    plan = load_sweep(path)
    design = plan.design
    click.echo(f"{plan.name}: {plan.title}" if plan.title else plan.name)
    say(
        f"{design.kind.replace('_', ' ')}: {plural(len(design), 'design point')} x "
        f"{plural(plan.replications, 'replication')} = "
        f"{plural(len(design) * plan.replications, 'run')}, "
        f"seed {plan.seed}; base {plan.base.config.name}"
    )
    print_table(
        "Factors",
        ("factor", "path", "values"),
        [
            (one.label or one.id, " ".join(one.paths), _values(plan, place))
            for place, one in enumerate(design.factors)
        ],
    )
    labels = [factor.label or factor.id for factor in design.factors]
    if warning := correlated(labels, design.unit, design.kind):
        click.echo()
        say(f"Take care: {warning}.")
    effort = estimate(sweep_of(plan))
    cores = all_cores()
    click.echo()
    say(
        f"From {effort.timed_points} timed design points: "
        f"{effort.seconds_per_replication:.3f} s a replication (at the slowest point "
        f"{effort.slowest_seconds_per_replication:.3f} s), {effort.seconds_per_config:.3f} s to "
        f"make a config; {plural(effort.runs, 'run')} take about "
        f"{duration(effort.seconds / cores)} on {plural(cores, 'core')}, and "
        f"{size(effort.disk_bytes)} on the disk in {effort.parts:,} parts."
    )


def _values(plan: LoadedSweep, place: int) -> str:
    """Levels of a factor in words, or the range its values have in the design."""
    factor, column = plan.design.factors[place], plan.design.columns[place]
    unit = f" {factor.unit}" if factor.unit else ""
    if factor.levels:
        return ", ".join(_text(factor, level) for level in factor.levels) + unit
    if column.dtype == np.object_:
        found = list(dict.fromkeys(_text(factor, value) for value in column))
        return ", ".join(found[:6]) + (", ..." if len(found) > 6 else "") + unit
    values = f"{digits(column.min(), 4)} to {digits(column.max(), 4)}{unit}"
    if plan.design.kind != "morris" or isinstance(factor.distribution, Uniform):
        return values
    levels = plan.design.settings["levels"]
    return f"{values}, the medians of {levels} equally likely parts"


def _text(factor: Factor, value: Value) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return digits(value, 6) if is_number and not factor.names else factor.text(value)
