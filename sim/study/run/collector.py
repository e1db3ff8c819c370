"""Memory of work that makes much and keeps little: neither looked through nor handed back."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

_failed: list[bool] = []  # whether a block has failed since garbage was looked for


@contextmanager
def garbage_left() -> Iterator[None]:
    """Look for cyclic garbage at the end alone, and only among what was made inside.

    A replication and a figure are webs of objects that live together and die together. To look
    through them, and through the program beside them, while they live is a tenth of their cost.
    What a block that failed made is held by its failure: it is looked for before the next one.
    """
    if not gc.isenabled():  # as somebody wants it, or we in a block around this one
        yield
        return
    if _failed:
        _failed.clear()
        gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
        gc.collect()
    except BaseException:
        _failed.append(True)
        raise
    finally:
        gc.enable()
        gc.unfreeze()


def freed_kept() -> None:
    """Let the process keep up to 64 MB of what it frees, for its next arrays.

    The C library of Linux hands a large block back to the system when it is freed, which clears it
    page by page for the next one, until it has seen a larger block come and go. Elsewhere nothing
    happens.
    """
    np.empty(4_000_000)  # 32 MB that nobody touches
