"""The laws every replication must obey: what ``sim verify`` and the tests check, once each."""

from sim.results.laws.evidence import Charged, Event, Evidence, Violation, Yardstick, evidence_of
from sim.results.laws.registry import LAWS, NEEDS, TRACE, Law, asked, broken_laws

__all__ = [
    "LAWS", "NEEDS", "TRACE", "Charged", "Event", "Evidence", "Law", "Violation", "Yardstick",
    "asked", "broken_laws", "evidence_of",
]  # fmt: skip
