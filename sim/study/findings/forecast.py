"""What a finished run says will have happened by a date, in statements that can be scored later.

A statement is true or false for anybody who reads the papers on its date. Its probability is the
share of replications in which it comes true; the interval is that of chance in the run alone, not
of what the config has wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sim.stats.intervals import wilson
from sim.study.findings.run_results import RunTables

if TYPE_CHECKING:
    import pandas as pd

# In how many replications by that date; None: the run knows nothing of the kind.
Count: TypeAlias = Callable[[RunTables, date], int | None]


class Statement(NamedTuple):
    """What by when (None: the deadline), how it will be judged, and how a run counts it."""

    id: str
    says: str
    by: date | None
    judged: str
    holds: Count


def forecast(run: RunTables) -> list[dict[str, Any]]:
    """Rows of ``forecast.csv``: what is open on the as-of date and the run can answer."""
    dates, n = run.config.programme, int(run.manifest["replications"])
    known = dates.as_of if dates.history == "recorded" else dates.start
    rows = []
    for one in STATEMENTS:
        by = one.by or dates.deadline
        count = one.holds(run, by) if known < by <= dates.run_out else None
        if count is not None:
            share = wilson(count, n)
            rows.append(
                {
                    "id": one.id,
                    "statement": one.says,
                    "by": by.isoformat(),
                    "probability": share.estimate,
                    "low": share.low,
                    "high": share.high,
                    "n": n,
                    "judged": one.judged,
                }
            )
    return rows


def _until(days: pd.Series, by: date) -> pd.Series:
    import pandas as pd

    return days < pd.Timestamp(by) + pd.Timedelta(days=1)


def _selected(least: int, rounds: bool = False) -> Count:
    """So many projects selected, or days on which some were; those on record count."""

    def count(run: RunTables, by: date) -> int:
        counted = run.projects[~run.projects["project"].isin(run.config.portfolio.further_sites)]
        chosen = counted[_until(counted["selected"], by)]
        days = chosen.groupby("replication")["selected"]
        return int(((days.nunique() if rounds else days.size()) >= least).sum())

    return count


def _next_round(run: RunTables, by: date) -> int | None:
    held = {one.selected_date for one in run.config.portfolio.projects.values()} - {None}
    return _selected(len(held) + 1, rounds=True)(run, by)


def _batch(run: RunTables, by: date) -> int | None:
    """All projects on record as recommended and not as selected."""
    waiting = [
        name
        for name, one in run.config.portfolio.projects.items()
        if one.recommended_date is not None and one.selected_date is None
    ]
    rows = run.projects[run.projects["project"].isin(waiting)]
    chosen = rows[_until(rows["selected"], by)].groupby("replication").size()
    return int((chosen == len(waiting)).sum()) if waiting else None


def _milestone(project: str, column: str) -> Count:
    def count(run: RunTables, by: date) -> int | None:
        if project not in run.config.portfolio.projects:
            return None
        rows = run.projects[run.projects["project"] == project]
        return int(_until(rows[column], by).sum())

    return count


def _event(kind: str) -> Count:
    def count(run: RunTables, by: date) -> int:
        rows = run.events[run.events["event"] == kind]
        return int(rows["replication"][_until(rows["date"], by)].nunique())

    return count


def _at_month_end(column: str, least: float) -> Count:
    """By the close of a month, the last that ends by the date."""

    def count(run: RunTables, by: date) -> int | None:
        import pandas as pd

        months = run.timeline["month"]
        ended = months[_until(months + pd.offsets.MonthEnd(0), by)]
        if ended.empty:
            return None
        return int((run.timeline[column][months == ended.max()] >= least).sum())

    return count


def _by_deadline(response: str, least: float) -> Count:
    return lambda run, _: int((run.outcomes[response] >= least).sum())


_WORDS = "White House, Commerce or METI name projects as selected by the President"
_PAID = "cash paid by Japan's lenders and equity, as JBIC, NEXI or the finance ministry report it"
# The dates that are not the programme's are ours: quarters' ends at which the base is undecided.
STATEMENTS: tuple[Statement, ...] = (
    Statement("next_round", "The President selects another round", date(2027, 6, 30),
              f"{_WORDS} on a day after the last one on record", _next_round),
    Statement("third_round", "A third round has been selected", date(2028, 6, 30),
              f"{_WORDS} on a third day; the paper of 2026-03-19 counts if a formal selection is "
              "shown", _selected(3, rounds=True)),
    Statement("second_batch", "All of the second batch is selected", None,
              f"{_WORDS}: every project of the batch that is with the lenders", _batch),
    Statement("selected_12", "At least 12 projects are selected, sites of one counted once", None,
              f"{_WORDS}: 12 or more over all rounds, sites of one project counted once, later "
              "refusals included", _selected(12)),
    Statement("committed_150", "USD 150 bn or more are committed", None,
              "announced amounts of all selected projects less those declined or cancelled",
              _by_deadline("committed_usd_bn_by_deadline", 150)),
    Statement("paid_10", "USD 10 bn or more are paid", date(2027, 12, 31),
              _PAID, _at_month_end("paid_usd_bn", 10)),
    Statement("paid_20", "USD 20 bn or more are paid", None,
              _PAID, _by_deadline("paid_usd_bn_by_deadline", 20)),
    Statement("missed_call", "A cash call is missed", date(2029, 12, 31),
              "either government says that a call is unpaid after its cure period",
              _event("call_missed")),
    Statement("tariffs_raised", "Tariffs are raised over the programme", date(2029, 12, 31),
              "a duty is collected whose order names the undertaking of 2025-09-04",
              _event("tariff_raised")),
    Statement("ohio_ntp", "Ohio gas plant: notice to proceed", date(2027, 9, 30),
              "T1-01: owner or contractor report full notice to proceed, or main works begun",
              _milestone("T1-01", "ntp")),
    Statement("ohio_block", "Ohio gas plant: first block energised", date(2030, 12, 31),
              "T1-01: grid operator or owner report a first block in commercial operation",
              _milestone("T1-01", "first_unit_energised")),
    Statement("gulflink", "Texas GulfLink terminal in operation", date(2030, 12, 31),
              "T1-02: the owner reports the first cargo loaded", _milestone("T1-02", "operating")),
)  # fmt: skip
