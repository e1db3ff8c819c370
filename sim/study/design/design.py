"""Designs of a sweep: which values its factors take together, point by point.

A design is fixed by its factors, its settings and its seed. A Sobol' sequence, a Saltelli and a
Morris design begin with the points of the smaller one of the same seed, so that points can be added
to a sweep; a Latin hypercube is another one with every number of points.

Every factor of a drawn design has one uniform per point: a distribution gives its value there, k
levels are alike likely. Nothing here knows whether a value makes a sound config.

References
----------
McKay, Beckman and Conover (1979), Technometrics 21:239-245 (Latin hypercube). Owen (2020),
arXiv:2008.08051 (Sobol' sequences: powers of two, scrambled, first point kept). Saltelli et al.
(2010), Comput. Phys. Commun. 181:259-270. Morris (1991), Technometrics 33:161-174.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.config.distributions import Distribution, Uniform
from sim.errors import DesignError
from sim.stats.intervals import FloatArray, IntArray
from sim.stats.sensitivity import salib
from sim.world.distributions import inverse

Value: TypeAlias = Any  # what a config can hold: a number, text, a date, a list, a mapping
Column: TypeAlias = npt.NDArray[Any]  # (n_points,) int64 or float64 where all levels are, or object

MOST_POINTS = 1_000_000
_MOST_REARRANGED = 500  # points of a Latin hypercube; more take long, and hardly correlate


@dataclass(frozen=True)
class Factor:
    """What is varied: the dotted path of a config, over ``levels`` or by a ``distribution``.

    ``names`` are short texts for the levels, for tables and figures; ``whole`` rounds the values of
    a distribution to whole numbers. A level that is a mapping is laid over the base's, key by key;
    without a path, over the whole config. ``also`` are further paths that take the same value.
    """

    id: str
    path: str
    levels: tuple[Value, ...] = ()
    distribution: Distribution | None = None
    whole: bool = False
    names: tuple[str, ...] = ()
    label: str = ""
    unit: str = ""
    also: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths that take its value."""
        return (self.path, *self.also)

    def overrides(self, value: Value) -> dict[str, Value]:
        """A value of it by dotted path."""
        return dict.fromkeys(self.paths, value)

    def at(self, unit: FloatArray) -> Column:
        """Values at uniforms, same shape."""
        if self.distribution is None:
            place = (np.asarray(unit) * len(self.levels)).astype(np.intp)
            return as_column(self.levels)[np.minimum(place, len(self.levels) - 1)]
        values = inverse(self.distribution, np.asarray(unit, np.float64))
        return np.rint(values).astype(np.int64) if self.whole else values

    def text(self, value: Value) -> str:
        """A value as a table shows it: the name of its level, or the value itself."""
        for name, level in zip(self.names, self.levels, strict=False):
            if same(level, value):
                return name
        return value if isinstance(value, str) else json.dumps(value, default=str)


@dataclass(frozen=True, eq=False)
class Design:
    """The points of a sweep. Made by the functions below.

    Attributes
    ----------
    kind : str
    factors : tuple of Factor
    columns : tuple of Column
        Values of each factor, in the order of ``factors``.
    unit : FloatArray, optional
        (n_points, n_factors) uniforms of a drawn design, which `sim.stats.sensitivity` reads.
    varied : IntArray, optional
        (n_points,) place of the factor that one-at-a-time varies, -1 at the base point.
    settings : mapping
        What the analysis of the design must know: ``levels``, ``second_order``.
    """

    kind: str
    factors: tuple[Factor, ...]
    columns: tuple[Column, ...]
    unit: FloatArray | None = None
    varied: IntArray | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.columns[0])

    def point(self, number: int) -> dict[str, Value]:
        """Values by dotted path: what `sim.config.load` takes as overrides.

        Raises
        ------
        IndexError
            If there is no such point.
        """
        pairs = zip(self.factors, self.columns, strict=True)
        values: dict[str, Value] = {}
        for factor, column in pairs:
            values |= factor.overrides(_plain(column[number]))
        return {**values.pop("", {}), **values}  # a whole overlay, and single values

    def column(self, factor: str) -> Column:
        """Values of one factor, by its id.

        Raises
        ------
        DesignError
            If there is no such factor.
        """
        for one, column in zip(self.factors, self.columns, strict=True):
            if one.id == factor:
                return column
        known = ", ".join(one.id for one in self.factors)
        raise DesignError(f"design: there is no factor {factor}; accepted: {known}")


def grid(factors: Sequence[Factor]) -> Design:
    """Every combination of levels; the last factor changes fastest."""
    shape = [len(factor.levels) for factor in factors]
    if 0 in shape:
        without = factors[shape.index(0)].id
        raise DesignError(f"grid: {without} has no levels; accepted: factors with levels")
    _limit("grid", prod(shape))
    places = np.unravel_index(np.arange(prod(shape)), shape)
    levels = [as_column(factor.levels) for factor in factors]
    return _design("grid", factors, [c[place] for c, place in zip(levels, places, strict=True)])


def one_at_a_time(
    factors: Sequence[Factor], base: Sequence[Value], low: float = 0.1, high: float = 0.9
) -> Design:
    """The base point, then each level of each factor with all others at their base value.

    A distribution stands for its ``low`` and ``high`` quantile. A level equal to the base value is
    a point like the others. ``base`` has a value per factor, None where the config has none.
    """
    columns, varied = [[value] for value in base], [-1]
    for number, factor in enumerate(factors):
        levels = factor.levels
        if factor.distribution is not None:
            levels = tuple(_plain(value) for value in factor.at(np.array([low, high])))
        for level in levels:
            for other, column in enumerate(columns):
                column.append(level if other == number else base[other])
            varied.append(number)
    found = [as_column(column) for column in columns]
    return _design("one_at_a_time", factors, found, varied=np.array(varied, np.int64))


