"""Which factors of a sweep carry its results, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sim.stats.intervals import Interval
from sim.stats.verdicts import LOWERS, MATTERS, NO_EFFECT, RAISES, Effect, digits
from sim.study.findings.effects import Found

TOLD = (MATTERS, RAISES, LOWERS)
RANKED_BY = ("ST", "mu_star")  # of several measures of a factor, the one of its whole effect
NAMED = 3  # in a sentence


def carrying(found: Found) -> list[Effect]:
    """One effect of each factor told from none, its whole one or the largest; largest first."""
    chosen: dict[str, Effect] = {}
    for one in found.effects:
        before = chosen.get(one.factor)
        if one.verdict in TOLD and (before is None or _rank(one) > _rank(before)):
            chosen[one.factor] = one
    return sorted(chosen.values(), key=_size, reverse=True)


def _rank(effect: Effect) -> tuple[bool, float]:
    return effect.measure in RANKED_BY, _size(effect)


def _size(effect: Effect) -> float:
    return abs(effect.interval.estimate)


def first_words(found: Sequence[Found], labels: Mapping[str, str]) -> str:
    """Which factors come first, and how many come nowhere."""
    told = [carrying(one) for one in found]
    first = Counter(effects[0].factor for effects in told if effects)
    nowhere = len(labels) - len({one.factor for effects in told for one in effects})
    if not first:
        return f"No effect of the {_counted(len(labels), 'factor')} is told from none."
    (most, times), *others = first.most_common(NAMED)
    words = f"{labels[most]} matters most"
    if len(found) > 1:
        words += f" for {times} of {len(found)} responses"
        words += "".join(f", {labels[name]} for {count}" for name, count in others)
    if nowhere:
        words += f"; of {len(labels)} factors {nowhere} cannot be told from none anywhere"
    return f"{words}."


def response_words(found: Found, labels: Mapping[str, str]) -> str:
    """What carries one response, and by how much."""
    told = carrying(found)
    if not told:
        return "no factor is told from none"
    words = [f"{labels[one.factor]} {_told(one)}" for one in told[:NAMED]]
    if len(told) > NAMED:
        words.append(f"{len(told) - NAMED} more")
    return "; ".join(words)


def left_out(found: Found, labels: Mapping[str, str]) -> str:
    """The factors that are told from none by no measure, by what is said of them."""
    told = {one.factor for one in found.effects if one.verdict in TOLD}
    verdicts: dict[str, list[str]] = {}
    for factor in dict.fromkeys(one.factor for one in found.effects):
        if factor not in told:
            mine = [one for one in found.effects if one.factor == factor]
            whole = [one for one in mine if one.measure in RANKED_BY] or mine
            said = next((one for one in whole if one.verdict != NO_EFFECT), whole[0])
            verdicts.setdefault(said.verdict, []).append(labels[factor])
    return "; ".join(
        f"{verdict}: {', '.join(names) if len(names) <= NAMED else len(names)}"
        for verdict, names in verdicts.items()
    )


def _told(effect: Effect) -> str:
    around = effect.interval
    if effect.measure in ("ST", "S1"):
        shares = Interval(*(100 * value for value in around))
        alone = "alone " * (effect.measure == "S1")
        of = f"{digits(shares.estimate, 2)} % of the variance ({_span(shares)} %)"
        return f"{alone}has a part in {of}"
    if effect.measure == "mu_star":
        return f"moves it by {digits(around.estimate)} over its range ({_span(around)})"
    if effect.measure == "rank_correlation":
        return f"{effect.verdict} (rank correlation {digits(around.estimate, 2)}, {_span(around)})"
    verb = effect.verdict.removesuffix(" it")
    if effect.measure == "mu":
        return f"{verb} it by {digits(_size(effect))} over its range ({_span(around)})"
    return f"{verb} it by {digits(_size(effect))} ({_span(around)}; {effect.measure})"


def _span(interval: Interval) -> str:
    return f"{digits(interval.low, 2)} to {digits(interval.high, 2)}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
