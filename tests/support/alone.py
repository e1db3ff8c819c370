"""A config with nothing but some places, so that to read what is not there fails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel


def alone(found: Any, places: Iterable[str]) -> Any:
    """What stands at places of a config, models, or mappings; see `sim.config.places`."""
    below: dict[str, set[str]] = {}
    for place in places:
        first, _, rest = place.partition(".")
        below.setdefault(first, set()).add(rest)
    if "" in below or found is None:
        return found
    if not isinstance(found, BaseModel):
        assert [*below] == ["*"]
        # Without a path below them only the keys may be read.
        return {
            key: alone(one, below["*"]) if below["*"] != {""} else None
            for key, one in found.items()
        }
    assert below.keys() <= type(found).model_fields.keys()
    found = found.model_copy()
    for name in type(found).model_fields:
        if name not in below:
            del vars(found)[name]
        elif "" not in below[name]:
            vars(found)[name] = alone(vars(found)[name], below[name])
    return found
