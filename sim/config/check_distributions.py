"""Distributions that make no sense in their place: the unit stands in the key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from math import inf
from operator import attrgetter
from typing import Any, get_args

from pydantic import BaseModel

from sim.calendars import DAYS_PER_MONTH, DAYS_PER_YEAR
from sim.config.distributions import Distribution, Mixture
from sim.config.findings import Finding, finding, needs
from sim.config.moments import mean, support, tail
from sim.config.schema import Config
from sim.config.sectors import Nature
from sim.config.values import MOST, MOST_COST_RATIO, MOST_USD_BN

_KINDS: tuple[type, ...] = (*get_args(get_args(Distribution)[0]), Mixture)
_TIME = ("_days", "_months", "_years")
# Longer than any run; the base's own laws of permits reach 46 years.
_LONGEST_DAYS = 200 * DAYS_PER_YEAR
_EITHER_WAY = "_error_days"
_ABOVE_ZERO = (
    "cost_ratio", "schedule_ratio", "cost_usd_bn", "outcome_months", "round_projects",
    "round_usd_bn", "yen_per_usd_month_ratio", "cost_year_ratio",
)  # fmt: skip


def _sane(place: str, config: Config) -> Iterator[Finding]:
    """Durations are not negative, shares lie in [0, 1], what must be positive can be."""
    yield from _walk(place, place.rpartition(".")[2], attrgetter(place)(config))


def _walk(where: str, key: str, value: Any) -> Iterator[Finding]:
    if isinstance(value, _KINDS):
        yield from _judge(where, key, value)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk(f"{where}.{name}", name, getattr(value, name))
    elif isinstance(value, Mapping):
        # What stands below an id carries the unit of the mapping: appraisal_days.jbic.
        for name, below in value.items():
            yield from _walk(f"{where}.{name}", key, below)


def _judge(where: str, key: str, distribution: Any) -> Iterator[Finding]:
    low, high = support(distribution)
    if key.endswith("_share"):
        if low < 0 or 1 < high < inf:
            message = f"reaches from {low:g} to {high:g}, but a share lies between 0 and 1"
            yield finding(where, message, "values from 0 to 1")
    elif key in _ABOVE_ZERO and (low < 0 or high == 0):
        yield finding(where, f"reaches from {low:g} to {high:g}", "values > 0")
    elif key.endswith(_TIME) and not key.endswith(_EITHER_WAY) and low < 0:
        yield finding(where, f"reaches down to {low:g}: a negative duration", "values >= 0")
    most, why = _most(key)
    if tail(distribution) > most:
        message = f"goes up to {tail(distribution):.4g} (one draw in a thousand): {why}"
        yield finding(where, message, f"values up to {most:g} in 999 of 1,000 draws")


def _most(key: str) -> tuple[float, str]:
    """What 999 of 1,000 draws stay below, and why; a single draw above is cut off at its bound."""
    if key == "cost_usd_bn":
        return MOST_USD_BN, "is this in dollars?"
    if key.endswith("_ratio"):
        return MOST_COST_RATIO, "a ratio to the plan"
    days = {"days": 1.0, "months": DAYS_PER_MONTH, "years": DAYS_PER_YEAR}.get(key.split("_")[-1])
    if days is None:
        return MOST, "no number here is so large"
    return _LONGEST_DAYS / days, "longer than two hundred years"


@needs("programme", "policy", "nature")
def presidential_rounds(config: Config) -> Iterator[Finding]:
    """Rounds of selection take time, and fit their maximum."""
    if config.policy.selection.rounds != "intervals":
        return
    where, interval = "nature.round_interval_days", config.nature.round_interval_days
    if support(interval)[1] <= 0:
        yield finding(where, "is always zero: rounds without end on one day", "values > 0")
        return
    days = (config.programme.deadline - config.programme.start).days
    rounds, most = days / max(mean(interval), 1e-9), config.nature.maxima.presidential_rounds
    if rounds > most:
        message = f"{most} is too few for {rounds:.0f} rounds on average"
        accepted = f"a whole number well above {rounds:.0f}"
        yield finding("nature.maxima.presidential_rounds", message, accepted)


_OF_NATURE = [f"nature.{key}" for key in Nature.model_fields]
for _place in ("sectors", "pipelines", *_OF_NATURE, "finance"):
    needs(_place)(partial(_sane, _place))
