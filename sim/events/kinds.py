"""What can happen: a row per kind of event. Every other list of kinds is made from these rows."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple


class KindRow(NamedTuple):
    """What is said of a kind of event.

    Attributes
    ----------
    words : str
        What the story of a project says. {n}: part counted from 1, {nth}: the same in words,
        {part}: as logged, {usd}: amount in USD, {share}: amount as a share, {number}: amount as it
        is, {mw}: megawatts, {counted}: so many of the resource, {who}: the resource, {what}: the
        cause, {why}: the cause behind a colon, if it is one.
    part, amount, resource, cause : str
        What the columns of the log mean; ``""`` where they mean nothing.
    unit : str
        Unit of ``amount``. USD is whole cents in the log.
    note : str
        What else the documents say of it.
    terminal : bool
        Whether a project's path ends with it.
    """

    words: str
    part: str = ""
    amount: str = ""
    unit: str = ""
    resource: str = ""
    cause: str = ""
    note: str = ""
    terminal: bool = False


_COMMITTED, _RELEASED = "committed", "commitment given back"
_OWES, _WAITS = "cash of the facility that owes most", "what its part waits for"
_DESKS, _STOCK, _CASH = "the facility's desks", "the facility's commitments", "the facility's cash"
_TEST = "`prospects_below_hurdle` or `no_benefit_to_japan`"
_MAKER, _GRID, _PROGRESS = "`equipment_<kind>`", "`power_<region>`", "progress"


class Kind(IntEnum):
    """What happened, in the past tense.

    A kind's number is its place in this list; it is also the ``kind`` of the order tuple
    (minute, class, ordinal, kind, visit), so new kinds are added at the end.
    """

    row: KindRow

    def __new__(cls, *row: Any) -> Kind:
        """A member from its row, which Enum hands over field by field."""
        kind = int.__new__(cls, len(cls.__members__))
        kind._value_ = int(kind)
        kind.row = KindRow(*row)
        return kind

    # fmt: off
    PROPOSED = KindRow("proposed: it would need {usd}", amount="commitment", unit="USD")
    SCREENING_BEGAN = KindRow("screening round {n} begins", "round", resource="`teams`")
    SCREENING_ENDED = KindRow("screening round {n} ends", "round", resource="`teams`")
    REVISION_BEGAN = KindRow("fails screening round {n}{why}; goes back for revision",
                             "round that failed", cause=_TEST)
    REVISION_ENDED = KindRow("revision {n} ends", "round that failed")
    REJECTED = KindRow("rejected after {part} screening rounds{why}", "rounds used",
                       cause=_TEST, terminal=True)
    DOCKETED = KindRow("passes both tests of screening; before the Consultation Committee")
    ENDORSED = KindRow("endorsed by the Consultation Committee")
    DEFERRED = KindRow("deferred by a committee to a later meeting", "visit",
                       note="by the Investment Committee")
    RECOMMENDED = KindRow("recommended to the President by the Investment Committee")
    PASSED_OVER = KindRow("passed over by the President{why}", "visit", note="by the President")
    SELECTED = KindRow("selected by the President: {usd} committed",
                       amount=_COMMITTED, unit="USD")
    LAPSED = KindRow("lapses: not selected by the allocation deadline",
                     note="at the close of the deadline", terminal=True)
    CONSULTATION_BEGAN = KindRow("Japan asks for consultation; the clock of the call runs on")
    CONSULTATION_ENDED = KindRow("the consultation ends")
    FUNDING_DECIDED = KindRow("Japan decides to fund")
    DECLINED = KindRow("Japan declines to fund: {usd} released",
                       amount=_RELEASED, unit="USD", terminal=True)
    APPRAISAL_BEGAN = KindRow("appraisal begins at {who}", "visit", resource=_DESKS)
    APPRAISAL_ENDED = KindRow("appraisal done at {who}", "visit", resource=_DESKS)
    CALL_NOTICED = KindRow("{nth} cash call of {usd} noticed", "slice", "the call", "USD")
    PART_DOCUMENTED = KindRow("{nth} cash call: papers done at {who}", "slice", resource=_DESKS)
    FUNDS_COMMITTED = KindRow("{usd} of {who}'s yearly commitments reserved",
                              amount="reserved of the whole share", unit="USD", resource=_STOCK)
    PART_DRAWN = KindRow("{nth} cash call: {usd} drawn from {who}",
                         "slice", "this drawing", "USD", _CASH)
    PART_PAID = KindRow("{nth} cash call: {who} has paid all its {usd}",
                        "slice", "the whole part", "USD", _CASH)
    CALL_PAID = KindRow("{nth} cash call of {usd} paid", "slice", "the call", "USD")
    CALL_LATE = KindRow("{nth} cash call late: {usd} still unpaid at the close of the due date"
                        "{why}", "slice", "unpaid at the close of the due date", "USD",
                        _OWES, _WAITS)
    CALL_MISSED = KindRow("{nth} cash call missed: {usd} still unpaid when the cure period closed"
                          "{why}", "slice", "unpaid when the cure period closed", "USD",
                          _OWES, _WAITS)
    PERMITS_BEGAN = KindRow("work on permits begins")
    PERMIT_WORK_ENDED = KindRow("work on permits ends",
                                resource="`agency_<id>`, where one is asked")
    LITIGATION_BEGAN = KindRow("permits challenged in court, round {n}", "round")
    LITIGATION_ENDED = KindRow("court case ends, round {n}", "round")
    PERMITS_GRANTED = KindRow("all permits granted")
    NTP_ISSUED = KindRow("notice to proceed")
    BUILDING_BEGAN = KindRow("building goes on at {share} progress",
                             amount=_PROGRESS, unit="share", note="the site joins the pools")
    BUILDING_STOPPED = KindRow("building stops at {share} progress{why}",
                               "slice or unit waited for", _PROGRESS, "share",
                               cause="`cash_starved`, `equipment`, `permits` (early works are "
                               "done) or `paused`")
    UNIT_BUILT = KindRow("unit {n} built ({usd})", "unit", "committed of the unit", "USD")
    BUILT = KindRow("built")
    OPERATING = KindRow("in operation, {usd} completed", amount=_COMMITTED, unit="USD",
                        note="in the minute of the last `unit_energised`", terminal=True)
    WAIT_BEGAN = KindRow("begins to wait for {what}", "slice, round, visit or unit",
                         resource="where there is one", cause="the wait's",
                         note="for `history` the part is the kind of what waits")
    WAIT_ENDED = KindRow("waited for {what}", "slice, round, visit or unit",
                         resource="where there is one", cause="the wait's",
                         note="for `history` the part is the kind of what waits")
    BREACH_OPENED = KindRow("a breach opens{why}", "slice", "unpaid; of a decline, what was "
                            "committed", "USD",
                            cause="`call_missed`, `declined` or `review_failed`")
    BREACH_CLOSED = KindRow("the breach is closed{why}", "slice",
                            cause="`paid`, `settled`, `declined`, `cancelled` or `cured`")
    BREACH_THREATENED = KindRow("the US threatens higher tariffs over it", "slice")
    BREACH_ORDERED = KindRow("higher tariffs are ordered over it", "slice")
    TARIFF_RAISED = KindRow("programme: tariffs raised to {share}", "route",
                            "highest rate of the route", "share")
    TARIFF_RELIEVED = KindRow("programme: tariffs back to their baseline")
    TARIFF_COMPLIANT = KindRow("programme: relief is over")
    CAPACITY_CHANGED = KindRow("programme: {who} now has {number}", amount="new capacity",
                               unit="servers, USD or slots", resource="what changed")
    DEADLINE_CLOSED = KindRow("programme: the allocation deadline closes selection",
                              note="selection is over")
    HISTORY_EXCEEDED = KindRow("the record goes {usd} beyond what {who} had left", "slice",
                               "recorded use beyond a limit", "USD", "the limit")
    EQUIPMENT_ORDERED = KindRow("ordered {counted}",
                                amount="slots of all units", unit="slots", resource=_MAKER)
    SLOT_GRANTED = KindRow("{who}: slot granted for unit {n}",
                           "unit", "slots of the unit", "slots", _MAKER)
    EQUIPMENT_DELIVERED = KindRow("{who}: delivered for unit {n}", "unit", resource=_MAKER)
    GRID_REQUESTED = KindRow("connection to {who} requested {mw}", "",
                             "MW of the whole project, below 0 when it supplies them", "MW", _GRID)
    GRID_CONNECTED = KindRow("connected to {who}", resource=_GRID)
    UNIT_ENERGISED = KindRow("unit {n} energised ({usd})", "unit", "committed of the unit", "USD",
                             _GRID, note="no resource where the grid plays no part")
    PAUSED = KindRow("paused", "visit")
    RESUMED = KindRow("resumed", "visit")
    CANCELLED = KindRow("cancelled{why}; {usd} released", amount=_RELEASED, unit="USD",
                        terminal=True, cause="`refused`, where a lender refused it; "
                        "`course_ended`, by a dated event")
    CALL_WITHDRAWN = KindRow("{nth} cash call withdrawn, {usd} of it not drawn",
                             "slice", "of the call not drawn", "USD")
    MONEY_RETURNED = KindRow("{usd} returned to {who}", amount="paid and not spent", unit="USD",
                             resource=_CASH)
    DEVELOPMENT_BEGAN = KindRow("development begins: engineering, contracts, land, financial close")
    DEVELOPMENT_ENDED = KindRow("development is done: contracts signed, financing closed")
    BREACH_RAISED = KindRow("higher tariffs over it are in force", "slice",
                            cause="of the breach: `call_missed` or `declined`")
    BREACH_LET_PASS = KindRow("the US lets it pass{why}", "slice",
                              cause="`immaterial`, `not_acted_on`, `not_signed` or `route_lapsed`")
    APPRAISAL_REOPENED = KindRow("{who} bargains on and will appraise it again", "visit",
                                 resource=_DESKS)
    REFUSED = KindRow("refused by {who}", resource=_DESKS, terminal=True,
                      note="by a lender, before selection")
    ROUTE_ADDED = KindRow("programme: another route is in force, to {share}", "route",
                          "highest rate of the route", "share")
    ROUTE_DROPPED = KindRow("programme: a route is in force no longer, another is", "route")
    ROUTE_CLOSED = KindRow("programme: a route is in law no longer{why}", "route",
                           cause="`court`, if it is one")
    ROUTE_OPENED = KindRow("programme: a route is in law again", "route")
    DATED_EVENT = KindRow("programme: dated event {n}", "event of `policy.events`")
    CALLS_STOPPED = KindRow("no more is called for it{why}", note="by a dated event",
                            cause="`partners_finish`, if they do")
    EQUIPMENT_RESERVED = KindRow("{counted} reserved ahead of money", amount="all slots reserved",
                                 unit="slots", resource=_MAKER)
    CLAIM_TAKEN = KindRow("programme: claimant {n} takes {number} of {who} from now on",
                          "claim of `capacity.claims`", "all it takes: a year, of slots and "
                          "megawatts", "slots, MW or people", "of what")
    JAPANESE_TURNED = KindRow("programme: the Japanese public turns against it")
    JAPANESE_CALMED = KindRow("programme: the Japanese public has calmed")
    AMERICANS_TURNED = KindRow("programme: the American public turns against it")
    AMERICANS_CALMED = KindRow("programme: the American public has calmed")
    SHARE_HANDED_ON = KindRow("another lender takes over the share of {who}, {usd}",
                              amount="the whole share", unit="USD", resource=_CASH,
                              cause="`signing_ended`")
    # fmt: on


KINDS: tuple[str, ...] = tuple(kind.name.lower() for kind in Kind)
TERMINAL = frozenset(kind for kind in Kind if kind.row.terminal)
# Whole cents in the log, USD in the table. CAPACITY_CHANGED is money when its resource is.
MONEY_KINDS = frozenset(kind for kind in Kind if kind.row.unit == "USD")

# Milestones of the projects table: column name -> event kind. In the order of a life, which is
# neither that of the log nor that of a project's states, so they are no field of a kind's row. The
# first occurrence counts, except for permits (the last grant) and money (the first call).
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
    "developed": Kind.DEVELOPMENT_ENDED,
    "ntp": Kind.NTP_ISSUED,
    "building_began": Kind.BUILDING_BEGAN,
    "first_unit_built": Kind.UNIT_BUILT,
    "built": Kind.BUILT,
    "first_unit_energised": Kind.UNIT_ENERGISED,
    "operating": Kind.OPERATING,
    "rejected": Kind.REJECTED,
    "refused": Kind.REFUSED,
    "declined": Kind.DECLINED,
    "lapsed": Kind.LAPSED,
    "cancelled": Kind.CANCELLED,
}
