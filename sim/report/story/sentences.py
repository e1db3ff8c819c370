"""Plain English for every kind of event and every cause of a wait."""

from __future__ import annotations

from sim.events import Cause, Kind
from sim.report.names import facility_name, facility_of, usd_bn
from sim.report.story.happenings import Happening

# {n}: part counted from 1, {nth}: the same in words, {part}: as logged, {usd}: amount in USD,
# {share}: amount as a share, {number}: amount as it is, {mw}: megawatts, {counted}: so many of the
# resource, {who}: the resource, {why}: the cause.
SENTENCES: dict[Kind, str] = {
    Kind.PROPOSED: "proposed: it would need {usd}",
    Kind.SCREENING_BEGAN: "screening round {n} begins",
    Kind.SCREENING_ENDED: "screening round {n} ends",
    Kind.REVISION_BEGAN: "fails screening round {n}{why}; goes back for revision",
    Kind.REVISION_ENDED: "revision {n} ends",
    Kind.REJECTED: "rejected after {part} screening rounds{why}",
    Kind.DOCKETED: "passes both tests of screening; before the Consultation Committee",
    Kind.ENDORSED: "endorsed by the Consultation Committee",
    Kind.DEFERRED: "deferred by a committee to a later meeting",
    Kind.RECOMMENDED: "recommended to the President by the Investment Committee",
    Kind.PASSED_OVER: "passed over by the President{why}",
    Kind.SELECTED: "selected by the President: {usd} committed",
    Kind.LAPSED: "lapses: not selected by the allocation deadline",
    Kind.CONSULTATION_BEGAN: "Japan asks for consultation; the clock of the call runs on",
    Kind.CONSULTATION_ENDED: "the consultation ends",
    Kind.FUNDING_DECIDED: "Japan decides to fund",
    Kind.DECLINED: "Japan declines to fund: {usd} released",
    Kind.APPRAISAL_BEGAN: "appraisal begins at {who}",
    Kind.APPRAISAL_ENDED: "appraisal done at {who}",
    Kind.CALL_NOTICED: "{nth} cash call of {usd} noticed",
    Kind.PART_DOCUMENTED: "{nth} cash call: papers done at {who}",
    Kind.FUNDS_COMMITTED: "{usd} of {who}'s yearly commitments reserved",
    Kind.PART_DRAWN: "{nth} cash call: {usd} drawn from {who}",
    Kind.PART_PAID: "{nth} cash call: {who} has paid all its {usd}",
    Kind.CALL_PAID: "{nth} cash call of {usd} paid",
    Kind.CALL_LATE: "{nth} cash call late: {usd} still unpaid at the close of the due date",
    Kind.CALL_MISSED: "{nth} cash call missed: {usd} still unpaid when the cure period closed",
    Kind.PERMITS_BEGAN: "work on permits begins",
    Kind.PERMIT_WORK_ENDED: "work on permits ends",
    Kind.LITIGATION_BEGAN: "permits challenged in court, round {n}",
    Kind.LITIGATION_ENDED: "court case ends, round {n}",
    Kind.PERMITS_GRANTED: "all permits granted",
    Kind.NTP_ISSUED: "notice to proceed",
    Kind.BUILDING_BEGAN: "building goes on at {share} progress",
    Kind.BUILDING_STOPPED: "building stops at {share} progress{why}",
    Kind.UNIT_BUILT: "unit {n} built ({usd})",
    Kind.BUILT: "built",
    Kind.OPERATING: "in operation, {usd} completed",
    Kind.WAIT_BEGAN: "begins to wait for {what}",
    Kind.WAIT_ENDED: "waited for {what}",
    Kind.BREACH_OPENED: "a breach opens{why}",
    Kind.BREACH_CLOSED: "the breach is closed{why}",
    Kind.TARIFF_NOTICE_GIVEN: "programme: notice of higher tariffs, for breaches that are open",
    Kind.TARIFF_CONSULTATION_BEGAN: "programme: consultation on tariffs begins",
    Kind.TARIFF_RAISED: "programme: tariffs raised to {share}",
    Kind.TARIFF_RELIEVED: "programme: tariffs back to their baseline",
    Kind.TARIFF_COMPLIANT: "programme: no breach is open any more",
    Kind.CAPACITY_CHANGED: "programme: {who} now has {number}",
    Kind.DEADLINE_CLOSED: "programme: the allocation deadline closes selection",
    Kind.HISTORY_EXCEEDED: "the record goes {usd} beyond what {who} had left",
    Kind.EQUIPMENT_ORDERED: "ordered {counted}",
    Kind.SLOT_GRANTED: "{who}: slot granted for unit {n}",
    Kind.EQUIPMENT_DELIVERED: "{who}: delivered for unit {n}",
    Kind.GRID_REQUESTED: "connection to {who} requested {mw}",
    Kind.GRID_CONNECTED: "connected to {who}",
    Kind.UNIT_ENERGISED: "unit {n} energised ({usd})",
    Kind.PAUSED: "paused",
    Kind.RESUMED: "resumed",
    Kind.CANCELLED: "cancelled; {usd} released",
    Kind.CALL_WITHDRAWN: "{nth} cash call withdrawn, {usd} of it not drawn",
    Kind.MONEY_RETURNED: "{usd} returned to {who}",
}

