"""Common shocks: drawn once for a whole replication, they load on sectors."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from sim.world.given import OfRuns
from sim.world.model import BoolArray, FloatArray
from sim.world.nature import Nature
from sim.world.uniforms import KeyArray, uniforms, uniforms_of


def draw_shocks(nature: Nature, streams: KeyArray) -> FloatArray:
    """Standard normals; shape (replications, shocks)."""
    return np.asarray(ndtri(uniforms(streams[:, None], nature.shock_keys, "shock", 1)[..., 0]))


def shock_factors(loadings: FloatArray, shocks: FloatArray) -> FloatArray:
    """What the shocks make of each sector, of mean 1; shape (replications, sectors).

    ``loadings`` is (sectors, shocks). One product for each replication: of matrices of another
    size BLAS gives another last digit.
    """
    moved = np.stack([loadings @ one for one in shocks])
    return np.asarray(np.exp(moved - (loadings**2).sum(axis=1) / 2))


def draw_shock_years(runs: OfRuns, streams: KeyArray) -> BoolArray:
    """Which calendar years of the run are years of policy shock; shape (replications, years)."""
    years = runs.last.year - runs.first.year + 1
    return uniforms_of(streams, "regime", "year", years) < runs.shock_years
