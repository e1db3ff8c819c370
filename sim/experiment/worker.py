"""What a worker process does: replications in, one part written, a receipt back.

A worker gets plain data and a function by name. It keeps the compiled model of the last config, so
that a process compiles once, not once per part.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from sim.config.schema import Config
from sim.errors import ModelError, SimError, StoreError
from sim.experiment.identity import code_version, package_file
from sim.experiment.store import PartKey, PartStore

if TYPE_CHECKING:
    import pyarrow as pa

TRACED_REPLICATIONS = 20  # the step-by-step capacity trace is large

Simulate: TypeAlias = "Callable[[int, int], Mapping[str, pa.Table]]"
"""(seed, replication) -> the tables of that replication."""


class Simulator(Protocol):
    """Compiles a config once. Must be a top-level function: workers find it by its name."""

    def __call__(self, config: Config) -> Simulate: ...


class _Flag(Protocol):
    def is_set(self) -> bool: ...


class Stopped(Exception):
    """The driver was interrupted: the part is abandoned."""


@dataclass(frozen=True)
class Job:
    """All a worker must know besides which replications; plain data."""

    config: Config
    config_hash: str
    seed: int
    root: str
    tables: tuple[str, ...]
    simulator: Simulator
    code_version: str
    package_file: str

    def key(self, first: int, last: int) -> PartKey:
        return PartKey(self.config_hash, self.code_version, self.seed, first, last)


@dataclass(frozen=True)
class Receipt:
    """A part that is on the disk now."""

    first: int
    last: int
    seconds: float


def engine_simulator(config: Config) -> Simulate:
    """The real thing: SimPy engine and tables."""
    from sim.engine import Model, replicate
    from sim.events.schemas import TABLES
    from sim.tables import Horizon, tabulate, to_arrow

    model = Model(config)
    horizon = Horizon(config)

    def simulate(seed: int, replication: int) -> Mapping[str, pa.Table]:
        left = replicate(model, seed, replication)
        traced = replication < TRACED_REPLICATIONS
        tables = tabulate(left, config, horizon, capacity_trace=traced)
        columns = {name: getattr(tables, name) for name in TABLES}
        return {
            name: to_arrow(name, [] if piece is None else [piece], left.names)
            for name, piece in columns.items()
        }

    return simulate


_stop: _Flag | None = None
_compiled: dict[tuple[str, Simulator], Simulate] = {}


def prepare_worker(stop: _Flag) -> None:
    """Run first in every worker process: Ctrl-C is the driver's, and no driver means no work."""
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_driver, daemon=True).start()


def _end_with_the_driver() -> None:
    driver = parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)


def compute_part(job: Job, first: int, last: int) -> Receipt:
    """Simulate replications ``first`` to ``last - 1`` and write them as one part.

    Raises
    ------
    ModelError
        If a replication breaks, with its seed and number.
    StoreError
        If this process runs other code than the driver, or the disk refuses.
    """
    import pyarrow as pa

    began = time.perf_counter()
    _check_code(job)
    pieces: dict[str, list[pa.Table]] = {name: [] for name in job.tables}
    for replication in range(first, last):
        if _stop is not None and _stop.is_set():
            raise Stopped
        tables = _replicate(job, replication)
        for name, piece in pieces.items():
            piece.append(tables[name])
    whole = {name: pa.concat_tables(piece).combine_chunks() for name, piece in pieces.items()}
    PartStore(Path(job.root)).write(job.key(first, last), whole)
    return Receipt(first, last, time.perf_counter() - began)


def _check_code(job: Job) -> None:
    if (package_file(), code_version()) != (job.package_file, job.code_version):
        raise StoreError(
            f"a worker runs sim {code_version()} from {package_file()}, the driver "
            f"{job.code_version} from {job.package_file}; is there another sim on the path, "
            "or was the code edited during the run?"
        )


def compile_model(job: Job) -> Simulate:
    """The model of ``job``, compiled unless it was the last one this process used.

    Raises
    ------
    ConfigError
        If the config asks for something impossible.
    """
    key = (job.config_hash, job.simulator)
    if key not in _compiled:
        _compiled.clear()
        _compiled[key] = job.simulator(job.config)
    return _compiled[key]


def _replicate(job: Job, replication: int) -> Mapping[str, Any]:
    try:
        return compile_model(job)(job.seed, replication)
    except ModelError as error:
        text = str(error)
        if "seed" in text and "replication" in text:
            raise
        if not text.startswith(f"replication {replication}"):
            text = f"replication {replication}: {text}"
        raise ModelError(f"seed {job.seed}, {text}") from error
    except (SimError, MemoryError):
        raise
    except Exception as error:  # anything else is a bug of ours, and the user must know where
        raise ModelError(
            f"seed {job.seed}, replication {replication}: {type(error).__name__}: {error}"
        ) from error
