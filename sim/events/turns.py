"""The order within a minute: turns, steps that are no event, and how both are packed.

See docs/model.md, "Time". Both engines schedule by it.
"""

from __future__ import annotations

from enum import IntEnum

from sim.events.kinds import Kind


class Turn(IntEnum):
    """Classes within one instant, in their order."""

    DAY_CLOSE = 0
    CAPACITY = 1
    COMPLETION = 2
    PAYMENT = 3
    ARRIVAL = 4
    CC = 5
    IC = 6
    PRESIDENT = 7
    FUNDING_DECISION = 8
    NOTICE = 9
    ENFORCEMENT = 10
    DESKS = 11
    MONEY = 12
    CREWS = 13


VISIT_BITS = 24
KIND_BITS = 7
ORDINAL_BITS = 24


class Step(IntEnum):
    """Kinds of scheduled steps that are no event of the log; numbered after those."""

    MONTH = 100
    FISCAL_YEAR = 101
    CAPACITY = 102
    SITE_TIMER = 103
    ALLOCATION = 104
    WINDOW_OPENS = 105
    ROUND = 106
    TARIFF_TIMER = 107
    TARIFF_STEP = 108
    GRID_TIMER = 109
    CLAIM = 110
    RESERVED = 111
    SLOTS = 112
    ROUTE_LAW = 113
    DATED_EVENT = 114
    REVIEW = 115
    PUBLIC = 116
    SIGNING_ENDS = 117


POOL_SHIFT = 16  # one project may be at several pools at once: the pool's number heads the visit
FIRST_PRIORITY = 2  # after SimPy's own 0 (urgent) and 1 (normal)
KIND_SHIFT = VISIT_BITS
ORDINAL_SHIFT = KIND_SHIFT + KIND_BITS
TURN_SHIFT = ORDINAL_SHIFT + ORDINAL_BITS
MAX_STEPS_PER_INSTANT = 200_000


def event_name(turn: int, ordinal: int, kind: int, visit: int) -> str:
    """A step of the clock in words, for messages."""
    name = Step(kind).name if kind >= min(Step) else Kind(kind).name
    return f"event {Turn(turn).name.lower()} of ordinal {ordinal}, kind {name}, visit {visit}"
