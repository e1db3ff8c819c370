"""What each capacity is worth: differences on the same worlds; words derived by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from support.configs import MINIMAL

import sim
from sim.errors import DesignError
from sim.events import LEDGER_CAUSES
from sim.report.figures.bottleneck_pairs import pairs_figure
from sim.results import tabulate
from sim.stats.intervals import Interval
from sim.study.findings import bottleneck_reasons
from sim.study.findings.bottleneck_reasons import short_pools, why_nothing
from sim.study.findings.bottleneck_words import (
    amount,
    headline,
    in_pairs,
    joined,
    needed,
    sentences,
    why_they_differ,
)
from sim.study.findings.bottlenecks import Bottlenecks
from sim.study.findings.moments import Moment
from sim.study.run.simulate import EngineSimulation

N = 10
# One team for two hundred days a proposal and two years of permits hold it up; the desks nothing.
MINE = """
schema: 1
extends: minimal.yaml
sectors:
  gas:
    screening_days: {kind: constant, value: 200}
    permits: {work_months: {kind: constant, value: 24}}
    construction: {outcome_months: {kind: constant, value: 12}, nominal_months: 12}
pipelines: {gas: {cost_usd_bn: {kind: constant, value: 5}}}
capacity: {teams: {count: 1}, facilities: {jbic: {desks: 500}}}
report:
  steps:
    team:
      capacity: teams
      label: one team
      overlay: {capacity: {teams: {count: {add: 1}}}}
    desk:
      capacity: jbic
      label: one desk
      overlay: {capacity: {facilities: {jbic: {desks: {add: 1}}}}}
    permits_faster:
      capacity: permits
      label: permits a month faster
      overlay: {sectors: {gas: {permits: {work_months: {value: {add: -1}}}}}}
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bottlenecks")
    (folder / "minimal.yaml").write_text(MINIMAL.read_text("utf-8"), "utf-8")
    path = folder / "mine.yaml"
    path.write_text(MINE, "utf-8")
    return path


@pytest.fixture(scope="module")
def found(config: Path) -> Bottlenecks:
    return sim.bottlenecks(config, by="2030-12-31", replications=N, out=config.parent / "out")


@pytest.fixture(scope="module")
def tables(config: Path):
    """Timeline and ledger of every replication, with what binds, without, and with a step."""
    changes: dict[str, dict[str, object]] = {
        "base": {},
        "teams": {"capacity.teams.count": "unlimited"},
        "step team": {"capacity.teams.count": 2},
    }
    found = {}
    for name, values in changes.items():
        loaded = sim.load(config, values)
        simulation = EngineSimulation(loaded.config)
        seed = loaded.config.run.seed
        found[name] = [
            tabulate(simulation.replicate(seed, number), loaded.config) for number in range(N)
        ]
    return found


def monthly(tables, column: str) -> np.ndarray:
    """(n_replications, n_months)."""
    return np.array([one.timeline[column] for one in tables])


def days(tables) -> np.ndarray:
    """(n_months,) of the run."""
    month = tables[0].timeline["month"].astype("datetime64[M]")
    return ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(float)


def test_what_a_capacity_and_a_step_are_worth_is_the_difference_of_two_runs(found, tables):
    at = found.months.index(date(2030, 12, 1))
    completed = {name: monthly(one, "completed_usd_bn")[:, at] for name, one in tables.items()}
    for name in ("teams", "step team"):
        by_hand = completed[name] - completed["base"]
        assert found.worth[name].interval.estimate == pytest.approx(by_hand.mean(), abs=1e-9)
        assert by_hand.mean() > 0


def test_without_the_one_team_more_is_built_than_with_one_more_of_them(found):
    by_name = found.worth
    assert by_name["teams"].decided
    assert by_name["teams"].interval.estimate > by_name["step team"].interval.estimate > 0
    assert found.lifted[0].name == "teams"


def test_a_limit_that_is_never_reached_is_said_to_be_none_and_nothing_is_bought_against_it(found):
    assert [one.name for one in found.inert] == ["appraisal", "jbic"]
    assert "step desk" not in found.names
    assert any("No limit in any of 10 replications" in one and "JBIC" in one
               for one in sentences(found))  # fmt: skip


def test_shares_of_those_that_matter_add_up_to_what_they_do_together(found):
    matter = found.matter
    assert len(matter) >= 2
    whole = found.worth[" + ".join(sorted(matter))].interval.estimate
    assert sum(one.estimate for one in found.shares.values()) == pytest.approx(whole)


def test_every_two_limits_are_lifted_together_and_what_they_add_beyond_their_sum_is_told(found):
    limits = [one.name for one in found.lifted]
    assert set(found.beyond_sum) == {" + ".join(sorted(two)) for two in combinations(limits, 2)}
    name = "permits + teams"
    value = dict(zip(found.names, found.moment.values(found).mean(axis=1), strict=True))
    by_hand = value[name] - value["permits"] - value["teams"] + value["base"]
    said = found.beyond_sum[name]
    assert said.difference.estimate == pytest.approx(by_hand)
    assert by_hand > 0  # permits begin when the one team has screened
    assert said.decided
    assert any("Screening teams" in one and f"{by_hand:+.1f}" in one for one in in_pairs(found))
    (row,) = (row for row in found.rows() if row["capacity"] == name)
    assert row["beyond_sum"] == said.difference.estimate
    assert row["beyond_sum_decided"] is True


