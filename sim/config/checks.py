"""Cross-checks: what no single value of a config can tell. All run, all report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError

from sim.config import (  # noqa: F401  (each registers its checks)
    check_capacity,
    check_dates,
    check_distributions,
    check_finance,
    check_gates,
    check_money,
    check_record,
    check_selection,
    check_waits,
)
from sim.config import check_references as references
from sim.config.findings import CHECKS, Finding
from sim.config.places import changed
from sim.config.schema import Config, section


def check(tree: Mapping[str, Any], config: Config | None) -> list[Finding]:
    """Run every cross-check.

    Parameters
    ----------
    tree
        The plain tree; its sound sections are checked when there is no config.
    config
        The validated config, None when a section is not sound.

    Returns
    -------
    list of Finding
        Everything found, empty for a sound config.
    """
    sections, found = set(Config.model_fields), []
    if config is None:
        config, sections = _sound_sections(tree)
        found = list(references.unsound_rows(tree, sections))
    for one, places in CHECKS.items():
        if sections.issuperset(place.partition(".")[0] for place in places):
            found += one(config)
    return found


def sound(config: Config, known: Config) -> bool:
    """Whether no check finds anything that reads what is otherwise than in a sound config."""
    otherwise = {*changed(_places(), config, known)}
    return not any(
        found
        for one, places in CHECKS.items()
        if not otherwise.isdisjoint(places)
        for found in one(config)
    )


@cache
def _places() -> set[str]:
    """Every place that a check reads."""
    return {place for places in CHECKS.values() for place in places}


def _sound_sections(tree: Mapping[str, Any]) -> tuple[Config, set[str]]:
    """Validate each section alone. Only the named sections of the result may be read."""
    values: dict[str, Any] = {}
    for name, info in Config.model_fields.items():
        key = info.alias or name
        if key not in tree:
            if not info.is_required():
                values[name] = info.get_default(call_default_factory=True)
            continue
        try:
            values[name] = section(name).validate_python(tree[key])
        except ValidationError:
            continue
    return Config.model_construct(**values), set(values)
