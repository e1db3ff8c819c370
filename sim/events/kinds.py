"""Event kinds, in the past tense, and the causes a day can be charged to.

A kind's number is its place in the list; it is also the ``kind`` of the order tuple
(minute, class, ordinal, kind, visit), so new kinds are added at the end.
"""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """What happened. The comment gives ``part`` and ``amount`` where they carry something."""

    PROPOSED = 0  # amount: commitment it would need, USD
    SCREENING_BEGAN = 1  # part: round
    SCREENING_ENDED = 2  # part: round
    REVISION_BEGAN = 3  # part: round just failed
    REVISION_ENDED = 4  # part: round just failed
    REJECTED = 5  # part: rounds used
    DOCKETED = 6
    ENDORSED = 7
    DEFERRED = 8  # part: visit at the Investment Committee
    RECOMMENDED = 9
    PASSED_OVER = 10  # part: visit in a presidential round
    SELECTED = 11  # amount: committed, USD
    LAPSED = 12  # unselected at the deadline
    CONSULTATION_BEGAN = 13
    CONSULTATION_ENDED = 14
    FUNDING_DECIDED = 15
    DECLINED = 16  # amount: commitment released, USD
    APPRAISAL_BEGAN = 17  # resource: facility
    APPRAISAL_ENDED = 18  # resource: facility
    CALL_NOTICED = 19  # part: slice; amount: USD
    PART_DOCUMENTED = 20  # part: slice; resource: facility
    FUNDS_COMMITTED = 21  # resource: facility; amount: USD reserved of the whole share
    PART_DRAWN = 22  # part: slice; resource: facility; amount: USD of this drawing
    PART_PAID = 23  # part: slice; resource: facility; amount: USD of the whole part
    CALL_PAID = 24  # part: slice; amount: USD
    CALL_LATE = 25  # part: slice; amount: USD unpaid at the close of the due date
    CALL_MISSED = 26  # part: slice; amount: USD unpaid when the cure period closed
    PERMITS_BEGAN = 27
    PERMIT_WORK_ENDED = 28
    LITIGATION_BEGAN = 29  # part: round
    LITIGATION_ENDED = 30  # part: round
    PERMITS_GRANTED = 31
    NTP_ISSUED = 32
    BUILDING_BEGAN = 33  # amount: progress share; the site joins the pools
    BUILDING_STOPPED = 34  # amount: progress share; the site leaves the pools
    UNIT_BUILT = 35  # part: unit; amount: committed USD of the unit
    BUILT = 36
    OPERATING = 37  # amount: committed USD
    WAIT_BEGAN = 38  # cause; resource where there is one; part: visit
    WAIT_ENDED = 39  # cause; resource where there is one; part: visit
    BREACH_OPENED = 40  # cause: call_missed or declined; part: slice
    BREACH_CLOSED = 41  # cause: paid, settled or declined
    TARIFF_NOTICE_GIVEN = 42
    TARIFF_CONSULTATION_BEGAN = 43
    TARIFF_RAISED = 44  # amount: highest rate of the route, share
    TARIFF_RELIEVED = 45
    TARIFF_COMPLIANT = 46
    CAPACITY_CHANGED = 47  # resource; amount: new capacity
    DEADLINE_CLOSED = 48  # selection is over
    HISTORY_EXCEEDED = 49  # recorded use beyond a limit; resource; amount: USD beyond it
    EQUIPMENT_ORDERED = 50  # resource: equipment; amount: slots ordered
    SLOT_GRANTED = 51  # resource: equipment; part: unit; amount: slots
    EQUIPMENT_DELIVERED = 52  # resource: equipment; part: unit
    GRID_REQUESTED = 53  # resource: region; amount: megawatts (below 0: supplied)
    GRID_CONNECTED = 54  # resource: region
    UNIT_ENERGISED = 55  # part: unit; resource: region or none; amount: committed USD of the unit
    PAUSED = 56  # part: visit
    RESUMED = 57  # part: visit
    CANCELLED = 58  # amount: commitment released, USD
    CALL_WITHDRAWN = 59  # part: slice; amount: USD of the call not drawn
    MONEY_RETURNED = 60  # resource: facility; amount: USD drawn and not spent


class Cause(IntEnum):
    """Why something waits or why it happened. ``NONE`` stands for no cause."""

    NONE = 0
    RECORDED = 1
    TEAM_QUEUE = 2
    CC_WAIT = 3
    IC_WAIT = 4
    SELECTION_WAIT = 5
    APPRAISAL_QUEUE = 6
    APPRAISAL = 7
    CONSULTATION = 8
    FUNDING_DESK = 9
    FUNDING_WINDOW = 10
    FUNDING_COMMITMENT = 11
    FUNDING_MONEY = 12
    PERMIT_QUEUE = 13
    CASH_STARVED = 14
    FIRST_CALL = 15
    PERMITS = 16
    PROSPECTS_BELOW_HURDLE = 17
    NO_BENEFIT_TO_JAPAN = 18
    CALL_MISSED = 19
    DECLINED = 20
    PAID = 21
    SETTLED = 22
    DOES_NOT_FIT = 23
    HISTORY = 24
    EQUIPMENT_SLOT = 25  # of the order: no slot yet
    EQUIPMENT = 26  # of the site: stopped until the machine is there
    GRID_CONNECTION = 27
    POWER = 28  # no megawatts yet
    CREWS_WAITED = 29
    PAUSED = 30
    CANCELLED = 31


KINDS: tuple[str, ...] = tuple(kind.name.lower() for kind in Kind)
CAUSES: tuple[str, ...] = tuple(cause.name.lower() for cause in Cause)

TERMINAL = frozenset({Kind.REJECTED, Kind.LAPSED, Kind.DECLINED, Kind.OPERATING, Kind.CANCELLED})

# Milestones of the projects table, in life order: column name -> event kind. The first
# occurrence counts, except for permits (the last grant) and money (the first call).
MILESTONES: dict[str, Kind] = {
    "proposed": Kind.PROPOSED,
    "docketed": Kind.DOCKETED,
    "endorsed": Kind.ENDORSED,
    "recommended": Kind.RECOMMENDED,
    "selected": Kind.SELECTED,
    "funding_decided": Kind.FUNDING_DECIDED,
    "first_call_noticed": Kind.CALL_NOTICED,
    "first_call_paid": Kind.CALL_PAID,
    "permits_granted": Kind.PERMITS_GRANTED,
    "ntp": Kind.NTP_ISSUED,
    "building_began": Kind.BUILDING_BEGAN,
    "first_unit_built": Kind.UNIT_BUILT,
    "built": Kind.BUILT,
    "first_unit_energised": Kind.UNIT_ENERGISED,
    "operating": Kind.OPERATING,
    "rejected": Kind.REJECTED,
    "declined": Kind.DECLINED,
    "lapsed": Kind.LAPSED,
    "cancelled": Kind.CANCELLED,
}
