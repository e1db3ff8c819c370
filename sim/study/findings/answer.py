"""The answer of a run in five sentences, one object for terminal, page and spreadsheet.

A figure is decided when its 95 % interval reaches at most a tenth of it to either side, or a
billion dollars, or ten points of a probability; a difference is decided when its sign is. What is
not says how many more replications it takes, if spread and mean stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil, isnan, nan
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from sim.config.limits import capacities
from sim.events.ledger_causes import LEDGER_ROWS
from sim.study.findings.dates import in_words
from sim.study.findings.labels import PROGRAMME, threshold_name
from sim.study.findings.studies import latest_rows

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

HALF = 0.5
_SHARE = 0.1  # of a figure that its interval may reach to either side
_LEAST = {"USD bn": 1.0, "probability": 0.1}  # or so far, in its unit
_TITLE = 60  # characters of a title
_COMMITTED = "committed_usd_bn_by_deadline"
_HELD = "Held up: "
_ENOUGH = 10**6  # more replications than this are "more than can be run"


@dataclass(frozen=True)
class Figure:
    """One number of a sentence.

    Attributes
    ----------
    response : str
        Its row in ``summary.csv``, or of the study it is from.
    value, low, high : float
        Mean or share, and its 95 % interval, in ``unit``; nan where n does not support it.
    p05, p95 : float
        The middle 90 % of the replications; nan where there is no such thing.
    n : int
        Replications it rests on.
    decided : bool
    more_replications_needed : int or None
        Until it is decided; 0 when it is, None when no number can be given.
    """

    response: str
    value: float
    unit: str
    low: float
    high: float
    p05: float
    p95: float
    n: int
    decided: bool
    more_replications_needed: int | None


@dataclass(frozen=True)
class Sentence:
    """What is found on one question.

    Attributes
    ----------
    question : str
        ``selected``, ``built``, ``held_up``, ``returns`` or ``readings``.
    finding : str
        In words, each number with its interval; no full stop, for what is open goes on from it.
    figures : tuple of Figure
        The numbers in it.
    withheld : str
        What is missing of it, and the command that makes it; empty when nothing is.
    """

    question: str
    finding: str
    figures: tuple[Figure, ...] = ()
    withheld: str = ""

    @property
    def decided(self) -> bool:
        """Whether all its figures are."""
        return all(one.decided for one in self.figures)

    @property
    def more_replications_needed(self) -> int | None:
        """Until all figures are decided; 0 when they are, None when no number can be given."""
        needed = [one.more_replications_needed for one in self.figures]
        known = [n for n in needed if n is not None]
        return max(known, default=0) if len(known) == len(needed) else None

    @property
    def undecided(self) -> str:
        """How many more replications it takes, in words; empty when every figure is decided."""
        if self.decided:
            return ""
        more = self.more_replications_needed
        return f"not settled before {'many' if more is None else f'about {more:,}'} more runs"

    @property
    def text(self) -> str:
        """All of it, one sentence; a command at its end is not followed by a stop."""
        whole = "; ".join(part for part in (self.finding, self.undecided, self.withheld) if part)
        return f"{whole[:1].upper()}{whole[1:]}{'' if self.withheld else '.'}"


@dataclass(frozen=True)
class Answer:
    """Five sentences: selected; paid and built; held up; earned and risked; which reading."""

    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """A line for each."""
        return "\n".join(one.text for one in self.sentences)


def answer_of(run: RunTables) -> Answer:
    """The answer that the tables of a run give, and the latest studies of its config beside it."""
    told = _Telling(run)
    return Answer((told.selected(), told.built(), told.held_up(), told.returns(), told.readings()))


def more_needed(n: int, low: float, high: float, wanted: float) -> int | None:
    """Replications until half the interval is as small as wanted, which falls as 1 / sqrt(n).

    Examples
    --------
    >>> more_needed(20, 80.0, 120.0, 10.0), more_needed(20, 99.0, 101.0, 10.0)
    (60, 0)
    """
    if isnan(low) or wanted <= 0:
        return None
    more = ceil(n * ((high - low) / 2 / wanted) ** 2 - n)
    return max(more, 0) if more <= _ENOUGH else None


def figure(
    response: str,
    unit: str,
    n: int,
    value: float,
    low: float,
    high: float,
    p05: float = nan,
    p95: float = nan,
) -> Figure:
    """A level, decided when it is known well enough."""
    wanted = max(_SHARE * abs(value), _LEAST.get(unit, 0.0))
    more = 0 if low == high else more_needed(n, low, high, wanted)
    return Figure(response, value, unit, low, high, p05, p95, n, more == 0, more)


def _of_row(row: Mapping[str, str]) -> Figure:
    """A level as a row of ``summary.csv`` or ``held.csv`` has it."""
    numbers = (float(row[name] or nan) for name in ("mean", "mean_low", "mean_high", "p05", "p95"))
    return figure(row["response"], row["unit"], int(row["n"]), *numbers)


class _Telling:
    """Sentence by sentence, from the rows of ``summary.csv``, ``held.csv`` and studies."""

    def __init__(self, run: RunTables) -> None:
        self.run = run
        self.programme = run.config.programme

    @cached_property
    def _rows(self) -> dict[str, dict[str, Any]]:
        return {row["response"]: row for row in self.run.summary_rows if row["scope"] == PROGRAMME}

    def _figure(self, response: str) -> Figure:
        return _of_row(self._rows[response])

    def selected(self) -> Sentence:
        """How much is committed by the deadline, and how likely half of it is."""
        committed = self._figure(_COMMITTED)
        words = (
            f"Selected: USD {_bn(committed.value)} bn of {self.programme.envelope_usd_bn:,.0f} by "
            f"{in_words(self.programme.deadline)} {_between(committed)}"
        )
        if not isnan(committed.p05):
            words += f", nine runs in ten {_bn(committed.p05)} to {_bn(committed.p95)}"
        half = threshold_name("committed", HALF)
        if half not in self._rows:
            return Sentence("selected", words, (committed,))
        chance = self._figure(half)
        words += f"; half of it in {_percent(chance.value)} % of runs {_between(chance)}"
        return Sentence("selected", words, (committed, chance))

    def built(self) -> Sentence:
        """What is paid by the deadline, and what runs by the end of the programme and the run."""
        names = (
            "paid_usd_bn_by_deadline",
            "completed_usd_bn_by_2029_end",
            "completed_usd_bn_by_end",
        )
        paid, early, late = figures = tuple(self._figure(name) for name in names)
        end, run_out = _by(self.programme.end), _by(self.programme.run_out)
        return Sentence(
            "built",
            f"Paid by then: USD {_bn(paid.value)} bn {_between(paid)}; "
            f"running: {_bn(early.value)} bn by {end} {_between(early)}, "
            f"{_bn(late.value)} bn by {run_out} {_between(late)}",
            figures,
        )

    def held_up(self) -> Sentence:
        """Where most dollars stand, and what one step against it is worth."""
        left, *held_by = self.run.held_rows
        waiting = _of_row(left)
        parts = [self._waiting(waiting)] if waiting.value >= 1 else []
        figures: tuple[Figure, ...] = (waiting,)
        if not held_by:
            parts.append("nothing is held up once selected, for nothing is selected in any run")
            return Sentence("held_up", _HELD + "; ".join(parts), figures)
        most = held_by[0]
        held = _of_row(most)
        figures += (held,)
        parts.append(
            f"of what is selected, most stands at {most['what']}, USD {_bn(held.value)} bn in "
            f"{most['most_in']} {_between(held)}"
        )
        steps = [row for row in latest_rows(self.run, "bottlenecks.csv") if row["what"] == "step"]
        if not steps:
            withheld = f"worth of a step: sim bottlenecks {self.run.folder}"
            return Sentence("held_up", _HELD + "; ".join(parts), figures, withheld)
        best = max(steps, key=lambda row: float(row["difference"]))
        worth = _difference(best, best["label"])
        if worth.value > 0:
            by = f" by {_by(date.fromisoformat(best['by']))}" if best["by"] else ""
            label = shorten(best["label"], _TITLE, placeholder=" ...")
            on = self._acts_on(best.get("capacity", ""), held.response)
            parts.append(f"best step{on}: {label}, {_gain(worth)}{by}")
        else:
            parts.append("no step tried adds anything")
        return Sentence("held_up", _HELD + "; ".join(parts), (*figures, worth))

    def _waiting(self, waiting: Figure) -> str:
        """How proposals can wait for more than the envelope: none of it is reserved for them."""
        words = f"by then USD {_bn(waiting.value)} bn of proposals {_between(waiting)} wait for the"
        left = self.programme.envelope_usd_bn - self._figure(_COMMITTED).value
        more = f", more than the {_bn(left)} left of the envelope" if waiting.low > left else ""
        return f"{words} President{more}"

    def _acts_on(self, capacity: str, held: str) -> str:
        """Which of the two things said before it a step is against, or that it is neither."""
        known = capacities(self.run.config).get(capacity)
        if known is None:
            return ""
        bars = {row.bar for row in LEDGER_ROWS if row.name in known.causes}
        if "selection" in bars:
            return ", on the President's rounds"
        return ", on just that" if held in {f"held_usd_bn_{bar}" for bar in bars} else ", elsewhere"

    def returns(self) -> Sentence:
        """What either side earns, and how likely a duty is."""
        duty = self._figure("tariff_raised_by_end")
        chance = f"duty raised in {_percent(duty.value)} % of runs {_between(duty)}"
        if "npv_usd_bn_us" not in self._rows or not int(self._rows["npv_usd_bn_us"]["n"]):
            return Sentence(
                "returns", f"Returns: off here, no `finance` in the config; {chance}", (duty,)
            )
        us, japan = self._figure("npv_usd_bn_us"), self._figure("npv_usd_bn_japan")
        return Sentence(
            "returns",
            f"Present value: USD {_bn(us.value)} bn for the US {_between(us)}, {_bn(japan.value)} "
            f"for Japan's side {_between(japan)}; {chance}",
            (us, japan, duty),
        )

    def readings(self) -> Sentence:
        """Which contested reading moves what is committed most."""
        rows = latest_rows(self.run, "readings.csv")
        asked = [
            row
            for row in rows
            if row["response"] == _COMMITTED and row["difference"] and " + " not in row["reading"]
        ]
        if not asked:
            missing = f"which contested choice matters most: sim readings {self.run.folder}"
            return Sentence("readings", "", (), missing)
        widest = max(asked, key=lambda row: abs(float(row["difference"])))
        moved = _difference(widest, widest["reading"])
        title = shorten(widest.get("title") or widest["reading"], _TITLE, placeholder=" ...")
        words = f"Most depends on a contested choice: {title}, {_gain(moved)} selected"
        return Sentence("readings", words, (moved,))


def _difference(row: Mapping[str, str], what: str) -> Figure:
    """What a row of a study's table says of one difference from the base."""
    value, low, high = (float(row[f"difference{end}"] or nan) for end in ("", "_low", "_high"))
    decided, more = row["decided"] == "True", row["still_needed"]
    needed = 0 if decided else int(float(more)) if more else None
    name, unit = f"{row['response']} less base: {what}", row.get("unit") or "USD bn"
    return Figure(name, value, unit, low, high, nan, nan, int(row["n"]), decided, needed)


