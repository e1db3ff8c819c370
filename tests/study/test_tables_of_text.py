"""Numbers in the tables that people open."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

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


@given(st.text(st.sampled_from("=+-@\t'a1"), max_size=4))
def test_no_text_of_a_table_is_a_formula_and_it_is_read_as_it_was_given(text: str):
    with TemporaryDirectory() as folder:
        path = Path(folder, "named.csv")
        put_csv(path, [{"name": text}])

        with path.open(encoding="utf-8", newline="") as file:
            ((written,),) = list(csv.reader(file))[1:] or [[""]]
        assert written[:1] not in tuple("=+-@\t\r")
        assert csv_rows(path)[0]["name"] == text


@given(FINITE)
def test_what_is_read_again_is_written_the_same_and_within_twelve_digits(value: float):
    once = cell(value)

    assert cell(float(once)) == once
    assert abs(float(once) - value) <= 1e-11 * abs(value)
    assert float(cell(value, exact=True)) == value
