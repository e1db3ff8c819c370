"""``sim backtest``: what each column predicted, beside what happened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

import sim
from sim.cli.plot import draw_beside
from sim.cli.settings import all_cores
from sim.cli.texts import percent, print_table
from sim.study.findings.backtest import BANDS, CHECKS, LABELS, Column
from sim.study.run.files import put_csv
from sim.study.run.progress import Progress, progress_on_stderr


def print_backtest(
    folder: Path | None,
    replications: int | None,
    seed: int | None,
    jobs: int | None,
    out: Path | None,
    quiet: bool,
) -> None:
    """Run the columns, print one table each, and on the last line the folder."""
    progress = Progress() if quiet else progress_on_stderr()
    done = sim.backtest(folder, replications, seed, jobs or all_cores(), out, progress)
    put_csv(done.folder / "backtest.csv", [row for one in done.columns for row in one.rows])
    put_csv(done.folder / CHECKS, [row for one in done.columns for row in one.checks])
    if not quiet:
        for column in done.columns:
            _print(column)
        click.echo()
    draw_beside(lambda: _draw(done), done.folder)
    click.echo(done.folder)


def _draw(done: sim.Backtest) -> list[Path]:
    from sim import report

    return report.draw_backtest(done)


def _print(column: Column) -> None:
    rows = [
        (
            LABELS[row["quantity"]],
            f"{row['record']:,.4g}",
            *(_band(row, name) for name in BANDS),
            f"{row['pit']:.2f}",
            f"{row['crps']:,.3g}",
        )
        for row in column.rows
    ]
    headers = ("", "record", *(f"{name} %" for name in BANDS), "PIT", "CRPS")
    print_table(f"{column.name}: {column.title}", headers, rows)
    click.echo(
        f"  As far from the others as the record: {percent(column.joint)} of {column.n} runs"
    )
    for row in column.checks:
        click.echo(f"  {row['label']}: {percent(row['share'])} of {row['n']:,}")
        click.echo(
            f"    on record, from the announcement: {percent(row['record'])} of {row['plants']}"
        )


def _band(row: Mapping[str, Any], name: str) -> str:
    low, high = row[f"low_{name}"], row[f"high_{name}"]
    return f"{low:,.3g}-{high:,.3g}{' ' if row[f'within_{name}'] else '*'}"
