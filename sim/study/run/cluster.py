"""Workers on other machines: dask.distributed behind the same executor seam.

The driver alone writes, so workers need no common disk, only the program at the same version. dask
hands a task of a lost worker to another one; a task that takes every worker down with it fails with
``KilledWorker``, which is a result like that of `sim.study.run.pool.Died`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from typing import Any

from sim.errors import DesignError, StoreError
from sim.study.run.collector import garbage_left
from sim.study.run.identity import program, unlike
from sim.study.run.work import Means

SECONDS_TO_CONNECT = 30
_LOOPS = 6  # a minute
_LOCAL = re.compile(r"local:([1-9]\d{0,2})")
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:[^\s/:]+|\[[\da-fA-F:.]+\]):(\d{1,5})")


@contextmanager
def means_for(cluster: str | None, jobs: int) -> Iterator[tuple[Means, int]]:
    """Where a study runs, and how many tasks are worked on at once.

    Parameters
    ----------
    cluster : str or None
        ``tcp://HOST:PORT`` of a scheduler, ``local:N``, or None for processes of this machine.
    jobs : int
        Processes of this machine, where there is no cluster.

    Raises
    ------
    DesignError
        If the address is none, or dask is not installed.
    StoreError
        If no scheduler answers, it has no workers, or a worker has other code.
    """
    if cluster is None:
        yield Means(), jobs
        return
    _check_address(cluster)
    distributed = _distributed()
    with _client(distributed, cluster) as client:
        n_workers = _same_code(client)

        @contextmanager
        def pool(_: int) -> Iterator[Executor]:
            executor = client.get_executor(pure=False)
            try:
                yield executor
            except CancelledError:  # nobody here cancels what is still waited for
                raise StoreError(
                    f"the dask scheduler at {cluster} has gone. Finished parts are kept; start it "
                    "again, and the same command goes on"
                ) from None
            finally:
                executor.shutdown(wait=False)  # cancels what nobody waits for any more

        def died(error: BaseException) -> bool:
            return isinstance(error, distributed.KilledWorker)

        yield Means(pool=pool, remote=True, died=died), n_workers


def _check_address(address: str) -> None:
    remote = _ADDRESS.fullmatch(address)
    if not (_LOCAL.fullmatch(address) or (remote and 0 < int(remote[1]) < 1 << 16)):
        raise DesignError(
            f"cluster {address} is no address; accepted: tcp://HOST:PORT of a dask scheduler, "
            "or local:N"
        )


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError as error:
        raise DesignError(
            f"a cluster needs dask.distributed, which cannot be imported ({error}); accepted: "
            "pip install 'us-japan-investment-sim[dask]'"
        ) from None


@contextmanager
def _client(distributed: Any, address: str) -> Iterator[Any]:
    if local := _LOCAL.fullmatch(address):
        make = partial(distributed.LocalCluster, threads_per_worker=1, dashboard_address=None)
        with (
            _started(partial(make, n_workers=int(local[1]))) as cluster,
            _started(partial(distributed.Client, cluster)) as client,
        ):
            yield client
        return
    try:
        client = _connected(distributed, address)
    except (OSError, TimeoutError) as error:
        raise StoreError(f"no dask scheduler answers at {address} ({error})") from None
    except TypeError as error:  # of TLS that dask has no certificates for
        raise DesignError(
            f"cluster {address}: {error}; accepted: tcp://, or certificates in dask's own "
            "settings (distributed.comm.tls)"
        ) from None
    with client:
        yield client


def _started(make: Callable[[], Any]) -> Any:
    """What has a loop of dask's, made while no garbage is collected.

    An old client that is collected closes, for which it wants the lock that starting holds: it
    would wait for itself, for ever.
    """
    with garbage_left():
        return make()


def _connected(distributed: Any, address: str) -> Any:
    """A client. dask asserts that its loop starts within ten seconds: a busy machine takes more."""
    for _ in range(_LOOPS):
        with suppress(AssertionError):
            return _started(partial(distributed.Client, address, timeout=SECONDS_TO_CONNECT))
    raise TimeoutError(f"dask's own loop did not start, {_LOOPS} times")


def _same_code(client: Any) -> int:
    """How many tasks the workers take at once, after a look at what they would run."""
    try:
        client.wait_for_workers(1, timeout=SECONDS_TO_CONNECT)
    except TimeoutError:
        raise StoreError(
            f"the dask scheduler has no worker after {SECONDS_TO_CONNECT} s; start some with: "
            "dask worker ADDRESS --nthreads 1"
        ) from None
    own = program()
    try:
        found = client.run(program)
    except Exception as error:  # a worker without the program cannot even be asked
        raise StoreError(
            f"a worker cannot run the program ({type(error).__name__}: {error}); install the same "
            "version of it on every worker"
        ) from None
    for worker, other in found.items():
        if other != own:
            raise StoreError(
                f"worker {worker} is refused: it has {unlike(other, own)}. Install on every worker "
                "what the driver has"
            )
    return int(sum(client.nthreads().values()))
