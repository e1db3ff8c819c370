"""Responses agree with the events and with the other tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sim.calendars import MINUTES_PER_DAY
from sim.events import CENTS_PER_USD_BN, LEDGER_GROUPS, IntArray, Kind
from sim.results.laws.evidence import Evidence, Violation
from sim.results.laws.tally import (
    NEVER,
    OF_MONTHS,
    Sum,
    Tally,
    milestones_of,
    under_construction,
)
from sim.results.tables.responses import kaplan_meier_median


def outcomes_agree(evidence: Evidence) -> Iterator[Violation]:
    """Responses are what the log adds up to by their dates, and what the other tables say."""
    table, tally, horizon = evidence.tables["outcomes"], Tally(evidence), evidence.measure.horizon
    projects, timeline = evidence.tables["projects"], evidence.tables["timeline"]
    if len(timeline["month"]) != horizon.n_months:
        return  # the law of months says so
    selected = projects["selected_usd_bn"][~np.isnat(projects["selected"])]
    was_selected = ~np.isnat(projects["selected"])
    moments = {
        "by_deadline": horizon.deadline,
        "by_2029_end": horizon.programme_end,
        "by_end": evidence.end,
    }
    instants = np.array(list(moments.values()))
    found: dict[str, float] = {"selected_count": len(selected)}
    for name in ("committed", "called", "paid", "completed"):
        sums = tally.before(OF_MONTHS[f"{name}_usd_bn"], instants)
        found |= {f"{name}_usd_bn_{moment}": sums[k] for k, moment in enumerate(moments)}
    for k, moment in enumerate(moments):
        found[f"completed_count_{moment}"] = tally.before(OF_MONTHS["completed_count"], instants)[k]
    envelope = horizon.envelope_cents / CENTS_PER_USD_BN or np.nan
    under = under_construction(evidence, tally, instants)
    built = (Sum((Kind.UNIT_BUILT,), (Kind.UNIT_ENERGISED,)),)
    raised = np.isin(tally.kind, [Kind.TARIFF_RAISED, Kind.TARIFF_RELIEVED])
    signs = np.where(tally.kind[raised] == Kind.TARIFF_RAISED, 1, -1)
    milestones = milestones_of(evidence, tally)
    left = np.where(milestones["declined"] == NEVER, evidence.end, milestones["declined"])
    left = np.where(milestones["cancelled"] == NEVER, left, milestones["cancelled"])
    minutes = horizon.month_end - horizon.month_begin
    wanted = float((timeline["specialists_wanted"] * minutes).sum())
    granted = float((timeline["specialists_granted"] * minutes).sum())
    found |= {
        "spent_usd_bn_by_end": float(projects["spent_usd_bn"].sum()),
        "under_construction_usd_bn_at_deadline": under[0],
        "committed_share_of_envelope": found["committed_usd_bn_by_deadline"] / envelope,
        "paid_share_of_envelope": found["paid_usd_bn_by_deadline"] / envelope,
        "late_calls": int(projects["late_calls"].sum()),
        "missed_calls": int(projects["missed_calls"].sum()),
        "declined_count": int((~np.isnat(projects["declined"])).sum()),
        "cancelled_count": int((~np.isnat(projects["cancelled"])).sum()),
        "paused_count": int((projects["pauses"] > 0).sum()),
        "returned_usd_bn_by_end": float(projects["returned_usd_bn"].sum()),
        "topup_usd_bn_by_end": float(projects["topup_usd_bn"].sum()),
        "built_not_energised_usd_bn_at_2029_end": _dark(tally, built, instants[1:2]),
        "tariff_raised_days": float((signs * (evidence.end - tally.time[raised])).sum()) / 1440,
        "specialists_unfilled_share_mean": (wanted - granted) / wanted if wanted > 0 else np.nan,
        "days_selection_to_ntp_p50": _median(milestones, "selected", "ntp", left),
        "days_proposal_to_operation_p50": _median(milestones, "proposed", "operating", left),
    }
    for group, causes in LEDGER_GROUPS.items():
        days = sum(projects[f"delay_{cause}_days"][was_selected].sum() for cause in causes)
        found[f"delay_{group}_days_mean"] = days / len(selected) if len(selected) else np.nan
    for name, value in found.items():
        was = float(table[name][0])
        if not np.isclose(was, value, rtol=1e-6, atol=1e-7, equal_nan=True):
            yield Violation(-1, -1, f"outcomes: {name} is {was!r}, the events say {value!r}")
    for place, low, high in _around(horizon.month_end, instants[:2]):
        name = f"spent_usd_bn_{list(moments)[place]}"
        spent = np.concatenate([[0.0], timeline["spent_usd_bn"]])
        if not spent[low] - 1e-6 <= table[name][0] <= spent[high] + 1e-6:
            text = f"not between {spent[low]!r} and {spent[high]!r}"
            yield Violation(-1, -1, f"outcomes: {name} is {table[name][0]!r}, {text}")


def _around(month_end: IntArray, instants: IntArray) -> Iterator[tuple[int, int, int]]:
    """Places in (start, *month ends) at or before, and at or after, each instant."""
    for place, instant in enumerate(instants.tolist()):
        after = int(np.searchsorted(month_end, instant, side="left"))
        yield place, after, min(after + 1, len(month_end))


def _dark(tally: Tally, built: tuple[Sum, ...], instant: IntArray) -> float:
    """Built and not energised at an instant, without what was cancelled before it."""
    early = tally.time < instant[0]
    cancelled = tally.row[early & (tally.kind == Kind.CANCELLED)]
    total = 0.0
    for kind, sign in ((Kind.UNIT_BUILT, 1), (Kind.UNIT_ENERGISED, -1)):
        mine = early & (tally.kind == kind) & ~np.isin(tally.row, cancelled)
        total += sign * float(tally.amount[mine].sum())
    return total / CENTS_PER_USD_BN


def _median(milestones: Mapping[str, IntArray], begin: str, end: str, left: IntArray) -> float:
    """Kaplan-Meier median over the selected; censored when declined, cancelled or at the end."""
    among = milestones["selected"] != NEVER
    reached = milestones[end][among]
    seen = reached != NEVER
    days = (np.where(seen, reached, left[among]) - milestones[begin][among]) / MINUTES_PER_DAY
    return kaplan_meier_median(days, seen)
