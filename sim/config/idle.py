"""Keys that do nothing where they stand, or less than they seem to."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.findings import Finding, finding
from sim.config.schema import Config

_WEIGHED = ("weighs_tariff", "always_fund")  # responses that read no probability of a refusal


def idle_keys(config: Config) -> Iterator[Finding]:
    """All of them."""
    yield from _claims(config)
    yield from _dispositions(config)
    yield from _prices(config)


def _claims(config: Config) -> Iterator[Finding]:
    """Who takes of what has no limit takes nothing from anybody."""
    capacity = config.capacity
    grid = capacity.power.regions if capacity.power else {}
    unlimited = {
        "slots": {key for key, one in capacity.equipment.items() if one.slots == "unlimited"},
        "megawatts": {key for key, one in grid.items() if one.additions_mw == "unlimited"},
        "people": {key for key, one in capacity.specialists.pools.items() if one.unlimited},
    }
    for name, claim in capacity.claims.items():
        for what, free in unlimited.items():
            for key in getattr(claim, what):
                if key in free:
                    where = f"capacity.claims.{name}.{what}.{key}"
                    yield finding(where, f"does nothing: {key} is unlimited")


def _dispositions(config: Config) -> Iterator[Finding]:
    """How likely refusals are only tells where Japan answers as disposed."""
    reaction, response = config.nature.public_reaction, config.policy.funding.response
    japan = reaction.japan if reaction else None
    if japan and japan.decline_probability is not None and response in _WEIGHED:
        where = "nature.public_reaction.japan.decline_probability"
        yield finding(where, f"does nothing with policy.funding.response: {response}")


def _prices(config: Config) -> Iterator[Finding]:
    """Costs that rise are counted from the proposal: a wait of nothing is rarely meant."""
    if config.nature.cost_year_ratio and not config.nature.months_to_selection:
        message = "is 0, so that cost_year_ratio counts no rise while a proposal waits"
        yield finding("nature.months_to_selection", message)
