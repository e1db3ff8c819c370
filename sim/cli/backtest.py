"""``sim backtest``: what each column predicted, beside what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

import sim
from sim.cli.plot import draw_beside
from sim.cli.settings import telling
from sim.cli.texts import percent, print_table, say
from sim.study.findings.backtest import BANDS, CHECKS, LABELS, LIKELY, Column
from sim.study.run.files import put_csv


def print_backtest(quiet: bool, **asked: Any) -> None:
    """Run the columns, print one table each, and on the last line the folder."""
    done = sim.backtest(**asked, progress=telling(quiet))
    put_csv(done.folder / "backtest.csv", [row for one in done.columns for row in one.rows])
    put_csv(done.folder / CHECKS, [row for one in done.columns for row in one.checks])
    if not quiet:
        for column in done.columns:
            say(_verdict(column))
        for column in done.columns:
            _print(column)
        click.echo()
    draw_beside(done.folder, lambda report: report.draw_backtest(done))
    click.echo(done.folder)


def _verdict(column: Column) -> str:
    """Whether what happened was to be expected."""
    expected = "was to be expected" if column.joint >= LIKELY else "was not to be expected"
    return (
        f"{column.name}: what happened {expected}: {percent(column.joint)} of {column.n:,} runs "
        f"are at least as far from the others, where {percent(LIKELY)} are wanted."
    )


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
    for row in column.checks:
        click.echo(f"  {row['label']}: {percent(row['share'])} of {row['n']:,}")
        click.echo(
            f"    on record, from the announcement: {percent(row['record'])} of {row['plants']}"
        )


def _band(row: Mapping[str, Any], name: str) -> str:
    low, high = row[f"low_{name}"], row[f"high_{name}"]
    return f"{low:,.3g}-{high:,.3g}{' ' if row[f'within_{name}'] else '*'}"
