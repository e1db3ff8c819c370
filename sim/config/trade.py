"""What Japan sells to the United States, and what duties would be without the deal."""

from __future__ import annotations

from sim.config.distributions import Strictly
from sim.config.values import Day, Id, NotNegative, Share


class Response(Strictly):
    """Elasticity of the value of exports to one plus the rate, soon and later."""

    first_year: NotNegative
    later: NotNegative


class Exports(Strictly):
    """One class of goods: what is sold at the baseline's rates, and less above them.

    Of the duty ``borne_by_exporters_share`` is paid in lower prices, the rest by buyers.
    """

    usd_bn_per_year: NotNegative
    elasticity: Response
    borne_by_exporters_share: Share


class Trade(Strictly):
    """Exports by tariff class, and two paths of rates without a deal; see docs/money.md."""

    exports: dict[Id, Exports]
    as_threatened: dict[Id, dict[Day, NotNegative]]
    as_courts_left_it: dict[Id, dict[Day, NotNegative]]
