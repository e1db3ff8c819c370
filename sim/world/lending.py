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
    nature: Nature, stream: np.uint64, keys: KeyArray, viability: FloatArray, attempt: int = 0
) -> tuple[IntArray, IntArray]:
    """Minutes and outcome of every visit to every lender; shape (n, facilities, visits) each.

    Outcomes lean on the viability as prospects do. The last visit ends in approval or refusal.
    """
    config, bargaining = nature.config.nature, nature.config.nature.bargaining
    visits = 1 if bargaining is None else bargaining.appraisals
    numbers = np.arange(attempt * visits, (attempt + 1) * visits)
    names, shape = nature.facility_ids, (len(keys), len(nature.facility_ids), visits)
    minutes = np.empty(shape, np.int64)
    for column, name in enumerate(names):
        u = uniforms(stream, keys, f"appraisal:{name}", numbers)
        minutes[:, column] = minutes_from_days(inverse(config.appraisal_days[name], u))
    outcome = np.full(shape, APPROVED)
    if bargaining is None:
        return minutes, outcome
    weight, refused = config.viability_weight, bargaining.refused_share
    for column, name in enumerate(names):
        luck = ndtri(uniforms(stream, keys, f"appraised:{name}", numbers))
        leaning = ndtr(weight * ndtri(viability)[:, None] + np.sqrt(1 - weight**2) * luck)
        again = leaning < refused + bargaining.again_share
        outcome[:, column] = np.where(leaning < refused, REFUSED, np.where(again, BARGAINED, 0))
    last = outcome[:, :, -1]
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
    lenders = len(nature.facility_ids)
    found: dict[int, tuple[IntArray, IntArray]] = {}
    for attempt in range(ATTEMPTS + 1):
        minutes, outcome = draw_appraisals(nature, stream, key, viability, attempt % ATTEMPTS)
        for lender in {*range(lenders)} - found.keys():
            course, ends = minutes[0, lender], outcome[0, lender]
            reached = np.cumsum(course)[: int(np.argmax(ends != BARGAINED)) + 1]
            now = int(np.searchsorted(reached, elapsed, side="right"))
            if now == len(reached):
                if attempt < ATTEMPTS:
                    continue
                now, reached[-1] = now - 1, elapsed
            padding = np.zeros(now, np.int64)
            rest = np.concatenate([[reached[now]], course[now + 1 :], padding])
            found[lender] = rest, np.concatenate([ends[now:], padding])
        if len(found) == lenders:
            break
    courses = [found[lender] for lender in range(lenders)]
    return np.array([course for course, _ in courses]), np.array([ends for _, ends in courses])
