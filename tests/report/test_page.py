"""The page to forward: one file, words that stay words, titles that state findings by rule."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from support.hostile import IMAGE, SCRIPT, hostile_run

from sim.api import Run
from sim.report.page import (
    PAGE,
    charts,
    page_of,
    parties,
    projects,
    titles,
    words,
    write_page,
)
from sim.report.page.page import soft
from sim.report.page.parts import Summary
from sim.report.page.words import capital
from sim.stats.intervals import Interval, wilson
from sim.study.findings.answer import figure
from sim.study.findings.evidence import ASSUMED, PUBLISHED, Rests, graded
from sim.study.findings.money_tools import Answer
from sim.study.findings.over_time import Bands, Held
from sim.study.run.files import put_csv

FOLDER = Path(charts.__file__).parent
NAMES = {"crews": "crews", "permits": "permits"}


@pytest.fixture(scope="module")
def html(hostile: Run) -> str:
    return page_of(hostile)


class Tags(HTMLParser):
    """Every tag that a browser sees, with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.found if name in attributes]


def test_the_page_fetches_nothing_and_leads_only_to_itself(html: str):
    tags = Tags(html)

    seen = {tag for tag, _ in tags.found}
    assert "path" in seen
    assert not seen & {"link", "img", "iframe", "object", "embed", "base", "form", "use", "image"}
    assert tags.values("src") == []
    sections = {f"#{one['id']}" for tag, one in tags.found if tag == "section"}
    assert set(tags.values("href")) == sections
    assert not re.search(r"@import|url\(", html)


