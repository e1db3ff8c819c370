"""The ledger of money: it says what the log says, and no vehicle spends what it does not have."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.events import IntArray, Kind
from sim.events.money import ACCOUNTS, REASONS
from sim.results.laws.evidence import Evidence, Table, Violation

# What is posted when something happens, by kind of event.
_LOGGED: dict[tuple[str, ...], tuple[Kind, ...]] = {
    ("committed",): (Kind.SELECTED,),
    ("released",): (Kind.DECLINED, Kind.CANCELLED),
    ("drawn", "topup"): (Kind.PART_DRAWN,),
    ("returned",): (Kind.MONEY_RETURNED,),
}


def postings_balance(evidence: Evidence) -> Iterator[Violation]:
    """Transfers are positive and of the log; vehicles and Japan's side never owe anything."""
    ledger = evidence.tables.get("ledger")
    if ledger is None or not len(ledger["minute"]):
        return  # the config has no finance section
    project, minute, cents = ledger["project"], ledger["minute"], ledger["amount_cents"]
    same = ledger["debit"] == ledger["credit"]
    for row in np.flatnonzero(same | (cents <= 0)).tolist():
        text = f"ledger: transfer {row} of {cents[row]} cents"
        yield Violation(int(project[row]), int(minute[row]), text)
    log, size = evidence.log, len(evidence.names.projects)
    for reasons, kinds in _LOGGED.items():
        posted = np.isin(ledger["reason"], [list(REASONS).index(reason) for reason in reasons])
        happened = np.isin(log.kind, list(kinds)) & (log.time < evidence.end)
        found = np.bincount(project[posted], cents[posted], size)
        said = np.bincount(log.project[happened], log.amount[happened], size)
        for owner in np.flatnonzero(found != said).tolist():
            text = f"ledger: {found[owner]:.0f} cents {reasons[0]}, the log has {said[owner]:.0f}"
            yield Violation(owner, -1, text)
    for account in ("spv", "japan"):
        yield from _never_below_zero(ledger, ACCOUNTS.index(account), account)


def _never_below_zero(ledger: Table, account: int, name: str) -> Iterator[Violation]:
    """What an account of each project holds, once all transfers of a minute are made."""
    sign = (ledger["debit"] == account).astype(np.int64) - (ledger["credit"] == account)
    mine = np.flatnonzero(sign)
    order = mine[np.lexsort((ledger["minute"][mine], ledger["project"][mine]))]
    project: IntArray = ledger["project"][order].astype(np.int64)
    minute, moved = ledger["minute"][order], (sign * ledger["amount_cents"])[order]
    total = np.cumsum(moved)
    first = np.flatnonzero(np.diff(project, prepend=-1))
    began = np.append(0, total[first[1:] - 1]) if len(first) else total
    held = total - np.repeat(began, np.diff(np.append(first, len(order))))
    last = np.append((np.diff(project) != 0) | (np.diff(minute) != 0), True)[: len(order)]
    for row in np.flatnonzero(last & (held < 0)).tolist():
        text = f"ledger: {name} holds {held[row]} cents"
        yield Violation(int(project[row]), int(minute[row]), text)
