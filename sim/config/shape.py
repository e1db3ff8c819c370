"""What each place of a config accepts, read off the schema's annotations, in plain words."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types as at
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.config.distributions import Distribution
from sim.config.rule_names import RuleOf
from sim.config.schema import Config
from sim.config.values import MOST, MOST_COUNT, MOST_SEED


@dataclass(frozen=True)
class Slot:
    """A place in a config: its type without ``Annotated``, the bounds stated on it, and why."""

    type: Any
    bounds: tuple[Any, ...] = ()
    reason: str = ""

    @cached_property
    def options(self) -> tuple[Slot, ...]:
        """Members of a union, ``None`` left out; the slot itself when it is no union."""
        if get_origin(self.type) not in (Union, types.UnionType):
            return (self,)
        members = (slot_of(one) for one in get_args(self.type) if one is not type(None))
        return tuple(option for member in members for option in member.options)

    @cached_property
    def models(self) -> list[type[BaseModel]]:
        """Those of the options that are models."""
        return [option.type for option in self.options if _is_model(option.type)]

    @cached_property
    def has_dated_keys(self) -> bool:
        """Whether keys are dates or years, whose order in the file means nothing."""
        return any(
            get_origin(option.type) is dict and slot_of(get_args(option.type)[0]).type is not str
            for option in self.options
        )

    @cached_property
    def items(self) -> Slot:
        """What stands below a free key of a mapping, or in a list."""
        return slot_of(get_args(self.type)[-1])


def slot_of(annotation: Any, bounds: tuple[Any, ...] = (), reason: str = "") -> Slot:
    """Strip ``Annotated``, keeping what it says."""
    while get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        for item in more:
            bounds += tuple(item.metadata) if isinstance(item, FieldInfo) else (item,)
            reason = (isinstance(item, FieldInfo) and item.description) or reason
    return Slot(annotation, bounds, reason)


ROOT = slot_of(Config)


@cache
def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Fields by the key a config uses for them."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


@cache
def _below(model: type[BaseModel]) -> dict[str, Slot]:
    """The slot of each field, by its key."""
    return {
        key: slot_of(info.annotation, tuple(info.metadata), info.description or "")
        for key, info in fields(model).items()
    }


def kind_of(value: Any) -> Any:
    """The ``kind`` that a plain mapping names, which may decide what else it accepts."""
    return value.get("kind") if isinstance(value, Mapping) else None


def models(slot: Slot, kind: Any = None) -> list[type[BaseModel]]:
    """Models the slot accepts; only the one of that kind when it names one."""
    found = slot.models
    if kind is not None and len(found) > 1:
        named = [model for model in found if kind in kinds_of(model)]
        return named or found
    return found


@cache
def kinds_of(model: type[BaseModel]) -> tuple[Any, ...]:
    """Values its ``kind`` accepts."""
    info = model.model_fields.get("kind")
    return get_args(info.annotation) if info is not None else ()


def distribution_kinds() -> tuple[str, ...]:
    """Every kind of distribution."""
    return tuple(k for model in models(slot_of(Distribution)) for k in kinds_of(model))


def step(slot: Slot, key: str, kind: Any = None) -> Slot | None:
    """Return the slot below ``key`` (of something of that kind), None if there is none."""
    for model in models(slot, kind):
        below = _below(model).get(key)
        if below is not None:
            return below
    for option in slot.options:
        origin = get_origin(option.type)
        if origin is dict or (origin is list and key.isdigit()):
            return option.items
    return None


def accepted_keys(slot: Slot, kind: Any = None) -> list[str] | None:
    """Return keys the slot accepts, None when they are free (ids, dates, years)."""
    keys = [key for model in models(slot, kind) for key in fields(model)]
    return list(dict.fromkeys(keys)) if keys else None


def is_free(slot: Slot) -> bool:
    """Whether keys are the user's own: ids, dates, years."""
    return any(get_origin(option.type) is dict for option in slot.options)


