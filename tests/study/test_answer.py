"""The answer in five sentences, on runs of which every number is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.config import load
from sim.config.ours import builtin_folder
from sim.events import LEDGER_CAUSES
from sim.stats.summary import summarise_mean, summarise_probability
from sim.study.findings.answer import Answer, more_needed
from sim.study.findings.labels import PROGRAMME, threshold_name
from sim.study.findings.run_results import RunTables

BASE = load(builtin_folder() / "base.yaml").config
RUN = Path("outputs/base")
QUESTIONS = ("selected", "built", "held_up", "returns", "readings")
_AMOUNTS = {
    "committed_usd_bn_by_deadline": 140.0,
    "paid_usd_bn_by_deadline": 16.0,
    "completed_usd_bn_by_2029_end": 0.5,
    "completed_usd_bn_by_end": 80.0,
    "npv_usd_bn_us": 35.0,
    "npv_usd_bn_japan": -24.0,
}


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def made(
    folder: Path,
    spread: float,
    n: int = 40,
    held: Sequence[tuple[int, str, str, float]] = (),
    without: Sequence[str] = (),
    left: float = 0.0,
) -> RunTables:
    """A run of which every amount lies half the time ``spread`` of itself above, half below."""
    sides = np.where(np.arange(n) % 2 == 0, 1 + spread, 1 - spread)
    rows = [
        summarise_mean(name, "USD bn", PROGRAMME, value * sides)
        for name, value in _AMOUNTS.items()
        if name not in without
    ]
    rare = np.arange(n) < 1
    rows += [
        summarise_probability(name, "probability", PROGRAMME, rare)
        for name in ("tariff_raised_by_end", threshold_name("committed", 0.5))
    ]
    stood = held or [(r, "2029-05-01", "permit_work", 30.0 * sides[r]) for r in range(n)]
    replication, month, cause, usd_bn = zip(*stood, strict=True)
    codes = pa.array([LEDGER_CAUSES.index(name) for name in cause], pa.int16())
    columns = {
        "replication": pa.array(replication, pa.int32()),
        "month": pa.array(np.array(month, "datetime64[ms]")),
        "cause": pa.DictionaryArray.from_arrays(codes, pa.array(LEDGER_CAUSES)),
        "usd_bn": pa.array(usd_bn, pa.float64()),
    }
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), folder / "held.parquet")
    waiting = {  # a row each, of which every second lapsed before it was recommended
        "replication": pa.array(np.arange(2 * n) // 2, pa.int32()),
        "recommended": pa.array(np.array(["NaT", "2027-05-01"] * n, "M8[ms]")),
        "status": pa.array(["lapsed"] * (2 * n)).dictionary_encode(),
        "commitment_usd_bn": pa.array(left * np.repeat(sides, 2)),
    }
    pq.write_table(pa.table(waiting), folder / "projects.parquet")
    said = {"replications": n, "seed": 1, "config_hash": "of this", "code_version": "now",
            "files": {}}  # fmt: skip
    run = RunTables(folder, said)
    text = [{name: "" if value != value else str(value) for name, value in row.items()}
            for row in rows]  # fmt: skip
    run.__dict__.update(config=BASE, summary_rows=text)
    return run


def told(answer: Answer) -> dict[str, Any]:
    return {one.question: one for one in answer.sentences}


def test_five_sentences_each_with_its_interval_fit_a_terminal():
    answer = made(RUN, spread=0.1, left=500).answer

    assert tuple(one.question for one in answer.sentences) == QUESTIONS
    lines = [len(wrap(one.text, 80)) for one in answer.sentences]
    assert sum(lines) <= 12
    assert told(answer)["held_up"].finding.startswith(
        "Held up: by then USD 500 bn of proposals (484 to 516) wait for the President, more than "
        "the 410 left of the envelope; of what is selected, most stands at "
    )
    assert told(answer)["selected"].text == (
        "Selected: USD 140 bn of 550 by 19 January 2029 (135 to 145), nine runs in ten "
        "126 to 154; half of it in 2 % of runs (<1 to 13 %)."
    )
    assert told(answer)["built"].text == (
        "Paid by then: USD 16 bn (15 to 17); running: 0.5 bn by end 2029 (0.5 to 0.5), "
        "80 bn by end 2035 (77 to 83)."
    )
    assert told(answer)["returns"].text == (
        "Present value: USD 35 bn for the US (34 to 36), -24 for Japan's side (-25 to -23); "
        "duty raised in 2 % of runs (<1 to 13 %)."
    )
    assert all(one.decided for one in answer.sentences)


def test_what_is_not_known_to_a_tenth_says_how_many_more_replications_it_takes():
    found = told(made(RUN, spread=0.5).answer)

    committed = found["selected"].figures[0]
    half = (committed.high - committed.low) / 2
    more = committed.more_replications_needed
    assert not committed.decided
    assert half * np.sqrt(40 / (40 + more)) <= 14 < half * np.sqrt(40 / (39 + more))
    assert found["selected"].text.endswith(f"; not settled before about {more} more runs.")
    assert sum(len(wrap(one.text, 80)) for one in found.values()) <= 12
    assert found["built"].figures[1].decided  # half a billion, known to a billion
    assert found["selected"].figures[1].decided  # a probability, known to ten points


def test_one_replication_decides_nothing_and_can_give_no_number():
    found = told(made(RUN, spread=0.0, n=1).answer)

    assert found["selected"].more_replications_needed is None
    assert "(one run only)" in found["selected"].text
    assert found["selected"].text.endswith("; not settled before many more runs.")


@pytest.mark.parametrize(
    ("n", "low", "high", "wanted", "more"),
    [(20, 80, 120, 10, 60), (20, 80, 120, 20, 0), (20, 100, 100, 0, None), (20, 0, 1, 1e-9, None)],
)
def test_the_width_of_an_interval_falls_as_one_over_root_n(n, low, high, wanted, more):
    assert more_needed(n, low, high, wanted) == more


def test_the_cause_of_most_dollar_years_is_told_in_its_worst_quarter():
    run = made(RUN, 0.0, n=2, held=[
        *((r, f"2028-{m:02}-01", "development", 12.0) for r in range(2) for m in range(1, 13)),
        *((r, "2029-02-01", "development", 90.0) for r in range(2)),
        (0, "2029-02-01", "permit_work", 300.0),
        *((r, f"2030-{m:02}-01", "nominal_building", 500.0) for r in range(2) for m in (1, 2)),
    ])  # fmt: skip

    held = told(run.answer)["held_up"]

    assert held.finding == (
        "Held up: of what is selected, most stands at development, USD 30 bn in "
        "early 2029 (30 to 30)"
    )
    assert (held.figures[1].response, held.figures[1].n) == ("held_usd_bn_development", 2)


def test_a_study_that_is_missing_is_named_by_the_command_that_makes_it():
    found = told(made(RUN, 0.1).answer)

    assert found["held_up"].withheld == f"worth of a step: sim bottlenecks {RUN}"
    assert f"sim readings {RUN}" in found["readings"].withheld


def study(
    folder: Path,
    change: float,
    best: str = "True,",
    capacity: str = "",
    worth: str = "2.25,1.5,3.04",
    **said: str,
) -> None:
    folder.mkdir()
    manifest = {
        "made_by": "us-japan-investment-sim", "format": 1, "kind": "sweep", "name": folder.name,
        "plan_hash": "any", "base_hash": "of this", "code_version": "now", "seed": 1,
        "replications": 40, "points": 2, "outcomes": 80, "failures": 0, "title": "", "design": "",
        "settings": {}, "factors": {}, "files": {}, **said,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "bottlenecks.csv").write_text(
        "what,capacity,label,response,by,unit,n,difference,difference_low,difference_high,decided,"
        "still_needed\n"
        "without limit,permits,Permits,completed_usd_bn,2032-12-31,USD bn,40,90,80,99,True,\n"
        f"step,{capacity},One permit desk,completed_usd_bn,2032-12-31,USD bn,40,{worth},"
        f"{best}\n"
        "step,teams,A team,completed_usd_bn,2032-12-31,USD bn,40,-0.1,-1,1.2,False,300.0\n",
        encoding="utf-8",
    )
    (folder / "readings.csv").write_text(
        "response,reading,title,n,difference,difference_low,difference_high,decided,still_needed\n"
        "committed_usd_bn_by_deadline,base,base,40,,,,False,\n"
        f"committed_usd_bn_by_deadline,all,A round takes all,40,{change},250,340,True,\n"
        "committed_usd_bn_by_deadline,all + late,Both,40,400,350,440,True,\n"
        "committed_usd_bn_by_deadline,late,Late,40,-9,-20,2,False,70\n",
        encoding="utf-8",
    )


def test_the_widest_reading_of_the_latest_study_of_the_same_config_is_told():
    run = made(RUN, 0.1)
    study(RUN.parent / "base_readings", 296)
    study(RUN.parent / "of_another_config", 500, base_hash="of that")
    study(RUN.parent / "of_another_program", 500, code_version="before")

    found = told(run.answer)["readings"]

    assert found.text == (
        "Most depends on a contested choice: A round takes all, +296 bn (+250 to +340) selected."
    )
    assert (found.withheld, found.decided) == ("", True)


def test_a_widest_reading_of_which_the_sign_is_open_says_so():
    run = made(RUN, 0.1)
    study(RUN.parent / "base_readings", 3)

    assert told(run.answer)["readings"].text.endswith("; not settled before about 70 more runs.")


@pytest.mark.parametrize(("spread", "n"), [(0.1, 40), (0.5, 40), (0.0, 1)])
@pytest.mark.parametrize("studied", [True, False])
def test_the_answer_is_five_sentences_whatever_is_open(spread: float, n: int, studied: bool):
    run = made(RUN, spread, n=n, left=500)
    if studied:
        study(RUN.parent / "base_studies", 3, capacity="rounds", best="False,55.0")

    for one in run.answer.sentences:
        stops = [at for at, _ in enumerate(one.text) if one.text[at : at + 2] in (". ", ".")]
        assert stops == ([] if one.withheld else [len(one.text) - 1])
        assert one.text[0].isupper()


@pytest.mark.parametrize(("left", "told_so"), [(500, True), (420, False), (100, False)])
def test_more_waits_than_the_envelope_has_left_only_where_that_is_decided(left, told_so):
    waiting = told(made(RUN, 0.1, left=left).answer)["held_up"].finding

    assert (", more than the 410 left of the envelope" in waiting) == told_so


def test_a_run_without_finance_says_that_returns_are_off():
    run = made(RUN, 0.1, without=("npv_usd_bn_us", "npv_usd_bn_japan"))

    assert told(run.answer)["returns"].text.startswith("Returns: off here, ")


def test_the_step_worth_most_is_told_with_its_interval_and_what_is_without_limit_is_no_step():
    run = made(RUN, 0.1)
    study(RUN.parent / "base_bottlenecks", 296)

    held = told(run.answer)["held_up"]

    assert held.text == (
        "Held up: of what is selected, most stands at permits, USD 10 bn in spring 2029 "
        "(10 to 10); best step: One permit desk, +2.2 bn (+1.5 to +3.0) by end 2032."
    )
    assert held.figures[2].response == "completed_usd_bn less base: One permit desk"


@pytest.mark.parametrize(
    ("capacity", "words"),
    [
        ("permits", "; best step, on just that: One permit desk"),
        ("rounds", "; best step, on the President's rounds: One permit desk"),
        ("specialists", "; best step, elsewhere: One permit desk"),
    ],
)
def test_the_best_step_says_whether_it_acts_on_what_holds_most(capacity: str, words: str):
    run = made(RUN, 0.1)
    study(RUN.parent / "base_bottlenecks", 296, capacity=capacity)

    assert words in told(run.answer)["held_up"].text


def test_where_no_step_adds_anything_none_is_called_the_best():
    run = made(RUN, 0.1)
    study(RUN.parent / "base_bottlenecks", 296, capacity="permits", worth="0,0,0")

    assert told(run.answer)["held_up"].finding.endswith("(10 to 10); no step tried adds anything")


def test_the_five_sentences_with_both_studies_take_twelve_lines_of_eighty_at_most():
    run = made(RUN, spread=0.1, left=500)
    study(RUN.parent / "base_studies", 296, capacity="rounds")

    assert sum(len(wrap(one.text, 80)) for one in run.answer.sentences) <= 12


def test_a_step_of_which_the_sign_is_open_says_so():
    run = made(RUN, 0.1)
    study(RUN.parent / "base_bottlenecks", 296, best="False,55.0")

    assert "; not settled before about 55 more runs." in told(run.answer)["held_up"].text
