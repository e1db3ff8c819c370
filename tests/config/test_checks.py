"""What no single value can tell: names that do not exist, dates and shares that do not fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.configs import changed, config_from, line_of, minimal_tree, refused, with_values

from sim.config import from_tree, load
from sim.config.distributions import Lognormal, Mixture
from sim.config.moments import mean, support

Write = Callable[..., Path]
Tree = dict[str, Any]

MONEY = {"currency": "usd", "first_year": 1, "per_fiscal_year": {"2026": 3, "2027": 4}}
YEN = {"currency": "jpy", "first_year": 100, "per_fiscal_year": {"2026": 300}}
POOL = {"label": "Welders", "people_at_start": 1000}
MEASURE = {
    "label": "M", "kind": "visas", "first_day": "2027-01-01", "last_day": "2028-12-31",
    "finishers_per_month": {"electrical": 20},
}  # fmt: skip
WHOLE = {"slices": {"all": {"share": 1, "trigger": "selection"}}}

CASES: dict[str, tuple[dict[str, Any], str]] = {
    # names
    "a sector's article group": (
        {"sectors.gas.article_group": "enegy"},
        "sectors.gas.article_group: there is no article group enegy (did you mean energy?); "
        "accepted: energy",
    ),
    "a band upside down": (
        {"article_mix.energy.share_low": 0.5, "article_mix.energy.share_high": 0.4},
        "article_mix.energy: share_low 0.5 is above share_high 0.4; accepted: a band from low to "
        "high",
    ),
    "bands that cannot hold together": (
        {"article_mix.more": {"label": "More", "share_low": 0.9, "share_high": 1},
         "article_mix.energy.share_low": 0.2},
        "article_mix: lower ends add up to 1.1; accepted: at most 1",
    ),
    "a craft without a pool": (
        {"sectors.gas.labour.crafts": {"welding": 1}},
        "sectors.gas.labour.crafts.welding: there is no pool of specialists welding; accepted: "
        "electrical",
    ),
    "crafts that do not add up": (
        {"sectors.gas.labour.crafts": {"electrical": 0.9}},
        "sectors.gas.labour.crafts: shares add up to 0.9; accepted: shares that add up to 1",
    ),
    "an agency": (
        {"sectors.gas.permits.agency": "ferc"},
        "sectors.gas.permits.agency: there is no agency ferc; accepted: nothing: no agency is "
        "defined",
    ),
    "a pipeline's sector": (
        {"pipelines.gas.sector": "gaz"},
        "pipelines.gas.sector: there is no sector gaz (did you mean gas?); accepted: gas",
    ),
    "a project's sector": (
        {"portfolio.projects.A-01.sector": "coal"},
        "portfolio.projects.A-01.sector: there is no sector coal; accepted: gas",
    ),
    "an id beside its key": (
        {"portfolio.projects.A-01.id": "A-02"},
        "portfolio.projects.A-01.id: 'A-02' is not the key of its entry; accepted: A-01",
    ),
    "counted in nobody": (
        {"portfolio.projects.A-01.counted_in": "B-01"},
        "portfolio.projects.A-01.counted_in: there is no project B-01 (did you mean A-01?); "
        "accepted: A-01",
    ),
    "counted in itself": (
        {"portfolio.projects.A-01.counted_in": "A-01"},
        "portfolio.projects.A-01.counted_in: counts in itself; accepted: the id of another project",
    ),
    "an id like a generated one": (
        {"pipelines.A": {**minimal_tree()["pipelines"]["gas"]}},
        "portfolio.projects.A-01: looks like the generated projects of pipeline A; accepted: "
        "another id",
    ),
    "a facility without appraisal": (
        {"nature.appraisal_days": {}},
        "nature.appraisal_days: has no entry for facility jbic; accepted: a key jbic",
    ),
    "desk days of nobody": (
        {"nature.call_desk_days.nexi": {"kind": "constant", "value": 1}},
        "nature.call_desk_days.nexi: there is no facility nexi; accepted: jbic",
    ),
    "a facility share of nobody": (
        {"policy.calls.facility_shares": {"jbic": 0.5, "nexi": 0.5}},
        "policy.calls.facility_shares.nexi: there is no facility nexi; accepted: jbic",
    ),
    "facility shares that do not add up": (
        {"policy.calls.facility_shares.jbic": 0.5},
        "policy.calls.facility_shares: shares add up to 0.5; accepted: shares that add up to 1",
    ),
    "a shock on no sector": (
        {"nature.shocks.rates": {"label": "Rates", "cost_loadings": {"gsa": 0.1}}},
        "nature.shocks.rates.cost_loadings.gsa: there is no sector gsa (did you mean gas?); "
        "accepted: gas",
    ),
    "a preferred sector": (
        {"policy.selection.preferred_sectors": ["nuclear"]},
        "policy.selection.preferred_sectors: there is no sector nuclear; accepted: gas",
    ),
    "a preferred region": (
        {"policy.selection.preferred_regions": ["texas"]},
        "policy.selection.preferred_regions: there is no project or pipeline in region TX; "
        "accepted: nothing: no project or pipeline in region is defined",
    ),
    "a tariff class without baseline": (
        {"policy.enforcement.routes.section_232.rates.autos": 0.25},
        "policy.enforcement.routes.section_232.rates.autos: there is no tariff class autos; "
        "accepted: general",
    ),
    # dates
    "the programme's dates": (
        {"programme.end": "2028-12-31"},
        "programme.end: end 2028-12-31 is before deadline 2029-01-19; accepted: start <= deadline "
        "<= end <= run_out",
    ),
    "as_of outside": (
        {"programme.history": "recorded", "programme.as_of": "2025-12-31"},
        "programme.as_of: as_of 2025-12-31 is not between start 2026-01-01 and run_out; accepted: "
        "a date from 2026-01-01 to 2035-12-31, or history: ignore",
    ),
    "a start before the calendars": (
        {"programme.start": "2020-01-01", "pipelines": {},
         "policy.enforcement.baseline.general": {"2020-01-01": 0.15}},
        "programme.start: 2020-01-01 is before the first day of the holiday calendars; accepted: "
        "a date from 2024-01-01",
    ),
    "a run that outlives the calendars": (
        {"programme.run_out": "2045-12-01"},
        "programme.run_out: due dates after 2045-12-01 may pass the last day of the holiday "
        "calendars; accepted: a date up to 2045-08-03",
    ),
    "milestones out of order": (
        {"portfolio.projects.A-01.selected_date": "2026-01-04"},
        "portfolio.projects.A-01.selected_date: 2026-01-04 is before proposed_date 2026-01-05; "
        "accepted: proposed_date <= recommended_date <= selected_date <= first_paid_date",
    ),
    "a payment without selection": (
        {"portfolio.projects.A-01.first_paid_date": "2026-02-01"},
        "portfolio.projects.A-01.first_paid_date: a payment is recorded, but no selection before "
        "it; accepted: selected_date as well",
    ),
    "a doubtful entry that has happened": (
        {"portfolio.projects.A-01.selected_date": "2026-02-01",
         "portfolio.projects.A-01.entry_probability": 0.5},
        "portfolio.projects.A-01.entry_probability: selected_date is on record, so it has entered; "
        "accepted: 1",
    ),
    "a proposal before the start": (
        {"portfolio.projects.A-01.proposed_date": "2025-12-31"},
        "portfolio.projects.A-01.proposed_date: 2025-12-31 is before the start; accepted: a date "
        "from 2026-01-01 to 2029-01-19",
    ),
    "a proposal after the deadline": (
        {"portfolio.projects.A-01.proposed_date": "2029-01-20"},
        "portfolio.projects.A-01.proposed_date: 2029-01-20 is after the deadline; accepted: a date "
        "from 2026-01-01 to 2029-01-19",
    ),
    "a record after as_of": (
        {"programme.history": "recorded", "programme.as_of": "2026-03-01",
         "portfolio.projects.A-01.selected_date": "2026-03-02"},
        "portfolio.projects.A-01.selected_date: 2026-03-02 is after as_of 2026-03-01: not on "
        "record yet; accepted: a date up to as_of, or no date",
    ),
    "a record larger than the envelope": (
        {"programme.history": "recorded", "programme.as_of": "2026-03-01",
         "portfolio.projects.A-01.selected_date": "2026-03-01", "programme.envelope_usd_bn": 9},
        "programme.envelope_usd_bn: 10 bn is on record as selected, more than the envelope; "
        "accepted: a number >= 10, or programme.history: ignore",
    ),
    "arrivals that begin too late": (
        {"pipelines.gas.first_day": "2029-02-01"},
        "pipelines.gas.first_day: 2029-02-01 is outside the time for proposals; accepted: a date "
        "from 2026-01-01 to 2029-01-19",
    ),
    "a scheduled arrival in the past": (
        {"programme.history": "recorded", "programme.as_of": "2026-03-01",
         "pipelines.gas.arrivals_per_year": None, "pipelines.gas.schedule": ["2026-02-01"]},
        "pipelines.gas.schedule: 2026-02-01 is outside the time for proposals; accepted: a date "
        "from 2026-03-02 to 2029-01-19",
    ),
    "a pipeline too small for its arrivals": (
        {"pipelines.gas.maximum": 15},
        "pipelines.gas.maximum: 15 is too few for 12.2 arrivals on average; accepted: a whole "
        "number >= 32",
    ),
    "meetings out of order": (
        {"policy.investment_committee.meetings":
            {"kind": "dates", "dates": ["2026-05-01", "2026-04-01"]}},
        "policy.investment_committee.meetings.dates: 2026-04-01 follows 2026-05-01; accepted: each "
        "date later than the one before",
    ),
    "two descriptions of the heap before the deadline": (
        {"policy.selection.growth_per_round": 2, "policy.selection.final_round": {"size": "all"}},
        "policy.selection.final_round.size: describes the same heap before the deadline as "
        "growth_per_round; accepted: at most one of late_rate above 1, growth_per_round above 1, "
        "final size all",
    ),
    "a late rate without intervals": (
        {"policy.selection.late_rate": {"rate": 2, "last_days": 90}},
        "policy.selection.late_rate: does nothing with rounds immediate; accepted: rounds: "
        "intervals, or no late_rate",
    ),
    "late days before the start": (
        {"policy.selection.rounds": "intervals",
         "policy.selection.late_rate": {"rate": 2, "last_days": 1115}},
        "policy.selection.late_rate.last_days: begins on 2025-12-31, before 2026-01-01; accepted: "
        "a whole number from 1 to 1114",
    ),
    "a last round of half the share": (
        {"policy.selection.final_round": {"size": "half"}},
        "policy.selection.final_round.size: 'half' is no size; accepted: law, all, 'share 0.5'",
    ),
    "a path that starts late": (
        {"capacity.teams.count": {"2026-06-01": 4}},
        "capacity.teams.count: starts on 2026-06-01, after the programme's start: nothing holds "
        "before; accepted: a value on or before 2026-01-01",
    ),
    "a path without dates": (
        {"policy.enforcement.baseline.general": {}},
        "policy.enforcement.baseline.general: has no date; accepted: a mapping {YYYY-MM-DD: value}",
    ),
    "a gap in the past": (
        {"capacity.specialists.gap.date": "2026-01-01"},
        "capacity.specialists.gap.date: 2026-01-01 is not after the programme's start; accepted: a "
        "date after 2026-01-01",
    ),
    # money
    "slices that do not add up": (
        {"policy.calls.slices.second.share": 0.4},
        "policy.calls.slices: shares add up to 0.9; accepted: shares that add up to 1",
    ),
    "a first slice that waits": (
        {"policy.calls.slices.first.trigger": "ntp"},
        "policy.calls.slices.first.trigger: the first call is triggered by ntp; accepted: "
        "selection, then equipment_order, then ntp, then progress in ascending order",
    ),
    "slices out of order": (
        {"policy.calls.slices.second.trigger": "selection"},
        "policy.calls.slices.second.trigger: selection follows selection; accepted: selection, "
        "then equipment_order, then ntp, then progress in ascending order",
    ),
    "money spent before it is called": (
        {"policy.calls.slices.second.trigger": "progress 0.75"},
        "policy.calls.slices.second: only 0.5 is called before progress 0.75; accepted: slices "
        "before it that add up to 0.75 or more",
    ),
    "more slices than calls": (
        {"nature.maxima.calls": 1},
        "nature.maxima.calls: there are 2 slices, more than 1; accepted: a whole number >= 2",
    ),
    "more screening rounds than the maximum": (
        {"policy.screening.max_rounds": 4},
        "nature.maxima.screening_rounds: policy.screening.max_rounds is 4, more than 3; accepted: "
        "a whole number >= 4",
    ),
    "yearly money without a year": (
        {"capacity.facilities.jbic.cash": {**MONEY, "per_fiscal_year": {}}},
        "capacity.facilities.jbic.cash.per_fiscal_year: has no year; accepted: at least one year",
    ),
    "yen without a rate": (
        {"capacity.facilities.jbic.cash": YEN},
        "capacity.yen_per_usd: capacity.facilities.jbic.cash is in yen, but there is no exchange "
        "rate; accepted: a mapping {YYYY-MM-DD: yen per dollar}",
    ),
    "a rate that starts late": (
        {"capacity.yen_per_usd": {"2026-02-01": 150}},
        "capacity.yen_per_usd: starts on 2026-02-01, after the programme's start: nothing holds "
        "before; accepted: a value on or before 2026-01-01",
    ),
    "a part that never fits": (
        {"capacity.facilities.jbic.cash": MONEY, "policy.calls.draw": "block", "pipelines": {}},
        "capacity.facilities.jbic.cash: the 5 bn of project A-01 never fit into a year (draw: "
        "block); accepted: parts up to 4 bn, carry_over: true, or policy.calls.draw: partial",
    ),
    "yen that never fit": (
        {"capacity.facilities.jbic.commitments": YEN, "capacity.yen_per_usd": {"2026-01-01": 150},
         "policy.calls.draw": "skip", "pipelines": {}},
        "capacity.facilities.jbic.commitments: the 10 bn of project A-01 never fit into a year "
        "(draw: skip); accepted: parts up to 2 bn, carry_over: true, or policy.calls.draw: partial",
    ),
    "sizes without a bound": (
        {"capacity.facilities.jbic.cash": MONEY, "policy.calls.draw": "block", "portfolio": {}},
        "capacity.facilities.jbic.cash: pipeline gas has sizes without an upper bound: some never "
        "fit into a year (draw: block); accepted: parts up to 4 bn, carry_over: true, or "
        "policy.calls.draw: partial",
    ),
    # capacity
    "teams that never come": (
        {"capacity.teams.count": {"2026-01-01": 4, "2027-01-01": 0}},
        "capacity.teams.count: is 0 for good: all that waits for it would wait for ever; accepted: "
        "a whole number >= 1, or unlimited",
    ),
    "a part of the gap in some pools": (
        {"capacity.specialists.pools.electrical.gap_share": 1,
         "capacity.specialists.pools.welding": POOL},
        "capacity.specialists.pools: welding state no gap_share, but electrical do; accepted: a "
        "gap_share in every market pool, or in none",
    ),
    "parts of the gap that do not add up": (
        {"capacity.specialists.pools.electrical.gap_share": 0.9},
        "capacity.specialists.pools: gap_share adds up to 0.9; accepted: shares of the market "
        "pools that add up to 1",
    ),
    "a measure for a pool that is not there": (
        {"capacity.specialists.measures": {
            "visas": MEASURE | {"finishers_per_month": {"electric": 5}}}},
        "capacity.specialists.measures.visas.finishers_per_month.electric: there is no pool "
        "electric (did you mean electrical?); accepted: electrical",
    ),
    "a measure that keeps more people than leave": (
        {"capacity.specialists.measures": {"stay": MEASURE | {"kind": "retention"}},
         "capacity.specialists.pools.electrical.attrition_share_per_year": 0.0012},
        "capacity.specialists.measures.stay.finishers_per_month.electrical: keeps 20 a month, and "
        "10 leave at the start; accepted: no more than leave",
    ),
    "a part of the gap in a dedicated pool": (
        {"capacity.specialists.pools.electrical.gap_share": 1,
         "capacity.specialists.pools.electrical.kind": "dedicated"},
        "capacity.specialists.pools.electrical.gap_share: a dedicated pool has no part in the gap; "
        "accepted: no gap_share here",
    ),
    "a reference demand larger than the pool": (
        {"capacity.specialists.pools.electrical.reference_demand_people": {"2026-01-01": 120_000}},
        "capacity.specialists.pools.electrical: other employers would want -20,000 people on "
        "2026-01-01; accepted: fewer reference_demand_people, more people, or a larger gap",
    ),
    "a reference demand that outgrows the pool": (
        {"capacity.specialists.pools.electrical.reference_demand_people":
            {"2026-01-01": 1000, "2030-01-01": 130_000}},
        "capacity.specialists.pools.electrical: other employers would want -509 people on "
        "2029-02-01; accepted: fewer reference_demand_people, more people, or a larger gap",
    ),
    # distributions
    "a share above one": (
        {"sectors.gas.prospects_share": {"kind": "uniform", "low": 0.5, "high": 1.5}},
        "sectors.gas.prospects_share: reaches from 0.5 to 1.5, but a share lies between 0 and 1; "
        "accepted: values from 0 to 1",
    ),
    "a negative duration": (
        {"nature.appraisal_days.jbic": {"kind": "uniform", "low": -1, "high": 5}},
        "nature.appraisal_days.jbic: reaches down to -1: a negative duration; accepted: values "
        ">= 0",
    ),
    "a build for nothing": (
        {"sectors.gas.construction.cost_ratio": {"kind": "constant", "value": 0}},
        "sectors.gas.construction.cost_ratio: reaches from 0 to 0; accepted: values > 0",
    ),
    "rounds without end": (
        {"policy.selection.rounds": "intervals",
         "nature.round_interval_days": {"kind": "constant", "value": 0}},
        "nature.round_interval_days: is always zero: rounds without end on one day; accepted: "
        "values > 0",
    ),
    "more rounds than the maximum": (
        {"policy.selection.rounds": "intervals", "nature.maxima.presidential_rounds": 10},
        "nature.maxima.presidential_rounds: 10 is too few for 37 rounds on average; accepted: a "
        "whole number well above 37",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_config_that_cannot_hold_together_is_refused(case: str) -> None:
    values, expected = CASES[case]
    with refused(f"<tree>: {expected}"):
        config_from(with_values(values))


def test_a_finding_carries_the_line_of_its_key(write: Write) -> None:
    text = changed(("crafts: {electrical: 1}", "crafts: {electrical: 0.7}"))
    path = write("my.yaml", text)
    with refused(
        f"my.yaml:{line_of(text, 'crafts:')}: sectors.gas.labour.crafts: shares add up to 0.7; "
        "accepted: shares that add up to 1"
    ):
        load(path)


def test_cross_checks_run_on_sound_sections_beside_broken_ones() -> None:
    values = {"pipelines.gas.sector": "gaz", "programme.envelope_usd_bn": "many"}
    with refused(
        "<tree>: pipelines.gas.sector: there is no sector gaz (did you mean gas?); accepted: gas",
        "<tree>: programme.envelope_usd_bn: 'many' is not a number; accepted: a number >= 0",
    ):
        from_tree(with_values(values))


def test_a_chain_of_counting_is_refused() -> None:
    tree = minimal_tree()
    projects = tree["portfolio"]["projects"]
    projects["B-01"] = {**projects["A-01"], "counted_in": "A-01"}
    projects["C-01"] = {**projects["A-01"], "counted_in": "B-01"}
    with refused(
        "<tree>: portfolio.projects.C-01.counted_in: B-01 itself counts in A-01; accepted: a "
        "project that counts in no other"
    ):
        from_tree(tree)


SOUND: dict[str, dict[str, Any]] = {
    "labour of nobody needs no shares": {
        "sectors.gas.labour": {"labour_years_per_usd_bn": 0, "specialist_share": 0, "crafts": {}}
    },
    "as_of before the start when history is ignored": {"programme.as_of": "2025-01-01"},
    "carried money grows until a part fits": {
        "capacity.facilities.jbic.cash": {**MONEY, "carry_over": True},
        "policy.calls.draw": "block",
    },
    "parts are drawn over years": {"capacity.facilities.jbic.cash": MONEY},
    "one slice at selection": {"policy.calls.slices": WHOLE["slices"]},
    "money called exactly as it is spent": {"policy.calls.slices.second.trigger": "progress 0.5"},
    "a record that just fits the envelope": {
        "programme.history": "recorded",
        "programme.as_of": "2026-03-01",
        "portfolio.projects.A-01.selected_date": "2026-03-01",
        "programme.envelope_usd_bn": 10,
    },
    "an unlimited pool beside a gap": {
        "capacity.specialists.pools.electrical.unlimited": True,
        "capacity.specialists.pools.electrical.gap_share": 1,
        "capacity.specialists.gap.people": 1_500_000,
    },
    "recorded dates are facts even where history is ignored": {
        "portfolio.projects.A-01.selected_date": "2027-03-01"
    },
}


@pytest.mark.parametrize("case", SOUND)
def test_what_looks_odd_but_can_hold_is_accepted(case: str) -> None:
    config_from(with_values(SOUND[case]))


def test_bounds_and_means_of_distributions() -> None:
    """Closed forms; the lognormal by its percentiles, z(0.9) = 1.281552."""
    lognormal = Lognormal(kind="lognormal", p10=2.0, p90=8.0)
    assert support(lognormal) == (0, float("inf"))
    sigma = 1.3862943611198906 / (2 * 1.2815515655446004)  # ln 4 over twice z(0.9)
    assert mean(lognormal) == pytest.approx(4 * 2.718281828459045 ** (sigma**2 / 2), rel=1e-12)
    assert mean(Lognormal(kind="lognormal", mean=7.0, sigma=0.5)) == pytest.approx(7, rel=1e-12)
    usual = {"kind": "triangular", "low": 0, "mode": 2, "high": 4}
    bad = {"kind": "empirical", "values": [8, 12], "weights": [3, 1]}
    mixture = Mixture.model_validate(
        {"kind": "mixture", "components": {
            "usual": {"weight": 0.75, "distribution": usual},
            "bad": {"weight": 0.25, "distribution": bad},
        }}
    )  # fmt: skip
    assert support(mixture) == (0, 12)
    assert mean(mixture) == pytest.approx(0.75 * 2 + 0.25 * 9)
