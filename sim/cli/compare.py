"""``sim compare`` and ``sim sensitivity``: tables on the screen, and CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf, isnan, log10
from pathlib import Path

import click

import sim
from sim.cli.plot import draw_beside
from sim.cli.settings import all_cores
from sim.cli.texts import NOTHING, number, percent, print_table
from sim.experiment.assemble import write_csv
from sim.experiment.comparison import (
    Finished,
    Twins,
    compare_runs,
    compare_twins,
    difference_rows,
    open_runs,
    share_worlds,
    twin_rows,
)
from sim.experiment.effects import METHODS, Found, effect_rows, sensitivity, variance_rows
from sim.experiment.precise import HEADLINES
from sim.experiment.progress import Silent, progress_on_stderr
from sim.stats.compare import Difference
from sim.stats.intervals import Interval
from sim.tables import RESPONSES


def print_compare(
    runs: Sequence[Path],
    replications: int | None,
    seed: int | None,
    jobs: int | None,
    out: Path | None,
    every: bool,
    quiet: bool,
) -> None:
    """Run what is a config, compare with the first, print, and on the last line the folder."""
    folders = []
    for path in runs:
        if path.is_dir():
            folders.append(path)
            continue
        made = sim.run(
            path,
            replications=replications,
            seed=seed,
            jobs=jobs or all_cores(),
            progress=Silent() if quiet else progress_on_stderr(),
        )
        folders.append(made.folder)
    finished = open_runs(folders)
    differences, twins = compare_runs(finished), compare_twins(finished)
    folder = out or Path("outputs") / f"compare_{'_'.join(run.name for run in finished)}"
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder, "differences", difference_rows(differences))
    write_csv(folder, "twins", twin_rows(twins))
    draw_beside(lambda: _draw_comparison(folder), folder)
    if not quiet:
        for run in finished[1:]:
            _print_pair(run, finished[0], differences, twins, every)
        click.echo()
    click.echo(folder)


def _print_pair(
    run: Finished,
    first: Finished,
    differences: Sequence[Difference],
    twins: Sequence[Twins],
    every: bool,
) -> None:
    own = [one for one in differences if one.scenario == run.name]
    shown = [one for one in own if every or one.response in HEADLINES or one.decided]
    if share_worlds(run, first):
        n = min(run.manifest["replications"], first.manifest["replications"])
        how = f"in pairs, on {n:,} common worlds"
    else:
        how = "as INDEPENDENT samples: they share no worlds (other seeds)"
    if run.manifest["code_version"] != first.manifest["code_version"]:
        how += "; by different versions of the program"
    print_table(
        f"{run.name} against {first.name}, compared {how}; p adjusted for all "
        f"{len(differences)} comparisons (Holm)",
        ("", "unit", "difference", "95 % interval", "p adjusted", "variance ratio",
         "replications still needed"),
        [
            (
                one.response,
                one.unit,
                _number(one.difference.estimate),
                _range(one.difference),
                NOTHING if isnan(one.p_adjusted) else f"{one.p_adjusted:.3g}",
                _ratio(one.variance_ratio),
                NOTHING if one.still_needed is None else f"{one.still_needed:,}",
            )
            for one in shown
        ],
    )  # fmt: skip
    if len(shown) < len(own):
        click.echo(f"  ({len(own) - len(shown)} more, not decided: --all, or differences.csv)")
    same = [one for one in twins if one.scenario == run.name]
    if same:
        print_table(
            f"The same projects in the same worlds, with {run.name} and with {first.name}",
            ("sector", "milestone", "in both", f"only {run.name}", f"only {first.name}",
             "days later", "95 % interval"),
            [
                (
                    one.sector,
                    one.milestone,
                    f"{one.both:,}",
                    f"{one.only:,}",
                    f"{one.only_against:,}",
                    _number(one.days_later.estimate),
                    _range(one.days_later),
                )
                for one in same
            ],
        )  # fmt: skip


def print_sensitivity(folder: Path, responses: Sequence[str], confidence: float) -> None:
    """Print effects of the factors, and write them into the sweep folder."""
    sweep = sim.open_sweep(folder)
    asked = responses or [name for name in sweep.responses if name in HEADLINES] or sweep.responses
    found = sensitivity(sweep, asked, confidence)
    write_csv(folder, "sensitivity", effect_rows(found))
    write_csv(folder, "variance", variance_rows(found))
    draw_beside(lambda: _draw_effects(sweep, responses, found, confidence), folder)
    said = sweep.manifest
    click.echo(
        f"{said['name']}: {said['points']:,} design points x {said['replications']:,} "
        f"replications; {METHODS[said['design']]}"
    )
    if said["failures"]:
        click.echo(f"{said['failures']:,} replications failed; what needs them is left out")
    for one in found:
        _print_found(one, sweep, confidence)
    click.echo()
    click.echo(folder)


def _draw_comparison(folder: Path) -> list[Path]:
    from sim import report

    return report.draw_comparison(folder)


def _draw_effects(
    sweep: sim.Sweep, responses: Sequence[str], found: Sequence[Found], confidence: float
) -> list[Path]:
    from sim import report

    return report.draw_sweep(sweep, None, responses, found, confidence)


def _print_found(one: Found, sweep: sim.Sweep, confidence: float) -> None:
    labels = {name: said["label"] for name, said in sweep.manifest["factors"].items()}
    unit = RESPONSES[one.response].unit if one.response in RESPONSES else ""
    print_table(
        f"{one.response}, {unit}" if unit else one.response,
        ("factor", "measure", "estimate", f"{confidence:.0%} interval".replace("%", " %"), "claim"),
        [
            (
                labels[effect.factor],
                effect.measure,
                _number(effect.interval.estimate),
                _range(effect.interval),
                "yes" if effect.claim else "withheld",
            )
            for effect in one.effects
        ],
    )
    if not isnan(one.variance.noise_share):
        click.echo(
            f"  Of the variance between the means of the design points, "
            f"{percent(one.variance.noise_share)} is replication noise."
        )


def _number(value: float) -> str:
    """Three digits that count."""
    if isnan(value) or value == 0 or isinf(value):
        return number(value, 0)
    return number(value, max(0, 2 - int(log10(abs(value)) // 1)))


def _range(interval: Interval) -> str:
    if isnan(interval.low):
        return NOTHING
    return f"{_number(interval.low)} to {_number(interval.high)}"


def _ratio(value: float) -> str:
    return NOTHING if isnan(value) else "all" if isinf(value) else f"{value:,.1f}"
