"""The enforcement state machine: what open breaches set going. See docs/model.md, "Enforcement"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Stage(Enum):
    """Where the machine stands."""

    COMPLIANT = "compliant"
    NOTICE = "notice"
    CONSULTATION = "consultation"
    RAISED = "raised"
    RELIEF = "relief"


class Order(Enum):
    """What the engine must do. Timers carry the stage they belong to."""

    NOTICE = "notice"
    CONSULT = "consult"
    RAISE = "raise"
    RELIEVE = "relieve"
    COMPLY = "comply"


@dataclass(frozen=True)
class Facts:
    """``timer``: the current stage has run its length; ``new_breach``: one has just opened."""

    open_breaches: int
    timer: bool = False
    new_breach: bool = False


def shared_stages(stage: Stage, facts: Facts) -> tuple[Stage, Order | None]:
    """One step: ``compliant -> notice -> consultation -> raised -> relief -> compliant``.

    The set of open breaches emptying in notice or consultation returns to compliant; in raised
    nothing restarts and emptying starts relief; a new breach in relief raises at once. A raise
    whose legal duration ran out (``timer`` in raised) gives relief even with breaches open.
    """
    breached = facts.open_breaches > 0
    match stage:
        case Stage.COMPLIANT if breached:
            return Stage.NOTICE, Order.NOTICE
        case Stage.NOTICE | Stage.CONSULTATION if not breached:
            return Stage.COMPLIANT, Order.COMPLY
        case Stage.NOTICE if facts.timer:
            return Stage.CONSULTATION, Order.CONSULT
        case Stage.CONSULTATION if facts.timer:
            return Stage.RAISED, Order.RAISE
        case Stage.RAISED if facts.timer or not breached:
            return Stage.RELIEF, Order.RELIEVE
        case Stage.RELIEF if breached and facts.new_breach:
            return Stage.RAISED, Order.RAISE
        case Stage.RELIEF if facts.timer:
            return Stage.COMPLIANT, Order.COMPLY  # and on from there if a breach is still open
    return stage, None
