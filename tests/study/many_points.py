"""A stand-in for making configs, so that a test of the driver is not one of the config room."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any


def configure(tree: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Any, str]:
    (desks,) = values.values()
    facility = SimpleNamespace(desks=desks)
    config = SimpleNamespace(capacity=SimpleNamespace(facilities={"jbic": facility}))
    return config, hashlib.sha256(str(desks).encode()).hexdigest()
