"""What held a project up: days that add up, and their range over the run."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_runs import delays_of, small_config, small_run

from sim.events import LEDGER_CAUSES
from sim.report.story.held_up import adding_up, held_up


def row(replication: int = 0, **changes: Any) -> dict[str, Any]:
    """A-01, proposed on 2026-01-05, 100 days to operation: 60 of permits, 40 of building."""
    days = {"permit_work": 60.0, "nominal_building": 40.0}
    found: dict[str, Any] = {
        "replication": replication, "project": "A-01", "named": True, "status": "operating",
        "censored": False, "proposed": pd.Timestamp("2026-01-05"),
        "first_unit_energised": pd.Timestamp("2026-03-15"),
        "operating": pd.Timestamp("2026-04-15"), "cancelled": pd.NaT,
    }  # fmt: skip
    found |= {f"delay_{cause}_days": days.get(cause, 0.0) for cause in LEDGER_CAUSES}
    found |= {f"{kind}_{cause}_days": 0.0 for kind in ("hidden", "drag") for cause in LEDGER_CAUSES}
    return found | changes


def told(*rows: dict[str, Any], replication: int = 0, delays: pd.DataFrame | None = None) -> str:
    table = pd.DataFrame(rows)
    found = delays_of(table) if delays is None else delays
    return "\n".join(held_up(table, small_config(), "A-01", replication, found))


def line(text: str, begin: str) -> list[str]:
    """Numbers of the line of a cause."""
    found = next(each for each in text.splitlines() if each.strip().startswith(begin))
    return found.strip().removeprefix(begin).split()


def test_only_causes_that_occur_are_told_and_no_hidden_zero():
    text = told(row())

    assert line(text, "permits: work") == ["60", "60"]
    assert line(text, "building: typical time") == ["40", "40"]
    assert line(text, "together") == ["100", "100"]
    assert "power: " not in text
    assert "median" not in text


def test_hidden_days_stand_beside_and_do_not_count_into_the_sum():
    text = told(row(hidden_appraisal_days=30.0))

    assert line(text, "appraisal: the lenders' work") == ["30"]
    assert line(text, "together") == ["100", "100"]


def test_drag_stands_last_and_is_not_summed():
    text = told(row(hidden_permit_work_days=5.0, drag_permit_work_days=20.0))

    assert line(text, "permits: work") == ["60", "60", "5", "20"]
    assert line(text, "together") == ["100", "100"]


def test_building_faster_than_planned_is_below_zero():
    text = told(row(delay_nominal_building_days=50.0, delay_overrun_days=-10.0))

    assert line(text, "slow building (-: faster)") == ["-10", "-10"]
    assert line(text, "together") == ["100", "100"]


def test_rounded_days_still_add_up():
    assert adding_up(np.array([0.4, 0.4, 0.4, -0.2])) == [1, 0, 0, 0]
    assert sum(adding_up(np.array([33.3, 33.3, 33.4, -7.5]))) == round(92.5)


def test_the_same_project_in_the_other_replications_stands_beside():
    rows = [row(number, delay_power_days=float(number)) for number in range(21)]

    text = told(*rows, replication=4)

    assert "held, all 21" in text
    assert "5-95 %" in text
    assert line(text, "power: connection, megawatts") == ["4", "4", "10", "1", "to", "19"]
    assert line(text, "together") == ["104", "104", "110", "101", "to", "119"]
    assert line(text, "permits: work") == ["60"] * 4


def test_few_replications_have_a_range_from_least_to_most():
    text = told(row(0), row(1, delay_permit_work_days=80.0))

    assert "least-most" in text
    assert line(text, "permits: work") == ["60", "60", "70", "60", "to", "80"]


def test_a_cause_of_other_replications_is_told_too():
    text = told(row(0), row(1, delay_paused_days=40.0))

    assert line(text, "pauses") == ["20", "0", "to", "40"]


def test_how_often_it_is_there_how_it_ends_and_when_it_operates():
    cancelled = row(1, status="cancelled", operating=pd.NaT, cancelled=pd.Timestamp("2026-04-01"))
    building = row(2, status="building", censored=True, operating=pd.NaT)
    later = row(3, operating=pd.Timestamp("2026-05-15"))
    without = row(4) | {"project": "B-01"}

    text = " ".join(told(row(0), cancelled, building, later, without).split())

    assert "Over the 5 replications of the run: proposed in 4 (80 %)." in text
    assert "in operation 2 (50 %), under construction 1 (25 %), cancelled 1 (25 %)." in text
    assert "Days of the unfinished are counted to the end of the run." in text


def test_dates_count_those_that_never_operate():
    """Two of four operate, so half have it when the second does, and 80 % never have."""
    never = row(1, status="building", censored=True, operating=pd.NaT)
    cancelled = row(2, status="cancelled", operating=pd.NaT, first_unit_energised=pd.NaT)
    later = row(3, operating=pd.Timestamp("2034-05-15"))
    end = small_config().programme.run_out.year

    text = told(row(0), never, cancelled, later)

    assert line(text, "in operation") == ["-", "2034-05-15", "after", str(end)]
    assert line(text, "first unit energised")[:2] == ["-", "2026-03-15"]
    by_year = text.splitlines()[-2].split()[2:]
    assert by_year[:2] == ["25", "%"]  # on 31 December 2029
    assert by_year[-2:] == ["50", "%"]
    assert "what never has it counts as later." in text


def test_what_was_announced_stands_beside_with_how_much_later_half_have_it():
    config = small_config()
    said = {"announced_first_unit_date": date(2026, 3, 14),
            "announced_operating_date": date(2025, 4, 15)}  # fmt: skip
    named = config.portfolio.projects["A-01"].model_copy(update=said)
    portfolio = config.portfolio.model_copy(update={"projects": {"A-01": named}})

    text = "\n".join(
        held_up(
            table := pd.DataFrame([row(0), row(1)]),
            config.model_copy(update={"portfolio": portfolio}),
            "A-01",
            0,
            delays_of(table),
        )
    )

    assert line(text, "first unit energised") == ["2026-03-14", "2026-03-15", "2026-03-15",
                                                  "on", "time"]  # fmt: skip
    assert line(text, "in operation")[0] == "2025-04-15"
    assert line(text, "in operation")[-3:] == ["12", "months", "late"]


@pytest.mark.parametrize("run_out", [date(2029, 12, 31), date(2060, 12, 31)])
def test_a_long_run_tells_the_years_that_fit_and_the_last_of_them(run_out: date):
    config = small_config()
    programme = config.programme.model_copy(update={"run_out": run_out})
    table = pd.DataFrame([row(0), row(1)])

    lines = held_up(
        table, config.model_copy(update={"programme": programme}), "A-01", 0, delays_of(table)
    )

    years = next(one for one in lines if one.split() and set(one) <= set("0123456789 "))
    assert years.split()[-1] == str(run_out.year)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "to operation on 2026-04-15"),
        ({"status": "cancelled", "cancelled": pd.Timestamp("2026-04-01")},
         "to its end on 2026-04-01"),
        ({"status": "building", "censored": True}, "to the end of the run on 2035-12-31"),
    ],
)  # fmt: skip
def test_up_to_when_days_are_counted_is_said(changes, words):
    assert words in " ".join(told(row(**changes)).split())


def test_a_generated_project_is_another_one_in_each_replication():
    text = " ".join(told(row(0, named=False), row(1, named=False)).split())

    assert "A generated project is another one in each replication" in text


def test_crews_that_were_too_small_are_named_worst_first():
    delays = pd.DataFrame(
        {
            "replication": [0, 0, 1],
            "project": ["A-01", "A-01", "A-01"],
            "cause": ["crews_short"] * 3,
            "resource": ["specialists_welders", "specialists_electrical", "specialists_electrical"],
            "held_days": [3.0, 20.0, 99.0],
        }
    )

    text = told(row(), row(1), delays=delays)

    assert "Crews too small: Electricians 20 days; specialists welders 3 days." in text


def test_a_run_older_than_the_ledger_says_so():
    table = pd.DataFrame([{key: value for key, value in row().items() if "_days" not in key}])

    assert held_up(table, small_config(), "A-01", 0, pd.DataFrame()) == [
        "This run is older than the ledger of delays: run it again to see what held it up."
    ]


def test_the_days_of_a_project_of_the_engine_add_up_to_its_dates():
    run = small_run(25)
    one = run.projects[run.projects["operating"].notna()].iloc[0]

    text = "\n".join(
        held_up(run.projects, run.config, one["project"], one["replication"], run.delays)
    )

    elapsed = (one["operating"] - one["proposed"]) / pd.Timedelta(days=1)
    assert line(text, "together")[0] == f"{round(elapsed):,}"
