"""Replications on several processes, through the ``concurrent.futures.Executor`` seam.

The driver hands out parts and counts them; workers write them. Which worker computes a part, and
when, shows nowhere in the result.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context
from pathlib import Path

from sim.errors import StoreError
from sim.study.run.progress import Progress
from sim.study.run.store import PartStore, part_ranges
from sim.study.run.worker import Job, Receipt, StoppedError, compute_part, prepare_worker

MAX_POOLS = 3  # the first, and two in place of pools a dead worker has broken
_FUTURES_PER_WORKER = 2  # one at work, one waiting: an interruption abandons little

_ONE_THREAD = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    )
}

Pool = Callable[[int], AbstractContextManager[Executor]]


@contextmanager
def process_pool(workers: int) -> Iterator[Executor]:
    """Processes on this machine, started afresh (``spawn``) on every system.

    Maths libraries get one thread per worker. Leaving by an exception, Ctrl-C included, makes
    workers abandon what they are at after the replication in hand.
    """
    context = get_context("spawn")
    stop = context.Event()
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    executor = ProcessPoolExecutor(workers, context, prepare_worker, (stop,))
    try:
        yield _Quiet(executor)
    except BaseException:
        stop.set()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


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


def compute_missing(
    job: Job, replications: int, jobs: int, progress: Progress, pool: Pool = process_pool
) -> None:
    """Compute the parts of ``job`` that are not in its store, and note damaged ones.

    Parameters
    ----------
    replications : int
        All that the run is to have, from 0.
    jobs : int
        Processes; 1 computes in this one.
    pool : callable
        Gives an executor for a number of workers.

    Raises
    ------
    ModelError, StoreError
        From a worker; or when workers keep dying.
    """
    store = PartStore(Path(job.root))
    store.sweep_unfinished()
    missing = []
    for first, last in part_ranges(replications):
        fault = store.fault(job.key(first, last), job.tables)
        if fault:
            progress.note(f"replications {first} to {last - 1} are computed again: {fault}")
        if fault is not None:
            missing.append((first, last))
    progress.start(replications - sum(last - first for first, last in missing), replications)
    workers = min(jobs, len(missing))
    if workers <= 1:
        for first, last in missing:
            compute_part(job, first, last)
            progress.advance(last - first)
    else:
        _on_pools(job, missing, workers, progress, pool)


def _on_pools(
    job: Job, missing: list[tuple[int, int]], workers: int, progress: Progress, pool: Pool
) -> None:
    left = dict.fromkeys(missing)  # in order, without those done
    for attempt in range(MAX_POOLS):
        try:
            with pool(min(workers, len(left))) as executor:
                for receipt in _receipts(executor, job, list(left), workers):
                    del left[receipt.first, receipt.last]
                    progress.advance(receipt.last - receipt.first)
            return
        except BrokenProcessPool:
            if attempt + 1 < MAX_POOLS:
                progress.note("a worker process died; its replications are computed again")
    raise StoreError(
        f"worker processes died {MAX_POOLS} times: killed from outside, out of memory, or started "
        "by a script that does not keep its own work behind if __name__ == '__main__'. Finished "
        "parts are kept; run the same command again, perhaps with fewer jobs"
    )


def _receipts(
    executor: Executor, job: Job, ranges: list[tuple[int, int]], workers: int
) -> Iterator[Receipt]:
    """Submit a bounded number of parts at a time and give receipts as they come."""
    waiting = deque(ranges)
    running: set[Future[Receipt]] = set()
    while waiting or running:
        while waiting and len(running) < _FUTURES_PER_WORKER * workers:
            running.add(executor.submit(compute_part, job, *waiting.popleft()))
        done, running = wait(running, return_when=FIRST_COMPLETED)
        broken: BaseException | None = None
        for future in done:
            error = future.exception()
            if error is None:
                yield future.result()
            elif broken is None or isinstance(broken, BrokenProcessPool | StoppedError):
                broken = error  # a worker's own words tell more than the pool's
        if broken is not None:
            raise broken
