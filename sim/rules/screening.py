"""The two tests of the Consultation Committee's teams, and Japan's answer to a notice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


def two_tests(
    prospects_share: float,
    japanese_content_share: float,
    favour: float,
    hurdle_share: float,
    japanese_content_min_share: float,
    benefit_otherwise_probability: float,
) -> str:
    """Cost-effective, and of benefit to Japanese companies (source articles, seed:001).

    The first two are the proposal's, ``favour`` is nature's disposition in (0, 1), the rest is
    policy. Returns ``"passes"``, ``"prospects"`` or ``"benefit"``: the test that failed first.
    """
    if prospects_share < hurdle_share:
        return "prospects"
    if japanese_content_share >= japanese_content_min_share:
        return "passes"
    return "passes" if favour < benefit_otherwise_probability else "benefit"


@dataclass(frozen=True)
class FundingView:
    """One notice of selection, and how Japan is disposed towards it."""

    consult: float  # nature's dispositions, each in (0, 1)
    decline: float
    consult_probability: float
    decline_probability: float
    commitment_cents: int
    sector: str  # its id in the config
    state: str  # where the project lies, empty where nothing is known
    expected_loss_cents: float = 0.0  # on the project, see sim.plan.deterrence
    expected_duty_cents: float = 0.0  # that a decline would bring, as known in this minute


class Response(Enum):
    """What Japan does; a decline comes only after a consultation."""

    FUND = "fund"
    CONSULT = "consult"
    DECLINE = "decline"


def as_disposed(view: FundingView) -> Response:
    """Fund at once, or consult first; a consultation may end in a decline."""
    if view.decline < view.decline_probability:
        return Response.DECLINE
    return Response.CONSULT if view.consult < view.consult_probability else Response.FUND


def weighs_tariff(view: FundingView) -> Response:
    """Decline where the loss expected exceeds the duty expected for it."""
    declines = view.expected_loss_cents > view.expected_duty_cents
    return Response.DECLINE if declines else Response.FUND


def always_fund(view: FundingView) -> Response:
    """Ignore every disposition."""
    return Response.FUND
