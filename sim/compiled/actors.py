# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""Whoever does something at a step of the clock, alone or in a line."""

from __future__ import annotations


class Actor:
    """Whoever is called at a step of the clock, or by an event; ``step`` says for what.

    ``follower`` is who comes behind it among those that have just begun, or just succeeded.
    """

    def act(self, step, one, two):
        """Do it; ``one`` and ``two`` are whole numbers given when it was asked for."""
        raise NotImplementedError


class Waiter:
    """One call an event makes when it fires."""


class Line:
    """Actors one behind the other; each stands in one line at most, once."""

    def __init__(self):
        self.first = self.last = None

    def put(self, actor):
        """Behind the others."""
        actor.follower = None
        if self.first is None:
            self.first = actor
        else:
            self.last.follower = actor
        self.last = actor
        return 0

    def take(self):
        """Who came first."""
        actor = self.first
        self.first, actor.follower = actor.follower, None
        return actor
