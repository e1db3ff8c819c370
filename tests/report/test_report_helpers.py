"""Small parts of the figures: names, dates on axes, labels kept apart, stages of a life."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from made_runs import small_config
from matplotlib.figure import Figure

from sim.config import load
from sim.events import Kind
from sim.report.figures import dates, style
from sim.report.figures.numbers import spread
from sim.report.names import called, project_name, resource_name, usd_bn
from sim.report.story.happenings import Happening
from sim.report.story.stages import Stage, Stretch, life

CONFIGS = Path(__file__).parents[2] / "configs"
DAY = date(2026, 1, 1)


def happened(*events: tuple[int, Kind]) -> list[Happening]:
    return [Happening(time, DAY, kind) for time, kind in events]


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "$0.0 bn"), (20, "$20.0 bn"), (1234.56, "$1,234.6 bn"), (0.0834, "$0.08 bn"),
     (0.997, "$1.0 bn"), (0.004, "$4.0 million")],
)  # fmt: skip
def test_dollars_are_written_for_people(amount, words):
    assert usd_bn(amount) == words


def test_resources_and_projects_are_called_what_the_config_calls_them():
    config = small_config()

    assert resource_name("teams", config) == "Screening teams"
    assert resource_name("jbic_commitments", config) == "JBIC: yearly commitments"
    assert resource_name("specialists_electrical", config) == "Electricians"
    assert resource_name("of_another_version", config) == "of another version"
    assert project_name("A-01", "gas", config) == "Plant A"
    assert project_name("gas-003", "gas", config) == "Gas power"


def test_makers_and_regions_are_called_what_the_config_calls_them():
    base = load(CONFIGS / "base.yaml", {}).config
    power = base.capacity.power
    assert power is not None

    kind, maker = next(iter(base.capacity.equipment.items()))
    region = next(name for name in power.regions if name != power.elsewhere)
    label = power.regions[region].label
    assert resource_name(f"equipment_{kind}", base) == f"{maker.label}: makers' slots"
    assert resource_name(f"power_{region}", base) == f"Grid power: {label}"
    assert called(base)[f"power_{region}"] == f"the {label.split(' (')[0]} grid"
    assert called(base)[f"power_{power.elsewhere}"] == "the grid of its region"
    assert called(small_config()) == {}


def test_labels_are_moved_apart_and_never_below_the_lowest():
    assert spread([5.0, 1.0, 1.2], 1.0) == pytest.approx([5.0, 0.6, 1.6])
    assert spread([0.0, 0.0, 0.0], 1.0, lowest=0.0) == [2.0, 1.0, 0.0]


def test_years_are_named_in_their_middle():
    axes = Figure().add_subplot()

    dates.time_axis(axes, (dates.number(date(2026, 1, 1)), dates.number(date(2029, 1, 1))), 2.0)

    names = [text.get_text() for text in axes.get_xticklabels(minor=True)]
    assert names == ["2026", "2027", "2028"]
    assert axes.get_xticks(minor=True)[0] == pytest.approx(dates.number(date(2026, 7, 2)), abs=1)


def test_a_short_wide_axis_names_quarters():
    axes = Figure().add_subplot()

    dates.time_axis(axes, (dates.number(date(2026, 1, 1)), dates.number(date(2027, 1, 1))), 6.0)

    names = [text.get_text() for text in axes.get_xticklabels(minor=True)]
    assert names == ["Q1\n2026", "Q2", "Q3", "Q4"]


def test_history_that_is_ignored_has_no_line_where_it_ends():
    programme = dict(start="2026-01-01", as_of="2026-06-30", deadline="2029-01-19",
                     end="2029-12-31", run_out="2035-12-31", envelope_usd_bn=550)  # fmt: skip

    ignored = small_config(programme={**programme, "history": "ignore"})
    recorded = small_config(programme={**programme, "history": "recorded"})

    assert dates.as_of_mark(ignored) is None
    mark = dates.as_of_mark(recorded)
    assert mark is not None
    assert mark.at == dates.number(date(2026, 7, 1))
    assert mark.label == "today's record ends 2026-06-30"


def test_paths_below_twenty_replications_are_lines_and_above_a_band():
    x = np.arange(3.0)
    few, many = Figure().add_subplot(), Figure().add_subplot()

    style.draw_paths(few, x, np.ones((19, 3)), style.Look(style.BLUE))
    style.draw_paths(many, x, np.ones((20, 3)), style.Look(style.BLUE))

    assert (len(few.lines), len(few.collections)) == (19, 0)
    assert (len(many.lines), len(many.collections)) == (1, 1)


def test_a_life_is_cut_into_stages_without_gaps():
    found = life(
        happened(
            (0, Kind.PROPOSED),
            (10, Kind.DOCKETED),
            (20, Kind.RECOMMENDED),
            (30, Kind.SELECTED),
            (30, Kind.PERMITS_BEGAN),
            (40, Kind.CALL_PAID),
            (45, Kind.PERMIT_WORK_ENDED),
            (45, Kind.LITIGATION_BEGAN),
            (50, Kind.LITIGATION_ENDED),
            (50, Kind.PERMITS_GRANTED),
            (50, Kind.BUILDING_BEGAN),
            (60, Kind.BUILDING_STOPPED),
            (65, Kind.BUILDING_BEGAN),
            (80, Kind.UNIT_BUILT),
            (80, Kind.OPERATING),
        ),
        end=100,
    )

    assert found.main == [
        Stretch(Stage.SCREENING, 0, 10),
        Stretch(Stage.COMMITTEES, 10, 20),
        Stretch(Stage.SELECTION, 20, 30),
        Stretch(Stage.FUNDING, 30, 40),
        Stretch(Stage.READY, 40, 50),
        Stretch(Stage.BUILDING, 50, 60),
        Stretch(Stage.STARVED, 60, 65),
        Stretch(Stage.BUILDING, 65, 80),
        Stretch(Stage.OPERATING, 80, 100),
    ]
    assert found.beside == [Stretch(Stage.PERMITS, 30, 45), Stretch(Stage.LITIGATION, 45, 50)]
    assert found.units == [80]
    assert found.end is None


def test_a_declined_project_ends_where_it_is_declined_and_its_permits_with_it():
    found = life(
        happened(
            (0, Kind.PROPOSED), (5, Kind.SELECTED), (5, Kind.PERMITS_BEGAN), (9, Kind.DECLINED)
        ),
        end=100,
    )  # fmt: skip

    assert found.end is Kind.DECLINED
    assert found.ended == 9
    assert found.main[-1] == Stretch(Stage.FUNDING, 5, 9)
    assert found.beside == [Stretch(Stage.PERMITS, 5, 9)]


def test_rows_stand_from_the_top_to_the_bottom_and_values_run_across():
    axes = style.new_figure(4, 3, "rows").add_subplot()

    style.in_rows(axes, ["first", "second", "third"])

    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second", "third"]
    assert axes.get_ylim() == pytest.approx((2.6, -0.6))


def test_areas_stand_one_on_another_and_the_upper_edge_comes_back():
    axes = style.new_figure(4, 3, "areas").add_subplot()
    layers = [
        ("low", np.array([1.0, 2.0]), style.BLUE, ""),
        ("high", np.array([-1.0, 3.0]), style.SKY, "//"),
    ]

    assert style.stack(axes, np.array([0.0, 1.0]), layers).tolist() == [1.0, 5.0]
    assert axes.get_legend_handles_labels()[1] == ["low", "high"]
