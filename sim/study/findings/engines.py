"""Both engines on the same worlds: equal to the bit, or the first event that differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.events import Cause, EventLog, Kind, Names
from sim.study.run.engines import COMPILED, SIMPY, engine_of, simulate_with, using
from sim.study.run.progress import Progress, told

if TYPE_CHECKING:
    from sim.calendars import Epoch
    from sim.config import Loaded
    from sim.events import Replication

PARTS = ("log", "capacity", "sites", "market", "attributes")
AROUND = 3  # events told either side of the first that differs


@dataclass(frozen=True)
class Difference:
    """Where one replication first differs, and the rows around it of both engines."""

    replication: int
    where: str
    simpy: tuple[str, ...]
    compiled: tuple[str, ...]


@dataclass(frozen=True)
class Engines:
    """So many replications by both engines, so many events, and those that differ."""

    seed: int
    replications: int
    events: int
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether both left the same, to the bit."""
        return not self.differences


def compare_engines(
    config: Loaded, replications: int, first: int = 0, progress: bool | Progress = False
) -> Engines:
    """Run the same worlds on both engines, and compare everything they leave.

    Parameters
    ----------
    config : Loaded
        One that the compiled engine runs: none with a rule file of the user's own.
    replications, first : int
        How many, and the number of the first.
    progress : bool
        Report on stderr how far it is.

    Raises
    ------
    DesignError
        If the compiled engine cannot be used.
    """
    from sim.plan import Plan
    from sim.world import draw_world, pin_history

    with using(COMPILED):
        engine_of(config.config)
    plan, seed, progress = Plan.of(config.config), config.config.run.seed, told(progress)
    one, other = simulate_with(SIMPY), simulate_with(COMPILED)
    found, events = [], 0
    progress.start(0, replications)
    try:
        for number in range(first, first + replications):
            world = pin_history(plan.nature, draw_world(plan.nature, seed, number))
            reference = one(plan, world)
            events += len(reference.log.time)
            found += list(differences(reference, other(plan, world), plan.nature.epoch))[:1]
            progress.advance(1)
    finally:
        progress.stop()
    return Engines(seed, replications, events, tuple(found))


def differences(one: Replication, other: Replication, epoch: Epoch) -> Iterator[Difference]:
    """Every part in which two replications differ; the log first, which tells most."""
    for part in PARTS:
        mine, theirs = getattr(one, part), getattr(other, part)
        for column in fields(mine):
            a, b = getattr(mine, column.name), getattr(theirs, column.name)
            if a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
                continue
            row = _first(a, b) if part != "log" else _first_event(mine, theirs)
            tell = _events if part == "log" else _rows
            yield Difference(
                one.replication,
                f"{part}, row {row}" if part == "log" else f"{part}.{column.name}, row {row}",
                tuple(tell(mine, row, one.names, epoch)),
                tuple(tell(theirs, row, one.names, epoch)),
            )
            break


def _first(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> int:
    size = min(len(one), len(other))
    unlike = np.flatnonzero(one[:size] != other[:size])
    return int(unlike[0]) if len(unlike) else size


def _first_event(one: EventLog, other: EventLog) -> int:
    columns = (column.name for column in fields(one))
    return min(_first(getattr(one, name), getattr(other, name)) for name in columns)


def _events(log: EventLog, row: int, names: Names, epoch: Epoch) -> Iterator[str]:
    for at in range(max(0, row - AROUND), min(len(log.time), row + AROUND + 1)):
        project, resource = int(log.project[at]), int(log.resource[at])
        yield "  ".join(
            (
                ">" if at == row else " ",
                f"{epoch.date_of(int(log.time[at]))} +{int(log.time[at]) % 1440} min",
                names.projects[project] if project >= 0 else "-",
                Kind(int(log.kind[at])).name.lower(),
                names.resources[resource] if resource >= 0 else "-",
                _cause(int(log.cause[at])),
                f"part {log.part[at]}",
                f"{log.amount[at]:.15g}",
            )
        )


def _cause(cause: int) -> str:
    return Cause(cause).name.lower() if cause in Cause._value2member_map_ else str(cause)


def _rows(part: Any, row: int, *_: object) -> Iterator[str]:
    columns = [getattr(part, column.name) for column in fields(part)]
    for at in range(max(0, row - AROUND), min(len(columns[0]), row + AROUND + 1)):
        yield ("> " if at == row else "  ") + "  ".join(f"{one[at]:.17g}" for one in columns)
