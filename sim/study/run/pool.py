"""Many tasks on many processes, through the ``concurrent.futures.Executor`` seam.

Which worker does a task, and when, shows nowhere in the result. A worker that dies breaks its pool
and takes the tasks in hand with it; those alone are submitted again. A task that was in hand at
three deaths is tried once more with a worker to itself, which tells the culprit from those that
stood beside it: its death is a result, the others go on.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from multiprocessing import current_process, get_context
from threading import Lock
from typing import Any, Generic, Self, TypeVar

from sim.errors import DesignError, StoreError
from sim.study.run.progress import Progress
from sim.study.run.worker import StoppedError, prepare_worker

MAX_DEATHS = 3  # of workers, in a row and with a task in hand
_FUTURES_PER_WORKER = 2  # one at work, one waiting: an interruption abandons little
_ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    ),
    "1",
)

Item = TypeVar("Item")
Task = TypeVar("Task")
Result = TypeVar("Result")
Pool = Callable[[int], AbstractContextManager[Executor]]  # an executor for a number of workers


def check_jobs(jobs: int, verb: str) -> None:
    """Refuse less than one process, and a script whose workers would each call ``verb`` again.

    Raises
    ------
    DesignError
        If it is so.
    """
    if jobs < 1:
        raise DesignError(f"jobs is {jobs}; accepted: 1 or more")
    if getattr(current_process(), "_inheriting", False):  # a worker is importing the user's script
        raise DesignError(
            f"a script that uses jobs above 1 must call sim.{verb} below "
            "if __name__ == '__main__': every worker imports the script afresh"
        )
    main = sys.modules["__main__"]
    script = getattr(main, "__file__", None) if main.__spec__ is None else None
    if jobs > 1 and script is not None and not os.path.isfile(script):
        raise DesignError(
            f"workers cannot import {script}, which is no file; accepted: a script saved to a "
            "file, or jobs=1"
        )


class _OneThreadEach:
    """Within it, processes that start are told so; what was set before comes back with the last."""

    def __init__(self) -> None:
        self._inside, self._lock = 0, Lock()
        self._before: dict[str, str] = {}

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = {
                    name: os.environ[name] for name in _ONE_THREAD.keys() & os.environ.keys()
                }
                os.environ.update(_ONE_THREAD)
            self._inside += 1

    def __exit__(self, *raised: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                for name in _ONE_THREAD:
                    os.environ.pop(name, None)
                os.environ.update(self._before)


_one_thread_each = _OneThreadEach()


@contextmanager
def process_pool(workers: int) -> Iterator[Executor]:
    """Processes on this machine, started afresh (``spawn``) on every system.

    Maths libraries get one thread per worker. Leaving by an exception, Ctrl-C included, makes
    workers abandon what they are at after the replication in hand.
    """
    context = get_context("spawn")
    stop = context.Event()
    with _one_thread_each:
        executor = ProcessPoolExecutor(workers, context, prepare_worker, (stop,))
        try:
            yield _Quiet(executor)
        except BaseException:
            stop.set()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


class Staying:
    """A pool that stays open for whoever asks for as many workers next, to the end of its block.

    To start a process costs as much as many points of a sweep. An exception closes it.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool, self._workers = pool, 0
        self._open = ExitStack()

    @contextmanager
    def __call__(self, workers: int) -> Iterator[Executor]:
        """The executor that is open, or a new one."""
        if workers != self._workers:
            self._open.close()
            self._executor = self._open.enter_context(self._pool(workers))
            self._workers = workers
        try:
            yield self._executor
        except BaseException:
            self._workers = 0
            with self._open.pop_all():
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: Any) -> None:
        self._workers = 0
        self._open.__exit__(*raised)


