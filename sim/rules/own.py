"""Rules of the user's own, from the text of a Python file: run, checked, and blamed by name.

Whatever such a function raises or returns wrongly is an error in the user's file, never a bug of
the model. A file is run once per process and stands by itself; its functions keep nothing between
calls, or results would depend on how replications are divided over processes.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from hashlib import sha256
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

from sim.errors import ConfigError, Problem
from sim.rules.drawing import Draw, ShortView
from sim.rules.ordering import OrdersView
from sim.rules.ranking import Candidates, IntArray
from sim.rules.registry import Drawing, Ordering, Staffing
from sim.rules.screening import FundingView, Response
from sim.rules.staffing import ALIKE, ROUNDING, Shares, StaffingView
from sim.rules.tariff import BreachView, Stage

DUST = 1e-9  # of a pool's people: what a sum of shares may be above them


@cache
def _module(file: str, text: str) -> ModuleType:
    """Run a rule file once."""
    name = f"sim_rule_{sha256(text.encode()).hexdigest()[:16]}"
    module = sys.modules[name] = ModuleType(name)
    module.__file__ = file
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    try:
        exec(compile(text, file, "exec"), module.__dict__)
    except Exception as error:
        _blame(file, _line_in(file, error), "file", f"raised {_said(error)} when it was run")
    return module


def _blame(file: str, line: int, path: str, message: str, accepted: str = "") -> NoReturn:
    raise ConfigError([Problem(file, line, path, message, accepted)])


def _line_in(file: str, error: BaseException) -> int:
    """The last line of the user's file that an error went through."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


class OwnFunction:
    """One function of a rule file."""

    def __init__(self, file: str, text: str, name: str) -> None:
        self.file = file
        self.name = name
        self.function = getattr(_module(file, text), name, None)
        code = getattr(self.function, "__code__", None)
        self.line: int = getattr(code, "co_firstlineno", 0)
        if not callable(self.function):
            self.wrong("is not there to be called", "a function")

    def wrong(self, message: str, accepted: str = "") -> NoReturn:
        """Blame the user's file, by function and what was expected."""
        _blame(self.file, self.line, self.name, message, accepted)

    def __call__(self, *views: Any) -> Any:
        """Call the user's function on views it cannot write to."""
        assert self.function is not None
        try:
            return self.function(*(_read_only(view) for view in views))
        except Exception as error:
            line = _line_in(self.file, error) or self.line
            _blame(self.file, line, self.name, f"raised {_said(error)}")

    def numbers(self, found: Any, count: int, what: str) -> np.ndarray:
        """So many finite numbers."""
        try:
            array = np.asarray(found, np.float64)
        except (TypeError, ValueError):
            self.wrong(f"returned {_shown(found)}", what)
        if array.shape != (count,):
            self.wrong(f"returned {_sized(array)} for {count} rows", what)
        if not np.all(np.isfinite(array)):
            self.wrong("returned a value that is no finite number", what)
        return array

    def whole(self, found: Any, count: int | None, what: str) -> list[int]:
        """Whole numbers, ``count`` of them or any number."""
        length = np.size(found) if count is None else count
        array = self.numbers(found, length, what)
        if np.any(array != np.rint(array)):
            self.wrong("returned a value that is no whole number", what)
        return [int(value) for value in array]


def _read_only(view: Any) -> Any:
    """A view whose columns are arrays that cannot be written to."""
    if not hasattr(view, "__dataclass_fields__"):
        return view
    columns = {}
    for field in fields(view):
        value = getattr(view, field.name)
        if isinstance(value, np.ndarray | list | tuple):
            columns[field.name] = column = np.array(value)
            column.setflags(write=False)
    return replace(view, **columns) if columns else view


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _sized(array: np.ndarray) -> str:
    return f"{len(array)} values" if array.ndim == 1 else f"an array of shape {array.shape}"


