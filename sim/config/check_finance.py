"""Sectors, rates and lengths of the finance section."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.findings import Finding, covers, finding, needs
from sim.config.moments import support
from sim.config.schema import Config


@needs("finance", "programme")
def operation(config: Config) -> Iterator[Finding]:
    """Nothing is renewed without pause."""
    finance = config.finance
    if finance is None:
        return
    path = finance.reference_rate_per_year
    yield from covers("finance.reference_rate_per_year", path, config.programme.start)
    for name, sector in finance.sectors.items():
        where = f"finance.sectors.{name}"
        if sector.refresh is not None and support(sector.refresh.interval_years)[0] <= 0:
            message = "may be 0: nothing is renewed without pause"
            yield finding(f"{where}.refresh.interval_years", message, "values above 0")


@needs("finance", "policy")
def readings(config: Config) -> Iterator[Finding]:
    """Before the switch the US may not take less than it takes after."""
    if config.finance is None:
        return
    sharing = config.finance.sharing
    if sharing.us_share_after < sharing.us_share_before:
        where = "finance.sharing.us_share_after"
        message = f"{sharing.us_share_after:g} is below us_share_before"
        yield finding(where, message, f"at least {sharing.us_share_before:g}")
    loans = config.finance.loans
    if loans.grace_months >= 12 * loans.tenor_years:
        message = f"{loans.grace_months:g} months leave no time to repay"
        yield finding("finance.loans.grace_months", message, "less than tenor_years")
