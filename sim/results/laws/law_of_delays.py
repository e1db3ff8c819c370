"""Law 3: the delay ledger partitions the time of every project."""

from __future__ import annotations

from sim.events import LEDGER_CAUSES, TERMINAL, Kind, Replication
from sim.results.laws.law_events import broken, events_of
from sim.results.ledger.charging import Ledger


def delays_partition(replication: Replication, delays: Ledger) -> None:
    """Law 3: the ledger's minutes add up to the time from proposal to the end; none is missing.

    Only ``overrun`` may be below zero, nothing hidden is, and pools explain no more of
    ``crews_short`` than there is.
    """
    begin: dict[int, int] = {}
    end: dict[int, int] = {}
    for event in events_of(replication):
        if event.time < replication.end_minute:
            if event.kind == Kind.PROPOSED:
                begin[event.project] = event.time
            elif event.kind in TERMINAL:
                end[event.project] = event.time
    overrun, short = LEDGER_CAUSES.index("overrun"), LEDGER_CAUSES.index("crews_short")
    for row, project in enumerate(replication.attributes.entity.tolist()):
        elapsed = 0
        if project in begin:
            elapsed = end.get(project, replication.end_minute) - begin[project]
        charged = delays.minutes[row].tolist()
        if sum(charged) != elapsed:
            text = f"delays of {sum(charged)} minutes, {elapsed} from proposal to the end"
            raise broken(replication, project, text)
        for cause, on, off in zip(LEDGER_CAUSES, charged, delays.hidden[row].tolist(), strict=True):
            if off < 0 or (on < 0 and cause != LEDGER_CAUSES[overrun]):
                text = f"{cause} has {on} minutes on the chain and {off} hidden"
                raise broken(replication, project, text)
        by_pool = float(delays.short_by_pool[row].sum())
        if by_pool > charged[short] + 1e-6 * elapsed:
            text = f"pools explain {by_pool:.1f} minutes of crews_short, {charged[short]} charged"
            raise broken(replication, project, text)
