"""What people call facilities, resources and projects, and how they write dollars."""

from __future__ import annotations

from sim.config.schema import Config
from sim.events import Cause
from sim.study.findings.missed_calls import CAUSE, LENDER, SECTOR, Missed

STOCKS = {
    "_desks": "desks",
    "_commitments": "yearly commitments",
    "_cash": "yearly cash",
}
_LONGEST_ABBREVIATION = 4


def facility_name(facility: str) -> str:
    """Short name of a facility: its id, in capitals where that is an abbreviation.

    Examples
    --------
    >>> facility_name("jbic"), facility_name("private_loans")
    ('JBIC', 'private loans')
    """
    if len(facility) <= _LONGEST_ABBREVIATION:
        return facility.upper()
    return facility.replace("_", " ")


def facility_of(resource: str) -> str:
    """Facility behind one of its resources, ``""`` for other resources.

    Examples
    --------
    >>> facility_of("jbic_cash"), facility_of("teams")
    ('jbic', '')
    """
    for ending in STOCKS:
        if resource.endswith(ending):
            return resource.removesuffix(ending)
    return ""


def resource_name(resource: str, config: Config) -> str:
    """Name of a resource as the config labels it.

    Examples
    --------
    >>> resource_name("jbic_cash", config)  # doctest: +SKIP
    'JBIC: yearly cash'
    """
    capacity = config.capacity
    if resource == "teams":
        return capacity.teams.label
    if resource == "envelope":
        return "Envelope"
    kind = capacity.equipment.get(resource.removeprefix("equipment_"))
    if kind is not None and resource.startswith("equipment_"):
        return f"{kind.label}: makers' slots"
    regions = capacity.power.regions if capacity.power is not None else {}
    region = regions.get(resource.removeprefix("power_"))
    if region is not None and resource.startswith("power_"):
        return f"Grid power: {region.label}"
    agency = capacity.agencies.get(resource.removeprefix("agency_"))
    if agency is not None:
        return agency.label
    pool = capacity.specialists.pools.get(resource.removeprefix("specialists_"))
    if pool is not None:
        return pool.label
    facility = facility_of(resource)
    if facility in capacity.facilities:
        name = facility_name(facility)
        return f"{name[0].upper()}{name[1:]}: {STOCKS[resource.removeprefix(facility)]}"
    return resource.replace("_", " ")


def called(config: Config) -> dict[str, str]:
    """What sentences call the resources whose ids need not be words: the grid of each region.

    Examples
    --------
    >>> called(config)  # doctest: +SKIP
    {'power_ercot': 'the Texas grid', 'power_rest': 'the grid of its region'}
    """
    power = config.capacity.power
    if power is None:
        return {}
    return {
        f"power_{region}": "the grid of its region"
        if region == power.elsewhere
        else f"the {item.label.split(' (')[0]} grid"
        for region, item in power.regions.items()
    }


def project_name(project: str, sector: str, config: Config) -> str:
    """Name of a project: its own, or for a generated one its sector's.

    Examples
    --------
    >>> project_name("fabs-003", "semiconductor_fab", config)  # doctest: +SKIP
    'Semiconductor fab'
    """
    named = config.portfolio.projects.get(project)
    if named is not None:
        return named.name
    return config.sectors[sector].label if sector in config.sectors else sector.replace("_", " ")


def calls_name(row: Missed, config: Config) -> str:
    """What the calls of a row of `missed_calls` are called.

    Examples
    --------
    >>> calls_name(row, config)  # doctest: +SKIP
    'JBIC owes most'
    """
    return {
        LENDER: lambda: f"{facility_name(row.name)} owes most",
        SECTOR: lambda: project_name("", row.name, config),
        CAUSE: lambda: f"for {Cause[row.name.upper()].row.words.format(who='a lender', n='')}",
    }.get(row.by, lambda: "All")()


def usd_bn(amount: float) -> str:
    """Write an amount in USD bn for people.

    Examples
    --------
    >>> usd_bn(1234.5), usd_bn(20), usd_bn(0.0834), usd_bn(0.004)
    ('$1,234.5 bn', '$20.0 bn', '$0.08 bn', '$4.0 million')
    """
    if 0 < abs(amount) < 0.0095:
        return f"${amount * 1000:,.1f} million"
    return f"${amount:,.1f} bn" if abs(amount) >= 0.995 or not amount else f"${amount:.2f} bn"
