"""Independent recursions for queues whose answers are known, and the formulas they must meet.

Nothing here imports ``sim``. The recursions are generic in their numbers: whole minutes and
``Fraction`` where a run must agree exactly, floats where a long path meets a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heapreplace
from math import ceil, factorial
from typing import Any


def kiefer_wolfowitz(arrivals: Sequence[Any], services: Sequence[Any], servers: int) -> list[Any]:
    """When each customer begins; first come, first served by ``servers`` alike.

    Source: Kiefer & Wolfowitz, On the theory of queues with many servers, Trans. AMS 78 (1955).
    """
    free = [arrivals[0]] * servers  # when each server is next free
    begins = []
    for arrival, service in zip(arrivals, services, strict=True):
        begin = max(arrival, free[0])
        heapreplace(free, begin + service)
        begins.append(begin)
    return begins


def shared_pool(
    arrivals: Sequence[Any],
    works: Sequence[Any],
    needs: Sequence[Any],
    supply: Sequence[tuple[Any, Any]],
    whole: Callable[[Any], Any] = ceil,
) -> list[Any]:
    """When each site is built: all at work run at the rate min(1, people / people wanted).

    ``works`` is time at full rate, ``supply`` steps (from, people). An end is rounded by ``whole``
    (up to the next minute), and the crew is held until then; what is never built is left out of
    time: None. With one crew of people and no rounding this is processor sharing.
    """
    built: list[Any] = [None] * len(arrivals)
    steps = [(at, "people", n) for at, n in supply[1:]]
    steps += [(at, "site", k) for k, at in enumerate(arrivals)]
    now, people = supply[0]
    left: dict[int, Any] = {}  # site -> work still to do at full rate
    for at, what, value in [*sorted(steps), (None, "end", None)]:
        while left and now != at:
            rate = min(1, people / sum(needs[k] for k in left))
            end = now + whole(min(left.values()) / rate) if rate else at
            stop = end if at is None or (end is not None and end < at) else at
            if stop is None:
                break  # nobody works, and nothing changes any more
            left = {k: work - (stop - now) * rate for k, work in left.items()}
            now = stop
            for k in [k for k, work in left.items() if work <= left_over(work)]:
                built[k] = now
                del left[k]
        now = at
        if what == "people":
            people = value
        elif what == "site":
            left[value] = works[value]
    return built


def left_over(work: Any) -> Any:
    """Work that counts as none: nothing in exact numbers, the dust of subtraction in floats."""
    return 1e-9 if isinstance(work, float) else 0


def erlang_c(servers: int, load: float) -> float:
    """Probability of waiting in M/M/c; ``load`` in Erlang. Erlang 1917, Cooper (1981) ch. 3."""
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / factorial(k) for k in range(servers)) + last)


def mmc_wait(servers: int, load: float, service: float) -> float:
    """Mean wait in M/M/c before service begins."""
    return erlang_c(servers, load) * service / (servers - load)


def mg1_wait(rate: float, mean: float, second_moment: float) -> float:
    """Mean wait in M/G/1: Pollaczek (1930) and Khinchine (1932), Kleinrock I (1975) sec. 5.7."""
    return rate * second_moment / (2 * (1 - rate * mean))


def mm1_wait_standard_error(load: float, service: float, customers: int) -> float:
    """Standard error of the mean wait of that many successive customers in M/M/1.

    n Var(mean) -> rho (2 + 5 rho - 4 rho^2 + rho^3) / (1 - rho)^4 services squared.
    Source: Daley, The serial correlation coefficients of waiting times in a stationary single
    server queue, J. Austral. Math. Soc. 8 (1968).
    """
    variance = load * (2 + 5 * load - 4 * load**2 + load**3) / (1 - load) ** 4
    return service * (variance / customers) ** 0.5
