"""Responses: one number per replication, read from the log and traces at exact minutes.

"By" a date counts what is stamped on it: strictly before 00:00 of the next day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calendars import MINUTES_PER_DAY
from sim.events import CENTS_PER_USD_BN, LEDGER_GROUPS, FloatArray, IntArray, Kind
from sim.results.ledger.charging import Ledger
from sim.results.tables.delays import mean_delays
from sim.results.tables.facts import Facts
from sim.results.tables.projects import NEVER
from sim.results.tables.timeline import Totals, gap_people


@dataclass(frozen=True)
class Response:
    """What a response is counted in, and what it means."""

    unit: str
    description: str


_MOMENTS = {
    "by_deadline": "by the close of the selection deadline",
    "by_2029_end": "by the close of programme.end",
    "by_end": "by the end of the run-out",
}
_AMOUNTS = {
    "committed": "selected amounts less declined ones and what cancellations released",
    "called": "cash calls noticed of the committed amounts",
    "paid": "money drawn of the committed amounts, less what cancelled projects returned",
    "spent": "committed amounts x construction progress",
}


def _describe() -> dict[str, Response]:
    found = {"selected_count": Response("projects", "projects selected, declined ones included")}
    for name, what in _AMOUNTS.items():
        for moment, when in _MOMENTS.items():
            found[f"{name}_usd_bn_{moment}"] = Response("USD bn", f"{what}, {when}")
    found["under_construction_usd_bn_at_deadline"] = Response(
        "USD bn",
        "committed amounts of projects with NTP and not cancelled, less their units built, at the "
        "deadline",
    )
    for moment, when in _MOMENTS.items():
        found[f"completed_usd_bn_{moment}"] = Response(
            "USD bn", f"committed amounts of units energised, {when}"
        )
    for moment, when in _MOMENTS.items():
        found[f"completed_count_{moment}"] = Response("projects", f"projects operating, {when}")
    share = "at the close of the deadline over the envelope; empty without an envelope"
    found |= {
        "committed_share_of_envelope": Response("share", f"committed {share}"),
        "paid_share_of_envelope": Response("share", f"paid {share}"),
        "days_selection_to_ntp_p50": Response(
            "days",
            "Kaplan-Meier median over selected projects, selection to NTP; censored when declined "
            "or cancelled, or at the end; empty when fewer than half get there",
        ),
        "days_proposal_to_operation_p50": Response(
            "days",
            "Kaplan-Meier median over selected projects, proposal to operation; censored when "
            "declined or cancelled, or at the end; empty when fewer than half get there",
        ),
        "late_calls": Response("calls", "calls unpaid at the close of their due date, to the end"),
        "missed_calls": Response(
            "calls", "calls unpaid at the close of their cure period, to the end"
        ),
        "declined_count": Response("projects", "selected projects Japan declined, to the end"),
        "tariff_raised_days": Response("days", "days with raised tariffs, to the end"),
        "specialist_gap_people_on_gap_date": Response(
            "people",
            "sum over market pools of others' demand + the programme's - people, at least 0, on "
            "the gap date; empty when that is after the end",
        ),
        "specialists_unfilled_share_mean": Response(
            "share",
            "people-time wanted and not granted over people-time wanted, start to end; empty when "
            "nobody was wanted",
        ),
        "cancelled_count": Response("projects", "selected projects cancelled, to the end"),
        "paused_count": Response("projects", "projects paused at least once, to the end"),
        "returned_usd_bn_by_end": Response(
            "USD bn", "money drawn, not spent and returned by cancelled projects, to the end"
        ),
        "topup_usd_bn_by_end": Response(
            "USD bn", "money drawn for overruns, outside the envelope, to the end"
        ),
        "built_not_energised_usd_bn_at_2029_end": Response(
            "USD bn",
            "committed amounts of units built and without power at the close of programme.end; "
            "cancelled projects left out",
        ),
    }
    for group, causes in LEDGER_GROUPS.items():
        found[f"delay_{group}_days_mean"] = Response(
            "days",
            "days on the chain of the delay ledger from proposal to the end, mean over selected "
            f"projects: {', '.join(causes)}; empty without any",
        )
    return found


RESPONSES: dict[str, Response] = _describe()


def responses(
    facts: Facts, amounts: Totals, milestones: dict[str, IntArray], ledger: Ledger
) -> dict[str, float]:
    """Every response of one replication, in the order of `RESPONSES`."""
    horizon = facts.horizon
    found: dict[str, float] = {"selected_count": len(facts.of(Kind.SELECTED).time)}
    moments = list(zip(_MOMENTS, (-3, -2, -1), strict=True))  # places in horizon.instants
    for name in _AMOUNTS:
        for moment, place in moments:
            found[f"{name}_usd_bn_{moment}"] = getattr(amounts, name)[place] / CENTS_PER_USD_BN
    found["under_construction_usd_bn_at_deadline"] = (
        amounts.under_construction[-3] / CENTS_PER_USD_BN
    )
    for moment, place in moments:
        found[f"completed_usd_bn_{moment}"] = amounts.completed[place] / CENTS_PER_USD_BN
    completed = facts.counts(Kind.OPERATING)
    for moment, place in moments:
        found[f"completed_count_{moment}"] = completed[place]
    envelope = horizon.envelope_cents or np.nan
    selected, declined = milestones["selected"], milestones["declined"]
    last_seen = np.where(declined == NEVER, horizon.end, declined)
    last_seen = np.where(milestones["cancelled"] == NEVER, last_seen, milestones["cancelled"])
    found |= {
        "committed_share_of_envelope": amounts.committed[-3] / envelope,
        "paid_share_of_envelope": amounts.paid[-3] / envelope,
        "days_selection_to_ntp_p50": _median_days(selected, selected, milestones["ntp"], last_seen),
        "days_proposal_to_operation_p50": _median_days(
            selected, milestones["proposed"], milestones["operating"], last_seen
        ),
        "late_calls": len(facts.of(Kind.CALL_LATE).time),
        "missed_calls": len(facts.of(Kind.CALL_MISSED).time),
        "declined_count": len(facts.of(Kind.DECLINED).time),
        "tariff_raised_days": _tariff_raised_days(facts),
        "specialist_gap_people_on_gap_date": _gap_on_gap_date(facts),
        "specialists_unfilled_share_mean": _unfilled_share(facts),
        "cancelled_count": len(facts.of(Kind.CANCELLED).time),
        "paused_count": len(np.unique(facts.of(Kind.PAUSED).row)),
        "returned_usd_bn_by_end": facts.cents(Kind.MONEY_RETURNED)[-1] / CENTS_PER_USD_BN,
        "topup_usd_bn_by_end": amounts.topup[-1] / CENTS_PER_USD_BN,
        "built_not_energised_usd_bn_at_2029_end": amounts.dark[-2] / CENTS_PER_USD_BN,
    }
    found |= mean_delays(ledger, selected != NEVER)
    return {name: float(found[name]) for name in RESPONSES}


def kaplan_meier_median(durations: FloatArray, observed: NDArray[np.bool_]) -> float:
    """Least duration at which the Kaplan-Meier survival is at most one half; nan if none is.

    Parameters
    ----------
    durations : FloatArray
        (n,) time to the event, or to censoring.
    observed : ndarray of bool
        (n,) whether the event was seen. Who is censored at a duration is at risk there.

    Notes
    -----
    Kaplan and Meier (1958), J. Am. Stat. Assoc. 53, 457-481: the product of 1 - d/n.

    Examples
    --------
    >>> kaplan_meier_median(np.array([1.0, 2.0, 3.0]), np.array([True, False, True]))
    3.0
    """
    event_times, deaths = np.unique(durations[observed], return_counts=True)
    at_risk = len(durations) - np.searchsorted(np.sort(durations), event_times, side="left")
    survival = np.cumprod(1.0 - deaths / at_risk)
    # A survival of exactly one half may come out a rounding above it.
    passed = np.flatnonzero(survival <= 0.5 + 1e-12)
    return float(event_times[passed[0]]) if len(passed) else float("nan")


def _median_days(
    selected: IntArray, begin: IntArray, reached: IntArray, last_seen: IntArray
) -> float:
    among = selected != NEVER
    observed = reached[among] != NEVER
    end = np.where(observed, reached[among], last_seen[among])
    return kaplan_meier_median((end - begin[among]) / MINUTES_PER_DAY, observed)


def _tariff_raised_days(facts: Facts) -> float:
    raised, relieved = facts.of(Kind.TARIFF_RAISED).time, facts.of(Kind.TARIFF_RELIEVED).time
    left = np.sum(facts.horizon.end - raised) - np.sum(facts.horizon.end - relieved)
    return float(left) / MINUTES_PER_DAY


def _gap_on_gap_date(facts: Facts) -> float:
    horizon, names = facts.horizon, facts.replication.names
    if not 0 <= horizon.gap_minute < horizon.end:
        return float("nan")
    rows = facts.market.rows_at(np.array([horizon.gap_minute]))[:, 0]
    market = np.array([name in horizon.market_pools for name in names.pools], dtype=np.bool_)
    return float(np.sum(gap_people(facts, rows)[market]))


def _unfilled_share(facts: Facts) -> float:
    market = facts.replication.market
    wanted = float(np.sum(facts.market.integral(market.wanted)))
    missing = float(np.sum(facts.market.integral(market.wanted - market.granted)))
    return missing / wanted if wanted > 0 else float("nan")
