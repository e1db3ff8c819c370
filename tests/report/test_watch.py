"""What to watch: public reaction and third countries, on and off."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from support.configs import config_from, with_values

from sim.api import Run
from sim.report.page.parts import Summary
from sim.report.page.watch import public_told, third_countries_told, watch


def run_with(**values: Any) -> Any:
    shares = {"mean": "0.25", "mean_low": "0.2", "mean_high": "0.3", "scope": "programme"}
    rows = [shares | {"response": f"{who}_turned_by_end"} for who in ("japanese", "americans")]
    config = config_from(with_values({key.replace("__", "."): one for key, one in values.items()}))
    return SimpleNamespace(config=config, summary_rows=rows)


def test_both_are_off_where_the_config_has_neither(hostile: Run):
    rows = {row[0].text: row[1:] for row in watch(hostile).shown["table"].rows}
    for name in ("Public reaction", "Third countries"):
        assert [cell.text for cell in rows[name]] == ["off here", "not in this config"]


def test_a_public_that_is_on_says_in_how_many_runs_it_turns():
    run = run_with(nature__public_reaction={"japan": {"calms_per_year": 1}})
    said = [
        words.replace("\N{NO-BREAK SPACE}", " ") for words in public_told(run, Summary(run)) or ()
    ]
    assert said == ["Turns hostile in Japan in 25 % of runs", "20 % to 30 %"]


def test_third_countries_say_what_they_take_at_most():
    people = {"electrical": {"2027-01-01": 100, "2028-01-01": 1500, "2030-01-01": 0}}
    run = run_with(capacity__claims={"korea": {"label": "Korea", "people": people}})
    told = third_countries_told(run)
    assert told is not None
    assert told[0].startswith("They take up to 0 slots and 0 MW a year, and 1,500 specialists")
