"""What a replication leaves in memory, whether it ends or fails."""

from __future__ import annotations

import gc
import weakref

import pytest

from sim.study.run.collector import garbage_left


class Web:
    """Something that holds itself, as a replication does while it runs."""

    def __init__(self) -> None:
        self.itself = self


def test_what_a_block_made_is_freed_at_its_end():
    with garbage_left():
        left = weakref.ref(Web())
        assert left() is not None
    assert left() is None


def test_what_a_block_that_failed_made_is_freed_before_the_next():
    held = []

    def fails() -> None:
        web = Web()  # held by the frames of the failure
        held.append(weakref.ref(web))
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"), garbage_left():
        fails()
    assert held[0]() is not None
    assert gc.isenabled()
    with garbage_left():
        assert held[0]() is None
