"""What nature decides about a project once it runs, or once it is given up."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from sim.events.log import OperationDraws
from sim.world.distributions import inverse
from sim.world.model import FloatArray
from sim.world.nature import Nature
from sim.world.present import Present
from sim.world.uniforms import keyed_uniforms, purpose_key

PURPOSES = ("yield", "refresh", "recovery")
_KEYS = np.array([purpose_key(purpose) for purpose in PURPOSES], np.uint64)


def draw_operation(nature: Nature, rows: Present, viability: FloatArray) -> OperationDraws | None:
    """Draws of the projects present, shape (n,); None where the config has no finance.

    The yield leans on viability as the prospects do, by a Gaussian copula of the same weight, so
    that what promised more also earns more on average.
    """
    earnings = nature.given.earnings
    if earnings is None:
        return None
    own, refresh, recovery = keyed_uniforms(rows.stream, rows.keys, _KEYS).T
    weight = nature.given.viability_weight
    score = ndtr(weight * ndtri(viability) + np.sqrt(1 - weight**2) * ndtri(own))
    return OperationDraws(
        yield_share=earnings.yield_factor
        * nature.yields(rows.sector, np.clip(score, 2.0**-53, 1 - 2.0**-53)),
        refresh_years=nature.refreshes(rows.sector, refresh),
        recovery_share=inverse(earnings.recovery_share, recovery),
    )
