"""Replications of a config laid end to end, so that what small arrays cost is paid once for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np

from sim.events import (
    Attributes,
    FloatArray,
    IntArray,
    Kind,
    MarketTrace,
    Replication,
    SiteTrace,
)
from sim.results.tables.by_kind import Events

_Columns = TypeVar("_Columns", Attributes, MarketTrace, SiteTrace)


class Happened(NamedTuple):
    """Events of one kind before the end, replication by replication, in order.

    Each has shape (n_of_kind,). They are not to be changed.
    """

    of: IntArray  # place of the replication in the batch
    time: IntArray
    row: IntArray  # row of Batch.attributes, -1: no project
    resource: IntArray
    cause: IntArray
    part: IntArray
    amount: FloatArray  # cents for money

    @property
    def cents(self) -> IntArray:
        """Amounts as whole cents."""
        return np.rint(self.amount).astype(np.int64)


class Batch:
    """Several replications of a config; rows of each table stand replication by replication.

    Parameters
    ----------
    replications : sequence of Replication
        At least one.

    Attributes
    ----------
    n : int
        How many there are.
    of_row : IntArray
        (n_projects,) the place in the batch of each row of ``attributes``.
    first : IntArray
        (n + 1,) where the rows of each begin, and how many there are.
    rows : IntArray
        (n x (n_entities + 1),) row of ``attributes`` by replication and entity, -1: not present.
    """

    def __init__(self, replications: Sequence[Replication]) -> None:
        self.replications = replications
        self.n = len(replications)
        self.names, self.end = replications[0].names, replications[0].end_minute
        self.number = np.array([one.replication for one in replications], dtype=np.int32)
        self.attributes = _joined([one.attributes for one in replications])
        sizes = [len(one.attributes.entity) for one in replications]
        self.of_row: IntArray = np.repeat(np.arange(self.n), sizes)
        self.first: IntArray = np.cumsum([0, *sizes])
        self._happened: dict[Kind, Happened] = {}
        # One more than there are projects, so that -1 maps to -1.
        self._width = len(self.names.projects) + 1
        self.rows = np.full(self.n * self._width, -1, dtype=np.int64)
        self.rows[self.of_row * self._width + self.attributes.entity] = np.arange(sum(sizes))

    @cached_property
    def events(self) -> Events:
        """What the logs say before the end."""
        logs = [one.log for one in self.replications]
        return Events(logs, self.rows, self.end, len(Kind))

    def of(self, kind: Kind) -> Happened:
        """Events of one kind."""
        found = self._happened.get(kind)
        if found is None:
            found = self._happened[kind] = Happened(*self.events.of(kind))
        return found

    @cached_property
    def of_stretch(self) -> IntArray:
        """(n_stretches,) the place in the batch of each stretch of ``sites``."""
        return np.repeat(np.arange(self.n), [len(one.sites.start) for one in self.replications])

    @cached_property
    def row_of_stretch(self) -> IntArray:
        """(n_stretches,) row of ``attributes``."""
        return self.rows.take(self.of_stretch * self._width + self.sites.project)

    @cached_property
    def sites(self) -> SiteTrace:
        """The sites; groups of different replications have different numbers."""
        sites = _joined([one.sites for one in self.replications])
        if self.n == 1:
            return sites
        marks = [len(one.sites.clock_time) for one in self.replications]
        groups = 1 + max(sites.clock_group.max(initial=0), sites.group.max(initial=0))
        return replace(
            sites,
            group=sites.group + groups * self.of_stretch,
            clock_group=sites.clock_group + groups * np.repeat(np.arange(self.n), marks),
        )

    @cached_property
    def market(self) -> MarketTrace:
        """The market; pools of one replication are numbered behind those of the one before."""
        market = _joined([one.market for one in self.replications])
        steps = np.repeat(np.arange(self.n), [len(one.market.time) for one in self.replications])
        return replace(market, pool=market.pool + len(self.names.pools) * steps)


def _joined(parts: Sequence[_Columns]) -> _Columns:
    first = parts[0]
    if len(parts) == 1:
        return first
    return type(first)(
        *(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(first))
    )


def narrow(codes: IntArray) -> IntArray:
    """The same in 16 bits where they fit: stable sorts of those are by radix, in linear time."""
    return codes.astype(np.int16) if codes.max(initial=0) < 2**15 else codes
