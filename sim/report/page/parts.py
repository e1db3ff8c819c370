"""What the page is made of: sections, and tables of words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sim.stats.intervals import Interval

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables


class Cell(NamedTuple):
    """What stands in a cell, what stands small beside it, and what it is sorted by."""

    text: str
    small: str = ""
    sort: str = ""


class Head(NamedTuple):
    """A heading; ``wide`` columns are left out on a phone."""

    text: str
    number: bool = True
    wide: bool = False


class Table(NamedTuple):
    """A table; the first column names the row."""

    caption: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    sorts: bool = False
    hidden: str = ""  # words to click on before it opens
    search: str = ""  # label of a field that searches it


class Section(NamedTuple):
    """A section: its anchor, its name in the menu, its title, and what its template shows.

    ``withheld`` says what is missing, ``command`` is the one that makes it, ``takes`` its time.
    """

    id: str
    menu: str
    title: str
    shown: dict[str, Any]
    withheld: str = ""
    command: str = ""
    takes: str = ""


Maker: TypeAlias = "Callable[[RunTables], Section]"


def section(name: str, menu: str, title: str, /, **shown: Any) -> Section:
    """A section that shows something."""
    return Section(name, menu, title, shown)


def withheld(
    name: str, menu: str, title: str, why: str, command: str = "", takes: str = ""
) -> Section:
    """A section that has nothing to show, what would make it, and the time that takes."""
    return Section(name, menu, title, {}, why, command, takes)


def unstudied(
    name: str, menu: str, title: str, why: str, verb: str, takes: str, run: RunTables
) -> Section:
    """A section of a study that has not been made beside this run; ``takes``: for the base."""
    command = f"sim {verb} {run.folder} && sim report {run.folder}"
    return withheld(name, menu, title, why, command, f"{takes} for the base, on two cores")


def heads(words: str, *more: str, wide: str = "", text: str = "") -> tuple[Head, ...]:
    """Headings divided by ``|``: the first names the rows, the others are of numbers.

    Those in ``wide`` are left out on a phone, those in ``text`` stand over words.
    """
    left_out, spelt = wide.split("|"), text.split("|")
    every = (*words.split("|"), *more)
    return tuple(
        Head(one, at > 0 and one not in spelt, bool(one) and one in left_out)
        for at, one in enumerate(every)
    )


class Summary:
    """The rows of ``summary.csv`` by response and scope."""

    def __init__(self, run: RunTables) -> None:
        self.rows = {(row["response"], row["scope"]): row for row in run.summary_rows}

    def __contains__(self, response: str) -> bool:
        return (response, "programme") in self.rows

    def value(self, response: str, column: str = "mean", scope: str = "programme") -> float:
        """One number; nan where there is none."""
        row = self.rows.get((response, scope))
        return float(row[column]) if row is not None and row[column] else float("nan")

    def median(self, response: str) -> Interval:
        """Median with its 95 % interval."""
        return Interval(*(self.value(response, f"p50{end}") for end in ("", "_low", "_high")))

    def mean(self, response: str, scope: str = "programme") -> Interval:
        """Mean, or share, with its 95 % interval."""
        return Interval(
            *(self.value(response, column, scope) for column in ("mean", "mean_low", "mean_high"))
        )