def own_ranking(own: OwnFunction) -> Callable[[Candidates], IntArray]:
    """Rows of the view, best first, each once; found here is the place of every row."""

    def ranking(view: Candidates) -> IntArray:
        count = len(view.ordinal)
        what = f"every row from 0 to {count - 1} once, best first"
        rows = own.whole(own(view), count, what)
        outside = [row for row in rows if not 0 <= row < count]
        if outside:
            own.wrong(f"returned row {outside[0]} of {count} rows", what)
        if len(set(rows)) < count:
            own.wrong("returned a row more than once", what)
        places = np.empty(count, np.int64)
        places[rows] = np.arange(count)
        return places

    return ranking


def own_preference(own: OwnFunction) -> Callable[[Candidates], IntArray]:
    """A whole number per row, the smallest first; true and false count as 1 and 0."""

    def preference(view: Candidates) -> IntArray:
        what = "a whole number for every row, the smallest first"
        return np.array(own.whole(own(view), len(view.ordinal), what), np.int64)

    return preference


def own_staffing(own: OwnFunction) -> Staffing:
    """A share of its crew for every site; the pool that limits it is found here."""

    def share(view: StaffingView) -> Shares:
        what = "for every row a share of its crew from 0 to 1"
        if not view.needs:
            return [], []
        rates = own.numbers(own(view), len(view.needs), what)
        if rates.min() < 0 or rates.max() > 1:
            own.wrong(f"returned shares from {rates.min():g} to {rates.max():g}", what)
        needs, supply = np.array(view.needs, np.float64), np.array(view.supply, np.float64)
        used = rates @ needs
        over = np.flatnonzero(used > supply * (1 + DUST) + DUST)
        if len(over):
            pool = int(over[0])
            own.wrong(
                f"gave {used[pool]:.10g} of pool {pool}, which has {supply[pool]:.10g}",
                "shares that give no pool's people twice",
            )
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(needs > 0, np.maximum(supply - used, 0) / needs, np.inf)
        alike = (room <= room.min(axis=1, keepdims=True) + ROUNDING).sum(axis=1) > 1
        limits = np.where(rates < 1, np.where(alike, ALIKE, room.argmin(axis=1)), -1)
        return rates.tolist(), limits.tolist()

    return Staffing(share, rows="proposed")


def own_drawing(own: OwnFunction) -> Drawing:
    """PART, STOP or PASS."""

    def short(view: ShortView) -> Draw:
        drawn: Draw = _one_of(own, own(view), Draw)
        return drawn

    return Drawing(short, whole=False)


def own_ordering(own: OwnFunction) -> Ordering:
    """Rows of the view, one for each unit granted, as far as slots go."""

    def grant(view: OrdersView) -> list[int]:
        what = "rows of the view, one for each unit granted, as far as slots go"
        rows = own.whole(own(view), None, what)
        units, reserved, left = list(view.units), list(view.reserved), view.left
        for row in rows:
            if not 0 <= row < len(units):
                own.wrong(f"returned row {row} of {len(units)} rows", what)
            if not units[row]:
                own.wrong(f"granted row {row} more than the {view.units[row]} units it wants", what)
            each = view.slots_per_unit[row]
            used = min(each, reserved[row])
            if each - used > left:
                own.wrong(f"granted more than the {view.left:g} open slots", what)
            reserved[row] -= used
            left -= each - used
            units[row] -= 1
        return rows

    return Ordering(grant, sets_aside=False)


def own_funding(own: OwnFunction) -> Callable[[FundingView], Response]:
    """FUND, CONSULT or DECLINE."""
    return lambda view: _one_of(own, own(view), Response)


def own_tariff(own: OwnFunction) -> Callable[[BreachView], Stage]:
    """The stage a breach is in now."""
    return lambda view: _one_of(own, own(view), Stage)


def _one_of(own: OwnFunction, found: Any, codes: Any) -> Any:
    """A member of an enumeration, or its value."""
    try:
        return codes(found)
    except ValueError:
        own.wrong(f"returned {_shown(found)}", ", ".join(code.value for code in codes))


OWN: dict[str, Callable[[OwnFunction], Any]] = {
    "staffing": own_staffing,
    "ranking": own_ranking,
    "preference": own_preference,
    "drawing": own_drawing,
    "ordering": own_ordering,
    "funding": own_funding,
    "tariff": own_tariff,
}
