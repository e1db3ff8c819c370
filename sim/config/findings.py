"""What a cross-check returns, and which sections of the config it needs to be sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sim.config.messages import nearest
from sim.config.nodes import Keys
from sim.config.schema import Config

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Finding:
    """A problem at a path of the config; file and line are the loader's to add."""

    path: Keys
    message: str
    accepted: str = ""


Check = Callable[[Config], Iterator[Finding]]


def finding(dotted: str, message: str, accepted: str = "") -> Finding:
    """Return a finding at a dotted path."""
    return Finding(tuple(dotted.split(".")), message, accepted)


def needs(*places: str) -> Callable[[Check], Check]:
    """Register a check, and the places it reads: sections, or dotted paths of parts of them.

    It is skipped while one of the sections is not sound, and where nothing there has changed.
    """

    def mark(check: Check) -> Check:
        CHECKS[check] = places
        return check

    return mark


CHECKS: dict[Check, tuple[str, ...]] = {}


def unknown(dotted: str, what: str, name: str, known: Iterable[str]) -> Finding:
    """Return the finding that ``name`` is none of the ``known``."""
    names = sorted(known)
    message = f"there is no {what} {name}{nearest(name, names)}"
    return finding(dotted, message, ", ".join(names) or f"nothing: no {what} is defined")


def keys_are(
    dotted: str, what: str, keys: Iterable[str], known: Iterable[str]
) -> Iterator[Finding]:
    """Report keys that are none of the known names, and known names without a key."""
    keys, known = list(keys), list(known)
    for key in keys:
        if key not in known:
            yield unknown(f"{dotted}.{key}", what, key, known)
    for name in known:
        if name not in keys:
            yield finding(dotted, f"has no entry for {what} {name}", f"a key {name}")


def adds_up(dotted: str, shares: Iterable[float]) -> Iterator[Finding]:
    """Report shares that do not add up to 1."""
    total = sum(shares)
    if abs(total - 1) > TOLERANCE:
        yield finding(dotted, f"shares add up to {total:.10g}", "shares that add up to 1")


def covers(dotted: str, path: object, start: date) -> Iterator[Finding]:
    """Report a dated path whose first date is after the start: nothing holds before it."""
    if not isinstance(path, dict):
        return
    if not path:
        yield finding(dotted, "has no date", "a mapping {YYYY-MM-DD: value}")
    elif min(path) > start:
        message = f"starts on {min(path)}, after the programme's start: nothing holds before"
        yield finding(dotted, message, f"a value on or before {start}")
