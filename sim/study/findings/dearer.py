"""Where dollars of two configs buy different amounts: the premium for specialists is in them.

A premium over rivals makes every project dearer, so that committed, paid and completed dollars rise
with it for the very same plants. Whoever compares such configs is told, by this one rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.config import Loaded, varied
from sim.study.design.named_overlays import Overlay

_LEAST = 0.0005  # of a cost: less is not told


def dearer(base: Loaded, laid: Mapping[str, Overlay]) -> dict[str, float]:
    """How much more the same plant counts for in dollars than in the base, of each overlay.

    A share; overlays that leave the bidding alone are left out.
    """
    own = base.config.capacity.specialists.bidding.cost_factor
    return {
        name: varied(base.tree, overlay).capacity.specialists.bidding.cost_factor / own - 1
        for name, overlay in laid.items()
        if "bidding" in overlay.get("capacity", {}).get("specialists", {})
    }


def told_dearer(named: Iterable[tuple[str, float]], base: str = "base") -> str:
    """A sentence on all whose dollars differ; empty where none do.

    Examples
    --------
    >>> told_dearer([("rounds_late", 0.0)])
    ''
    >>> print(told_dearer([("cheap", -0.057)]).partition(":")[2])
     the same plant counts for 5.7 % less in cheap than in base. Counts of projects are free of it.
    """
    differs = [(name, share) for name, share in named if abs(share) >= _LEAST]
    if not differs:
        return ""
    each = ", ".join(
        f"{abs(100 * share):.1f} % {'more' if share > 0 else 'less'} in {name}"
        for name, share in differs
    )
    return (
        f"The premium for specialists is in the dollars: the same plant counts for {each} than in "
        f"{base}. Counts of projects are free of it."
    )


def told_dearer_along(factors: Mapping[str, Mapping[str, Any]]) -> str:
    """The same of the factors of a sweep, as its manifest has them; empty where none bids.

    Examples
    --------
    >>> told_dearer_along({"gap": {"label": "Gap", "path": "capacity.specialists.gap.people"}})
    ''
    >>> "rises" in told_dearer_along(
    ...     {"b": {"label": "Weight", "path": ["capacity.specialists.bidding"]}}
    ... )
    True
    """
    bid = [one["label"] for one in factors.values() if "specialists.bidding" in str(one["path"])]
    if not bid:
        return ""
    return (
        "The premium for specialists is in the dollars: the same plant counts for more of them as "
        f"{' or '.join(bid)} rises. Counts of projects are free of it."
    )
