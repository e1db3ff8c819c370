"""What can happen, in one vocabulary: event kinds, causes of waiting, and the log's arrays."""

from sim.events.kinds import CAUSES, KINDS, MILESTONES, TERMINAL, Cause, Kind
from sim.events.log import (
    CENTS_PER_USD_BN,
    Attributes,
    CapacityTrace,
    EventLog,
    FloatArray,
    IntArray,
    MarketTrace,
    Names,
    Replication,
    SiteTrace,
)

__all__ = [
    "CAUSES",
    "CENTS_PER_USD_BN",
    "KINDS",
    "MILESTONES",
    "TERMINAL",
    "Attributes",
    "CapacityTrace",
    "Cause",
    "EventLog",
    "FloatArray",
    "IntArray",
    "Kind",
    "MarketTrace",
    "Names",
    "Replication",
    "SiteTrace",
]
