"""What a sweep would take: a handful of design points timed, and scaled up."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from sim.study.design.sweep_config import Sweep
from sim.study.run.points import PointJob
from sim.study.run.store import part_ranges
from sim.study.run.sweep_parts import PARTS_PER_TASK

TIMED_POINTS = 5
TIMED_REPLICATIONS = 2
# Bytes on the disk, measured with the responses of this version; an estimate.
_BYTES_PER_PART = 6500.0
_BYTES_PER_ROW_OF_PART = 250.0
_BYTES_PER_ROW = 200.0  # of outcomes.parquet
_DISK_BLOCK = 4096


@dataclass(frozen=True)
class SweepEffort:
    """What a sweep would take; seconds on one process."""

    points: int
    replications: int
    timed_points: int
    seconds_per_replication: float
    slowest_seconds_per_replication: float
    seconds_per_config: float
    seconds: float
    parts: int
    disk_bytes: float

    @property
    def runs(self) -> int:
        """Replications of all points together."""
        return self.points * self.replications


def estimate_sweep(sweep: Sweep, job: PointJob | None = None) -> SweepEffort:
    """Time a few replications at design points spread over the design.

    A config is made once to be checked, and once for every so many parts that are computed.

    Raises
    ------
    ConfigError
        If one of these points makes an invalid config.
    ModelError
        If a replication breaks a law of the model.
    """
    job = job or PointJob(sweep.base.tree, sweep.seed)
    points = len(sweep.design)
    chosen = np.unique(np.linspace(0, points - 1, min(points, TIMED_POINTS)).astype(int)).tolist()
    replications = min(sweep.replications, TIMED_REPLICATIONS)
    making, each = [], []
    first = job.simulator(job.configure(job.tree, sweep.design.point(chosen[0]))[0])
    first.replicate(sweep.seed, 0)  # imports and caches are no part of the time
    for point in chosen:
        began = time.perf_counter()
        simulation = job.simulator(job.configure(job.tree, sweep.design.point(point))[0])
        made = time.perf_counter()
        for replication in range(replications):
            simulation.replicate(sweep.seed, replication)
        making.append(made - began)
        each.append((time.perf_counter() - made) / replications)
    per_config, per_replication = float(np.mean(making)), float(np.mean(each))
    per_point = len(part_ranges(sweep.replications))
    configs = 1 + -(-per_point // PARTS_PER_TASK)
    rows = points * sweep.replications
    part = _BYTES_PER_PART + _BYTES_PER_ROW_OF_PART * sweep.replications / per_point
    on_disk = -(-part // _DISK_BLOCK) * _DISK_BLOCK
    return SweepEffort(
        points=points,
        replications=sweep.replications,
        timed_points=len(chosen),
        seconds_per_replication=per_replication,
        slowest_seconds_per_replication=max(each),
        seconds_per_config=per_config,
        seconds=rows * per_replication + points * configs * per_config,
        parts=points * per_point,
        disk_bytes=points * per_point * on_disk + rows * _BYTES_PER_ROW,
    )
