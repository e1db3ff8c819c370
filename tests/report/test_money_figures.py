"""Figures of money: titles state what the numbers say, and pictures hold what they name."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_runs import MadeRun, make_run

from sim.config import load
from sim.report import draw
from sim.study.findings.cash import cash_by_party, overruns_by_sector
from sim.study.findings.outflow import yen_outflow

BASE = Path(__file__).parents[2] / "configs" / "base.yaml"


@cache
def base_run() -> MadeRun:
    return make_run(load(BASE).config, 2)


def title(run: MadeRun, name: str) -> str:
    suptitle = draw(run, name)._suptitle
    assert suptitle is not None
    return str(suptitle.get_text())


def test_cash_of_the_parties_ends_with_what_they_received_less_put_in():
    run, cash = base_run(), cash_by_party(base_run())
    finance = run.finance

    ended = cash.usd_bn["us"][:, -1].sum()
    assert ended == pytest.approx(finance.received_usd_bn_us.sum(), abs=1e-6)
    put = finance.partners_usd_bn + finance.overrun_usd_bn
    partners = cash.usd_bn["partners"][:, -1].sum()
    assert partners == pytest.approx((finance.received_usd_bn_partners - put).sum(), abs=1e-6)
    japan = cash.usd_bn["japan"]
    parts = sum(cash.usd_bn[name] for name in ("jbic", "insured_lenders", "nexi", "equity"))
    assert np.allclose(japan, parts)


def test_the_title_of_cash_says_how_far_japan_is_out_and_on_what_basis():
    japan = np.median(cash_by_party(base_run()).usd_bn["japan"], axis=0)

    said = title(base_run(), "cash_by_party")

    assert said.startswith(f"Japan is USD {-japan.min():,.0f} bn out by ")
    assert said.endswith(", if what is unfinished in 2035 is lost")


def test_the_parts_of_japans_side_have_panels_whose_means_add_up_to_it():
    panels = [axes.get_title(loc="left") for axes in draw(base_run(), "cash_by_party").axes]
    said = dict(one.removesuffix(" on average").split(": ") for one in panels)
    mean = {name: float(one.replace("\N{MINUS SIGN}", "-")) for name, one in said.items()}
    parts = sum(mean[name] for name in ("JBIC", "Insured lenders", "NEXI", "Equity"))
    assert parts == pytest.approx(mean["Japan's side"], abs=2.5)  # five rounded numbers
    assert mean["Equity"]


def test_tariffs_have_an_interval_and_tell_of_lines_that_coincide_or_lie_on_the_axis():
    figure = draw(base_run(), "tariffs")
    said = " ".join(one.get_text() for one in figure.texts)
    assert said.count("95 % of the mean") == 2
    assert "On the line of 0 %: chips;" in " ".join(said.split())
    legend = figure.axes[0].get_legend()
    assert "pharma, in the end as autos" in [one.get_text() for one in legend.get_texts()]


def test_where_no_call_is_missed_there_are_no_empty_axes():
    run = base_run()
    none = replace(run, events=run.events[run.events["replication"] < 0])
    figure = draw(none, "missed_calls")
    assert title(none, "missed_calls") == "No cash call is missed in any run"
    assert not figure.axes
    assert "in any of 2 replications" in " ".join(one.get_text() for one in figure.texts)


def test_the_title_of_tariffs_says_what_the_deal_saves_by_the_end_of_the_programme():
    duties = base_run().duties
    by_then = duties[duties["year"] <= 2029].groupby("replication").sum()
    saved = (by_then["duties_as_threatened_usd_bn"] - by_then["duties_usd_bn"]).mean()

    said = title(base_run(), "tariffs")

    assert saved > 10
    assert said.startswith(f"By the end of 2029 the deal saves USD {saved:,.0f} bn of the duties ")


def test_the_title_of_the_yen_names_the_year_that_takes_most():
    found = yen_outflow(base_run())
    year = found.years[int(found.total.mean(axis=0).argmax())]

    said = title(base_run(), "yen_by_year")
    assert said.startswith(f"FY{year} takes the most from Japan")
    assert said.endswith(" on average")


def test_overruns_by_the_rule_are_partners_until_a_top_up_is_posted():
    run = base_run()
    total = run.finance.overrun_usd_bn.sum() / 2
    assert title(run, "overruns") == (
        f"Partners bear all of USD {total:,.0f} bn of overruns, Japan nothing"
    )
    first = run.ledger[run.ledger.reason == "drawn"].head(1)
    called = first.assign(reason="topup", amount_cents=int(total * 2e11))
    topped = replace(run, ledger=pd.concat([run.ledger.astype({"reason": str}), called]))

    assert title(topped, "overruns").startswith("Partners bear 50 % of USD")
    assert sum(japan for _, japan in overruns_by_sector(topped).values()) == pytest.approx(total)


def test_the_sector_with_most_money_names_its_bar_and_its_middle_yield():
    # Ohio alone has a third of the dollars of two runs.
    assert title(base_run(), "japan_irr_by_yield").startswith(
        "Gas-fired power: Japan needs a yield of 14.6 % for the deemed rate; the middle plant has"
    )


@pytest.mark.parametrize("name", ["cash_by_party", "yen_by_year", "overruns", "japan_irr_by_yield"])
def test_without_a_finance_section_there_is_nothing_to_show(name: str):
    config = base_run().config.model_copy(update={"finance": None})
    figure = draw(replace(base_run(), config=config), name)

    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert "nothing to show:\nthe config has no finance section" in texts
