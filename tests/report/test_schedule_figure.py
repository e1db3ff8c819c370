"""P50 and P80 of named projects: what never happens is late, titles by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from made_runs import run_without_projects, small_run

from sim.report.figures.schedule import _chance, gantt_p50, in_lines, title
from sim.report.page.projects import _of_all
from sim.stats.intervals import wilson
from sim.study.findings.schedule import Expected, schedule


def run_of(operating: dict[str, list[str | None]], replications: int = 0) -> SimpleNamespace:
    rows = [
        {"replication": number, "project": project, "sector": "gas", "named": True,
         "commitment_usd_bn": 10.0, "selected": "2028-01-01", "ntp": "2029-01-01",
         "first_unit_energised": day, "operating": day}
        for project, days in operating.items() for number, day in enumerate(days)
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    for name in ("selected", "ntp", "first_unit_energised", "operating"):
        table[name] = pd.to_datetime(table[name])
    n = replications or max(len(days) for days in operating.values())
    return SimpleNamespace(projects=table, manifest={"replications": n})


def test_a_project_that_two_of_five_never_finish_has_its_p50_late_and_no_p80():
    (one,) = schedule(run_of({"A-01": ["2031-01-01", None, "2033-05-05", None, "2032-01-01"]}))
    assert one.at("operating", "p50") == date(2033, 5, 5)
    assert one.at("operating", "p80") is None
    assert one.at("selected", "p80") == date(2028, 1, 1)
    assert one.runs == wilson(3, 5)


def test_how_likely_is_of_all_replications_and_the_dates_of_those_that_propose_it():
    (one,) = schedule(run_of({"A-01": ["2031-01-01", "2031-01-01"]}, replications=5))
    assert one.runs == wilson(2, 5)
    assert one.at("operating", "p80") == date(2031, 1, 1)


def test_who_runs_first_stands_at_the_top_and_who_never_does_at_the_bottom():
    order = schedule(run_of({"LATE": ["2034-01-01"], "NEVER": [None], "SOON": ["2030-01-01"]}))
    assert [one.project for one in order] == ["SOON", "LATE", "NEVER"]


def expected(ran: int, n: int) -> Expected:
    return Expected("A", "gas", 1.0, {}, wilson(ran, n))


def test_the_title_counts_only_what_is_decided():
    found = [expected(95, 100), expected(50, 100), expected(2, 100)]
    assert title(found, date(2035, 12, 31)) == (
        "1 of 3 named projects are likely to run by 2035; 1 could go either way"
    )
    assert title(found[::2], date(2035, 12, 31)) == (
        "1 of 2 named projects are likely to run by 2035"
    )


def test_every_row_says_in_how_many_replications_it_runs():
    run = small_run(2)
    texts = [one.get_text() for one in gantt_p50(run).axes[0].texts]
    shown = [one for one in schedule(run) if one.at("selected", "p50") is not None]
    assert shown
    for one in shown:
        assert any(text.startswith(f"{100 * one.runs.estimate:.0f} % (") for text in texts)


def test_names_are_whole_and_take_two_lines_at_most():
    for name in ("BWRX-300 small modular reactors, Tennessee (Clinch River)", "A b " * 60, "A"):
        assert in_lines(name).replace("\n", " ") == name.strip()
        assert in_lines(name).count("\n") <= 1


@pytest.mark.parametrize(("ran", "proposed"), [(81, 115), (71, 111), (73, 117), (9, 88), (71, 107)])
def test_the_figure_and_the_page_round_one_share_alike(ran: int, proposed: int):
    """81 of 200 is 40.5 %; the file has 81/115 to twelve digits, times 115/200."""
    row = {"p_proposed": f"{proposed / 200:.12g}", "p_ran": f"{ran / proposed:.12g}"}
    found = Expected("A", "gas", 1.0, {}, wilson(ran, 200), proposed / 200)
    on_the_page = _of_all(row, "p_ran", 200).text.replace("\xa0", " ")
    assert _chance(found).startswith(f"{on_the_page} (")
    assert "\nproposed in " in _chance(found)


@pytest.mark.parametrize("ran", [2, 3])
def test_building_is_open_where_less_than_half_run_by_the_end(ran: int):
    run = small_run(5)
    table = run.projects.copy()
    table["operating"] = pd.NaT
    for name in ("selected", "ntp"):
        table.loc[table["named"], name] = pd.Timestamp("2028-01-01" if name == "selected"
                                                       else "2029-01-01")  # fmt: skip
    table.loc[table["named"] & (table["replication"] < ran), "operating"] = pd.Timestamp(
        "2031-01-01"
    )
    axes = gantt_p50(replace(run, projects=table)).axes[0]
    dashed = [one for one in axes.collections if one.get_linestyle()[0][1] is not None]
    shown = len(axes.get_yticks())
    assert shown
    assert len(dashed) == (shown if ran == 2 else 0)


def test_without_projects_it_says_so():
    texts = [one.get_text() for one in gantt_p50(run_without_projects()).axes[0].texts]
    assert any("no named project is selected" in one for one in texts)


@pytest.mark.parametrize("n", [1, 2])
def test_the_first_unit_is_marked_only_where_it_runs_before_the_whole(n):
    lines = gantt_p50(small_run(n)).axes[0].lines
    assert not [one for one in lines if one.get_marker() == "D"], "its one unit is the whole"
