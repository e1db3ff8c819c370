"""Parameters of distributions: what a config may say. Sampling lives in :mod:`sim.world`.

A distribution is a mapping whose ``kind`` names it, so that every parameter has a dotted path::

    outcome_months: {kind: triangular, low: 28, mode: 33, high: 54, source: gas_cc_duration}

The unit stands in the name of the key that holds the distribution (``outcome_months``).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.config.values import Id, NotNegative, Number, Positive, Share


class Strictly(BaseModel):
    """Base of every config model: unknown keys are refused, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Constant(Strictly):
    """Always ``value``."""

    kind: Literal["constant"]
    value: Number


class Uniform(Strictly):
    """Anything from ``low`` to ``high``, alike."""

    kind: Literal["uniform"]
    low: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            raise ValueError(
                f"low {self.low:g} is not below high {self.high:g}; accepted: low < high"
            )
        return self


class Exponential(Strictly):
    """Time to an event that does not age."""

    kind: Literal["exponential"]
    mean: Positive


class Triangular(Strictly):
    """From ``low`` to ``high``, most likely ``mode``."""

    kind: Literal["triangular"]
    low: Number
    mode: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _in_order(self.low, self.mode, self.high)
        return self


class Pert(Strictly):
    """From ``low`` to ``high``, most likely ``mode``, with thinner ends than the triangular.

    A beta distribution with mean (low + shape x mode + high) / (shape + 2). A ``shape`` of 4 is the
    classic weight of the mode (Malcolm et al. 1959); with 0 all values are alike.
    """

    kind: Literal["pert"]
    low: Number
    mode: Number
    high: Number
    shape: NotNegative = 4

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _in_order(self.low, self.mode, self.high)
        return self


def _in_order(low: float, mode: float, high: float) -> None:
    if not (low <= mode <= high and low < high):
        raise ValueError(
            f"low {low:g}, mode {mode:g}, high {high:g} are not in order; "
            "accepted: low <= mode <= high, low < high"
        )


def _one_of(law: Strictly, *spellings: str) -> None:
    """Refuse parameters that are not exactly those of one spelling."""
    given = {name for name, value in law if name != "kind" and value is not None}
    if given not in [set(one.split(" + ")) for one in spellings]:
        said = ", ".join(sorted(given)) or "nothing"
        raise ValueError(f"given {said}; accepted: {', or '.join(spellings)}")


class Lognormal(Strictly):
    """Exactly one of three spellings: median + sigma, mean + sigma, p10 + p90.

    ``sigma`` is the standard deviation of the logarithm; ``p10`` and ``p90`` are true percentiles.
    """

    kind: Literal["lognormal"]
    median: Positive | None = None
    mean: Positive | None = None
    sigma: Annotated[NotNegative, Field(le=10, description="Ten is a factor of 22,000.")] | None = (
        None
    )
    p10: Positive | None = None
    p90: Positive | None = None

    @model_validator(mode="after")
    def _one_spelling(self) -> Self:
        _one_of(self, "median + sigma", "mean + sigma", "p10 + p90")
        if self.p10 is not None and self.p90 is not None and not self.p10 < self.p90:
            raise ValueError(f"p10 {self.p10:g} is not below p90 {self.p90:g}; accepted: p10 < p90")
        return self


class Weibull(Strictly):
    """Time to an event that ages: ``shape`` below 1 for early failures, above 1 for wear.

    ``scale`` is the 63rd percentile. Below a shape of 0.1 the mean stands in a tail no run reaches.
    """

    kind: Literal["weibull"]
    shape: Annotated[Number, Field(ge=0.1)]
    scale: Positive


class Gamma(Strictly):
    """Exactly one of two spellings: mean + sd (standard deviation), or shape + scale."""

    kind: Literal["gamma"]
    mean: Positive | None = None
    sd: Positive | None = None
    shape: Positive | None = None
    scale: Positive | None = None

    @model_validator(mode="after")
    def _one_spelling(self) -> Self:
        _one_of(self, "mean + sd", "shape + scale")
        return self


class Empirical(Strictly):
    """Observed values, each as likely as its weight says (equal when no weights are given)."""

    kind: Literal["empirical"]
    values: Annotated[list[Number], Field(min_length=1)]
    weights: list[Positive] | None = None

    @model_validator(mode="after")
    def _matched(self) -> Self:
        if self.weights is not None and len(self.weights) != len(self.values):
            raise ValueError(f"{len(self.weights)} weights for {len(self.values)} values")
        return self


class Bernoulli(Strictly):
    """1 with ``probability``, else 0."""

    kind: Literal["bernoulli"]
    probability: Share


_Simple: TypeAlias = (
    Constant | Uniform | Exponential | Triangular | Pert | Lognormal | Weibull | Gamma | Empirical
    | Bernoulli
)  # fmt: skip
Simple = Annotated[_Simple, Field(discriminator="kind")]


class Component(Strictly):
    """One part of a mixture."""

    weight: Positive
    distribution: Simple


class Mixture(Strictly):
    """One of several distributions, chosen by weight. Weights must add up to 1."""

    kind: Literal["mixture"]
    components: Annotated[dict[Id, Component], Field(min_length=1)]

    @model_validator(mode="after")
    def _weights(self) -> Self:
        total = sum(component.weight for component in self.components.values())
        if abs(total - 1) > 1e-9:
            raise ValueError(f"weights add up to {total:g}, not to 1")
        return self


Distribution = Annotated[_Simple | Mixture, Field(discriminator="kind")]
