"""Tasks on pools that break: who is to blame, and nothing lost."""

from __future__ import annotations

import os
import pickle
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from cases import Heard

from sim.errors import StoreError
from sim.study.run.pool import Died, Sent, Staying, Tasks, process_pool

FATAL = 7


class Frail(Executor):
    """Breaks for good, with all it has in hand, when it is given the fatal task."""

    def __init__(self, fatal: set[int]) -> None:
        self._fatal, self._broken = fatal, False
        self._waiting: list[Future[int]] = []

    def submit(self, fn, /, *args, **kwargs):
        if self._broken:
            raise BrokenExecutor("the pool is broken")
        future: Future[int] = Future()
        (task,) = args
        if task in self._fatal:
            self._broken = True
            for one in (*self._waiting, future):
                one.set_exception(BrokenExecutor("a worker died"))
        elif task % 3 == 1 and len(self._fatal) < 5:
            self._waiting.append(future)  # at work when the other dies
            if len(self._waiting) > 1:
                first = self._waiting.pop(0)
                first.set_result(0)
        else:
            future.set_result(fn(task))
        return future


@contextmanager
def frail(fatal: set[int]) -> Iterator[Executor]:
    yield Frail(fatal)


def double(task: int) -> int:
    return 2 * task


def test_the_fatal_task_is_told_from_its_neighbours_and_all_others_have_results():
    heard = Heard()
    tasks = Tasks(double, 1, lambda workers: frail({FATAL}), heard)

    found = dict(tasks.results([3, 5, 6, FATAL, 8, 9, 11]))

    assert isinstance(found.pop(FATAL), Died)
    assert found == {task: 2 * task for task in (3, 5, 6, 8, 9, 11)}
    assert Counter(heard.notes) == {
        "a worker process died; what it had in hand is computed again": 3
    }


def test_workers_that_die_of_everything_end_the_sweep_in_words():
    everything = set(range(12))
    tasks = Tasks(double, 1, lambda workers: frail(everything), Heard())

    with pytest.raises(StoreError, match=r"die whatever they do.*if __name__ == '__main__'"):
        list(tasks.results(sorted(everything)))


def test_an_error_of_a_task_is_no_death():
    def stumble(task: int) -> int:
        raise StoreError("no space left")

    class Plain(Executor):
        def submit(self, fn, /, *args, **kwargs):
            future: Future[int] = Future()
            try:
                future.set_result(fn(*args))
            except StoreError as error:
                future.set_exception(error)
            return future

    @contextmanager
    def plain(workers: int) -> Iterator[Executor]:
        yield Plain()

    with pytest.raises(StoreError, match="no space left"):
        list(Tasks(stumble, 2, plain, Heard()).results([1, 2]))


def test_the_number_of_tasks_handed_out_is_bounded():
    class Counting(ThreadPoolExecutor):
        waiting = most = 0

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.waiting += 1
            Counting.most = max(Counting.most, self.waiting)
            future = super().submit(fn, *args, **kwargs)
            future.add_done_callback(self.one_done)
            return future

        def one_done(self, _: Future[Any]) -> None:
            self.waiting -= 1

    found = dict(Tasks(double, 3, Counting, Heard()).results(range(1, 400)))

    assert found == {task: 2 * task for task in range(1, 400)}
    assert Counting.most <= 6


def shared_and(shared: list[int], task: int) -> tuple[int, int]:
    return id(shared), sum(shared) + task


def test_a_worker_unpickles_what_its_tasks_share_once():
    function = Sent(partial(shared_and, [1, 2]))
    one, other = (pickle.loads(pickle.dumps(function)) for _ in range(2))
    assert one(3) == other(3)
    assert one(3)[1] == 6
    assert pickle.loads(pickle.dumps(Sent(partial(shared_and, [5]))))(1)[1] == 6


@pytest.fixture
def pools() -> tuple[Any, list[str]]:
    """A pool, and what became of each that was opened."""
    story: list[str] = []

    @contextmanager
    def pool(workers: int) -> Iterator[Executor]:
        story.append(f"{workers} begin")
        try:
            yield ThreadPoolExecutor(workers)
        except BaseException as error:
            story.append(f"{workers} abandon: {error}")
            raise
        story.append(f"{workers} end")

    return pool, story


def test_a_pool_stays_for_the_same_number_of_workers_and_ends_with_its_block(pools):
    pool, story = pools
    with Staying(pool) as staying:
        with staying(2) as first:
            pass
        with staying(2) as again:
            assert again is first
        assert story == ["2 begin"]
        with staying(1) as other:
            assert other is not first
        assert story == ["2 begin", "2 end", "1 begin"]
    assert story == ["2 begin", "2 end", "1 begin", "1 end"]


def test_a_pool_that_broke_is_closed_at_once_and_the_next_is_a_new_one(pools):
    pool, story = pools
    with Staying(pool) as staying:
        with pytest.raises(BrokenExecutor, match="died"), staying(2):
            raise BrokenExecutor("died")
        assert story == ["2 begin", "2 abandon: died"]
        with staying(2):
            pass
    assert story == ["2 begin", "2 abandon: died", "2 begin", "2 end"]


def test_an_error_beside_its_tasks_makes_the_workers_of_a_pool_abandon_them(pools):
    pool, story = pools

    def work() -> None:
        with Staying(pool) as staying:
            with staying(2):
                pass
            raise KeyboardInterrupt("Ctrl-C")

    with pytest.raises(KeyboardInterrupt, match="Ctrl-C"):
        work()
    assert story == ["2 begin", "2 abandon: Ctrl-C"]


def test_two_pools_that_end_in_any_order_leave_the_number_of_threads_as_it_was(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    first, second = process_pool(1), process_pool(1)

    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert os.environ["OMP_NUM_THREADS"] == os.environ["MKL_NUM_THREADS"] == "1"
    second.__exit__(None, None, None)

    assert os.environ["OMP_NUM_THREADS"] == "8"
    assert "MKL_NUM_THREADS" not in os.environ
