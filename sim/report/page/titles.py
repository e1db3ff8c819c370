"""What a section has found, as its title: by rule from the data, plain where that is undecided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import isnan

from sim.report.page.words import capital, number, percent, percent_span
from sim.stats.intervals import Interval
from sim.study.findings.answer import Figure
from sim.study.findings.bottleneck_words import inside
from sim.study.findings.evidence import ASSUMED, PUBLISHED
from sim.study.findings.over_time import Bands, Held

_PARTS = {
    0.0: "Hardly any", 0.1: "About a tenth", 0.25: "About a quarter", 1 / 3: "About a third",
    0.5: "About half", 2 / 3: "About two thirds", 0.75: "About three quarters", 0.9: "Most",
    1.0: "All but all",
}  # fmt: skip
_VERBS = {"committed": "committed", "paid": "paid", "completed": "running"}


def about(value: Figure, whole: float) -> str:
    """Which part of a whole it is in round words; nothing where its interval has more than one.

    Examples
    --------
    >>> from sim.study.findings.answer import figure
    >>> about(figure("", "USD bn", 200, 139, 131, 146), 550)
    'About a quarter of it'
    >>> about(figure("", "USD bn", 20, 139, 61, 226), 550)
    ''
    """

    def nearest(one: float) -> str:
        return _PARTS[min(_PARTS, key=lambda part: abs(one / whole - part))]

    words = {nearest(one) for one in (value.low, value.value, value.high)}
    return f"{words.pop()} of it" if len(words) == 1 and not isnan(value.low) else ""


def of_money(money: Bands, runs: int) -> str:
    """By when half of what stands committed at the end, in the median, is there."""
    final = float(money.usd_bn["committed"]["median"][-1])
    if runs < 20 or final <= 0:
        return "Money over time"
    half = [
        (
            verb,
            next(
                (
                    end.year
                    for end, value in zip(money.ends, money.usd_bn[name]["median"], strict=True)
                    if value >= final / 2
                ),
                None,
            ),
        )
        for name, verb in _VERBS.items()
    ]
    last = money.ends[-1].year
    said = [f"{verb} by {year}" if year else f"not {verb} by {last}" for verb, year in half]
    return (
        f"Of ${number(final)} bn that stand committed in {last}, half is "
        f"{', '.join(said[:-1])} and {said[-1]}"
    )


def of_held(held: Held, faults: Sequence[str], names: Mapping[str, str]) -> str:
    """Which cause holds most dollar-years; two where the runs do not decide between them."""
    ranked = held.ranked(faults)
    if not ranked or len(held.usd_bn_years[ranked[0]]) < 2:
        return "What holds it up"
    peak, quarter = held.peak(ranked[0])
    words = names[ranked[0]]
    if len(ranked) > 1 and not held.leads(ranked[0], ranked[1]).low > 0:
        both = f"{words} or {names[ranked[1]]}"
        return f"Once selected, most stands at {both}; which of the two is undecided"
    return f"Once selected, most stands at {words}: ${number(peak)} bn in {quarter}"


def of_chances(found: Sequence[tuple[float, Interval]], deadline: str) -> str:
    """The largest amount that is likelier than not, and the smallest that is not."""
    likely = [least for least, share in found if share.low > 0.5]
    unlikely = [least for least, share in found if share.high < 0.5]
    if not likely and not unlikely:
        return "Completion statistics"
    said = [f"${number(max(likely))} bn more likely than not"] if likely else []
    said += [f"${number(min(unlikely))} bn not"] if unlikely else []
    return f"Committed by {deadline}: {', '.join(said)}"


def of_returns(japan: Interval | None, states: Interval | None) -> str:
    """Who gains and who loses, where the sign of both is decided."""
    if japan is None or states is None or _sign(japan) is None or _sign(states) is None:
        return "Returns by party"
    us = "The United States gain" if _sign(states) else "The United States lose"
    side = "Japan’s side gains" if _sign(japan) else "Japan’s side loses"
    return (
        f"{us} ${number(abs(states.estimate))} bn of present value, "
        f"{side} {number(abs(japan.estimate))}"
    )


def of_projects(chances: Sequence[tuple[float, float, float]], end: date) -> str:
    """How many named projects are likelier than not to run by the end; the undecided beside it.

    ``chances`` are of all runs, of those too in which a project is never proposed.
    """
    likely = sum(low > 0.5 for _, low, _ in chances)
    undecided = sum(low <= 0.5 <= high for _, low, high in chances)
    words = f"{likely} of {len(chances)} named projects run by {end:%Y}, more likely than not"
    return f"{words} ({undecided} undecided)" if undecided else words


def of_causes(causes: Sequence[tuple[str, Interval]]) -> str:
    """Which group of causes adds most days, where its interval lies apart from the next."""
    ranked = sorted(causes, key=lambda one: one[1].estimate, reverse=True)
    if len(ranked) < 2 or not ranked[0][1].low > ranked[1][1].high:
        return "Why projects take longer than their building"
    name, days = ranked[0]
    return f"{capital(name)} adds most days to a project: {number(days.estimate, 0)} on average"


def of_evidence(counted: Mapping[str, int]) -> str:
    """How many numbers are published, how many assumed."""
    return (
        f"What it rests on: {counted[PUBLISHED]:,} numbers published, {counted[ASSUMED]:,} assumed"
    )


def of_readings(title: str, moved: float, luck: tuple[float, float], decided: bool) -> str:
    """Which contested choice moves the answer most; beyond luck, if by half the range of runs."""
    if not decided:
        return "Readings beside luck"
    if abs(moved) > (luck[1] - luck[0]) / 2:
        return f"One choice moves the answer more than luck: {title}"
    return f"What moves the mean most: {title}"


def of_worth(
    lifted: tuple[str, float, str] | None,
    step: tuple[str, float, str] | None,
    unit: str = "bn",
) -> str:
    """The limit and the step whose worth is decided and greatest: label, worth and capacity."""
    if lifted is None:
        if step is None:
            return "What it is worth to mend"
        return f"Worth most to mend: {step[0]}, +{number(step[1])} {unit}"
    words = f"What holds back most: {inside(lifted[0])}, +{number(lifted[1])} {unit} without limit"
    if step is None:
        return words
    where = "" if step[2] == lifted[2] else ", against another limit"
    return f"{words}; best step{where}: {step[0]}, +{number(step[1])}"


def chance(share: Interval) -> str:
    """A probability with its interval."""
    return f"{percent(share.estimate)} ({percent_span(share.low, share.high)})"


def _sign(value: Interval) -> bool | None:
    """Whether a value is above zero; None while that is undecided."""
    return True if value.low > 0 else False if value.high < 0 else None
