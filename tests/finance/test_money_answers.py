"""Answers of ``sim returns`` against plain recounts, on tables by hand and on one small run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from replications import BASE, base

import sim
import sim.api
from sim.calendars import Epoch
from sim.errors import StoreError
from sim.study.findings.cash import cash_by_party
from sim.study.findings.money_answers import (
    earns,
    money_answers,
    overruns,
    ready,
    us_share_of_profit,
    works,
)
from sim.study.findings.money_tools import Answer
from sim.study.findings.outflow import yen_outflow
from sim.study.findings.run_results import RunTables


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> sim.Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sim.api, "_draw_figures", lambda *arguments: None)
        return sim.run(BASE, replications=3, out=tmp_path_factory.mktemp("answers") / "run")


@pytest.fixture(scope="module")
def answers(run: sim.Run) -> dict[tuple[str, str, str], Answer]:
    return {
        (one.question, one.what, one.scope): one
        for one in money_answers(run)
        if one.reading == "per_period"
    }


def test_shares_that_keep_their_promise_are_counted_over_finished_projects(run, answers):
    finished = run.finance[run.finance.finished]
    share = answers["promises", "Japan earns the deemed rate", "programme"]

    assert share.value == pytest.approx(finished.earns_deemed_rate.mean())
    assert answers["promises", "Japan gets its money back", "programme"].value == pytest.approx(
        (finished.multiple_japan >= 1).mean()
    )


def test_a_share_of_nothing_or_all_has_the_limits_of_so_many_trials(answers):
    one = answers["promises", "the deemed amount is met in the end", "crude_terminal"]

    assert one.value == 0
    assert one.low == 0
    assert one.high > 0.5  # three replications at most


def test_the_united_states_get_what_is_left_of_all_distributions(run, answers):
    finished = run.finance[run.finance.finished]
    us = answers["profit", "net of the United States", "programme"].value
    japan = answers["profit", "net of Japan's side", "programme"].value
    partners = answers["profit", "net of partners", "programme"].value

    assert us == pytest.approx(finished.received_usd_bn_us.sum() / 3)
    assert answers["profit", "share of the United States", "programme"].value == pytest.approx(
        us / (us + japan + partners)
    )


def test_the_page_has_the_share_of_the_united_states_that_the_terminal_has(run, answers):
    from sim.report.page import parties

    one = answers["profit", "share of the United States", "programme"]
    shown = parties.returns(run).shown["asked"].rows[-1]

    assert us_share_of_profit(run) == (one.value, one.low, one.high)
    assert shown[0].text.startswith("Profit that ends with the United States, all runs pooled")
    assert shown[1].text == f"{100 * one.value:.0f}\xa0%"


def test_yen_by_fiscal_year_add_up_to_what_was_drawn_at_the_rate_of_the_day(run, answers):
    drawn = run.events[run.events.event == "part_drawn"]
    path = base().capacity.yen_per_usd
    rate = [path[max(day for day in path if day <= each.date())] for each in drawn.date]
    yen = (drawn.amount / 1e9 * rate).sum() / 3
    told = [one.value for one in answers.values() if one.question == "outflow"
            and one.what == "all facilities"]  # fmt: skip

    assert sum(told) == pytest.approx(yen)
    assert len(told) == 11  # FY2025 to FY2035


def test_rows_by_state_and_by_gainer_are_recounts_of_their_projects(run):
    rows = run.summary.set_index(["response", "scope"])["mean"]
    ohio = run.finance[(run.finance.state == "OH") & run.finance.finished]
    by_run = ohio.groupby("replication").irr_japan.mean().dropna()
    projects = run.projects[run.projects.selected.notna()]
    power = projects.sector.isin(base().report.expected_to_gain["power"].sectors)
    committed = projects.selected_usd_bn - projects.released_usd_bn

    assert rows["project_irr_japan", "state:OH"] == pytest.approx(by_run.mean())
    assert rows["committed_usd_bn_by_end", "gains:power"] == pytest.approx(
        committed[power].sum() / 3
    )
    elsewhere = projects.state.isna()
    assert rows["selected_count", "state:unknown"] == pytest.approx(elsewhere.sum() / 3)


def test_a_drawing_of_the_31st_of_march_is_of_the_old_fiscal_year():
    made = RunTables(Path("none"), {"replications": 2, "seed": 1})
    rows = [(0, "2027-03-31 23:59", "jbic_cash", 1e9), (1, "2027-04-01 00:00", "nexi_cash", 2e9)]
    table = pd.DataFrame(rows, columns=["replication", "date", "resource", "amount"])
    table["date"] = pd.to_datetime(table["date"])
    made.__dict__.update(config=base(), events=table.assign(event="part_drawn"))

    found = yen_outflow(made)

    assert found.years[:3] == (2025, 2026, 2027)
    assert found.jpy_bn["jbic"][:, :3].tolist() == [[0, 160, 0], [0, 0, 0]]
    assert found.jpy_bn["nexi"][:, :3].tolist() == [[0, 0, 0], [0, 0, 320]]
    assert found.budget_jpy_bn["jbic"][:2].tolist() == [4250, 8500]
    assert found.budget_jpy_bn["jbic"][-1] == 13680  # the last year listed goes on
    assert found.yardstick_jpy_bn["korea_by_economy"][-1] == pytest.approx(46 * 160)
    assert "nexi" not in found.budget_jpy_bn


def test_cash_of_new_years_eve_is_of_the_old_year_and_later_sums_of_their_own():
    epoch = Epoch(base().programme.start)
    eve = epoch.minute_of(date(2031, 1, 1)) - 1
    rows = [(0, eve, "spv", "jbic", 3), (0, eve + 1, "us", "spv", 5), (1, eve, "nexi", "equity", 1)]
    ledger = pd.DataFrame(rows, columns=["replication", "minute", "debit", "credit", "usd_bn"])
    later = pd.DataFrame([(0, 2040, "jbic", 4), (1, 2050, "partners", -2)],
                         columns=["replication", "year", "party", "usd_bn"])  # fmt: skip
    made = RunTables(Path("none"), {"replications": 2, "seed": 1})
    made.__dict__.update(
        config=base(),
        ledger=ledger.assign(amount_cents=ledger["usd_bn"] * 10**11),
        distributions=later.assign(amount_cents=later["usd_bn"] * 10**11),
    )

    found = cash_by_party(made)

    def at(party: str, year: int) -> list[float]:
        return found.usd_bn[party][:, year - found.years[0]].tolist()

    assert found.years.tolist() == list(range(2025, 2051))
    assert at("jbic", 2030) == [-3, 0]
    assert at("us", 2030) == [0, 0]
    assert at("us", 2031) == [5, 0]
    assert at("jbic", 2040) == [1, 0]
    assert at("partners", 2050) == [0, -2]
    assert at("japan", 2050) == [1, 0]  # nexi's one is equity's


def test_overruns_are_those_of_the_finance_table_and_of_the_ledger(run):
    told = {one.what: one.value for one in overruns(run)}

    assert told["partners"] == pytest.approx(run.finance.overrun_usd_bn.sum() / 3)
    assert told["JBIC"] == 0


def test_orders_are_content_times_what_was_spent(run, answers):
    one = answers["orders", "Japanese content x spent", "programme"]

    assert one.value == pytest.approx(run.outcomes.japanese_orders_usd_bn_by_end.mean())
    turbines = answers["orders", "Gas turbines and generators, Japanese makers", "programme"].value
    gas = run.finance[run.finance.sector == "gas_power"].spent_usd_bn.sum() / 3
    assert turbines == pytest.approx(gas * 0.25 * 0.27)


def test_shares_of_states_and_of_sectors_add_up_to_all(answers):
    told = [one for one in answers.values() if one.question == "places"]

    assert sum(one.value for one in told if one.scope.startswith("state:")) == pytest.approx(1)
    assert sum(one.value for one in told if one.scope in base().sectors) == pytest.approx(1)
    assert "state:OH" in {one.scope for one in told}


def test_projects_with_permits_in_hand_are_held_against_their_own_sector():
    made = RunTables(Path("none"), {"replications": 1, "seed": 1})
    days = {"A": (100, True, "gas_power"), "B": (300, False, "gas_power"),
            "C": (900, False, "lng")}  # fmt: skip
    selected = pd.Timestamp(date(2027, 1, 1))
    projects = pd.DataFrame([
        {"replication": 0, "project": name, "sector": sector, "selected": selected,
         "operating": selected, "permits_granted": selected if held else pd.NaT,
         "days_selection_to_operation": float(n), "delay_crews_waited_days": 0.0,
         "delay_crews_short_days": float(n), "hidden_crews_waited_days": 0.0,
         "hidden_crews_short_days": 0.0}
        for name, (n, held, sector) in days.items()
    ])  # fmt: skip
    finance = projects[["replication", "project"]].assign(irr_japan=0.01)
    made.__dict__.update(config=base(), projects=projects, finance=finance)

    told = {(one.question, one.what): one.value for one in ready(made)}

    days_of = "days_selection_to_operation"
    assert told[days_of, "permits in hand"] == 100
    assert told[days_of, "the rest of permits in hand"] == 600
    assert told[days_of, "permits in hand, within sectors"] == -200
    assert told[days_of, "crews"] == 500  # A, and C, the only one of its sector
    assert np.isclose(told["irr_japan", "both, within sectors"], 0)


def test_a_run_without_finance_is_asked_nothing(run):
    made = RunTables(Path("none"), {"replications": 1, "seed": 1})
    made.__dict__["config"] = base().model_copy(update={"finance": None})

    assert money_answers(made) == []


def test_what_a_side_earns_is_a_median_but_for_dollars_and_a_rate_that_few_have_is_left_out():
    columns = ("response", "scope", "n", "mean", "mean_low", "mean_high")
    columns += ("p50", "p50_low", "p50_high")
    rows = [
        dict(zip(columns, row, strict=True))
        for row in (
            ("irr_japan", "programme", "2", "9", "8", "10", "0.01", "0.005", "0.015"),
            ("irr_nexi", "programme", "1", "0.2", "0.1", "0.3", "0.2", "0.1", "0.3"),
            ("npv_usd_bn_nexi", "programme", "4", "-3.5", "-4", "-3", "9", "8", "10"),
            ("npv_usd_bn_nexi", "gas_power", "4", "-1", "-2", "-0.5", "", "", ""),
        )
    ]
    made = RunTables(Path("none"), {"replications": 4, "seed": 1})
    made.__dict__.update(config=base(), summary_rows=rows)

    told = {(one.scope, one.what): (one.value, one.low, one.n) for one in earns(made)}

    assert told == {
        ("japan", "return a year"): (0.01, 0.005, 2),
        ("nexi", "present value, USD bn"): (-3.5, -4.0, 4),
    }


def test_the_bases_walk_from_present_values_to_returns_and_to_the_cash_figure(run, answers):
    names = [what for question, what, _ in answers if question == "bases"]
    amounts = [answers["bases", what, "programme"].value for what in names]
    cash = cash_by_party(run).usd_bn["japan"][:, -1]

    assert len(names) == 6
    assert sum(amounts[:2]) == pytest.approx(amounts[2])
    assert sum(amounts[2:5]) == pytest.approx(amounts[5])
    assert amounts[0] == pytest.approx(run.outcomes.npv_usd_bn_japan.mean())
    assert amounts[2] == pytest.approx(run.outcomes.net_usd_bn_japan.mean())
    assert amounts[5] == pytest.approx(cash.mean())
    short = answers["not_short", "all projects, as paid", "programme"]
    assert short.value == pytest.approx((cash >= 0).mean())
    short = answers["not_short", "finished projects, as paid", "programme"]
    assert short.value == pytest.approx((run.outcomes.multiple_japan >= 1).mean())


def test_net_of_the_three_is_the_profit_of_which_the_answer_is_a_share(run, answers):
    us, japan, partners = (
        run.outcomes[f"net_usd_bn_{party}"].mean() for party in ("us", "japan", "partners")
    )
    share = answers["profit", "share of the United States", "programme"].value

    assert us / (us + japan + partners) == pytest.approx(share)
    assert answers["profit", "net of Japan's side", "programme"].value == pytest.approx(japan)


def test_a_run_has_its_answers_as_a_data_frame(run):
    found = run.returns()

    assert list(found.columns) == list(Answer._fields)
    assert found.equals(pd.DataFrame(money_answers(run)))


def test_a_run_of_before_a_response_is_told_so_and_what_to_do(run):
    old = RunTables(run.folder, run.manifest)
    old.__dict__["outcomes"] = run.outcomes.drop(columns=["net_usd_bn_us", "irr_japan"])

    said = r"earlier version: outcomes.csv has no irr_japan \(and 1 more\); run it again to ask"
    with pytest.raises(StoreError, match=said):
        money_answers(old)


def test_works_that_run_are_told_with_the_money_and_at_their_own_pace():
    config = base()
    row = config.portfolio.projects["F-20"].model_copy(update={"own_pace": 0.5})
    projects = {**config.portfolio.projects, "F-20": row}
    portfolio = config.portfolio.model_copy(update={"projects": projects})
    begun, done = pd.Timestamp(date(2027, 1, 1)), pd.Timestamp(date(2029, 9, 27))
    made = RunTables(Path("none"), {"replications": 1, "seed": 1})
    table = pd.DataFrame({
        "project": ["F-20", "F-20", "F-17"], "proposed": [begun] * 3,
        "operating": [done, pd.NaT, done], "build_days_planned": [600.0, 600.0, 900.0],
    })  # fmt: skip
    made.__dict__.update(config=config.model_copy(update={"portfolio": portfolio}), projects=table)

    assert [(one.what, one.scope, one.value) for one in works(made)] == [
        ("with the programme's money", "F-20", 1000), ("at its own pace", "F-20", 1200),
    ]  # fmt: skip
