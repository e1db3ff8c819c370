"""What a sweep file may say: its factors, and the kinds of design."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from sim.config.distributions import Distribution, Strictly
from sim.config.values import Flag, PositiveCount, Seed, Share
from sim.study.design.design import same

Text = Annotated[str, Field(min_length=1)]


class FactorEntry(Strictly):
    """One factor: a path, and levels or a distribution (a table brings its own values).

    Several paths take the same value together.
    """

    path: Text | Annotated[list[Text], Field(min_length=1)]
    levels: Annotated[list[Any], Field(min_length=1)] | None = None
    names: list[Text] | None = None
    distribution: Distribution | None = None
    whole: Flag = False
    label: str = ""
    unit: str = ""
    source: Text | None = None
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        levels = self.levels or []
        if self.levels is not None and self.distribution is not None:
            raise ValueError("has levels and a distribution; accepted: one of the two")
        if self.whole and self.distribution is None:
            raise ValueError("whole: true has no distribution to round; accepted: with one only")
        if self.names is not None and len(set(self.names)) != len(levels):
            raise ValueError(
                f"{len(set(self.names))} different names for {len(levels)} levels; "
                "accepted: one name for each level"
            )
        for place, level in enumerate(levels):
            if any(same(level, other) for other in levels[:place]):
                raise ValueError(f"level {level!r} is given twice; accepted: each level once")
        return self


class Grid(Strictly):
    """Every combination of levels."""

    kind: Literal["grid"]


class OneAtATime(Strictly):
    """Each factor alone; a distribution stands for its ``low`` and ``high`` quantile."""

    kind: Literal["one_at_a_time"]
    low: Share = 0.1
    high: Share = 0.9


class LatinHypercube(Strictly):
    """``points`` that fill every factor evenly."""

    kind: Literal["latin_hypercube"]
    points: PositiveCount
    seed: Seed | None = None


class SobolSequence(Strictly):
    """``points``, a power of two, that fill the space of the factors evenly."""

    kind: Literal["sobol"]
    points: PositiveCount
    seed: Seed | None = None


class Saltelli(Strictly):
    """For Sobol' indices; ``base_points`` is a power of two."""

    kind: Literal["saltelli"]
    base_points: PositiveCount
    second_order: Flag = False
    seed: Seed | None = None


class Morris(Strictly):
    """Screening by ``trajectories`` over an even number of ``levels``."""

    kind: Literal["morris"]
    trajectories: PositiveCount
    levels: PositiveCount = 4
    seed: Seed | None = None


class Table(Strictly):
    """Points listed in a CSV ``file`` beside the sweep, or as ``points``; a column per factor."""

    kind: Literal["table"]
    file: Text | None = None
    points: Annotated[list[dict[str, Any]], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.file is None) == (self.points is None):
            raise ValueError("has a file and points, or neither; accepted: one of the two")
        return self


DesignEntry = Annotated[
    Grid | OneAtATime | LatinHypercube | SobolSequence | Saltelli | Morris | Table,
    Field(discriminator="kind"),
]


class SweepFile(Strictly):
    """Everything a sweep file may say. Replications and seed default to those of the base."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    sweep: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    title: str = ""
    description: str = ""
    base: Text
    replications: PositiveCount | None = None
    seed: Seed | None = None
    factors: Annotated[dict[str, FactorEntry], Field(min_length=1)]
    design: DesignEntry
