"""The President's rounds: choices that describe one thing twice, or that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sim.config.findings import Finding, finding, needs
from sim.config.schema import Config

_WHERE = "policy.selection"


@needs("policy")
def one_heap(config: Config) -> Iterator[Finding]:
    """Rounds that heap up before the deadline are described once."""
    selection = config.policy.selection
    heaps = {
        "late_rate": selection.late_rate is not None and selection.late_rate.rate > 1,
        "growth_per_round": selection.growth_per_round > 1,
        "final_round.size": selection.final_round.held and selection.final_round.size == "all",
    }
    first, *others = [key for key, there in heaps.items() if there] or [""]
    for other in others:
        message = f"describes the same heap before the deadline as {first}"
        accepted = "at most one of late_rate above 1, growth_per_round above 1, final size all"
        yield finding(f"{_WHERE}.{other}", message, accepted)


@needs("programme", "policy")
def late_rate(config: Config) -> Iterator[Finding]:
    """The last days have not begun on the as-of date, and belong to drawn intervals."""
    programme, late = config.programme, config.policy.selection.late_rate
    if late is None:
        return
    if config.policy.selection.rounds != "intervals":
        message = f"does nothing with rounds {config.policy.selection.rounds}"
        yield finding(f"{_WHERE}.late_rate", message, "rounds: intervals, or no late_rate")
    first = programme.as_of if programme.history == "recorded" else programme.start
    most = (programme.deadline - first).days
    if late.last_days > most:
        begins = programme.deadline - timedelta(days=late.last_days)
        message = f"begins on {begins}, before {first}"
        yield finding(f"{_WHERE}.late_rate.last_days", message, f"a whole number from 1 to {most}")


@needs("policy")
def appraised_first(config: Config) -> Iterator[Finding]:
    """Who must be appraised to be selected is appraised before the notice."""
    policy = config.policy
    if policy.selection.requires == "appraised" and policy.appraisal_starts == "notice":
        message = "appraised waits for an appraisal that starts at the notice, after selection"
        accepted = "recommended, or policy.appraisal_starts: docket or recommendation"
        yield finding(f"{_WHERE}.requires", message, accepted)
