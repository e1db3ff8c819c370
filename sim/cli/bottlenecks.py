"""``sim bottlenecks``: what each capacity is worth, in one table, and what that means."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from textwrap import fill
from typing import Any

import click

import sim
from sim.cli.plot import draw_beside
from sim.cli.settings import telling
from sim.cli.texts import NOTHING, print_table
from sim.study.findings.bottleneck_words import amount, headline, needed, sentences
from sim.study.findings.bottlenecks import Bottlenecks, Worth
from sim.study.run.files import put_csv

_WIDTH = 80


def print_bottlenecks(by: datetime | None, quiet: bool, **asked: Any) -> None:
    """Find the bottlenecks, print what they are worth, and on the last line the folder."""
    day = None if by is None else by.date()
    found = sim.bottlenecks(**asked, by=day, progress=telling(quiet))
    put_csv(found.folder / "bottlenecks.csv", found.rows())
    put_csv(found.folder / "bottlenecks_by_year.csv", found.over_years)
    if not quiet:
        _print(found)
    draw_beside(found.folder, lambda report: report.draw_bottlenecks(found))
    click.echo(found.folder)


def _print(found: Bottlenecks) -> None:
    first, n = headline(found), found.manifest["replications"]
    _say(first)
    rows = []
    for one in found.lifted:
        stood = found.stood[one.name].usd_bn_years
        rows.append(_cells(one, one.label, f"{stood:,.0f}" if stood >= 0.5 else NOTHING))
        rows += [
            _cells(step, f"- {step.label}", "") for step in found.steps if step.capacity == one.name
        ]
    print_table(
        f"{found.label}, {found.moment.unit}: what is added in the same {n} worlds; stood: billion "
        "dollars times years that stood at it in the base",
        ("without limit; -: by one step", "worth, 95 %", "sign", "stood"),
        rows,
    )
    print_table(
        "How it moves: where most dollars stand; which limit costs most by the year's end",
        ("", "stand at", "bn", "without limit", "bn"),
        [
            (
                str(row["year"]),
                row["cause"],
                f"{row['usd_bn']:,.0f}",
                found.capacities[row["capacity"]].label if row["capacity"] else NOTHING,
                f"{row['worth']:+,.0f}" if row["capacity"] else NOTHING,
            )
            for row in found.over_years
            if row["cause"]
        ],
    )
    click.echo()
    _say(line for line in sentences(found) if line not in first)
    click.echo()


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(fill(line, _WIDTH, subsequent_indent="  "))


def _cells(one: Worth, label: str, stood: str) -> tuple[str, ...]:
    return label, amount(one.interval), needed(one), stood
