"""What one replication left behind, as the laws read it: from memory, or from a run folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.config.schema import Config
from sim.events import (
    Attributes,
    CapacityTrace,
    Cause,
    EventLog,
    FloatArray,
    IntArray,
    Kind,
    MarketTrace,
    Names,
    Replication,
    SiteTrace,
)
from sim.plan import Plan
from sim.results.ledger.charging import charge
from sim.results.tables.horizon import Horizon
from sim.world import World
from sim.world.prices import yen_factors
from sim.world.uniforms import stream_key

Table: TypeAlias = Mapping[str, NDArray[Any]]

UNKNOWN = -2  # a reader's code for a word that is none of the config's
_KINDS = tuple(Kind)


class Violation(NamedTuple):
    """One place where a law does not hold; project and minute are -1 where there is none."""

    project: int
    minute: int
    words: str


class Event(NamedTuple):
    """One row of the log as plain numbers."""

    time: int
    project: int
    kind: Kind
    resource: int
    cause: int
    part: int
    amount: float


class Yardstick:
    """What every replication of a config is held against: made once, when first asked for."""

    def __init__(self, config: Config) -> None:
        self.config = config

    @cached_property
    def horizon(self) -> Horizon:
        """Dates and months that the tables span."""
        return Horizon(self.config)

    @cached_property
    def plan(self) -> Plan:
        """The config, compiled."""
        return Plan.of(self.config)

    @cached_property
    def early_works(self) -> tuple[bool, ...]:
        """By sector, whether it may build a share before its last permit."""
        return tuple(s.permits.early_works_share > 0 for s in self.config.sectors.values())

    @cached_property
    def develops(self) -> tuple[bool, ...]:
        """By sector, whether its notice to proceed waits for development."""
        return tuple(s.development is not None for s in self.config.sectors.values())

    @cached_property
    def slots_per_unit(self) -> tuple[dict[str, int], ...]:
        """By sector, what a unit takes of each maker."""
        return tuple(
            {f"equipment_{name}": need.slots_per_unit for name, need in sector.equipment.items()}
            for sector in self.config.sectors.values()
        )


@dataclass(frozen=True)
class Charged:
    """The delay ledger as it was kept; minutes, a row per project present."""

    minutes: FloatArray  # (n_projects, n_causes)
    hidden: FloatArray  # (n_projects, n_causes)
    drag: FloatArray  # (n_projects, n_causes)
    short_by_pool: FloatArray  # (n_projects, n_pools)
    held: FloatArray  # (n_projects, n_causes)


@dataclass(frozen=True)
class Evidence:
    """One replication as far as it is known; None is what a run folder does not keep.

    ``tables`` are columns as `sim.results.tabulate` makes them, by name: those that were written.
    """

    replication: int
    end: int  # minute after the last
    measure: Yardstick
    names: Names
    log: EventLog
    attributes: Attributes
    charged: Charged
    tables: Mapping[str, Table] = field(default_factory=dict)
    capacity: CapacityTrace | None = None
    sites: SiteTrace | None = None
    market: MarketTrace | None = None
    world: World | None = None

    @cached_property
    def events(self) -> list[Event]:
        """The log, event by event."""
        log = self.log
        columns = (log.time, log.project, log.kind, log.resource, log.cause, log.part, log.amount)
        # Every event of a replication: bare tuples, in the order of ``columns``.
        return [
            Event(time, project, _KINDS[kind], resource, cause, part, amount)
            for time, project, kind, resource, cause, part, amount in zip(
                *(column.tolist() for column in columns), strict=True
            )
        ]

    def of(self, kinds: Collection[Kind]) -> list[Event]:
        """The events of these kinds, in order."""
        wanted = np.flatnonzero(np.isin(self.log.kind, list(kinds)))
        events = self.events
        return [events[row] for row in wanted.tolist()]

    def instants(self) -> Iterator[tuple[int, list[Event]]]:
        """Minutes at which something happened, and what."""
        for time, events in groupby(self.events, key=lambda event: event.time):
            yield time, list(events)

    def stretches(
        self, kind: Kind, ends: Collection[Kind], cause: Cause | None = None
    ) -> dict[tuple[int, int], list[tuple[int, int]]]:
        """From when to when something went on that ``kind`` begins, in order.

        By project and part where a ``cause`` is named, else by project alone, its part 0. What is
        open at the end of the log lasts to the end of the run.
        """
        found: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        since: dict[tuple[int, int], int] = {}
        for event in self.of({kind, *ends}):
            if cause is None or event.cause == cause:
                key = event.project, 0 if cause is None else event.part
                if event.kind == kind:
                    since[key] = event.time
                elif key in since:
                    found[key].append((since.pop(key), event.time))
        for key, began in since.items():
            found[key].append((began, self.end))
        return found

    @cached_property
    def row(self) -> dict[int, int]:
        """Row of Attributes by entity."""
        return {entity: row for row, entity in enumerate(self.attributes.entity.tolist())}

    @cached_property
    def lender(self) -> list[int]:
        """One number for all resources of a facility (its desks, commitments and cash).

        Other resources keep their own; one more, so that -1 maps to -1.
        """
        names = self.names
        numbers = list(range(len(names.resources)))
        for number, facility in enumerate(names.facilities, start=len(numbers)):
            for what in ("desks", "commitments", "cash"):
                if f"{facility}_{what}" in names.resources:
                    numbers[names.resources.index(f"{facility}_{what}")] = number
        return [*numbers, -1]

    @cached_property
    def takers(self) -> dict[int, int]:
        """Who takes over what a lender has not signed by its last day; numbers as `lender`."""
        first, found = len(self.names.resources), self.measure.plan.calls.takers
        return {first + who: first + taker for who, taker in enumerate(found) if taker >= 0}

    @cached_property
    def yen_factors(self) -> list[float]:
        """What each month makes of the exchange rate: a draw that needs no world."""
        if self.world is not None:
            return list(map(float, self.world.yen_factor))
        stream = stream_key(self.measure.config.run.seed, self.replication)
        return list(map(float, yen_factors(self.measure.plan.nature.runs, stream)))

    def resource(self, name: str) -> int:
        """Index of a resource."""
        return self.names.resources.index(name)

    @cached_property
    def overruns(self) -> dict[int, int]:
        """Cents by which each building costs more than planned, in the project's proportion."""
        attributes = self.attributes
        over = np.maximum(attributes.cost_ratio - 1, 0.0)
        cents: IntArray = np.rint(attributes.selected_cents * over).astype(np.int64)
        return dict(zip(attributes.entity.tolist(), cents.tolist(), strict=True))


def evidence_of(
    replication: Replication,
    measure: Yardstick,
    world: World | None = None,
    tables: Mapping[str, Table] | None = None,
) -> Evidence:
    """All that a replication in memory has to show."""
    ledger = charge(replication)
    return Evidence(
        replication=replication.replication,
        end=replication.end_minute,
        measure=measure,
        names=replication.names,
        log=replication.log,
        attributes=replication.attributes,
        charged=Charged(
            ledger.minutes.astype(np.float64),
            ledger.hidden.astype(np.float64),
            ledger.drag.astype(np.float64),
            ledger.short_by_pool,
            ledger.held,
        ),
        tables=tables or {},
        capacity=replication.capacity,
        sites=replication.sites,
        market=replication.market,
        world=world,
    )


def last_steps(trace: CapacityTrace, resource: int) -> dict[int, tuple[float, float, float]]:
    """(capacity, in use, waiting) of a resource from each minute on."""
    mine = np.flatnonzero(trace.resource == resource)
    columns = (trace.time, trace.capacity, trace.in_use, trace.waiting)
    rows = zip(*(column[mine].tolist() for column in columns), strict=True)
    return {int(time): (capacity, in_use, waiting) for time, capacity, in_use, waiting in rows}
