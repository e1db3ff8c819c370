"""Numbers, dates and tables as a reader likes them. Plain ASCII, for every terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import inf, isinf, isnan, log10
from shutil import get_terminal_size
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

import click

if TYPE_CHECKING:
    from sim.stats.intervals import Interval

NOTHING = "-"
PIPED = 80  # columns where no terminal says how many
_INDENT, _GAP = "  ", "  "
_NONE = 1e-6  # below any number that is told: dollars in billions, days, shares
# Columns that the first column keeps as long as others can give: tried one after another.
_LABELS = (40, 32, 28, 24, 20, 16, 12, 8)


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


def significant(value: float) -> str:
    """A number with three digits that count; what sums of floats leave in place of none is none.

    Examples
    --------
    >>> significant(138.94), significant(0.0123), significant(-2e-9), significant(float("nan"))
    ('139', '0.0123', '0', '-')
    """
    if abs(value) < _NONE:
        return "0"
    if isnan(value) or isinf(value):
        return number(value, 0)
    return number(value, max(0, 2 - int(log10(abs(value)) // 1)))


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


def together(values: Sequence[float], shares: bool = False) -> list[str]:
    """The numbers of one cell, the first of them the estimate, all to the same digit.

    Three digits count in the largest; the estimate, or of shares each, keeps one that counts.

    Examples
    --------
    >>> together([3.831, 0, 8.184]), together([0.02, 0.0051, 0.04], shares=True)
    (['3.83', '0', '8.18'], ['2.0 %', '0.5 %', '4.0 %'])
    >>> together([139.2, 131.4, 146.0]), together([0.35, 0.3, 0.997], shares=True)
    (['139', '131', '146'], ['35 %', '30 %', '>99 %'])
    """
    sizes = [log10(abs(one)) // 1 for one in values if one and not isnan(one) and not isinf(one)]
    if not sizes:
        return [percent(one) if shares else number(one, 0) for one in values]
    if shares:
        digits = min(max(0, int(-min(sizes)) - 2), 2)
        told = ["0 %" if one == 0 else f"{number(100 * one, digits)} %" for one in values]
        return [
            NOTHING if isnan(one) else ">99 %" if not digits and 0.995 <= one < 1 else said
            for one, said in zip(values, told, strict=True)
        ]
    if all(isinf(one) or one == one // 1 for one in values if not isnan(one)):
        return [number(one, 0) for one in values]  # counts
    least = log10(abs(values[0])) // 1 if values[0] and abs(values[0]) < inf else 0
    digits = max(0, int(2 - max(sizes)), int(-least))
    return [number(one, 0 if one == 0 else digits) for one in values]


def interval_words(interval: Interval) -> str:
    """Limits of an interval, in three digits that count."""
    if isnan(interval.low):
        return NOTHING
    return f"{significant(interval.low)} to {significant(interval.high)}"


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


def width() -> int:
    """Columns to write in: of COLUMNS or the terminal, 80 where the output goes elsewhere."""
    return get_terminal_size((PIPED, 24)).columns


def say(text: str, indent: str = "") -> None:
    """Print a paragraph, wrapped to the width."""
    for line in wrapped(text, width() - len(indent)):
        click.echo(f"{indent}{line}")


def wrapped(text: str, at_most: int) -> list[str]:
    """Lines of a text of so many columns; a word that is longer is cut.

    Examples
    --------
    >>> wrapped("grid connection of Ohio", 10)
    ['grid', 'connection', 'of Ohio']
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if columns(longer) <= at_most:
            lines[-1] = longer
            continue
        while columns(word) > at_most and len(word) > 1:
            cut = max(n for n in range(1, len(word)) if n == 1 or columns(word[:n]) <= at_most)
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    return lines if lines[0] or len(lines) == 1 else lines[1:]


def print_table(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on stdout, fitted to the width: with rich on a terminal, else as plain text."""
    lines = [tuple(" ".join(cell.split()) for cell in line) for line in (headers, *rows)]
    if sys.stdout.isatty():
        _print_rich(title, lines)
        return
    click.echo()
    say(title)
    for line in fitted(lines, width()):
        click.echo(line)


def _print_rich(title: str, lines: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=SIMPLE_HEAD,
        title=Text(title),
        title_justify="left",
        title_style="bold",
        header_style="bold",
        padding=(0, 1),
    )
    for place, header in enumerate(lines[0]):
        table.add_column(Text(header), justify="right" if place else "left", vertical="bottom")
    for line in lines[1:]:
        table.add_row(*(Text(cell) for cell in line))
    Console(highlight=False).print(table)


def fitted(lines: Sequence[Sequence[str]], at_most: int) -> list[str]:
    """Lines of a table whose first line is its head, in at most so many columns.

    Words stand to the left in the first column, numbers to the right in the others. Where the table
    is too wide, heads and then cells go over several lines: labels or numbers, whichever makes the
    table shorter, where a number that is broken counts as two lines.
    """

    def reads(widths: Sequence[int]) -> int:
        broken = [
            cell
            for row in lines[1:]
            for cell, n in zip(row[1:], widths[1:], strict=True)
            if columns(cell) > n
        ]
        return len(_laid(lines, widths)) + 2 * len(broken)

    tried = dict.fromkeys(_widths(lines, at_most, label) for label in _LABELS)
    best = min(tried, key=reads)
    return _laid(lines, best)


def _widths(lines: Sequence[Sequence[str]], at_most: int, label: int) -> tuple[int, ...]:
    """Columns of each cell, where the first keeps ``label`` of them as long as others can give."""
    spare = at_most - len(_INDENT) - len(_GAP) * (len(lines[0]) - 1)
    cells = list(zip(*lines, strict=True))
    natural = [max(columns(cell) for cell in column) for column in cells]
    words = [
        max(columns(word) for cell in column for word in cell.split() or [""]) for column in cells
    ]
    body = [max([columns(cell) for cell in column[1:]], default=0) for column in cells]
    widths = natural
    if sum(natural) > spare:  # heads first
        heads = [max([columns(word) for word in column[0].split()], default=0) for column in cells]
        widths = [max(pair) for pair in zip(body, heads, strict=True)]
    while sum(widths) > spare and max(widths) > 2:
        slack = [have - need for have, need in zip(widths, words, strict=True)]
        most = max(slack[1:], default=0)
        if slack[0] > 0 and (widths[0] > label or most <= 0):
            place = 0
        elif most > 0:
            place = slack.index(most, 1)
        else:
            place = widths.index(max(widths))  # no word is so long that a table may be wider
        widths[place] -= 1
    return tuple(widths)


def _laid(lines: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    """The table, with its cells in so many columns each."""
    found = []
    for number_of_line, line in enumerate(lines):
        parts = [wrapped(cell, size_) for cell, size_ in zip(line, widths, strict=True)]
        height = max(len(part) for part in parts)
        for place, part in enumerate(parts):  # a head stands on its rule, all else hangs
            blank = [""] * (height - len(part))
            parts[place] = blank + part if number_of_line == 0 else part + blank
        for row in zip(*parts, strict=True):
            blanks = [" " * (n - columns(cell)) for cell, n in zip(row, widths, strict=True)]
            text = [row[0] + blanks[0]]
            text += [before + cell for cell, before in zip(row[1:], blanks[1:], strict=True)]
            found.append((_INDENT + _GAP.join(text)).rstrip())
        if number_of_line == 0:
            found.append(_INDENT + _GAP.join("-" * n for n in widths))
    return found