class _Quiet(Executor):
    """Starts processes with SIGINT blocked, so that Ctrl-C reaches the driver alone."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        if not hasattr(signal, "pthread_sigmask"):
            return self._executor.submit(fn, *args, **kwargs)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return self._executor.submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Sent(Generic[Task, Result]):
    """A function of tasks, with all they share: pickled once, and unpickled once by a worker.

    So that what a worker has found out about the shared part serves all its tasks.
    """

    def __init__(self, function: Callable[[Task], Result]) -> None:
        self._function = function

    def __call__(self, task: Task) -> Result:
        """Its result."""
        return self._function(task)

    @cached_property
    def _content(self) -> bytes:
        return pickle.dumps(self._function)

    def __reduce__(self) -> tuple[Callable[[bytes], Sent[Task, Result]], tuple[bytes]]:
        return _received, (self._content,)


@lru_cache(maxsize=1)  # of the study at work
def _received(content: bytes) -> Sent[Task, Result]:
    return Sent(pickle.loads(content))


@dataclass(frozen=True)
class Died:
    """In place of a result: every worker with this task in hand died."""

    reason: str = (
        "the worker process died of it, again and again: out of memory, or killed "
        "from outside; the same command tries again"
    )


@dataclass
class Tasks(Generic[Task, Result]):
    """Tasks for workers.

    Attributes
    ----------
    function : callable
        What a worker calls; top-level, or a `functools.partial` of such a function.
    died : callable
        Whether an error of a future says that workers died of its task alone (a cluster does).
    """

    function: Callable[[Task], Result]
    workers: int
    pool: Pool
    progress: Progress
    died: Callable[[BaseException], bool] = lambda error: False

    def results(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result | Died]]:
        """Each task with its result, in the order of finishing.

        Raises
        ------
        StoreError
            If workers die whatever they do.
        """
        self._left = iter(tasks)
        self._again: deque[Task] = deque()
        self._deaths: Counter[int] = Counter()
        suspects: list[Task] = []
        while (first := self._next()) is not None:
            self._again.appendleft(first)
            in_hand: dict[Future[Result], Task] = {}
            try:
                with self.pool(self.workers) as executor:
                    yield from self._on(executor, in_hand)
            except BrokenExecutor:
                self.progress.note("a worker process died; what it had in hand is computed again")
                lost = [*in_hand.values()]
                for task in lost:
                    self._deaths[id(task)] += 1
                hopeless = [task for task in lost if self._deaths[id(task)] >= MAX_DEATHS]
                suspects += hopeless
                self._again.extendleft(task for task in reversed(lost) if task not in hopeless)
        yield from self._alone(suspects)

    def _next(self) -> Task | None:
        return self._again.popleft() if self._again else next(self._left, None)

    def _on(
        self, executor: Executor, in_hand: dict[Future[Result], Task]
    ) -> Iterator[tuple[Task, Result | Died]]:
        """Keep a bounded number of tasks in hand until none is left."""
        while True:
            while len(in_hand) < _FUTURES_PER_WORKER * self.workers:
                task = self._next()
                if task is None:
                    break
                self._again.appendleft(task)  # submitting may find the pool broken
                in_hand[executor.submit(self.function, task)] = task
                self._again.popleft()
            if not in_hand:
                return
            done, _ = wait(in_hand, return_when=FIRST_COMPLETED)
            worst: BaseException | None = None
            for future in done:
                error = future.exception()
                if error is None:
                    task = in_hand.pop(future)
                    self._deaths.pop(id(task), None)
                    yield task, future.result()
                elif self.died(error):
                    yield in_hand.pop(future), Died()
                elif worst is None or isinstance(worst, BrokenExecutor | StoppedError):
                    worst = error  # a worker's own words tell more than the pool's
            if worst is not None:
                raise worst

    def _alone(self, suspects: list[Task]) -> Iterator[tuple[Task, Result | Died]]:
        in_a_row = 0
        for task in suspects:
            try:
                with self.pool(1) as executor:
                    result = executor.submit(self.function, task).result()
            except BrokenExecutor:
                in_a_row += 1
                if in_a_row == MAX_DEATHS:
                    raise StoreError(
                        "worker processes die whatever they do: killed from outside, out of "
                        "memory, or started by a script that does not keep its own work behind "
                        "if __name__ == '__main__'. Finished parts are kept; run the same command "
                        "again, perhaps with fewer jobs"
                    ) from None
                yield task, Died()
            else:
                in_a_row = 0
                yield task, result


def chunks(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """Cut items into tuples.

    Examples
    --------
    >>> list(chunks(range(5), 2))
    [(0, 1), (2, 3), (4,)]
    """
    left = iter(items)
    while piece := tuple(islice(left, size)):
        yield piece
