"""What no single value can tell: where it is said, and what looks odd and is sound.

What is refused stands in ``refusals/``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.configs import changed, config_from, line_of, refused, with_values

from sim.config import from_tree, load
from sim.config.distributions import Lognormal, Mixture
from sim.config.moments import mean, support

Write = Callable[..., Path]
Tree = dict[str, Any]

MONEY = {"currency": "usd", "first_year": 1, "per_fiscal_year": {"2026": 3, "2027": 4}}
WHOLE = {"slices": {"all": {"share": 1, "trigger": "selection"}}}


def test_a_finding_carries_the_line_of_its_key(write: Write) -> None:
    text = changed(("crafts: {electrical: 1}", "crafts: {electrical: 0.7}"))
    path = write("my.yaml", text)
    with refused(
        f"my.yaml:{line_of(text, 'crafts:')}: sectors.gas.labour.crafts: shares add up to 0.7; "
        "accepted: shares that add up to 1"
    ):
        load(path)


def test_cross_checks_run_on_sound_sections_beside_broken_ones() -> None:
    values = {"pipelines.gas.sector": "gaz", "programme.envelope_usd_bn": "many"}
    with refused(
        "<tree>: pipelines.gas.sector: there is no sector gaz (did you mean gas?); accepted: gas",
        "<tree>: programme.envelope_usd_bn: 'many' is not a number; accepted: a number >= 0",
    ):
        from_tree(with_values(values))


SOUND: dict[str, dict[str, Any]] = {
    "labour of nobody needs no shares": {
        "sectors.gas.labour": {"labour_years_per_usd_bn": 0, "specialist_share": 0, "crafts": {}}
    },
    "as_of before the start when history is ignored": {"programme.as_of": "2025-01-01"},
    "carried money grows until a part fits": {
        "capacity.facilities.jbic.cash": {**MONEY, "carry_over": True},
        "policy.calls.draw": "block",
    },
    "parts are drawn over years": {"capacity.facilities.jbic.cash": MONEY},
    "one slice at selection": {"policy.calls.slices": WHOLE["slices"]},
    "money called exactly as it is spent": {"policy.calls.slices.second.trigger": "progress 0.5"},
    "a record that just fits the envelope": {
        "programme.history": "recorded",
        "programme.as_of": "2026-03-01",
        "portfolio.projects.A-01.selected_date": "2026-03-01",
        "programme.envelope_usd_bn": 10,
    },
    "an unlimited pool beside a gap": {
        "capacity.specialists.pools.electrical.unlimited": True,
        "capacity.specialists.pools.electrical.gap_share": 1,
        "capacity.specialists.gap.people": 1_500_000,
    },
    "recorded dates are facts even where history is ignored": {
        "portfolio.projects.A-01.selected_date": "2027-03-01"
    },
}


@pytest.mark.parametrize("case", SOUND)
def test_what_looks_odd_but_can_hold_is_accepted(case: str) -> None:
    config_from(with_values(SOUND[case]))


def test_bounds_and_means_of_distributions() -> None:
    """Closed forms; the lognormal by its percentiles, z(0.9) = 1.281552."""
    lognormal = Lognormal(kind="lognormal", p10=2.0, p90=8.0)
    assert support(lognormal) == (0, float("inf"))
    sigma = 1.3862943611198906 / (2 * 1.2815515655446004)  # ln 4 over twice z(0.9)
    assert mean(lognormal) == pytest.approx(4 * 2.718281828459045 ** (sigma**2 / 2), rel=1e-12)
    assert mean(Lognormal(kind="lognormal", mean=7.0, sigma=0.5)) == pytest.approx(7, rel=1e-12)
    usual = {"kind": "triangular", "low": 0, "mode": 2, "high": 4}
    bad = {"kind": "empirical", "values": [8, 12], "weights": [3, 1]}
    mixture = Mixture.model_validate(
        {"kind": "mixture", "components": {
            "usual": {"weight": 0.75, "distribution": usual},
            "bad": {"weight": 0.25, "distribution": bad},
        }}
    )  # fmt: skip
    assert support(mixture) == (0, 12)
    assert mean(mixture) == pytest.approx(0.75 * 2 + 0.25 * 9)


MACHINES = {
    "slots_per_unit": 1, "delivery_months": {"kind": "constant", "value": 6}, "gate_progress": 0.3,
}  # fmt: skip
SLOTS = {"first_year": 1, "per_year": {"2027": 2}}
TURBINES = {"turbines": {"label": "Turbines", "slots": SLOTS}}


def reserved(project: str) -> dict[str, Any]:
    return {"turbines": TURBINES["turbines"] | {"reserved": {project: {"2027": 1}}}}


PLANT = {
    "name": "Plant", "kind": "project", "sector": "gas", "announced_usd_bn": 1, "units": 3,
    "proposed_date": "2026-02-01", "source": "test",
}  # fmt: skip
GRID = {
    "role": "load", "mw_per_usd_bn": 10, "connection_months": {"kind": "constant", "value": 6},
}  # fmt: skip


def region(*states: str) -> dict[str, Any]:
    return {"label": "Region", "states": list(states), "additions_mw": "unlimited"}


def test_the_same_gates_put_right_are_accepted() -> None:
    values = {
        "sectors.gas.equipment": {"turbines": MACHINES},
        "sectors.gas.power": GRID,
        "capacity.equipment": reserved("P"),
        "capacity.power": {"elsewhere": "rest", "regions": {
            "rest": region(), "south": region("TX"), "west": region("CA")}},
        "portfolio": {"projects": {"P": {"id": "P", **PLANT}}},
    }  # fmt: skip
    config = config_from(with_values(values))
    assert config.capacity.equipment["turbines"].reserved == {"P": {2027: 1}}
