"""What becomes of a breach: the ladder each one climbs. See docs/model.md, "Enforcement"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sim.events import Cause, Kind


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


# What the log is told of a new stage; of one raised, its breach's own cause.
SAID = {
    Stage.THREATENED: (Kind.BREACH_THREATENED, Cause.NONE),
    Stage.ORDERED: (Kind.BREACH_ORDERED, Cause.NONE),
    Stage.IMMATERIAL: (Kind.BREACH_LET_PASS, Cause.IMMATERIAL),
    Stage.NOT_ACTED_ON: (Kind.BREACH_LET_PASS, Cause.NOT_ACTED_ON),
    Stage.NOT_SIGNED: (Kind.BREACH_LET_PASS, Cause.NOT_SIGNED),
    Stage.ROUTE_LAPSED: (Kind.BREACH_LET_PASS, Cause.ROUTE_LAPSED),
}


@dataclass(frozen=True)
class BreachView:
    """One breach and what the US may do about it.

    Attributes
    ----------
    stage : Stage
    timer : bool
        The threat has run its length.
    duties, to_come : int
        Routes by which a duty over it is in force, and routes ordered that are not yet.
    relief : bool
        Tariffs came down a short while ago, see ``policy.enforcement.relief_days``.
    lawful : bool
        There is a route in law.
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
    duties: int
    to_come: int
    relief: bool
    lawful: bool
    unpaid_cents: int
    materiality_cents: int
    acted_on: float
    acted_on_probability: float
    signed: float
    signed_probability: float


def own_ladder(view: BreachView) -> Stage:
    """Each breach for itself: ``opened -> threatened -> ordered -> raised``.

    One that is too small, not acted on or not ordered is let pass for good, and so is one whose
    routes all ran out. A breach acted on in relief goes to raised at once. Between two routes,
    the one over and the other still to come, it is ordered and not raised.
    """
    match view.stage:
        case Stage.OPENED:
            if view.unpaid_cents < view.materiality_cents:
                return Stage.IMMATERIAL
            if view.acted_on >= view.acted_on_probability:
                return Stage.NOT_ACTED_ON
            return Stage.RAISED if view.relief and view.lawful else Stage.THREATENED
        case Stage.THREATENED if view.timer:
            ordered = view.signed < view.signed_probability
            return Stage.ORDERED if ordered else Stage.NOT_SIGNED
        case Stage.ORDERED | Stage.RAISED if view.duties:
            return Stage.RAISED
        case Stage.ORDERED | Stage.RAISED:
            return Stage.ORDERED if view.to_come else Stage.ROUTE_LAPSED
    return view.stage


def routes_taken(in_law: list[bool], luck: list[float], probability: list[float]) -> list[int]:
    """Which routes an order takes: each by its own luck; the likeliest in law if that is none."""
    lawful = [route for route, stands in enumerate(in_law) if stands]
    taken = [route for route in lawful if luck[route] < probability[route]]
    return taken or sorted(lawful, key=lambda route: -probability[route])[:1]
