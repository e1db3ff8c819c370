"""What notice to proceed needs besides money: permits and development, side by side.

See docs/model.md, "Permits" and "Development".
"""

from __future__ import annotations

from sim.engine.programme import Programme, Story
from sim.events import Cause, Kind
from sim.events.turns import Turn


def start_permits(programme: Programme, ordinal: int) -> None:
    """Apply, unless it has been done."""
    if ordinal not in programme.permitting:
        programme.permitting.add(ordinal)
        programme.start(ordinal, permits(programme, ordinal))


def develop(programme: Programme, ordinal: int) -> Story:
    """Engineering, contracts, land and financial close, from selection on."""
    cause = programme.record.cause_at(programme.clock.now)
    programme.tell(ordinal, Kind.DEVELOPMENT_BEGAN, cause=cause)
    on = programme.developed_on[ordinal]
    if on < 0:
        on = programme.clock.now + programme.world.development[ordinal].item()
    yield programme.clock.at(on, Turn.COMPLETION, ordinal, Kind.DEVELOPMENT_ENDED)
    cause = programme.record.cause_at(programme.clock.now)
    programme.tell(ordinal, Kind.DEVELOPMENT_ENDED, cause=cause)
    programme.developed[ordinal].succeed()


def permits(programme: Programme, ordinal: int) -> Story:
    """From application to the last grant that stands."""
    world = programme.world
    granted_on = programme.permits_granted_on[ordinal]
    if granted_on >= 0:
        yield programme.clock.at(granted_on, Turn.COMPLETION, ordinal, Kind.PERMITS_GRANTED)
        programme.tell(ordinal, Kind.PERMITS_GRANTED, cause=Cause.RECORDED)
        programme.permitted[ordinal].succeed()
        return
    if programme.plan.permits.starts[programme.sector[ordinal]] == "docket":
        # A docket date is never on record, so neither is what starts with it.
        yield from programme.not_before_open(ordinal, Kind.PERMITS_BEGAN)
    on_record = programme.clock.now < programme.plan.open_minute
    cause = programme.record.cause_at(programme.clock.now)
    programme.tell(ordinal, Kind.PERMITS_BEGAN, cause=cause)
    minutes = world.permit_work[ordinal].item()
    agency = programme.supply.agency_of_sector[programme.sector[ordinal]]
    if minutes and agency is not None:
        yield programme.work(
            agency, ordinal, minutes, 0, (-1, Kind.PERMIT_WORK_ENDED), Cause.PERMIT_QUEUE
        ).done
    else:
        if minutes:
            yield programme.after(ordinal, minutes, Kind.PERMIT_WORK_ENDED)
        cause = programme.record.cause_at(programme.clock.now)
        programme.tell(ordinal, Kind.PERMIT_WORK_ENDED, cause=cause)
    granted_before = on_record and not minutes  # what the portfolio says stands
    for visit, litigated in enumerate(world.litigated[ordinal].tolist()):
        if granted_before or not litigated:
            break
        programme.tell(ordinal, Kind.LITIGATION_BEGAN, part=visit)
        length = world.litigation[ordinal, visit].item()
        yield programme.after(ordinal, length, Kind.LITIGATION_ENDED, visit)
        programme.tell(ordinal, Kind.LITIGATION_ENDED, part=visit)
    cause = programme.record.cause_at(programme.clock.now)
    programme.tell(ordinal, Kind.PERMITS_GRANTED, cause=cause)
    programme.permitted[ordinal].succeed()
