"""Places of a config by dotted path: whether something else stands there, and what rests on them.

``*`` in a path is every key, at its end the keys alone. Configs of a sweep share the models that no
value touches, so most places are told by identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Any, Generic, TypeVar

from sim.config.schema import Config

Made = TypeVar("Made")


def changed(places: Iterable[str], config: Config, other: Config) -> Iterable[str]:
    """Those places at which two configs may not have the same."""
    for place in places:
        keys = _keys(place)
        if getattr(config, keys[0]) is getattr(other, keys[0]):
            continue
        if not _same(_at(config, keys), _at(other, keys)):
            yield place


class Kept(Generic[Made]):
    """What was made of the last config, for the next one that has the same at all it rests on."""

    def __init__(self, *places: str) -> None:
        self.places = places
        self._last: tuple[Config, Made] | None = None

    def of(self, config: Config, make: Callable[[], Made]) -> Made:
        """That of ``config``, which is made where anything it rests on has changed."""
        last = self._last  # read once: other threads have configs of their own
        if last is not None and not any(changed(self.places, config, last[0])):
            made = last[1]
        else:
            made = make()
        self._last = config, made
        return made


@cache
def _keys(place: str) -> list[str]:
    return place.split(".")


def _at(found: Any, keys: list[str]) -> Any:
    """What stands at a place, None below a section that is not there."""
    for number, key in enumerate(keys):
        if key == "*":
            rest = keys[number + 1 :]
            return {name: _at(one, rest) if rest else None for name, one in (found or {}).items()}
        found = getattr(found, key, None)
    return found


def _same(one: Any, other: Any) -> bool:
    """Whether the same objects stand there, in mappings that were made anew, or equal scalars."""
    if one is other or type(one) is not type(other):
        return one is other
    if isinstance(one, dict):
        return [*one] == [*other] and all(map(_same, one.values(), other.values()))
    return isinstance(one, bool | int | float | str | date) and one == other
