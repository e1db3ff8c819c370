"""What measures the responses: a function each, registered by name for the rows that name it.

The rows are in `sim.events.responses`. "By" a date counts what is stamped on it: strictly before
00:00 of the next day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.calendars import MINUTES_PER_DAY
from sim.events import (
    CAUSES,
    CENTS_PER_USD_BN,
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
from sim.results.tables.batch import Happened
from sim.results.tables.duties import trade_by_case
from sim.results.tables.facts import Facts
from sim.results.tables.projects import NEVER
from sim.results.tables.timeline import Totals, gap_people

# Places in horizon.instants.
_AT = {"deadline": -3, "2029_end": -2, "end": -1}
_KINDS = {kind.name.lower(): kind for kind in Kind}
_CODES = {
    group: [LEDGER_CAUSES.index(cause) for cause in causes]
    for group, causes in LEDGER_GROUPS.items()
}


@dataclass(frozen=True)
class Seen:
    """What there is to measure in a batch of replications, and what several measures share."""

    facts: Facts
    amounts: Totals
    milestones: dict[str, IntArray]
    ledger: Ledger
    money: Mapping[str, FloatArray]  # by response; empty without a finance section

    @cached_property
    def selected(self) -> IntArray:
        """(n_selected,) rows of the projects that were selected."""
        return np.flatnonzero(self.milestones["selected"] != NEVER)

    @cached_property
    def selected_count(self) -> IntArray:
        """(n_replications,) how many were selected."""
        return self.count(self.facts.batch.of_row[self.selected])

    @cached_property
    def duties(self) -> dict[str, FloatArray]:
        """(n_replications, n_years) duties by case; empty without a trade section."""
        market = self.facts.horizon.market
        if market is None:
            return {}
        return {name: case[1] for name, case in trade_by_case(self.facts, market).items()}

    @cached_property
    def last_seen(self) -> IntArray:
        """(n_projects,) minute up to which each was under way: way out or end of the run."""
        declined, cancelled = self.milestones["declined"], self.milestones["cancelled"]
        last = np.where(declined == NEVER, self.facts.horizon.end, declined)
        return np.where(cancelled == NEVER, last, cancelled)

    @cached_property
    def minutes_by_cause(self) -> IntArray:
        """(n_replications, n_causes) minutes of the ledger, all selected projects together."""
        total = np.zeros((len(self.selected) + 1, len(LEDGER_CAUSES)), dtype=np.int64)
        np.cumsum(self.ledger.minutes[self.selected], axis=0, out=total[1:])
        first = np.searchsorted(self.selected, self.facts.batch.first)
        return np.diff(total[first], axis=0)

    def count(self, of: IntArray) -> IntArray:
        """(n_replications,) how often each one's place in the batch is named."""
        return np.bincount(of, minlength=self.facts.batch.n)


# Of a response: its value in each replication, (n_replications,).
Measure: TypeAlias = Callable[[Seen, Response], NDArray[Any]]
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
    money: Mapping[str, FloatArray],
) -> dict[str, FloatArray]:
    """Every response of each replication, in the order of `RESPONSES`."""
    seen = Seen(facts, amounts, milestones, ledger, money)
    return {
        name: MEASURES[row.measure](seen, row).astype(np.float64) for name, row in RESPONSES.items()
    }


