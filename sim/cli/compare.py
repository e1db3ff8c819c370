"""``sim compare``: what scenarios change against the first of them, and CSV files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, isnan
from pathlib import Path
from typing import Any

import click

import sim
from sim.cli.settings import telling
from sim.cli.texts import NOTHING, interval_words, print_table, say, significant, width
from sim.stats.compare import Difference
from sim.study.findings.comparison import Finished, Twins, levels, share_worlds
from sim.study.findings.comparison_folder import common_dates
from sim.study.findings.dearer import told_dearer
from sim.study.findings.labels import MOMENTS, PROGRAMME, response_label
from sim.study.findings.twins import between

# Told first whether decided or not: what is selected, paid and built by when, at what risk, and
# what it is worth.
FIRST = (
    "committed_usd_bn_by_deadline",
    *(f"{amount}_usd_bn_{moment}" for amount in ("paid", "completed") for moment in MOMENTS),
    "tariff_raised_by_end",
    "npv_usd_bn_us",
    "npv_usd_bn_japan",
)
MOST_ROWS = 16  # these, and what else is decided, unless all are asked for
_CELL, _LABEL = 12, 34  # columns of a scenario, of a response
_UNDECIDED, _SAME = "?", "="


def print_compare(
    runs: Sequence[Path], every: bool, quiet: bool, project: str | None = None, **asked: Any
) -> None:
    """Run what is a config, compare with the first, print, and on the last line the folder."""
    done = sim.compare(*runs, **asked, progress=telling(quiet))
    if not quiet:
        if done.up_to_date:
            click.echo("up to date: this very comparison is there already, nothing was written")
        for run in done.runs[1:]:
            own = {one.response: one for one in done.found if one.scenario == run.name}
            say(sentence(run.name, done.runs[0].name, own, common_dates(done.runs)))
        _print_differences(done.runs, done.found, every)
        if every:
            _print_twins(done.runs, done.same_projects)
        if project is not None:
            click.echo("\n" + "\n".join(between(done.runs, project)))
        click.echo()
    click.echo(done.folder)


def sentence(
    scenario: str, against: str, found: Mapping[str, Difference], dates: Mapping[str, str]
) -> str:
    """What a scenario surely changes of the headlines, with intervals, and what it may or does not.

    ``found`` has its differences by response.
    """
    surely: list[str] = []
    open_, same = list[str](), list[str]()
    for name in FIRST:
        one = found.get(name)
        if one is None or isnan(one.difference.estimate):
            continue
        label = response_label(name, False, dates)
        if not label.startswith("P("):
            label = f"{label[:1].lower()}{label[1:]}".replace(", ", " for ")
        if _is_same(one):
            same.append(label)
        elif one.decided:
            surely.append(f"{label} {_amount(one)}")
        else:
            open_.append(label)
    parts = [
        "; ".join(surely) or "no headline surely changes",
        f"not decided: {_joined(open_)}" if open_ else "",
        f"equal in every world: {_joined(same)}" if same else "",
    ]
    return f"{scenario}, less {against}: {'; '.join(part for part in parts if part)}."


def _amount(one: Difference) -> str:
    """A difference of dollars, or of a probability in points, and its interval."""
    share = one.unit == "probability"
    values = [100 * value if share else value for value in one.difference]
    change, low, high = (_signed(value) for value in values)
    return f"{change} points ({low} to {high})" if share else f"USD {change} bn ({low} to {high})"


def _joined(labels: Sequence[str]) -> str:
    """Labels after each other; of one that differs from that before by its date, the date alone."""
    told: list[str] = []
    before = ""
    for label in labels:
        what, by, date = label.partition(" by ")
        told.append(f"and by {date}" if by and what == before else label)
        before = what
    return ", ".join(told).replace(", and by", " and by")


def _print_differences(
    runs: Sequence[Finished], differences: Sequence[Difference], every: bool
) -> None:
    """One table: scenarios across, responses down: headlines, then what differs most, decidedly."""
    first, *others = runs
    how = "; ".join(dict.fromkeys(_how(run, first) for run in others))
    found = {(one.response, one.scenario): one for one in differences}
    ranked = _ranked(differences)
    main = [name for name, weight in ranked.items() if weight or name in FIRST][:MOST_ROWS]
    shown = list(ranked) if every else main
    # Of the worlds that are compared; a base that is there may have more.
    level = levels(first, max(_worlds(run, first) for run in others))
    labels = {name: response_label(name, True, common_dates(runs)) for name in shown}
    across = max((width() - _LABEL - _CELL) // _CELL, 1)
    for begin in range(0, len(others), across):
        names = [run.name for run in others[begin : begin + across]]
        title = f"Less {first.name}, {how}"
        if len(others) == 1:
            _print_one(title, names[0], shown, labels, level, found)
            continue
        print_table(
            title,
            ("", first.name, *names),
            [
                (
                    labels[name],
                    significant(level.get(name, float("nan"))),
                    *(_change(found.get((name, scenario))) for scenario in names),
                )
                for name in shown
            ],
        )
    own, *theirs = (run.config.capacity.specialists.bidding.cost_factor for run in runs)
    prices = [(run.name, one / own - 1) for run, one in zip(others, theirs, strict=True)]
    if told := told_dearer(prices, first.name):
        say(told)
    hidden = len(ranked) - len(shown)
    say(
        f"{_UNDECIDED}: the sign is not decided (p adjusted for all {len(differences):,} "
        f"comparisons together, Holm); {_SAME}: equal in every world. "
        + (f"{hidden} more responses: --all. " if hidden else "")
        + "Intervals, replications still needed: differences.csv; the same projects with and "
        "without: twins.csv; sim plot draws it."
    )


def _print_one(
    title: str,
    scenario: str,
    shown: Sequence[str],
    labels: Mapping[str, str],
    level: Mapping[str, float],
    found: Mapping[tuple[str, str], Difference],
) -> None:
    """Of one scenario there is room for the interval, and what would decide it."""
    rows = []
    for name in shown:
        one = found[name, scenario]
        more = NOTHING if one.still_needed is None else f"{one.still_needed:,}"
        rows.append(
            (
                labels[name],
                significant(level.get(name, float("nan"))),
                _change(one),
                interval_words(one.difference),
                "" if one.decided else more,
            )
        )
    print_table(title, ("", "level", scenario, "95 % interval", "more needed"), rows)


def _worlds(run: Finished, first: Finished) -> int:
    """Replications of the first that are compared with."""
    own = int(first.manifest["replications"])
    return min(int(run.manifest["replications"]), own) if share_worlds(run, first) else own


def _how(run: Finished, first: Finished) -> str:
    if share_worlds(run, first):
        how = f"compared in pairs, on {_worlds(run, first):,} common worlds"
    else:
        how = "compared as INDEPENDENT samples: they share no worlds (other seeds)"
    if run.manifest["code_version"] != first.manifest["code_version"]:
        how += "; by different versions of the program"
    return how


def _ranked(differences: Sequence[Difference]) -> dict[str, float]:
    """Responses and the largest decided difference of each, in half-widths; headlines first."""
    weight: dict[str, float] = {}
    most = max((one.n for one in differences), default=0)
    for one in differences:
        low, high = one.difference.low, one.difference.high
        own = 0.0
        if one.decided and 2 * one.n >= most:  # what hardly a world has leads no table
            own = abs(one.difference.estimate) / ((high - low) / 2) if high > low else inf
        weight[one.response] = max(weight.get(one.response, 0.0), own)
    first = {name: weight.pop(name) for name in FIRST if name in weight}
    return first | dict(sorted(weight.items(), key=lambda row: -row[1]))


def _change(one: Difference | None) -> str:
    if one is None or isnan(one.difference.estimate):
        return NOTHING
    if _is_same(one):
        return _SAME
    return f"{_signed(one.difference.estimate)}{'' if one.decided else f' {_UNDECIDED}'}"


def _is_same(one: Difference) -> bool:
    """Whether it is equal in every world."""
    return one.paired and one.difference.low == one.difference.high == 0 and one.p == 1


def _print_twins(runs: Sequence[Finished], twins: Sequence[Twins]) -> None:
    first, *others = runs
    for run in others:
        labels = {PROGRAMME: "all sectors", **first.sectors, **run.sectors}
        same = [one for one in twins if one.scenario == run.name]
        if same:
            own = f"only {run.name}", f"only {first.name}"
            print_table(
                f"The same projects in the same worlds, with {run.name} and with {first.name}; "
                "days: + is later, - is earlier",
                ("sector", "milestone", "in both", *own, "days later", "95 % interval"),
                [
                    (
                        labels.get(one.sector, one.sector),
                        one.milestone,
                        f"{one.both:,}",
                        f"{one.only:,}",
                        f"{one.only_against:,}",
                        _signed(one.days_later.estimate),
                        interval_words(one.days_later),
                    )
                    for one in same
                ],
            )


def _signed(value: float) -> str:
    """The same with a plus before what is above zero."""
    return f"+{significant(value)}" if value > 0 else significant(value)
