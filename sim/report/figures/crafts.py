"""Which crafts are served alike, so that one panel tells of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.report.figures.frames import paths

if TYPE_CHECKING:
    import pandas as pd

POOL = "specialists_"  # how a pool's resource is called
ALIKE = 0.03  # of the people wanted: by so much served shares may part on average


def served_alike(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Resources of the pools whose served share is that of all pools together, month by month.

    Parameters
    ----------
    tables : mapping
        Rows of the capacity table by resource.

    Returns
    -------
    list of str
        Two or more, in their order; none where none are alike. A pool of which nobody is wanted is
        like no other.
    """
    granted, wanted = {}, {}
    for name, table in tables.items():
        if name.startswith(POOL):
            granted[name] = paths(table, "in_use").sum(axis=0)
            wanted[name] = granted[name] + paths(table, "waiting_mean").sum(axis=0)
    if not wanted:
        return []
    whole = sum(granted.values()) / np.maximum(sum(wanted.values()), 1e-9)
    found = [
        name
        for name, people in wanted.items()
        if people.sum() > 0 and np.abs(granted[name] - whole * people).sum() <= ALIKE * people.sum()
    ]
    return found if len(found) > 1 else []
