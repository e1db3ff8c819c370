"""A study under way: which parts are missing, and computing them. The driver alone writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.errors import ConfigError, Problem, StoreError
from sim.study.run.folder import PARTS
from sim.study.run.identity import Request, package_file
from sim.study.run.pool import Died, Pool, Sent, Tasks, chunks, process_pool
from sim.study.run.progress import Progress
from sim.study.run.simulate import Simulator
from sim.study.run.store import FAILURES, Kept, PartKey, PartStore, Span, cover, until
from sim.study.run.worker import (
    CheckTask,
    Configure,
    Job,
    OnFailure,
    Task,
    Values,
    check_points,
    compute_parts,
    configure,
    failures_table,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.config import Loaded

PARTS_PER_TASK = 4  # a worker makes a point's config once for so many parts
_FEW = 1000  # replications of one config: more have several parts a task too
_POINTS_PER_CHECK = 25
GLIMPSE = 20  # replications after which a first look is told, of a run of twice as many or more
FIRST, FIRST_IN_PIECES = (0, 10), [(0, 2), (2, 5), (5, 10)]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class Study:
    """What to run, and what to keep of it. `runs` and `sweeps` say how theirs differ.

    Attributes
    ----------
    base : Loaded
        The config of a run; of a sweep, the one its points differ from.
    keep : tuple of str
        Tables kept of every replication.
    on_failure : str
        Of a replication: ``raise`` ends the study, ``keep`` makes a row that says why.
    """

    request: Request
    base: Loaded
    keep: tuple[str, ...]
    on_failure: OnFailure
    simulator: Simulator

    def values(self, point: int) -> Values:
        """What a point's config has otherwise than the base, by dotted path."""
        return {}

    def wanted(self, folder: Path) -> Request:
        """What to look for in a folder before anything is computed."""
        return self.request

    def hashes(self, folder: Path) -> list[str] | None:
        """Hash of every point's config, where the folder says that they were checked before."""
        return None

    def refusal(self, refused: Mapping[int, Sequence[Problem]]) -> ConfigError:
        """What is said when the configs of some points are invalid."""
        return ConfigError([problem for number in refused for problem in refused[number]])

    def disk_bytes(self, rows: Mapping[str, float]) -> tuple[float, float]:
        """What a finished folder takes, and the most before it is finished.

        From the rows of each table in one replication.
        """
        raise NotImplementedError

    def make(self, work: Work) -> dict[str, Any]:
        """Compute, and write every file but the manifest; give what that says of them."""
        raise NotImplementedError

    def glimpse(self, kept: Kept) -> str:
        """In words, what the first replications say; empty while they are too few."""
        return ""

    def adorn(self, folder: Path, manifest: dict[str, Any]) -> None:
        """Make what stands beside the results."""


@dataclass(frozen=True)
class Means:
    """What a study is made with; a cluster, or a test, puts other things in."""

    simulator: Simulator | None = None  # in place of the study's
    configure: Configure = configure
    pool: Pool = process_pool
    remote: bool = False  # workers may have the program in another place
    died: Callable[[BaseException], bool] = lambda error: False

    def job(self, study: Study) -> Job:
        """What the workers of a study must know."""
        return Job(
            tree=study.base.tree,
            seed=study.request.seed,
            keep=study.keep,
            on_failure=study.on_failure,
            simulator=self.simulator or study.simulator,
            configure=self.configure,
            package_file="" if self.remote else package_file(),
        )


