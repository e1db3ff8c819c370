"""What nature decides about the lenders' appraisals: how long each takes and how it ends.

A lender's appraisal ends in approval, in another round of bargaining, which is another appraisal,
or in refusal. Each has draws of its own per project, lender and visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import ndtr, ndtri

from sim.calendars import minutes_from_days
from sim.world.model import BoolArray, FloatArray, IntArray
from sim.world.nature import Nature
from sim.world.uniforms import KeyArray, Streams, purpose_key, uniforms

APPROVED, BARGAINED, REFUSED = range(3)
TRIED = (0, 10, 30, 100)  # courses, to find one that is not over on the as-of date, in three goes


@dataclass(frozen=True)
class _Appraisals:
    """A row for each project and lender, the lenders of a project one after another."""

    nature: Nature
    lender: IntArray  # (n,)
    stream: KeyArray  # (n,)
    keys: KeyArray  # (n,)
    viability: FloatArray  # (n,)

    @classmethod
    def of(
        cls, nature: Nature, stream: Streams, keys: KeyArray, viability: FloatArray
    ) -> _Appraisals:
        """Every lender's of each project."""
        lenders = len(nature.facility_ids)
        row = np.repeat(np.arange(len(keys)), lenders)
        lender = np.tile(np.arange(lenders), len(keys))
        stream = np.broadcast_to(stream, keys.shape)
        return cls(nature, lender, stream[row], keys[row], viability[row])

    def only(self, rows: IntArray) -> _Appraisals:
        """Some of them."""
        return _Appraisals(
            self.nature,
            self.lender[rows],
            self.stream[rows],
            self.keys[rows],
            self.viability[rows],
        )

    def courses(self, numbers: range) -> tuple[IntArray, IntArray]:
        """Minutes and outcomes of some courses of visits; shape (n, courses, visits) each.

        Outcomes lean on the viability as prospects do. The last visit ends in approval or refusal.
        """
        given, bargaining = self.nature.given, self.nature.given.bargaining
        visits = 1 if bargaining is None else bargaining.appraisals
        shape = (len(self.keys), len(numbers), visits)
        days = self.nature.appraisals(self.lender, self._drawn("appraisal", numbers, visits))
        minutes, outcome = minutes_from_days(days).reshape(shape), np.full(shape, APPROVED)
        if bargaining is None:
            return minutes, outcome
        luck = self._drawn("appraised", numbers, visits).reshape(shape)
        again = bargaining.refused_share + bargaining.again_share
        outcome[luck < self._chance(given.viability_weight, again)] = BARGAINED
        outcome[luck < self._chance(given.viability_weight, bargaining.refused_share)] = REFUSED
        last = outcome[..., -1]
        last[last == BARGAINED] = REFUSED
        return minutes, outcome

    def _drawn(self, purpose: str, courses: range, visits: int) -> FloatArray:
        names = self.nature.facility_ids
        each = np.array([purpose_key(f"{purpose}:{name}") for name in names], np.uint64)
        numbers = np.arange(courses.start * visits, courses.stop * visits)
        return uniforms(self.stream, self.keys, each[self.lender], numbers)

    def _chance(self, weight: float, share: float) -> FloatArray:
        """What happens to a share of all, as likely as it is for one of this viability.

        Gaussian copula: the normal score of the viability and of the luck, weighted, is below that
        of the share.
        """
        with np.errstate(divide="ignore"):  # at a weight of 1 the viability alone decides
            score = (ndtri(share) - weight * ndtri(self.viability)) / np.sqrt(1 - weight**2)
        return np.asarray(ndtr(score))[:, None, None]


def draw_appraisals(
    nature: Nature, stream: Streams, keys: KeyArray, viability: FloatArray
) -> tuple[IntArray, IntArray]:
    """Minutes and outcome of every visit to every lender; shape (n, facilities, visits) each."""
    minutes, outcome = _Appraisals.of(nature, stream, keys, viability).courses(range(1))
    shape = (len(keys), len(nature.facility_ids), minutes.shape[-1])
    return minutes.reshape(shape), outcome.reshape(shape)


def under_way(
    nature: Nature, stream: Streams, keys: KeyArray, viability: FloatArray, elapsed: IntArray
) -> tuple[IntArray, IntArray]:
    """The same for projects whose lenders have all been at it for ``elapsed`` minutes, (n,).

    The first course of draws that is not over by then, lender by lender: that is the law given
    what is on record. Visits before the one under way are told as one with it. Where the law has
    no such course, the appraisal ends on the as-of date.
    """
    lenders = len(nature.facility_ids)
    appraisals = _Appraisals.of(nature, stream, keys, viability)
    elapsed, left = np.repeat(elapsed, lenders), np.arange(len(keys) * lenders)
    for first, last in pairwise(TRIED):
        drawn = appraisals.only(left).courses(range(first, last))
        lasts, *found = _from_then_on(*drawn, elapsed[left])
        if not first:
            minutes, outcome = found
        minutes[left[lasts]], outcome[left[lasts]] = (one[lasts] for one in found)
        left = left[~lasts]
    shape = (len(keys), lenders, minutes.shape[-1])
    return minutes.reshape(shape), outcome.reshape(shape)


def _from_then_on(
    minutes: IntArray, outcome: IntArray, elapsed: IntArray
) -> tuple[BoolArray, IntArray, IntArray]:
    """Whether a course lasts longer than ``elapsed``; and the first that does, or the first."""
    row, visits = np.arange(len(elapsed)), minutes.shape[-1]
    final = np.argmax(outcome != BARGAINED, axis=-1)[..., None]
    reached = np.cumsum(minutes, axis=-1)
    longer = np.take_along_axis(reached, final, axis=-1)[..., 0] > elapsed[:, None]
    course, lasts = np.argmax(longer, axis=-1), np.asarray(longer.any(axis=-1))
    minutes, outcome, reached = minutes[row, course], outcome[row, course], reached[row, course]
    now = np.where(lasts, (reached <= elapsed[:, None]).sum(axis=-1), final[row, course, 0])
    visit = now[:, None] + np.arange(visits)
    there, visit = visit < visits, np.minimum(visit, visits - 1)
    rest, ends = (np.where(there, part[row[:, None], visit], 0) for part in (minutes, outcome))
    rest[:, 0] = np.where(lasts, reached[row, now], elapsed)
    return lasts, rest, ends
