"""What nature decides about the lenders' appraisals: how long each takes and how it ends.

A lender's appraisal ends in approval, in another round of bargaining, which is another appraisal,
or in refusal. Each has draws of its own per project, lender and visit.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.special import ndtr, ndtri

from sim.calendars import minutes_from_days
from sim.world.distributions import inverse
from sim.world.model import BoolArray, FloatArray, IntArray
from sim.world.nature import Nature
from sim.world.uniforms import KeyArray, Streams, uniforms

APPROVED, BARGAINED, REFUSED = range(3)
TRIED = (0, 10, 100)  # courses, to find one that is not over on the as-of date: so many at a time


def draw_appraisals(
    nature: Nature, stream: Streams, keys: KeyArray, viability: FloatArray
) -> tuple[IntArray, IntArray]:
    """Minutes and outcome of every visit to every lender; shape (n, facilities, visits) each."""
    each = [
        _courses(nature, name, stream, keys, viability, range(1)) for name in nature.facility_ids
    ]
    minutes, outcome = (np.stack(part, axis=1)[:, :, 0] for part in zip(*each, strict=True))
    return minutes, outcome


def _courses(
    nature: Nature,
    lender: str,
    stream: Streams,
    keys: KeyArray,
    viability: FloatArray,
    courses: range,
) -> tuple[IntArray, IntArray]:
    """Some courses of visits to one lender; shape (n, courses, visits) each.

    Outcomes lean on the viability as prospects do. The last visit ends in approval or refusal.
    """
    config, bargaining = nature.config.nature, nature.config.nature.bargaining
    visits = 1 if bargaining is None else bargaining.appraisals
    shape = (len(keys), len(courses), visits)
    numbers = np.arange(courses.start * visits, courses.stop * visits)
    days = inverse(
        config.appraisal_days[lender], uniforms(stream, keys, f"appraisal:{lender}", numbers)
    )
    minutes, outcome = minutes_from_days(days).reshape(shape), np.full(shape, APPROVED)
    if bargaining is None:
        return minutes, outcome
    weight, refused = config.viability_weight, bargaining.refused_share
    luck = ndtri(uniforms(stream, keys, f"appraised:{lender}", numbers).reshape(shape))
    lean = weight * ndtri(viability)[:, None, None]
    leaning = ndtr(lean + np.sqrt(1 - weight**2) * luck)
    outcome[leaning < refused + bargaining.again_share] = BARGAINED
    outcome[leaning < refused] = REFUSED
    last = outcome[..., -1]
    last[last == BARGAINED] = REFUSED
    return minutes, outcome


def under_way(
    nature: Nature, stream: KeyArray, keys: KeyArray, viability: FloatArray, elapsed: IntArray
) -> tuple[IntArray, IntArray]:
    """The same for projects whose lenders have all been at it for ``elapsed`` minutes, (n,).

    The first course of draws that is not over by then, lender by lender: that is the law given
    what is on record. Visits before the one under way are told as one with it. Where the law has
    no such course, the appraisal ends on the as-of date.
    """
    minutes, outcome = draw_appraisals(nature, stream, keys, viability)
    for column, lender in enumerate(nature.facility_ids):
        left = np.arange(len(keys))
        for first, last in pairwise(TRIED):
            drawn = _courses(
                nature, lender, stream[left], keys[left], viability[left], range(first, last)
            )
            lasts, *found = _from_then_on(*drawn, elapsed[left])
            use = lasts | (first == 0)
            minutes[left[use], column], outcome[left[use], column] = (one[use] for one in found)
            left = left[~lasts]
    return minutes, outcome


def _from_then_on(
    minutes: IntArray, outcome: IntArray, elapsed: IntArray
) -> tuple[BoolArray, IntArray, IntArray]:
    """Whether a course lasts longer than ``elapsed``; and the first that does, or the first."""
    row, visits = np.arange(len(elapsed)), np.arange(minutes.shape[-1])
    final = np.argmax(outcome != BARGAINED, axis=-1)[..., None]
    reached = np.cumsum(minutes, axis=-1)
    longer = np.take_along_axis(reached, final, axis=-1)[..., 0] > elapsed[:, None]
    course, lasts = np.argmax(longer, axis=-1), np.asarray(longer.any(axis=-1))
    minutes, outcome, reached = minutes[row, course], outcome[row, course], reached[row, course]
    now = np.where(lasts, (reached <= elapsed[:, None]).sum(axis=-1), final[row, course, 0])
    visit = now[:, None] + visits
    later = [
        np.where(visit < len(visits), part[row[:, None], np.minimum(visit, len(visits) - 1)], 0)
        for part in (minutes, outcome)
    ]
    later[0][:, 0] = np.where(lasts, reached[row, now], elapsed)
    return lasts, later[0], later[1]
