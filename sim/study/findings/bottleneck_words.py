"""What a study of bottlenecks found, in sentences; each is derived by rule, or withheld."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan

from sim.config import load
from sim.stats.intervals import Interval
from sim.study.design.against import STEP, steps_against
from sim.study.design.named_overlays import AND
from sim.study.design.words import plural
from sim.study.findings.bottleneck_reasons import why_nothing
from sim.study.findings.bottlenecks import Bottlenecks, Worth
from sim.study.findings.dearer import dearer, told_dearer

# Their waits are over when a project is selected: the ledger's dollars begin there.
BEFORE_SELECTION = ("rounds", "teams", "committees", "appraisal")
_AS_MUCH = (0.8, 1.25)  # given back over stood: between them they are called alike
_MOST_PAIRS = 3  # named
_LEAST = 0.5  # USD bn x years that are worth a sentence


def sentences(found: Bottlenecks) -> list[str]:
    """What binds, what a step is worth, what does nothing, and what several do together."""
    base = load(found.folder / "config.yaml")
    prices = dearer(base, steps_against(base)) if found.moment.unit == "USD bn" else {}
    told = told_dearer((name.removeprefix(STEP), share) for name, share in prices.items())
    return [
        *headline(found),
        *_nothing(found),
        *_together(found),
        *in_pairs(found),
        *([told] if told else []),
        *why_they_differ(found),
    ]


def amount(interval: Interval, unit: str = "") -> str:
    """A difference with its interval, and its unit behind the estimate.

    Examples
    --------
    >>> amount(Interval(9.84, 4.2, 15.5), "USD bn"), amount(Interval(0.0, 0.0, 0.0))
    ('+9.8 bn (4.2 to 15.5)', '0')
    """
    said = f" {unit.removeprefix('USD ')}" if unit else ""
    if interval.estimate == interval.low == interval.high == 0:
        return "0"
    digits = 1 if abs(interval.estimate) < 99.5 else 0
    if isnan(interval.low):
        return f"{interval.estimate:+,.{digits}f}{said}"
    low, high = (f"{one:,.{digits}f}" for one in interval[1:])
    return f"{interval.estimate:+,.{digits}f}{said} ({low} to {high})"


def needed(one: Worth) -> str:
    """Whether the sign is decided, and how many more replications would do.

    Examples
    --------
    >>> needed(one)  # doctest: +SKIP
    '30 more'
    """
    if one.decided:
        return "decided"
    if one.same or one.interval == (0, 0, 0):
        return "nothing"
    more = one.difference.still_needed
    return "open" if more is None else f"{more:,} more"


def headline(found: Bottlenecks) -> list[str]:
    """What holds it up most, and what a step against it is worth."""
    n, unit = found.manifest["replications"], found.moment.unit
    binding = [one for one in found.lifted if one.decided and one.interval.estimate > 0]
    if not binding:
        nearest = min(
            (one for one in found.lifted if one.difference.still_needed),
            key=lambda one: one.difference.still_needed or 0,
            default=None,
        )
        words = f"With {plural(n, 'replication')} no capacity is shown to hold it up"
        return [
            f"{words}."
            if nearest is None
            else f"{words}; nearest is {nearest.label}: "
            f"about {nearest.difference.still_needed:,} more runs."
        ]
    top = binding[0]
    told = [
        f"What holds it up most: {inside(top.label)}. Without that limit "
        f"{amount(top.interval, unit)} {_lower(found.label)}."
    ]
    own = [one for one in found.steps if one.capacity == top.name]
    told += [_step(one, unit) for one in own]
    others = [one for one in found.steps if one.decided and one.capacity != top.name]
    if others:
        told.append(f"Decided of the other steps: {_listed(others)}.")
    elif len(found.steps) > len(own):
        told.append("No step against another capacity is decided.")
    return [*told, *joined(found, top, own, others)]


def joined(found: Bottlenecks, top: Worth, own: list[Worth], others: list[Worth]) -> list[str]:
    """Why the best step that is decided acts on another limit than the one that costs most."""
    best = max(others, key=lambda one: one.interval.estimate, default=None)
    if best is None or best.interval.estimate <= 0:
        return []
    bought = [one for one in own if one.decided]
    if any(one.interval.estimate >= best.interval.estimate for one in bought):
        return []
    limit = found.capacities[best.capacity].label
    against = "are worth less" if bought else "are not decided" if own else "are none in the config"
    return [
        f"So the limit that costs most and the step to buy first are two things: the best step, "
        f"{best.label}, acts on {inside(limit)}, for steps against {inside(top.label)} {against}."
    ]


def _step(one: Worth, unit: str) -> str:
    words = f"A step against it, {one.label}, is worth {amount(one.interval, unit)}"
    return f"{words}." if one.decided else f"{words}: undecided, {needed(one)}."


def _nothing(found: Bottlenecks) -> list[str]:
    n, told = found.manifest["replications"], []
    if found.inert:
        names = ", ".join(one.label for one in found.inert)
        told.append(
            f"No limit in any of {plural(n, 'replication')}, so more changes nothing: {names}."
        )
    reasons: dict[str, list[str]] = {}
    for one in (*found.lifted, *found.steps):
        if why := why_nothing(found, one):
            reasons.setdefault(why, []).append(one.label)
    told += [f"Nothing is added by {' or '.join(of)}: {why}." for why, of in reasons.items()]
    return told


def _together(found: Bottlenecks) -> list[str]:
    """What all that matter do at once, against the sum of each alone, and the share of each."""
    if not found.shares:
        return []
    by_name = {one.name: one for one in found.lifted}
    every = found.worth[AND.join(sorted(found.matter))]
    alone = sum(by_name[name].interval.estimate for name in found.matter)
    shares = ", ".join(
        f"{by_name[name].label} {amount(share)}"
        for name, share in sorted(found.shares.items(), key=lambda one: -one[1].estimate)
    )
    return [
        f"All {len(found.matter)} that are decided, lifted at once: {amount(every.interval)}; one "
        f"by one they add up to {alone:+,.0f}. Shared fairly (Shapley): {shares}."
    ]


def in_pairs(found: Bottlenecks) -> list[str]:
    """Which two do more together than one by one, or less, where that is decided."""
    pairs, told = found.beyond_sum.values(), []
    for words, sign in (("more", 1), ("less", -1)):
        some = [one for one in pairs if one.decided and sign * one.difference.estimate > 0]
        largest = sorted(some, key=lambda one: -abs(one.difference.estimate))[:_MOST_PAIRS]
        if some:
            named = "; ".join(
                f"{both(found, one.scenario)} {amount(one.difference)}" for one in largest
            )
            most = ", most of all" if len(some) > len(largest) else ""
            told.append(
                f"Of {len(pairs)} pairs {len(some)} do {words} together than one by one{most}: "
                f"{named}."
            )
    if pairs and not told:
        told.append(f"Of {len(pairs)} pairs none is shown to do more or less than one by one.")
    return told


def both(found: Bottlenecks, name: str) -> str:
    """The two capacities of a pair, inside a sentence."""
    return " and ".join(inside(found.capacities[one].label) for one in name.split(AND))


def why_they_differ(found: Bottlenecks) -> list[str]:
    """Why the ledger and the worth of a capacity are two numbers, capacity by capacity."""
    told = []
    for one in found.lifted:
        stood, back = found.stood[one.name].usd_bn_years, found.given_back[one.name]
        if one.name in BEFORE_SELECTION:
            if one.decided:
                told.append(
                    f"{one.label}: the ledger has nothing of it, for its dollars begin at "
                    "selection; what is never selected stands nowhere."
                )
        elif stood >= _LEAST:
            told.append(
                f"{one.label}: {stood:,.0f} bn-years stood there, drag "
                f"{found.drag[one.name]:,.0f} days; {_returned(stood, back)}."
            )
    if told:
        told.insert(
            0,
            "Ledger and worth, in billions times years to the end; drag: days by which the ledger "
            "says that a project would have ended earlier:",
        )
    return told


def _returned(stood: float, back: Interval) -> str:
    if isnan(back.low) or back.low <= 0 <= back.high:
        return f"whether lifting it gives any back is undecided ({amount(back)})"
    if back.estimate < _AS_MUCH[0] * stood:
        return (
            f"lifted, {amount(back)} come back: for the rest something else would have held them, "
            "or the run ends first"
        )
    if back.estimate > _AS_MUCH[1] * stood:
        return f"lifted, {amount(back)} come back: what is earlier makes room for more"
    return f"lifted, about as much comes back, {amount(back)}"


def _listed(some: Iterable[Worth]) -> str:
    return "; ".join(f"{one.label} {amount(one.interval)}" for one in some)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def inside(label: str) -> str:
    """A label inside a sentence: its first word small, unless it is a name."""
    return _lower(label) if label.startswith("The ") else label
