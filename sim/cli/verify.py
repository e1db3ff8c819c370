"""``sim verify``: every law of the model with its verdict, and what is broken."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.failures import DONE, MODEL

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


def _print_laws(found: Verification) -> None:
    click.echo(f"{found.folder}: {found.replications} replications, seed {found.seed}\n")
    headers = ("", "law", "what it says", "replications", "checks", "verdict")
    rows = [headers]
    for verdict in found.verdicts:
        law = verdict.law
        counts = (f"{verdict.replications:,}", f"{verdict.checks:,}")
        asked = counts if verdict.replications else ("-", "-")
        rows.append((law.number, law.name, law.says, *asked, verdict.words))
    widths = [max(len(row[place]) for row in rows) for place in range(len(headers))]
    for row in rows:
        number, name, says, replications, checks, words = row
        click.echo(
            f"{number.rjust(widths[0])}  {name.ljust(widths[1])}  {says.ljust(widths[2])}  "
            f"{replications.rjust(widths[3])}  {checks.rjust(widths[4])}  {words}"
        )
