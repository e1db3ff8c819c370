"""Queues, shared pools and yearly money against answers known from elsewhere. Model section 11.

A config strips the programme down to one queue; the very draws of the world then go through an
independent recursion of ten lines (``queueing.py``), which must agree for everybody, to the minute.
The recursion itself is held against the theory at length. Money by fiscal year is a table worked
out by hand. What is asserted stands in ``check_...`` functions, so that ``test_by_hand.py`` can
show that small faults in the engine do not get past them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest
from queueing import (
    kiefer_wolfowitz,
    mg1_wait,
    mm1_wait_standard_error,
    mmc_wait,
    shared_pool,
)
from support.configs import config_from, minimal_tree

from sim.engine import Model, simulate
from sim.events import CAUSES, KINDS, Kind, Replication
from sim.events.schemas import MONEY_KINDS
from sim.world import World, draw_world, pin_history

DAY = 1440
CENTS_PER_BN = 10**11
NOTHING = {"kind": "constant", "value": 0}


def constant(value: float) -> dict[str, Any]:
    return {"kind": "constant", "value": value}


def bare_tree(**projects: dict[str, Any]) -> dict[str, Any]:
    """A programme without any friction: what is proposed is selected, paid, permitted and built at
    once, until a test puts one thing back. ``projects`` are rows of the portfolio by id."""
    tree = minimal_tree()
    gas, policy, capacity = tree["sectors"]["gas"], tree["policy"], tree["capacity"]
    gas["screening_days"] = gas["revision_days"] = NOTHING
    gas["permits"] = {"starts": "selection", "work_months": NOTHING, "done_share": NOTHING}
    gas["construction"]["outcome_months"] = constant(1 / 30.4375)  # a day; none is refused
    tree["portfolio"]["projects"] = {
        name: {"name": name, "kind": "project", "sector": "gas", "source": "test", **row}
        for name, row in projects.items()
    }
    tree["pipelines"] = {}
    tree["nature"]["appraisal_days"] = {"jbic": NOTHING}
    tree["nature"]["call_desk_days"] = {"jbic": NOTHING}
    calls = policy["calls"]
    calls["calendar"] = "every_day"
    calls["first_window_business_days"] = calls["later_window_business_days"] = 0
    calls["slices"] = {"all": {"share": 1, "trigger": "selection"}}
    policy["enforcement"]["active"] = False
    capacity["teams"]["count"] = capacity["facilities"]["jbic"]["desks"] = "unlimited"
    pool = {"label": "Electricians", "kind": "dedicated", "people_at_start": "unlimited"}
    capacity["specialists"]["pools"] = {"electrical": pool}
    return tree


def pipeline(**settings: Any) -> dict[str, Any]:
    """A generated pipeline of gas plants of 0.1 bn each."""
    small = {"label": "P", "sector": "gas", "cost_usd_bn": constant(0.1)}
    return {**small, "japan_share": constant(1), **settings}


@dataclass(frozen=True)
class Run:
    """A config run in one world."""

    model: Model
    world: World
    left: Replication

    def when(self, kind: Kind, part: int | None = None) -> dict[str, int]:
        """Minute at which each project had its ``kind``, which it must have at most once."""
        log, names, found = self.left.log, self.left.names.projects, {}
        for row in np.flatnonzero(log.kind == kind).tolist():
            if part is None or log.part[row] == part:
                name = names[log.project[row]]
                assert name not in found, f"{name} has {kind.name} twice"
                found[name] = int(log.time[row])
        return found

    @property
    def ids(self) -> list[str]:
        """Projects in ordinal order."""
        return [self.left.names.projects[entity] for entity in self.world.entity]

    def stamp(self, minute: int) -> str:
        day = self.model.epoch.date_of(minute)
        return f"{day} {minute % DAY // 60:02d}:{minute % 60:02d}"

    def lines(self, *kinds: Kind, project: str | None = None) -> list[str]:
        """The log in words: date, project unless one is asked for, event, details, USD bn."""
        log, names, lines = self.left.log, self.left.names, []
        for row in range(len(log.time)):
            kind = Kind(int(log.kind[row]))
            who = names.projects[log.project[row]] if log.project[row] >= 0 else "-"
            if (kinds and kind not in kinds) or (project and who not in (project, "-")):
                continue
            words = [self.stamp(int(log.time[row])), *([] if project else [who]), KINDS[kind]]
            if log.part[row]:
                words.append(f"#{log.part[row]}")
            if log.resource[row] >= 0:
                words.append(names.resources[log.resource[row]])
            if log.cause[row]:
                words.append(CAUSES[log.cause[row]])
            if log.amount[row]:
                amount = Decimal(float(log.amount[row]))
                words.append(f"{(amount / CENTS_PER_BN if kind in MONEY_KINDS else amount).normalize():f}")
            lines.append(" ".join(words))
        return lines


def run(tree: dict[str, Any], seed: int = 1, replication: int = 0) -> Run:
    model = Model(config_from(tree))
    world = pin_history(model.nature, draw_world(model.nature, seed, replication))
    return Run(model, world, simulate(model, world))


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


def check_servers(
    where: str, servers: int, law: dict[str, Any], load: float, seed: int
) -> None:
    """Every begin and end agrees with the Kiefer-Wolfowitz recursion on the same draws."""
    it = run(servers_tree(where, servers, law, load, per_year=120), seed)
    services = {
        "teams": it.world.screening[:, 0],
        "agency": it.world.permit_work,
        "desks": it.world.appraisal[:, 0],
    }[where]
    arrivals = it.world.proposed.tolist()
    begins = kiefer_wolfowitz(arrivals, services.tolist(), servers)
    ends = [begin + service for begin, service in zip(begins, services.tolist(), strict=True)]
    assert len(arrivals) > 250
    assert sum(b > a for a, b in zip(arrivals, begins, strict=True)) > len(arrivals) / 4
    # What is still before the teams at the deadline lapses; permits and appraisals go on.
    stop = it.model.deadline_minute if where == "teams" else it.model.end_minute
    began, ended = SERVERS[where]
    if began is not None:
        expected = {k: t for k, t in zip(it.ids, begins, strict=True) if t < stop}
        assert it.when(began) == expected, "begins differ"
    expected = {k: t for k, t in zip(it.ids, ends, strict=True) if t < stop}
    assert it.when(ended) == expected, "ends differ"


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
    first = run(bare_tree()).model.epoch.start
    schedule = [(first + timedelta(days=5 * k)).isoformat() for k in range(20)]
    tree["pipelines"] = {
        name: pipeline(schedule=schedule, maximum=20) for name in ("c", "a", "b")
    }
    return tree


def check_ties(servers: int, days: int) -> None:
    """At a tie the ordinal decides: by id among those proposed in one minute."""
    it = run(ties_tree(servers, days))
    arrivals = [DAY * 5 * k for k in range(20) for _ in "abc"]
    ids = [f"{name}-{k + 1:03d}" for k in range(20) for name in "abc"]
    begins = kiefer_wolfowitz(arrivals, [days * DAY] * 60, servers)
    assert it.when(Kind.SCREENING_BEGAN) == dict(zip(ids, begins, strict=True)), "begins differ"
    ends = [begin + days * DAY for begin in begins]
    assert it.when(Kind.SCREENING_ENDED) == dict(zip(ids, ends, strict=True)), "ends differ"


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
    assert it.when(Kind.SCREENING_BEGAN) == {k: day * DAY for k, day in days.items()}
    assert it.when(Kind.SCREENING_ENDED) == {k: (day + 15) * DAY for k, day in days.items()}


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
    """Pollaczek (1930), Khinchine (1932); Kleinrock I, section 5.7. Load 0.7; tolerance as above."""
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


REPLICATIONS = 300
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
    model = Model(config_from(tree))
    teams, busy = model.resource["teams"], []
    for replication in range(REPLICATIONS):
        trace = simulate(model, draw_world(model.nature, 15, replication)).capacity
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
    world, model = it.world, it.model
    supply = [
        (minute, Fraction(1000 * (people + visas * month)))
        for month, (minute, _) in enumerate(model.steps)
    ]
    ends = shared_pool(
        world.proposed.tolist(),
        [Fraction(work) for work in world.build.tolist()],
        world.specialists[:, 0].tolist(),
        supply,
    )
    assert it.when(Kind.NTP_ISSUED) == dict(zip(it.ids, world.proposed.tolist(), strict=True))
    expected = {k: end for k, end in zip(it.ids, ends, strict=True) if end < model.end_minute}
    assert len(expected) > 40
    slow = sum(
        end - start > 1.5 * work
        for start, end, work in zip(world.proposed.tolist(), ends, world.build.tolist(), strict=True)
    )
    assert slow > len(expected) / 4
    assert it.when(Kind.BUILT) == expected, "sites differ"


@pytest.mark.parametrize(("people", "visas"), [(20_000, 0), (10_000, 100), (500, 400)])
@pytest.mark.parametrize("seed", [1, 2])
def test_sites_of_one_craft_share_a_pool_exactly_as_the_closed_form_says(people, visas, seed):
    check_shared_pool(people, visas, seed)


def sites_tree(
    sites: dict[str, tuple[str, int, float]], pools: dict[str, int], shares: dict[str, dict[str, float]]
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
    assert it.when(Kind.BUILT) == {"E": 200 * DAY, "B": 200 * DAY, "P": 205_715}


def check_released_craft() -> None:
    """By hand: a site that ends lifts the rate of one that shares a craft with it.

    Pools of 60 and 60. On day 0 E (60 electricians, 40 days) and B (60 + 60, 100 days) start:
    both at 1/2, so E is built on day 80, when B has 40 days of work behind it. B then runs at 1 and
    would be built on day 140; but on day 100 (2026-04-11) P comes, 120 pipefitters for 30 days. B has
    60 days behind it. Pipefitters bind at 60 / 180 = 1/3 for both: P is built on day 190, B has
    90 then, runs at 1 again, and is built on day 200.
    """
    sites = {"E": ("2026-01-01", 60, 40), "B": ("2026-01-01", 120, 100),
             "P": ("2026-04-11", 120, 30)}  # fmt: skip
    shares = {"E": {"electrical": 1}, "B": {"electrical": 0.5, "piping": 0.5}, "P": {"piping": 1}}
    it = run(sites_tree(sites, {"electrical": 60, "piping": 60}, shares))
    assert it.when(Kind.BUILT) == {"E": 80 * DAY, "P": 190 * DAY, "B": 200 * DAY}


def test_two_crafts_are_shared_by_max_min_filling_as_worked_out_by_hand():
    check_two_crafts()


def test_a_craft_set_free_raises_the_rate_of_its_other_users_at_once():
    check_released_craft()


@pytest.mark.parametrize("missing", [1, 0, -1])
def test_rationing_at_the_edge_of_a_market_pool(missing):
    """S = O + D - 1, S = O + D, S = O + D + 1, through the engine; model section 5.

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
    assert it.when(Kind.BUILT) == {"A": -(-100 * DAY // rate)}
    market = it.left.market
    at_work = market.wanted > 0
    assert set(market.other_demand[at_work]) == {others}
    assert market.granted[at_work] == pytest.approx(float(100 * rate), rel=1e-9)
