"""Projects for hand-worked tests of gates and hazards: constants only, in days.

Everything starts on Thursday 1 January 2026. What has no friction of its own takes no time.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from support.chains import chain_of
from support.configs import config_from
from support.hand_runs import DAY, Run, bare_tree, constant, same, yearly

from sim.engine import simulate
from sim.events import LEDGER_CAUSES, Kind
from sim.plan import Plan
from sim.results.ledger.charging import charge
from sim.world import draw_world, pin_history

NEVER = 1e12  # days of exposure that no run meets
MILESTONES = tuple(
    Kind(kind)
    for kind in (
        *range(Kind.SELECTED, Kind.LAPSED), Kind.CALL_PAID, Kind.PERMITS_GRANTED,
        *range(Kind.NTP_ISSUED, Kind.WAIT_BEGAN), *range(Kind.EQUIPMENT_ORDERED, len(Kind)),
    )
)  # fmt: skip
PAID = {"selected_date": "2026-01-05", "first_paid_date": "2026-01-20"}
SITE = (Kind.BUILDING_BEGAN, Kind.BUILDING_STOPPED, Kind.UNIT_BUILT, Kind.BUILT)


def one(day: str = "2026-01-01", bn: float = 1, **row: Any) -> dict[str, Any]:
    """A row of the portfolio."""
    return {"announced_usd_bn": bn, "proposed_date": day, **row}


def months(days: float) -> dict[str, Any]:
    """A constant of so many days, for a key in months."""
    return constant(days / 30.4375)


def plants(build_days: float = 100, interval_days: float = 0, **projects: Any) -> dict[str, Any]:
    """A bare programme whose plants take ``build_days`` for a unit; later units follow."""
    tree = bare_tree(**projects)
    tree["sectors"]["gas"]["construction"].update(
        outcome_months=months(build_days), nominal_months=build_days / 30.4375,
        unit_interval_months=interval_days / 30.4375,
    )  # fmt: skip
    return tree


def one_crew(tree: dict[str, Any]) -> dict[str, Any]:
    """One crew for all: every project of a billion needs all its 100 people."""
    days = tree["sectors"]["gas"]["construction"]["nominal_months"] * 30.4375
    tree["sectors"]["gas"]["labour"].update(
        labour_years_per_usd_bn=100 * days / 365.25, specialist_share=1
    )
    tree["capacity"]["specialists"]["pools"]["electrical"]["people_at_start"] = 100
    return tree


def machines(
    tree: dict[str, Any], delivery_days: float, gate: float, slots: Any = "unlimited",
    reserved: dict[str, dict[str, int]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Every unit needs one turbine at ``gate`` of its own building; ``slots`` from 2026 on."""
    if isinstance(slots, list):
        years = {str(2026 + k): n for k, n in enumerate(slots)}
        slots = {"first_year": slots[0], "per_year": years}
    maker = {"label": "Turbines", "slots": slots, "reserved": reserved or {}}
    tree["capacity"]["equipment"] = {"turbines": maker}
    tree["sectors"]["gas"]["equipment"] = {
        "turbines": {"delivery_months": months(delivery_days), "gate_progress": gate}
    }
    return tree


def grid(tree: dict[str, Any], connection_days: float, per_year: Any = "unlimited", sector="gas",
         role: str = "load") -> dict[str, Any]:  # fmt: skip
    """A sector on the grid of one region, where ``per_year`` megawatts come from 2026 on."""
    if isinstance(per_year, list):
        years = {str(2026 + k): n for k, n in enumerate(per_year)}
        per_year = {"first_year": per_year[0], "per_year": years, "carry_over": True}
    region = {"label": "Everywhere", "states": [], "additions_mw": per_year}
    tree["capacity"]["power"] = {"elsewhere": "all", "regions": {"all": region}}
    tree["sectors"][sector]["power"] = {
        "role": role, "mw_per_usd_bn": 0, "connection_months": months(connection_days)
    }  # fmt: skip
    return tree


def cash_on_1_april(tree: dict[str, Any], first_bn: float, bn: float = 50) -> dict[str, Any]:
    """Money for ``first_bn`` until the fiscal year begins on 1 April (day 90), then plenty."""
    tree["capacity"]["facilities"]["jbic"]["cash"] = yearly(
        first_year=first_bn, per_fiscal_year={"2026": bn}
    )
    return tree


def halves(tree: dict[str, Any], trigger: str = "progress 0.5") -> dict[str, Any]:
    """Two calls of a half each."""
    tree["policy"]["calls"]["slices"] = {
        "one": {"share": 0.5, "trigger": "selection"},
        "two": {"share": 0.5, "trigger": trigger},
    }
    return tree


