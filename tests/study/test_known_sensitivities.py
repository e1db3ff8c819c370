"""Functions with known Sobol' indices, through a sweep file, runner, store and `effects`."""

from __future__ import annotations

from math import pi, sin
from pathlib import Path

import pytest
from cases import MINIMAL, Left, Plain

from sim.api import open_sweep
from sim.config.schema import Config
from sim.study.design.sweep_config import load_sweep
from sim.study.findings.effects import sensitivity
from sim.study.run.sweeps import run_sweep
from sim.study.run.work import Means

SHARES = ("hurdle_share", "japanese_content_min_share", "benefit_otherwise_probability")


class OfThreeShares(Plain):
    """A response that is a function of three shares of the config, the same in every world."""

    def __init__(self, config: Config) -> None:
        self.u = [getattr(config.policy.screening, name) for name in SHARES]

    def value(self) -> float:
        raise NotImplementedError

    def replicate(self, seed: int, replication: int) -> Left:
        return Left(replication, self.value())


class Linear(OfThreeShares):
    def value(self) -> float:
        a, b, c = self.u
        return 3 * a + 2 * b + c


class Ishigami(OfThreeShares):
    def value(self) -> float:
        x, y, z = (pi * (2 * u - 1) for u in self.u)
        return sin(x) + 7 * sin(y) ** 2 + 0.1 * z**4 * sin(x)


def indices(tmp_path: Path, simulator: type[OfThreeShares], points: int) -> dict[str, float]:
    """First-order and total indices, by measure and factor."""
    (tmp_path / "minimal.yaml").write_bytes(MINIMAL.read_bytes())
    factors = ", ".join(
        f"{name}: {{path: policy.screening.{name}, "
        "distribution: {kind: uniform, low: 0, high: 1}}"
        for name in SHARES
    )
    path = tmp_path / "known.yaml"
    path.write_text(
        "schema: 1\nsweep: known\nbase: minimal.yaml\nreplications: 2\n"
        f"factors: {{{factors}}}\ndesign: {{kind: saltelli, base_points: {points}}}\n",
        encoding="utf-8",
    )
    folder = tmp_path / "out"
    run_sweep(load_sweep(path), folder, means=Means(simulator))
    (found,) = sensitivity(open_sweep(folder), ["paid_usd_bn"])
    return {f"{e.measure} {e.factor}": e.interval.estimate for e in found.effects}


def near(found: dict[str, float], expected: dict[str, tuple[float, ...]], within: float) -> None:
    for measure, values in expected.items():
        for name, value in zip(SHARES, values, strict=True):
            assert found[f"{measure} {name}"] == pytest.approx(value, abs=within), name


def test_a_linear_function_has_the_squared_shares_of_its_coefficients(tmp_path: Path) -> None:
    """Independent uniforms: S_i = ST_i = c_i^2 / sum of c^2 = 9/14, 4/14, 1/14."""
    exact = (9 / 14, 4 / 14, 1 / 14)
    near(indices(tmp_path, Linear, 128), {"S1": exact, "ST": exact}, within=0.04)


@pytest.mark.slow
def test_the_ishigami_function_has_its_published_indices(tmp_path: Path) -> None:
    """Ishigami and Homma (1990) with a = 7, b = 0.1; indices of Saltelli et al. (2008), p. 182."""
    exact = {"S1": (0.3139, 0.4424, 0.0), "ST": (0.5576, 0.4424, 0.2437)}
    near(indices(tmp_path, Ishigami, 1024), exact, within=0.03)
