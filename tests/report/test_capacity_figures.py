"""The board of capacities: what binds, ranked by dollars; crafts alike are one; units right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_runs import small_run

from sim.report.figures.capacity import (
    _limits,
    _short_of,
    _time_at_limit,
    capacity,
    capacity_all,
    title,
    title_of_all,
)
from sim.report.figures.crafts import served_alike
from sim.report.figures.resources import Resource
from sim.report.figures.specialists import title as title_of_specialists


def resource(
    years: list[float], usd_bn_years: list[float], name: str = "Teams", unit: str = "teams",
    limit: float = 2.0,
) -> Resource:  # fmt: skip
    n = len(years)
    months = np.ones((n, 3))
    return Resource(name, unit, np.arange(3.0), limit * months, months, 0.25 * months, months,
                    np.array(years), np.array(usd_bn_years))  # fmt: skip


def test_what_was_at_its_limit_for_less_than_a_year_is_told_in_days():
    days = _time_at_limit(resource([0.25] * 19 + [1.5], [1.0] * 20))
    assert days.startswith("at the limit 91 days")
    assert _time_at_limit(resource([3.0] * 20, [1.0] * 20)).startswith("at the limit 3.0 years")


def test_of_people_it_is_told_how_many_are_missing_not_how_long():
    people = resource([9.0], [1.0], "Electricians", "thousand people")
    assert _short_of(people) == "20 % of those wanted are missing"
    assert _short_of(resource([9.0], [1.0])) == ""


def test_a_limit_binds_that_is_reached_and_for_want_of_which_dollars_stand():
    assert resource([0.1, 0.0], [3.0, 2.0]).binds
    assert not resource([0.0, 0.0], [3.0, 2.0]).binds
    assert not resource([5.0, 5.0], [0.1, 0.1]).binds


def test_the_title_names_one_limit_where_it_is_told_from_the_next_and_else_two():
    crews = resource([1.0] * 3, [9.0, 8.0, 9.5], "Crews: 5 crafts alike")
    slots = resource([1.0] * 3, [2.0, 1.0, 1.5], "Slots")
    close = resource([1.0] * 3, [9.5, 7.0, 9.6], "JBIC: desks")
    assert title([crews, slots], [crews]) == (
        "Among limits of capacity, most dollars stand for want of crews: USD 9 bn-years"
    )
    assert title([crews, close], [crews]) == (
        "Among limits of capacity, most dollars stand for want of crews or JBIC"
    )
    assert title([], []) == "Capacity: what is used, and what waits for it"


def test_one_replication_with_much_capacity_does_not_stretch_the_panel():
    even = resource([1.0] * 40, [1.0] * 40, limit=2.0)
    held = even.held.copy()
    held[0] = 3.0
    assert _limits(even._replace(held=held)) == _limits(even)
    assert _limits(even._replace(held=even.held + 1.0))[0] == 3.0


def test_the_worst_served_stand_first_and_what_has_no_limit_last():
    half = resource([0.1], [1.0], "Half")._replace(waiting=np.ones((1, 3)))
    most = resource([9.0], [1.0], "Most")
    free = half._replace(name="Free", held=np.full((1, 3), np.inf))
    order = sorted([free, most, half], key=lambda one: one.rank)
    assert [one.name for one in order] == ["Half", "Most", "Free"]
    assert title_of_all(order) == "Least served: half, 50 % of what is wanted"


def test_a_capacity_that_leaves_its_panel_is_in_words_and_its_line_ends():
    run = small_run(2)
    table = run.capacity.astype({"capacity": float})
    teams = table["resource"] == "teams"
    later = teams & (table["month"] >= table["month"].max() - pd.Timedelta(days=400))
    table.loc[later, "capacity"] = 1e6
    figure = capacity_all(replace(run, capacity=table))
    panel = next(one for one in figure.axes if one.get_title(loc="left") == "Screening teams")
    assert any("capacity up to 1,000,000" in one.get_text() for one in panel.texts)
    drawn = np.concatenate([np.asarray(one.get_ydata(), float) for one in panel.lines])
    assert np.nanmax(drawn) <= panel.get_ylim()[1]


def pools(**served: tuple[list[float], list[float]]) -> dict[str, pd.DataFrame]:
    months = pd.date_range("2030-01-01", periods=2, freq="MS")
    return {
        f"specialists_{name}": pd.DataFrame(
            {"replication": 0, "month": months, "in_use": granted, "waiting_mean": missing}
        )
        for name, (granted, missing) in served.items()
    }


def test_crafts_are_alike_whose_served_share_is_that_of_all_month_by_month():
    found = served_alike(
        pools(
            electrical=([80.0, 90.0], [20.0, 10.0]),
            piping=([160.0, 181.0], [40.0, 19.0]),
            technicians=([5.0, 5.0], [5.0, 5.0]),
            nobody=([0.0, 0.0], [0.0, 0.0]),
        )
    )
    assert found == ["specialists_electrical", "specialists_piping"]


def test_one_craft_alone_is_like_no_other():
    assert served_alike(pools(electrical=([80.0, 90.0], [20.0, 10.0]))) == []
    assert served_alike({}) == []


def test_the_same_mean_in_other_months_is_not_alike():
    found = served_alike(
        pools(first=([50.0, 100.0], [50.0, 0.0]), second=([100.0, 50.0], [0.0, 50.0]))
    )
    assert found == []


def test_the_board_shows_only_limits_that_bind():
    figure = capacity(small_run(2))
    assert all("never at the limit" not in text.get_text()
               for axes in figure.axes for text in axes.texts)  # fmt: skip


def test_one_replication_finds_nothing_about_specialists():
    assert title_of_specialists(small_run(1)) == "Specialists"


@pytest.mark.parametrize("n", [2])
def test_the_title_of_specialists_is_the_year_in_which_most_are_missing(n):
    run = small_run(n)
    rows = run.timeline.assign(year=run.timeline["month"].dt.year)
    by_year = rows.groupby("year")[["specialists_wanted", "specialists_granted"]].sum()
    by_year = by_year[by_year["specialists_wanted"] >= 0.2 * by_year["specialists_wanted"].max()]
    missing = 1 - by_year["specialists_granted"] / by_year["specialists_wanted"]
    words = title_of_specialists(run)
    if missing.max() < 0.005:
        assert words == "Specialists: whoever is wanted is there"
    else:
        assert str(missing.idxmax()) in words
        assert f"{100 * missing.max():.0f} %" in words