def key_words(slot: Slot) -> str:
    """Return what the keys of a free mapping are, in words."""
    for option in slot.options:
        if get_origin(option.type) is dict:
            key = slot_of(get_args(option.type)[0])
            if key.type is str and key.bounds:
                return "letters, digits, - and _, a letter or digit first"
            return f"a year{_range(key.bounds)}" if key.type is int else describe(key)
    return "text"


def is_tagged(slot: Slot) -> bool:
    """Whether ``kind`` tells apart what is accepted: a distribution, or a source."""
    return len(models(slot)) > 1


def _tagged_noun(kinds: list[Any]) -> str:
    return "a source" if "published" in kinds else "a distribution"


def describe(slot: Slot, general: bool = False) -> str:
    """Return what the slot accepts, in words; with the general bounds, to who passes one."""
    if is_tagged(slot):
        kinds = [k for model in models(slot) for k in kinds_of(model)]
        return f"{_tagged_noun(kinds)}: {{kind: ..., ...}} with kind one of {', '.join(kinds)}"
    return " or ".join(_describe_one(option, general) for option in slot.options)


def short(slot: Slot) -> str:
    """Return the kind of thing the slot accepts, without bounds."""
    if is_tagged(slot):
        return _tagged_noun([k for model in models(slot) for k in kinds_of(model)])
    return " or ".join(dict.fromkeys(_short_one(option) for option in slot.options))


def _describe_one(slot: Slot, general: bool = False) -> str:
    origin, args = get_origin(slot.type), get_args(slot.type)
    if slot.type in (int, float):
        return _short_one(slot) + _range(slot.bounds, general)
    for bound in slot.bounds:
        if isinstance(bound, RuleOf):
            return bound.accepted
    if slot.type is date:
        return "a date YYYY-MM-DD"
    if origin is Literal and len(args) > 1:
        return f"one of {', '.join(map(str, args))}"
    if origin is list:
        return f"a list, each entry {describe(slot_of(args[0]), general)}"
    if origin is dict:
        key = slot_of(args[0]).type
        name = "YYYY-MM-DD" if key is date else "YEAR" if key is int else "ID"
        return f"a mapping {{{name}: {describe(slot_of(args[1]), general)}}}"
    if _is_model(slot.type):
        return f"a mapping with the keys {', '.join(fields(slot.type))}"
    return _short_one(slot)


def _short_one(slot: Slot) -> str:
    origin, args = get_origin(slot.type), get_args(slot.type)
    if origin is Literal:
        return str(args[0]) if len(args) == 1 else f"one of {', '.join(map(str, args))}"
    if origin is dict or _is_model(slot.type):
        return "a mapping"
    if origin is list:
        return "a list"
    names = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}
    return names.get(slot.type, "a date" if slot.type is date else str(slot.type))


def _range(bounds: tuple[Any, ...], general: bool = False) -> str:
    low = high = ""
    low_at: float | None = None
    high_at: float | None = None
    for bound in bounds:
        if _is_general(bound) and not general:
            continue
        if isinstance(bound, at.Ge) and (low_at is None or _number(bound.ge) > low_at):
            low_at, low = _number(bound.ge), f">= {_figure(bound.ge)}"
        elif isinstance(bound, at.Gt) and (low_at is None or _number(bound.gt) >= low_at):
            low_at, low = _number(bound.gt), f"> {bound.gt}"
        elif isinstance(bound, at.Le) and (high_at is None or _number(bound.le) < high_at):
            high_at, high = _number(bound.le), f"<= {_figure(bound.le)}"
        elif isinstance(bound, at.Lt):
            high = f"< {bound.lt}"
    if low.startswith(">= ") and high.startswith("<= "):
        return f" from {low[3:]} to {high[3:]}"
    text = " and ".join(part for part in (low, high) if part)
    return f" {text}" if text else ""


def _is_general(bound: Any) -> bool:
    """Whether a bound holds of every number: it is told only to who passes it."""
    at_most, at_least = getattr(bound, "le", None), getattr(bound, "ge", None)
    return at_most in (MOST, MOST_COUNT, MOST_SEED) or at_least == -MOST


def _figure(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _number(value: Any) -> float:
    return float(value)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
