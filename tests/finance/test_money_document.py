"""The programs of docs/money.md: ten lines each, and they say what the responses say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from replications import BASE, base, books_of, replication

import sim
import sim.api
from sim.study.findings.cash import cash_by_party
from sim.study.findings.outflow import yen_outflow

DOCUMENT = Path(__file__).parents[2] / "docs" / "money.md"
BLOCKS = re.findall(r"(?ms)^```python\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> sim.Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sim.api, "_draw_figures", lambda *arguments: None)
        folder = tmp_path_factory.mktemp("money") / "outputs" / "base"
        return sim.run(BASE, replications=2, out=folder)


@pytest.fixture(scope="module")
def said(run: sim.Run) -> dict[str, Any]:
    """What the programs leave behind, run one after the other where the document runs them."""
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(run.folder.parents[1])
        for block in BLOCKS:
            exec(block, names)
    return names


def test_each_program_has_ten_lines_at_most():
    assert len(BLOCKS) == 7
    assert all(len([line for line in block.splitlines() if line]) <= 10 for block in BLOCKS)


def test_the_ledger_alone_gives_committed_paid_and_overruns(run: sim.Run, said: dict[str, Any]):
    outcomes, projects = run.outcomes, run.projects
    assert said["committed"] == pytest.approx(outcomes.committed_usd_bn_by_end.mean(), abs=1e-9)
    assert said["paid"] == pytest.approx(outcomes.paid_usd_bn_by_end.mean(), abs=1e-9)
    assert said["total"]("overrun") == pytest.approx(run.finance.overrun_usd_bn.sum() / 2)
    spent = said["total"]("spent") - said["total"]("contribution") - said["total"]("overrun")
    assert spent == pytest.approx(projects.spent_usd_bn.sum() / 2, abs=1e-6)


def test_what_the_vehicles_hold_is_what_was_drawn_and_not_spent(run: sim.Run, said: dict[str, Any]):
    # 2029-09-03 is no quarter's end: spending up to 30 June is posted.
    month = run.timeline.month.astype(str).str[:10]
    drawn = run.events.query("event == 'part_drawn' and time < 2102400").amount.sum() / 2e9
    back = run.events.query("event == 'money_returned' and time < 2102400").amount.sum() / 2e9
    spent = run.timeline.loc[month == "2029-06-01", "spent_usd_bn"].mean()

    assert said["held"] == pytest.approx(drawn - back - spent, abs=1e-6)


def test_what_parties_receive_is_what_the_program_followed(said: dict[str, Any]):
    both = [books_of(replication(number), base()).received for number in (0, 1)]

    for party in ("us", "jbic", "insured_lenders", "nexi", "equity", "partners"):
        cents = sum(int(books[party].sum()) for books in both)
        assert said["received"][party] == pytest.approx(cents / 2e11, abs=1e-9), party


def test_what_is_put_in_and_left_is_that_of_the_cash_figure(run: sim.Run, said: dict[str, Any]):
    cash = cash_by_party(run).usd_bn

    assert said["on_japans_side"] == pytest.approx(cash["japan"][:, -1].mean(), abs=1e-9)
    for party in ("us", "jbic", "nexi", "partners"):
        assert said["net"][party] == pytest.approx(cash[party][:, -1].mean(), abs=1e-9), party


def test_the_profit_of_finished_projects_is_that_of_the_responses(
    run: sim.Run, said: dict[str, Any]
):
    for party in ("us", "japan", "partners"):
        assert said[party] == pytest.approx(run.outcomes[f"net_usd_bn_{party}"].mean()), party


def test_orders_and_yen_are_those_of_sim_returns(run: sim.Run, said: dict[str, Any]):
    found = yen_outflow(run)
    by_year = said["tn"].groupby((said["day"] - pd.DateOffset(months=3)).dt.year).sum()

    assert said["orders"] == pytest.approx(run.outcomes.japanese_orders_usd_bn_by_end.mean())
    for place, year in enumerate(found.years):
        mean = found.total[:, place].mean() / 1000
        assert by_year.get(year, 0.0) == pytest.approx(mean, rel=1e-9, abs=1e-12), year