@dataclass
class Work:
    """A study under way in its folder.

    Attributes
    ----------
    before : mapping, optional
        Manifest of the tables that were in the folder.
    hashes : list of str
        Of the config of each point.
    in_vain : dict
        Parts that cannot be computed, because every worker died of them.
    """

    study: Study
    job: Job
    jobs: int
    progress: Progress
    means: Means
    folder: Path
    before: Mapping[str, Any] | None = None
    hashes: list[str] = field(default_factory=list)
    in_vain: dict[PartKey, str] = field(default_factory=dict)

    @cached_property
    def store(self) -> PartStore:
        """Where the parts are."""
        return PartStore(self.folder / PARTS)

    def check(self) -> list[str]:
        """Make the config of every point, before anything is written; their hashes.

        Raises
        ------
        ConfigError
            If one is invalid.
        """
        points = self.study.request.points
        if points > 1:
            self.progress.note(f"checking the configs of {points:,} design points")
        tasks = (
            CheckTask(numbers[0], tuple(map(self.study.values, numbers)))
            for numbers in chunks(range(points), _POINTS_PER_CHECK)
        )
        hashes: dict[int, tuple[str, ...]] = {}
        refused: dict[int, tuple[Problem, ...]] = {}
        for task, found in self._results(check_points, tasks, -(-points // _POINTS_PER_CHECK)):
            if isinstance(found, Died):
                raise StoreError(f"points from {task.first} on cannot be checked: {found.reason}")
            hashes[task.first] = found.hashes
            refused |= found.refused
        if refused:
            raise self.study.refusal(refused)
        return [one for first in sorted(hashes) for one in hashes[first]]

    def compute(self, replications: int) -> int:
        """Compute and write the parts that are missing; how many.

        Raises
        ------
        ModelError
            If a replication breaks, and the study keeps no failures.
        StoreError
            If the disk or the workers are not as they should be. Finished parts are kept.
        """
        missing, found = self._missing(replications)
        self.progress.start(found, len(self.hashes) * replications)
        copies = Counter(self.hashes)
        tasks = (
            Task(point, self.study.values(point), self.hashes[point], spans)
            for point, spans in missing
        )
        count, glimpsed = 0, len(self.hashes) > 1 or replications < 2 * GLIMPSE or found >= GLIMPSE
        with self.store.writing() as write:
            for task, parts in self._results(compute_parts, tasks, len(missing)):
                if isinstance(parts, Died):
                    self._mourn(task, parts)
                else:
                    for key, content in parts:
                        write(key, content)
                        count += 1
                done = sum(last - first for first, last in task.spans)
                self.progress.advance(done * copies[task.config_hash])
                if not glimpsed and 1 < count <= GLIMPSE:  # looked for among the first alone
                    words = self.study.glimpse(self.kept_so_far(replications))
                    if glimpsed := bool(words):
                        self.progress.note(words)
        return count

    def _mourn(self, task: Task, died: Died) -> None:
        for span in task.spans:
            if self.study.on_failure == "raise":
                raise StoreError(
                    f"replications {span[0]} to {span[1] - 1} cannot be computed: {died.reason}. "
                    "Finished parts are kept; fewer jobs need less memory"
                )
            self.in_vain[self.job.key(task.config_hash, span)] = died.reason

    def _missing(self, replications: int) -> tuple[list[tuple[int, tuple[Span, ...]]], int]:
        """Point and spans that are not in the store, of equal points once; how much is there."""
        missing: list[tuple[int, tuple[Span, ...]]] = []
        found: dict[str, int] = {}  # config hash -> replications that are there
        many = len(set(self.hashes)) > 1 or replications > _FEW
        per_task = PARTS_PER_TASK if many else 1
        present = self.store.ranges()
        for point, config_hash in enumerate(self.hashes):
            if config_hash in found:
                continue
            there = {}
            for span in sorted(present.get(self.job.key(config_hash, (0, 0)).point, ())):
                key = self.job.key(config_hash, span)
                fault = self.store.fault(key, self.study.keep)
                if fault is None:
                    there[span[0]] = span[1]
                else:
                    self._remove(point, key, fault)
            spans = [(first, last) for first, last, has in cover(there, replications) if not has]
            if len(self.hashes) == 1 and replications >= 2 * GLIMPSE and spans[:1] == [FIRST]:
                spans[:1] = FIRST_IN_PIECES  # so that something moves soon
            found[config_hash] = replications - sum(last - first for first, last in spans)
            missing += [(point, some) for some in chunks(spans, per_task)]
        return missing, sum(found[one] for one in self.hashes)

    def _remove(self, point: int, key: PartKey, fault: str) -> None:
        self.store.path(key).unlink(missing_ok=True)
        where = f"design point {point}, " if self.study.request.points > 1 else ""
        self.progress.note(
            f"{where}replications {key.first} to {key.last - 1} are computed again: {fault}"
        )

    def _results(
        self, function: Callable[[Job, T], R], tasks: Iterable[T], n_tasks: int
    ) -> Iterator[tuple[T, R | Died]]:
        """Results of tasks, on as many processes as asked for."""
        work = partial(function, self.job)
        workers = self.jobs if self.means.remote else min(self.jobs, n_tasks)
        if workers <= 1 and not self.means.remote:
            return ((task, work(task)) for task in tasks)
        sent = work if self.means.remote else Sent(work)  # dask keeps a function by itself
        pooled = Tasks(sent, workers, self.means.pool, self.progress, self.means.died)
        return pooled.results(tasks)

    def parts(self, replications: int) -> Iterator[tuple[int, PartKey]]:
        """Point and key of the parts that make the tables, in order, once all are computed."""
        present = self.store.ranges()
        for point, config_hash in enumerate(self.hashes):
            # Of two parts that begin alike the longer one, which is last.
            there = dict(sorted(present.get(self.job.key(config_hash, (0, 0)).point, ())))
            for first, last, _ in cover(there, replications):
                yield point, self.job.key(config_hash, (first, last))

    def kept(self, replications: int) -> Kept:
        """The tables of a study of one point."""
        keys = tuple(key for _, key in self.parts(replications))
        return Kept(self.store, keys, replications)

    def kept_so_far(self, replications: int) -> Kept:
        """The tables of a study of one point as far as they are there, in order."""
        present = self.store.ranges().get(self.job.key(self.hashes[0], (0, 0)).point, ())
        there = tuple(self.job.key(self.hashes[0], span) for span in sorted(present))
        return Kept(self.store, there, replications)

    def rows(self, replications: int, tables: Sequence[str]) -> Iterator[tuple[int, str, pa.Table]]:
        """Point, table and rows of every part, in order."""
        for point, key in self.parts(replications):
            if key in self.in_vain:
                reason = StoreError(self.in_vain[key])
                found = {FAILURES: failures_table(range(key.first, key.last), reason)}
            else:
                found = self.store.read(key, tables)
            for name, rows in found.items():
                yield point, name, until(rows, replications) if key.last > replications else rows
