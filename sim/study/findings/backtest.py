"""What runs say that had to predict, beside what then happened; one column per config, never mixed.

What a config has on record by its as-of date is not scored in its column. Whatever has not happened
by the record's last day counts as that day, in runs as in the record; what never came counts 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from sim.calendars import DAYS_PER_MONTH
from sim.config import Loaded, load
from sim.errors import DesignError
from sim.stats.intervals import FloatArray
from sim.stats.scores import crps, depth, pit
from sim.study.findings.run_results import RunTables
from sim.study.run.files import csv_rows

if TYPE_CHECKING:
    import pandas as pd

RECORD, CHECKS = "record.csv", "checks.csv"
# The quantities: what each is called, with its unit. Days count from the programme's start.
LABELS: Mapping[str, str] = {
    "shortlist_days": "First shortlist, day",
    "selection_days": "First selection, day",
    "round_count": "First round, projects",
    "round_usd_bn": "First round, USD bn",
    "batch_days": "Next batch, day",
    "batch_count": "Next batch, projects",
    "batch_usd_bn": "Next batch, USD bn",
    "payment_days": "First call paid, day",
    "paid_usd_bn": "Paid by the end, USD bn",
    "silence_days": "Silence, days",
}
BANDS = {"80": (0.1, 0.9), "98": (0.01, 0.99)}
LIKELY = 0.1  # of runs at least as far out as the record: with fewer it was not to be expected


Fact = TypeVar("Fact")


class Recorded(NamedTuple):
    """A recorded quantity, the day it was known on, and its source."""

    id: str
    value: float
    known_on: date
    source: str


class Check(NamedTuple):
    """What share of comparable ``plants`` ran so many months after they were announced."""

    id: str
    label: str
    sectors: tuple[str, ...]
    above_usd_bn: float
    months: float
    share: float
    plants: int
    source: str


@dataclass(frozen=True)
class Column:
    """One config against the record.

    Attributes
    ----------
    rows : list of dict
        Rows of ``backtest.csv``: per quantity the record, bands in its unit, PIT and CRPS.
    joint : float
        `sim.stats.scores.depth` of all its quantities together.
    n : int
        Replications.
    checks : list of dict
        Rows of ``checks.csv``: the share of the runs' plants beside that of comparable ones. Not
        scored: they count from an announcement, we from selection.
    """

    name: str
    title: str
    rows: list[dict[str, Any]]
    joint: float
    n: int
    checks: list[dict[str, Any]]


class Backtest(NamedTuple):
    """A finished backtest: its folder and its columns, first the one that knew least."""

    folder: Path
    columns: tuple[Column, ...]


def read_record(path: Path) -> tuple[Recorded, ...]:
    """Read the record: ``id``, ``value``, ``known_on``, ``source``.

    Raises
    ------
    DesignError
        If the file is missing, or a row is none.
    """
    if not path.is_file():
        raise DesignError(f"{path} is missing; accepted: a folder with the record and configs")

    def recorded(row: dict[str, str]) -> Recorded:
        if row["id"] not in LABELS:
            raise ValueError(f"no quantity {row['id']!r}")
        day = date.fromisoformat(row["known_on"])
        return Recorded(row["id"], float(row["value"]), day, row["source"])

    accepted = f"id, value, known_on and source; ids are {', '.join(LABELS)}"
    return _read(path, recorded, accepted)


def read_checks(path: Path) -> tuple[Check, ...]:
    """Read the shares of comparable plants; a folder need not have any.

    Raises
    ------
    DesignError
        If a row is none.
    """

    def check(row: dict[str, str]) -> Check:
        numbers = float(row["above_usd_bn"]), float(row["months"]), float(row["share"])
        sectors, plants = tuple(row["sectors"].split(";")), int(row["plants"])
        return Check(row["id"], row["label"], sectors, *numbers, plants, row["source"])

    return _read(path, check, ", ".join(Check._fields)) if path.is_file() else ()


def _read(path: Path, make: Callable[[dict[str, str]], Fact], accepted: str) -> tuple[Fact, ...]:
    """A fact a row; whoever wrote one that is none is told the line."""
    found = []
    for line, row in enumerate(csv_rows(path), start=2):
        try:
            found.append(make(row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DesignError(f"{path}:{line}: {error}; accepted: {accepted}") from error
    return tuple(found)


def read_facts(folder: Path) -> tuple[tuple[Recorded, ...], tuple[Check, ...]]:
    """What has happened: the record of a folder, and its checks."""
    return read_record(folder / RECORD), read_checks(folder / CHECKS)


def check(run: RunTables, one: Check) -> dict[str, Any]:
    """The share of selected plants of all runs that run in time, of those seen for so long."""
    plants = run.projects[run.projects["sector"].astype(str).isin(one.sectors)]
    plants = plants[plants["commitment_usd_bn"] > one.above_usd_bn]
    allowed = one.months * DAYS_PER_MONTH
    seen = (np.datetime64(run.config.programme.run_out) - plants["selected"]).dt.days >= allowed
    took = (plants["operating"] - plants["selected"]).dt.days[seen]
    share = float((took <= allowed).mean()) if len(took) else float("nan")
    return {
        "column": run.config.name,
        "check": one.id,
        "record": one.share,
        "plants": one.plants,
        "source": one.source,
        "share": share,
        "n": len(took),
    }


def score(run: RunTables, record: Sequence[Recorded], checks: Sequence[Check] = ()) -> Column:
    """Score a run on what it did not know.

    Raises
    ------
    DesignError
        If it knew everything.
    """
    config = run.config
    dates = config.programme
    asked = [one for one in record if dates.history == "ignore" or one.known_on > dates.as_of]
    if not asked:
        raise DesignError(
            f"{config.name}: all of the record is known by {dates.as_of}; accepted: "
            "an as_of before its last date, or history: ignore"
        )
    runs = measured(run, max(one.known_on for one in record))
    matrix = np.column_stack([runs[one.id] for one in asked])
    joint, n = depth(matrix, [one.value for one in asked]), len(matrix)
    rows = [
        {"column": config.name, **_row(runs[one.id], one), "joint": joint, "n": n} for one in asked
    ]
    checked = [check(run, one) | {"label": one.label} for one in checks]
    return Column(config.name, config.title, rows, joint, n, checked)


def _row(values: FloatArray, one: Recorded) -> dict[str, Any]:
    row: dict[str, Any] = {
        "quantity": one.id,
        "record": one.value,
        "known_on": one.known_on.isoformat(),
        "source": one.source,
    }
    for name, shares in BANDS.items():
        low, high = (float(np.quantile(values, share)) for share in shares)
        inside = low <= one.value <= high
        row |= {f"low_{name}": low, f"high_{name}": high, f"within_{name}": inside}
    return row | {"pit": pit(values, one.value), "crps": crps(values, one.value)}


def measured(run: RunTables, end: date) -> dict[str, FloatArray]:
    """Every quantity in every replication as seen at the close of ``end``, (n_replications,)."""
    import pandas as pd

    every = range(int(run.manifest["replications"]))
    start = pd.Timestamp(run.config.programme.start)
    last = (pd.Timestamp(end) - start).days
    days = {name: (run.projects[name] - start).dt.days for name in _DATES}
    # What is not seen is as if it had not happened.
    projects = run.projects.assign(**{name: one.where(one <= last) for name, one in days.items()})
    projects["first_site"] = ~projects["project"].isin(run.config.portfolio.further_sites)

    def by_replication(series: pd.Series, otherwise: float) -> pd.Series:
        return series.reindex(every).fillna(otherwise)

    def first(rows: pd.DataFrame, name: str) -> pd.Series:
        return by_replication(rows.groupby("replication")[name].min(), last)

    def on(rows: pd.DataFrame, name: str, days: pd.Series) -> Any:
        return rows[rows[name] == rows["replication"].map(days)].groupby("replication")

    selected = first(projects, "selected")
    later = projects[projects["recommended"] > projects["replication"].map(selected)]
    batch = first(later, "recommended")
    in_round, in_batch = on(projects, "selected", selected), on(later, "recommended", batch)
    events = run.events
    paid = events[(events["event"] == "call_paid") & (events["date"] <= pd.Timestamp(end))]
    found = {
        "shortlist_days": first(projects, "recommended"),
        "selection_days": selected,
        "round_count": by_replication(in_round["first_site"].sum(), 0),
        "round_usd_bn": by_replication(in_round["commitment_usd_bn"].sum(), 0),
        "batch_days": batch,
        "batch_count": by_replication(in_batch["first_site"].sum(), 0),
        "batch_usd_bn": by_replication(in_batch["commitment_usd_bn"].sum(), 0),
        "payment_days": first(projects, "first_call_paid"),
        "paid_usd_bn": by_replication(paid.groupby("replication")["amount"].sum() / 1e9, 0),
        "silence_days": last - by_replication(projects.groupby("replication")["selected"].max(), 0),
    }
    return {name: values.to_numpy(dtype=np.float64) for name, values in found.items()}


_DATES = ["recommended", "selected", "first_call_paid"]


def columns_of(folder: Path) -> list[Loaded]:
    """The configs of a backtest, first the one that knows least."""
    found = [load(path) for path in sorted(folder.glob("*.yaml"))]
    return sorted(found, key=lambda one: one.config.programme.as_of)