def test_its_policy_lets_in_its_own_style_and_script_and_nothing_else(html: str):
    policy = unescape(re.search(r'Security-Policy" content="([^"]*)"', html)[1])
    (script,), (style,) = (re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
                           for tag in ("script", "style"))  # fmt: skip

    def hashed(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert policy.split("; ")[:3] == [
        "default-src 'none'",
        f"style-src 'sha256-{hashed(style)}'",
        f"script-src 'sha256-{hashed(script)}'",
    ]
    names = {name for _, attributes in Tags(html).found for name in attributes}
    assert not [name for name in names if name == "style" or name.startswith("on")]
    assert len(script.encode()) <= 4_000
    assert len(html.encode()) <= 400_000


def test_words_of_the_config_stay_words(html: str):
    assert SCRIPT not in html
    assert IMAGE not in html
    assert html.count("<script") == 1
    assert unescape(html).count(SCRIPT) >= 2  # title and source
    assert IMAGE in unescape(html)


def test_the_same_run_gives_the_same_page(hostile: Run, html: str):
    path = write_page(hostile)

    assert path == hostile.folder / PAGE
    assert path.read_text(encoding="utf-8") == html == page_of(hostile)


def test_what_has_no_data_is_withheld_with_the_command_that_makes_it(html: str, hostile: Run):
    text = unescape(html)

    assert f"sim readings {hostile.folder}" in text
    assert "The config has no finance section" in text


def study(run: Run, table: str, rows: list[dict[str, object]]) -> None:
    """Leave a finished study of the run's config beside it."""
    folder = run.folder.parent / "study"
    folder.mkdir()
    said = dict(run.manifest) | {"base_hash": run.manifest["config_hash"]}
    (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    put_csv(folder / table, rows)


@pytest.mark.parametrize(
    ("runs", "title"),
    [
        ((60.0, 150.0), "One choice moves the answer more than luck"),
        ((45.0, 150.0), "What moves the mean most"),  # by 50, of a range of 105
        ((None, None), "What moves the mean most"),
    ],
)
def test_a_study_of_readings_beside_the_run_is_told(tmp_path: Path, runs, title: str):
    run = hostile_run(tmp_path, 2)
    level = {"decided": True, "n": 20, "still_needed": 0}
    main, most = "committed_usd_bn_by_deadline", "committed_at_least_0.9_of_envelope_by_deadline"
    moved = {"difference_low": 40.0, "difference_high": 60.0}
    study(run, "readings.csv", [
        {"response": response, "reading": reading, "mean": mean, "low": 0.9 * mean,
         "high": 1.1 * mean, **level, "difference": difference,
         "runs_p05": runs[0], "runs_p95": runs[1],
         "difference_low": None, "difference_high": None, **(moved if difference else {}),
         "title": title, "dearer_share": 0.05 if difference else 0.0}
        for response, reading, mean, difference, title in (
            (main, "base", 100.0, None, "base"), (main, "wide", 150.0, 50.0, SCRIPT),
            (most, "base", 0.1, None, "base"), (most, "wide", 0.6, 0.5, SCRIPT))
    ])  # fmt: skip

    text = page_of(run)

    assert SCRIPT not in text
    assert f"{title}: {SCRIPT}" in unescape(text)
    assert "+50 <small>+40 to +60</small>" in text
    assert f"counts for 5.0 % more in “{SCRIPT}” than in base" in unescape(text)
    assert "more likely than not only under:" in text
    assert "60 % (54 % to 66 %) of runs" in text.replace("\xa0", " ")


def test_a_study_of_bottlenecks_beside_the_run_is_told(tmp_path: Path):
    run = hostile_run(tmp_path, 2)
    said = {"response": "completed_usd_bn", "by": "2032-12-31", "unit": "USD bn", "n": 40}
    study(run, "bottlenecks.csv", [
        {**said, "what": what, "label": label, "capacity": capacity,
         "difference": value, "difference_low": value - low,
         "difference_high": value + low, "decided": decided, "still_needed": needed,
         "no_limit_in_any_world": inert, "why_nothing": "it is never reached" if inert else ""}
        for what, capacity, label, value, low, decided, needed, inert in (
            ("without limit", "crews", "crews", 9.0, 1.0, True, None, False),
            ("without limit", "teams", "teams", 7.0, 9.0, False, 90.0, False),
            ("step", "teams", "one team", 6.0, 8.0, False, 1200.0, False),
            ("step", "crews", SCRIPT, 5.0, 1.0, True, None, False),
            ("together", "crews + teams", "both", 12.0, 1.0, True, None, False),
            ("without limit", "desks", "desks", 0.0, 0.0, False, None, True),
            ("step", "desks", "permits", 0.0, 0.0, False, None, False))
    ])  # fmt: skip

    text = unescape(page_of(run))

    assert f"What holds back most: crews, +9.0 bn without limit; best step: {SCRIPT}, +5.0" in text
    assert ">Completed by 31 December 2032, USD bn: what is added on the same luck" in text
    assert "+9.0 <small>+8.0 to +10</small>" in text
    assert ">1,200 more<" in text
    order = [
        text.index(f">{label}")
        for label in ("crews", f"– {SCRIPT}", "teams", "– one team", "+ both")
    ]
    assert order == sorted(order)
    assert "<li>desks: it is never reached</li>" in text
    assert "<li>permits</li>" in text


def test_the_title_of_worth_names_the_limit_before_the_step():
    limit = ("The President's rounds", 135.2, "rounds")
    step = ("one project more in a round", 4.76, "rounds")

    both = titles.of_worth(limit, step)

    assert both == (
        "What holds back most: the President's rounds, +135 bn without limit; "
        "best step: one project more in a round, +4.8"
    )
    assert titles.of_worth(limit, None) == both.split(";")[0]
    assert titles.of_worth(None, step, "projects") == (
        "Worth most to mend: one project more in a round, +4.8 projects"
    )
    assert titles.of_worth(None, None) == "What it is worth to mend"
    elsewhere = titles.of_worth(limit, ("a month of contracts", 1.3, "development"))
    assert elsewhere.endswith("best step, against another limit: a month of contracts, +1.3")


@pytest.mark.parametrize(
    ("limits", "sign"), [((0.0, 0.0), "nothing"), ((-1.0, 1.0), "undecided"), ((0.0, 2.0), "clear")]
)
def test_a_reading_that_changes_nothing_in_any_world_is_not_undecided(tmp_path, limits, sign):
    run = hostile_run(tmp_path, 2)
    level = {"response": "committed_usd_bn_by_deadline", "mean": 9.0, "low": 8.0, "high": 10.0,
             "n": 20, "still_needed": 0}  # fmt: skip
    low, high = limits
    study(run, "readings.csv", [
        {**level, "reading": "base", "difference": None, "difference_low": None,
         "difference_high": None, "decided": True},
        {**level, "reading": "wide", "difference": (low + high) / 2, "difference_low": low,
         "difference_high": high, "decided": sign == "clear"},
    ])  # fmt: skip

    assert re.search(r"wide</th>\s*(<td.*?</td>)\s*<td[^>]*>(\w+)", page_of(run))[2] == sign


def summary(name: str, n: int, **values: float) -> Summary:
    row = {"response": name, "scope": "programme", "n": f"{n}"}
    columns = ("mean", "mean_low", "mean_high", "p50", "p50_low", "p50_high")
    row |= dict.fromkeys(columns, "") | {column: f"{one}" for column, one in values.items()}
    return Summary(SimpleNamespace(summary_rows=[row]))


def test_a_return_that_few_runs_have_is_a_dash_with_its_reason():
    rate = {"mean": 9.0, "p50": 0.139, "p50_low": 0.1, "p50_high": 0.2}

    few, most = (
        parties.where_known(summary("irr_nexi", n, **rate), "irr_nexi", "a rate", 100)
        for n in (2, 50)
    )

    assert (few.text, few.small.replace("\xa0", " ")) == ("–", "a rate exists in 2 % of runs")
    assert most.text.replace("\xa0", " ") == "13.9 %"
    assert most.small.replace("\xa0", " ") == "10.0 % to 20.0 %, in 50 % of runs"


def test_the_page_walks_between_the_bases_on_which_japan_gets_its_money_back(monkeypatch):
    def answer(question: str, what: str, *value: float) -> Answer:
        return Answer(question, what, "programme", "per_period", "any", *value)

    walk = [answer("bases", "as paid", 12, 9.4, 14.2), answer("bases", "unfinished", -38, -42, -35),
            answer("bases", "all", -26, -30, -22), answer("not_short", "as paid", 0.76, 0.7, 0.81),
            answer("not_short", "all", 0.28, 0.23, 0.35)]  # fmt: skip
    monkeypatch.setattr(parties, "bases", lambda run: iter(walk))

    rows = [tuple(cell.text.replace("\xa0", " ") for cell in row) for row in parties._bases(None)]

    assert rows == [("as paid", "12", "76 %"), ("+ unfinished", "−38", ""), ("all", "−26", "28 %")]


def test_a_multiple_and_a_payback_are_medians_with_their_interval():
    several = {"mean": 9.0, "p50": 1.5, "p50_low": 1.25, "p50_high": 1.75}
    years = {"p50": 25.0, "p50_low": 24.0, "p50_high": 27.0}

    multiple = parties.where_known(summary("multiple_us", 9, **several), "multiple_us", "", 9)
    payback = parties.where_known(
        summary("payback_years_us", 9, **years), "payback_years_us", "", 9
    )

    assert (multiple.text, multiple.small) == ("1.50", "1.25 to 1.75")
    assert (payback.text, payback.small) == ("25", "24 to 27")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(-0.02, 0.05, "0 % to 5 %"), (0.98, 1.03, "98 % to 100 %"), (np.nan, np.nan, "")],
)
def test_the_limits_of_a_share_are_shares(low, high, said):
    cells = parties.asked("flipped_share", Interval(0.5, low, high), {})

    assert cells[2].text.replace("\xa0", " ") == said


