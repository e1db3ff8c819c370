"""Laws 3 and 11: the delay ledger partitions time, and what stands is what is selected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from sim.events import CENTS_PER_USD_BN, LEDGER_CAUSES, TERMINAL, Cause, Kind
from sim.events.causes import charged_at
from sim.results.laws.evidence import Evidence, Violation

# Causes that are one kind of wait, and nothing else: chain and hidden make up all of it.
_MAIN = {Cause(wait): LEDGER_CAUSES[code] for wait, code in charged_at("main").items()}
_WAITED: dict[Cause, str] = {
    **{wait: name for wait, name in _MAIN.items() if wait != Cause.UNAPPRAISED},
    Cause.PERMIT_QUEUE: "permit_queue",
    Cause.CASH_STARVED: "cash_starved",
}
_BEFORE_SELECTION = {"reviewing", *_MAIN.values(), "recorded"}
_OVERRUN, _SHORT = LEDGER_CAUSES.index("overrun"), LEDGER_CAUSES.index("crews_short")
_MINUTE = 1e-3  # minutes were whole; days of a table may be a rounding off


def delays_partition(evidence: Evidence) -> Iterator[Violation]:
    """The ledger's minutes add up to the time from proposal to the end; none is missing.

    Only ``overrun`` may be below zero, nothing hidden is, and pools explain no more of
    ``crews_short`` than there is. Who was never selected was only reviewed.
    """
    end = evidence.end
    begin: dict[int, int] = {}
    over: dict[int, int] = {}
    selected: set[int] = set()
    for event in evidence.of({Kind.PROPOSED, Kind.SELECTED, *TERMINAL}):
        if event.kind == Kind.PROPOSED:
            begin[event.project] = event.time
        elif event.kind == Kind.SELECTED:
            selected.add(event.project)
        else:
            over[event.project] = min(event.time, end)
    charged, hidden = evidence.charged.minutes.tolist(), evidence.charged.hidden.tolist()
    drags = evidence.charged.drag.tolist()
    peeled = evidence.charged.held
    by_pool = evidence.charged.short_by_pool.sum(axis=1).tolist()
    for row, project in enumerate(evidence.attributes.entity.tolist()):
        elapsed = over.get(project, end) - begin[project] if begin.get(project, end) < end else 0
        minutes, wrong = charged[row], ""
        if abs(sum(minutes) - elapsed) > _MINUTE:
            wrong = f"delays of {sum(minutes):.0f} minutes, {elapsed} from proposal to the end"
        elif abs(peeled[row].sum() - elapsed) > _MINUTE or peeled[row].min() < -_MINUTE:
            total = f"{peeled[row].sum():.0f} minutes held, the least {peeled[row].min():.0f}"
            wrong = f"{total}, {elapsed} from proposal to the end"
        elif by_pool[row] > minutes[_SHORT] + 1e-6 * elapsed:
            pools = f"pools explain {by_pool[row]:.1f} minutes of crews_short"
            wrong = f"{pools}, {minutes[_SHORT]:.0f} charged"
        for cause, (on, off) in enumerate(zip(minutes, hidden[row], strict=True)):
            if off < -_MINUTE or (on < -_MINUTE and cause != _OVERRUN):
                name = LEDGER_CAUSES[cause]
                wrong = f"{name} has {on:.0f} minutes on the chain and {off:.0f} hidden"
            elif not -_MINUTE <= drags[row][cause] <= max(on, 0) + _MINUTE:
                name = LEDGER_CAUSES[cause]
                wrong = f"{name} drags {drags[row][cause]:.0f} minutes, {on:.0f} on the chain"
            elif on and project not in selected and LEDGER_CAUSES[cause] not in _BEFORE_SELECTION:
                wrong = f"{LEDGER_CAUSES[cause]} has {on:.0f} minutes, and it was never selected"
        if wrong:
            yield Violation(project, -1, wrong)


def dollars_stand_somewhere(evidence: Evidence) -> Iterator[Violation]:
    """Over causes, dollars held add up to those of units selected, not operating, not given up."""
    table, horizon = evidence.tables["held"], evidence.measure.horizon
    begin, end = horizon.month_begin, horizon.month_end
    expected = np.zeros(horizon.n_months)
    standing: dict[int, float] = defaultdict(float)
    for event in evidence.of({Kind.SELECTED, Kind.UNIT_ENERGISED, *TERMINAL}):
        left = standing[event.project]
        change = -left if event.kind in TERMINAL else -event.amount
        if event.kind == Kind.SELECTED:
            change = event.amount
        standing[event.project] += change
        expected += change * np.maximum(end - np.maximum(begin, event.time), 0)
    expected /= (end - begin) * CENTS_PER_USD_BN
    month = np.searchsorted(horizon.month, table["month"])
    found = np.zeros(horizon.n_months)
    np.add.at(found, month, table["usd_bn"])
    for row in np.flatnonzero(np.abs(found - expected) > 1e-9 * (1 + expected)).tolist():
        text = f"{found[row]:.9f} bn dollars are held, {expected[row]:.9f} stand"
        yield Violation(-1, int(begin[row]), text)


def waits_are_charged_once(evidence: Evidence) -> Iterator[Violation]:
    """A wait of one cause at a time is on the chain or hidden: together what the log waited."""
    end = evidence.end
    waited: dict[tuple[int, str], int] = defaultdict(int)
    signs = {Kind.WAIT_BEGAN: 1, Kind.WAIT_ENDED: -1}
    over = {event.project: event.time for event in evidence.of(TERMINAL)}
    for event in evidence.of(signs):
        if event.time < end and event.cause in _WAITED:
            until = over.get(event.project, end)
            key = (event.project, _WAITED[Cause(event.cause)])
            waited[key] += signs[event.kind] * (until - event.time)
    both = (evidence.charged.minutes + evidence.charged.hidden).tolist()
    for row, project in enumerate(evidence.attributes.entity.tolist()):
        for cause in _WAITED.values():
            found, expected = both[row][LEDGER_CAUSES.index(cause)], waited.get((project, cause), 0)
            if abs(found - expected) > _MINUTE:
                text = f"{cause} has {found:.0f} minutes charged and hidden, {expected} waited"
                yield Violation(project, -1, text)