def test_the_figure_of_pairs_has_their_numbers_and_those_decided_in_bold(found):
    axes = pairs_figure(found).axes[0]
    bold = {text.get_text() for text in axes.texts if text.get_fontweight() == "bold"}
    decided = [one for one in found.beyond_sum.values() if one.decided]
    assert decided
    assert bold == {f"{one.difference.estimate:+,.1f}".replace("-", "\u2212") for one in decided}
    n = len(found.lifted)
    assert len(axes.texts) == n * (n + 1) // 2


def test_pairs_of_which_none_is_decided_say_so(found):
    few = replace_pairs(found, {})
    assert in_pairs(few) == []
    open_still = replace_pairs(found, {"permits + teams": SimpleNamespace(decided=False)})
    assert in_pairs(open_still) == ["Of 1 pairs none is shown to do more or less than one by one."]


def replace_pairs(found, pairs):
    """A study with other pairs."""
    return SimpleNamespace(beyond_sum=pairs, capacities=found.capacities)


def test_what_stood_is_what_the_ledger_of_the_base_has(found, tables):
    of = [LEDGER_CAUSES.index(cause) for cause in ("permit_work", "litigation")]
    months = np.array(found.months, "datetime64[M]")
    total = np.zeros(len(months))
    for one in tables["base"]:
        mine = np.isin(one.held["cause"], of)
        at = np.searchsorted(months, one.held["month"][mine].astype("datetime64[M]"))
        np.add.at(total, at, one.held["usd_bn"][mine])
    by_hand = total @ days(tables["base"]) / N / 365.25
    assert found.stood["permits"].usd_bn_years == pytest.approx(by_hand)
    assert found.stood["permits"].peak_usd_bn >= total.max() / N * 0.5


def test_what_comes_back_is_the_time_in_operation_that_is_won(found, tables):
    total = {
        name: (monthly(one, "completed_usd_bn") @ days(one)).mean() / 365.25
        for name, one in tables.items()
    }
    by_hand = total["teams"] - total["base"]
    assert found.given_back["teams"].estimate == pytest.approx(by_hand)


def test_drag_is_that_of_the_ledger_of_the_base_by_selected_project(found, tables):
    of = [LEDGER_CAUSES.index(cause) for cause in ("permit_work", "litigation")]
    days = sum(one.delays["drag_days"][np.isin(one.delays["cause"], of)].sum()
               for one in tables["base"])  # fmt: skip
    selected = sum(one.outcomes["selected_count"][0] for one in tables["base"])
    assert days > 0
    assert found.drag["permits"] == pytest.approx(days / selected)
    assert any("drag " in one for one in why_they_differ(found))


def test_year_by_year_it_says_where_dollars_stand_and_which_limit_costs_most(found):
    rows = {row["year"]: row for row in found.over_years}
    assert list(rows) == list(range(2026, 2036))
    assert rows[2030]["capacity"] == "teams"
    assert rows[2030]["worth"] == pytest.approx(found.worth["teams"].interval.estimate)
    assert rows[2026]["capacity"] == ""


def test_the_same_question_again_computes_nothing(found, config):
    again = sim.bottlenecks(config, by="2030-12-31", replications=N, out=found.folder)
    assert again.up_to_date
    assert str(again.rows()) == str(found.rows())


def test_another_question_goes_on_with_what_is_there(found, config):
    other = sim.bottlenecks(config, "paid_usd_bn_by_end", replications=N, out=found.folder)
    assert other.folder == found.folder
    assert set(found.names) <= set(other.names)
    assert other.label == "Paid by 31 December 2035"
    outcomes = other.outcomes.pivot(
        index="replication", columns="design_point", values="paid_usd_bn_by_end"
    )
    at = other.names.index("teams")
    assert other.worth["teams"].interval.estimate == pytest.approx(
        (outcomes[at] - outcomes[0]).mean()
    )


def test_the_words_name_what_binds_and_what_a_step_is_worth(found):
    first, second, *_ = headline(found)
    assert first.startswith("What holds it up most: Screening teams. Without that limit +")
    assert first.endswith("completed by 31 December 2030.")
    assert second.startswith("A step against it, one team, is worth +")


def test_a_study_too_small_to_decide_says_so_and_how_many_more(found, config):
    few = sim.bottlenecks(config, "tariff_raised_by_end", replications=N, out=found.folder)
    assert headline(few) == ["With 10 replications no capacity is shown to hold it up."]
    assert few.matter == []
    open_still = [one for one in found.steps if not one.decided and one.interval != (0, 0, 0)]
    assert all(needed(one).endswith(" more") or needed(one) == "open" for one in open_still)


def test_before_selection_the_ledger_has_nothing_and_the_words_say_why(found):
    assert found.stood["teams"].usd_bn_years == 0
    told = why_they_differ(found)
    assert any(one.startswith("Screening teams: the ledger has nothing of it") for one in told)


