"""The two tests of the Consultation Committee's teams, and Japan's answer to a notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScreeningView:
    """One proposal after a screening round; ``favour`` is nature's disposition in (0, 1)."""

    prospects_share: float
    japanese_content_share: float
    favour: float


@dataclass(frozen=True)
class TwoTests:
    """Cost-effective, and of benefit to Japanese companies (source articles, seed:001).

    Returns ``"passes"``, ``"prospects"`` or ``"benefit"``: the test that failed first.
    """

    hurdle_share: float
    japanese_content_min_share: float
    benefit_otherwise_probability: float

    def __call__(self, view: ScreeningView) -> str:
        if view.prospects_share < self.hurdle_share:
            return "prospects"
        if view.japanese_content_share >= self.japanese_content_min_share:
            return "passes"
        return "passes" if view.favour < self.benefit_otherwise_probability else "benefit"


@dataclass(frozen=True)
class FundingView:
    """Nature's dispositions of Japan towards one notice, each in (0, 1)."""

    consult: float
    decline: float


@dataclass(frozen=True)
class AsDisposed:
    """Fund at once, or consult first; a consultation may end in a decline.

    A decline without consultation does not exist: Japan must consult before so deciding.
    """

    consult_probability: float
    decline_probability: float

    def __call__(self, view: FundingView) -> str:
        if view.decline < self.decline_probability:
            return "decline"
        return "consult" if view.consult < self.consult_probability else "fund"


def always_fund(view: FundingView) -> str:
    """Ignore every disposition."""
    return "fund"