# What one waits for, or why something happened; {who}: the resource, {n}: part counted from 1.
CAUSES: dict[Cause, str] = {
    Cause.NONE: "",
    Cause.RECORDED: "on record",
    Cause.TEAM_QUEUE: "a screening team",
    Cause.CC_WAIT: "the Consultation Committee",
    Cause.IC_WAIT: "the Investment Committee",
    Cause.SELECTION_WAIT: "the President's selection",
    Cause.APPRAISAL_QUEUE: "the {who} desks, to appraise it",
    Cause.APPRAISAL: "the lenders' appraisal",
    Cause.CONSULTATION: "Japan's decision",
    Cause.FUNDING_DESK: "the {who} desks",
    Cause.FUNDING_WINDOW: "the earliest payment date",
    Cause.FUNDING_COMMITMENT: "{who}'s yearly commitments",
    Cause.FUNDING_MONEY: "{who}'s yearly cash",
    Cause.PERMIT_QUEUE: "a place at the permit agency",
    Cause.CASH_STARVED: "an unpaid cash call, building stopped",
    Cause.FIRST_CALL: "the first cash call to be paid",
    Cause.PERMITS: "permits",
    Cause.PROSPECTS_BELOW_HURDLE: "repayment prospects below the hurdle",
    Cause.NO_BENEFIT_TO_JAPAN: "no benefit to Japanese companies",
    Cause.CALL_MISSED: "call missed",
    Cause.DECLINED: "declined",
    Cause.PAID: "paid",
    Cause.SETTLED: "settled",
    Cause.DOES_NOT_FIT: "does not fit into what is left",
    Cause.HISTORY: "the record to end (nothing unrecorded happens before)",
    Cause.EQUIPMENT_SLOT: "makers' slots for {who}",
    Cause.EQUIPMENT: "the {who} of unit {n}",
    Cause.GRID_CONNECTION: "the grid connection of unit {n}",
    Cause.POWER: "megawatts of {who} for unit {n}",
    Cause.CREWS_WAITED: "a crew",
    Cause.PAUSED: "the end of the pause",
    Cause.CANCELLED: "cancelled",
}
# Why building stops, where that is no plain cause.
STOPS: dict[Cause, str] = {
    Cause.CASH_STARVED: "{nth} cash call unpaid",
    Cause.EQUIPMENT: "waits for the machines of unit {n}",
    Cause.PERMITS: "early works done, waits for permits",
    Cause.PAUSED: "paused",
}
# The same where several lenders are meant.
LENDERS: dict[Cause, str] = {
    Cause.APPRAISAL_QUEUE: "the lenders' desks, to appraise it",
    Cause.FUNDING_DESK: "the lenders' desks",
    Cause.FUNDING_COMMITMENT: "the lenders' yearly commitments",
    Cause.FUNDING_MONEY: "the lenders' yearly cash",
}
_BEGINNINGS = ("agency_", "equipment_", "power_")


def sentence(item: Happening) -> str:
    """Say one event in plain English, and whether it is recorded history.

    Examples
    --------
    >>> from datetime import date
    >>> sentence(Happening(0, date(2027, 8, 30), Kind.SELECTED, amount=20e9))
    'selected by the President: $20.0 bn committed'
    """
    return plain(item) + recorded(item)


def recorded(item: Happening) -> str:
    """What is put behind an event that is recorded history."""
    return " (on record)" if item.on_record else ""


def plain(item: Happening) -> str:
    """Say one event without that."""
    why = "" if item.cause in (Cause.NONE, Cause.RECORDED) else f": {what(item)}"
    if item.kind is Kind.BUILDING_STOPPED and item.cause in STOPS:
        stop = STOPS[item.cause].format(n=item.part + 1, nth=nth(item.part + 1))
        why = f": {stop}"
    return SENTENCES[item.kind].format(
        n=item.part + 1,
        nth=nth(item.part + 1),
        part=item.part,
        usd=usd_bn(item.amount / 1e9),
        share=f"{100 * item.amount:.3g} %",
        number=f"{item.amount:,.6g}",
        mw=_megawatts(item),
        counted=_counted(item),
        who=_who(item),
        what=what(item),
        why=why,
    )


def what(item: Happening) -> str:
    """What is waited for, or why."""
    return CAUSES[item.cause].format(who=_who(item), n=item.part + 1)


def _who(item: Happening) -> str:
    return item.called or who(item.resource)


def _megawatts(item: Happening) -> str:
    return f"{'to supply' if item.amount < 0 else 'for'} {abs(item.amount):,.0f} MW"


def _counted(item: Happening) -> str:
    name = _who(item)
    return f"{item.amount:,.0f} {name.removesuffix('s') if item.amount == 1 else name}"


def who(resource: str) -> str:
    """Name of a resource inside a sentence.

    Examples
    --------
    >>> who("jbic_cash"), who("agency_federal_review"), who("teams")
    ('JBIC', 'federal review', 'teams')
    """
    facility = facility_of(resource)
    if facility:
        return facility_name(facility)
    for beginning in _BEGINNINGS:
        resource = resource.removeprefix(beginning)
    return resource.replace("_", " ")


def nth(number: int) -> str:
    """Ordinal number.

    Examples
    --------
    >>> nth(1), nth(2), nth(11), nth(23)
    ('1st', '2nd', '11th', '23rd')
    """
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10)
    return f"{number}{ending or 'th'}"


def listed(names: list[str]) -> str:
    """Join names in a sentence.

    Examples
    --------
    >>> listed(["JBIC", "NEXI", "equity"])
    'JBIC, NEXI and equity'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def in_days(days: float) -> str:
    """Write a length in days.

    Examples
    --------
    >>> in_days(1.2), in_days(1529.0)
    ('1 day', '1,529 days')
    """
    whole = round(days)
    return f"{whole:,} {'day' if whole == 1 else 'days'}"
