"""Lenders by hand: bargaining, refusal, who comes first. See docs/model.md, "Selection".

One plant, proposed on 2026-01-05 and screened for 20 days: recommended on 2026-01-25. JBIC takes
10 days to appraise; its papers take 2.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm
from support.configs import config_from, minimal_tree

from sim.calendars import MINUTES_PER_DAY
from sim.engine import replicate
from sim.events import Cause, Kind
from sim.plan import Plan
from sim.world.lending import APPROVED, BARGAINED, REFUSED, draw_appraisals, under_way
from sim.world.uniforms import stream_key, uniforms

START = date(2026, 1, 1)


def constant(value: float) -> dict[str, Any]:
    return {"kind": "constant", "value": value}


def tree_of(requires: str = "recommended", **bargaining: float) -> dict[str, Any]:
    tree = minimal_tree()
    tree["pipelines"] = {}
    tree["policy"]["selection"]["requires"] = requires
    if bargaining:
        tree["nature"]["bargaining"] = {"again_share": 0, "refused_share": 0, **bargaining}
    return tree


def with_nexi(tree: dict[str, Any], days: float) -> dict[str, Any]:
    """A second lender of half of every call."""
    tree["capacity"]["facilities"]["nexi"] = tree["capacity"]["facilities"]["jbic"] | {
        "label": "NEXI", "instrument": "insured_loan",
    }  # fmt: skip
    tree["policy"]["calls"]["facility_shares"] = {"jbic": 0.5, "nexi": 0.5}
    tree["nature"]["appraisal_days"]["nexi"] = constant(days)
    tree["nature"]["call_desk_days"]["nexi"] = constant(2)
    return tree


def told(tree: dict[str, Any], *kinds: Kind) -> list[tuple[date, Kind, str]]:
    """Day, kind and resource of the events of some kinds."""
    left = replicate(Plan.of(config_from(tree)), 1, 0)
    log = left.log
    return [
        (START + timedelta(days=int(log.time[row]) // MINUTES_PER_DAY), Kind(log.kind[row]),
         left.names.resources[log.resource[row]] if log.resource[row] >= 0 else "")
        for row in np.flatnonzero(np.isin(log.kind, kinds)).tolist()
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("requires", "day"),
    [("recommended", date(2026, 1, 25)), ("appraised", date(2026, 2, 4))],
)
def test_who_must_be_appraised_is_selected_when_the_last_lender_is_done(requires: str, day: date):
    assert told(tree_of(requires), Kind.SELECTED) == [(day, Kind.SELECTED, "")]
    later = with_nexi(tree_of(requires), 40)
    last = date(2026, 3, 6) if requires == "appraised" else day
    assert told(later, Kind.SELECTED) == [(last, Kind.SELECTED, "")]


def test_papers_begin_with_a_lenders_own_appraisal():
    """Selected on 2026-01-25: JBIC is done on 02-04, NEXI on 03-06; each has two days of papers."""
    assert told(with_nexi(tree_of(), 40), Kind.PART_DOCUMENTED)[:2] == [
        (date(2026, 2, 6), Kind.PART_DOCUMENTED, "jbic_desks"),
        (date(2026, 3, 8), Kind.PART_DOCUMENTED, "nexi_desks"),
    ]


def test_a_lender_bargains_until_it_has_appraised_as_often_as_it_will_and_then_refuses():
    began, ended, again = Kind.APPRAISAL_BEGAN, Kind.APPRAISAL_ENDED, Kind.APPRAISAL_REOPENED
    tree = tree_of("appraised", again_share=1, appraisals=3)
    days = (date(2026, 1, 25), date(2026, 2, 4), date(2026, 2, 14), date(2026, 2, 24))
    assert told(tree, began, ended, again, Kind.REFUSED, Kind.SELECTED) == [
        (days[0], began, "jbic_desks"),
        (days[1], ended, "jbic_desks"), (days[1], again, "jbic_desks"),
        (days[1], began, "jbic_desks"),
        (days[2], ended, "jbic_desks"), (days[2], again, "jbic_desks"),
        (days[2], began, "jbic_desks"),
        (days[3], ended, "jbic_desks"), (days[3], Kind.REFUSED, "jbic_desks"),
    ]  # fmt: skip


def test_a_refusal_after_selection_cancels_the_project_and_withdraws_its_call():
    tree = tree_of("recommended", refused_share=1, appraisals=1)
    assert told(tree, Kind.SELECTED, Kind.CANCELLED, Kind.CALL_WITHDRAWN, Kind.REFUSED) == [
        (date(2026, 1, 25), Kind.SELECTED, ""),
        (date(2026, 2, 4), Kind.CANCELLED, ""),
        (date(2026, 2, 4), Kind.CALL_WITHDRAWN, ""),
    ]
    log = replicate(Plan.of(config_from(tree)), 1, 0).log
    assert log.cause[log.kind == Kind.CANCELLED].tolist() == [Cause.REFUSED]


@pytest.mark.parametrize(
    ("days", "notice"),
    [
        (10, date(2026, 6, 2)),  # the record ends with 06-01: nothing unrecorded before
        (200, date(2026, 8, 29)),  # 200 days from the recorded recommendation on 02-10
    ],
)
def test_a_selection_on_record_is_noticed_when_the_lenders_are_done(days: float, notice: date):
    tree = tree_of("appraised")
    tree["programme"] |= {"history": "recorded", "as_of": "2026-06-01"}
    row = tree["portfolio"]["projects"]["A-01"]
    row |= {"recommended_date": "2026-02-10", "selected_date": "2026-03-10"}
    tree["nature"]["appraisal_days"]["jbic"] = constant(days)
    selected, noticed = told(tree, Kind.SELECTED, Kind.CALL_NOTICED)[:2]
    assert selected[0] == date(2026, 3, 10)
    assert noticed[0] == notice


def test_a_selection_on_record_is_noticed_at_once_where_selection_needs_no_lender():
    tree = tree_of("recommended")
    tree["programme"] |= {"history": "recorded", "as_of": "2026-06-01"}
    row = tree["portfolio"]["projects"]["A-01"]
    row |= {"recommended_date": "2026-02-10", "selected_date": "2026-03-10"}
    tree["nature"]["appraisal_days"]["jbic"] = constant(200)
    assert told(tree, Kind.CALL_NOTICED)[0][0] == date(2026, 6, 2)


def test_an_appraisal_on_record_is_over_after_the_record_and_keeps_its_bargaining():
    """100 days gone by: visits before are told as one with the one under way."""
    tree = tree_of("appraised", again_share=0.5, refused_share=0.1, appraisals=4)
    tree["nature"]["appraisal_days"]["jbic"] = {"kind": "exponential", "mean": 40}
    nature = Plan.of(config_from(tree)).nature
    elapsed = 100 * MINUTES_PER_DAY
    keys = np.arange(1, 4001, dtype=np.uint64)
    stream = stream_key(1, 0)
    viability = np.full(len(keys), 0.5)
    minutes, outcome = draw_appraisals(nature, stream, keys, viability)
    held = np.cumsum(outcome != BARGAINED, axis=2) - (outcome != BARGAINED) == 0
    whole = (minutes * held).sum(axis=2)[:, 0]
    some = np.full(800, stream), keys[:800], viability[:800], np.full(800, elapsed)
    known, ends = (part[:, 0] for part in under_way(nature, *some))
    assert known[:, 0].min() > elapsed
    final = np.argmax(ends != BARGAINED, axis=1)
    end = np.cumsum(known, axis=1)[np.arange(800), final]
    # The law of the whole, given that it is longer than what has gone by.
    longer = np.sort(whole[whole > elapsed])
    for share in (0.25, 0.5, 0.75):
        assert np.mean(end <= np.quantile(longer, share)) == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize("elapsed_days", [30, 100, 400])
def test_the_appraisal_on_record_is_the_first_course_of_draws_not_over(elapsed_days: int):
    """Visit by visit in plain Python; after 400 days some have no course of a hundred left."""
    tree = tree_of("appraised", again_share=0.5, refused_share=0.1, appraisals=4)
    tree["nature"] |= {"viability_weight": 0.6}
    tree["nature"]["appraisal_days"]["jbic"] = {"kind": "exponential", "mean": 40}
    nature, stream = Plan.of(config_from(tree)).nature, stream_key(1, 0)
    keys, viability = np.arange(1, 41, dtype=np.uint64), np.linspace(0.05, 0.95, 40)
    elapsed = elapsed_days * MINUTES_PER_DAY
    minutes, outcome = under_way(nature, stream, keys, viability, np.full(40, elapsed))

    def course(n: int, number: int) -> tuple[list[int], list[int]]:
        visits = np.arange(4 * number, 4 * number + 4)
        u, luck = (
            uniforms(stream, keys[n : n + 1], f"{purpose}:jbic", visits)[0]
            for purpose in ("appraisal", "appraised")
        )
        lean = norm.cdf(0.6 * norm.ppf(viability[n]) + 0.8 * norm.ppf(luck))
        ends = [REFUSED if one < 0.1 else BARGAINED if one < 0.6 else APPROVED for one in lean]
        took = np.ceil(-40 * np.log(1 - u) * MINUTES_PER_DAY).astype(int).tolist()
        return took, [*ends[:3], REFUSED if ends[3] == BARGAINED else ends[3]]

    without = 0
    for n in range(40):
        expected = None
        for number in range(100):
            took, ends = course(n, number)
            final = next(visit for visit in range(4) if ends[visit] != BARGAINED)
            for visit in range(final + 1):
                if expected is None and sum(took[: visit + 1]) > elapsed:
                    rest = [sum(took[: visit + 1]), *took[visit + 1 :]]
                    expected = (rest, ends[visit:])
        if expected is None:
            without += 1
            took, ends = course(n, 0)
            final = next(visit for visit in range(4) if ends[visit] != BARGAINED)
            expected = ([elapsed, *took[final + 1 :]], ends[final:])
        for found, told in zip((minutes, outcome), expected, strict=True):
            assert found[n, 0].tolist() == told + [0] * (4 - len(told))
    assert (without > 0) == (elapsed_days == 400)


@pytest.mark.parametrize("high", [400, 100])
def test_a_proposal_on_record_is_in_screening_until_the_record_ends(high: float):
    """Proposed on 2026-01-05 and nothing more by the close of 06-01, 148 days later.

    Uniform on what the law leaves beyond them; where it leaves nothing, it ends with the record.
    """
    tree = tree_of()
    tree["programme"] |= {"history": "recorded", "as_of": "2026-06-01"}
    gas = tree["sectors"]["gas"]
    gas["screening_days"] = {"kind": "uniform", "low": 0, "high": high}
    nature = Plan.of(config_from(tree)).nature
    u = uniforms(stream_key(1, 0), nature.entity_keys, "screening", 1)[0, 0]
    left = (high - 148) * u if high > 148 else 0
    assert told(tree, Kind.SCREENING_BEGAN, Kind.SCREENING_ENDED)[:2] == [
        (date(2026, 1, 5), Kind.SCREENING_BEGAN, "teams"),
        (date(2026, 6, 2) + timedelta(days=left), Kind.SCREENING_ENDED, "teams"),
    ]
