"""``sim explain --tariffs``, worked by hand, and who misses calls."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from made_runs import MadeRun, make_run
from support.configs import config_from
from support.hand_runs import bare_tree, constant, yearly

from sim.errors import DesignError
from sim.report import tell_tariffs
from sim.report.names import calls_name
from sim.study.findings.missed_calls import missed_calls


def plant(day: str, bn: float) -> dict[str, Any]:
    return {"announced_usd_bn": bn, "proposed_date": day}


def missing(**changes: Any) -> dict[str, Any]:
    """A of 2 bn, B of 0.05: due on 10 January, cured by the 13th, money in April 2027 only."""
    tree = bare_tree(A=plant("2026-01-05", 2), B=plant("2026-01-05", 0.05))
    tree["policy"]["calls"].update(first_window_business_days=5, cure_business_days=3)
    tree["capacity"]["facilities"]["jbic"]["cash"] = yearly(
        first_year=0, per_fiscal_year={"2026": 0, "2027": 9}
    )
    enforcement = tree["policy"]["enforcement"]
    enforcement.update(active=True, materiality_usd_bn=0.1)
    enforcement["routes"]["section_301"] = {
        "label": "Section 301", "rates": {"general": 0.3}, "max_duration_days": 60,
    }  # fmt: skip
    tree["nature"]["enforcement"]["route_delay_days"]["section_301"] = constant(120)
    return tree


@cache
def run_of(kind: str) -> MadeRun:
    if kind == "missing":
        return make_run(config_from(missing()), 1)
    tree = bare_tree(A=plant("2026-01-05", 2))
    tree["policy"]["funding"]["response"] = "as_disposed"
    tree["policy"]["calls"]["first_window_business_days"] = 20
    tree["nature"]["funding"]["decline_probability"] = 0.3 if kind == "declining" else 0
    tree["policy"]["enforcement"]["active"] = True
    return make_run(config_from(tree), 6)


TOLD = """\
tree, replication 0: breaches and tariffs
Routes: Section 232 (general 25 %) and Section 301 (general 30 %); a breach
    counts from $0.10 bn on

2026-01-14               A (A): a breach opens over $2.0 bn unpaid of its 1st
                         call ($2.0 bn committed in all), most of it waiting for
                         JBIC's yearly cash; the US threatens higher tariffs
                         over it
2026-01-14               B (B): a breach opens over $0.05 bn unpaid of its 1st
                         call ($0.05 bn committed in all), most of it waiting
                         for JBIC's yearly cash; the US lets it pass: too small
                         to count
2026-02-13  +30 days     A: higher tariffs are ordered over it
2026-05-14  +90 days     A: higher tariffs over it are in force
2026-05-14               tariffs are raised: Section 232; general 15 to 25 %
2026-06-13               another route is in force: Section 301; general 25 to
                         30 %
2026-08-12               no duty stands any more on: Section 301; general 30 to
                         25 %
2027-04-01  +322 days    A: the breach is closed: paid, open for 442 days
2027-04-01  +442 days    B: the breach is closed: paid, open for 442 days
2027-04-01  +322 days    the last duty is down; general 25 to 15 %
2027-05-01               relief is over: a new breach climbs from the foot of
                         its ladder again

In all: 2 breaches, 1 let pass (1 too small to count); tariffs are raised for
    322 days."""


def test_breaches_their_ladders_routes_rates_and_days_are_told_in_order():
    assert tell_tariffs(run_of("missing")) == TOLD


def test_a_replication_without_a_breach_says_so_and_names_one_that_has_one():
    run = run_of("declining")
    having = sorted({int(one) for one in run.events_of("event", "breach_opened")["replication"]})
    assert 0 < len(having) < 6
    without = next(one for one in range(6) if one not in having)
    told = tell_tariffs(run, without)
    some = ", ".join(str(one) for one in having)
    assert f"No breach opens in replication {without}. One opens in {len(having)} of 6" in told
    assert told.endswith(f"{some}\nsim explain nowhere --tariffs --replication {having[0]}")


def test_a_run_without_any_breach_says_so():
    assert tell_tariffs(run_of("funding"), 2).endswith(
        "No breach opens in this run of 6 replications."
    )


def test_a_replication_that_is_not_there_is_refused():
    with pytest.raises(DesignError, match="no replication 6 in this run; accepted: 0 to 5"):
        tell_tariffs(run_of("funding"), 6)


def test_who_misses_calls_is_told_by_lender_sector_and_cause():
    """Two calls, both first ones, both missed for want of JBIC's cash: 2.05 bn in one run."""
    run = run_of("missing")
    rows = missed_calls(run)
    assert [(row.by, row.name, row.which, row.noticed) for row in rows] == [
        ("all", "", "first", 2), ("lender", "jbic", "first", 2), ("sector", "gas", "first", 2),
        ("cause", "funding_money", "first", 2),
    ]  # fmt: skip
    for row in rows:
        assert row.missed.estimate == row.late.estimate == 2
        assert row.runs.estimate == 1
        assert row.unpaid_usd_bn == pytest.approx(2.05, abs=1e-12)
    names = ["All", "JBIC owes most", "Gas power", "for a lender's yearly cash"]
    assert [calls_name(row, run.config) for row in rows] == names


