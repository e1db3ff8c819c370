"""The dated story of one project in one replication, from the event log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sim.config.schema import Config
from sim.errors import DesignError

_MINUTES_PER_DAY = 1440
_BN = 1e9

# What each kind of event is called in a story; {n}: part counted from 1, {usd}: amount in USD bn,
# {share}: amount as a share, {who}: the resource.
SENTENCES = {
    "proposed": "proposed; it would need {usd}",
    "screening_began": "screening round {n} begins",
    "screening_ended": "screening round {n} ends",
    "revision_began": "fails the screening tests{why}; revision {n} begins",
    "revision_ended": "revision {n} ends; back to screening",
    "rejected": "rejected after {part} rounds{why}",
    "docketed": "passes both tests; on the Consultation Committee's docket",
    "endorsed": "endorsed by the Consultation Committee",
    "deferred": "deferred by the Investment Committee",
    "recommended": "recommended by the Investment Committee",
    "passed_over": "passed over in a presidential round{why}",
    "selected": "selected by the President: {usd} committed",
    "lapsed": "lapses: not selected by the deadline",
    "consultation_began": "Japan asks for consultation",
    "consultation_ended": "consultation ends",
    "funding_decided": "Japan decides to fund",
    "declined": "Japan declines: {usd} released",
    "appraisal_began": "appraisal begins at {who}",
    "appraisal_ended": "appraisal done at {who}",
    "call_noticed": "cash call {n} noticed: {usd}",
    "part_documented": "call {n}: papers done at {who}",
    "funds_committed": "{usd} reserved at {who}",
    "part_drawn": "call {n}: {usd} drawn from {who}",
    "part_paid": "call {n}: {who} has paid its {usd}",
    "call_paid": "cash call {n} paid: {usd}",
    "call_late": "cash call {n} is late: {usd} unpaid at the close of the due date",
    "call_missed": "cash call {n} is missed: {usd} unpaid when the cure period closed",
    "permits_began": "permit work begins",
    "permit_work_ended": "permit work ends",
    "litigation_began": "a court challenge begins (round {n})",
    "litigation_ended": "the court challenge ends (round {n})",
    "permits_granted": "all permits granted",
    "ntp_issued": "notice to proceed",
    "building_began": "building {begins}",
    "building_stopped": "building stops at {share} progress{why}",
    "unit_built": "unit {n} built, worth {usd}",
    "built": "built",
    "operating": "in operation: {usd}",
    "breach_opened": "a breach is open{why}",
    "breach_closed": "the breach is closed{why}",
    "history_exceeded": "recorded history exceeds a limit at {who}: {usd}",
}

CAUSES = {
    "recorded": "as recorded",
    "team_queue": "a screening team",
    "cc_wait": "the Consultation Committee's meeting",
    "ic_wait": "the Investment Committee's meeting",
    "selection_wait": "a presidential round",
    "appraisal_queue": "a place at the lenders' appraisal desks",
    "appraisal": "the lenders' appraisal",
    "consultation": "the consultation",
    "funding_desk": "a lender's desk",
    "funding_window": "the earliest payment date",
    "funding_commitment": "a lender's yearly commitments",
    "funding_money": "a lender's yearly cash",
    "permit_queue": "a permit desk",
    "cash_starved": "the next cash call",
    "first_call": "the first cash call",
    "permits": "permits",
    "prospects_below_hurdle": "repayment prospects below the hurdle",
    "no_benefit_to_japan": "no benefit to Japanese companies",
    "call_missed": "a missed call",
    "declined": "declined by Japan",
    "paid": "paid",
    "settled": "settled",
    "does_not_fit": "does not fit what is left of the envelope or the round",
    "history": "what comes next, which is not on record so far",
}


@dataclass(frozen=True)
class Happening:
    """One event of the project, as the table has it."""

    time: int
    day: date
    event: str
    resource: str | None
    cause: str | None
    part: int | None
    amount: float


def tell(folder: Path, config: Config, replications: int, project: str, replication: int) -> str:
    """Tell what happened to ``project``, a line per event.

    Raises
    ------
    DesignError
        If the run has no such replication, or the replication no such project.
    """
    if not 0 <= replication < replications:
        raise DesignError(
            f"there is no replication {replication} in {folder}; accepted: 0 to {replications - 1}"
        )
    row = _project_row(folder, config, project, replication)
    happenings = _read(folder, project, replication)
    names = config.portfolio.projects
    title = names[project].name if project in names else f"a generated project ({project})"
    sector = config.sectors[row["sector"]].label
    lines = [
        f"{project}: {title}",
        f"{sector}; cost USD {row['cost_usd_bn']:,.2f} bn, {row['units']} "
        f"{'unit' if row['units'] == 1 else 'units'}; replication {replication}",
        "",
        *story_lines(happenings, _labels(config)),
        "",
        f"At the end of the run ({config.programme.run_out.isoformat()}): "
        + row["status"].replace("_", " ")
        + (", not finished" if row["censored"] else ""),
    ]
    return "\n".join(lines)


def story_lines(
    happenings: Sequence[Happening], labels: Mapping[str, str] | None = None
) -> list[str]:
    """A line per event; the two ends of a wait become one line at its end.

    Parameters
    ----------
    labels : mapping, optional
        What a resource is called, by its id.

    Examples
    --------
    >>> day = date(2026, 2, 17)
    >>> story_lines([Happening(0, day, "selected", None, "recorded", None, 33e9)])
    ['2026-02-17  selected by the President: USD 33.00 bn committed (recorded)']
    """
    names = labels or {}
    lines = []
    waits: dict[tuple[str | None, str | None, int | None], Happening] = {}
    for item in happenings:
        wait = (item.cause, item.resource, item.part)
        if item.event == "wait_began":
            waits[wait] = item
        elif item.event == "wait_ended":
            began = waits.pop(wait, None)
            days = (item.time - began.time) / _MINUTES_PER_DAY if began else 0.0
            if days > 0:
                lines.append(_line(item.day, f"... {_days(days)} waited for {_what(item, names)}"))
        else:
            lines.append(_line(item.day, _sentence(item, names)))
    for item in waits.values():
        lines.append(_line(item.day, f"... waits for {_what(item, names)} from here to the end"))
    return lines


def _line(day: date, text: str) -> str:
    return f"{day.isoformat()}  {text}"


def _days(days: float) -> str:
    return f"{days:,.1f} days" if days < 10 else f"{days:,.0f} days"


def _what(item: Happening, labels: Mapping[str, str]) -> str:
    what = CAUSES.get(item.cause or "", (item.cause or "something").replace("_", " "))
    return f"{what} ({_who(item, labels)})" if item.resource else what


def _who(item: Happening, labels: Mapping[str, str]) -> str:
    return labels.get(item.resource or "", item.resource or "")


def _labels(config: Config) -> dict[str, str]:
    """Labels of the resources of a config, by their ids in the log."""
    capacity = config.capacity
    labels = {"teams": capacity.teams.label, "envelope": "the envelope"}
    labels |= {f"agency_{name}": agency.label for name, agency in capacity.agencies.items()}
    for name, facility in capacity.facilities.items():
        for what in ("desks", "commitments", "cash"):
            labels[f"{name}_{what}"] = facility.label
    return labels


def _sentence(item: Happening, labels: Mapping[str, str]) -> str:
    recorded = item.cause == "recorded"
    why = "" if recorded or not item.cause else f" ({CAUSES.get(item.cause, item.cause)})"
    part = -1 if item.part is None else item.part
    sentence = SENTENCES.get(item.event, item.event.replace("_", " "))
    text = sentence.format(
        n=part + 1,
        part=part,
        usd=f"USD {item.amount / _BN:,.2f} bn",
        share=f"{item.amount:.0%}",
        begins="begins" if item.amount == 0 else f"goes on at {item.amount:.0%} progress",
        who=_who(item, labels),
        why=why,
    )
    return f"{text} (recorded)" if recorded else text


def _project_row(folder: Path, config: Config, project: str, replication: int) -> dict[str, Any]:
    columns = ["project", "sector", "cost_usd_bn", "units", "status", "censored"]
    rows = _rows(folder / "projects.parquet", columns, replication)
    found: dict[str, dict[str, Any]] = {row["project"]: row for row in rows}
    if project in found:
        return found[project]
    if project in config.portfolio.projects:
        raise DesignError(
            f"{project} does not enter in replication {replication}: a supplier never does, "
            "an idea does with its probability"
        )
    near = get_close_matches(project, found, n=3, cutoff=0.5) or sorted(found)[:5]
    raise DesignError(
        f"there is no project {project} in replication {replication}; "
        f"accepted: one of {len(found)}, such as {', '.join(near)}"
    )


def _read(folder: Path, project: str, replication: int) -> list[Happening]:
    columns = ["time", "date", "project", "event", "resource", "cause", "part", "amount"]
    return [
        Happening(
            time=row["time"],
            day=row["date"].date(),
            event=row["event"],
            resource=row["resource"],
            cause=row["cause"],
            part=row["part"],
            amount=row["amount"] or 0.0,
        )
        for row in _rows(folder / "events.parquet", columns, replication)
        if row["project"] == project
    ]


def _rows(path: Path, columns: list[str], replication: int) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    table = pq.read_table(
        path, columns=columns, filters=[("replication", "==", replication)], partitioning=None
    )
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