def _over(part: NDArray[Any], whole: NDArray[Any]) -> FloatArray:
    """Shares; empty where there is no whole."""
    shares = np.full(len(whole), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares


@measure
def amount(seen: Seen, row: Response) -> FloatArray:
    """An amount of the programme at a moment."""
    return np.asarray(getattr(seen.amounts, row.of)[:, _AT[row.moment]] / CENTS_PER_USD_BN)


@measure
def sum_of(seen: Seen, row: Response) -> FloatArray:
    """Money of a kind of event by a moment."""
    return seen.facts.cents(_KINDS[row.of])[:, _AT[row.moment]] / CENTS_PER_USD_BN


@measure
def share_of_envelope(seen: Seen, row: Response) -> FloatArray:
    """The same amount over the envelope."""
    envelope = seen.facts.horizon.envelope_cents or np.nan
    return np.asarray(getattr(seen.amounts, row.of)[:, _AT[row.moment]] / envelope)


@measure
def events(seen: Seen, row: Response) -> IntArray:
    """Events of a kind by a moment."""
    return seen.facts.counts(_KINDS[row.of])[:, _AT[row.moment]]


@measure
def share_of_calls(seen: Seen, row: Response) -> FloatArray:
    """First or later calls with an event of a kind, over those noticed."""
    kind, which = row.of.split(":")
    found, noticed = (seen.facts.of(_KINDS[name]) for name in (kind, "call_noticed"))
    first = which == "first"
    return _over(*(seen.count(calls.of[(calls.part == 0) == first]) for calls in (found, noticed)))


@measure
def projects_with(seen: Seen, row: Response) -> IntArray:
    """Projects with an event of a kind, to the end."""
    rows = np.unique(seen.facts.of(_KINDS[row.of]).row)
    return seen.count(seen.facts.batch.of_row[rows[rows >= 0]])


@measure
def median_days(seen: Seen, row: Response) -> FloatArray:
    """Kaplan-Meier median of an interval over the selected projects."""
    begin, reached = (seen.milestones[name][seen.selected] for name in INTERVALS[row.of])
    observed = reached != NEVER
    days = (np.where(observed, reached, seen.last_seen[seen.selected]) - begin) / MINUTES_PER_DAY
    first = np.searchsorted(seen.selected, seen.facts.batch.first).tolist()
    return np.array([kaplan_meier_median(days[a:b], observed[a:b]) for a, b in pairwise(first)])


@measure
def tariff_raised_days(seen: Seen, row: Response) -> FloatArray:
    """Days with raised tariffs; one still raised is so to the end."""
    raised, relieved = (
        seen.facts.sum_of(kind, seen.facts.horizon.end - seen.facts.of(kind).time)[:, -1]
        for kind in (Kind.TARIFF_RAISED, Kind.TARIFF_RELIEVED)
    )
    return (raised - relieved) / MINUTES_PER_DAY


@measure
def happened(seen: Seen, row: Response) -> NDArray[np.bool_]:
    """1 if there is an event of a kind by a moment, else 0."""
    return events(seen, row) > 0


@measure
def duty_days(seen: Seen, row: Response) -> FloatArray:
    """Days on which a duty over at least one breach of a kind is in force."""
    over, facts, n = seen.facts.horizon.end, seen.facts, seen.facts.batch.n
    raised, minutes, until = facts.of(Kind.BREACH_RAISED), [0] * n, [0] * n
    ended = [facts.of(kind) for kind in (Kind.BREACH_CLOSED, Kind.BREACH_LET_PASS)]
    between = facts.of(Kind.BREACH_ORDERED)  # one route over, another to come
    mine = raised.cause == CAUSES.index(row.of)
    rows = np.column_stack([raised.of, raised.row, raised.part, raised.time])[mine]
    for one, who, part, since in rows.tolist():

        def its(of: Happened, one: int = one, who: int = who, part: int = part) -> IntArray:
            mine = (of.of == one) & (of.row == who) & (of.part == part)
            return np.asarray(of.time[mine])

        ends = [times[times >= since] for times in map(its, ended)]
        again = its(between)
        end = int(np.min(np.concatenate([*ends, again[again > since]]), initial=over))
        minutes[one] += max(0, end - max(since, until[one]))
        until[one] = max(until[one], end)
    return np.array(minutes) / MINUTES_PER_DAY


@measure
def duties_between(seen: Seen, row: Response) -> FloatArray:
    """Duties in one case less those in another, to the close of the year of a moment."""
    more, less = row.of.split(" - ")
    duties, horizon = seen.duties, seen.facts.horizon
    if horizon.market is None:
        return np.full(seen.facts.batch.n, np.nan)
    day = horizon.epoch.date_of(horizon.instants[_AT[row.moment]].item() - 1)
    until = int(np.searchsorted(horizon.market.years, day.year, side="right"))
    return np.asarray((duties[more] - duties[less])[:, :until].sum(axis=1))


@measure
def gap_on_gap_date(seen: Seen, row: Response) -> FloatArray:
    """People that the market pools lack on the gap date."""
    facts, horizon, batch = seen.facts, seen.facts.horizon, seen.facts.batch
    if not 0 <= horizon.gap_minute < horizon.end:
        return np.full(batch.n, np.nan)
    rows = facts.market.rows_at(np.array([horizon.gap_minute]))[:, 0]
    market = [place for place, name in enumerate(batch.names.pools) if name in horizon.market_pools]
    return np.asarray(gap_people(facts, rows).reshape(batch.n, -1).take(market, axis=1).sum(axis=1))


@measure
def unfilled_share(seen: Seen, row: Response) -> FloatArray:
    """People-time wanted and not granted over people-time wanted."""
    market, n = seen.facts.batch.market, seen.facts.batch.n
    missing, wanted = (
        seen.facts.market.integral(people).reshape(n, -1).sum(axis=1)
        for people in (market.wanted - market.granted, market.wanted)
    )
    return _over(missing, wanted)


@measure
def mean_delay(seen: Seen, row: Response) -> FloatArray:
    """Days on the chain of a group of causes, mean over the selected projects."""
    minutes = seen.minutes_by_cause[:, _CODES[row.of]].sum(axis=1)
    return _over(minutes / MINUTES_PER_DAY, seen.selected_count)


@measure
def per_round(seen: Seen, row: Response) -> FloatArray:
    """Projects selected, not on record, over the rounds that selected any."""
    chosen, end = seen.facts.of(Kind.SELECTED), seen.facts.horizon.end
    mine = chosen.cause != Cause.RECORDED
    of, rounds = chosen.of[mine], np.unique(chosen.of[mine] * (end + 1) + chosen.time[mine])
    return _over(seen.count(of), seen.count(rounds // (end + 1)))


@measure
def money(seen: Seen, row: Response) -> FloatArray:
    """Of what projects earn; empty where the config has no finance section."""
    found = seen.money.get(row.name)
    return np.full(seen.facts.batch.n, np.nan) if found is None else found


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
    lives = sorted(zip(durations.tolist(), observed.tolist(), strict=True))
    at_risk, survival = len(lives), 1.0
    for duration, those in groupby(lives, key=itemgetter(0)):
        seen = [observed for _, observed in those]
        survival *= 1.0 - sum(seen) / at_risk
        at_risk -= len(seen)
        # A survival of exactly one half may come out a rounding above it.
        if survival <= 0.5 + 1e-12:
            return float(duration)
    return float("nan")
