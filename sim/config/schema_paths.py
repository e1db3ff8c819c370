"""The schema for tools: JSON Schema, and every dotted path with value, unit and source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sim.config.loading import Loaded
from sim.config.nodes import Keys
from sim.config.schema import Config
from sim.config.shape import ROOT, Slot, is_free, kind_of, step
from sim.config.sources import wants_source

# By the whole name of a key, or by what it ends in; the first that fits.
_UNITS = {
    "bn USD per round": "_usd_bn_per_round",
    "per bn USD": "_per_usd_bn",
    "bn USD per unit": "usd_bn_per_unit",
    "JPY per USD": "yen_per_usd",
    "business days": "_business_days business_days",
    "days": "_days",
    "months": "_months months",
    "bn USD": "_usd_bn",
    "people per month": "_per_month",
    "MW": "additions_mw megawatts",
    "slots": "slots slots_per_unit reserved",
    "bn of its currency": "per_fiscal_year first_year",
    "servers": "count desks",
    "share per year": "_share_per_year",
    "per year": "_per_year",
    "people": "_people people_at_start people",
    "probability": "_probability probability",
    "correlation": "_correlation",
    "ratio": "_ratio",
    "weight": "_weight weight",
    "log points per standard deviation": "_loadings",
    "share": "_share _shares share share_low share_high crafts rates baseline _thresholds",
}
_PREFIXED = (
    ("labour_years_per", "labour-years per bn USD"),
    ("mw_per_usd_bn", "MW per bn USD"),
)
_FLOWS = frozenset({"slots", "MW"})  # what they hold is of their unit, whatever its name
_NO_UNIT = frozenset({"sigma", "shape", "kind", "weights", "source", "note"})


class PathRow(NamedTuple):
    """One line of ``sim schema --paths``."""

    path: str
    value: Any
    unit: str
    source: str


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a config without ``extends`` and sourced values."""
    return Config.model_json_schema(by_alias=True)


def paths(loaded: Loaded) -> list[PathRow]:
    """Every value a config holds, defaults included, in the order of the schema.

    The source of a value the config does not state is ``default``; empty where none is given.
    """
    values = loaded.config.model_dump(mode="json", by_alias=True, exclude_none=True)
    rows = []
    for path, unit, value in _leaves(values, ROOT, (), ""):
        dotted = ".".join(path)
        source = loaded.sources.get(dotted, "")
        if not source and not _stated(loaded.tree, path):
            source = "default"
        if isinstance(value, (str, bool)):
            unit = "date" if wants_source(value) else ""
        rows.append(PathRow(dotted, value, unit, source))
    return rows


def unit_of(key: str) -> str:
    """Return the unit that stands in a key's name, empty where none does."""
    for prefix, unit in _PREFIXED:
        if key.startswith(prefix):
            return unit
    for unit, names in _UNITS.items():
        for name in names.split():
            if key == name or (name.startswith("_") and key.endswith(name)):
                return unit
    return ""


def _leaves(
    value: Any, slot: Slot | None, path: Keys, unit: str
) -> Iterator[tuple[Keys, str, Any]]:
    """Leaves with their unit: a value without one of its own has that of what holds it."""
    if not isinstance(value, dict):
        yield path, unit, value
        return
    free = slot is not None and (is_free(slot) or slot.has_dated_keys)
    for key, below in value.items():
        under = step(slot, key, kind_of(value)) if slot is not None else None
        own = "" if free or unit in _FLOWS else unit_of(key)
        inherited = "" if key in _NO_UNIT else unit
        yield from _leaves(below, under, (*path, key), own or inherited)


def _stated(tree: Any, path: Keys) -> bool:
    for key in path:
        if not isinstance(tree, dict) or key not in tree:
            return False
        tree = tree[key]
    return True
