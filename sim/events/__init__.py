"""What can happen, in one vocabulary: event kinds, causes, responses, and the log's arrays."""

from sim.events.causes import CAUSES, WAITS, Cause
from sim.events.kinds import KINDS, MILESTONES, MONEY_KINDS, TERMINAL, Kind
from sim.events.ledger_causes import LEDGER_CAUSES, LEDGER_GROUPS
from sim.events.log import (
    CENTS_PER_USD_BN,
    Attributes,
    CapacityTrace,
    EventLog,
    FloatArray,
    IntArray,
    MarketTrace,
    Names,
    OperationDraws,
    Replication,
    SiteTrace,
)
from sim.events.responses import RESPONSES, Response

__all__ = [
    "CAUSES", "CENTS_PER_USD_BN", "KINDS", "LEDGER_CAUSES", "LEDGER_GROUPS", "MILESTONES",
    "MONEY_KINDS", "RESPONSES", "TERMINAL", "WAITS", "Attributes", "CapacityTrace", "Cause",
    "EventLog", "FloatArray", "IntArray", "Kind", "MarketTrace", "Names", "OperationDraws",
    "Replication", "Response", "SiteTrace",
]  # fmt: skip
