"""Who waited to the end for what: by hand, over two parts of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from cases import MINIMAL

from sim.config import load
from sim.study.findings.open_waits import endless, wait_rows

DAY = 1440
BEGAN, ENDED = "wait_began", "wait_ended"


class Two:
    """Two parts, with the columns of events that are asked for."""

    replications = 3

    def __init__(self, *parts: Sequence[tuple[Any, ...]]) -> None:
        self.parts = parts

    def each(self, table: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        assert table == "events"
        for rows in self.parts:
            made = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
            coded = {name: pa.array(values).dictionary_encode() if name in columns[2:6] else values
                     for name, values in made.items()}  # fmt: skip
            yield pa.table(coded)


def event(replication: int, day: int, project: str, kind: str, cause: str, *more: Any) -> tuple:
    resource, part = more or (None, 0)
    return (replication, day * DAY, project, kind, resource, cause, part)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    one = [
        event(0, 10, "A", BEGAN, "crews_waited"),
        event(0, 20, "A", ENDED, "crews_waited"),
        event(0, 30, "A", BEGAN, "crews_waited"),
        event(0, 40, "B", BEGAN, "power", "power_texas", 0),
        event(0, 50, "B", BEGAN, "power", "power_texas", 1),
        event(0, 60, "B", "paused", "power", "power_texas", 1),
        event(1, 10, "A", BEGAN, "crews_waited"),
        event(1, 11, "A", ENDED, "crews_waited"),
    ]
    two = [event(2, 80, "B", BEGAN, "power", "power_texas", 0)]
    return wait_rows(load(MINIMAL).config, Two(one, two))  # type: ignore[arg-type]


def test_waits_open_at_the_end_are_counted_from_the_first_part_on(rows):
    programme = load(MINIMAL).config.programme
    length = (programme.run_out - programme.start).days + 1
    by = {(row["project"], row["cause"]): row for row in rows}

    assert list(by) == [("B", "power"), ("A", "crews_waited")]
    power = by["B", "power"]
    assert (power["resource"], power["to_the_end"], power["came_and_ended"]) == (
        "power_texas", 2, 0,
    )  # fmt: skip
    assert power["since_p50"] == str(programme.start + timedelta(days=60))
    assert power["days_p50"] == length - 60


def test_a_wait_that_ended_elsewhere_is_told_apart(rows):
    crews = rows[1]

    assert (crews["resource"], crews["to_the_end"], crews["came_and_ended"]) == ("", 1, 1)


def test_what_always_lasts_to_the_end_and_for_long_may_never_come(rows):
    power, crews = ({name: str(cell) for name, cell in row.items()} for row in rows)

    assert endless(power)
    assert not endless(crews)
    assert not endless({**power, "days_p50": "100"})
    assert not endless({**power, "came_and_ended": "1"})
