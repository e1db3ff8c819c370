"""``sim sensitivity``: which factors of a finished sweep matter, and CSV files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from pathlib import Path

import click
import numpy as np

import sim
from sim.cli.plot import draw_beside
from sim.cli.texts import interval_words, percent, print_table, say, significant
from sim.study.design.words import plural
from sim.study.findings.carrying import TOLD, first_words, left_out, response_words
from sim.study.findings.dearer import told_dearer_along
from sim.study.findings.effects import METHODS, Found, correlated_factors
from sim.study.findings.labels import response_label
from sim.study.findings.sweep_results import SweepTables


def print_sensitivity(
    folder: Path, responses: Sequence[str], confidence: float, every: bool = False
) -> None:
    """Print which factors matter, and write the effects of all into the sweep folder.

    ``every``: those too that cannot be told from none.
    """
    done = sim.sensitivity(folder, responses, confidence)
    done.write()
    sweep, found = done.sweep, done.found
    draw_beside(folder, lambda it: it.draw_sweep(sweep, None, responses, found, confidence))
    said = sweep.manifest
    labels = {name: factor["label"] for name, factor in said["factors"].items()}
    say(first_words(found, labels))
    for one in found:
        label = response_label(one.response, dates=sweep.dates)
        say(f"{label}: {response_words(one, labels)}.", "  ")
    click.echo()
    say(
        f"{said['name']}: {plural(said['points'], 'design point')} x "
        f"{plural(said['replications'], 'replication')}; {METHODS[said['design']]}"
    )
    if said["failures"]:
        click.echo(f"{plural(said['failures'], 'replication')} failed; what needs them is left out")
    if warning := correlated_factors(sweep):
        say(f"Take care: {warning}")
    if told := told_dearer_along(said["factors"]):
        say(told)
    for one in found:
        _print_found(one, sweep, labels, confidence, every)
    click.echo()
    click.echo(folder)


def _print_found(
    one: Found, sweep: SweepTables, labels: Mapping[str, str], confidence: float, every: bool
) -> None:
    told = one.effects if every else [its for its in one.effects if its.verdict in TOLD]
    interval = f"{confidence:.0%} interval".replace("%", " %")
    title = f"{response_label(one.response, dates=sweep.dates)} ({one.response})"
    if told:
        print_table(
            title,
            ("factor", "measure", "estimate", interval, "verdict", "remarks"),
            [
                (
                    labels[effect.factor],
                    effect.measure,
                    significant(effect.interval.estimate),
                    interval_words(effect.interval),
                    effect.verdict,
                    "too imprecise: " * effect.too_imprecise + effect.note,
                )
                for effect in told
            ],
        )
    else:
        click.echo(f"\n{title}")
    if not every and (others := left_out(one, labels)):
        say(f"Not shown ({others}): see --all.", "  ")
    if one.variance.factors.estimate == one.variance.noise.estimate == 0:
        say("It does not vary between the design points.", "  ")
    elif not isnan(one.variance.noise_share):
        share = one.variance.noise_share
        whole = int((~np.isnan(sweep.response(one.response)).any(axis=1)).sum())
        points = sweep.manifest["points"]
        of = "" if whole == points else f"{whole:,} of {points:,} "
        where = ", those where it is defined in every world," if of else ","
        say(
            f"Of the variance between the means of {of or 'the '}design points{where} "
            f"{percent(share) if share >= 0.0001 else 'less than 0.01 %'} is replication noise.",
            "  ",
        )
