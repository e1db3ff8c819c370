"""As much of JSON Schema as ours use, to see what an editor would say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_TYPES = {
    "object": lambda value: isinstance(value, Mapping),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}


def faults(value: Any, schema: Any, root: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Places and words of what does not fit."""
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, at)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(_TYPES[one](value) for one in types):
        yield f"{at}: no {' or '.join(types)}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{at}: not {schema['const']}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: none of {schema['enum']}"
    if _TYPES["number"](value) and not (
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
    ):
        yield f"{at}: out of range"
    if "anyOf" in schema:
        tried = [list(faults(value, one, root, at)) for one in schema["anyOf"]]
        if all(tried):
            yield from min(tried, key=len)
    if isinstance(value, Mapping):
        known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        for key, below in value.items():
            fits = [one for pattern, one in patterns.items() if re.search(pattern, key)]
            rest = schema.get("additionalProperties", True)
            inside = [known[key]] if key in known else fits or [rest]
            for one in inside:
                if one is False:
                    yield f"{at}.{key}: unknown key"
                elif one is not True:
                    yield from faults(below, one, root, f"{at}.{key}")
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        for number, one in enumerate(value):
            yield from faults(one, schema["items"], root, f"{at}.{number}")
