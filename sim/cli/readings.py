"""``sim readings``: the headline under each contested choice, widest first."""

from __future__ import annotations

from math import isnan
from typing import Any

import click

import sim
from sim.cli.plot import draw_beside
from sim.cli.settings import telling
from sim.cli.texts import NOTHING, number, print_table, say
from sim.study.design.named_overlays import AND, BASE
from sim.study.findings.dearer import told_dearer
from sim.study.findings.labels import response_label, unit_of
from sim.study.findings.readings import HEADLINES, Read, Readings
from sim.study.run.files import put_csv

_TOLD_FIRST = (HEADLINES[0], HEADLINES[-2], HEADLINES[-1])  # selected, built, and the duty
# Of the headlines, in their order.
_SHORT = ("committed", "P 90 %", "paid", "paid 2029", "completed", "P(tariffs)")


def print_readings(quiet: bool, **asked: Any) -> None:
    """Run the readings, print what they change, and on the last line the folder."""
    done = sim.readings(**asked, progress=telling(quiet))
    put_csv(done.folder / "readings.csv", done.rows())
    if not quiet:
        _print(done)
    draw_beside(done.folder, lambda report: report.draw_readings(done))
    click.echo(done.folder)


def _print(done: Readings) -> None:
    """What matters most, luck beside choices, and what each reading changes where decided."""
    for name in _TOLD_FIRST:
        say(_widest(done, name))
    for line in done.what_it_takes():
        say(line)
    spans = []
    for name, rows in done.headlines.items():
        base, digits = rows[BASE].level, _digits(rows[BASE])
        levels = [row.level.estimate for row in rows.values()]
        spans.append(
            (
                response_label(name, dates=done.dates),
                number(base.estimate, digits),
                _span(base.low, base.high, digits),
                _span(*rows[BASE].luck, digits),
                _span(min(levels), max(levels), digits),
            )
        )
    print_table(
        "Luck and choices: 95 % is of the mean, and more runs narrow it; 5-95 % of single runs is "
        "luck; means of all readings",
        ("", "mean", "mean, 95 %", "runs, 5-95 %", "readings"),
        spans,
    )
    beyond: list[tuple[str, ...]] = []
    within: list[tuple[str, ...]] = []
    silent = []
    for reading in done.ranked:
        cells = [_change(rows[reading]) for rows in done.headlines.values()]
        if all(cell == NOTHING for cell in cells):
            silent.append(done.title(reading))
        else:
            group = beyond if reading in done.beyond_luck else within
            group.append((done.title(reading), *cells))
    for title, lines in (
        (
            "What outdoes luck most: more than half of the range of runs, 5-95 %, in a column",
            beyond,
        ),
        ("What moves the mean most", within),
    ):
        if lines:
            print_table(f"{title}. Less base, where that is decided", ("", *_SHORT), lines)
    if silent:
        click.echo()
        say(f"No decided change: {'; '.join(silent)}.")
    if dearer := told_dearer((f'"{done.title(one)}"', more) for one, more in done.dearer.items()):
        say(dearer)
    click.echo()


def _widest(done: Readings, response: str) -> str:
    """A headline, and the one choice that surely moves it most."""
    base, *others = done.of(response)
    label, digits = response_label(response, dates=done.dates), _digits(base)
    told = f"{label}: {_level(base, digits)}"
    for one in others:
        if one.decided and AND not in one.reading:
            return f"{told}; most changed by: {done.title(one.reading)}, {_level(one, digits)}."
    return f"{told}; no choice changes it so much that these runs decide."


def _level(row: Read, digits: int) -> str:
    level = row.level
    return f"{number(level.estimate, digits)} ({_span(level.low, level.high, digits)})"


def _span(low: float, high: float, digits: int) -> str:
    return NOTHING if isnan(low) else f"{number(low, digits)} to {number(high, digits)}"


def _change(row: Read) -> str:
    if row.against_base is None or not row.decided:
        return NOTHING
    return f"{row.against_base.difference.estimate:+,.{_digits(row)}f}"


def _digits(row: Read) -> int:
    return 2 if unit_of(row.response) == "probability" else 0
