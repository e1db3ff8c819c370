# cython: annotation_typing=False
"""Whose units a maker of long-lead equipment gives its slots to."""

from __future__ import annotations

from collections.abc import Sequence


class OrdersView:
    """Orders in the queue, a row each, by minute of the order and then by ordinal.

    A project's reserved slots are used before open ones, and by nobody else.
    """

    def __init__(
        self,
        ordinal: Sequence[int],
        ordered: Sequence[int],  # minute
        units: Sequence[int],  # not granted yet
        slots_per_unit: Sequence[int],
        reserved: Sequence[int],  # slots only this project can take
        left: float,  # open slots
    ) -> None:
        self.ordinal, self.ordered, self.units = ordinal, ordered, units
        self.slots_per_unit, self.reserved, self.left = slots_per_unit, reserved, left


def by_unit(view: OrdersView) -> list[int]:
    """Unit by unit, the first order first; nobody overtakes.

    Returns rows of the view, one for each unit granted, in the order of granting. Reserved slots
    are given first, wherever their order stands: nobody else could take them.
    """
    granted: list[int] = []
    units, reserved, left = list(view.units), list(view.reserved), view.left
    for row, each in enumerate(view.slots_per_unit):
        while units[row] and reserved[row] >= each:
            reserved[row] -= each
            units[row] -= 1
            granted.append(row)
    for row, each in enumerate(view.slots_per_unit):
        while units[row] and reserved[row] + left >= each:
            own = min(each, reserved[row])
            reserved[row] -= own
            left -= each - own
            units[row] -= 1
            granted.append(row)
        if units[row]:
            break
    return granted


def whole_order(view: OrdersView) -> list[int]:
    """All units of an order at once or none of it; smaller orders that fit pass."""
    granted: list[int] = []
    left = view.left
    for row, units in enumerate(view.units):
        open_slots = max(0, units * view.slots_per_unit[row] - view.reserved[row])
        if open_slots <= left:
            left -= open_slots
            granted += [row] * units
    return granted
