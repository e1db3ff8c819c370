"""Law 6: a review finds a breach exactly where what the log adds up to is behind its path."""

from __future__ import annotations

from collections.abc import Iterator

from sim.events import Cause, Kind
from sim.plan.enforcement import ReviewOf
from sim.results.laws.evidence import Event, Evidence, Violation

_ADDED_UP = {  # what each measure is the sum of
    "committed": {Kind.SELECTED: 1, Kind.DECLINED: -1, Kind.CANCELLED: -1},
    "called": {Kind.CALL_NOTICED: 1, Kind.CALL_WITHDRAWN: -1},
    "paid": {Kind.PART_DRAWN: 1},
}
_TOLD = {
    (Kind.BREACH_OPENED, Cause.REVIEW_FAILED): "fails",
    (Kind.BREACH_CLOSED, Cause.CURED): "cures",
    (Kind.BREACH_CLOSED, Cause.SETTLED): "ends",
}
OF_REVIEWS = frozenset(kind for kind, _ in _TOLD)


class _Looked:
    """What one look at the programme finds: shortfalls before, while and after it is taken."""

    def __init__(self, short: float) -> None:
        self.shorts = [short]
        self.told: list[tuple[str, float, float, int]] = []  # verb, short then, amount, part


def reviews_find_what_is_behind(evidence: Evidence) -> Iterator[Violation]:
    """A breach opens where a review but the last finds its programme behind, and nowhere else.

    An open one is cured where a review finds the programme back, and ends with the last. What else
    happens in the minute of a review that says nothing may lie on either side of it.
    """
    part = 0
    for review in evidence.measure.plan.enforcement.reviews:
        yield from _of_one(evidence, review, part)
        part += len(review.minutes)


def _of_one(evidence: Evidence, review: ReviewOf, first: int) -> Iterator[Violation]:
    signs = _ADDED_UP[review.measure]
    parts = range(first, first + len(review.minutes))
    held = {
        minute: visit
        for visit, minute in enumerate(review.minutes)
        if evidence.measure.plan.open_minute <= minute < evidence.end
    }
    moves = evidence.of({*signs, *OF_REVIEWS})
    at, total, failed = 0, 0.0, -1

    def told(event: Event) -> str:
        mine = event.project < 0 and event.part in parts
        return _TOLD.get((event.kind, Cause(event.cause)), "") if mine else ""

    for minute, visit in sorted(held.items()):
        while at < len(moves) and moves[at].time < minute:
            if told(moves[at]):
                yield Violation(
                    -1, moves[at].time, f"a review {told(moves[at])} on no day of its own"
                )
            total += signs.get(moves[at].kind, 0) * moves[at].amount
            at += 1
        looked = _Looked(review.path_cents[visit] - total)
        while at < len(moves) and moves[at].time == minute:
            event = moves[at]
            if told(event):
                short = review.path_cents[visit] - total
                looked.told.append((told(event), short, event.amount, event.part))
            total += signs.get(event.kind, 0) * event.amount
            looked.shorts.append(review.path_cents[visit] - total)
            at += 1
        last = visit == len(review.minutes) - 1
        wrong = _wrong(looked, review.tolerance_cents, failed, first + visit, last)
        if wrong:
            yield Violation(-1, minute, wrong)
        for verb, _, _, part in looked.told:
            failed = part if verb == "fails" else -1
    for event in moves[at:]:
        if told(event):
            yield Violation(-1, event.time, f"a review {told(event)} on no day of its own")


def _wrong(looked: _Looked, tolerance: float, failed: int, part: int, last: bool) -> str:
    """What is wrong with a look, or nothing."""
    if not looked.told:
        behind = all(short > tolerance for short in looked.shorts)
        back = all(short <= tolerance for short in looked.shorts)
        if failed < 0 and behind and not last:
            return f"{looked.shorts[0]:.0f} cents behind the path open no breach"
        if failed >= 0 and (back or last):
            return f"breach {failed} of a review is not closed"
        return ""
    (verb, short, amount, of), *more = looked.told
    if more:
        return "a review tells twice"
    if verb == "fails":
        fits = failed < 0 and not last and of == part and short > tolerance and amount == short
    else:
        fits = (
            of == failed and (short > tolerance) == (verb == "ends") and (last or verb == "cures")
        )
    return "" if fits else f"a review {verb} breach {of} ({amount:.0f}), {short:.0f} cents behind"
