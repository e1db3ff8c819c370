"""Numbers, dates and tables as a reader likes them. Plain ASCII, for every terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isinf, isnan
from unicodedata import combining, east_asian_width

import click

NOTHING = "-"


def day(value: date) -> str:
    """A date in words.

    Examples
    --------
    >>> day(date(2029, 1, 19))
    '19 January 2029'
    """
    months = "January February March April May June July August September October November December"
    return f"{value.day} {months.split()[value.month - 1]} {value.year}"


def number(value: float, digits: int = 1) -> str:
    """A number with its thousands set apart; a dash where there is none.

    Examples
    --------
    >>> number(1234.56), number(float("nan")), number(float("inf"))
    ('1,234.6', '-', 'unlimited')
    """
    if isnan(value):
        return NOTHING
    return "unlimited" if isinf(value) else f"{value:,.{digits}f}"


def percent(share: float) -> str:
    """A share in percent.

    Examples
    --------
    >>> percent(0.354), percent(0.0004), percent(0.997), percent(float("nan"))
    ('35 %', '0.04 %', '>99 %', '-')
    """
    if isnan(share):
        return NOTHING
    if 0.995 <= share < 1:
        return ">99 %"  # what is not certain is not printed as if it were
    digits = 0 if share == 0 or share >= 0.01 else 2
    return f"{share:.{digits}%}".replace("%", " %")


def duration(seconds: float) -> str:
    """A time in the unit that suits it.

    Examples
    --------
    >>> duration(42), duration(600), duration(9000)
    ('42 s', '10 min', '2.5 h')
    """
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def size(n_bytes: float) -> str:
    """An amount of disk.

    Examples
    --------
    >>> size(2_600_000), size(3.2e9)
    ('3 MB', '3.2 GB')
    """
    if n_bytes < 1e9:
        return f"{max(n_bytes / 1e6, 1):.0f} MB"
    return f"{n_bytes / 1e9:.1f} GB"


def columns(text: str) -> int:
    """Columns a terminal takes for a text: two for a wide character, none for a combining mark.

    Examples
    --------
    >>> columns("gas"), columns("ガス")
    (3, 4)
    """
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def print_table(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on stdout: words in the first column, numbers to the right in the others."""
    lines = [tuple(" ".join(cell.split()) for cell in line) for line in (headers, *rows)]
    widths = [max(columns(line[place]) for line in lines) for place in range(len(headers))]
    click.echo(f"\n{title}")
    for number_of_line, line in enumerate(lines):
        blanks = [" " * (n - columns(cell)) for cell, n in zip(line, widths, strict=True)]
        cells = [line[0] + blanks[0]]
        cells += [before + cell for cell, before in zip(line[1:], blanks[1:], strict=True)]
        click.echo("  " + "   ".join(cells).rstrip())
        if number_of_line == 0:
            click.echo("  " + "   ".join("-" * width for width in widths))
