"""What a run says of waits that last to its end."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.cli.run import warn_of_waits
from sim.cli.show import print_waits, waits_for
from sim.config import load

CONFIG = load(Path(__file__).parents[1] / "config" / "minimal.yaml").config


def row(project: str, cause: str, resource: str = "", ended: int = 0) -> dict[str, str]:
    what = {"project": project, "cause": cause, "resource": resource}
    told = {"to_the_end": "6", "came_and_ended": str(ended)}
    return {**what, **told, "since_p50": "2028-03-19", "days_p50": "2844.0"}


def run_with(*rows: dict[str, str]) -> SimpleNamespace:
    return SimpleNamespace(config=CONFIG, open_waits=list(rows), folder="outputs/tight")


@pytest.mark.parametrize(
    ("cause", "resource", "words"),
    [
        ("funding_money", "jbic_cash", "JBIC's yearly cash"),
        ("crews_waited", "", "a crew"),
        ("grid_connection", "", "the grid connection"),
    ],
)
def test_what_a_row_waits_for_is_said_in_words(cause: str, resource: str, words: str):
    assert waits_for(row("A-01", cause, resource), CONFIG) == words


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ([], "sim show outputs/tight lists it."),
        (["C-03"], "So it is with 1 other: sim show outputs/tight lists them."),
    ],
)
def test_a_run_names_what_came_in_no_replication(
    others: list[str], told: str, capsys: pytest.CaptureFixture[str]
):
    endless = [row(project, "crews_waited") for project in ("B-02", *others)]
    warn_of_waits(run_with(row("A-01", "crews_waited", ended=1), *endless))  # type: ignore[arg-type]

    assert " ".join(capsys.readouterr().out.split()) == (
        "Take care: B-02 waits for a crew from 2028-03-19 to the end in 6 replications, and gets "
        f"it in none. {told}"
    )


def test_a_run_in_which_every_wait_ended_somewhere_says_nothing(
    capsys: pytest.CaptureFixture[str],
):
    warn_of_waits(run_with(row("A-01", "crews_waited", ended=1)))  # type: ignore[arg-type]

    assert capsys.readouterr().out == ""


def test_the_waits_are_a_table(capsys: pytest.CaptureFixture[str]):
    print_waits(run_with(row("A-01", "funding_money", "jbic_cash", ended=2)))  # type: ignore[arg-type]

    shown = capsys.readouterr().out
    assert "Waits that last to 31 December 2035" in shown
    assert shown.splitlines()[-1].split() == ["A-01", "JBIC's", "yearly", "cash", "2028-03-19",
                                              "6", "2"]  # fmt: skip
