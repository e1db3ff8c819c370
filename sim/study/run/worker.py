"""What a worker process does: replications in, one part written, a receipt back.

A worker gets plain data and a function by name. It keeps the compiled plan of the last config, so
that a process compiles once, not once per part.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.config.schema import Config
from sim.errors import ModelError, SimError, StoreError
from sim.study.run.identity import code_version, package_file
from sim.study.run.store import PartKey, PartStore

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.results import Tables


class Simulation(Protocol):
    """A compiled config: what a worker keeps from part to part."""

    def replicate(self, seed: int, replication: int) -> Any:
        """What one replication leaves behind."""

    def tables(self, replications: Sequence[Any]) -> Mapping[str, pa.Table]:
        """The tables of several replications, joined."""


class Simulator(Protocol):
    """Compiles a config. Must be a top-level function or class: workers find it by its name."""

    def __call__(self, config: Config) -> Simulation:
        """Compile ``config`` once for many replications."""


class _Flag(Protocol):
    def is_set(self) -> bool: ...


class StoppedError(Exception):
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


class EngineSimulation:
    """The real thing: SimPy engine and tables."""

    def __init__(self, config: Config) -> None:
        from sim.plan import Plan
        from sim.results import Horizon

        self._config = config
        self._plan = Plan.of(config)
        self._horizon = Horizon(config)

    def replicate(self, seed: int, replication: int) -> Tables:
        """Simulate one replication, and keep its tables as plain columns."""
        from sim.engine import replicate
        from sim.results import tabulate

        return tabulate(replicate(self._plan, seed, replication), self._config, self._horizon)

    def tables(self, replications: Sequence[Tables]) -> Mapping[str, pa.Table]:
        """Join the columns of several replications."""
        from sim.results import arrow_tables

        return arrow_tables(*replications)


_stop: _Flag | None = None
_compiled: dict[tuple[str, Simulator], Simulation] = {}


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


def stop_if_asked() -> None:
    """Give up between two replications.

    Raises
    ------
    StoppedError
        If the driver was interrupted.
    """
    if _stop is not None and _stop.is_set():
        raise StoppedError


def compute_part(job: Job, first: int, last: int) -> Receipt:
    """Simulate replications ``first`` to ``last - 1`` and write them as one part.

    Raises
    ------
    ModelError
        If a replication breaks, with its seed and number.
    StoreError
        If this process runs other code than the driver, or the disk refuses.
    """
    began = time.perf_counter()
    _check_code(job)
    simulation = compile_plan(job)
    left = []
    for replication in range(first, last):
        stop_if_asked()
        left.append(replicate_one(simulation, job.seed, replication))
    tables = simulation.tables(left)
    kept = {name: tables[name] for name in job.tables}
    PartStore(Path(job.root)).write(job.key(first, last), kept)
    return Receipt(first, last, time.perf_counter() - began)


def _check_code(job: Job) -> None:
    if (package_file(), code_version()) != (job.package_file, job.code_version):
        raise StoreError(
            f"a worker runs sim {code_version()} from {package_file()}, the driver "
            f"{job.code_version} from {job.package_file}; is there another sim on the path, "
            "or was the code edited during the run?"
        )


def compile_plan(job: Job) -> Simulation:
    """The plan of ``job``, compiled unless it was the last one this process used.

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


def replicate_one(simulation: Simulation, seed: int, replication: int) -> Any:
    """One replication; every failure names its seed and number."""
    try:
        return simulation.replicate(seed, replication)
    except ModelError as error:
        text = str(error)
        if "seed" in text and "replication" in text:
            raise
        if not text.startswith(f"replication {replication}"):
            text = f"replication {replication}: {text}"
        raise ModelError(f"seed {seed}, {text}") from error
    except (SimError, MemoryError):
        raise
    except Exception as error:  # anything else is a bug of ours, and the user must know where
        raise ModelError(
            f"seed {seed}, replication {replication}: {type(error).__name__}: {error}"
        ) from error
