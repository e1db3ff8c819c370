"""``sim compare`` and ``sim sensitivity``: tables on the screen, and CSV files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isinf, isnan, log10
from pathlib import Path

import click
import numpy as np

import sim
from sim.cli.plot import draw_beside
from sim.cli.settings import all_cores
from sim.cli.texts import NOTHING, number, percent, print_table
from sim.config import load
from sim.stats.compare import Difference
from sim.stats.intervals import Interval
from sim.study.findings.comparison import (
    Finished,
    Twins,
    check_count,
    compare_runs,
    compare_twins,
    open_runs,
    share_worlds,
)
from sim.study.findings.comparison_folder import (
    common_dates,
    comparison_of,
    find_comparison_place,
    write_comparison,
)
from sim.study.findings.effects import (
    METHODS,
    Found,
    correlated_factors,
    effect_rows,
    sensitivity,
    variance_rows,
)
from sim.study.findings.labels import response_label
from sim.study.findings.summary import PROGRAMME
from sim.study.run.files import put_csv
from sim.study.run.precise import HEADLINES
from sim.study.run.progress import Progress, progress_on_stderr
from sim.study.run.stale import link_results

CONFIDENCE = 0.95
_NOTES = (
    "p adjusted: for all {n:,} comparisons together (Holm). decided: that p is at most 0.05. The "
    "intervals are not adjusted, so one may leave zero out and the sign still be undecided.",
    "variance ratio: how many times the replications independent runs would have needed; exact: "
    "the difference is the same in every world.",
    "replications still needed: until the sign is decided with a chance of 80 %, if mean and "
    "variance stay as they are.",
)


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
    check_count(len(runs))
    for path in runs:  # a mistake is told before anything is simulated
        if path.is_dir():
            Finished.open(path)
        else:
            load(path)
    finished = open_runs(
        [
            path
            if path.is_dir()
            else sim.run(
                path,
                replications=replications,
                seed=seed,
                jobs=jobs or all_cores(),
                progress=Progress() if quiet else progress_on_stderr(),
            ).folder
            for path in runs
        ]
    )
    asked = comparison_of(finished, CONFIDENCE)
    names = "_".join(run.name for run in finished)
    place = find_comparison_place(out or Path("outputs") / f"compare_{names}", asked)
    for note in place.notes:
        if not quiet:
            click.echo(note, err=True)
    differences, twins = compare_runs(finished, CONFIDENCE), compare_twins(finished, CONFIDENCE)
    folder, complete = place.folder, place.state == "complete"
    if not complete:
        write_comparison(folder, asked, finished, differences, twins)
    if not (complete and (folder / "figures").is_dir()):
        draw_beside(lambda: _draw_comparison(folder), folder)
    if not quiet:
        if complete:
            click.echo("up to date: this very comparison is there already, nothing was written")
        for run in finished[1:]:
            _print_pair(run, finished, differences, twins, every)
        click.echo()
    click.echo(folder)


def _print_pair(
    run: Finished,
    runs: Sequence[Finished],
    differences: Sequence[Difference],
    twins: Sequence[Twins],
    every: bool,
) -> None:

    first, dates = runs[0], common_dates(runs)
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
        f"{run.name} against {first.name}, compared {how}",
        ("", "unit", "difference", "95 % interval", "p adjusted", "decided", "variance ratio",
         "replications still needed"),
        [
            (
                response_label(one.response, False, dates),
                one.unit,
                _number(one.difference.estimate),
                _range(one.difference),
                NOTHING if isnan(one.p_adjusted) else f"{one.p_adjusted:.3g}",
                _decided(one),
                _ratio(one.variance_ratio),
                NOTHING if one.still_needed is None else f"{one.still_needed:,}",
            )
            for one in shown
        ],
    )  # fmt: skip
    if len(shown) < len(own):
        click.echo(f"  ({len(own) - len(shown)} more, not decided: --all, or differences.csv)")
    for note in _NOTES:
        click.echo("  " + note.format(n=len(differences)))
    same = [one for one in twins if one.scenario == run.name]
    if same:
        labels = {PROGRAMME: "all sectors", **first.sectors, **run.sectors}
        print_table(
            f"The same projects in the same worlds, with {run.name} and with {first.name}; "
            "days: + is later, - is earlier",
            ("sector", "milestone", "in both", f"only {run.name}", f"only {first.name}",
             "days later (+)", "95 % interval"),
            [
                (
                    labels.get(one.sector, one.sector),
                    one.milestone,
                    f"{one.both:,}",
                    f"{one.only:,}",
                    f"{one.only_against:,}",
                    _signed(one.days_later.estimate),
                    _range(one.days_later, _signed),
                )
                for one in same
            ],
        )  # fmt: skip


def print_sensitivity(folder: Path, responses: Sequence[str], confidence: float) -> None:
    """Print effects of the factors, and write them into the sweep folder."""
    sweep = sim.open_sweep(folder)
    asked = responses or [name for name in sweep.responses if name in HEADLINES] or sweep.responses
    found = sensitivity(sweep, asked, confidence)
    link_results(folder, sweep.manifest)
    put_csv(folder / "sensitivity.csv", effect_rows(found))
    put_csv(folder / "variance.csv", variance_rows(found))
    draw_beside(lambda: _draw_effects(sweep, responses, found, confidence), folder)
    said = sweep.manifest
    click.echo(
        f"{said['name']}: {said['points']:,} design points x {said['replications']:,} "
        f"replications; {METHODS[said['design']]}"
    )
    if said["failures"]:
        click.echo(f"{said['failures']:,} replications failed; what needs them is left out")
    if warning := correlated_factors(sweep):
        click.echo(f"Take care: {warning}")
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
    print_table(
        f"{response_label(one.response, dates=sweep.dates)} ({one.response})",
        ("factor", "measure", "estimate", f"{confidence:.0%} interval".replace("%", " %"),
         "verdict", "remarks"),
        [
            (
                labels[effect.factor],
                effect.measure,
                _number(effect.interval.estimate),
                _range(effect.interval),
                effect.verdict,
                "too imprecise: " * effect.too_imprecise + effect.note,
            )
            for effect in one.effects
        ],
    )  # fmt: skip
    if one.variance.factors.estimate == one.variance.noise.estimate == 0:
        click.echo("  It does not vary between the design points.")
    elif not isnan(one.variance.noise_share):
        share = one.variance.noise_share
        whole = int((~np.isnan(sweep.response(one.response)).any(axis=1)).sum())
        of = "" if whole == sweep.manifest["points"] else (
            f"{whole:,} of {sweep.manifest['points']:,} "
        )  # fmt: skip
        where = ", those where it is defined in every world," if of else ","
        click.echo(
            f"  Of the variance between the means of {of or 'the '}design points{where} "
            f"{percent(share) if share >= 0.0001 else 'less than 0.01 %'} is replication noise."
        )


def _number(value: float) -> str:
    """Three digits that count."""
    if isnan(value) or value == 0 or isinf(value):
        return number(value, 0)
    return number(value, max(0, 2 - int(log10(abs(value)) // 1)))


def _decided(one: Difference) -> str:
    same = one.paired and one.difference.low == one.difference.high == 0
    return "equal in every world" if same and one.p == 1 else "yes" if one.decided else "no"


def _signed(value: float) -> str:
    """The same with a plus before what is above zero."""
    return f"+{_number(value)}" if value > 0 else _number(value)


def _range(interval: Interval, written: Callable[[float], str] = _number) -> str:
    if isnan(interval.low):
        return NOTHING
    return f"{written(interval.low)} to {written(interval.high)}"


def _ratio(value: float) -> str:
    return NOTHING if isnan(value) else "exact" if isinf(value) else f"{value:,.1f}"
