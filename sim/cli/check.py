"""``sim check``: what a config would be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

import sim
from sim.cli.given import all_cores
from sim.cli.settings import load_with_sets, nothing_changed
from sim.cli.texts import columns, duration, number, percent, print_table, say, size, width
from sim.config.capacity import Equipment, YearlySlots
from sim.config.schema import Config
from sim.study.design.expected import MixRow, PoolRow, SectorRow
from sim.study.design.words import plural
from sim.study.findings.checking import Checked
from sim.study.findings.dates import in_words
from sim.study.run.preview import Effort

_INDENT, _YEARS_APART = 4, 2  # columns


def print_check(path: Path, sets: Sequence[str], list_sources: bool) -> None:
    """Load, check, and print portfolio, mixes, specialists, sources, time and disk."""
    found = sim.check(load_with_sets(path, sets), against=path if sets else None)
    config = found.loaded.config
    programme, run = config.programme, config.run
    say(config.heading)
    say(
        f"{plural(run.replications, 'replication')}, seed {run.seed}. Envelope USD "
        f"{programme.envelope_usd_bn:,g} bn, selected by {in_words(programme.deadline)}; observed "
        f"from {in_words(programme.start)} to {in_words(programme.run_out)}."
    )
    if same := nothing_changed(found.loaded):
        say(same)
    labels = {name: sector.label for name, sector in config.sectors.items()}
    _print_sectors(found.proposed, labels)
    _print_against_base(found, f"{found.against} without --set" if sets else str(found.against))
    _print_mix(found.mix)
    _print_pools(config, found.pools)
    _print_flows(config)
    _print_listed(
        "Limits that do nothing here (not reached in two replications, and nothing changes without "
        "them):",
        ["; ".join(found.inert)] if found.inert else [],
    )
    _print_listed("Last days of signing, in two replications:", list(_last_days(found)))
    for where, (file, function) in found.own_rules.items():
        _print_listed(f"Code of {file} will run: {function} is {where}.")
    _print_listed("Take care:", found.cautions)
    _print_sources(found.unsourced, list_sources)
    _print_effort(found.effort)


def _print_listed(title: str, lines: Sequence[str] | None = None) -> None:
    """Print a title and lines below it, unless there could be some and are none."""
    if lines is None or lines:
        click.echo()
        say(title)
        for line in lines or ():
            say(line, "  ")


def _last_days(found: Checked) -> Iterator[str]:
    """What meets the last day of each lender that has one, and what becomes of it."""
    for met in found.last_days:
        fate = {
            "extend": "is signed all the same",
            "decline": "is given up",
            "reassign": f"goes to {met.taker}",
        }[met.unsigned]
        yield (
            f"{met.label}: {in_words(met.day)}. USD {number(met.unsigned_usd_bn)} bn of the "
            f"{number(met.selected_usd_bn)} selected is not wholly reserved by then; it {fate}"
        )


def _print_sectors(sectors: Sequence[SectorRow], labels: dict[str, str]) -> None:
    columns = ("named_count", "named_usd_bn", "generated_count", "generated_usd_bn", "usd_bn")

    def cells(label: str, rows: Sequence[SectorRow]) -> tuple[str, ...]:
        return label, *(number(sum(getattr(row, name) for row in rows)) for name in columns)

    print_table(
        "Expected proposals; USD bn is what would count against the envelope",
        ("sector", "named", "USD bn", "generated", "USD bn", "all USD bn"),
        [cells(labels[row.sector], [row]) for row in sectors] + [cells("all", sectors)],
    )


def _print_against_base(found: Checked, name: str) -> None:
    """Say what is proposed by the deadline, and how that compares with what the config changes."""
    deadline = in_words(found.loaded.config.programme.deadline)
    usd_bn, before = found.proposed_usd_bn, found.against_usd_bn
    text = f"Proposed by {deadline}: USD {number(usd_bn)} bn, expected"
    if found.against is not None:
        change = f"{usd_bn - before:+,.1f} bn" if before != usd_bn else "the same"
        text += f"; {name}: USD {number(before)} bn ({change} here)"
    click.echo()
    say(f"{text}.")


def _print_mix(mix: Sequence[MixRow]) -> None:
    print_table(
        "Sector mix by dollars: what the articles say, and what the portfolio holds",
        ("line of the articles", "articles", "named", "all proposals"),
        [
            (
                row.label,
                percent(row.article_low)
                if row.article_low == row.article_high
                else f"{percent(row.article_low)} to {percent(row.article_high)}",
                percent(row.named),
                percent(row.proposed),
            )
            for row in mix
        ],
    )


def _print_pools(config: Config, pools: Sequence[PoolRow]) -> None:
    """Say what the gap does on its date, by pool, and whether it does anything."""
    specialists = config.capacity.specialists
    gap, weight = specialists.gap, specialists.bidding.weight
    print_table(
        f"Specialists on {in_words(gap.date)}: {gap.people:,.0f} short in all pools together; "
        f"bidding weight {number(weight, 2)}, for {percent(specialists.bidding.cost_factor - 1)} "
        "of cost",
        (
            "pool",
            "people S_ref",
            "measures M",
            "others want O",
            "reference D",
            "share of D served",
            "enough weight",
        ),
        [
            (
                row.label,
                number(row.reference_people, 0),
                number(row.added, 0),
                number(row.other_demand, 0),
                number(row.reference_demand, 0),
                percent(row.served_share),
                number(row.enough_weight, 2),
            )
            for row in pools
        ],
    )
    if all(not row.served_share < 1 for row in pools):
        say("The gap does nothing here: every pool serves its reference demand in full.")


def _print_flows(config: Config) -> None:
    """Makers' slots and megawatts by calendar year; nothing where the config has neither."""
    capacity, programme = config.capacity, config.programme
    years = range(programme.start.year, programme.run_out.year + 1)
    flows = [
        (f"{maker.label}: slots", maker.slots, f"; {_reserved(maker)} reserved")
        for maker in capacity.equipment.values()
    ]
    if capacity.power is not None:
        flows += [
            (f"{region.label}: MW", region.additions_mw, "")
            for region in capacity.power.regions.values()
        ]
    if not flows:
        return
    click.echo()
    say("Slots and megawatts open to the programme, by calendar year")
    for label, flow, reserved in flows:
        if isinstance(flow, str):
            say(f"{label}: {flow}{reserved}", "  ")
            continue
        say(f"{label}{reserved}", "  ")
        _print_years(years, _by_year(flow, years))


