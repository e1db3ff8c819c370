"""What every caller may ask of a study: how many replications, and from which seed."""

from __future__ import annotations

from sim.config.values import MOST_COUNT, MOST_SEED
from sim.errors import DesignError


def refuse_counts(replications: int | None, seed: int | None) -> None:
    """Refuse what no study can run with; None is what the file says.

    Raises
    ------
    DesignError
        For the first of the two that is out of range.
    """
    for name, value, least, most in (
        ("replications", replications, 1, MOST_COUNT),
        ("seed", seed, 0, MOST_SEED),
    ):
        if value is not None and value < least:
            raise DesignError(f"{name} is {value}; accepted: {least} or more")
        if value is not None and value > most:
            raise DesignError(f"{name} is {value}; accepted: {most} or less")
