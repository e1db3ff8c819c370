"""What people call the causes of the delay ledger, and the groups a figure can show."""

from __future__ import annotations

from typing import NamedTuple

from sim.report.figures import style

# In the order of a life, as the ledger lists them.
WORDS: dict[str, str] = {
    "reviewing": "screening and revision",
    "team_queue": "queue for a screening team",
    "cc_wait": "meeting of the Consultation Committee",
    "ic_wait": "meeting of the Investment Committee",
    "selection_wait": "the President's selection",
    "appraisal": "the lenders' appraisal",
    "consultation": "consultation, Japan's decision",
    "funding_window": "cash call: earliest payment date",
    "funding_desk": "cash call: papers at the lenders' desks",
    "funding_money": "cash call: the lenders' yearly money",
    "permit_work": "work on permits",
    "permit_queue": "queue at the permit agency",
    "litigation": "permits in court",
    "equipment": "machines: slot, delivery, installation",
    "crews_waited": "on site without a crew",
    "crews_short": "crews too small",
    "nominal_building": "building, typical time",
    "overrun": "building beyond it (-: shorter)",
    "cash_starved": "building stopped: cash call unpaid",
    "power": "grid connection and megawatts",
    "paused": "paused",
    "recorded": "fixed by the record",
}


class Group(NamedTuple):
    """Causes drawn as one; ``hatch`` tells what colour alone would."""

    label: str
    causes: tuple[str, ...]
    colour: str
    hatch: str = ""


GROUPS: tuple[Group, ...] = (
    Group("fixed by the record", ("recorded",), "#FFFFFF", "...."),
    Group("review: teams and committees", ("reviewing", "team_queue", "cc_wait", "ic_wait"),
          "#B9DDF3", "...."),
    Group("the President's selection", ("selection_wait",), style.ORANGE, "/////"),
    Group("lenders' appraisal, consultation", ("appraisal", "consultation"), style.YELLOW,
          "\\\\\\\\\\"),
    Group("funding: windows, desks, money",
          ("funding_window", "funding_desk", "funding_money", "cash_starved"), style.PURPLE,
          "xxxxx"),
    Group("permits, courts included", ("permit_work", "permit_queue", "litigation"), style.GREY),
    Group("building, typical time", ("nominal_building",), style.GREEN),
    Group("building beyond typical", ("overrun",), "#A5DCC9", "|||||"),
    Group("crews missing or too small", ("crews_waited", "crews_short"), style.VERMILLION,
          "-----"),
    Group("machines", ("equipment",), style.SKY, "+++++"),
    Group("grid connection and megawatts", ("power",), style.BLUE),
    Group("paused", ("paused",), "#FFFFFF", "xxxx"),
)  # fmt: skip


def in_words(cause: str) -> str:
    """Say a cause of the ledger.

    Examples
    --------
    >>> in_words("crews_short"), in_words("of_another_version")
    ('crews too small', 'of another version')
    """
    return WORDS.get(cause, cause.replace("_", " "))


def ledger_causes(columns: list[str]) -> list[str]:
    """Causes a projects table has columns for, in the table's order; none in older runs.

    Examples
    --------
    >>> ledger_causes(["status", "delay_power_days", "hidden_power_days"])
    ['power']
    """
    return [
        column.removeprefix("delay_").removesuffix("_days")
        for column in columns
        if column.startswith("delay_") and column.endswith("_days")
    ]
