"""Sentences from the words of the vocabulary: every kind of event, every cause of a wait."""

from __future__ import annotations

from sim.events import Cause, Kind
from sim.report.names import facility_name, facility_of, usd_bn
from sim.report.story.happenings import Happening

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
    if item.kind is Kind.BUILDING_STOPPED and item.cause.row.stops:
        why = f": {item.cause.row.stops.format(n=item.part + 1, nth=nth(item.part + 1))}"
    return item.kind.row.words.format(
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
    return item.cause.row.words.format(who=_who(item), n=item.part + 1)


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
