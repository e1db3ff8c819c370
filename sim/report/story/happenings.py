"""Events of one project as plain records: what the story and the Gantt chart read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sim.calendars import MINUTES_PER_DAY
from sim.events import Cause, Kind

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ["time", "date", "event", "resource", "cause", "part", "amount"]
# They act at 00:00 of the day after the date they are printed with (docs/model.md, "Time").
_AT_THE_CLOSE = frozenset({Kind.CALL_LATE, Kind.CALL_MISSED, Kind.LAPSED, Kind.DEADLINE_CLOSED})


@dataclass(frozen=True)
class Happening:
    """One event.

    Attributes
    ----------
    time : int
        Minutes since the programme's start.
    day : date
        The date to print: the day that closed, for what acts at the close of a day.
    kind : Kind
    resource : str
        ``""`` where there is none.
    cause : Cause
    part : int
        Slice, round, visit or unit, as the kind says.
    amount : float
        USD for money, else as logged.
    called : str
        What a sentence calls the resource, ``""`` for its id in plain words.
    """

    time: int
    day: date
    kind: Kind
    resource: str = ""
    cause: Cause = Cause.NONE
    part: int = 0
    amount: float = 0.0
    called: str = ""

    @property
    def on_record(self) -> bool:
        """Whether it happened because it is recorded history."""
        return self.cause is Cause.RECORDED


def of_projects(
    events: pd.DataFrame, replication: int, called: Mapping[str, str] | None = None
) -> dict[str, list[Happening]]:
    """Happenings of every project of a replication, in order; ``""`` holds the programme's own.

    Parameters
    ----------
    events : DataFrame
        The events table, of any number of replications.
    replication : int
    called : mapping of str to str, optional
        What sentences call resources, by id; see `sim.report.names.called`.
    """
    rows = events[events["replication"] == replication]
    projects = rows["project"].astype(object)
    owners = projects.where(projects.notna(), "").tolist()
    found: dict[str, list[Happening]] = {}
    for owner, happening in zip(owners, _read(rows, called or {}), strict=True):
        found.setdefault(owner, []).append(happening)
    return found


def _read(rows: pd.DataFrame, called: Mapping[str, str]) -> list[Happening]:
    texts = {
        name: rows[name].astype(object).where(rows[name].notna(), "").tolist()
        for name in ("event", "resource", "cause")
    }
    return [
        Happening(
            time=int(time),
            day=_printed(day.date(), kind),
            kind=kind,
            resource=resource,
            cause=Cause[(cause or "none").upper()],
            part=int(part),
            amount=float(amount),
            called=called.get(resource, ""),
        )
        # Column by column, in the order of the names.
        for time, day, kind, resource, cause, part, amount in zip(
            rows["time"].tolist(),
            rows["date"].tolist(),
            [Kind[event.upper()] for event in texts["event"]],
            texts["resource"],
            texts["cause"],
            rows["part"].fillna(-1).tolist(),
            rows["amount"].fillna(0.0).tolist(),
            strict=True,
        )
    ]


def _printed(day: date, kind: Kind) -> date:
    return day - timedelta(days=1) if kind in _AT_THE_CLOSE else day


def days_between(begin: int, end: int) -> float:
    """Days from one minute to another."""
    return (end - begin) / MINUTES_PER_DAY
