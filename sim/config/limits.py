"""What holds the programme back in a config: each capacity, and the overlay that takes it away.

`limits` are the single stocks and servers with a finite path; `capacities` what a person would call
one thing to mend: all crafts, all regions, the President's rounds, the work on permits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sim.config.schema import Config
from sim.config.sectors import Development
from sim.errors import DesignError

Overlay = dict[str, Any]
_MANY_ROUNDS = 10_000  # of a President who selects at once: the most that a config may have
_NOTHING = {"kind": "constant", "value": 0}
_STOCKS = ("desks", "commitments", "cash")


class Limit(NamedTuple):
    """A finite limit: its resource in the tables, what it is called, and what lifts it."""

    resource: str
    label: str
    lifted: Overlay  # values by dotted path


class Capacity(NamedTuple):
    """Something to mend.

    Attributes
    ----------
    label : str
    causes : tuple of str
        Causes of the delay ledger whose days it explains.
    lifted : mapping
        The overlay without it.
    """

    label: str
    causes: tuple[str, ...]
    lifted: Overlay


def limits(config: Config) -> Iterator[Limit]:
    """Each finite stock or number of servers."""
    capacity = config.capacity
    if capacity.teams.count != "unlimited":
        yield Limit("teams", capacity.teams.label, {"capacity.teams.count": "unlimited"})
    for name, agency in capacity.agencies.items():
        if agency.count != "unlimited":
            path = f"capacity.agencies.{name}.count"
            yield Limit(f"agency_{name}", agency.label, {path: "unlimited"})
    for name, facility in capacity.facilities.items():
        for stock in _STOCKS:
            if getattr(facility, stock) != "unlimited":
                path = f"capacity.facilities.{name}.{stock}"
                yield Limit(f"{name}_{stock}", f"{facility.label}: {stock}", {path: "unlimited"})
    for name, maker in capacity.equipment.items():
        if maker.slots != "unlimited":
            path = f"capacity.equipment.{name}.slots"
            yield Limit(f"equipment_{name}", maker.label, {path: "unlimited"})
    for name, region in capacity.power.regions.items() if capacity.power is not None else ():
        if region.additions_mw != "unlimited":
            path = f"capacity.power.regions.{name}.additions_mw"
            yield Limit(f"power_{name}", region.label, {path: "unlimited"})


def capacities(config: Config) -> dict[str, Capacity]:
    """What can be mended, by the name that `report.steps` and `sim bottlenecks` use.

    One that is not there in the config, such as rounds of a President who selects at once, is left
    out.
    """
    found = {**_review(config), **_lenders(config), **_permits(config)}
    developed = {
        name: {"development": {_development_key(one.development): _NOTHING}}
        for name, one in config.sectors.items()
        if one.development is not None
    }
    if developed:
        found["development"] = Capacity(
            "Development to financial close", ("development",), {"sectors": developed}
        )
    for name, maker in config.capacity.equipment.items():
        if maker.slots != "unlimited":
            found[name] = Capacity(
                maker.label,
                ("equipment",),
                {"capacity": {"equipment": {name: {"slots": "unlimited"}}}},
            )
    regions = config.capacity.power.regions if config.capacity.power is not None else {}
    finite = [name for name, one in regions.items() if one.additions_mw != "unlimited"]
    if finite:
        lifted = {name: {"additions_mw": "unlimited"} for name in finite}
        found["power"] = Capacity(
            "Megawatts of the grid", ("power",), {"capacity": {"power": {"regions": lifted}}}
        )
    pools = config.capacity.specialists.pools
    scarce = {name: {"unlimited": True} for name, pool in pools.items() if not pool.unlimited}
    if scarce:
        found["specialists"] = Capacity(
            "Crews of specialists",
            ("crews_short", "crews_waited"),
            {"capacity": {"specialists": {"pools": scarce}}},
        )
    return found


def names_of_capacities(config: Config) -> list[str]:
    """What a step may be against, there or not in this config."""
    capacity = config.capacity
    fixed = (
        "rounds",
        "teams",
        "committees",
        "appraisal",
        "windows",
        "permits",
        "development",
        "power",
        "specialists",
    )
    return [*fixed, *capacity.facilities, *capacity.agencies, *capacity.equipment]


def laid_on(tree: Mapping[str, Any], overlay: Mapping[str, Any]) -> Overlay:
    """An overlay with numbers in place of its ``{add: number}``, which are more than ``tree`` has.

    Of a list each entry grows.

    Raises
    ------
    DesignError
        If there is no number to add to.

    Examples
    --------
    >>> laid_on({"teams": {"count": 12}}, {"teams": {"count": {"add": 1}}})
    {'teams': {'count': 13}}
    """
    return {key: _grown(tree.get(key), value, key) for key, value in overlay.items()}


def _grown(found: Any, value: Any, path: str) -> Any:
    if not isinstance(value, Mapping):
        return value
    if set(value) == {"add"}:
        items = found if isinstance(found, list) else [found]
        if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in items):
            raise DesignError(f"{path}: nothing to add to; accepted: where the config has a number")
        more = [one + value["add"] for one in items]
        return more if isinstance(found, list) else more[0]
    below = found if isinstance(found, Mapping) else {}
    return {key: _grown(below.get(key), item, f"{path}.{key}") for key, item in value.items()}


def _development_key(development: Development) -> str:
    return "whole_months" if development.whole_months is not None else "remaining_months"


def _review(config: Config) -> dict[str, Capacity]:
    policy, found = config.policy, {}
    if policy.selection.rounds != "immediate":
        found["rounds"] = Capacity(
            "The President's rounds",
            ("selection_wait",),
            {
                "policy": {"selection": {"rounds": "immediate", "pass_over_probability": 0}},
                "nature": {"maxima": {"presidential_rounds": _MANY_ROUNDS}},
            },
        )
    if config.capacity.teams.count != "unlimited":
        found["teams"] = Capacity(
            config.capacity.teams.label,
            ("team_queue",),
            {"capacity": {"teams": {"count": "unlimited"}}},
        )
    sitting: Overlay = {
        name: {"meetings": {"kind": "none"}}
        for name in ("consultation_committee", "investment_committee")
        if getattr(policy, name).meetings.kind != "none"
    }
    if "investment_committee" in sitting:  # who sits at once defers to nothing
        sitting["investment_committee"]["defer_probability"] = 0
    if sitting:
        found["committees"] = Capacity(
            "Meetings of both committees", ("cc_wait", "ic_wait"), {"policy": sitting}
        )
    found["appraisal"] = Capacity(
        "The lenders' appraisal",
        ("appraisal",),
        {"nature": {"appraisal_days": {name: _NOTHING for name in config.capacity.facilities}}},
    )
    return found


def _lenders(config: Config) -> dict[str, Capacity]:
    calls = config.policy.calls
    windows = ("first_window_business_days", "later_window_business_days")
    found = {}
    if any(getattr(calls, name) for name in windows):
        found["windows"] = Capacity(
            f"The {calls.first_window_business_days} business days of a cash call",
            ("funding_window",),
            {"policy": {"calls": dict.fromkeys(windows, 0)}},
        )
    for name, facility in config.capacity.facilities.items():
        finite = [stock for stock in _STOCKS if getattr(facility, stock) != "unlimited"]
        if finite:
            lifted = dict.fromkeys(finite, "unlimited")
            found[name] = Capacity(
                facility.label,
                ("funding_desk", "funding_money", "cash_starved"),
                {"capacity": {"facilities": {name: lifted}}},
            )
    return found


def _permits(config: Config) -> dict[str, Capacity]:
    """The desks of the agencies, and the work itself: all of it done ahead, and nobody sues."""
    found = {}
    for name, agency in config.capacity.agencies.items():
        if agency.count != "unlimited":
            found[name] = Capacity(
                agency.label,
                ("permit_queue",),
                {"capacity": {"agencies": {name: {"count": "unlimited"}}}},
            )
    done = {"kind": "constant", "value": 1}
    lifted = {
        "sectors": {
            name: {"permits": {"done_share": done, "litigation_probability": 0}}
            for name in config.sectors
        },
        "portfolio": {
            "projects": {name: {"permits_done_share": 1} for name in config.portfolio.projects}
        },
    }
    found["permits"] = Capacity("Permits: work and courts", ("permit_work", "litigation"), lifted)
    return found
