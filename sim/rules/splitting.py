# cython: annotation_typing=False
"""Money by shares, to the cent. Shares are whole trillionths: 29 % of a dollar is 29 cents."""

from __future__ import annotations

from collections.abc import Sequence

TRILLION = 10**12
MILLION = 10**6


def part(cents: int, share: int) -> int:
    """Whole cents of a share in trillionths, in steps that fit 64 bits where a product does not.

    Examples
    --------
    >>> part(55_000_000_000_000, 290_000_000_000)
    15950000000000
    """
    high, low = cents // MILLION, cents % MILLION
    upper, lower = share // MILLION, share % MILLION
    return high * upper + (high * lower + low * upper + low * lower // MILLION) // MILLION


def split(cents: int, shares: Sequence[int]) -> list[int]:
    """Whole cents by share (in trillionths); the remainder goes to the last share above zero."""
    parts, last, left = [], -1, cents
    for place, share in enumerate(shares):
        taken = part(cents, share)
        parts.append(taken)
        left -= taken
        if share > 0:
            last = place
    parts[last] += left
    return parts


def in_proportion(cents: int, amounts: Sequence[int]) -> list[int]:
    """Whole cents as the amounts are to each other; the remainder goes to the last."""
    whole = max(1, sum(amounts))
    parts = [cents * amount // whole for amount in amounts]
    parts[-1] += cents - sum(parts)
    return parts


def unit_cents(cents: int, units: int, unit: int) -> int:
    """What one unit counts of an amount; the last takes the remainder."""
    each = cents // units
    return cents - each * unit if unit + 1 == units else each


def unit_crew(crew: int, work: int, units: int) -> int:
    """The crew of one unit's clock, whole thousandths of a person, halves up.

    ``work`` minutes of the whole ``crew`` are done by clocks that take ``units`` minutes together:
    so labour is conserved, whatever units overlap.
    """
    return (2 * crew * work + units) // (2 * units) if units else crew


def share_out(cents: int, slices: Sequence[int], facilities: Sequence[int]) -> list[list[int]]:
    """Cents by slice (rows) and facility, so that slices and facilities both add up to the cent.

    The last slice takes what each facility's whole share leaves. Amounts of a few cents, where
    that would be negative, are split slice by slice.
    """
    amounts, last = split(cents, slices), split(cents, facilities)
    rows = [split(amount, facilities) for amount in amounts[:-1]]
    least = 0
    for place in range(len(last)):
        left = last[place]
        for row in rows:
            taken = row[place]
            left -= taken
        last[place] = left
        least = min(least, left)
    rows.append(last if least >= 0 else split(amounts[-1], facilities))
    return rows
