"""The state one replication keeps, shared by all activities, and the few verbs they all use."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any

import numpy as np
import simpy

from sim.engine.clock import Clock, Moment
from sim.engine.record import Recorder
from sim.engine.servers import Job, Servers
from sim.engine.supply import Supply
from sim.events import Cause, Kind
from sim.events.turns import Turn
from sim.plan import Plan
from sim.rules.ranking import Candidates, Preference, Ranking, rank
from sim.rules.splitting import unit_cents
from sim.world import World
from sim.world.history import (
    DEVELOPED,
    FIRST_PAID,
    NTP,
    PERMITS_GRANTED,
    RECOMMENDED,
    SELECTED,
)

Story = Generator[simpy.Event, Any, None]

ALIVE, OVER = True, False


class Telling(simpy.Process):
    """A story being told, which its project's end can end."""

    def end(self) -> None:
        """Tell no further, whatever is waited for."""
        waited_for = self._target
        if waited_for is not None and waited_for.callbacks is not None:
            waited_for.callbacks.remove(self._resume)
        self._generator.close()


class Programme:
    """Projects by ordinal, their recorded history and their state; plain lists for speed."""

    def __init__(
        self, plan: Plan, world: World, clock: Clock, record: Recorder, supply: Supply
    ) -> None:
        self.plan = plan
        self.supply = supply
        self.world = world
        self.clock = clock
        self.record = record
        self.log = record.log
        count = len(world.entity)
        self.count = count
        self.entity: list[int] = world.entity.tolist()
        self.sector: list[int] = world.sector.tolist()
        self.prospects: list[float] = world.prospects_share.tolist()
        self.content: list[float] = world.japanese_content_share.tolist()
        self.units: list[int] = world.units.tolist()
        self.sector_names = np.array(plan.names.sectors)[world.sector]
        self.states = np.array(plan.places)[world.place]
        self.sites = self._sites()
        self.decline_probability = plan.funding.decline_probability  # as the public has it
        self.pass_over_probability = plan.selection.pass_over_probability
        self.lost_cents = self.returned_cents = 0  # of cancelled projects
        self.alive = [ALIVE] * count
        self.selected_cents = [0] * count
        self.jobs: list[list[Job]] = [[] for _ in range(count)]
        self.tellings: list[list[Telling]] = [[] for _ in range(count)]
        self.paused: list[simpy.Event | None] = [None] * count  # its resumption, while paused
        self.paused_until = [0] * count
        self.appraising: set[int] = set()
        self.permitting: set[int] = set()
        self.appraised = [clock.event() for _ in range(count)]
        self.lenders_ready = [[clock.event() for _ in supply.desks] for _ in range(count)]
        self.refuse: Callable[[int, int], None]  # a project, by these desks; set by the engine
        self.permitted = [clock.event() for _ in range(count)]
        self.developed = [clock.event() for _ in range(count)]
        self.funded = [clock.event() for _ in range(count)]
        self.recommended_on = [-1] * count
        self.selected_on = [-1] * count
        self.first_paid_on = [-1] * count
        self.permits_granted_on = [-1] * count
        self.developed_on = [-1] * count
        self.ntp_on = [-1] * count
        self.later_paid_on: list[tuple[int, ...]] = [()] * count
        self.ordered_on = [-1] * count
        self.slots_on: list[tuple[int, ...]] = [()] * count
        self.built_on: list[tuple[int, ...]] = [()] * count
        self.energised_on: list[tuple[int, ...]] = [()] * count
        for ordinal in world.named.nonzero()[0].tolist():
            entity = self.entity[ordinal]
            recorded = plan.recorded[entity].tolist()
            self.later_paid_on[ordinal] = plan.later_paid[entity]
            self.ordered_on[ordinal] = plan.ordered[entity]
            self.slots_on[ordinal] = plan.slots[entity]
            built = self.built_on[ordinal] = plan.built[entity]
            self.energised_on[ordinal] = plan.energised[entity]
            self.recommended_on[ordinal] = recorded[RECOMMENDED]
            self.selected_on[ordinal] = recorded[SELECTED]
            self.first_paid_on[ordinal] = recorded[FIRST_PAID]
            # A notice to proceed implies what it needs: what is not on record clears with it.
            begun = self.ntp_on[ordinal] = recorded[NTP]
            early = plan.permits.early_works[self.sector[ordinal]]
            permits, developed = recorded[PERMITS_GRANTED], recorded[DEVELOPED]
            implied = begun if not early else built[0] if built else -1
            self.permits_granted_on[ordinal] = implied if permits < 0 else permits
            self.developed_on[ordinal] = begun if developed < 0 else developed
        # The premium for specialists is in every cost; on sums on record partners pay it.
        charged = np.rint(world.commitment_cents * plan.specialists.cost_factor).astype(np.int64)
        on_record = np.array(self.selected_on) >= 0
        self.commitment_cents = np.where(on_record, world.commitment_cents, charged)
        self.commitment: list[int] = self.commitment_cents.tolist()

    def _sites(self) -> list[tuple[int, ...]]:
        """All sites of each project's, itself among them, in their order."""
        first = self.plan.nature.first_site[self.world.entity].tolist()
        together: dict[int, list[int]] = {}
        for ordinal, entity in enumerate(first):
            together.setdefault(entity, []).append(ordinal)
        return [tuple(together[entity]) for entity in first]

    def start(self, ordinal: int, story: Story) -> None:
        """Begin one of the project's stories; it ends with the project at the latest."""
        self.tellings[ordinal].append(Telling(self.clock, story))

    def tell(
        self,
        ordinal: int,
        kind: int,
        *,
        resource: int = -1,
        cause: int = 0,
        part: int = 0,
        amount: float = 0,
    ) -> None:
        """Log that something happened to a project now."""
        self.log((self.clock.now, self.entity[ordinal], kind, resource, cause, part, amount))

    def unit_cents(self, ordinal: int, unit: int) -> int:
        """What one unit counts of the committed amount; the last takes the remainder."""
        return unit_cents(self.selected_cents[ordinal], self.units[ordinal], unit)

    def work(
        self,
        servers: Servers,
        ordinal: int,
        minutes: int,
        visit: int,
        kinds: tuple[int, int],
        cause: int,
    ) -> Job:
        """Queue for a server; the job is given up if the project ends."""
        cents = self.selected_cents[ordinal] or self.commitment[ordinal]
        job = servers.serve(ordinal, minutes, visit, cents, kinds, cause)
        self.jobs[ordinal].append(job)
        return job

    def after(self, ordinal: int, minutes: int, kind: Kind, visit: int = 0) -> simpy.Event:
        """The end of something that takes ``minutes`` and no server."""
        return self.clock.at(self.clock.now + minutes, Turn.COMPLETION, ordinal, kind, visit)

    def wait(
        self, ordinal: int, event: simpy.Event, cause: Cause, part: int = 0, resource: int = -1
    ) -> Story:
        """Wait for an event, charging the time to ``cause``; nothing is logged if it is over."""
        if event.processed or (event.triggered and not isinstance(event, Moment)):
            return  # a Moment counts as triggered from the start: its time is known
        project = self.entity[ordinal]
        self.record.wait_began(self.clock.now, project, cause, resource, part)
        yield event
        self.record.wait_ended(self.clock.now, project, cause, resource, part)

    def not_before_open(self, ordinal: int, kind: Kind, visit: int = 0) -> Story:
        """Nothing unrecorded happens before the as-of date: wait for the day after it."""
        if self.clock.now < self.plan.open_minute:
            opens = self.clock.at(self.plan.open_minute, Turn.ARRIVAL, ordinal, kind, visit)
            yield from self.wait(ordinal, opens, Cause.HISTORY, part=int(kind))

    def ranked(
        self,
        ordinals: Iterable[int],
        ranking: Ranking,
        preference: Preference | None = None,
        asked: Callable[[int], int] | None = None,
    ) -> list[int]:
        """Projects, best first; a rule sees them in the order of proposal.

        ``asked`` says what each asks for; by default its own commitment.
        """
        asking = sorted(ordinals)
        if not asking:
            return asking
        row, world, plan = np.array(asking, np.int64), self.world, self.plan
        view = Candidates(
            ordinal=row,
            commitment_cents=self.commitment_cents[row]
            if asked is None
            else np.array([asked(ordinal) for ordinal in row.tolist()], np.int64),
            prospects_share=np.array([self.prospects[o] for o in row.tolist()], np.float64),
            japanese_content_share=world.japanese_content_share[row],
            sector=self.sector_names[row],
            state=self.states[row],
            listed_sector=plan.selection.preferred_sectors[world.sector[row]],
            listed_region=np.where(  # a named row lists its sites, a pipeline where any may lie
                world.named[row],
                plan.selection.preferred_sites[world.entity[row]],
                plan.selection.preferred_states[world.place[row]],
            ),
        )
        ranked: list[int] = row[rank(view, ranking, preference)].tolist()
        return ranked

    def finish(
        self,
        ordinal: int,
        kind: Kind,
        *,
        resource: int = -1,
        cause: int = 0,
        part: int = 0,
        amount: float = 0,
    ) -> None:
        """The project's last event: it leaves every queue and returns every server it holds.

        Its stories end here, but for the one that says so, which has nothing more to say.
        """
        self.alive[ordinal] = False
        for telling in self.tellings[ordinal]:
            if telling.is_alive and telling is not self.clock.active_process:
                telling.end()
        self.tellings[ordinal].clear()
        for job in self.jobs[ordinal]:
            job.servers.cancel(job)
        self.jobs[ordinal].clear()
        self.record.end_waits(self.clock.now, self.entity[ordinal])
        self.tell(ordinal, kind, resource=resource, cause=cause, part=part, amount=amount)
