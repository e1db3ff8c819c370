"""What single cells and tables say at 80 columns."""

from __future__ import annotations

import pytest

from sim.cli.check import _print_years
from sim.cli.show import _chance, _mean_cells
from sim.cli.sweep import _level


def row(response: str, unit: str, mean: float, low: float, high: float) -> dict[str, str]:
    named = {"mean": mean, "mean_low": low, "mean_high": high, "p50": mean, "p05": "", "p95": ""}
    return {"response": response, "unit": unit} | {name: str(one) for name, one in named.items()}


@pytest.mark.parametrize(
    ("response", "unit", "numbers", "told"),
    [
        ("tariff_raised_days", "days", (3.831, -0.522, 8.183), "3.83 (0 to 8.18)"),
        ("npv_usd_bn_japan", "USD bn", (3.831, -0.522, 8.183), "3.83 (-0.52 to 8.18)"),
        ("late_calls", "calls", (2.0, 0.0, 14.0), "2 (0 to 14)"),
        ("declined_count", "projects", (0.04, -0.1, 54.23), "0.04 (0 to 54.23)"),
        ("tariff_raised_by_end", "probability", (0.02, 0.0051, 0.0404), "2.0 % (0.5 % to 4.0 %)"),
        ("irr_japan", "share a year", (0.007, -0.0004, 0.0141), "0.70 % (-0.04 % to 1.41 %)"),
    ],
)
def test_a_cell_has_one_precision_and_no_impossible_limit(response, unit, numbers, told):
    assert _mean_cells("", row(response, unit, *numbers))[1] == told


def test_a_chance_and_its_limits_have_one_precision():
    assert _chance(row("x", "probability", 0.02, 0.0051, 0.0404)) == "2.0 % (0.5 to 4.0)"
    assert _chance(row("x", "probability", 0.35, 0.3, 0.4)) == "35 % (30 to 40)"


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (0.00702, "share a year", "0.702 %"),
        (-0.0004, "share a year", "-0.0400 %"),
        (0.04, "USD bn", "0.0400"),
        (1234.56, "USD bn", "1,234.6"),
    ],
)
def test_a_sweep_rounds_no_share_to_nothing(value: float, unit: str, told: str):
    assert _level(value, unit) == told


def test_years_stand_whole_above_their_amounts(capsys: pytest.CaptureFixture[str]):
    _print_years(range(2025, 2040), ["12,345", *["8"] * 14])

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [str(year) for year in range(2025, 2034)]
    assert lines[1].split() == ["12,345", *["8"] * 8]
    assert lines[2].split() == [str(year) for year in range(2034, 2040)]
    assert len(lines) == 4
    assert max(len(line) for line in lines) <= 80
    assert lines[0].index("2026") + 3 == lines[1].index("8")
