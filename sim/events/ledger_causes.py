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
        What the story and the figures call it.
    group : str
        One of `GROUPS`: causes added up in the responses ``delay_<group>_days_mean``.
    bar : str
        Of the figure of delays, whose groups are finer: `sim.report.figures.delay_bars`.
    note : str
        What the documents add.
    """

    name: str
    words: str
    group: str
    bar: str
    note: str = ""


# What the printed summary calls the groups, in its order: those of the most days come first.
GROUPS: dict[str, str] = {
    "building": "building",
    "crews": "crews",
    "permits": "permits",
    "development": "development",
    "review": "review",
    "equipment": "machines",
    "power": "power",
    "paused": "paused",
    "appraisal_and_funding": "funding",
    "recorded": "record",
}
LEDGER_ROWS: list[LedgerRow] = []


def _row(name: str, words: str, group: str, bar: str, note: str = "") -> int:
    """Add a row; its code is its place. Codes are plain numbers: the ledger reads them often."""
    LEDGER_ROWS.append(LedgerRow(name, words, group, bar, note))
    return len(LEDGER_ROWS) - 1


# In the order of a life.
# fmt: off
REVIEWING = _row("reviewing", "screening and revision", "review", "review",
                 "screening rounds and revisions")
TEAM_QUEUE = _row("team_queue", "queue for a screening team", "review", "review")
CC_WAIT = _row("cc_wait", "meeting of the Consultation Committee", "review", "review")
IC_WAIT = _row("ic_wait", "meeting of the Investment Committee", "review", "review")
SELECTION_WAIT = _row("selection_wait", "the President's selection", "review", "selection")
APPRAISAL = _row("appraisal", "the lenders' appraisal", "appraisal_and_funding", "lenders",
                 "queue and work")
CONSULTATION = _row("consultation", "consultation, Japan's decision",
                    "appraisal_and_funding", "lenders")
FUNDING_WINDOW = _row("funding_window", "cash call: earliest payment date",
                      "appraisal_and_funding", "funding")
FUNDING_DESK = _row("funding_desk", "cash call: papers at the lenders' desks",
                    "appraisal_and_funding", "funding", "queue and work")
FUNDING_MONEY = _row("funding_money", "cash call: the lenders' yearly money",
                     "appraisal_and_funding", "funding", "yearly commitments and cash")
PERMIT_WORK = _row("permit_work", "work on permits", "permits", "permits")
PERMIT_QUEUE = _row("permit_queue", "queue at the permit agency", "permits", "permits")
LITIGATION = _row("litigation", "permits in court", "permits", "permits")
EQUIPMENT = _row("equipment", "machines: slot, delivery, installation", "equipment", "machines",
                 "from the order through slot and delivery to installation")
CREWS_WAITED = _row("crews_waited", "on site without a crew", "crews", "crews",
                    "on the site, with nobody")
CREWS_SHORT = _row("crews_short", "crews too small", "crews", "crews",
                   "with too few: elapsed time × (1 − rate of work)")
NOMINAL_BUILDING = _row("nominal_building", "building, typical time", "building", "building",
                        "progress × the nominal time")
OVERRUN = _row("overrun", "building beyond it (-: shorter)", "building", "overrun",
               "what building at full crew takes beyond it; below 0 where it is faster")
CASH_STARVED = _row("cash_starved", "building stopped: cash call unpaid",
                    "appraisal_and_funding", "funding")
POWER = _row("power", "grid connection and megawatts", "power", "power",
             "connection and megawatts")
PAUSED = _row("paused", "paused", "paused", "paused")
RECORDED = _row("recorded", "fixed by the record", "recorded", "record",
                "what history fixes or leaves open")
DEVELOPMENT = _row("development", "engineering, contracts, land, financial close",
                   "development", "development")
UNSIGNED = _row("unsigned", "selected, the call not yet noticed", "appraisal_and_funding",
                "lenders", "from selection to the first notice, where nothing else holds it")
# fmt: on

LEDGER_CAUSES: tuple[str, ...] = tuple(row.name for row in LEDGER_ROWS)
LEDGER_GROUPS: dict[str, tuple[str, ...]] = {
    group: tuple(row.name for row in LEDGER_ROWS if row.group == group)
    for group in dict.fromkeys(row.group for row in LEDGER_ROWS)
}

# What a sentence calls the groups of causes that are a bar of the figure of delays.
BAR_WORDS: dict[str, str] = {
    "review": "committees and their teams",
    "selection": "the President's rounds",
    "lenders": "the lenders' appraisal",
    "funding": "cash calls and lenders' money",
    "permits": "permits and courts",
    "development": "contracts and financial close",
    "overrun": "building beyond its typical time",
    "crews": "crews missing or too small",
    "machines": "turbines and transformers",
    "power": "grid connection and megawatts",
    "paused": "pauses",
}
# Building at its typical pace is no fault, and what the record fixes nobody can mend.
NO_FAULT = ("building", "record")
