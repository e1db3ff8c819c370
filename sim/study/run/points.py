"""What a worker does for a sweep: check design points, and compute rows of one.

A worker gets the base config as a plain tree and a point as values by dotted path. It hands rows
back and writes nothing, so that a cluster needs no common disk; the driver writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.config.schema import Config
from sim.errors import ConfigError, DesignError, ModelError, Problem, SimError, StoreError
from sim.study.run.identity import code_version, computing_versions, package_file
from sim.study.run.outcomes import OutcomeSimulation
from sim.study.run.row_store import arrow_bytes
from sim.study.run.worker import (
    Simulation,
    Simulator,
    replicate_one,
    stop_if_asked,
)

FAILURE = "failure"  # column of a part: why there is no outcome, null where there is one
Values = Mapping[str, Any]  # dotted path -> value
Span = tuple[int, int]  # first replication, and the one after the last


def configure(tree: Mapping[str, Any], values: Values) -> tuple[Config, str]:
    """Config of a design point, and its hash.

    Raises
    ------
    ConfigError
        With every problem.
    """
    from sim.config import config_hash, load_tree

    config = load_tree(tree, values).config
    return config, config_hash(config)


@dataclass(frozen=True, eq=False)
class PointJob:
    """All a worker must know besides the point; plain data.

    ``package_file`` is empty where workers may have the program in another place.
    """

    tree: Mapping[str, Any]
    seed: int
    simulator: Simulator = OutcomeSimulation
    configure: Callable[[Mapping[str, Any], Values], tuple[Config, str]] = configure
    code_version: str = field(default_factory=code_version)
    versions: Mapping[str, str] = field(default_factory=computing_versions)
    package_file: str = field(default_factory=package_file)


@dataclass(frozen=True)
class PointTask:
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


_compiled: dict[tuple[str, Simulator], Simulation] = {}


def check_points(job: PointJob, task: CheckTask) -> Checked:
    """Make and compile the config of each point.

    Raises
    ------
    StoreError
        If this process runs other code than the driver.
    """
    check_code(job)
    hashes, refused = [], {}
    for number, values in enumerate(task.points, start=task.first):
        stop_if_asked()
        try:
            config, found = job.configure(job.tree, values)
            job.simulator(config)
        except ConfigError as error:
            refused[number] = error.problems
            found = ""
        hashes.append(found)
    return Checked(tuple(hashes), refused)


def compute_rows(job: PointJob, task: PointTask) -> list[tuple[Span, bytes]]:
    """Outcomes of some replications, an Arrow file for each span.

    A replication that fails is a row that says why. What is wrong with the machine is no failure of
    the point and is raised.

    Raises
    ------
    StoreError
        If this process runs other code than the driver.
    MemoryError
    """
    check_code(job)
    try:
        simulation = _compile(job, task)
    except (StoreError, MemoryError):
        raise
    except Exception as error:
        reason = _reason(error)
        return [
            (span, _bytes(None, [], [(r, reason) for r in range(*span)])) for span in task.spans
        ]
    return [(span, _span(simulation, job.seed, span)) for span in task.spans]


def _span(simulation: Simulation, seed: int, span: Span) -> bytes:
    left, good, failed = [], [], []
    for replication in range(*span):
        stop_if_asked()
        try:
            left.append(replicate_one(simulation, seed, replication))
            good.append(replication)
        except (ModelError, ConfigError, DesignError) as error:
            failed.append((replication, _reason(error)))
    outcomes = simulation.tables(left)["outcomes"] if left else None
    return _bytes(outcomes, good, failed)


def _bytes(outcomes: Any, good: Sequence[int], failed: Sequence[tuple[int, str]]) -> bytes:
    """Outcomes first, then failures, which `split` takes apart again."""
    import pyarrow as pa

    if outcomes is None:
        columns = {"replication": pa.array([], pa.int32())}
    else:
        columns = {name: outcomes.column(name) for name in outcomes.column_names}
    rows = pa.table(columns | {FAILURE: pa.nulls(len(good), pa.string())})
    if failed:
        numbers, reasons = zip(*failed, strict=True)
        bad = pa.table(
            {
                "replication": pa.array(numbers, pa.int32()),
                FAILURE: pa.array(reasons, pa.string()),
            }
        )
        rows = pa.concat_tables([rows, bad], promote_options="default").combine_chunks()
    return arrow_bytes(rows)


def _compile(job: PointJob, task: PointTask) -> Simulation:
    key = (task.config_hash, job.simulator)
    if key not in _compiled:
        config, found = job.configure(job.tree, task.values)
        if found != task.config_hash:
            raise StoreError(
                f"design point {task.point} makes another config here than when it was checked; "
                "was the sweep or the program edited during the run?"
            )
        _compiled.clear()
        _compiled[key] = job.simulator(config)
    return _compiled[key]


def _reason(error: Exception) -> str:
    known = type(error).__name__ if isinstance(error, SimError) else "ModelError"
    text = str(error) if isinstance(error, SimError) else f"{type(error).__name__}: {error}"
    return f"{known}: {text}"


def check_code(job: PointJob) -> None:
    """Refuse to work beside other code.

    Raises
    ------
    StoreError
        If program or libraries of this process are not the driver's.
    """
    own = {"sim": code_version(), **computing_versions()}
    wanted = {"sim": job.code_version, **job.versions}
    other = [f"{name} {own.get(name)} instead of {wanted[name]}" for name in wanted
             if own.get(name) != wanted[name]]  # fmt: skip
    if job.package_file and job.package_file != package_file():
        other.append(f"sim from {package_file()} instead of {job.package_file}")
    if other:
        raise StoreError(
            f"a worker has {'; '.join(other)}. Install on every worker what the driver has; "
            "or was the code edited during the run?"
        )
