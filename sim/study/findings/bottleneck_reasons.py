"""Why a step or a limit is worth exactly nothing, in a sentence; by rule from the same study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.design.against import STEP
from sim.study.findings.dates import in_words

if TYPE_CHECKING:
    from sim.study.findings.bottlenecks import Bottlenecks, Worth

_CREWS = ("crews_short", "crews_waited")
_MOST_NAMED = 2  # crafts


def why_nothing(found: Bottlenecks, one: Worth) -> str:
    """Why one overlay adds nothing to the response in any world; empty where it adds something."""
    if one.same:
        return f"it {'changes nothing' if one.kind == 'step' else 'is no limit'} in any world"
    if any(one.interval):
        return ""
    back = found.given_back[one.name]
    short = _of_short_crafts(found, one)
    if short:
        return short
    if back.low > 0 and found.moment.by is not None:
        return (
            f"it moves dates (+{back.estimate:,.1f} bn-years by the end), but no plant to the "
            f"other side of {in_words(found.moment.by)}"
        )
    if not any(back):
        return "no plant runs earlier for it, since something else holds each of them as long"
    return "it moves dates, but not this response"


def _of_short_crafts(found: Bottlenecks, one: Worth) -> str:
    """How much of the people that a step adds is of the crafts that were short in the base."""
    added = _people_added(found, one)
    short = short_pools(found)
    if not added or not short:
        return ""
    useful = sum(added.get(pool, 0.0) for pool in short) / sum(added.values())
    names = " and ".join(
        found.config.capacity.specialists.pools[pool].label for pool in list(short)[:_MOST_NAMED]
    )
    said = f"{100 * useful:.0f} %" if useful else "none"
    return f"crews are short of {names} most, and {said} of the people it adds are such"


def _people_added(found: Bottlenecks, one: Worth) -> dict[str, float]:
    """People a month that the measures of a step add, by pool."""
    if one.kind != "step":
        return {}
    overlay = found.config.report.steps[one.name.removeprefix(STEP)].overlay
    specialists = overlay.get("capacity", {}).get("specialists", {})
    added: dict[str, float] = {}
    for measure in specialists.get("measures", {}).values():
        for key in ("finishers_per_month", "intake_per_month"):
            for pool, people in measure.get(key, {}).items():
                added[pool] = added.get(pool, 0.0) + people
    return added


def short_pools(found: Bottlenecks) -> dict[str, float]:
    """Share of the dollars held for want of crews that each craft holds in the base, most first."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = pq.read_table(found.ledger / "held.parquet", columns=["cause", "resource", "usd_bn"])
    held: dict[str, float] = {}
    for cause, resource, usd_bn in zip(
        rows.column("cause").cast(pa.string()).to_pylist(),
        rows.column("resource").cast(pa.string()).to_pylist(),
        rows.column("usd_bn").to_pylist(),
        strict=True,
    ):
        pool = (resource or "").removeprefix("specialists_")
        if cause in _CREWS and pool in found.config.capacity.specialists.pools:
            held[pool] = held.get(pool, 0.0) + usd_bn
    total = sum(held.values())
    ranked = sorted(held.items(), key=lambda pair: -pair[1])
    return {pool: usd_bn / total for pool, usd_bn in ranked if usd_bn > 0}
