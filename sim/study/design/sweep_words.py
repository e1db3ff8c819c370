"""The same mistake at many design points, told once."""

from __future__ import annotations

import re


def alike(words: str) -> str:
    """Words without their numbers: what differs in these only is the same mistake."""
    return re.sub(r"[-+]?\d[\d.,]*(e[-+]?\d+)?", "#", words)


def and_more(points: int) -> str:
    """How many design points more make the same mistake."""
    return f" (and {points} more design point{'s' * (points != 1)})" if points else ""
