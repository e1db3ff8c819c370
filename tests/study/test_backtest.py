"""The backtest: quantities by hand, who is scored on what, and what the record file may say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.config import load
from sim.config.ours import builtin_folder
from sim.errors import DesignError
from sim.study.findings.backtest import (
    CHECKS,
    LABELS,
    RECORD,
    Check,
    Recorded,
    check,
    columns_of,
    measured,
    read_checks,
    read_record,
    score,
)
from sim.study.findings.run_results import RunTables

FOLDER = builtin_folder() / "backtest"
END = date(2026, 11, 22)
CONFIG = load(FOLDER / "fitted.yaml").config
DATES = ("recommended", "selected", "first_call_paid")
SITE = "T2-01-AL"

# replication, commitment, recommended, selected, first call paid
HISTORY = (
    (0, 33.3, "2026-01-28", "2026-02-17", "2026-05-01"),
    (0, 2.1, "2026-02-10", "2026-02-17", "2026-05-04"),
    (0, 0.6, "2026-02-17", "2026-02-17", None),
    (0, 20.0, "2026-03-19", None, None),
    (0, 20.0, "2026-03-19", None, None),  # the second site of the one before
    (0, 33.0, "2026-03-19", None, None),
    (0, 9.0, "2026-06-01", "2026-12-01", None),
    # Replication 1 sees nothing before the end but a recommendation on its day.
    (1, 5.0, "2026-11-22", "2026-11-23", "2027-03-01"),
    (2, 7.0, "2025-10-01", "2025-11-01", "2026-01-15"),
    (2, 8.0, "2025-10-01", "2026-11-22", None),
)


def made(config: Any = CONFIG, rows: tuple[Any, ...] = HISTORY, n: int = 4) -> RunTables:
    """A run of n replications: projects as given, and three payments."""
    run = RunTables(Path("none"), {"replications": n, "seed": 1})
    projects = pd.DataFrame(rows, columns=["replication", "commitment_usd_bn", *DATES])
    projects["project"] = [SITE if n == 4 else f"P{n}" for n in range(len(rows))]
    days = {name: pd.to_datetime(projects[name]) for name in DATES}
    events = pd.DataFrame({
        "replication": [0, 0, 1, 0],
        "event": ["call_paid", "call_paid", "call_paid", "call_late"],
        "date": pd.to_datetime(["2026-05-01", "2026-11-22", "2026-11-23", "2026-05-01"]),
        "amount": [2e9, 0.16e9, 1e9, 9e9],
    })  # fmt: skip
    run.__dict__.update(config=config, projects=projects.assign(**days), events=events)
    return run


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("shortlist_days", [146, 444, 27, 444]),
        ("selection_days", [166, 444, 58, 444]),
        ("round_count", [3, 0, 1, 0]),
        ("round_usd_bn", [36, 0, 7, 0]),
        ("batch_days", [196, 444, 444, 444]),
        ("batch_count", [2, 0, 0, 0]),
        ("batch_usd_bn", [73, 0, 0, 0]),
        ("payment_days", [239, 444, 133, 444]),
        ("paid_usd_bn", [2.16, 0, 0, 0]),
        ("silence_days", [278, 444, 0, 444]),
    ],
)
def test_a_quantity_as_seen_on_the_last_day(quantity: str, expected: list[float]):
    assert measured(made(), END)[quantity].tolist() == pytest.approx(expected)


def test_every_quantity_is_on_our_record_and_is_measured():
    record = read_record(FOLDER / RECORD)

    assert [one.id for one in record] == list(LABELS)
    assert measured(made(), END).keys() == LABELS.keys()
    assert max(one.known_on for one in record) == END
    sources = load(FOLDER / "fitted.yaml").source_table
    assert {one.source for one in record} <= sources.keys()


def test_the_record_itself_is_what_the_recorded_dates_of_the_portfolio_say():
    by_id = {one.id: one.value for one in read_record(FOLDER / RECORD)}
    base = load(builtin_folder() / "base.yaml").config
    projects, start = base.portfolio.projects.values(), base.programme.start
    first = [one for one in projects if one.selected_date is not None]
    batch = [one for one in projects if one.recommended_date is not None]
    whole = [one for one in batch if not one.site_of]

    assert {(one.selected_date - start).days for one in first} == {by_id["selection_days"]}
    assert {(one.first_paid_date - start).days for one in first} == {by_id["payment_days"]}
    assert {(one.recommended_date - start).days for one in batch} == {by_id["batch_days"]}
    assert (len(first), len(whole)) == (by_id["round_count"], by_id["batch_count"])
    assert sum(one.announced_usd_bn for one in first) == pytest.approx(by_id["round_usd_bn"])
    assert sum(one.announced_usd_bn for one in batch) == by_id["batch_usd_bn"]
    assert (END - first[0].selected_date).days == by_id["silence_days"]


def test_a_column_is_scored_only_on_what_it_did_not_know():
    record = read_record(FOLDER / RECORD)
    asked = {}
    for loaded in columns_of(FOLDER):
        column = score(made(loaded.config), record)
        asked[column.name] = [row["quantity"] for row in column.rows]

    assert list(asked) == ["ex_ante", "round_one", "fitted"]
    assert asked["ex_ante"] == asked["fitted"] == list(LABELS)
    later = ["batch_days", "batch_count", "batch_usd_bn", "payment_days", "paid_usd_bn"]
    assert asked["round_one"] == [*later, "silence_days"]


def test_no_column_but_the_fitted_one_knows_a_date_after_its_own():
    for loaded in columns_of(FOLDER):
        config = loaded.config
        if config.name == "fitted":
            continue
        known = [
            day
            for one in config.portfolio.projects.values()
            if one.kind == "project"
            for day in (one.recommended_date, one.selected_date, one.first_paid_date)
            if day is not None
        ]
        assert max(known, default=config.programme.as_of) <= config.programme.as_of
    ex_ante = columns_of(FOLDER)[0].config
    assert all(
        one.proposed_date <= ex_ante.programme.as_of for one in ex_ante.portfolio.projects.values()
    )


def test_a_row_holds_bands_pit_and_crps_by_hand():
    rows = tuple((r, 1.0, "2025-10-01", f"2025-10-{2 + r:02}", None) for r in range(4))
    [row] = score(made(rows=rows), [Recorded("selection_days", 29.5, END, "s")]).rows

    assert (row["quantity"], row["record"], row["known_on"]) == ("selection_days", 29.5, f"{END}")
    assert (row["low_80"], row["high_80"]) == (pytest.approx(28.3), pytest.approx(30.7))
    assert (row["low_98"], row["high_98"]) == (pytest.approx(28.03), pytest.approx(30.97))
    assert (row["within_80"], row["within_98"], row["pit"]) == (True, True, 0.5)
    # Days 28, 29, 30, 31: mean distance 1; mean over all 16 pairs 20/16, its half 5/8.
    assert row["crps"] == pytest.approx(1 - 5 / 8)
    assert (row["joint"], row["n"]) == (1.0, 4)


def test_the_share_is_of_all_quantities_together():
    generator = np.random.default_rng(2)
    days = generator.integers(10, 300, 50)
    rows = tuple(
        (r, 1.0, None, f"{date.fromordinal(CONFIG.programme.start.toordinal() + int(day))}", None)
        for r, day in enumerate(days)
    )
    run = made(rows=rows, n=50)
    typical, last = int(np.median(days)), 444

    def joint(day: int, silence: int) -> float:
        asked = [Recorded("selection_days", day, END, "s"),
                 Recorded("silence_days", silence, END, "s")]  # fmt: skip
        return score(run, asked).joint

    assert joint(typical, last - typical) > 0.9
    assert joint(20, last - 290) == 0, "each is in its band; no run has both"


def test_who_knows_everything_is_not_scored():
    base = load(builtin_folder() / "base.yaml").config

    with pytest.raises(DesignError, match=r"base: all of the record is known by 2026-11-22"):
        score(made(base), read_record(FOLDER / RECORD))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("flights,1,2026-01-01,s", r"record\.csv:2: no quantity 'flights'; accepted: id, value"),
        ("round_count,three,2026-01-01,s", r"record\.csv:2: could not convert.*'three'; accepted"),
        ("round_count,3,soon,s", r"record\.csv:2: Invalid isoformat.*accepted: id, value"),
    ],
)
def test_a_record_that_says_nothing_is_refused(tmp_path: Path, row: str, words: str):
    path = tmp_path / RECORD
    path.write_text(f"id,value,known_on,source\n{row}\n")

    with pytest.raises(DesignError, match=words):
        read_record(path)


def test_a_folder_without_a_record_is_refused(tmp_path: Path):
    with pytest.raises(DesignError, match=r"record\.csv is missing; accepted: a folder with"):
        read_record(tmp_path / RECORD)


def test_plants_that_run_in_time_are_counted_among_those_seen_for_so_long():
    """Of four batteries above 1 bn one is seen too briefly, one never runs, one is a day late."""
    run = made()
    half = pd.Timestamp(CONFIG.programme.run_out) - pd.Timedelta(days=913)  # 30 months less 0.1
    run.projects = pd.DataFrame({
        "sector": ["battery"] * 5 + ["pharma"],
        "commitment_usd_bn": [2.0, 2.0, 2.0, 2.0, 1.0, 2.0],
        "selected": pd.to_datetime(["2027-01-01"] * 3 + [half, "2027-01-01", "2027-01-01"]),
        "operating": pd.to_datetime(
            ["2029-07-02", "2029-07-03", None, half, "2028-01-01", "2028-01-01"]
        ),
    })  # fmt: skip
    row = check(run, Check("c", "C", ("battery",), 1.0, 30.0, 0.48, 380, "s"))
    assert (row["n"], row["share"]) == (3, pytest.approx(1 / 3))
    assert (row["record"], row["plants"], row["column"]) == (0.48, 380, "fitted")
    none = check(run, Check("c", "C", ("lng",), 1.0, 30.0, 0.48, 380, "s"))
    assert none["n"] == 0
    assert np.isnan(none["share"])


def test_our_checks_name_sectors_of_the_base_and_sources():
    checks, loaded = read_checks(FOLDER / CHECKS), load(FOLDER / "fitted.yaml")
    assert [one.id for one in checks] == ["clean_31", "fabs_41"]
    for one in checks:
        assert set(one.sectors) <= set(loaded.config.sectors)
        assert one.source in loaded.source_table


def test_a_check_that_says_nothing_is_refused_and_none_is_needed(tmp_path: Path):
    assert read_checks(tmp_path / CHECKS) == ()
    path = tmp_path / CHECKS
    path.write_text(
        "id,label,sectors,above_usd_bn,months,share,plants,source\na,A,b,0,soon,1,2,s\n"
    )
    with pytest.raises(
        DesignError, match=r"checks\.csv:2: could not convert.*'soon'; accepted: id"
    ):
        read_checks(path)
