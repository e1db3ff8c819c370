"""``held.csv`` by hand, on two replications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pytest

from sim.config import load
from sim.config.ours import builtin_folder
from sim.events import LEDGER_CAUSES
from sim.events.ledger_causes import BAR_WORDS
from sim.study.findings.held import held_rows

BASE = load(builtin_folder() / "base.yaml").config
HELD = [
    *((0, f"2028-{month:02}-01", "development", 12.0) for month in (1, 2, 3)),
    *((1, f"2028-{month:02}-01", "development", 36.0) for month in (1, 2, 3)),
    (0, "2028-04-01", "development", 30.0),
    (1, "2029-11-01", "permit_work", 60.0),
    (1, "2029-11-01", "nominal_building", 900.0),
]
PROJECTS = [
    (0, "2027-05-01", "lapsed", 10.0),
    (0, "2027-05-01", "lapsed", 5.0),
    (1, "2027-05-01", "building", 70.0),
    (1, "NaT", "lapsed", 700.0),
]


def tables() -> dict[str, pa.Table]:
    replication, month, cause, usd_bn = zip(*HELD, strict=True)
    codes = pa.array([LEDGER_CAUSES.index(name) for name in cause], pa.int16())
    of, recommended, status, commitment = zip(*PROJECTS, strict=True)
    return {
        "held": pa.table({
            "replication": pa.array(replication, pa.int32()),
            "month": pa.array(np.array(month, "datetime64[ms]")),
            "cause": pa.DictionaryArray.from_arrays(codes, pa.array(LEDGER_CAUSES)),
            "usd_bn": pa.array(usd_bn),
        }),
        "projects": pa.table({
            "replication": pa.array(of, pa.int32()),
            "recommended": pa.array(np.array(recommended, "datetime64[ms]")),
            "status": pa.array(status).dictionary_encode(),
            "commitment_usd_bn": pa.array(commitment),
        }),
    }  # fmt: skip


def in_pieces(size: int):
    def each(table: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        whole = tables()[table].select(list(columns))
        for first in range(0, whole.num_rows, size):
            yield whole.slice(first, size)

    return each


def test_a_row_has_the_dollar_years_and_the_quarter_in_which_most_stand():
    rows = held_rows(BASE, in_pieces(100), 2)

    never, first, second = rows
    assert (never["response"], never["mean"], never["n"]) == ("never_selected_usd_bn", 7.5, 2)
    assert (first["response"], first["what"]) == (
        "held_usd_bn_development", BAR_WORDS["development"],
    )  # fmt: skip
    assert first["usd_bn_years"] == pytest.approx((3 * 12 + 3 * 36 + 30) / 12 / 2)
    assert (first["most_in"], first["mean"]) == ("early 2028", 24.0), "of 12 and 36, not of 10"
    assert (second["response"], second["most_in"], second["mean"]) == (
        "held_usd_bn_permits", "late 2029", 10.0,
    )  # fmt: skip


@pytest.mark.parametrize("size", [1, 3])
def test_the_pieces_in_which_tables_come_change_nothing(size: int):
    assert held_rows(BASE, in_pieces(size), 2) == held_rows(BASE, in_pieces(100), 2)


def test_where_nothing_is_held_only_what_no_round_took_is_told():
    def nothing(table: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        yield tables()[table].select(list(columns)).slice(0, 0)

    (only,) = held_rows(BASE, nothing, 2)

    assert (only["response"], only["mean"]) == ("never_selected_usd_bn", 0.0)
