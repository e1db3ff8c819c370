"""What a worker does: check the configs of points, and compute parts of one.

A worker gets the base config as a plain tree and a point as values by dotted path. It hands parts
back as bytes and writes nothing, so that a cluster needs no common disk; the driver writes. It
keeps the last config compiled, so that a process compiles once for many parts of a point.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import parent_process
from typing import TYPE_CHECKING, Any, Literal, Protocol

from sim.config.schema import Config
from sim.errors import ConfigError, DesignError, ModelError, Problem, SimError, StoreError
from sim.study.run.collector import garbage_left
from sim.study.run.identity import package_file, program, unlike
from sim.study.run.simulate import Simulation, Simulator, named
from sim.study.run.store import FAILURES, PartKey, Span, pack

if TYPE_CHECKING:
    import pyarrow as pa

Values = Mapping[str, Any]  # dotted path -> value
Configure = Callable[[Mapping[str, Any], Values, str], tuple[Config, str]]
OnFailure = Literal["raise", "keep"]  # of a replication: end the study, or be a row that says why


def configure(tree: Mapping[str, Any], values: Values, checked: str = "") -> tuple[Config, str]:
    """Config of a design point, and its hash. Here alone the config of a point is made.

    ``checked`` is the hash of one that was found sound and needs no check any more, if it is this.

    Raises
    ------
    ConfigError
        With every problem.
    """
    from sim.config import config_hash, varied

    config = varied(tree, values, checked)
    return config, config_hash(config)


@dataclass(frozen=True, eq=False)
class Job:
    """All a worker must know besides points and replications; plain data.

    Attributes
    ----------
    keep : tuple of str
        Tables that a part holds.
    package_file : str
        Where the driver has the program; empty where workers may have it in another place.
    """

    tree: Mapping[str, Any]
    seed: int
    keep: tuple[str, ...]
    on_failure: OnFailure
    simulator: Simulator
    configure: Configure = configure
    program: Mapping[str, str] = field(default_factory=program)
    package_file: str = field(default_factory=package_file)

    def key(self, config_hash: str, span: Span) -> PartKey:
        """Name of a part."""
        return PartKey(config_hash, self.program["sim"], self.seed, *span)


@dataclass(frozen=True)
class Task:
    """Some replications of one design point."""

    point: int
    values: Values
    config_hash: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class CheckTask:
    """Design points ``first``, ``first + 1``, ... to be checked."""

    first: int
    points: tuple[Values, ...]


@dataclass(frozen=True)
class Checked:
    """Hash of each config, and what is wrong with those that are refused."""

    hashes: tuple[str, ...]
    refused: Mapping[int, tuple[Problem, ...]]


class StoppedError(Exception):
    """The driver was interrupted: the part is abandoned."""


class _Flag(Protocol):
    def is_set(self) -> bool: ...


_stop: _Flag | None = None
_compiled: dict[tuple[str, Simulator], Simulation] = {}  # the last one alone


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


def _stop_if_asked() -> None:
    if _stop is not None and _stop.is_set():
        raise StoppedError


def check_points(job: Job, task: CheckTask) -> Checked:
    """Make the config of each point, and compile those that may be refused in that, and the first.

    Raises
    ------
    StoreError
        If this process runs other code than the driver.
    """
    _check_code(job)
    sure = getattr(job.simulator, "compiles", lambda config: False)
    hashes, refused = [], {}
    for number, values in enumerate(task.points, start=task.first):
        _stop_if_asked()
        try:
            config, found = job.configure(job.tree, values, "")
            if number == 0 or not sure(config):
                _compile(job, config, found)
        except ConfigError as error:
            refused[number] = error.problems
            found = ""
        hashes.append(found)
    return Checked(tuple(hashes), refused)


def compute_parts(job: Job, task: Task) -> list[tuple[PartKey, bytes]]:
    """Simulate some replications, a part for each span.

    Where the job keeps failures, a replication that fails is a row that says why. What is wrong
    with the machine is no failure of the point and is raised.

    Raises
    ------
    ModelError
        If a replication breaks, and the job keeps no failures; with its seed and number.
    StoreError
        If this process runs other code than the driver.
    MemoryError
    """
    _check_code(job)
    try:
        simulation = _simulation(job, task)
    except (StoreError, MemoryError):
        raise
    except Exception as error:
        if job.on_failure == "raise":
            raise
        tables = [{FAILURES: failures_table(range(*span), error)} for span in task.spans]
    else:
        simulation.expect(job.seed, [number for span in task.spans for number in range(*span)])
        tables = [_tables(job, simulation, span) for span in task.spans]
    keys = [job.key(task.config_hash, span) for span in task.spans]
    versions = {name: one for name, one in job.program.items() if name != "sim"}
    return [(key, pack(key, versions, one)) for key, one in zip(keys, tables, strict=True)]


def _simulation(job: Job, task: Task) -> Simulation:
    known = _compiled.get((task.config_hash, job.simulator))
    if known is not None:
        return known
    config, found = job.configure(job.tree, task.values, task.config_hash)
    if found != task.config_hash:
        raise StoreError(
            f"design point {task.point} makes another config here than when it was checked; "
            "was the sweep or the program edited during the run?"
        )
    return _compile(job, config, found)


def _tables(job: Job, simulation: Simulation, span: Span) -> dict[str, pa.Table]:
    """Simulate a span, and make the tables of all its replications together."""
    left: dict[int, Any] = {}
    failed: dict[int, pa.Table] = {}

    @contextmanager
    def alone(replication: int) -> Iterator[None]:
        _stop_if_asked()
        try:
            with named(job.seed, replication):
                yield
        except (ModelError, ConfigError, DesignError) as error:
            if job.on_failure == "raise":
                raise
            failed[replication] = failures_table([replication], error)

    for replication in range(*span):
        with alone(replication):
            left[replication] = simulation.replicate(job.seed, replication)
    made = []
    try:
        if left:
            with garbage_left():
                made.append(simulation.tables([*left.values()]))
    except Exception:  # of one of them: each is asked alone, and says what is wrong with it
        for replication, one in left.items():
            with alone(replication):
                made.append(simulation.tables([one]))
    tables = {name: _joined([each[name] for each in made]) for name in job.keep if made}
    if failed:
        tables[FAILURES] = _joined([failed[number] for number in sorted(failed)])
    return tables


def _joined(parts: Sequence[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return parts[0] if len(parts) == 1 else pa.concat_tables(parts).combine_chunks()


def failures_table(replications: Sequence[int], error: Exception | None = None) -> pa.Table:
    """A row per replication that failed: the kind of error, and its words."""
    import pyarrow as pa

    ours = isinstance(error, SimError)
    kind = type(error).__name__ if ours else "ModelError"
    reason = str(error) if ours else f"{type(error).__name__}: {error}"
    return pa.table(
        {
            "replication": pa.array(replications, pa.int32()),
            "error": pa.array([kind] * len(replications), pa.string()),
            "reason": pa.array([reason] * len(replications), pa.string()),
        }
    )


def _compile(job: Job, config: Config, config_hash: str) -> Simulation:
    _compiled.clear()
    _compiled[config_hash, job.simulator] = found = job.simulator(config)
    return found


def _check_code(job: Job) -> None:
    """Refuse to work beside other code or libraries than the driver's."""
    other = unlike(program(), job.program)
    if job.package_file and job.package_file != package_file():
        other = "; ".join(
            filter(None, (other, f"sim from {package_file()} instead of {job.package_file}"))
        )
    if other:
        raise StoreError(
            f"a worker has {other}. Install on every worker what the driver has; is there another "
            "sim on the path, or was the code edited during the run?"
        )