def _print_years(years: range, amounts: Sequence[str]) -> None:
    """Years above amounts, side by side as far as the width goes: a label has its own line."""
    wide = max(4, *(columns(one) for one in amounts)) + _YEARS_APART
    across = max((width() - _INDENT) // wide, 1)
    for first in range(0, len(years), across):
        for line in ([str(year) for year in years], amounts):
            cells = "".join(cell.rjust(wide) for cell in line[first : first + across])
            click.echo(f"{' ' * _INDENT}{cells}")


def _by_year(flow: YearlySlots, years: range) -> list[str]:
    known = sorted(flow.per_year.items())
    later = [[amount for listed, amount in known if listed <= year] for year in years[1:]]
    return [number(flow.first_year, 0), *(number(found[-1] if found else 0, 0) for found in later)]


def _reserved(maker: Equipment) -> str:
    return number(sum(sum(years.values()) for years in maker.reserved.values()), 0)


def _print_sources(missing: Sequence[str], in_full: bool) -> None:
    click.echo(f"\nNumbers without a source: {len(missing)}")
    if in_full:
        for item in missing:
            click.echo(f"  {item}")
    elif missing:
        click.echo("  (sim check --sources lists them)")


def _print_effort(effort: Effort) -> None:
    cores = all_cores()
    click.echo()
    say(
        f"From two timed replications: {effort.rows_per_replication['events']:,.0f} events and "
        f"{effort.seconds_per_replication:.2f} s each; {effort.replications} take about "
        f"{duration(effort.seconds / cores)} on {cores} {'core' if cores == 1 else 'cores'}, "
        f"and {size(effort.disk_bytes)} on the disk, up to {size(effort.most_disk_bytes)} before "
        "it is finished."
    )
