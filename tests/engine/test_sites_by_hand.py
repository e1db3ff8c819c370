"""A project on two sites: what is decided is decided of both, what is built is built at each.

docs/model.md, "Proposals". Selection on listed days, unless a test says otherwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gate_cases import months, one, plants
from support.configs import config_from
from support.hand_runs import DAY, constant, run, same, yearly

from sim.engine import simulate
from sim.errors import ConfigError
from sim.events import Kind
from sim.plan import Plan
from sim.world import draw_world


def two_sites(count: int = 1, **changes: Any) -> dict[str, Any]:
    """A of 1 bn and its second site of 3 bn, then B of 1 bn; rounds on 1 February and March."""
    tree = (
        plants(A=one(bn=1), **{"A-2": one(bn=3, site_of="A")}, B=one("2026-01-02", bn=1)) | changes
    )
    tree["nature"]["round_projects"] = constant(count)
    tree["policy"]["selection"] = {
        "rounds": "dates", "calendar": "every_day", "dates": ["2026-02-01", "2026-03-01"],
        "final_round": {"held": False},
    }  # fmt: skip
    return tree


def selected(tree: dict[str, Any], **drawn: Any) -> dict[str, int]:
    """Day of selection, counted from 1 January, by project."""
    return {name: at // DAY for name, at in run(tree, **drawn).when(Kind.SELECTED).items()}


def test_both_sites_are_one_project_of_a_round():
    same(selected(two_sites()), {"A": 31, "A-2": 31, "B": 59})


def test_a_candidate_asks_for_all_its_sites_and_is_skipped_where_they_do_not_fit():
    tree = two_sites(count=2)
    tree["programme"]["envelope_usd_bn"] = 3.5
    same(selected(tree), {"B": 31})


def test_the_largest_is_largest_with_all_its_sites():
    """A is of 1 bn and B of 2, but A with its second site of 3."""
    tree = two_sites()
    tree["portfolio"]["projects"]["B"]["announced_usd_bn"] = 2
    tree["policy"]["selection"]["ranking"] = "largest_first"
    same(selected(tree), {"A": 31, "A-2": 31, "B": 59})


def test_what_is_scaled_down_is_scaled_down_at_each_site():
    tree = two_sites()
    tree["programme"]["envelope_usd_bn"] = 2
    tree["policy"]["selection"] |= {"does_not_fit": "scale_down", "scale_down_min_share": 0.5}
    it = run(tree)
    same(it.lines(Kind.SELECTED), [
        "2026-02-01 00:00 A selected 0.5", "2026-02-01 00:00 A-2 selected 1.5",
    ])  # fmt: skip


def test_a_site_waits_for_the_lenders_of_the_other():
    """One desk, ten days a site: A and A-2 are appraised on days 10 and 20, B by day 30."""
    tree = two_sites(count=1)
    tree["nature"]["appraisal_days"] = {"jbic": constant(10)}
    tree["capacity"]["facilities"]["jbic"]["desks"] = 1
    tree["policy"]["appraisal_starts"] = "docket"
    tree["policy"]["selection"] |= {"requires": "appraised", "dates": ["2026-01-15", "2026-02-01"]}
    same(selected(tree), {"A": 31, "A-2": 31})


def test_being_passed_over_is_said_of_both_and_read_once():
    tree = two_sites()
    tree["policy"]["selection"]["pass_over_probability"] = 0.5
    luck = np.full((3, 20), 0.9)
    luck[0, 0] = 0.1  # of A, the first time
    it = run(tree, pass_over=luck)
    same(it.when(Kind.PASSED_OVER), {"A": 31 * DAY, "A-2": 31 * DAY})
    same(it.when(Kind.SELECTED), {"B": 31 * DAY, "A": 59 * DAY, "A-2": 59 * DAY})


def test_each_site_has_permits_and_crews_and_builds_for_itself():
    tree = two_sites()
    rows = tree["portfolio"]["projects"]
    rows["A-2"] |= {"permits_done_share": 0.5, "units": 2}
    tree["sectors"]["gas"]["permits"] = {
        "starts": "selection", "work_months": months(60), "done_share": constant(0)
    }  # fmt: skip
    it = run(tree)
    same(it.when(Kind.NTP_ISSUED), {"A": 91 * DAY, "A-2": 61 * DAY, "B": 119 * DAY})
    same(it.when(Kind.BUILT), {"A": 191 * DAY, "A-2": 161 * DAY, "B": 219 * DAY})


SHARED = ("prospects_share", "revision_gain_share", "japanese_content_share", "favour", "screening",
          "revision", "defer", "pass_over", "consult", "decline", "consultation", "appraisal",
          "appraised", "acted_on", "signed", "settlement", "cancel_threshold", "pause_threshold",
          "pause_length", "fate")  # fmt: skip
OWN = ("permit_work", "build", "cost_ratio", "development", "call_desk")


def lucky() -> dict[str, Any]:
    """Two sites of which everything is drawn."""
    wide, share = (
        {"kind": "uniform", "low": 1, "high": 50},
        {"kind": "uniform", "low": 0, "high": 1},
    )
    tree = two_sites()
    gas, nature = tree["sectors"]["gas"], tree["nature"]
    gas |= dict.fromkeys(("screening_days", "revision_days"), wide)
    gas |= dict.fromkeys(
        ("prospects_share", "revision_gain_share", "japanese_content_share"), share
    )
    gas["permits"] |= {"work_months": wide, "done_share": share}
    gas["development"] = {"remaining_months": wide}
    gas["construction"] |= {"outcome_months": wide, "cost_ratio": wide}
    nature["appraisal_days"] = nature["call_desk_days"] = {"jbic": wide}
    nature["funding"]["consultation_days"] = wide
    nature["bargaining"] = {"again_share": 0.4, "refused_share": 0.1, "appraisals": 3}
    rates = {"pauses_per_year": 1, "cancellations_per_year": 1}
    nature["hazards"] = {"before_building": rates, "building": rates, "pause_months": wide}
    return tree


def test_sites_share_the_luck_of_what_is_decided_and_no_other():
    plan = Plan.of(config_from(lucky()))
    world = draw_world(plan.nature, 3, 0)
    for name in SHARED:
        drawn = getattr(world, name)
        assert np.array_equal(drawn[0], drawn[1]), name
    for name in OWN:
        drawn = getattr(world, name)
        assert not np.array_equal(drawn[0], drawn[1]), name


def test_a_second_site_moves_no_luck_of_the_first():
    tree, alone = lucky(), lucky()
    del alone["portfolio"]["projects"]["A-2"]
    with_it, without = (
        draw_world(Plan.of(config_from(each)).nature, 3, 0) for each in (tree, alone)
    )
    for name in (*SHARED, *OWN):
        assert np.array_equal(getattr(with_it, name)[[0, 2]], getattr(without, name)), name


def test_japan_declines_both_sites_or_none():
    tree = two_sites()
    tree["nature"]["funding"] |= {"consult_probability": 1, "decline_probability": 0.5}
    tree["policy"]["funding"]["response"] = "as_disposed"
    plan = Plan.of(config_from(tree))
    ends = set()
    for replication in range(6):
        left = simulate(plan, draw_world(plan.nature, 1, replication))
        log, names = left.log, left.names.projects
        gone = {names[log.project[row]] for row in np.flatnonzero(log.kind == Kind.DECLINED)}
        ends.add(frozenset(gone - {"B"}))
    assert ends == {frozenset(), frozenset({"A", "A-2"})}


def test_a_decline_is_one_breach_over_all_sites_and_weighed_whole():
    """1 bn and 3 bn: neither is 3.5 bn, both together are."""
    tree = two_sites()
    tree["nature"]["funding"] |= {"consult_probability": 1, "decline_probability": 1}
    tree["policy"]["funding"]["response"] = "as_disposed"
    tree["policy"]["enforcement"] |= {"active": True, "materiality_usd_bn": 3.5}
    tree["policy"]["calls"]["cure_business_days"] = 200  # no call is missed meanwhile
    it = run(tree)
    told = (Kind.DECLINED, Kind.BREACH_OPENED, Kind.BREACH_THREATENED, Kind.BREACH_LET_PASS)
    assert [line[17:] for line in it.lines(*told)] == [
        "A declined 1", "A breach_opened declined 4", "A-2 declined 3",
        "A breach_threatened", "B declined 1", "B breach_opened declined 1",
        "B breach_let_pass immaterial",
    ]  # fmt: skip


def test_a_lender_that_refuses_one_site_ends_all_of_them_that_day():
    """One desk, ten days a site: A-2 is never appraised."""
    tree = two_sites()
    tree["nature"]["appraisal_days"] = {"jbic": constant(10)}
    tree["nature"]["bargaining"] = {"again_share": 0, "refused_share": 1, "appraisals": 1}
    tree["capacity"]["facilities"]["jbic"]["desks"] = 1
    tree["policy"]["appraisal_starts"] = "docket"
    same(run(tree).when(Kind.REFUSED), {"A": 10 * DAY, "A-2": 10 * DAY, "B": 20 * DAY})
    tree["policy"]["appraisal_starts"] = "notice"
    same(run(tree).when(Kind.CANCELLED), {"A": 41 * DAY, "A-2": 41 * DAY, "B": 69 * DAY})


def signing(papers: int) -> dict[str, Any]:
    """Selected on day 31 with 2 bn to sign; nothing is signed after 10 February, day 40."""
    tree = two_sites()
    del tree["portfolio"]["projects"]["B"]
    tree["capacity"]["facilities"]["jbic"] |= {
        "commitments": yearly(first_year=2), "desks": 1,
        "signs_until": "2026-02-10", "unsigned": "decline",
    }  # fmt: skip
    tree["programme"]["deadline"] = "2026-02-09"
    tree["nature"]["call_desk_days"] = {"jbic": constant(papers)}
    return tree


ENDED = (Kind.CALL_PAID, Kind.CANCELLED, Kind.BREACH_OPENED)


def test_sites_whose_loan_is_not_signed_are_given_up_together():
    """The papers of A are done on day 51, and would be of A-2 on day 71."""
    lines = [line for line in run(signing(20)).lines(*ENDED) if "call_missed" not in line]
    assert lines == [
        "2026-02-21 00:00 A cancelled signing_ended 1",
        "2026-02-21 00:00 A-2 cancelled signing_ended 3",
        "2026-02-21 00:00 A breach_opened signing_ended 4",
    ]


def test_a_site_whose_loan_is_signed_is_built_without_the_other():
    lines = [line for line in run(signing(2)).lines(*ENDED) if "call_missed" not in line]
    assert lines == [
        "2026-02-03 00:00 A call_paid 1",
        "2026-02-11 00:00 A-2 cancelled signing_ended 3",
        "2026-02-11 00:00 A-2 breach_opened signing_ended 3",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"site_of": "C"}, "there is no project C"),
        ({"site_of": "A-2"}, "A-2 is no project with sites of its own"),
        ({"sector": "fab"}, "sector is fab, and gas of A; accepted: the same sector"),
        ({"selected_date": "2026-01-01"}, "selected_date is 2026-01-01, and None of A"),
    ],
)
def test_a_site_of_nothing_or_with_a_record_of_its_own_is_refused(changes, words):
    tree = two_sites()
    tree["sectors"]["fab"] = tree["sectors"]["gas"]
    tree["portfolio"]["projects"]["A-2"] |= changes
    with pytest.raises(ConfigError, match=words):
        config_from(tree)