def test_first_and_later_calls_are_told_apart():
    """1 bn for the first half, which is paid in time; nothing for the second before 2027."""
    tree = missing()
    del tree["portfolio"]["projects"]["B"]
    tree["policy"]["calls"]["slices"] = {
        "one": {"share": 0.5, "trigger": "selection"},
        "two": {"share": 0.5, "trigger": "progress 0.5"},
    }
    tree["capacity"]["facilities"]["jbic"]["cash"]["first_year"] = 1
    rows = missed_calls(make_run(config_from(tree), 1))
    assert {row.which for row in rows} == {"later"}
    assert [row.missed.estimate for row in rows] == [1] * len(rows)


def test_a_call_missed_for_something_else_than_it_was_late_for_has_a_row_of_its_own():
    """Late on 10 January, waiting for the desk until the 12th; missed for want of cash."""
    tree = missing()
    tree["nature"]["call_desk_days"]["jbic"] = constant(7)
    rows = missed_calls(make_run(config_from(tree), 1))
    found = {
        row.name: (row.late.estimate, row.missed.estimate) for row in rows if row.by == "cause"
    }
    assert found == {"funding_desk": (2, 0), "funding_money": (0, 2)}


def test_what_a_lender_signs_no_more_is_told_as_the_reason():
    tree = bare_tree(A=plant("2026-01-05", 2))
    tree["capacity"]["facilities"]["jbic"] |= {
        "commitments": yearly(first_year=1), "signs_until": "2026-02-15", "unsigned": "decline",
    }  # fmt: skip
    tree["programme"]["deadline"] = "2026-02-10"
    told = " ".join(tell_tariffs(make_run(config_from(tree), 1)).split())
    assert "2026-02-16 A (A): a breach opens over $2.0 bn: a lender signs no more" in told


def ended(acted_on: float) -> str:
    """Two calls due on 10 January 2026, of a lender that has no money from 1 April on."""
    tree = missing()
    tree["capacity"]["facilities"]["jbic"]["cash"] = yearly(
        first_year=0, per_fiscal_year={"2026": 9, "2027": 9}
    )
    tree["policy"]["events"] = {
        "ends": {"label": "It ends", "date": "2026-02-01", "caps_usd_bn": {"jbic_cash": 0}}
    }
    tree["policy"]["enforcement"]["acted_on_probability"]["call_missed"] = acted_on
    return " ".join(tell_tariffs(make_run(config_from(tree), 1), width=500).split())


def test_the_end_of_a_facility_says_what_ends_and_what_is_never_paid():
    told = ended(acted_on=1)
    assert "2026-02-01 It ends (dated event): from then on JBIC has no yearly cash" in told
    assert "tariffs are raised for 3,519 days, and still are when the run ends." in told
    assert told.endswith(
        "Never paid, settled or cured, so open when the run ends: A since 2026-01-14 (3,639 days) "
        "and B since 2026-01-14 (3,639 days)."
    )


def test_a_breach_too_small_is_told_apart_from_one_that_is_not_acted_on():
    told = ended(acted_on=0)
    assert "the US lets it pass: large enough, but not acted on" in told
    assert "2 let pass (1 large enough, but not acted on; 1 too small to count)" in told


def test_a_run_in_which_no_call_is_late_has_no_rows():
    assert missed_calls(run_of("funding")) == []
