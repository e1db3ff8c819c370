"""Dollars of two configs that pay different premiums: said by one rule, nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configs import MINIMAL

import sim
from sim.cli.compare import print_compare
from sim.study.findings.dearer import dearer, told_dearer

OVERLAY = {"capacity": {"specialists": {"bidding": {"premium_share": 0.5}}}}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dearer")
    path = folder / "plain.yaml"
    (folder / "minimal.yaml").write_text(MINIMAL.read_text("utf-8"), "utf-8")
    path.write_text(
        "schema: 1\nextends: minimal.yaml\nrun: {replications: 2}\n"
        "capacity: {specialists: {bidding: {premium_share: 0.2, elasticity: 1, "
        "pay_share_of_cost: 0.25}}}\n",
        "utf-8",
    )
    return path


def test_a_plant_is_dearer_by_the_quotient_of_the_premiums_shares_of_cost(base: Path):
    found = dearer(sim.load(base), {"high": OVERLAY, "gap": {"capacity": {"teams": {"count": 3}}}})

    assert found == {"high": pytest.approx((1 + 0.5 * 0.25) / (1 + 0.2 * 0.25) - 1)}


def test_what_buys_as_much_is_not_mentioned_and_what_is_less_than_a_tenth_of_a_percent_neither():
    assert told_dearer([("a", 0.0), ("b", 0.0004)]) == ""
    told = told_dearer([("a", 0.0), ("b", 0.071), ("c", -0.05)], "mine")
    assert "counts for 7.1 % more in b, 5.0 % less in c than in mine" in told
    assert " a," not in told


def test_a_comparison_says_which_dollars_buy_less(base: Path, monkeypatch, capsys):
    monkeypatch.chdir(base.parent)
    for name, premium, teams in (("low", 0.2, 2), ("same", 0.2, 3), ("high", 0.6, 2)):
        Path(f"{name}.yaml").write_text(
            f"schema: 1\nextends: plain.yaml\ncapacity: {{teams: {{count: {teams}}}, "
            f"specialists: {{bidding: {{premium_share: {premium}}}}}}}\n",
            "utf-8",
        )
    given = [Path(f"{name}.yaml") for name in ("low", "high", "same")]
    print_compare(given, every=False, quiet=False, jobs=1)

    words = " ".join(capsys.readouterr().out.split())
    assert "the same plant counts for 9.5 % more in high than in low." in words
    assert "in same than" not in words
