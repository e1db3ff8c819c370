"""What becomes of a breach: the ladder each one climbs. See docs/model.md, "Enforcement"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Stage(Enum):
    """Where a breach stands; behind `RAISED` what lets it pass for good, whatever is unpaid."""

    OPENED = "opened"
    THREATENED = "threatened"
    ORDERED = "ordered"
    RAISED = "raised"
    IMMATERIAL = "immaterial"
    NOT_ACTED_ON = "not_acted_on"
    NOT_SIGNED = "not_signed"
    ROUTE_LAPSED = "route_lapsed"


@dataclass(frozen=True)
class BreachView:
    """One breach and what the US may do about it.

    Attributes
    ----------
    stage : Stage
    timer : bool
        The stage has run its length: threat, delay of the route, longest duration of the duty.
    relief : bool
        Tariffs came down a short while ago, see ``policy.enforcement.relief_days``.
    unpaid_cents : int
        Unpaid when the breach opened; of a decline, what was committed.
    materiality_cents : int
        Below it nobody acts.
    acted_on, signed : float
        Dispositions, uniform in (0, 1).
    acted_on_probability, signed_probability : float
        Of a threat, by kind of breach; of an order once the threat has run.
    """

    stage: Stage
    timer: bool
    relief: bool
    unpaid_cents: int
    materiality_cents: int
    acted_on: float
    acted_on_probability: float
    signed: float
    signed_probability: float


def own_ladder(view: BreachView) -> Stage:
    """Each breach for itself: ``opened -> threatened -> ordered -> raised``.

    One that is too small, not acted on or not ordered is let pass for good, and so is one whose
    route ran out. A breach acted on in relief goes to raised at once.
    """
    match view.stage:
        case Stage.OPENED:
            if view.unpaid_cents < view.materiality_cents:
                return Stage.IMMATERIAL
            if view.acted_on >= view.acted_on_probability:
                return Stage.NOT_ACTED_ON
            return Stage.RAISED if view.relief else Stage.THREATENED
        case Stage.THREATENED if view.timer:
            ordered = view.signed < view.signed_probability
            return Stage.ORDERED if ordered else Stage.NOT_SIGNED
        case Stage.ORDERED if view.timer:
            return Stage.RAISED
        case Stage.RAISED if view.timer:
            return Stage.ROUTE_LAPSED
    return view.stage
