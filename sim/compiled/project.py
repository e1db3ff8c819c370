# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""One project of a replication: what it is, what is on record of it, and how it stands."""

from __future__ import annotations

SPARE = []  # of replications that are over


class Project:
    """Everything the activities share about a project; minutes below 0 are not on record."""

    def begin(self, ordinal, entity):
        """Nothing has happened yet."""
        self.ordinal, self.entity = ordinal, entity
        self.alive, self.selected, self.named = True, False, False
        self.appraising = self.permitting = False
        self.selected_cents = 0
        self.paused = None  # its resumption, while paused
        self.paused_until = 0
        self.recommended_on = self.selected_on = self.first_paid_on = -1
        self.permits_granted_on = self.developed_on = self.ntp_on = -1
        self.ordered_on = -1
        self.later_paid_on = self.slots_on = self.built_on = self.energised_on = ()
        self.parts = None  # cents of every call (rows) by facility, once it is selected
        self.stopped = self.partners_pay = False  # no more is called for it
        self.yard = None  # once building begins
        return 0

    def close(self):
        """Let go of what knows the project, and leave itself to the next replication."""
        self.jobs.clear()
        self.processes.clear()
        self.calls.clear()
        self.yard = self.sites = None
        SPARE.append(self)
        return 0

    def before(self, other):
        """By preference, ranking and order of proposal: of two in a docket the smaller numbers."""
        if self.preferred != other.preferred:
            return self.preferred < other.preferred
        if self.ranked != other.ranked:
            return self.ranked < other.ranked
        return self.ordinal < other.ordinal

    def asked(self):
        """What it would reserve of the envelope as a candidate: the cents of all its sites."""
        cents = 0
        for site in self.sites:
            cents += site.commitment
        return cents


def new_project(ordinal, entity):
    """A project to which nothing has happened yet."""
    if SPARE:
        project = SPARE.pop()
    else:
        project = Project.__new__(Project)
        project.jobs, project.processes = [], []
        project.calls = []  # by visit, None where not noticed
    project.begin(ordinal, entity)
    return project
