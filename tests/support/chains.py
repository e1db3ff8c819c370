"""One project's chain in the delay ledger, piece by piece: what `charge` adds up."""

from __future__ import annotations

from typing import NamedTuple

from sim.events import LEDGER_CAUSES, Kind, Replication
from sim.results.ledger.branches import Branches
from sim.results.ledger.chain import WORK, Chain
from sim.results.ledger.site_work import SiteWork
from sim.results.ledger.trail import lenders, read_trails
from sim.results.tables.batch import Batch


class Segment(NamedTuple):
    """A piece in minutes; ``resource`` indexes `Names.resources`, -1 for none.

    Each begins where the one before it ends. Within a stretch at work the parts stand one after the
    other, and an overrun below zero ends before it begins.
    """

    cause: str
    begin: int
    end: int
    resource: int


def chain_of(replication: Replication, row: int) -> list[Segment]:
    """The chain of a row of Attributes, oldest first; empty for a project never proposed."""
    batch = Batch([replication])
    trail = read_trails(batch)[row]
    if trail.first(Kind.PROPOSED) < 0:
        return []
    chain = Chain(Branches(trail, lenders(replication.names)))
    work, stretches = SiteWork(batch), iter(reversed(chain.work))
    found: list[Segment] = []
    for begin, end, cause, resource in reversed(chain.pieces):
        if cause != WORK:
            found.append(Segment(LEDGER_CAUSES[cause], begin, end, resource))
            continue
        stretch, until = next(stretches)
        for part, spent in work.split(row, trail, stretch, until):
            if spent:
                found.append(Segment(LEDGER_CAUSES[part], begin, begin + spent, -1))
                begin += spent
    return found