def hazards(tree: dict[str, Any], pause_days: float = 0, **regime: Any) -> dict[str, Any]:
    """One pause and one cancellation a day of exposure: thresholds count days. ``run_struck``."""
    rates = {"pauses_per_year": 365.25, "cancellations_per_year": 365.25}
    tree["nature"]["hazards"] = {
        "before_building": rates, "building": rates, "pause_months": months(pause_days),
    }  # fmt: skip
    if regime:
        shock = {"label": "Shock", "probability_per_year": 0.5, **regime}
        tree["nature"]["regime"] = shock
    return tree


def recorded(tree: dict[str, Any]) -> Run:
    """A run whose draws are conditioned on what is on record."""
    config = config_from(tree)
    plan = Plan.of(config)
    world = pin_history(plan.nature, draw_world(plan.nature, 1, 0))
    return Run(config, plan, world, simulate(plan, world))


def exposed(days: float) -> float:
    """The threshold met at the end of so many days of exposure, and not a minute later."""
    return days - 0.25 / DAY


def run_struck(
    tree: dict[str, Any], pauses: dict[str, list[tuple[float, float]]] | None = None,
    cancels: dict[str, float] | None = None, seed: int = 1, **drawn: Any,
) -> Run:  # fmt: skip
    """Run with hazards where they are put, and nowhere else.

    ``pauses`` lists by project the days of exposure before each pause, counted from the one before,
    and the days it takes; ``cancels`` gives the days of exposure before a cancellation.
    """
    config = config_from(tree)
    plan = Plan.of(config)
    world = draw_world(plan.nature, seed, 0)
    ids = [plan.names.projects[entity] for entity in world.entity]
    threshold, length = world.pause_threshold.copy(), world.pause_length.copy()
    threshold[:], cancel = NEVER, np.full(len(ids), NEVER)
    for name, planned in (pauses or {}).items():
        for visit, (after, days) in enumerate(planned):
            threshold[ids.index(name), visit] = exposed(after)
            if visit < length.shape[1]:  # one threshold more than pauses
                length[ids.index(name), visit] = round(days * DAY)
    for name, after in (cancels or {}).items():
        cancel[ids.index(name)] = exposed(after)
    forced = {"pause_threshold": threshold, "pause_length": length, "cancel_threshold": cancel}
    world = replace(world, **{**forced, **drawn})
    return Run(config, plan, world, simulate(plan, world))


def row_of(it: Run, project: str) -> int:
    return it.ids.index(project)


def chain(it: Run, project: str = "A") -> list[tuple[str, str, str]]:
    """The delay ledger's chain in dates; it must add up from proposal to the end, and to the row of
    the ledger."""
    row = row_of(it, project)
    segments = chain_of(it.left, row)
    minutes = dict.fromkeys(LEDGER_CAUSES, 0)
    for before, after in pairwise(segments):
        assert before.end == after.begin, (before, after)
    for segment in segments:
        minutes[segment.cause] += segment.end - segment.begin
    same(minutes, dict(zip(LEDGER_CAUSES, charge(it.left).minutes[row].tolist(), strict=True)))
    assert segments[0].begin == it.when(Kind.PROPOSED)[project]
    ends = it.when(Kind.OPERATING) | it.when(Kind.CANCELLED) | it.when(Kind.LAPSED)
    assert segments[-1].end == ends.get(project, it.left.end_minute)
    return [(s.cause, short(it, s.begin), short(it, s.end)) for s in segments]


def short(it: Run, minute: int) -> str:
    """Date, and time of day where it is not midnight."""
    stamp = it.stamp(minute)
    return stamp.removesuffix(" 00:00")


def hidden(it: Run, project: str = "A") -> dict[str, float]:
    """Days off the chain by cause, where there are any."""
    row = charge(it.left).hidden[row_of(it, project)]
    return {
        cause: minutes / DAY
        for cause, minutes in zip(LEDGER_CAUSES, row.tolist(), strict=True)
        if minutes
    }


def rates(it: Run) -> dict[int, float]:
    """Share of the wanted people the programme gets, by minute of change, in the one pool."""
    market = it.left.market
    found: dict[int, float] = {}
    for time, wanted, granted in zip(
        market.time.tolist(), market.wanted.tolist(), market.granted.tolist(), strict=True
    ):
        found[time] = granted / wanted if wanted else 0.0
    return found
