"""What a study would take: a few replications timed at a handful of points, and scaled up.

Loads neither pandas nor pyarrow: tables are made as columns, and not written.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.study.run.store import REPLICATIONS_PER_PART
from sim.study.run.work import PARTS_PER_TASK, Means, Study

TIMED_POINTS = 5
TIMED_REPLICATIONS = 2


@dataclass(frozen=True)
class Effort:
    """What a study would take; seconds on one process."""

    points: int
    replications: int
    timed_points: int
    seconds_per_replication: float
    slowest_seconds_per_replication: float
    seconds_per_config: float
    rows_per_replication: Mapping[str, float]  # by table
    seconds: float
    parts: int
    disk_bytes: float
    most_disk_bytes: float  # while parts and tables are there

    @property
    def runs(self) -> int:
        """Replications of all points together."""
        return self.points * self.replications


def estimate(study: Study, means: Means | None = None) -> Effort:
    """Time a few replications at points spread over the design.

    A config is made once to be checked, and once for every so many parts that are computed.

    Raises
    ------
    ConfigError
        If one of these points makes an invalid config.
    ModelError
        If a replication breaks a law of the model.
    """
    job = (means or Means()).job(study)
    points, replications = study.request.points, study.request.replications
    chosen = np.unique(np.linspace(0, points - 1, min(points, TIMED_POINTS)).astype(int)).tolist()
    timed = min(replications, TIMED_REPLICATIONS)
    first = job.simulator(job.configure(job.tree, study.values(chosen[0]), "")[0])
    first.columns([first.replicate(job.seed, 0)])  # imports and caches are no part of the time
    making, each = [], []
    rows: Counter[str] = Counter()
    for point in chosen:
        began = time.perf_counter()
        simulation = job.simulator(job.configure(job.tree, study.values(point), "")[0])
        made = time.perf_counter()
        simulation.expect(job.seed, range(timed))
        left = [simulation.replicate(job.seed, replication) for replication in range(timed)]
        making.append(made - began)
        tables = simulation.columns(left)
        each.append((time.perf_counter() - made) / timed)
        rows.update({name: len(one["replication"]) for name, one in tables.items()})
    per_replication, per_config = float(np.mean(each)), float(np.mean(making))
    per_point = -(-replications // REPLICATIONS_PER_PART)
    per_table = {table: n / (len(chosen) * timed) for table, n in rows.items()}
    configs = 1 + -(-per_point // PARTS_PER_TASK) if points > 1 else 1
    in_the_end, most = study.disk_bytes(per_table)
    return Effort(
        points=points,
        replications=replications,
        timed_points=len(chosen),
        seconds_per_replication=per_replication,
        slowest_seconds_per_replication=max(each),
        seconds_per_config=per_config,
        rows_per_replication=per_table,
        seconds=points * (replications * per_replication + configs * per_config),
        parts=points * per_point,
        disk_bytes=in_the_end,
        most_disk_bytes=most,
    )