@pytest.mark.parametrize(
    ("response", "by", "match"),
    [
        ("completed_usd_bn", "2032-06-15", "kept at the ends of months; accepted: 2032-06-30"),
        ("completed_usd_bn", "2032", "by 2032: is no date; accepted: YYYY-MM-DD"),
        ("completed_usd_bn", "2045-12-31", "does not see that month"),
        ("completed", None, "there is no response completed; accepted: proposed_usd_bn"),
        ("paid_usd_bn_by_end", "2032-12-31", "paid_usd_bn_by_end has its date in its name"),
    ],
)
def test_a_response_or_date_that_there_is_not_is_refused(found, config, response, by, match):
    with pytest.raises(DesignError, match=match):
        sim.bottlenecks(config, response, by, N, out=found.folder).rows()


def test_an_amount_at_the_end_of_the_run_is_the_outcome_of_that_name(found):
    last = Moment("completed_usd_bn", date(2035, 12, 31)).values(found)
    assert np.array_equal(last, found.response("completed_usd_bn_by_end"))


def test_amounts_below_a_hundred_have_a_digit_more():
    assert amount(Interval(122.4, 104.1, 140.6), "USD bn") == "+122 bn (104 to 141)"
    assert amount(Interval(-2.04, -3.0, -1.0)) == "-2.0 (-3.0 to -1.0)"


def worth_of(kind: str = "step", name: str = "step crew", same: bool = False, moved: float = 0.0):
    interval = Interval(moved, moved, moved)
    return SimpleNamespace(kind=kind, name=name, same=same, interval=interval)


def study_of(people: dict[str, float], back: Interval, by: date | None = date(2030, 12, 31)):
    """As much of a study as a reason needs: one step that adds people, and what it gives back."""
    measures = {"one": {"finishers_per_month": people}} if people else {}
    step = SimpleNamespace(overlay={"capacity": {"specialists": {"measures": measures}}})
    pools = {name: SimpleNamespace(label=name.title()) for name in ("fitters", "welders")}
    return SimpleNamespace(
        given_back={"step crew": back, "desks": back},
        moment=SimpleNamespace(by=by),
        config=SimpleNamespace(
            report=SimpleNamespace(steps={"crew": step}),
            capacity=SimpleNamespace(specialists=SimpleNamespace(pools=pools)),
        ),
    )


BACK, NONE = Interval(0.6, 0.2, 1.0), Interval(0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("people", "says"),
    [
        ({"fitters": 900, "welders": 100}, "short of Welders most, and 10 % of the people it adds"),
        ({"fitters": 900}, "short of Welders most, and none of the people it adds are such"),
        ({}, "it moves dates (+0.6 bn-years by the end), but no plant to the other side of 31 Dec"),
    ],
)
def test_a_step_worth_nothing_says_whether_it_adds_what_is_short(monkeypatch, people, says):
    monkeypatch.setattr(bottleneck_reasons, "short_pools", lambda found: {"welders": 1.0})
    assert says in why_nothing(study_of(people, BACK), worth_of())


@pytest.mark.parametrize(
    ("one", "back", "by", "says"),
    [
        (worth_of(same=True), NONE, None, "it changes nothing in any world"),
        (worth_of("without limit", same=True), NONE, None, "it is no limit in any world"),
        (worth_of(moved=0.1), BACK, None, ""),
        (worth_of("without limit", "desks"), NONE, date(2030, 12, 31), "no plant runs earlier"),
        (worth_of("without limit", "desks"), BACK, None, "it moves dates, but not this response"),
    ],
)
def test_why_a_limit_is_worth_nothing(monkeypatch, one, back, by, says):
    monkeypatch.setattr(bottleneck_reasons, "short_pools", lambda found: {})
    told = why_nothing(study_of({}, back, by), one)
    assert told.startswith(says)
    assert bool(told) == bool(says)


def test_the_crafts_that_are_short_are_those_of_the_base_s_held_dollars(found, tmp_path):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pool, *_ = found.config.capacity.specialists.pools
    table = pa.table(
        {
            "cause": ["crews_short", "permit_work"],
            "resource": [f"specialists_{pool}", None],
            "usd_bn": [2.0, 3.0],
        }
    )
    pq.write_table(table, tmp_path / "held.parquet")
    there = SimpleNamespace(ledger=tmp_path, config=found.config)
    assert short_pools(there) == {pool: 1.0}


def test_the_best_step_against_another_limit_is_said_to_be_one_and_why(found):
    top, *_ = found.lifted
    own = [one for one in found.steps if one.capacity == top.name]
    other = replace(own[0], name="step permits_faster", label="sooner", capacity="permits")
    weak = replace(own[0], same=True)

    (told,) = joined(found, top, [weak], [other])
    assert "the best step, sooner, acts on permits: work and courts" in told.lower()
    assert told.endswith("are not decided.")
    assert joined(found, top, own, [other]) == []  # the one against the top limit is as good
    assert joined(found, top, [], []) == []
