"""``sim forecast``: what a finished run says will have happened by when."""

from __future__ import annotations

from pathlib import Path

import click

import sim
from sim.cli.texts import percent, print_table
from sim.errors import DesignError
from sim.study.design.words import plural
from sim.study.findings.forecast import forecast
from sim.study.run.files import put_csv


def print_forecast(folder: Path, quiet: bool) -> None:
    """Write ``forecast.csv`` into a run folder, print its rows, and on the last line the file."""
    found = forecast(sim.open(folder))
    if not found:
        raise DesignError(
            f"{folder} answers no statement; accepted: a run whose as_of lies before their dates"
        )
    put_csv(folder / "forecast.csv", found)
    if not quiet:
        rows = [
            (
                one["statement"],
                one["by"],
                percent(one["probability"]),
                f"{percent(one['low'])} to {percent(one['high'])}",
            )
            for one in found
        ]
        print_table(
            f"Forecast of {plural(found[0]['n'], 'replication')}", ("", "by", "P", "95 %"), rows
        )
        click.echo()
    click.echo(folder / "forecast.csv")