def test_a_project_seldom_proposed_counts_by_all_runs():
    row = {"p_proposed": "0.4", "p_operating_by_2035": "0.9"}

    found = projects.chance(row, "p_operating_by_2035", 100)

    assert found == wilson(36, 100)
    assert titles.of_projects([found], date(2035, 12, 31)).startswith("0 of 1")


def test_a_share_that_rounds_to_nothing_is_not_said_to_be_nothing():
    said = [words.percent(one).replace("\xa0", " ") for one in (1e-9, 0.005, 0.0, -0.0, -0.004)]

    assert said == ["<1 %", "<1 %", "0 %", "0 %", "0 %"]
    assert words.percent(-0.0001, 1).replace("\xa0", " ") == "0.0 %"
    assert words.percent(-0.02, 1).replace("\xa0", " ") == "−2.0 %"


def test_a_run_of_too_few_replications_says_how_many_more(tmp_path: Path):
    run = hostile_run(tmp_path, 2)
    text = unescape(page_of(run))

    undecided = [one.undecided for one in run.answer.sentences if not one.decided]
    assert undecided
    assert all(
        words.startswith("not settled before ") and capital(words) in text for words in undecided
    )
    assert "fewer than 20 runs make no band" in text
    assert ">Money over time</h2>" in text  # no finding in the title