def overlays(factor: Factor) -> Design:
    """A point for each level of one factor, in their order."""
    _limit("overlays", len(factor.levels))
    return _design("overlays", [factor], [as_column(factor.levels)])


def latin_hypercube(factors: Sequence[Factor], points: int, seed: int) -> Design:
    """One point in each of ``points`` equal slices of every factor.

    Of few points drawn by chance two factors often vary together, and one would be taken for the
    other. So the values of a factor change places until the points fill the space evenly (centred
    discrepancy; Damblin, Couplet and Iooss 2013, J. Simul. 7:276-289).
    """
    from scipy.stats import qmc  # takes half a second

    _limit("latin_hypercube", points)
    spread = "random-cd" if 2 < points <= _MOST_REARRANGED and len(factors) > 1 else None
    unit = qmc.LatinHypercube(len(factors), rng=seed, optimization=spread).random(points)
    return _drawn("latin_hypercube", factors, unit)


def sobol_sequence(factors: Sequence[Factor], points: int, seed: int) -> Design:
    """The first ``points``, a power of two, of a scrambled Sobol' sequence."""
    from scipy.stats import qmc

    _limit("sobol", points)
    _power_of_two("sobol", "points", points)
    return _drawn("sobol", factors, qmc.Sobol(len(factors), rng=seed).random(points))


def saltelli(
    factors: Sequence[Factor], base_points: int, seed: int, second_order: bool = False
) -> Design:
    """Points for Sobol' indices: (k + 2) x ``base_points``, or (2 k + 2) with ``second_order``."""
    _power_of_two("saltelli", "base_points", base_points)
    _limit("saltelli", base_points * ((2 * len(factors) if second_order else len(factors)) + 2))
    sample = salib("sample.sobol").sample
    unit = sample(_problem(factors), base_points, calc_second_order=second_order, seed=seed)
    return _drawn("saltelli", factors, unit, {"second_order": second_order})


def morris(factors: Sequence[Factor], trajectories: int, seed: int, levels: int = 4) -> Design:
    """Trajectories on which one factor moves at a time, by half its range.

    The ``levels`` (an even number) of a uniform factor go from its lowest to its highest value in
    equal steps. Those of any other are the medians of equally likely parts, so none stands at the
    end of an unbounded distribution, or where the distribution puts next to nothing.
    """
    if levels < 2 or levels % 2:
        raise DesignError(f"morris: {levels} levels; accepted: an even number >= 2")
    _limit("morris", trajectories * (len(factors) + 1))
    sample = salib("sample.morris").sample
    places = np.rint(sample(_problem(factors), trajectories, levels, seed=seed) * (levels - 1))
    to_ends = [isinstance(factor.distribution, Uniform) for factor in factors]
    unit = np.where(to_ends, places / (levels - 1), (places + 0.5) / levels)
    return _drawn("morris", factors, unit, {"levels": levels})


def table(factors: Sequence[Factor], rows: Sequence[Sequence[Value]]) -> Design:
    """The points of a table: a row each, its values in the order of ``factors``."""
    _limit("table", len(rows))
    return _design("table", factors, [as_column(column) for column in zip(*rows, strict=True)])


def as_column(values: Sequence[Value]) -> Column:
    """Values as an array whose items are again what was given: 1 stays a whole number."""
    types = {type(value) for value in values}
    if types == {int} and all(abs(value) < 2**63 for value in values):
        return np.array(values, np.int64)
    if types == {float}:
        return np.array(values, np.float64)
    column = np.empty(len(values), object)
    for place, value in enumerate(values):
        column[place] = value
    return column


def same(left: Value, right: Value) -> bool:
    """Whether two values are the same to a config: 1 and 1.0 are, 1 and true are not."""
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    return bool(left == right)


def _plain(value: Any) -> Value:
    return value.item() if isinstance(value, np.generic) else value


def _drawn(
    kind: str,
    factors: Sequence[Factor],
    unit: FloatArray,
    settings: Mapping[str, Any] | None = None,
) -> Design:
    fixed = [f.id for f in factors if f.distribution is None and len(f.levels) < 2]
    if fixed:
        raise DesignError(
            f"{kind}: {', '.join(fixed)} cannot vary; accepted: a distribution or two levels"
        )
    columns = [factor.at(unit[:, place]) for place, factor in enumerate(factors)]
    return _design(kind, factors, columns, unit=unit, settings=settings)


def _design(
    kind: str,
    factors: Sequence[Factor],
    columns: Sequence[Column],
    unit: FloatArray | None = None,
    varied: IntArray | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Design:
    for array in (*columns, unit, varied):
        if array is not None:
            array.setflags(write=False)
    return Design(kind, tuple(factors), tuple(columns), unit, varied, settings or {})


def _problem(factors: Sequence[Factor]) -> dict[str, Any]:
    """The factors as SALib wants them: each on the unit interval."""
    names = [factor.id for factor in factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _power_of_two(kind: str, name: str, n: int) -> None:
    """Owen (2020): with another number the sequence loses its balance, and its accuracy."""
    if n < 2 or n & (n - 1):
        below = 2 ** max(n.bit_length() - 1, 1)
        raise DesignError(
            f"{kind}: {name} is {n}; accepted: a power of two, such as {below} or {2 * below}"
        )


def _limit(kind: str, n: int) -> None:
    if not 1 <= n <= MOST_POINTS:
        raise DesignError(f"{kind}: {n:,} points; accepted: from 1 to {MOST_POINTS:,}")
