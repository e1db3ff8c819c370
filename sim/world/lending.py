"""What nature decides about the lenders' appraisals: how long each takes and how it ends.

A lender's appraisal ends in approval, in another round of bargaining, which is another appraisal,
or in refusal. Each has draws of its own per project, lender and visit.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from sim.calendars import minutes_from_days
from sim.world.distributions import inverse
from sim.world.model import FloatArray, IntArray
from sim.world.nature import Nature
from sim.world.uniforms import KeyArray, uniforms

APPROVED, BARGAINED, REFUSED = range(3)
ATTEMPTS = 100  # to find a course that is not over on the as-of date


def draw_appraisals(
    nature: Nature, stream: np.uint64, keys: KeyArray, viability: FloatArray
) -> tuple[IntArray, IntArray]:
    """Minutes and outcome of every visit to every lender; shape (n, facilities, visits) each."""
    minutes, outcome = _courses(nature, stream, keys, viability, 1)
    return minutes[:, :, 0], outcome[:, :, 0]


def _courses(
    nature: Nature, stream: np.uint64, keys: KeyArray, viability: FloatArray, courses: int
) -> tuple[IntArray, IntArray]:
    """So many courses of visits to every lender; shape (n, facilities, courses, visits) each.

    Outcomes lean on the viability as prospects do. The last visit ends in approval or refusal.
    """
    config, bargaining = nature.config.nature, nature.config.nature.bargaining
    visits = 1 if bargaining is None else bargaining.appraisals
    names = nature.facility_ids
    shape = (len(keys), len(names), courses, visits)

    def drawn(purpose: str) -> FloatArray:
        each = [uniforms(stream, keys, f"{purpose}:{name}", courses * visits) for name in names]
        return np.stack(each, axis=1)

    days = drawn("appraisal")
    for column, name in enumerate(names):
        days[:, column] = inverse(config.appraisal_days[name], days[:, column])
    minutes, outcome = minutes_from_days(days).reshape(shape), np.full(shape, APPROVED)
    if bargaining is None:
        return minutes, outcome
    weight, refused = config.viability_weight, bargaining.refused_share
    luck = ndtri(drawn("appraised").reshape(shape))
    lean = weight * ndtri(viability)[:, None, None, None]
    leaning = ndtr(lean + np.sqrt(1 - weight**2) * luck)
    outcome[leaning < refused + bargaining.again_share] = BARGAINED
    outcome[leaning < refused] = REFUSED
    last = outcome[..., -1]
    last[last == BARGAINED] = REFUSED
    return minutes, outcome


def under_way(
    nature: Nature, stream: np.uint64, key: KeyArray, viability: FloatArray, elapsed: int
) -> tuple[IntArray, IntArray]:
    """The same for one project whose lenders have all been at it for ``elapsed`` minutes.

    The first course of draws that is not over by then, lender by lender: that is the law given
    what is on record. Visits before the one under way are told as one with it. Where the law has
    no such course, the appraisal ends on the as-of date.
    """
    drawn = _courses(nature, stream, key, viability, ATTEMPTS)
    rest, ends = [], []
    for minutes, outcome in zip(*(part[0] for part in drawn), strict=True):  # lender by lender
        reached = np.cumsum(minutes, axis=1)  # (courses, visits)
        final = np.argmax(outcome != BARGAINED, axis=1)
        lasts = reached[np.arange(ATTEMPTS), final] > elapsed
        course = int(np.argmax(lasts))  # the first where none lasts
        now = int((reached[course] <= elapsed).sum()) if lasts[course] else int(final[course])
        until = reached[course, now] if lasts[course] else elapsed
        padding = np.zeros(now, np.int64)
        rest.append(np.concatenate([[until], minutes[course, now + 1 :], padding]))
        ends.append(np.concatenate([outcome[course, now:], padding]))
    return np.array(rest), np.array(ends)
