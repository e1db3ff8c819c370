"""What Japan weighs when it may decline: the loss on a project against the duty it may bring."""

from __future__ import annotations

from dataclasses import dataclass

from sim.calendars import DAYS_PER_YEAR
from sim.config.finance import Finance
from sim.config.moments import mean
from sim.config.sectors import Sector
from sim.config.trade import Trade
from sim.events import CENTS_PER_USD_BN
from sim.plan.days import Days

_MONTHS = 12


@dataclass(frozen=True)
class DeterrencePlan:
    """Closed forms of the config, before any draw is known."""

    loss_share: tuple[float, ...]  # by sector, of what Japan commits
    duty_cents: tuple[tuple[float, ...], ...]  # by route and class, of a decline

    def duty(self, in_law: list[bool], in_force: list[int]) -> float:
        """Cents of duty a decline is expected to bring: none more where tariffs are up already."""
        lawful = [row for row, stands in zip(self.duty_cents, in_law, strict=True) if stands]
        return 0.0 if in_force or not lawful else sum(map(max, *lawful, lawful[0]))


def deterrence_plan(days: Days) -> DeterrencePlan | None:
    """Compile it; None for rules that ask nothing of it, or without a trade or finance section."""
    config = days.config
    asks = config.policy.funding.response not in ("as_disposed", "always_fund")
    if not asks or config.trade is None or config.finance is None:
        return None
    finance = config.finance
    return DeterrencePlan(
        tuple(_loss_share(sector, name, finance) for name, sector in config.sectors.items()),
        tuple(_duties(days, route, config.trade) for route in config.policy.enforcement.routes),
    )


def _loss_share(sector: Sector, name: str, finance: Finance) -> float:
    """Minus the net present value of a dollar at Japan's cost of money, at least 0.

    Half of a level yield from the planned end of building to the end of life; past the deemed
    amount Japan earns its cost and no more, so there is no gain to set against.
    """
    operation, rate = finance.sectors[name], finance.loans.loan.cost_per_year
    earned = (1 - finance.sharing.us_share_before) * mean(operation.yield_share)
    years, wait = operation.life_years, float(sector.construction.nominal_months) / _MONTHS
    annuity = (1 - (1 + rate) ** -years) / rate if rate else years
    return float(max(0.0, 1 - earned * finance.yield_factor * annuity * (1 + rate) ** -wait))


def _duties(days: Days, route: str, trade: Trade) -> tuple[float, ...]:
    """P(acted on) x P(signed) x P(route) x rate beyond the baseline x exports x mean length."""
    policy, nature = days.config.policy.enforcement, days.config.nature.enforcement
    its, settled = policy.routes[route], nature.settlement_days
    length = (days.last - days.start).days if settled is None else mean(settled)
    length = min(length, its.max_duration_days or length) / DAYS_PER_YEAR
    likely = policy.acted_on_probability.declined * policy.signed_probability * its.probability
    found = []
    for name, exports in trade.exports.items():
        path = policy.baseline.get(name, {})
        usual = path[max(path)] if path else 0.0
        beyond = max(0.0, its.rates.get(name, 0.0) - usual)
        found.append(likely * beyond * exports.usd_bn_per_year * length * CENTS_PER_USD_BN)
    return tuple(found)
