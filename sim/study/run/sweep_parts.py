"""Parts of a sweep: which are missing, computing them, and the tables made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.study.design.sweep_config import Sweep
from sim.study.run.folder import PARTS
from sim.study.run.outcomes import OutcomeSimulation
from sim.study.run.points import (
    FAILURE,
    PointJob,
    PointTask,
    Span,
    Values,
    compute_rows,
    configure,
)
from sim.study.run.progress import Progress
from sim.study.run.row_store import RowStore, cover
from sim.study.run.runner import Pool, process_pool
from sim.study.run.store import PartKey, checksum, flush_folder
from sim.study.run.sweep_files import table_files
from sim.study.run.sweep_folder import DESIGN, SweepRequest
from sim.study.run.tasks import Died, Tasks, chunks, in_this_process
from sim.study.run.worker import Simulator

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.config.schema import Config

PARTS_PER_TASK = 4  # a worker makes a point's config once for so many parts

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class SweepMeans:
    """What a sweep is made with; a cluster, or a test, puts other things in."""

    simulator: Simulator = OutcomeSimulation
    configure: Callable[[Mapping[str, Any], Values], tuple[Config, str]] = configure
    pool: Pool = process_pool
    remote: bool = False  # workers may have the program in another place
    died: Callable[[BaseException], bool] = lambda error: False


@dataclass
class Study:
    """A sweep under way."""

    sweep: Sweep
    job: PointJob
    jobs: int
    progress: Progress
    means: SweepMeans
    request: SweepRequest
    hashes: list[str] = field(default_factory=list)  # of the config of each point
    in_vain: dict[tuple[str, Span], str] = field(default_factory=dict)  # workers died of it

    def key(self, config_hash: str, span: Span) -> PartKey:
        """Name of a part."""
        return PartKey(config_hash, self.job.code_version, self.request.seed, *span)

    def results(
        self, function: Callable[[PointJob, Task], Result], tasks: Iterable[Task], n_tasks: int
    ) -> Iterator[tuple[Task, Result | Died]]:
        """Results of tasks, on as many processes as asked for."""
        work = partial(function, self.job)
        if not self.means.remote and min(self.jobs, n_tasks) <= 1:
            return in_this_process(work, tasks)
        workers = self.jobs if self.means.remote else min(self.jobs, n_tasks)
        pooled = Tasks(work, workers, self.means.pool, self.progress, self.means.died)
        return pooled.results(tasks)


def compute(study: Study, folder: Path) -> int:
    """Compute and write the parts that are missing; how many.

    Raises
    ------
    StoreError
        If the disk or the workers are not as they should be. Finished parts are kept.
    """
    store = RowStore(folder / PARTS)
    store.sweep_unfinished()
    missing, found = _missing(study, store)
    study.progress.start(found, len(study.hashes) * study.request.replications)
    copies: dict[str, int] = {}
    for one in study.hashes:
        copies[one] = copies.get(one, 0) + 1
    tasks = (
        PointTask(point, study.sweep.design.point(point), study.hashes[point], spans)
        for point, spans in missing
    )
    count = 0
    for task, rows in study.results(compute_rows, tasks, len(missing)):
        if isinstance(rows, Died):
            study.in_vain |= {(task.config_hash, span): rows.reason for span in task.spans}
        else:
            for span, content in rows:
                store.write(study.key(task.config_hash, span), content)
                count += 1
        done = sum(last - first for first, last in task.spans)
        study.progress.advance(done * copies[task.config_hash])
    return count


def _missing(study: Study, store: RowStore) -> tuple[list[tuple[int, tuple[Span, ...]]], int]:
    """Point and spans that are not in the store, of equal points once; and how much is there."""
    tasks: list[tuple[int, tuple[Span, ...]]] = []
    replications, seed = study.request.replications, study.request.seed
    present = store.ranges()
    found: dict[str, int] = {}  # config hash -> replications that are there
    for point, config_hash in enumerate(study.hashes):
        if config_hash in found:
            continue
        there: dict[int, int] = {}
        for span in sorted(present.get(store.point_name(config_hash, seed), ())):
            fault = store.fault(study.key(config_hash, span))
            if fault is None:
                there[span[0]] = span[1]
            else:
                store.remove(study.key(config_hash, span))
                study.progress.note(
                    f"design point {point}, replications {span[0]} to {span[1] - 1} are computed "
                    f"again: {fault}"
                )
        missing = [(first, last) for first, last, has in cover(there, replications) if not has]
        found[config_hash] = replications - sum(last - first for first, last in missing)
        tasks += [(point, spans) for spans in chunks(missing, PARTS_PER_TASK)]
    return tasks, sum(found[one] for one in study.hashes)


def assemble(study: Study, folder: Path) -> dict[str, Any]:
    """Write outcomes and failures from the parts; give what the manifest says of them.

    Raises
    ------
    StoreError
        If a part was damaged meanwhile, or the disk refuses.
    """
    store = RowStore(folder / PARTS)
    names = ("outcomes.parquet", "failures.parquet")
    with table_files([folder / name for name in names]) as (outcomes, failures):
        failures.add(_failures(0, [], []))
        for point, rows in _rows(study, store):
            good = rows.column(FAILURE).null_count  # they stand first
            if good:
                outcomes.add(_numbered(rows.slice(0, good).drop_columns([FAILURE]), point))
            if good < rows.num_rows:
                bad = rows.slice(good).to_pydict()
                failures.add(_failures(point, bad["replication"], bad[FAILURE]))
        if not outcomes.total:
            outcomes.add(_failures(0, [], []).select(["design_point", "replication"]))
    flush_folder(folder)
    return {
        "outcomes": outcomes.total,
        "failures": failures.total,
        "files": {name: checksum(folder / name) for name in (DESIGN, *names)},
    }


def _rows(study: Study, store: RowStore) -> Iterator[tuple[int, pa.Table]]:
    """Rows of every point in order, from the parts that cover it."""
    import pyarrow.compute as pc

    present = store.ranges()
    replications, seed = study.request.replications, study.request.seed
    for point, config_hash in enumerate(study.hashes):
        # Of two parts that begin alike the longer one, which is last.
        there = dict(sorted(present.get(store.point_name(config_hash, seed), ())))
        for first, last, has in cover(there, replications):
            if not has:
                yield point, _died((first, last), study.in_vain[config_hash, (first, last)])
                continue
            rows = store.read(study.key(config_hash, (first, last)))
            if last > replications:
                rows = rows.filter(pc.less(rows.column("replication"), replications))
            yield point, rows


def _died(span: Span, reason: str) -> pa.Table:
    import pyarrow as pa

    numbers = pa.array(range(*span), pa.int32())
    return pa.table({"replication": numbers, FAILURE: [reason] * len(numbers)})


def _numbered(rows: pa.Table, point: int) -> pa.Table:
    import pyarrow as pa

    return rows.add_column(0, "design_point", pa.array([point] * rows.num_rows, pa.int32()))


def _failures(point: int, replications: Sequence[int], failures: Sequence[str]) -> pa.Table:
    """A row per replication that failed: the kind of error, and its words."""
    import pyarrow as pa

    parts = [failure.partition(": ") for failure in failures]
    return pa.table(
        {
            "design_point": pa.array([point] * len(parts), pa.int32()),
            "replication": pa.array(replications, pa.int32()),
            "error": pa.array([kind for kind, _, _ in parts], pa.string()),
            "reason": pa.array([reason for _, _, reason in parts], pa.string()),
        }
    )
