"""Who is there, in each of several replications drawn together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.calendars import DAYS_PER_YEAR, MINUTES_PER_DAY
from sim.errors import ModelError
from sim.world.model import IntArray
from sim.world.nature import Nature
from sim.world.uniforms import KeyArray, stream_keys, uniforms

MINUTES_PER_YEAR = DAYS_PER_YEAR * MINUTES_PER_DAY


@dataclass(frozen=True)
class Present:
    """A row a project: those of one replication, in ordinal order, after those of another.

    Whatever is drawn for rows is drawn for all replications in one call. A row reads nothing of
    another, so it does not matter who else is in the batch.
    """

    replications: Sequence[int]
    streams: KeyArray  # (replications,)
    batch: IntArray  # (n,) which of the replications, counted from 0
    bounds: IntArray  # (replications + 1,) where the rows of each begin, and all end
    entity: IntArray  # (n,) index into Nature.entity_ids
    sector: IntArray  # (n,)
    proposed: IntArray  # (n,) minute
    named_row: IntArray  # (n,) row of the portfolio, -1: generated
    stream: KeyArray  # (n,)
    keys: KeyArray  # (n,) of the project's own luck
    shared: KeyArray  # (n,) of what is decided of all sites of a project


def present(nature: Nature, seed: int, replications: Sequence[int]) -> Present:
    """Named projects that enter, and what the pipelines bring.

    Raises
    ------
    ModelError
        If a generated pipeline would exceed its ``maximum``; names the first replication.
    """
    named, streams = nature.named, stream_keys(seed, replications)
    draws = uniforms(streams[:, None], nature.shared_keys[: len(named.sector)], "enter", 1)
    batch, row = np.nonzero(draws[..., 0] < named.entry_probability)
    found = [(batch, row, named.sector[row], named.proposed[row], row)]
    for table in nature.pipelines:
        arrived = np.broadcast_to(table.schedule, (len(streams), len(table.schedule)))
        if table.arrivals_per_year:
            u = uniforms(streams[:, None], np.array([table.key]), "arrival", table.maximum + 1)
            gaps = -np.log1p(-u[:, 0]) * (MINUTES_PER_YEAR / table.arrivals_per_year)
            times = table.first_minute + np.cumsum(gaps, axis=1)
            beyond = np.flatnonzero(times[:, -1] < nature.deadline_minute)
            if len(beyond):
                raise ModelError(
                    f"seed {seed}, replication {replications[beyond[0]]}: a pipeline of sector "
                    f"{nature.sector_ids[table.sector]} exceeds its maximum of {table.maximum}"
                )
            arrived = np.ceil(times).astype(np.int64)
        batch, slot = np.nonzero(arrived < nature.deadline_minute)
        none = np.full(len(slot), -1)
        sector = np.full(len(slot), table.sector)
        found.append((batch, table.first_slot + slot, sector, arrived[batch, slot], none))
    batch, entity, sector, minute, row = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((nature.id_rank[entity], minute, batch))
    batch, entity = batch[order], entity[order]
    return Present(
        replications=replications,
        streams=streams,
        batch=batch,
        bounds=np.searchsorted(batch, np.arange(len(streams) + 1)),
        entity=entity,
        sector=sector[order],
        proposed=minute[order],
        named_row=row[order],
        stream=streams[batch],
        keys=nature.entity_keys[entity],
        shared=nature.shared_keys[entity],
    )
