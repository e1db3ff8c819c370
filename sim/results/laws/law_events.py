"""What the laws read: the log event by event, and how a broken law is reported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim.errors import ModelError
from sim.events import Kind, Names, Replication


class Event(NamedTuple):
    """One row of the log as plain numbers."""

    time: int
    project: int
    kind: Kind
    resource: int
    cause: int
    part: int
    amount: float


def events_of(replication: Replication) -> Iterator[Event]:
    """The log, event by event."""
    log = replication.log
    rows = zip(
        log.time.tolist(),
        log.project.tolist(),
        log.kind.tolist(),
        log.resource.tolist(),
        log.cause.tolist(),
        log.part.tolist(),
        log.amount.tolist(),
        strict=True,
    )
    for time, project, kind, resource, cause, part, amount in rows:
        yield Event(time, project, Kind(kind), resource, cause, part, amount)


def lenders_of(names: Names) -> list[int]:
    """One number for all resources of a facility (its desks, commitments and cash), by resource.

    Other resources keep their own; one more, so that -1 maps to -1.
    """
    numbers = list(range(len(names.resources)))
    for number, facility in enumerate(names.facilities, start=len(numbers)):
        for what in ("desks", "commitments", "cash"):
            if f"{facility}_{what}" in names.resources:
                numbers[names.resources.index(f"{facility}_{what}")] = number
    return [*numbers, -1]


def broken(replication: Replication, project: int, text: str) -> ModelError:
    """The error that names the replication, the project (below 0: none) and what is wrong."""
    who = f", project {replication.names.projects[project]!r}" if project >= 0 else ""
    return ModelError(f"replication {replication.replication}{who}: {text}")
