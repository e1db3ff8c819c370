# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Steps of the clock, the first of them on top."""

from __future__ import annotations

from array import array

SLOT, IN_SLOT = 24, 0xFFFFFF  # bits of a step's slot, behind its minute
LAST = 0x3FFFFFFFFF  # half a million years: what comes later comes behind the end of every run


def longer(column, room):
    """The same whole numbers, and zeros up to ``room``."""
    new = array("q", bytes(8 * room))
    memoryview(new)[: len(column)] = memoryview(column)
    return new


class Heap:
    """By minute, and within a minute by ``priorities``, which stand by slot."""

    def __init__(self):
        self.size = 0
        self.steps = self.priorities = array("q")

    def grow(self, room, priorities):
        """Room for all steps of the clock."""
        self.steps, self.priorities = longer(self.steps, room), priorities
        return 0

    def minute(self):
        """Of the first step."""
        return self.steps[0] >> SLOT

    def priority(self):
        """Of the first step."""
        return self.priorities[self.steps[0] & IN_SLOT]

    def put(self, minute, slot):
        """A step; its priority is known."""
        self.size += 1
        return self._rise(self.size - 1, min(minute, LAST) << SLOT | slot)

    def _rise(self, place, step):
        """Put a step where it belongs, from a free place on upwards."""
        while place > 0:
            above = (place - 1) >> 1
            other = self.steps[above]
            if (other ^ step) >> SLOT:
                if other < step:
                    break
            elif self.priorities[other & IN_SLOT] <= self.priorities[step & IN_SLOT]:
                break
            self.steps[place] = other
            place = above
        self.steps[place] = step
        return 0

    def take(self):
        """The slot of the first step, which is here no more.

        The last one takes the place that becomes free at the bottom: it mostly belongs there.
        """
        first = self.steps[0] & IN_SLOT
        self.size -= 1
        size = self.size
        if not size:
            return first
        place, below = 0, 2
        while below < size:
            left, right = self.steps[below - 1], self.steps[below]
            if (left ^ right) >> SLOT:
                if left < right:
                    below, right = below - 1, left
            elif self.priorities[left & IN_SLOT] < self.priorities[right & IN_SLOT]:
                below, right = below - 1, left
            self.steps[place] = right
            place, below = below, 2 * below + 2
        if below == size:
            self.steps[place] = self.steps[below - 1]
            place = below - 1
        self._rise(place, self.steps[size])
        return first
