"""What measures the responses: a function each, registered by name for the rows that name it.

The rows are in `sim.events.responses`. "By" a date counts what is stamped on it: strictly before
00:00 of the next day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendars import MINUTES_PER_DAY
from sim.events import (
    CAUSES,
    CENTS_PER_USD_BN,
    KINDS,
    LEDGER_CAUSES,
    LEDGER_GROUPS,
    RESPONSES,
    Cause,
    FloatArray,
    IntArray,
    Kind,
    Response,
)
from sim.events.schemas import INTERVALS
from sim.results.ledger.charging import Ledger
from sim.results.tables.duties import duties_table
from sim.results.tables.facts import Facts
from sim.results.tables.projects import NEVER
from sim.results.tables.timeline import Totals, gap_people

# Places in horizon.instants.
_AT = {"deadline": -3, "2029_end": -2, "end": -1}
_KINDS = {name: code for code, name in enumerate(KINDS)}
_CODES = {
    group: [LEDGER_CAUSES.index(cause) for cause in causes]
    for group, causes in LEDGER_GROUPS.items()
}


@dataclass(frozen=True)
class Seen:
    """What there is to measure in one replication, and what several measures share."""

    facts: Facts
    amounts: Totals
    milestones: dict[str, IntArray]
    ledger: Ledger
    money: dict[str, float]  # by response; empty without a finance section

    @cached_property
    def selected(self) -> NDArray[np.bool_]:
        """(n_projects,) whether each was selected."""
        return np.asarray(self.milestones["selected"] != NEVER)

    @cached_property
    def duties(self) -> dict[str, FloatArray]:
        """Exports and duties by year; no row without a trade section."""
        table = duties_table(self.facts, self.amounts)
        return {name: column.astype(np.float64) for name, column in table.items()}

    @cached_property
    def last_seen(self) -> IntArray:
        """(n_projects,) minute up to which each was under way: way out or end of the run."""
        declined, cancelled = self.milestones["declined"], self.milestones["cancelled"]
        last = np.where(declined == NEVER, self.facts.horizon.end, declined)
        return np.where(cancelled == NEVER, last, cancelled)

    @cached_property
    def minutes_by_cause(self) -> list[int]:
        """Minutes of each cause of the ledger, all selected projects together."""
        found: list[int] = self.ledger.minutes[self.selected].sum(axis=0).tolist()
        return found


Measure: TypeAlias = Callable[[Seen, Response], float]
MEASURES: dict[str, Measure] = {}


def measure(function: Measure) -> Measure:
    """Register a function as the measure of the rows that name it.

    Raises
    ------
    ValueError
        If there is one of that name.
    """
    if function.__name__ in MEASURES:
        raise ValueError(f"measure: there is a {function.__name__} already; accepted: a new name")
    MEASURES[function.__name__] = function
    return function


def responses(
    facts: Facts,
    amounts: Totals,
    milestones: dict[str, IntArray],
    ledger: Ledger,
    money: dict[str, float],
) -> dict[str, float]:
    """Every response of one replication, in the order of `RESPONSES`."""
    seen = Seen(facts, amounts, milestones, ledger, money)
    return {name: float(MEASURES[row.measure](seen, row)) for name, row in RESPONSES.items()}


@measure
def amount(seen: Seen, row: Response) -> float:
    """An amount of the programme at a moment."""
    return float(getattr(seen.amounts, row.of)[_AT[row.moment]] / CENTS_PER_USD_BN)


@measure
def sum_of(seen: Seen, row: Response) -> float:
    """Money of a kind of event by a moment."""
    cents = seen.facts.happened[_KINDS[row.of]].amount[: int(events(seen, row))]
    return float(cents.astype(np.int64).sum() / CENTS_PER_USD_BN)


@measure
def share_of_envelope(seen: Seen, row: Response) -> float:
    """The same amount over the envelope."""
    envelope = seen.facts.horizon.envelope_cents or np.nan
    return float(getattr(seen.amounts, row.of)[_AT[row.moment]] / envelope)


@measure
def events(seen: Seen, row: Response) -> float:
    """Events of a kind by a moment."""
    time = seen.facts.happened[_KINDS[row.of]].time
    if row.moment == "end":  # facts hold nothing behind it
        return len(time)
    return int(np.searchsorted(time, seen.facts.horizon.instants[_AT[row.moment]], side="left"))


@measure
def share_of_calls(seen: Seen, row: Response) -> float:
    """First or later calls with an event of a kind, over those noticed."""
    kind, which = row.of.split(":")
    first = which == "first"
    noticed, found = (
        np.sum((seen.facts.happened[_KINDS[name]].part == 0) == first)
        for name in ("call_noticed", kind)
    )
    return float(found / noticed) if noticed else float("nan")


@measure
def projects_with(seen: Seen, row: Response) -> float:
    """Projects with an event of a kind, to the end."""
    return len(np.unique(seen.facts.happened[_KINDS[row.of]].row))


@measure
def median_days(seen: Seen, row: Response) -> float:
    """Kaplan-Meier median of an interval over the selected projects."""
    begin, reached = (seen.milestones[name][seen.selected] for name in INTERVALS[row.of])
    observed = reached != NEVER
    end = np.where(observed, reached, seen.last_seen[seen.selected])
    return kaplan_meier_median((end - begin) / MINUTES_PER_DAY, observed)


@measure
def tariff_raised_days(seen: Seen, row: Response) -> float:
    """Days with raised tariffs; one still raised is so to the end."""
    facts, end = seen.facts, seen.facts.horizon.end
    left = np.sum(end - facts.of(Kind.TARIFF_RAISED).time)
    return float(left - np.sum(end - facts.of(Kind.TARIFF_RELIEVED).time)) / MINUTES_PER_DAY


@measure
def happened(seen: Seen, row: Response) -> float:
    """1 if there is an event of a kind by a moment, else 0."""
    return float(events(seen, row) > 0)


@measure
def duty_days(seen: Seen, row: Response) -> float:
    """Days on which a duty over at least one breach of a kind is in force."""
    over, facts = seen.facts.horizon.end, seen.facts
    raised, minutes, until = facts.of(Kind.BREACH_RAISED), 0, 0
    ended = [facts.of(kind) for kind in (Kind.BREACH_CLOSED, Kind.BREACH_LET_PASS)]
    between = facts.of(Kind.BREACH_ORDERED)  # one route over, another to come
    mine = raised.cause == CAUSES.index(row.of)
    rows = np.column_stack([raised.row, raised.part, raised.time])[mine]
    for who, part, since in rows.tolist():
        ends = [of.time[(of.row == who) & (of.part == part) & (of.time >= since)] for of in ended]
        again = (between.row == who) & (between.part == part) & (between.time > since)
        end = int(np.min(np.concatenate([*ends, between.time[again]]), initial=over))
        minutes += max(0, end - max(since, until))
        until = max(until, end)
    return minutes / MINUTES_PER_DAY


@measure
def duties_between(seen: Seen, row: Response) -> float:
    """Duties in one case less those in another, to the close of the year of a moment."""
    more, less = row.of.split(" - ")
    table = seen.duties
    if not len(table["year"]):
        return float("nan")
    day = seen.facts.horizon.epoch.date_of(seen.facts.horizon.instants[_AT[row.moment]].item() - 1)
    until = table["year"] <= day.year
    return float(np.sum((table[f"duties_{more}usd_bn"] - table[f"duties_{less}usd_bn"])[until]))


@measure
def gap_on_gap_date(seen: Seen, row: Response) -> float:
    """People that the market pools lack on the gap date."""
    facts, horizon, names = seen.facts, seen.facts.horizon, seen.facts.replication.names
    if not 0 <= horizon.gap_minute < horizon.end:
        return float("nan")
    rows = facts.market.rows_at(np.array([horizon.gap_minute]))[:, 0]
    market = np.array([name in horizon.market_pools for name in names.pools], dtype=np.bool_)
    return float(np.sum(gap_people(facts, rows)[market]))


@measure
def unfilled_share(seen: Seen, row: Response) -> float:
    """People-time wanted and not granted over people-time wanted."""
    market = seen.facts.replication.market
    wanted = float(np.sum(seen.facts.market.integral(market.wanted)))
    missing = float(np.sum(seen.facts.market.integral(market.wanted - market.granted)))
    return missing / wanted if wanted > 0 else float("nan")


@measure
def mean_delay(seen: Seen, row: Response) -> float:
    """Days on the chain of a group of causes, mean over the selected projects."""
    minutes, n = seen.minutes_by_cause, int(seen.selected.sum())
    days = sum(minutes[code] for code in _CODES[row.of]) / MINUTES_PER_DAY
    return days / n if n else float("nan")


@measure
def per_round(seen: Seen, row: Response) -> float:
    """Projects selected, not on record, over the rounds that selected any."""
    chosen = seen.facts.of(Kind.SELECTED)
    time = chosen.time[chosen.cause != Cause.RECORDED]
    return len(time) / len(np.unique(time)) if len(time) else float("nan")


@measure
def money(seen: Seen, row: Response) -> float:
    """Of what projects earn; empty where the config has no finance section."""
    return seen.money.get(row.name, float("nan"))


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
