"""The named projects: how likely, when, and what holds each up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.page import titles
from sim.report.page.parts import Cell, Section, Table, heads, section, withheld
from sim.report.page.words import number, percent
from sim.stats.intervals import Interval, wilson
from sim.study.run.files import csv_rows

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

FILE = "projects_summary.csv"
_DATES = ("selected_p50", "first_unit_p50", "operating_p50", "operating_p80")


def projects(run: RunTables) -> Section:
    """A row for each named project: shares of all runs, and dates over those that propose it."""
    path = run.folder / FILE
    if not path.is_file():
        why, again = f"{FILE} is missing:", f"sim run {run.folder}/config.yaml"
        return withheld("projects", "Projects", "Project by project", why, again)
    named = [row for row in csv_rows(path) if row["name"]]
    end, n = run.config.programme.run_out, int(run.manifest["replications"])
    years = [name for name in (named[0] if named else {}) if name.startswith("p_operating_by_")]
    by_year = [f"runs by {name[-4:]}" for name in years]
    wide = "USD bn|selected|selected, half by|running, 8 in 10|given up|costs most, days"
    columns = heads(
        "Project|USD bn|selected|selected, half by|first unit, half by|running, half by|"
        "running, 8 in 10",
        *by_year,
        "given up",
        "costs most, days",
        wide="|".join([wide, *by_year[:-1]]),
        text="costs most, days",
    )
    rows = [
        (
            Cell(row["name"], row["project"]),
            _share(row["usd_bn"], number),
            _of_all(row, "p_selected", n)._replace(small=_entry(row["p_proposed"])),
            *(
                _date(row[name], row.get(f"{name.removesuffix('_p50')}_announced", ""))
                for name in _DATES
            ),
            *(_of_all(row, name, n) for name in years),
            _of_all(row, "p_given_up", n),
            Cell(row["main_cause"], number(float(row["main_cause_days"]), 0)),
        )
        for row in named
    ]
    chances = [chance(row, years[-1], n) for row in named]
    title = titles.of_projects(chances, end) if named else "Project by project"
    return section(
        "projects",
        "Projects",
        title,
        table=Table(
            "The named projects: how often, when, and what holds each up",
            columns,
            rows,
            sorts=True,
            search="Search the projects",
        ),
        note="Why is it late? What costs most is the one cause without which it would come soonest "
        "and by how many days (drag); how many days stood at each cause (held), and what cleared "
        f"last (chain), tells sim explain {run.folder} --project ID. Shares are of all runs. Dates "
        "and days are over the runs in which a project is proposed; what does not happen in them "
        f"counts as after {end.year}, so that no date is too early. {FILE} beside this page has "
        "every project, and its shares where proposed.",
    )


def chance(row: dict[str, str], name: str, runs: int) -> Interval:
    """Share of all runs in which it operates, proposed or not, with its 95 % interval."""
    return wilson(round(float(row["p_proposed"]) * float(row[name]) * runs), runs)


def _of_all(row: dict[str, str], name: str, runs: int) -> Cell:
    """The file has rounded shares of the runs that propose it: their product is no count of runs.

    Half a per cent would be rounded up or down by what is left in the twelfth digit.
    """
    share = chance(row, name, runs).estimate
    return Cell(percent(share), sort=f"{share}")


def _share(text: str, said=percent) -> Cell:  # type: ignore[no-untyped-def]
    return Cell(said(float(text)), sort=text)


def _entry(text: str) -> str:
    """In how many runs an idea is proposed at all."""
    return "" if float(text) == 1 else f"proposed in {percent(float(text))}"


def _date(text: str, announced: str = "") -> Cell:
    """Year and month of a date, in one piece; what comes after the run is sorted last."""
    small = f"announced {_month(announced)}" if announced else ""
    if text.startswith("after"):
        return Cell(text.replace(" ", "\xa0"), small, "999999")
    return Cell(_month(text), small, text[:7].replace("-", ""))


def _month(text: str) -> str:
    return text[:7].replace("-", "\u2011")