def _gain(one: Figure) -> str:
    """A difference with its sign and interval; in dollars where it is not another unit."""
    unit = "bn" if one.unit == "USD bn" else one.unit
    return f"{_bn(one.value, '+')} {unit} ({_bn(one.low, '+')} to {_bn(one.high, '+')})"


def _bn(value: float, sign: str = "") -> str:
    """Dollars as they are said: one digit below ten, none above."""
    return "-" if isnan(value) else f"{value:{sign}z,.{1 if abs(value) < 9.95 else 0}f}"


def _percent(share: float) -> str:
    """A share in percent; what is not certain is not said as if it were."""
    if isnan(share):
        return "-"
    text = f"{100 * share:.0f}"
    return "<1" if text == "0" and share > 0 else ">99" if text == "100" and share < 1 else text


def _between(one: Figure) -> str:
    """The interval of a figure, with the digits of the figure itself."""
    if isnan(one.low):
        return "(one run only)"
    if one.unit == "probability":
        return f"({_percent(one.low)} to {_percent(one.high)} %)"
    digits = 1 if abs(one.value) < 9.95 else 0
    return f"({one.low:z,.{digits}f} to {one.high:z,.{digits}f})"


def _by(day: date) -> str:
    """A date in words, short where it closes a year."""
    return f"end {day.year}" if (day.month, day.day) == (12, 31) else in_words(day)
