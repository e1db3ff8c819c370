"""The picture of what is held: rows ranked, titles by rule, candidates before the President."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from made_runs import run_without_projects, small_run
from matplotlib.colors import to_hex

from sim.events.ledger_causes import BAR_WORDS, BARS
from sim.report.figures.held import held, ranked, title
from sim.report.page.charts import BLUES, GREYS, HEAT
from sim.report.page.sections import held as page_held
from sim.study.findings.over_time import Held, before_selection, held_over_time


def found(**years: list[float]) -> Held:
    """Dollar-years by group and replication; four quarters, all of them in the second."""
    at = {bar: np.array([0.0, 4 * np.mean(one), 0.0, 0.0]) for bar, one in years.items()}
    quarters = ["2028 Q1", "2028 Q2", "2028 Q3", "2028 Q4"]
    return Held(quarters, at, {bar: np.array(one) for bar, one in years.items()})


def test_the_title_names_the_cause_at_which_most_stands():
    clear = found(permits=[5.0, 6.0, 5.5], crews=[1.0, 1.5, 1.2])
    nobody = np.zeros(3)
    assert title(clear, ranked(clear), nobody) == (
        "Of what is selected, most dollars stand at permits"
    )


def test_it_says_first_that_most_wait_for_the_president_where_they_do():
    clear = found(permits=[5.0, 6.0, 5.5], crews=[1.0, 1.5, 1.2])
    assert title(clear, ranked(clear), np.array([90.0, 80.0, 85.0])) == (
        "Most dollars wait for the President, then at permits"
    )


def test_two_causes_that_the_replications_do_not_tell_apart_are_both_named():
    even = found(permits=[5.0, 1.0, 3.0], crews=[1.0, 5.0, 2.5])
    assert title(even, ranked(even), np.zeros(3)).endswith(
        "stand at permits or crews missing or too small"
    )


def test_one_replication_has_no_finding():
    one = found(permits=[5.0], crews=[1.0])
    assert title(one, ranked(one), np.array([90.0])) == "Where the dollars stand"


def test_rows_are_ranked_by_dollar_years_and_building_and_the_record_are_none_of_them():
    some = found(crews=[1.0], permits=[3.0], building=[50.0], record=[9.0], power=[0.001])
    assert ranked(some) == ["permits", "crews"]


def made(rows: list[dict[str, str | float]]) -> SimpleNamespace:
    columns = ("recommended", "selected", "rejected", "refused", "declined")
    projects = pd.DataFrame(rows)
    for name in columns:
        projects[name] = pd.to_datetime(projects.get(name, pd.Series(dtype=str)))
    months = pd.date_range("2028-01-01", "2028-12-01", freq="MS")
    return SimpleNamespace(
        projects=projects,
        timeline=pd.DataFrame({"month": months}),
        manifest={"replications": 2},
        config=SimpleNamespace(programme=SimpleNamespace(deadline="2028-06-30")),
    )


def test_a_candidate_waits_until_it_is_selected_and_at_most_until_the_deadline():
    """By hand: 10 bn for the first quarter of one replication of two, 4 bn from May to June."""
    run = made(
        [
            {"replication": 0, "commitment_usd_bn": 10.0, "recommended": "2028-01-01",
             "selected": "2028-04-01"},
            {"replication": 1, "commitment_usd_bn": 4.0, "recommended": "2028-05-01"},
            {"replication": 1, "commitment_usd_bn": 99.0},
        ]
    )  # fmt: skip
    quarters, years = before_selection(run)
    assert quarters == pytest.approx([5.0, 4 * 61 / 91 / 2, 0.0, 0.0])
    assert years == pytest.approx([10 * 91 / 365.25, 4 * 61 / 365.25])


def test_the_strip_has_the_peak_of_every_row_and_its_quarter():
    run = small_run(2)
    what, texts = held_over_time(run), []
    for axes in held(run).axes:
        texts += [one.get_text() for one in axes.texts]
    for bar in ranked(what):
        peak, quarter = what.peak(bar)
        assert any((one.endswith(f" in {quarter}") and f"{peak:,.0f}" in one) or
                   f"{peak:,.1f} in {quarter}" in one for one in texts), bar  # fmt: skip


def test_the_figure_and_the_page_have_one_order_and_one_scale_of_colours():
    run = small_run(2)
    shown = page_held(run)
    strip = held(run).axes[0]
    labels = [one.get_text() for one in strip.get_yticklabels()][1:]
    words = {words: BARS[bar].label.lower() for bar, words in BAR_WORDS.items()}
    on_the_page = [one.label.lower() for one in shown.shown["strips"]]
    rows = [words[one] for one in labels if one in words]
    assert rows == on_the_page[: len(rows)]
    key = strip.get_legend()
    said = [one.get_text() for one in key.get_texts()][1:]
    colours = [to_hex(one.get_facecolor()) for one in key.get_patches()][1:]
    assert list(zip(colours, said, strict=True)) == shown.shown["legend"]
    drawn = {to_hex(one) for bars in strip.collections for one in bars.get_facecolors()}
    assert drawn <= {*HEAT, *BLUES, *GREYS}


def test_without_projects_it_says_that_nothing_is_selected():
    texts = [one.get_text() for axes in held(run_without_projects()).axes for one in axes.texts]
    assert any("nothing is selected in any replication" in one for one in texts)
