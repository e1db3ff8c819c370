"""The hand-made replication, tampered with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from support.hand_made import HAND_NAMES, hand_replication, with_log
from support.made_logs import Diary

from sim.events import Attributes, EventLog, Kind

BEGIN = date(2026, 1, 1)


def rows_of(log: EventLog, kind: Kind, project: int | None = None) -> np.ndarray:
    here = log.kind == kind
    return np.flatnonzero(here if project is None else here & (log.project == project))


def without(kind: Kind, project: int | None = None):
    """The hand-made replication with the first such event left out."""
    made = hand_replication()
    row = rows_of(made.log, kind, project)[0]
    fields = EventLog.__dataclass_fields__
    return with_log(made, EventLog(*(np.delete(getattr(made.log, name), row) for name in fields)))


def changed(kind: Kind, project: int | None = None, which: int = 0, **values):
    """The hand-made replication with one event's fields changed."""
    made = hand_replication()
    row = rows_of(made.log, kind, project)[which]
    arrays = {}
    for name, value in values.items():
        arrays[name] = getattr(made.log, name).copy()
        arrays[name][row] = value
    return with_log(made, replace(made.log, **arrays))


def noted(*notes: tuple):
    """A replication of these (when, project, kind, {fields}) and of no other project."""
    diary = Diary(HAND_NAMES, BEGIN)
    for when, project, kind, *fields in notes:
        diary.note(when, project, kind, **(fields[0] if fields else {}))
    made, log = with_log(hand_replication(), diary.log()), diary.log()
    here = np.isin(made.attributes.entity, log.project)
    columns = {name: getattr(made.attributes, name)[here] for name in vars(made.attributes)}
    return replace(made, attributes=Attributes(**columns))


def added(*notes: tuple):
    """The hand-made replication with these events after all others of their minute."""
    log = hand_replication().log
    more = noted(*notes).log
    both = {
        name: np.concatenate([getattr(log, name), getattr(more, name)])
        for name in EventLog.__dataclass_fields__
    }
    order = np.argsort(both["time"], kind="stable")
    return with_log(
        hand_replication(), EventLog(**{name: array[order] for name, array in both.items()})
    )
