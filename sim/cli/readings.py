"""``sim readings``: the headline under each contested choice, widest first."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten

import click

import sim
from sim.cli.plot import draw_beside
from sim.cli.settings import all_cores
from sim.cli.texts import NOTHING, number, print_table, say
from sim.study.design.named_overlays import BASE
from sim.study.findings.labels import response_label, unit_of
from sim.study.findings.readings import Read, Readings
from sim.study.run.files import put_csv
from sim.study.run.progress import Progress, progress_on_stderr

_WIDEST = 44  # columns of a title
# Of the headlines, in their order.
_SHORT = ("committed", "P 90 %", "paid", "paid 2029", "completed", "P tariff")


def print_readings(
    config: Path,
    folder: Path | None,
    replications: int | None,
    seed: int | None,
    jobs: int | None,
    out: Path | None,
    quiet: bool,
) -> None:
    """Run the readings, print what they change, and on the last line the folder."""
    done = sim.readings(
        config,
        folder,
        replications,
        seed,
        jobs=jobs or all_cores(),
        out=out,
        progress=Progress() if quiet else progress_on_stderr(),
    )
    put_csv(done.folder / "readings.csv", done.rows())
    if not quiet:
        _print(done)
    draw_beside(lambda: _draw(done), done.folder)
    click.echo(done.folder)


def _draw(done: Readings) -> list[Path]:
    from sim import report

    return report.draw_readings(done)


def _print(done: Readings) -> None:
    """Luck beside choices, then what each reading changes where that is decided."""
    spans, changes = [], []
    for name, rows in done.headlines.items():
        base, digits = rows[BASE].level, _digits(rows[BASE])
        levels = [row.level.estimate for row in rows.values()]
        spans.append(
            (
                response_label(name, dates=done.dates),
                number(base.estimate, digits),
                f"{number(base.low, digits)} to {number(base.high, digits)}",
                f"{number(min(levels), digits)} to {number(max(levels), digits)}",
            )
        )
    print_table("Luck and choices", ("", "base", "luck, 95 %", "readings"), spans)
    silent = []
    for reading in done.ranked:
        cells = [_change(rows[reading]) for rows in done.headlines.values()]
        if any(cell != NOTHING for cell in cells):
            changes.append((shorten(done.title(reading), _WIDEST, placeholder=" ..."), *cells))
        else:
            silent.append(done.title(reading))
    print_table(
        "Less base, where that is decided; what outdoes luck most first", ("", *_SHORT), changes
    )
    if silent:
        click.echo()
        say(f"No decided change: {'; '.join(silent)}.")
    click.echo()
    for line in done.what_it_takes():
        say(line)
    click.echo()


def _change(row: Read) -> str:
    against = row.against_base
    if against is None or not against.decided:
        return NOTHING
    return f"{against.difference.estimate:+,.{_digits(row)}f}"


def _digits(row: Read) -> int:
    return 2 if unit_of(row.response) == "probability" else 0
