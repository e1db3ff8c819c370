"""The JSON Schema of what people write: an overlay, for editors that check YAML as you type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Schema = dict[str, Any]

_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_MAPS = ("properties", "patternProperties", "$defs")  # whose keys are names, no words of the schema
_TO_ALL = ("items", "propertyNames")
_EACH = ("anyOf", "oneOf", "allOf")


def overlay_schema(whole: Mapping[str, Any]) -> Schema:
    """Make the schema of a config that of an overlay on one.

    Nothing is required; ``null`` takes back what the other file says; a value may be written
    ``{value, source}``, and a mapping may hold the ``source`` of all its values.
    """
    found: Schema = _lenient(whole)
    found["properties"] |= {
        "extends": {"type": "string", "description": "A config: a path, or one of ours by name."},
        "sources": {"type": "object", "description": "Sources by id, beside those of the base."},
    }
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    found["title"] = "A config that extends another"
    return found


def _lenient(schema: Any) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    found: Schema = {}
    for key, value in schema.items():
        if key in ("required", "discriminator", "minProperties"):
            continue
        if key in _MAPS:
            inside: Callable[[Any], Any] = _lenient if key == "$defs" else _laid
            found[key] = {_pattern(name): inside(below) for name, below in value.items()}
        elif key in _EACH:  # without what is required, several kinds of distribution fit
            found["anyOf" if key == "oneOf" else key] = [_lenient(one) for one in value]
        elif key == "additionalProperties" and isinstance(value, Mapping):
            found[key] = _laid(value)
        else:
            found[key] = _lenient(value) if key in _TO_ALL else value
    if found.get("type") == "object":
        found.setdefault("properties", {}).setdefault("source", _TEXT_OR_NULL)
    return found


def _laid(schema: Any) -> Schema:
    """What may stand for a value: the value, null, or the value with its source."""
    own = _lenient(schema)
    sourced = {"value": own, "source": _TEXT_OR_NULL, "note": {"type": "string"}}
    return {
        "anyOf": [
            own,
            {"type": "null"},
            {
                "type": "object",
                "properties": sourced,
                "required": ["value"],
                "additionalProperties": False,
            },
        ]
    }


def _pattern(name: str) -> str:
    r"""Regular expressions of editors know no ``\A`` and ``\z``."""
    return name.replace("\\A", "^").replace("\\z", "$").replace("\\Z", "$")
