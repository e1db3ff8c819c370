"""Numbers, dates and tables as a reader likes them. Plain ASCII, for every terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from datetime import date
from math import isinf, isnan

NOTHING = "-"


def day(value: date) -> str:
    """A date in words.

    Examples
    --------
    >>> day(date(2029, 1, 19))
    '19 January 2029'
    """
    months = (
        "January February March April May June July August September October November December"
    )
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
    >>> percent(0.354), percent(0.0004), percent(float("nan"))
    ('35 %', '0.04 %', '-')
    """
    if isnan(share):
        return NOTHING
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
    >>> size(2_500_000), size(3.2e9)
    ('3 MB', '3.2 GB')
    """
    if n_bytes < 1e9:
        return f"{max(n_bytes / 1e6, 1):.0f} MB"
    return f"{n_bytes / 1e9:.1f} GB"


def print_table(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on stdout: the first column to the left, numbers to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.ASCII_DOUBLE_HEAD,
        show_edge=False, pad_edge=False,
    )  # fmt: skip
    for place, header in enumerate(headers):
        table.add_column(header, justify="right" if place else "left", no_wrap=place > 0)
    for row in rows:
        table.add_row(*row)
    console = Console(width=width, highlight=False, markup=False, soft_wrap=False)
    console.print()
    console.print(table)
