"""A law asked of a replication: that it holds, or what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from support.hand_made import hand_config

from sim.config.schema import Config
from sim.events import Replication
from sim.results.laws import Evidence, Violation, Yardstick, evidence_of

Check = Callable[[Evidence], Iterable[Violation]]


def said(check: Check, made: Replication | Evidence, config: Config | None = None) -> list[str]:
    """Each violation as ``'project': words``."""
    if isinstance(made, Replication):
        made = evidence_of(made, Yardstick(config or hand_config()))
    names = (*made.names.projects, "")
    return [f"'{names[found.project]}': {found.words}" for found in check(made)]


def holds(check: Check, made: Replication | Evidence, config: Config | None = None) -> None:
    """Nothing is said."""
    assert said(check, made, config) == []


def caught(
    check: Check, made: Replication | Evidence, text: str, config: Config | None = None
) -> None:
    """Something is said that matches ``text``."""
    found = said(check, made, config)
    assert any(re.search(text, line) for line in found), (text, found)
