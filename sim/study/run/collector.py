"""Python's collector of garbage, held off while work is done that makes much and keeps little."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def garbage_left() -> Iterator[None]:
    """Look for cyclic garbage at the end alone, and only among what was made inside.

    A replication and a figure are webs of objects that live together and die together. To look
    through them, and through the program beside them, while they live is a tenth of their cost.
    """
    if not gc.isenabled():  # as somebody wants it, or we in a block around this one
        yield
        return
    gc.freeze()
    gc.disable()
    try:
        yield
        gc.collect()
    finally:
        gc.enable()
        gc.unfreeze()
