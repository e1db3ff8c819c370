"""The name of a rule in a config: a registered one, or a function in a file of the user's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

from sim.rules.registry import KINDS

_OWN_RULE = re.compile(r"(.+\.py):([A-Za-z_]\w*)")


def own_rule(name: str) -> tuple[str, str] | None:
    """File and function of a rule of the user's own, None where the name is no such rule."""
    found = _OWN_RULE.fullmatch(name)
    return (found[1], found[2]) if found else None


@dataclass(frozen=True)
class RuleOf:
    """Marks a text that names a registered rule of a kind, or a function of the user's."""

    kind: str

    @property
    def accepted(self) -> str:
        """What may stand there, in words."""
        return f"one of {', '.join(KINDS[self.kind])}, or a function of yours as FILE.py:FUNCTION"

    def check(self, name: str) -> str:
        """The name itself, if there is such a rule."""
        if name not in KINDS[self.kind] and own_rule(name) is None:
            raise ValueError(f"is not the name of a {self.kind} rule")
        return name

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        names = {"enum": list(KINDS[self.kind]), "type": "string"}
        return {"anyOf": [names, {"pattern": _OWN_RULE.pattern, "type": "string"}]}
