"""The event log and the step traces, as plain arrays: what an engine hands to the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

CENTS_PER_USD_BN = 100_000_000_000

IntArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class EventLog:
    """Everything that happened in one replication, in order.

    All arrays have shape (n_events,). ``project`` is the entity index of
    ``Names.projects`` (-1: none), ``resource`` the index of ``Names.resources`` (-1: none).
    ``amount`` is in whole cents where the kind says USD, else in the kind's own unit.
    """

    time: IntArray  # minutes since programme.start, never decreasing
    project: IntArray
    kind: IntArray
    resource: IntArray
    cause: IntArray
    part: IntArray
    amount: FloatArray


@dataclass(frozen=True)
class CapacityTrace:
    """Every step of every resource; one row per resource and instant at which something changed.

    ``capacity`` is inf where unlimited. Units by resource: teams, desks and agencies count
    servers; stocks and the envelope are cents (capacity = what the period holds, in_use = what is
    consumed of it, waiting_cents = what is queued); specialist pools count people
    (capacity = what the programme can get, in_use = granted, waiting = wanted - granted).
    """

    resource: IntArray
    time: IntArray
    capacity: FloatArray
    in_use: FloatArray
    waiting: FloatArray  # entities, or people for specialist pools
    waiting_cents: FloatArray


@dataclass(frozen=True)
class SiteTrace:
    """Progress of sites, exact: each row is a stretch in which a unit, or a line, was at work.

    ``start``/``end`` minutes; at both ends what the row adds to its project's progress, and the
    minutes of its own clock. A line, which begins the units of a project of several, adds nothing
    to progress. Inside, progress follows the group's
    virtual clock (``clock_group``, ``clock_time``, ``clock_work``: cumulative minutes of work at
    full rate; linear between rows).
    """

    project: IntArray  # (n_stretches,) entity index
    group: IntArray
    start: IntArray
    end: IntArray
    start_progress: FloatArray
    end_progress: FloatArray
    unit: IntArray  # -1: the line
    start_work: FloatArray
    end_work: FloatArray
    clock_group: IntArray  # (n_clock_rows,)
    clock_time: IntArray
    clock_work: FloatArray  # minutes of full-rate work done by a site that never stopped
    clock_limit: IntArray  # pool that limits the group from this row on; -1: none, -2: all alike


@dataclass(frozen=True)
class MarketTrace:
    """Specialist pools, one row per pool and step.

    ``people`` is S, ``other_demand`` is O, ``wanted`` is D; all in people.
    """

    pool: IntArray
    time: IntArray
    people: FloatArray
    other_demand: FloatArray
    wanted: FloatArray
    granted: FloatArray


@dataclass(frozen=True)
class Names:
    """What the integer codes of a log stand for; the same in every replication of a config.

    ``resources`` in order: teams, agencies, facility desks ("jbic_desks"), facility commitments
    ("jbic_commitments"), facility cash ("jbic_cash"), "envelope", equipment
    ("equipment_turbines"), power regions ("power_ohio"), specialist pools
    ("specialists_electrical").
    """

    projects: tuple[str, ...]
    resources: tuple[str, ...]
    resource_units: tuple[str, ...]  # "servers", "USD", "slots", "MW", "people"
    resource_labels: tuple[str, ...]
    pools: tuple[str, ...]
    sectors: tuple[str, ...]
    facilities: tuple[str, ...]
    states: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attributes:
    """Attributes of the projects present in one replication, shape (n,), in ordinal order.

    ``selected_cents`` may be below ``commitment_cents`` when selection scaled it down; 0 when
    never selected.
    """

    entity: IntArray
    named: NDArray[np.bool_]
    sector: IntArray
    state: IntArray  # index of Names.states, -1 where none is known
    units: IntArray
    cost_cents: IntArray
    commitment_cents: IntArray
    selected_cents: IntArray
    cost_ratio: FloatArray
    japanese_content_share: FloatArray
    prospects_share: FloatArray
    build_minutes: IntArray
    nominal_minutes: IntArray  # what the build was planned to take at full crew, all units
    specialists: FloatArray  # people wanted while building, all pools


@dataclass(frozen=True)
class OperationDraws:
    """What the world holds for the time after building, shape (n,), in ordinal order."""

    yield_share: FloatArray  # operating cash a year over the planned cost
    refresh_years: FloatArray  # between re-investments; 0 where there are none
    recovery_share: FloatArray  # of the principal, when the project is given up


@dataclass(frozen=True)
class Replication:
    """All that one replication leaves behind.

    ``capacity`` is None where nobody asked for it, ``operation`` without a finance section.
    """

    replication: int
    names: Names
    attributes: Attributes
    log: EventLog
    capacity: CapacityTrace | None
    sites: SiteTrace
    market: MarketTrace
    end_minute: int
    operation: OperationDraws | None = None

    @property
    def steps(self) -> CapacityTrace:
        """The steps of capacity.

        Raises
        ------
        ValueError
            If it was simulated without them.
        """
        if self.capacity is None:
            raise ValueError(f"replication {self.replication} was simulated without its steps")
        return self.capacity
