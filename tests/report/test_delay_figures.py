"""The figures of delays: what their bars and cells say, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_runs import MadeRun, small_run
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.events import LEDGER_CAUSES
from sim.report.figures.delays import delays, delays_hidden


def project(replication: int, sector: str = "gas", **days: float) -> dict[str, Any]:
    found: dict[str, Any] = {
        "replication": replication, "sector": sector, "status": "operating", "censored": False,
        "selected": pd.Timestamp("2027-01-01"),
    }  # fmt: skip
    found |= {f"delay_{cause}_days": days.get(cause, 0.0) for cause in LEDGER_CAUSES}
    found |= {f"hidden_{cause}_days": days.get(f"hid_{cause}", 0.0) for cause in LEDGER_CAUSES}
    return found


def made(*rows: dict[str, Any]) -> MadeRun:
    return replace(small_run(1), projects=pd.DataFrame(rows))


def texts(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text) if text.get_visible())


def bars(figure: Figure) -> list[tuple[float, float]]:
    """Left end and right end of every bar, rounded."""
    found = [path for one in figure.axes[0].collections for path in one.get_paths()]
    return [(round(at.x0), round(at.x1)) for at in (path.get_extents() for path in found)]


def test_a_bar_is_the_means_of_its_causes_end_to_end_and_the_dot_their_sum():
    figure = delays(made(project(0, permit_work=100, nominal_building=300),
                         project(1, litigation=200, nominal_building=500)))  # fmt: skip

    assert bars(figure) == [(0, 150), (150, 550)]
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in dots] == [550]
    assert "550 days" in texts(figure)
    assert "n = 2" in texts(figure)


def test_building_faster_than_planned_is_left_of_zero_and_the_dot_less():
    figure = delays(made(project(0, nominal_building=300, overrun=-50)))

    assert bars(figure) == [(0, 300), (-50, 0)]
    assert "250 days" in texts(figure)
    assert figure.axes[0].get_xlim()[0] < -50


def test_sectors_are_in_order_of_their_total_and_all_of_them_last():
    figure = delays(made(project(0, "gas", power=10), project(0, "reactors", power=90)))

    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels == ["reactors", "Gas power", "All selected projects"]


def test_who_is_not_finished_or_given_up_is_counted_and_said():
    cut = project(1, power=90) | {"status": "building", "censored": True}
    gone = project(2, power=30) | {"status": "cancelled"}

    text = texts(delays(made(project(0, power=60), cut, gone, project(3, power=60))))

    assert "n = 4; 1 (25 %) unfinished; 1 (25 %) given up" in text
    assert "Who is not finished when the run ends on 2035-12-31 is counted up to then" in text


def test_an_interval_that_says_nothing_is_left_out():
    few = texts(delays(made(project(0, power=60))))
    wild = texts(delays(made(project(0, power=1), project(1, power=900))))
    calm = texts(delays(made(project(0, power=100), project(1, power=101))))

    assert "60 days\n" in few
    assert "450 days\n" in wild
    assert "95 % interval" not in few + wild
    assert "100 days (94-107)" in calm
    assert "all together, 95 % interval" in calm


def test_what_is_never_selected_does_not_count():
    unselected = project(0, power=900) | {"selected": pd.NaT}

    assert "n = 1" in texts(delays(made(project(0, power=60), unselected)))


def test_hidden_days_are_cells_that_do_not_add_up_and_the_figure_says_so():
    figure = delays_hidden(made(project(0, power=9, hid_appraisal=40.0, hid_permit_work=120.0)))

    text = texts(figure)
    assert "40" in text.split("\n")
    assert "120" in text.split("\n")
    assert "they do not add up" in text.replace("\n", " ")
    assert "permits: work" in text
    assert "crews" not in text


@pytest.mark.parametrize("draw", [delays, delays_hidden])
def test_a_run_older_than_the_ledger_is_drawn_empty_and_says_so(draw):
    run = small_run(1)
    old = run.projects[[name for name in run.projects.columns if "delay_" not in name]]

    assert "older than the ledger of delays" in texts(draw(replace(run, projects=old)))


def test_nothing_hidden_is_said():
    assert "nothing was hidden" in texts(delays_hidden(made(project(0, power=9))))


def test_bars_of_the_engines_projects_add_up_to_their_days():
    run = small_run(25)
    chosen = run.projects[run.projects["selected"].notna()]
    columns = [f"delay_{cause}_days" for cause in LEDGER_CAUSES]

    figure = delays(run)

    last = [line for line in figure.axes[0].lines if line.get_marker() == "o"][-1]
    assert last.get_xdata()[0] == pytest.approx(np.mean(chosen[columns].sum(axis=1)))
