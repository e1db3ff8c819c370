"""What the delay ledger charges a day to: a row per cause. Every other list is made from these.

What it does with them: docs/model.md, "Why was it late?".
"""

from __future__ import annotations

from typing import NamedTuple


class LedgerRow(NamedTuple):
    """What is said of a cause of the delay ledger.

    Attributes
    ----------
    name : str
        In columns: ``delay_<name>_days``, ``hidden_<name>_days``.
    words : str
        What the story and the figures call it; begins with the short word of its bar.
    group : str
        One of `GROUPS`: causes added up in the responses ``delay_<group>_days_mean``.
    bar : str
        One of `BARS`, finer groups: of the figures, the answer, the page.
    note : str
        What the documents add.
    """

    name: str
    words: str
    group: str
    bar: str
    note: str = ""


class BarRow(NamedTuple):
    """What is said of a bar: one word wherever it is told.

    Attributes
    ----------
    short : str
        In tables; what is longer begins with it.
    words : str
        In a sentence.
    more : str
        What is in it, behind the short word in a legend.
    """

    short: str
    words: str
    more: str = ""

    @property
    def label(self) -> str:
        """The short word and what is in it."""
        return f"{self.short}: {self.more}" if self.more else self.short


# In the order in which they are drawn.
BARS: dict[str, BarRow] = {
    "record": BarRow("record", "what the record fixes", "what it fixes"),
    "review": BarRow("review", "review by the committees", "teams and committees"),
    "selection": BarRow("rounds", "the President's rounds", "the President's"),
    "lenders": BarRow("appraisal", "the lenders' appraisal", "lenders, Japan's decision"),
    "funding": BarRow("cash calls", "cash calls", "window, papers, money"),
    "permits": BarRow("permits", "permits", "work, agency, courts"),
    "development": BarRow("development", "development", "contracts, financial close"),
    "building": BarRow("building", "building at its typical pace", "typical time"),
    "overrun": BarRow("slow building", "slow building", "beyond typical"),
    "crews": BarRow("crews", "crews missing or too small", "missing or too small"),
    "machines": BarRow("machines", "machines", "slot to installation"),
    "power": BarRow("power", "power from the grid", "connection, megawatts"),
    "paused": BarRow("pauses", "pauses"),
}
# What the printed summary calls the groups, in its order: those of the most days come first.
GROUPS: dict[str, str] = {
    "building": "building",
    "crews": "crews",
    "permits": "permits",
    "development": "development",
    "review": "review and rounds",
    "equipment": "machines",
    "power": "power",
    "paused": "pauses",
    "appraisal_and_funding": "appraisal and cash calls",
    "recorded": "record",
}
LEDGER_ROWS: list[LedgerRow] = []


def _row(name: str, words: str, group: str, bar: str, note: str = "") -> int:
    """Add a row; its code is its place. Codes are plain numbers: the ledger reads them often."""
    LEDGER_ROWS.append(LedgerRow(name, words, group, bar, note))
    return len(LEDGER_ROWS) - 1


# In the order of a life.
# fmt: off
REVIEWING = _row("reviewing", "review: screening and revision", "review", "review",
                 "screening rounds and revisions")
TEAM_QUEUE = _row("team_queue", "review: queue for a team", "review", "review")
CC_WAIT = _row("cc_wait", "review: Consultation Committee", "review", "review")
IC_WAIT = _row("ic_wait", "review: Investment Committee", "review", "review")
SELECTION_WAIT = _row("selection_wait", "rounds: the President's choice", "review", "selection")
APPRAISAL = _row("appraisal", "appraisal: the lenders' work", "appraisal_and_funding", "lenders",
                 "queue and work")
CONSULTATION = _row("consultation", "appraisal: Japan's decision",
                    "appraisal_and_funding", "lenders", "its consultation")
FUNDING_WINDOW = _row("funding_window", "cash calls: earliest payment",
                      "appraisal_and_funding", "funding")
FUNDING_DESK = _row("funding_desk", "cash calls: papers at the desks",
                    "appraisal_and_funding", "funding", "queue and work")
FUNDING_MONEY = _row("funding_money", "cash calls: yearly money",
                     "appraisal_and_funding", "funding", "yearly commitments and cash")
PERMIT_WORK = _row("permit_work", "permits: work", "permits", "permits")
PERMIT_QUEUE = _row("permit_queue", "permits: queue at the agency", "permits", "permits")
LITIGATION = _row("litigation", "permits: courts", "permits", "permits")
EQUIPMENT = _row("equipment", "machines: slot to installation", "equipment", "machines",
                 "from the order through slot and delivery to installation")
CREWS_WAITED = _row("crews_waited", "crews: nobody on the site", "crews", "crews",
                    "on the site, with nobody")
CREWS_SHORT = _row("crews_short", "crews: too small", "crews", "crews",
                   "with too few: elapsed time × (1 − rate of work)")
NOMINAL_BUILDING = _row("nominal_building", "building: typical time", "building", "building",
                        "progress × the nominal time")
OVERRUN = _row("overrun", "slow building (-: faster)", "building", "overrun",
               "what building at full crew takes beyond it; below 0 where it is faster")
CASH_STARVED = _row("cash_starved", "cash calls: unpaid, stopped",
                    "appraisal_and_funding", "funding")
POWER = _row("power", "power: connection, megawatts", "power", "power",
             "connection and megawatts")
PAUSED = _row("paused", "pauses", "paused", "paused")
RECORDED = _row("recorded", "record: what it fixes", "recorded", "record",
                "what history fixes or leaves open")
DEVELOPMENT = _row("development", "development: to financial close",
                   "development", "development", "engineering, contracts, land, financial close")
UNSIGNED = _row("unsigned", "appraisal: call not yet noticed", "appraisal_and_funding",
                "lenders", "from selection to the first notice, where nothing else holds it")
# fmt: on

LEDGER_CAUSES: tuple[str, ...] = tuple(row.name for row in LEDGER_ROWS)
LEDGER_GROUPS: dict[str, tuple[str, ...]] = {
    group: tuple(row.name for row in LEDGER_ROWS if row.group == group)
    for group in dict.fromkeys(row.group for row in LEDGER_ROWS)
}

# Building at its typical pace is no fault, and what the record fixes nobody can mend.
NO_FAULT = ("building", "record")
# What a sentence calls the others.
BAR_WORDS: dict[str, str] = {name: row.words for name, row in BARS.items() if name not in NO_FAULT}
