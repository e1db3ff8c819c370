# cython: annotation_typing=False
"""Where branches join the chain, and what slack that leaves: what would have held it up next."""

from __future__ import annotations

from collections.abc import Iterable

from sim.events import Kind
from sim.results.ledger.branches import Branches

FREE = 2**62  # slack where nothing went beside
_NTP, _APPLIED = int(Kind.NTP_ISSUED), int(Kind.PERMITS_BEGAN)


class Joins:
    """The joins a chain has passed on its way back."""

    def __init__(self) -> None:
        self._at: list[tuple[int, list[tuple[int, int]]]] = []  # minute, begins and ends beside

    def add(self, at: int, beside: Iterable[tuple[int, int]]) -> None:
        """Other branches, each from where it left the chain to when it cleared, join it there.

        One that never began is below 0.
        """
        self._at.append((at, [(begin, min(end, at)) for begin, end in beside if 0 <= begin <= end]))

    def slack(self, until: int) -> int:
        """Least of these joins for a piece of the chain that ends then.

        Minutes by which the chain cleared a join later than the last branch that did not wait for
        the piece: who left the chain after it had to.
        """
        least = FREE
        for at, beside in self._at:
            if until <= at:
                for begin, end in beside:
                    if begin < until and at - end < least:
                        least = at - end
        return least


def set_going(branches: Branches) -> int:
    """When what gave notice to proceed last began, and with it the site.

    That is for who has a branch beside the site: a first payment that was not the last gate is none
    that the site waited for.
    """
    ntp = branches.trail.first(_NTP)
    gates = [(branches.trail.first(_APPLIED), branches.granted)]
    gates += [(begin, end) for begin, end, _, _ in branches.development]
    last = [begin for begin, end in gates if begin >= 0 and branches.paid < end <= ntp]
    return min(last, default=ntp)
