"""Who gets how many specialists: the market's answer to the programme, and the sharing inside it.

Model section 5. Pure functions on small sequences; the engine calls them at every change.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf


def obtainable(people: float, other_demand: float, wanted: float, weight: float = 1.0) -> float:
    """People the programme could get from a pool: ``max(S - O, S wD / (O + wD))``.

    What it gets is the smaller of this and ``wanted``. All arguments in people.
    """
    if people == inf:
        return inf
    bid = weight * wanted
    total = other_demand + bid
    return max(people - other_demand, people * bid / total if total > 0 else people, 0.0)


def fair_share(needs: Sequence[Sequence[int]], supply: Sequence[float]) -> list[float]:
    """Max-min filling: one common rate rises until a craft binds; its users freeze; and so on.

    ``needs[g][p]`` is what group g wants of pool p at full rate (any unit), ``supply[p]`` what
    pool p can give in the same unit. Returns a rate in [0, 1] per group. Groups that use the same
    pools always share one rate, so a group stands for all sites with one set of crafts.

    Source: progressive filling, Bertsekas & Gallager, Data Networks (1992), section 6.5.2.
    """
    rates = [1.0] * len(needs)
    # The usual case first: everybody gets what they need.
    if all(
        sum(column) <= limit
        for column, limit in zip(zip(*needs, strict=True), supply, strict=False)
    ):
        return rates
    rising = [g for g, need in enumerate(needs) if any(need)]
    used = [0.0] * len(supply)
    while rising:
        wanted = [sum(needs[g][p] for g in rising) for p in range(len(supply))]
        binding = [
            ((supply[p] - used[p]) / total, p) for p, total in enumerate(wanted) if total > 0
        ]
        rate, craft = min(binding)
        if rate >= 1.0:
            break
        rate = max(rate, 0.0)
        frozen = [g for g in rising if needs[g][craft]]
        for g in frozen:
            rates[g] = rate
            for p, need in enumerate(needs[g]):
                used[p] += need * rate
        rising = [g for g in rising if not needs[g][craft]]
    return rates
