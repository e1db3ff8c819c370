"""Words that count."""

from __future__ import annotations

import re


def plural(n: float, one: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> plural(1, "project"), plural(1200, "run")
    ('1 project', '1,200 runs')
    """
    return f"{n:,.0f} {one if n == 1 else one + 's'}"


def alike(words: str) -> str:
    """Words without their numbers: what differs in these only is the same mistake."""
    return re.sub(r"[-+]?\d[\d.,]*(e[-+]?\d+)?", "#", words)


def and_more(points: int) -> str:
    """How many design points more make the same mistake."""
    return f" (and {plural(points, 'more design point')})" if points else ""
