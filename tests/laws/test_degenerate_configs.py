"""Degenerate configs run to their end and keep every law; so say the tables' checks too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from law_runs import Run, degenerate_runs, lawful, runs
from support.generated_configs import DEGENERATE, LAWFUL
from test_called_money import check_called_money, check_envelope
from test_capacity import check_servers, check_specialists, check_stocks
from test_project_paths import check_paths, check_waits
from test_recorded_history import check_record
from test_tariffs_need_a_breach import check_tariffs

from sim.events import Kind
from sim.results import Horizon, check_laws


def all_laws(run: Run) -> None:
    """Every law that one run can break; for the degenerate configs."""
    check_called_money(run)
    check_envelope(run)
    check_stocks(run)
    check_servers(run)
    check_specialists(run)
    check_paths(run)
    check_waits(run)
    check_tariffs(run)
    check_record(run)
    check_the_tables_laws(run)


def check_the_tables_laws(run: Run) -> None:
    early = frozenset(
        number
        for number, sector in enumerate(run.config.sectors.values())
        if sector.permits.early_works_share > 0
    )
    check_laws(run.left, Horizon(run.config), early_works=early)


@pytest.mark.parametrize("name", DEGENERATE)
def test_a_degenerate_config_runs_to_its_end_and_keeps_every_law(name: str) -> None:
    @settings(LAWFUL, max_examples=12)
    @given(degenerate_runs(name))
    def keeps_every_law(run: Run) -> None:
        all_laws(run)
        if name == "no projects":
            assert not any(event.project >= 0 for event in run.events)
        if name == "no specialists":
            working = run.left.market.wanted.sum()
            assert run.left.market.granted.sum() == 0
            assert not working or not np.any(run.left.market.people)
        if name == "zero envelope":
            assert all(event.amount == 0 for event in run.events if event.kind == Kind.SELECTED)
        if name == "one-day horizon":
            assert run.left.end_minute == 2 * 1440
            assert run.plan.deadline_minute == 1440

    keeps_every_law()


@lawful
@given(runs())
def test_the_checks_of_the_tables_room_find_nothing_wrong_either(run: Run) -> None:
    check_the_tables_laws(run)