def bands_of(committed: list[float], paid: list[float], completed: list[float]) -> Bands:
    ends = [date(2029, 12, 31), date(2030, 12, 31), date(2031, 12, 31)]
    given = {"committed": committed, "paid": paid, "completed": completed}
    return Bands(ends, {name: {"median": np.array(one)} for name, one in given.items()})


def test_the_title_of_money_says_by_when_half_is_reached():
    money = bands_of([60.0, 100.0, 100.0], [0.0, 49.0, 50.0], [0.0, 0.0, 49.0])

    said = titles.of_money(money, 20)

    assert said == (
        "Of $100 bn that stand committed in 2031, half is committed by 2029, paid by 2031 and "
        "not running by 2031"
    )
    assert titles.of_money(money, 19) == "Money over time"


def held_of(crews: list[float], permits: list[float]) -> Held:
    by_quarter = {"crews": np.array([1.0, 8.0]), "permits": np.array([4.0, 3.0])}
    years = {"crews": np.array(crews), "permits": np.array(permits)}
    return Held(["2028 Q4", "2029 Q1"], by_quarter, years)


def test_the_title_of_what_holds_names_one_cause_only_where_the_runs_decide():
    decided, undecided = held_of([9.0, 9.5, 10.0], [2.0, 3.0, 2.5]), held_of([9.0, 1.0], [2.0, 7.0])

    first = titles.of_held(decided, ["permits", "crews"], NAMES)
    both = titles.of_held(undecided, ["permits", "crews"], NAMES)

    assert first == "Once selected, most stands at crews: $8.0 bn in 2029 Q1"
    assert both == "Once selected, most stands at crews or permits; which of the two is undecided"
    assert titles.of_held(held_of([9.0], [2.0]), ["crews"], NAMES) == "What holds it up"


def test_the_title_of_chances_leaves_out_what_is_undecided():
    found = [(100, Interval(0.7, 0.6, 0.8)), (200, Interval(0.5, 0.4, 0.6)),
             (300, Interval(0.1, 0.0, 0.2))]  # fmt: skip

    said = titles.of_chances(found, "19 January 2029")

    assert said == "Committed by 19 January 2029: $100 bn more likely than not, $300 bn not"
    assert titles.of_chances(found[1:2], "then") == "Completion statistics"


def test_the_title_of_returns_takes_sides_only_where_both_signs_are_known():
    loss, gain, either = Interval(-23, -25, -21), Interval(32, 30, 35), Interval(1, -1, 3)

    said = titles.of_returns(loss, gain)

    assert said == "The United States gain $32 bn of present value, Japan’s side loses 23"
    assert titles.of_returns(either, gain) == titles.of_returns(None, gain) == "Returns by party"


def test_the_title_of_causes_needs_intervals_apart():
    causes = [("permits", Interval(90, 80, 100)), ("crews", Interval(130, 120, 140))]

    assert titles.of_causes(causes).startswith("Crews adds most days to a project: 130")
    touching = [causes[0], ("crews", Interval(130, 99, 160))]
    assert titles.of_causes(touching) == "Why projects take longer than their building"


