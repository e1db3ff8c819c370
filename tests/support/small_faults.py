"""Faults put into the program while a check runs, which must then fail in the words expected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

Patch = pytest.MonkeyPatch


def around(patch: Patch, owner: Any, name: str, fault: Callable[..., Any]) -> None:
    """Replace a function by ``fault``, which gets the old one first."""
    patch.setattr(owner, name, wrapped(fault, getattr(owner, name)))


def wrapped(fault: Callable[..., Any], old: Callable[..., Any]) -> Callable[..., Any]:
    def replaced(*arguments: Any, **named: Any) -> Any:
        return fault(old, *arguments, **named)

    return replaced


def label(value: Any) -> str | None:
    if isinstance(value, partial):
        value = value.func
    return getattr(value, "__name__", None) if callable(value) else ""


def caught(
    patch: Patch, fault: Callable[[Patch], None], check: Callable[[], None], words: str
) -> None:
    """The check holds without the fault (its own test) and fails with it, in the words expected."""
    fault(patch)
    with pytest.raises(AssertionError, match=words):
        check()
