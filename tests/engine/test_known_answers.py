"""Queues, shared pools and yearly money against answers known from elsewhere.

See docs/model.md, "Known answers".

A config strips the programme down to one queue; the very draws of the world then go through an
independent recursion of ten lines (``queueing.py``), which must agree for everybody, to the minute.
The recursion itself is held against the theory at length. Money by fiscal year is a table worked
out by hand. What is asserted stands in ``check_...`` functions, so that the small faults below can
show that small faults in the engine do not get past them.
"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from functools import partial
from math import ceil
from typing import Any

import numpy as np
import pytest
import story_faults as faults
from hypothesis import example, given, settings
from hypothesis import strategies as st
from queueing import (
    kiefer_wolfowitz,
    mg1_wait,
    mm1_wait_standard_error,
    mmc_wait,
    shared_pool,
)
from support.configs import config_from
from support.hand_runs import DAY, NOTHING, bare_tree, constant, pipeline, run, same, table, yearly
from support.small_faults import caught, label

from sim.engine import simulate
from sim.events import Kind
from sim.plan import Plan
from sim.world import draw_world

# -- Teams, agencies and desks are queues with several servers -------------------------------------


LONG = {"kind": "lognormal", "mean": 1, "sigma": 1.2}
SERVERS = {
    # What queues, and how its service is drawn: a distribution of mean 1, in the unit of its key.
    "teams": (Kind.SCREENING_BEGAN, Kind.SCREENING_ENDED),
    "agency": (None, Kind.PERMIT_WORK_ENDED),
    "desks": (Kind.APPRAISAL_BEGAN, Kind.APPRAISAL_ENDED),
}


def scaled(law: dict[str, Any], factor: float) -> dict[str, Any]:
    return {k: v * factor if k in ("mean", "value") else v for k, v in law.items()}


def servers_tree(
    where: str, servers: int, law: dict[str, Any], load: float, per_year: float
) -> dict[str, Any]:
    """Poisson arrivals at one queue whose servers are busy ``load`` of the time."""
    tree = bare_tree()
    tree["pipelines"] = {"p": pipeline(arrivals_per_year=per_year, maximum=600)}
    days = scaled(law, load * servers * 365.25 / per_year)
    gas, capacity = tree["sectors"]["gas"], tree["capacity"]
    if where == "teams":
        gas["screening_days"] = days
        capacity["teams"]["count"] = servers
    elif where == "agency":
        gas["permits"].update(work_months=scaled(days, 1 / 30.4375), agency="bureau")
        capacity["agencies"] = {"bureau": {"label": "Bureau", "count": servers}}
    else:
        tree["nature"]["appraisal_days"]["jbic"] = days
        capacity["facilities"]["jbic"]["desks"] = servers
    return tree


def check_servers(where: str, servers: int, law: dict[str, Any], load: float, seed: int) -> None:
    """Every begin and end agrees with the Kiefer-Wolfowitz recursion on the same draws."""
    it = run(servers_tree(where, servers, law, load, per_year=120), seed)
    services = {
        "teams": it.world.screening[:, 0],
        "agency": it.world.permit_work,
        "desks": it.world.appraisal[:, 0, 0],
    }[where]
    arrivals = it.world.proposed.tolist()
    begins = kiefer_wolfowitz(arrivals, services.tolist(), servers)
    ends = [begin + service for begin, service in zip(begins, services.tolist(), strict=True)]
    assert len(arrivals) > 250
    assert sum(b > a for a, b in zip(arrivals, begins, strict=True)) > len(arrivals) / 4
    # What is still before the teams at the deadline lapses; permits and appraisals go on.
    stop = it.plan.deadline_minute if where == "teams" else it.plan.end_minute
    began, ended = SERVERS[where]
    if began is not None:
        expected = {k: t for k, t in zip(it.ids, begins, strict=True) if t < stop}
        same(it.when(began), expected)
    expected = {k: t for k, t in zip(it.ids, ends, strict=True) if t < stop}
    same(it.when(ended), expected)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("servers", [1, 2, 5])
@pytest.mark.parametrize("where", ["teams", "agency", "desks"])
def test_every_customer_of_a_queue_agrees_with_the_kiefer_wolfowitz_recursion(where, servers, seed):
    check_servers(where, servers, LONG, 0.95, seed)


@pytest.mark.parametrize("servers", [1, 2, 5])
def test_exponential_and_constant_screening_agree_with_the_recursion_too(servers):
    check_servers("teams", servers, {"kind": "exponential", "mean": 1}, 0.9, seed=servers)
    check_servers("teams", servers, constant(1), 0.97, seed=servers)


def ties_tree(servers: int, days: float) -> dict[str, Any]:
    """Three pipelines propose at 00:00 of the same twenty days, every fifth day."""
    tree = bare_tree()
    tree["sectors"]["gas"]["screening_days"] = constant(days)
    tree["capacity"]["teams"]["count"] = servers
    first = run(bare_tree()).plan.epoch.start
    schedule = [(first + timedelta(days=5 * k)).isoformat() for k in range(20)]
    tree["pipelines"] = {name: pipeline(schedule=schedule, maximum=20) for name in ("c", "a", "b")}
    return tree


def check_ties(servers: int, days: int) -> None:
    """At a tie the ordinal decides: by id among those proposed in one minute."""
    it = run(ties_tree(servers, days))
    arrivals = [DAY * 5 * k for k in range(20) for _ in "abc"]
    ids = [f"{name}-{k + 1:03d}" for k in range(20) for name in "abc"]
    begins = kiefer_wolfowitz(arrivals, [days * DAY] * 60, servers)
    same(it.when(Kind.SCREENING_BEGAN), dict(zip(ids, begins, strict=True)))
    ends = [begin + days * DAY for begin in begins]
    same(it.when(Kind.SCREENING_ENDED), dict(zip(ids, ends, strict=True)))


@pytest.mark.parametrize(("servers", "days"), [(1, 2), (2, 2), (2, 3), (5, 10)])
def test_at_a_tie_the_lower_ordinal_comes_first(servers, days):
    check_ties(servers, days)


def check_changing_teams() -> None:
    """By hand: two teams, one from day 10, three from day 40; every screening takes 15 days.

    All five are proposed on day 0. a and b begin on day 0 and are not interrupted on day 10. Both
    end on day 15; only c may begin. c ends on day 30, d begins, and on day 40 e begins beside it.
    """
    tree = bare_tree(**{
        name: {"announced_usd_bn": 1, "proposed_date": "2026-01-01"} for name in "abcde"
    })  # fmt: skip
    tree["sectors"]["gas"]["screening_days"] = constant(15)
    tree["capacity"]["teams"]["count"] = {"2026-01-01": 2, "2026-01-11": 1, "2026-02-10": 3}
    it = run(tree)
    days = {"a": 0, "b": 0, "c": 15, "d": 30, "e": 40}
    same(it.when(Kind.SCREENING_BEGAN), {k: day * DAY for k, day in days.items()})
    same(it.when(Kind.SCREENING_ENDED), {k: (day + 15) * DAY for k, day in days.items()})


def test_a_shrinking_capacity_withholds_new_starts_and_interrupts_nobody():
    check_changing_teams()


# -- The recursions against theory, at length ------------------------------------------------------

CUSTOMERS = 200_000
SERVICE: dict[str, Any] = {
    # mean 1: how to draw n of them, and the second moment
    "exponential": (lambda g, n: g.exponential(1, n), 2.0),
    "constant": (lambda g, n: np.ones(n), 1.0),
    "uniform": (lambda g, n: g.uniform(0, 2, n), 4 / 3),
    "lognormal": (lambda g, n: g.lognormal(-0.32, 0.8, n), float(np.exp(0.64))),
}


def mean_wait(servers: int, load: float, service: str, seed: int) -> float:
    """Mean wait of many customers in the recursion; services of mean 1."""
    generator = np.random.default_rng(seed)
    arrivals = np.cumsum(generator.exponential(1 / load, CUSTOMERS))
    lengths = SERVICE[service][0](generator, CUSTOMERS)
    begins = kiefer_wolfowitz(arrivals.tolist(), lengths.tolist(), servers)
    return float(np.mean(begins - arrivals))


@pytest.mark.parametrize("load", [0.5, 0.7, 0.8])
def test_mean_waits_of_the_recursion_meet_m_m_1(load):
    """Mean wait rho/(1 - rho); Kleinrock, Queueing Systems I (1975), section 3.2.

    Tolerance: four standard errors by Daley's formula, which is theory too.
    """
    error = mm1_wait_standard_error(load, 1, CUSTOMERS)
    assert mean_wait(1, load, "exponential", seed=11) == pytest.approx(
        load / (1 - load), abs=4 * error
    )


@pytest.mark.parametrize(("servers", "load", "error"), [(2, 1.6, 0.04), (5, 4.0, 0.015)])
def test_mean_waits_of_the_recursion_meet_erlang_c(servers, load, error):
    """Erlang's delay formula (1917); Cooper, Introduction to Queueing Theory (1981), section 3.4.

    Tolerance: four times the ``error`` declared here, the spread of twenty runs of this length
    with other seeds, rounded up once and for all.
    """
    assert mean_wait(servers, load, "exponential", seed=12) == pytest.approx(
        mmc_wait(servers, load, 1), abs=4 * error
    )


@pytest.mark.parametrize(
    ("service", "error"), [("constant", 0.013), ("uniform", 0.018), ("lognormal", 0.06)]
)
def test_mean_waits_of_the_recursion_meet_pollaczek_khinchine(service, error):
    """Pollaczek (1930), Khinchine (1932); Kleinrock I, section 5.7. Tolerance as above."""
    assert mean_wait(1, 0.7, service, seed=13) == pytest.approx(
        mg1_wait(0.7, 1, SERVICE[service][1]), abs=4 * error
    )


@pytest.mark.parametrize(
    ("service", "error"), [("exponential", 0.04), ("constant", 0.03), ("lognormal", 0.05)]
)
def test_mean_sojourns_of_the_shared_pool_meet_processor_sharing(service, error):
    """One crew of people, sites of one need: M/G/1-PS, mean sojourn E[S]/(1 - rho) whatever G.

    Source: Sakata, Noguchi & Oizumi, An analysis of the M/G/1 queue under round-robin scheduling,
    Operations Research 19 (1971); Kleinrock, Queueing Systems II (1976), section 4.4. Load 0.5,
    20,000 sites; tolerance as above.
    """
    generator, count = np.random.default_rng(14), 20_000
    arrivals = np.cumsum(generator.exponential(2, count)).tolist()
    works = SERVICE[service][0](generator, count).tolist()
    built = shared_pool(arrivals, works, [1] * count, [(0, 1)], whole=lambda end: end)
    assert np.mean(np.array(built) - arrivals) == pytest.approx(2, abs=4 * error)


REPLICATIONS = 200
SERVICE_DAYS = 20


@pytest.mark.parametrize(
    "law", [{"kind": "exponential", "mean": 1}, {"kind": "lognormal", "mean": 1, "sigma": 0.6}]
)
def test_unlimited_teams_are_occupied_like_m_g_infinity(law):
    """Engine, not recursion: teams at work are Poisson of mean (arrival rate) x E[S], whatever G.

    Source: Takacs, Introduction to the Theory of Queues (1962), chapter 3. One arrival a day and
    20 days each; looked at on day 180, when less than 1e-3 of the mean is still to come. Tolerance
    four standard errors by theory: sqrt(m / n) for the mean and, for variance over mean, that of a
    chi-square, sqrt(2 / (n - 1)).
    """
    tree = bare_tree()
    tree["programme"].update(deadline="2026-06-30", end="2026-06-30", run_out="2026-07-31")
    tree["pipelines"] = {"p": pipeline(arrivals_per_year=365.25, maximum=300)}
    gas = tree["sectors"]["gas"]
    gas["screening_days"] = scaled(law, SERVICE_DAYS)
    gas["prospects_share"] = NOTHING  # rejected after the first screening: the rest is not asked
    tree["policy"]["screening"]["max_rounds"] = 1
    plan = Plan.of(config_from(tree))
    teams, busy = plan.resource["teams"], []
    for replication in range(REPLICATIONS):
        trace = simulate(plan, draw_world(plan.nature, 15, replication)).capacity
        mine = trace.resource == teams
        row = np.searchsorted(trace.time[mine], 180 * DAY, side="right") - 1
        busy.append(trace.in_use[mine][row])
    mean = SERVICE_DAYS
    assert np.mean(busy) == pytest.approx(mean, abs=4 * (mean / REPLICATIONS) ** 0.5)
    spread = np.var(busy, ddof=1) / mean
    assert spread == pytest.approx(1, abs=4 * (2 / (REPLICATIONS - 1)) ** 0.5)


# -- Sites share a dedicated pool ------------------------------------------------------------------


def check_shared_pool(people: int, visas: int, seed: int) -> None:
    """Every BUILT agrees with exact steps in fractions: rate min(1, people / people wanted).

    Sizes, and so needs, differ; building times differ; the pool grows on the 1st of each month.
    The recursion is exact. The engine counts work in 2**-36 minute and rounds its rate up to that,
    so an end less than a ten-thousandth of a minute after a whole minute could come out one minute
    early there; with these seeds none does.
    """
    tree = bare_tree()
    tree["pipelines"] = {
        "p": pipeline(
            arrivals_per_year=24, maximum=150,
            cost_usd_bn={"kind": "lognormal", "median": 2, "sigma": 0.7},
        )
    }  # fmt: skip
    months = {"kind": "lognormal", "mean": 12, "sigma": 0.6}
    tree["sectors"]["gas"]["construction"].update(outcome_months=months, nominal_months=12)
    pool = tree["capacity"]["specialists"]["pools"]["electrical"]
    pool.update(people_at_start=people, visas_per_month=visas)
    it = run(tree, seed)
    world, plan = it.world, it.plan
    supply = [
        (minute, Fraction(1000 * (people + visas * month)))
        for month, minute in enumerate(plan.specialists.months)
    ]
    ends = shared_pool(
        world.proposed.tolist(),
        [Fraction(work) for work in world.build.tolist()],
        world.specialists[:, 0].tolist(),
        supply,
    )
    same(it.when(Kind.NTP_ISSUED), dict(zip(it.ids, world.proposed.tolist(), strict=True)))
    expected = {k: end for k, end in zip(it.ids, ends, strict=True) if end < plan.end_minute}
    assert len(expected) > 40
    taken = np.array(ends) - world.proposed
    assert np.sum(taken > 1.5 * world.build) > len(expected) / 4
    same(it.when(Kind.BUILT), expected)


@pytest.mark.parametrize(("people", "visas"), [(20_000, 0), (10_000, 100), (500, 400)])
@pytest.mark.parametrize("seed", [1, 2])
def test_sites_of_one_craft_share_a_pool_exactly_as_the_closed_form_says(people, visas, seed):
    check_shared_pool(people, visas, seed)


@settings(max_examples=40, derandomize=True)
@example(work=999_999, people=1000, short=999_999)  # its exact end is 1,999,997.000001
@given(
    work=st.integers(1, 2_000_000), people=st.integers(1, 10_000), short=st.integers(0, 20_000_000)
)
def test_a_site_is_built_in_the_minute_of_its_exact_end_up_to_the_grid_of_its_clock(
    work, people, short
):
    """One site: end = work x wanted / people, rounded up.

    The engine's rate is rounded up to 2**-36, so it is never late, and early by one minute only if
    the exact end lies less than end / (rate x 2**36) after a whole minute.
    """
    wanted = people + short / 1000
    tree = sites_tree(
        {"A": ("2026-01-01", wanted, work / DAY)}, {"craft": people}, {"A": {"craft": 1}}
    )
    it = run(tree)
    assert it.world.build.tolist() == [work]
    rate = Fraction(1000 * people, int(it.world.specialists[0, 0]))
    end = work / rate
    earliest = ceil(end - end / (rate * 2**36))
    built = it.when(Kind.BUILT).get("A", it.plan.end_minute)
    if end < it.plan.end_minute - 1:
        assert earliest <= built <= ceil(end)


def sites_tree(
    sites: dict[str, tuple[str, int, float]],
    pools: dict[str, int],
    shares: dict[str, dict[str, float]],
) -> dict[str, Any]:
    """Sites id -> (proposed, people, days) by sector; ``shares`` names each sector's crafts.

    One project of 1 bn in a sector of its own kind: needs and days are constants.
    """
    tree = bare_tree(**{
        name: {"announced_usd_bn": 1, "proposed_date": day, "sector": name}
        for name, (day, _, _) in sites.items()
    })  # fmt: skip
    gas = tree["sectors"].pop("gas")
    for name, (_, people, days) in sites.items():
        months = days / 30.4375
        tree["sectors"][name] = {
            **gas,
            "construction": {
                **gas["construction"], "outcome_months": constant(months), "nominal_months": 12,
            },
            "labour": {
                "labour_years_per_usd_bn": people, "specialist_share": 1, "crafts": shares[name],
            },
        }  # fmt: skip
    tree["capacity"]["specialists"]["pools"] = {
        name: {"label": name, "kind": "dedicated", "people_at_start": people}
        for name, people in pools.items()
    }
    return tree


def check_two_crafts() -> None:
    """By hand, three sites of 100 days that all start on day 0, pools of 60 and of 100 people.

    E wants 60 electricians, B 60 electricians and 60 pipefitters, P 100 pipefitters.

    - A common rate rises. Electricians bind at 60/120 = 1/2 (pipefitters at 100/160 = 0.625): E and
      B freeze at 1/2. P rises alone: (100 - 30) / 100 = 0.7.
    - P is done after 100 / 0.7 = 142 6/7 days = 205,714.29 minutes, so at minute 205,715.
      Nothing changes for E and B: electricians still bind at 1/2. Both are built on day 200.
    """
    sites = {"E": ("2026-01-01", 60, 100), "B": ("2026-01-01", 120, 100),
             "P": ("2026-01-01", 100, 100)}  # fmt: skip
    shares = {"E": {"electrical": 1}, "B": {"electrical": 0.5, "piping": 0.5}, "P": {"piping": 1}}
    it = run(sites_tree(sites, {"electrical": 60, "piping": 100}, shares))
    same(it.when(Kind.BUILT), {"E": 200 * DAY, "B": 200 * DAY, "P": 205_715})


def check_released_craft() -> None:
    """By hand: a site that ends lifts the rate of one that shares a craft with it.

    Pools of 60 and 60. On day 0 E (60 electricians, 40 days) and B (60 + 60, 100 days) start:
    both at 1/2, so E is built on day 80, when B has 40 days of work behind it. B then runs at 1 and
    would be built on day 140; but on day 100 (2026-04-11) P comes, 120 pipefitters for 30 days. B
    has 60 days behind it. Pipefitters bind at 60 / 180 = 1/3 for both: P is built on day 190, B has
    90 then, runs at 1 again, and is built on day 200.
    """
    sites = {"E": ("2026-01-01", 60, 40), "B": ("2026-01-01", 120, 100),
             "P": ("2026-04-11", 120, 30)}  # fmt: skip
    shares = {"E": {"electrical": 1}, "B": {"electrical": 0.5, "piping": 0.5}, "P": {"piping": 1}}
    it = run(sites_tree(sites, {"electrical": 60, "piping": 60}, shares))
    same(it.when(Kind.BUILT), {"E": 80 * DAY, "P": 190 * DAY, "B": 200 * DAY})


def test_two_crafts_are_shared_by_max_min_filling_as_worked_out_by_hand():
    check_two_crafts()


def test_a_craft_set_free_raises_the_rate_of_its_other_users_at_once():
    check_released_craft()


def check_market_edge(missing: int) -> None:
    """S = O + D - 1, S = O + D, S = O + D + 1, through the engine; docs/model.md, "Specialists".

    Gap 0, so O = S - reference demand all along. A site of D = 100 people against a reference
    demand of 99, 100, 101. One short, the programme gets S D / (O + D) = 10,000 D / 10,001, more
    than S - O = 99: everybody is short by one part in 10,001.
    """
    tree = sites_tree({"A": ("2026-01-01", 100, 100)}, {"craft": 10_000}, {"A": {"craft": 1}})
    pool = tree["capacity"]["specialists"]["pools"]["craft"]
    pool.update(kind="market", reference_demand_people={"2026-01-01": 100 - missing})
    it = run(tree)
    others = 10_000 - 100 + missing
    rate = min(Fraction(1), Fraction(10_000, others + 100))
    same(it.when(Kind.BUILT), {"A": -(-100 * DAY // rate)})
    market = it.left.market
    at_work = market.wanted > 0
    assert set(market.other_demand[at_work]) == {others}
    assert market.granted[at_work] == pytest.approx(float(100 * rate), rel=1e-9)


@pytest.mark.parametrize("missing", [1, 0, -1])
def test_rationing_at_the_edge_of_a_market_pool(missing):
    check_market_edge(missing)


# -- Money by fiscal year: tables worked out by hand -----------------------------------------------

MOVES = (Kind.PART_DRAWN, Kind.CALL_PAID, Kind.CALL_LATE)
CENT = 1e-11  # bn


def money_tree(
    projects: dict[str, tuple[str, float]], cash: dict[str, Any] | str, draw: str = "partial"
) -> dict[str, Any]:
    """Projects id -> (day, bn) that call everything at once on that day, due on that day."""
    tree = bare_tree(**{
        name: {"announced_usd_bn": bn, "proposed_date": day} for name, (day, bn) in projects.items()
    })  # fmt: skip
    tree["programme"].update(deadline="2030-12-31", end="2031-12-31")
    tree["capacity"]["facilities"]["jbic"]["cash"] = cash
    tree["policy"]["calls"]["draw"] = draw
    return tree


PROJECTS = {
    "a": ("2026-02-01", 3),  # in the broken first year
    "b": ("2026-04-01", 20),  # due on 1 April, and more than any year brings
    "c": ("2026-04-01", 0.5),  # same due date and notice: after b by ordinal
    "d": ("2028-12-01", 1),
    "e": ("2029-04-01", 4.5),
    "f": ("2029-04-02", CENT),
}

# What is there on 1 April, what is drawn of it and what is left, in bn:
TABLES = {
    # 2026: 10 = a 2 + b 8. 2027: 10 = b 10. 2028: 4 = b 2 + c 0.5, d 1 in December; 0.5 lapse.
    # 2029: 4 = e 4. 2030: 4 = e 0.5 + f one cent.
    ("partial", False): """
        2026-02-01 00:00 a part_drawn jbic_cash 1
        2026-02-02 00:00 a call_late jbic_cash funding_money 2
        2026-04-01 00:00 a part_drawn jbic_cash 2
        2026-04-01 00:00 b part_drawn jbic_cash 8
        2026-04-01 00:00 a call_paid 3
        2026-04-02 00:00 b call_late jbic_cash funding_money 12
        2026-04-02 00:00 c call_late jbic_cash funding_money 0.5
        2027-04-01 00:00 b part_drawn jbic_cash 10
        2028-04-01 00:00 b part_drawn jbic_cash 2
        2028-04-01 00:00 c part_drawn jbic_cash 0.5
        2028-04-01 00:00 b call_paid 20
        2028-04-01 00:00 c call_paid 0.5
        2028-12-01 00:00 d part_drawn jbic_cash 1
        2028-12-01 00:00 d call_paid 1
        2029-04-01 00:00 e part_drawn jbic_cash 4
        2029-04-02 00:00 e call_late jbic_cash funding_money 0.5
        2029-04-03 00:00 f call_late jbic_cash funding_money 0.00000000001
        2030-04-01 00:00 e part_drawn jbic_cash 0.5
        2030-04-01 00:00 f part_drawn jbic_cash 0.00000000001
        2030-04-01 00:00 e call_paid 4.5
        2030-04-01 00:00 f call_paid 0.00000000001
    """,
    # As above until 2028; the 0.5 left then are carried: 2029: 4.5 = e 4.5. 2030: f one cent.
    ("partial", True): """
        2026-02-01 00:00 a part_drawn jbic_cash 1
        2026-02-02 00:00 a call_late jbic_cash funding_money 2
        2026-04-01 00:00 a part_drawn jbic_cash 2
        2026-04-01 00:00 b part_drawn jbic_cash 8
        2026-04-01 00:00 a call_paid 3
        2026-04-02 00:00 b call_late jbic_cash funding_money 12
        2026-04-02 00:00 c call_late jbic_cash funding_money 0.5
        2027-04-01 00:00 b part_drawn jbic_cash 10
        2028-04-01 00:00 b part_drawn jbic_cash 2
        2028-04-01 00:00 c part_drawn jbic_cash 0.5
        2028-04-01 00:00 b call_paid 20
        2028-04-01 00:00 c call_paid 0.5
        2028-12-01 00:00 d part_drawn jbic_cash 1
        2028-12-01 00:00 d call_paid 1
        2029-04-01 00:00 e part_drawn jbic_cash 4.5
        2029-04-01 00:00 e call_paid 4.5
        2029-04-03 00:00 f call_late jbic_cash funding_money 0.00000000001
        2030-04-01 00:00 f part_drawn jbic_cash 0.00000000001
        2030-04-01 00:00 f call_paid 0.00000000001
    """,
    # 2026: 1 + 10 = a 3, 8 left, less than b's 20, and c is behind b. 2027: 18. 2028: 22 = b 20
    # + c 0.5, 1.5 left, d 1. 2029: 4.5 = e 4.5. 2030: f one cent.
    ("block", True): """
        2026-02-02 00:00 a call_late jbic_cash funding_money 3
        2026-04-01 00:00 a part_drawn jbic_cash 3
        2026-04-01 00:00 a call_paid 3
        2026-04-02 00:00 b call_late jbic_cash funding_money 20
        2026-04-02 00:00 c call_late jbic_cash funding_money 0.5
        2028-04-01 00:00 b part_drawn jbic_cash 20
        2028-04-01 00:00 c part_drawn jbic_cash 0.5
        2028-04-01 00:00 b call_paid 20
        2028-04-01 00:00 c call_paid 0.5
        2028-12-01 00:00 d part_drawn jbic_cash 1
        2028-12-01 00:00 d call_paid 1
        2029-04-01 00:00 e part_drawn jbic_cash 4.5
        2029-04-01 00:00 e call_paid 4.5
        2029-04-03 00:00 f call_late jbic_cash funding_money 0.00000000001
        2030-04-01 00:00 f part_drawn jbic_cash 0.00000000001
        2030-04-01 00:00 f call_paid 0.00000000001
    """,
    # c passes b on 2026-04-01: 11 = a 3 + c 0.5, 7.5 left. 2027: 17.5. 2028: 21.5 = b 20.
    ("skip", True): """
        2026-02-02 00:00 a call_late jbic_cash funding_money 3
        2026-04-01 00:00 a part_drawn jbic_cash 3
        2026-04-01 00:00 c part_drawn jbic_cash 0.5
        2026-04-01 00:00 a call_paid 3
        2026-04-01 00:00 c call_paid 0.5
        2026-04-02 00:00 b call_late jbic_cash funding_money 20
        2028-04-01 00:00 b part_drawn jbic_cash 20
        2028-04-01 00:00 b call_paid 20
        2028-12-01 00:00 d part_drawn jbic_cash 1
        2028-12-01 00:00 d call_paid 1
        2029-04-01 00:00 e part_drawn jbic_cash 4.5
        2029-04-01 00:00 e call_paid 4.5
        2029-04-03 00:00 f call_late jbic_cash funding_money 0.00000000001
        2030-04-01 00:00 f part_drawn jbic_cash 0.00000000001
        2030-04-01 00:00 f call_paid 0.00000000001
    """,
}


def check_money(draw: str, carry_over: bool) -> None:
    """Every drawing, payment and late flag by the table above; dates and cents exact."""
    it = run(money_tree(PROJECTS, yearly(carry_over), draw))
    same(it.lines(*MOVES), table(TABLES[draw, carry_over]))


@pytest.mark.parametrize(("draw", "carry_over"), TABLES)
def test_yearly_money_is_drawn_as_the_table_worked_out_by_hand_says(draw, carry_over):
    check_money(draw, carry_over)


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        # 2026: the 1 of the broken year has lapsed; 10 = a 3, 7 left, less than b's 9: c waits too.
        # 2027: 10 = b 9 + c 0.5.
        ("block", {"a": "2026-04-01", "b": "2027-04-01", "c": "2027-04-01"}),
        # 2026: 10 = a 3 + c 0.5, 6.5 lapse. 2027: 10 = b 9.
        ("skip", {"a": "2026-04-01", "b": "2027-04-01", "c": "2026-04-01"}),
    ],
)
def test_parts_drawn_whole_wait_for_a_year_that_holds_them(draw, expected):
    projects = {"a": ("2026-02-01", 3), "b": ("2026-04-01", 9), "c": ("2026-04-01", 0.5)}
    it = run(money_tree(projects, yearly(per_fiscal_year={"2026": 10}), draw))
    assert {k: it.stamp(t) for k, t in it.when(Kind.CALL_PAID).items()} == {
        k: f"{day} 00:00" for k, day in expected.items()
    }


def check_yen() -> None:
    """Yen become dollars at the rate in force on 1 April, cut to whole cents; held cents by hand.

    2026: 1,500 bn / 150 = 10 bn. The rate of October 2026 waits for nobody, for 2027 it is 125:
    1,500 / 125 = 12. 2028: the rate of 2 April comes a day late: 1,000 / 125 = 8. 2029: 1,000 / 200
    = 5. 2030: 1,000 / 147.9 = 6.76132521974 30... bn. The broken year: 150 / 150 = 1 bn on day one.
    """
    money = yearly(
        currency="jpy", first_year=150,
        per_fiscal_year={"2026": 1500, "2028": 1000},
    )  # fmt: skip
    projects = {"a": ("2026-01-01", 1), "b": ("2026-03-31", 22), "c": ("2028-04-02", 8 - CENT)}
    tree = money_tree(projects, money)
    tree["programme"].update(end="2031-03-31", run_out="2031-03-31")
    tree["capacity"]["yen_per_usd"] = {
        "2026-01-01": 150, "2026-10-01": 160, "2027-04-01": 125, "2028-04-02": 200,
        "2030-04-01": 147.9,
    }  # fmt: skip
    it = run(tree)
    expected = """
        2026-04-01 00:00 - capacity_changed jbic_cash 1000000000000
        2027-04-01 00:00 - capacity_changed jbic_cash 1200000000000
        2028-04-01 00:00 - capacity_changed jbic_cash 800000000000
        2029-04-01 00:00 - capacity_changed jbic_cash 500000000000
        2030-04-01 00:00 - capacity_changed jbic_cash 676132521974
    """
    same(it.lines(Kind.CAPACITY_CHANGED), table(expected))
    expected = """
        2026-01-01 00:00 a part_drawn jbic_cash 1
        2026-04-01 00:00 b part_drawn jbic_cash 10
        2027-04-01 00:00 b part_drawn jbic_cash 12
        2028-04-02 00:00 c part_drawn jbic_cash 7.99999999999
    """
    same(it.lines(Kind.PART_DRAWN), table(expected))


def test_yen_are_converted_at_the_rate_in_force_on_the_first_of_april():
    check_yen()


def test_a_programme_that_starts_on_the_first_of_april_lives_its_first_year_on_first_year():
    """``first_year`` is what is left of the fiscal year of the start, here all of 2026."""
    tree = money_tree({"a": ("2026-04-01", 12)}, yearly())
    tree["programme"].update(start="2026-04-01", as_of="2026-04-01")
    it = run(tree)
    expected = """
        2026-04-01 00:00 a part_drawn jbic_cash 1
        2027-04-01 00:00 a part_drawn jbic_cash 10
        2028-04-01 00:00 a part_drawn jbic_cash 1
    """
    same(it.lines(Kind.PART_DRAWN), table(expected))


def check_commitments() -> None:
    """By hand: 10 bn may be committed a year, cash is unlimited; every project calls two halves.

    A (8 bn) reserves 8 on 1 May and draws 4. B (6 bn) reserves the 2 left a day later, the other 4
    on 1 April 2027, and is paid its first half then. A's second call, at half of its 100 days, is
    paid at once although nothing is left to commit: later draws bypass that queue.
    """
    projects = {"A": ("2026-05-01", 8), "B": ("2026-05-02", 6)}
    tree = money_tree(projects, "unlimited")
    tree["capacity"]["facilities"]["jbic"]["commitments"] = yearly(per_fiscal_year={"2026": 10})
    tree["policy"]["calls"]["slices"] = {
        "one": {"share": 0.5, "trigger": "selection"},
        "two": {"share": 0.5, "trigger": "progress 0.5"},
    }
    tree["sectors"]["gas"]["construction"]["outcome_months"] = constant(100 / 30.4375)
    it = run(tree)
    expected = """
        2026-05-01 00:00 A call_noticed 4
        2026-05-01 00:00 A funds_committed jbic_commitments 8
        2026-05-01 00:00 A call_paid 4
        2026-05-02 00:00 B call_noticed 3
        2026-05-02 00:00 B funds_committed jbic_commitments 2
        2026-06-20 00:00 A call_noticed #1 4
        2026-06-20 00:00 A call_paid #1 4
        2027-04-01 00:00 B funds_committed jbic_commitments 4
        2027-04-01 00:00 B call_paid 3
        2027-05-21 00:00 B call_noticed #1 3
        2027-05-21 00:00 B call_paid #1 3
    """
    same(it.lines(Kind.FUNDS_COMMITTED, Kind.CALL_NOTICED, Kind.CALL_PAID), table(expected))


def test_a_projects_whole_share_is_committed_once_and_later_calls_bypass_that_queue():
    check_commitments()


def check_due_order() -> None:
    """The queue for money goes by due date, whoever was noticed first.

    Windows of 60 days for first calls, 5 for later ones. Q is paid its first half on day 0 with all
    there is, has its permits on day 10 and calls the other half then, due on 16 January. P called
    on 2 January, due on 3 March. On 1 April there are 1.5 bn: 1 for Q, 0.5 for P. A year later P
    gets the other 0.5, may start, and calls and gets its second half in that instant.
    """
    tree = money_tree(
        {"P": ("2026-01-02", 2), "Q": ("2026-01-01", 2)},
        yearly(per_fiscal_year={"2026": 1.5}),
    )
    calls, permits = tree["policy"]["calls"], tree["sectors"]["gas"]["permits"]
    calls.update(first_window_business_days=60, later_window_business_days=5)
    calls["slices"] = {
        "one": {"share": 0.5, "trigger": "selection"},
        "two": {"share": 0.5, "trigger": "ntp"},
    }
    permits["work_months"] = constant(10 / 30.4375)
    it = run(tree)
    expected = """
        2026-01-01 00:00 Q part_drawn jbic_cash 1
        2026-01-01 00:00 Q call_paid 1
        2026-01-17 00:00 Q call_late #1 jbic_cash funding_money 1
        2026-03-04 00:00 P call_late jbic_cash funding_money 1
        2026-04-01 00:00 Q part_drawn #1 jbic_cash 1
        2026-04-01 00:00 P part_drawn jbic_cash 0.5
        2026-04-01 00:00 Q call_paid #1 1
        2027-04-01 00:00 P part_drawn jbic_cash 0.5
        2027-04-01 00:00 P call_paid 1
        2027-04-01 00:00 P part_drawn #1 jbic_cash 1
        2027-04-01 00:00 P call_paid #1 1
    """
    same(it.lines(*MOVES), table(expected))


def test_the_queue_for_money_goes_by_due_date_before_notice():
    check_due_order()


def check_notice_order() -> None:
    """Of two calls due on one day, the one noticed first comes first, not the lower ordinal.

    US calendar, 5 business days. Both are proposed on Friday 9 January. A is screened for a day and
    noticed on Saturday, B is noticed at once: both are due on Friday 16 January. Desks take three
    days for B and two for A, so both come for the money on Monday; there is 1 bn, and B has it.
    """
    tree = money_tree({"A": ("2026-01-09", 1), "B": ("2026-01-09", 1)}, yearly())
    tree["sectors"]["slow"] = {**tree["sectors"]["gas"], "screening_days": constant(1)}
    tree["portfolio"]["projects"]["A"]["sector"] = "slow"
    tree["policy"]["calls"].update(calendar="us", first_window_business_days=5)
    desk = np.zeros((2, 4, 1), np.int64)
    desk[:, 0, 0] = 2 * DAY, 3 * DAY
    it = run(tree, call_desk=desk)
    expected = """
        2026-01-09 00:00 B call_noticed 1
        2026-01-10 00:00 A call_noticed 1
        2026-01-12 00:00 B part_drawn jbic_cash 1
        2026-01-12 00:00 B call_paid 1
        2026-01-17 00:00 A call_late jbic_cash funding_money 1
        2026-04-01 00:00 A part_drawn jbic_cash 1
        2026-04-01 00:00 A call_paid 1
    """
    same(it.lines(Kind.CALL_NOTICED, *MOVES), table(expected))


def test_of_two_calls_due_on_one_day_the_one_noticed_first_comes_first():
    check_notice_order()


def check_split() -> None:
    """A split gives its remainder to its last part: 1 bn and 1 cent, two halves, three lenders.

    Halves: 50,000,000,000 and 50,000,000,001 cents. Of the second 64 % and 28 % are
    32,000,000,000.64 and 14,000,000,000.28: cut to whole cents, and the last lender has the other
    4,000,000,001.
    """
    tree = money_tree({"A": ("2026-01-01", 1 + CENT)}, "unlimited")
    jbic = tree["capacity"]["facilities"]["jbic"]
    tree["capacity"]["facilities"] = {name: jbic for name in ("jbic", "nexi", "equity")}
    tree["policy"]["calls"]["facility_shares"] = {"jbic": 0.64, "nexi": 0.28, "equity": 0.08}
    tree["policy"]["calls"]["slices"] = {
        "one": {"share": 0.5, "trigger": "selection"},
        "two": {"share": 0.5, "trigger": "ntp"},
    }
    for key in ("appraisal_days", "call_desk_days"):
        tree["nature"][key] = {name: NOTHING for name in ("jbic", "nexi", "equity")}
    it = run(tree)
    expected = """
        2026-01-01 00:00 A part_paid jbic_cash 0.32
        2026-01-01 00:00 A part_paid nexi_cash 0.14
        2026-01-01 00:00 A part_paid equity_cash 0.04
        2026-01-01 00:00 A call_paid 0.5
        2026-01-01 00:00 A part_paid #1 jbic_cash 0.32
        2026-01-01 00:00 A part_paid #1 nexi_cash 0.14
        2026-01-01 00:00 A part_paid #1 equity_cash 0.04000000001
        2026-01-01 00:00 A call_paid #1 0.50000000001
    """
    same(it.lines(Kind.PART_PAID, Kind.CALL_PAID), table(expected))


def test_a_split_loses_no_cent_and_gives_its_remainder_to_its_last_part():
    check_split()


def test_a_lender_pays_out_over_all_calls_what_it_committed_to_the_cent():
    """Five calls of 1.23456789012 bn; a remainder in each must not drift from that of the whole.

    JBIC commits 64 %, 79,012,344,967.68 cents cut to ...967, and NEXI the other 44,444,444,045.
    """
    tree = money_tree({"A": ("2026-01-01", 1.23456789012)}, "unlimited")
    jbic, shares = tree["capacity"]["facilities"]["jbic"], {"jbic": 0.64, "nexi": 0.36}
    tree["capacity"]["facilities"] = {name: jbic for name in shares}
    tree["policy"]["calls"]["facility_shares"] = shares
    triggers = ("selection", "ntp", "progress 0.25", "progress 0.5", "progress 0.75")
    tree["policy"]["calls"]["slices"] = {
        f"call_{k}": {"share": share, "trigger": trigger}
        for k, (share, trigger) in enumerate(
            zip((0.06, 0.24, 0.25, 0.25, 0.2), triggers, strict=True)
        )
    }
    tree["nature"]["maxima"]["calls"] = 5
    for key in ("appraisal_days", "call_desk_days"):
        tree["nature"][key] = {name: NOTHING for name in shares}
    it = run(tree)
    log, resource = it.left.log, it.plan.resource
    for lender, cents in (("jbic", 79_012_344_967), ("nexi", 44_444_444_045)):
        committed = log.amount[log.resource == resource[f"{lender}_commitments"]]
        cash = log.resource == resource[f"{lender}_cash"]
        drawn = log.amount[cash & (log.kind == Kind.PART_DRAWN)]
        assert committed.sum() == cents
        assert drawn.sum() == cents, f"{lender} paid {drawn.sum():,.0f} of {cents:,} cents"


def test_a_share_of_a_round_amount_is_round_to_the_cent():
    """57 % of 0.1 bn are 57,000,000 dollars; floats make it 5,699,999,999.999999 cents."""
    tree = money_tree({"A": ("2026-01-01", 0.1)}, "unlimited")
    jbic = tree["capacity"]["facilities"]["jbic"]
    tree["capacity"]["facilities"] = {name: jbic for name in ("jbic", "nexi")}
    tree["policy"]["calls"]["facility_shares"] = {"jbic": 0.57, "nexi": 0.43}
    for key in ("appraisal_days", "call_desk_days"):
        tree["nature"][key] = {name: NOTHING for name in ("jbic", "nexi")}
    expected = """
        2026-01-01 00:00 A part_paid jbic_cash 0.057
        2026-01-01 00:00 A part_paid nexi_cash 0.043
    """
    same(run(tree).lines(Kind.PART_PAID), table(expected))


def test_a_round_inflow_is_round_to_the_cent():
    """0.29 bn are 290,000,000 dollars; floats make it 28,999,999,999.999996 cents."""
    tree = money_tree({"A": ("2026-04-01", 0.29)}, yearly(per_fiscal_year={"2026": 0.29}))
    expected = """
        2026-04-01 00:00 A part_drawn jbic_cash 0.29
    """
    same(run(tree).lines(Kind.PART_DRAWN), table(expected))


def test_a_call_at_a_round_progress_is_noticed_in_its_minute():
    """55 % of 36 months of 43,830 minutes are 867,834; floats make it 867,834.0000000001."""
    tree = money_tree({"A": ("2026-01-01", 1)}, "unlimited")
    tree["sectors"]["gas"]["construction"]["outcome_months"] = constant(36)
    tree["policy"]["calls"]["slices"] = {
        "one": {"share": 0.55, "trigger": "selection"},
        "two": {"share": 0.45, "trigger": "progress 0.55"},
    }
    it = run(tree)
    same(it.when(Kind.CALL_NOTICED, part=1), {"A": 36 * 43_830 * 55 // 100})


# -- Small faults, each caught by a check above: fault, check, and words of what the check then says

TEAMS = partial(check_servers, "teams", 2, LONG, 0.95, 1)
AGENCY = partial(check_servers, "agency", 2, LONG, 0.95, 1)
LAPSING_TABLE = partial(check_money, "partial", False)
CARRIED_TABLE = partial(check_money, "partial", True)
FAULTS = [
    (faults.carry_over_lost, CARRIED_TABLE, "2029-04-01 00:00 e"),
    (faults.carry_over_for_all, LAPSING_TABLE, "e part_drawn jbic_cash 4.5"),
    (faults.inflows_a_day_early, LAPSING_TABLE, "2026-03-31 00:00 a"),
    (faults.yen_at_the_rate_of_the_start, check_yen, "1000000000000' instead of .*1200000000000"),
    (faults.one_cent_lost, check_split, "0.04' instead of .*0.04000000001"),
    (faults.block_lets_smaller_ones_pass, partial(check_money, "block", True), "2026-04-01 .* c"),
    (faults.money_in_order_of(1, 0, 2), check_due_order, "P part_drawn jbic_cash 1"),
    (faults.money_in_order_of(0, 2, 1), check_notice_order, "A part_drawn jbic_cash 1"),
    (faults.later_calls_commit_again, check_commitments, "instead of .*2026-06-20"),
    (faults.five_per_cent_of_a_service, TEAMS, r"p-\d+"),
    (faults.five_per_cent_of_a_service, AGENCY, r"p-\d+"),
    (faults.five_per_cent_of_a_building, check_two_crafts, "'P', 216000"),
    (faults.five_per_cent_of_a_building, partial(check_shared_pool, 20_000, 0, 1), r"p-\d+"),
    (faults.ties_go_to_the_higher_ordinal, partial(check_ties, 2, 2), "'c-001', 0"),
    (faults.the_last_come_is_served_first, TEAMS, r"p-\d+"),
    (faults.a_team_too_many, TEAMS, r"p-\d+"),
    (faults.a_shrinking_capacity_starts_one_more, check_changing_teams, "'d'"),
    (faults.one_rate_for_all_crafts, check_two_crafts, "'P', 288000"),
    (faults.only_what_others_leave, partial(check_market_edge, 1), "'A'"),
    (faults.rates_rounded_down, check_released_craft, "'P', 273601"),
    (faults.people_a_month_late, partial(check_shared_pool, 500, 400, 1), r"p-\d+"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "check", "words"), FAULTS, ids=label)
def test_a_small_fault_is_caught(monkeypatch, fault, check, words):
    caught(monkeypatch, fault, check, words)