def test_the_title_of_projects_counts_the_undecided_apart():
    chances = [(0.9, 0.8, 1.0), (0.5, 0.4, 0.6), (0.1, 0.0, 0.2)]

    said = titles.of_projects(chances, date(2035, 12, 31))

    assert said == "1 of 3 named projects run by 2035, more likely than not (1 undecided)"


def test_a_panel_stands_on_its_scale():
    ends = [date(2028, 12, 31), date(2029, 1, 31), date(2029, 2, 28)]
    series = {"p05": np.zeros(3), "median": np.array([0.0, 50.0, 100.0]), "p95": np.full(3, 100.0)}

    found = charts.panel(ends, series, 100.0, date(2029, 1, 19))

    assert found.line == "M0,150.0 500,75.0 1000,0.0"
    assert found.band == "M0,0.0 500,0.0 1000,0.0 1000,150.0 500,150.0 0,150.0z"
    assert found.mark == (50.0, 75.0, "50")
    assert found.last == (0.0, "100")
    assert found.rules[-1] == (0.0, "100")


COLOURS = ("#ffffff", "#777777", "#000000")


def test_neighbouring_quarters_of_one_colour_are_one_cell():
    amounts = np.array([0.0, 3.0, 3.9, 8.0])

    (found,) = charts.strips({"a": ("A", amounts)}, ["1", "2", "3", "4"], COLOURS, [2.0, 4.0, 8.0])

    assert found.cells == [(25.0, 50.0, "#ffffff"), (75.0, 25.0, "#000000")]
    assert (found.peak, found.when) == ("8.0", "4")
    assert (found.peak_at, found.ink) == (87.5, "#ffffff")  # in the middle of its cell


def test_a_bar_is_as_long_as_its_days_and_its_numbers_can_be_read():
    long, short = charts.bar([60.0, 1.0, 0.0], ["#ffffff", "#0072b2", "#000000"], 100.0)

    assert (long.at, long.wide, long.ink, long.text) == (0.0, 60.0, "#000000", "60")
    assert (short.at, short.wide, short.ink, short.text) == (60.0, 1.0, "#ffffff", "")


def test_every_number_in_a_bar_has_the_contrast_that_small_text_needs():
    from sim.report.page.parties import COLOURS

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour in COLOURS.values():
        dark, bright = sorted((light(colour), light(charts.ink_on(colour))))
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, colour


def test_an_interval_in_brackets_stands_back_and_other_brackets_do_not():
    told = soft("Paid: 16 bn (15 to 17), of all (so far) <b>; in 2 % (<1 to 9 %).")

    assert str(told) == (
        "Paid: 16 bn <small>(15 to 17)</small>, of all (so far) &lt;b&gt;; "
        "in 2 % <small>(&lt;1 to 9 %)</small>."
    )


@pytest.mark.parametrize(
    ("low", "value", "high", "words"),
    [
        (131, 139, 146, "About a quarter of it"),
        (5, 10, 15, "Hardly any of it"),
        (540, 545, 550, "All but all of it"),
        (120, 145, 300, ""),
        (np.nan, 139, np.nan, ""),
    ],
)
def test_a_part_in_round_words_is_said_only_where_the_interval_has_one(low, value, high, words):
    assert titles.about(figure("any", "USD bn", 200, value, low, high), 550) == words


def test_grades_of_sources_are_counted_by_the_numbers_that_rest_on_them():
    rows = [
        Rests(f"{n}", kind, n, "", grade=grade)
        for n, kind, grade in (
            (3, PUBLISHED, "high"), (4, PUBLISHED, ""), (1000, PUBLISHED, "high"), (5, ASSUMED, "")
        )
    ]  # fmt: skip

    assert graded(rows, PUBLISHED) == "1,003 high, 4 not graded"
    assert graded(rows, ASSUMED) == ""
