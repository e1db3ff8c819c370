"""``sim verify``: every law with its verdict, what is broken, and both engines compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim.cli import given
from sim.cli.failures import DONE, MODEL
from sim.cli.settings import telling
from sim.cli.texts import print_table, say
from sim.results.laws import TRACE
from sim.study.design.words import plural
from sim.study.findings.engines import compare_engines

if TYPE_CHECKING:
    from sim.study.findings.verification import Verification


def print_verify(folder: Path, quiet: bool) -> int:
    """Check a run; print the table, and what is broken on stderr. The exit code."""
    found = sim.verify(folder, progress=not quiet)
    if not quiet:
        _print_laws(found)
    for one in found.found:
        click.echo(str(one), err=True)
    untold = sum(verdict.violations for verdict in found.verdicts) - len(found.found)
    if untold:
        click.echo(f"and {untold:,} more of the same laws", err=True)
    if found.holds and not quiet:
        click.echo(f"\nEvery law that {folder} can show holds.")
    return DONE if found.holds else MODEL


def print_engines(config: Path, replications: int, quiet: bool) -> int:
    """Compare both engines; print where they first differ on stderr. The exit code."""
    given.refuse_sweep(config)
    found = compare_engines(sim.load(config), replications, progress=telling(quiet))
    if found.holds:
        if not quiet:
            say(
                f"{config}: {plural(found.replications, 'replication')} of seed {found.seed}, "
                f"{found.events:,} events: both engines leave the same, to the bit."
            )
        return DONE
    first, *more = found.differences
    where = f"seed {found.seed}, replication {first.replication}, {first.where}"
    told = [f"the engines differ: {where}", "SimPy:", *first.simpy, "compiled:", *first.compiled]
    if more:
        others = ", ".join(str(one.replication) for one in more)
        told.append(f"and in {len(more):,} more of {found.replications:,} replications: {others}")
    click.echo("\n".join(told), err=True)
    return MODEL


def _print_laws(found: Verification) -> None:
    """A table of what was looked at, fitted to the width, and beside it what could not be."""
    rows, untold = [], dict[str, list[str]]()
    for one in found.verdicts:
        if one.replications:
            counts = (f"{one.replications:,}", f"{one.checks:,}")
            rows.append((f"{one.law.name}: {one.law.says}", one.law.number, *counts, one.words))
        else:
            untold.setdefault(one.words, []).append(f"{one.law.name}: {one.law.says}")
    print_table(
        f"{found.folder}: {plural(found.replications, 'replication')}, seed {found.seed}",
        ("what each law says", "no.", "runs", "checks", "verdict"),
        rows,
    )
    if any(one.law.needs == TRACE and one.replications for one in found.verdicts):
        click.echo()
        say("Laws asked of fewer runs need the step trace, which a run keeps of its first 20.")
    for words, laws in untold.items():
        click.echo(f"\n{words[:1].upper()}{words[1:]}:")
        for law in laws:
            say(law, indent="  ")
