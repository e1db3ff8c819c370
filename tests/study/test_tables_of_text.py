"""Numbers in the tables that people open."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sim.study.run.files import cell, csv_rows, put_csv

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def test_a_table_for_people_has_no_dust_and_one_for_programs_every_bit(tmp_path: Path):
    rows = [{"share": 33.30000000000011, "n": 7, "none": None, "nan": float("nan"), "big": 1e300}]

    put_csv(tmp_path / "people.csv", rows)
    put_csv(tmp_path / "programs.csv", rows, exact=True)

    assert csv_rows(tmp_path / "people.csv") == [
        {"share": "33.3", "n": "7", "none": "", "nan": "", "big": "1e+300"}
    ]
    assert csv_rows(tmp_path / "programs.csv")[0]["share"] == "33.30000000000011"


@given(FINITE)
def test_what_is_read_again_is_written_the_same_and_within_twelve_digits(value: float):
    once = cell(value)

    assert cell(float(once)) == once
    assert abs(float(once) - value) <= 1e-11 * abs(value)
    assert float(cell(value, exact=True)) == value
