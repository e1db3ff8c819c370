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

    def let_go(self):
        """Let go of what it knows: its replication is over."""
        return 0


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


class Made:
    """Actors of one kind; those of a replication that is over are used again."""

    def __init__(self):
        self.actors, self.used = [], 0

    def spare(self):
        """One that is over, None where there is none left."""
        if self.used == len(self.actors):
            return None
        self.used += 1
        return self.actors[self.used - 1]

    def add(self, actor):
        """Another one."""
        self.actors.append(actor)
        self.used += 1
        return actor

    def close(self):
        """All are over."""
        for place in range(self.used):
            actor = self.actors[place]
            actor.let_go()
        self.used = 0
        return 0
