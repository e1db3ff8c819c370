"""``sim check``: what a config would be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from sim.cli.settings import all_cores, load_with_sets
from sim.cli.texts import NOTHING, day, duration, number, percent, print_table, say, size
from sim.config import Loaded, cautions, load
from sim.config.capacity import Equipment, YearlySlots
from sim.config.rule_files import own_rules
from sim.config.schema import Config
from sim.plan import Plan
from sim.study.design.expected import (
    MixRow,
    SectorRow,
    expected_sectors,
    pools_on_gap_date,
    sector_mix,
)
from sim.study.design.inert import inert_limits
from sim.study.run.preview import Effort, estimate
from sim.study.run.runs import run_of


def print_check(path: Path, sets: Sequence[str], list_sources: bool) -> None:
    """Load, check, and print portfolio, mixes, specialists, sources, time and disk."""
    loaded = load_with_sets(path, sets)
    config = loaded.config
    plan = Plan.of(config)
    programme, run = config.programme, config.run
    say(f"{config.name}: {config.title}" if config.title else config.name)
    say(
        f"{run.replications} replications, seed {run.seed}. Envelope USD "
        f"{programme.envelope_usd_bn:,g} bn, selected by {day(programme.deadline)}; observed from "
        f"{day(programme.start)} to {day(programme.run_out)}."
    )
    sectors = expected_sectors(config, plan)
    _print_sectors(sectors, {name: sector.label for name, sector in config.sectors.items()})
    _print_against_base(path, sets, loaded, sum(row.usd_bn for row in sectors))
    _print_mix(sector_mix(config, sectors))
    _print_pools(config)
    _print_flows(config)
    _print_inert(loaded)
    _print_own_rules(loaded)
    _print_cautions(config)
    _print_sources(loaded, list_sources)
    _print_effort(estimate(run_of(loaded)))


def _print_sectors(sectors: Sequence[SectorRow], labels: dict[str, str]) -> None:
    def cells(label: str, rows: Iterable[SectorRow]) -> tuple[str, ...]:
        own = list(rows)
        return (
            label,
            number(sum(row.named_count for row in own)),
            number(sum(row.named_usd_bn for row in own)),
            number(sum(row.generated_count for row in own)),
            number(sum(row.generated_usd_bn for row in own)),
            number(sum(row.usd_bn for row in own)),
        )

    print_table(
        "Expected proposals; USD bn is what would count against the envelope",
        ("sector", "named", "USD bn", "generated", "USD bn", "all USD bn"),
        [cells(labels[row.sector], [row]) for row in sectors] + [cells("all", sectors)],
    )


def _print_against_base(
    path: Path, sets: Sequence[str], loaded: Loaded, proposed_usd_bn: float
) -> None:
    """Say what is proposed by the deadline, and how that compares with what the config changes."""
    deadline = day(loaded.config.programme.deadline)
    text = f"Proposed by {deadline}: USD {number(proposed_usd_bn)} bn, expected"
    base = path if sets else loaded.extends
    if base is not None:
        other = load(base).config
        before = sum(row.usd_bn for row in expected_sectors(other, Plan.of(other)))
        name = f"{path} without --set" if sets else str(base)
        change = f"{proposed_usd_bn - before:+,.1f} bn" if before != proposed_usd_bn else "the same"
        text += f"; {name}: USD {number(before)} bn ({change} here)"
    click.echo()
    say(f"{text}.")


def _print_cautions(config: Config) -> None:
    found = list(cautions(config))
    if found:
        click.echo("\nTake care:")
    for one in found:
        say(f"{'.'.join(one.path)}: {one.message}", "  ")


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


def _print_pools(config: Config) -> None:
    """Say what the gap does on its date, by pool, and whether it does anything."""
    pools, specialists = pools_on_gap_date(config), config.capacity.specialists
    gap, weight = specialists.gap, specialists.bidding.weight
    print_table(
        f"Specialists on {day(gap.date)}: {gap.people:,.0f} short in all pools together; bidding "
        f"weight {number(weight, 2)}, for {percent(specialists.bidding.cost_factor - 1)} of cost",
        ("pool", "people S_ref", "measures M", "others want O", "reference D", "share of D served",
         "enough weight"),
        [
            (
                row.label,
                *(number(people, 0) for people in (
                    row.reference_people, row.added, row.other_demand, row.reference_demand)),
                percent(row.served_share),
                number(row.enough_weight, 2),
            )
            for row in pools
        ],
    )  # fmt: skip
    if all(not row.served_share < 1 for row in pools):
        say("The gap does nothing here: every pool serves its reference demand in full.")


def _print_flows(config: Config) -> None:
    """Makers' slots and megawatts by calendar year; nothing where the config has neither."""
    capacity, programme = config.capacity, config.programme
    years = range(programme.start.year, programme.run_out.year + 1)
    rows = [
        (f"{maker.label}: slots", *_by_year(maker.slots, years), _reserved(maker))
        for maker in capacity.equipment.values()
    ]
    if capacity.power is not None:
        rows += [
            (f"{region.label}: MW", *_by_year(region.additions_mw, years), NOTHING)
            for region in capacity.power.regions.values()
        ]
    if rows:
        print_table(
            "Slots and megawatts open to the programme, by calendar year",
            ("", *(str(year) for year in years), "reserved"),
            rows,
        )


def _print_inert(loaded: Loaded) -> None:
    """Say which limits do nothing, so that nobody looks for an effect of moving them."""
    found = inert_limits(loaded)
    if found:
        click.echo()
        say(
            "Limits that do nothing here (not reached in two replications, and nothing changes "
            "without them):"
        )
        say("; ".join(found), "  ")


def _by_year(flow: YearlySlots | str, years: range) -> list[str]:
    if isinstance(flow, str):
        return [flow, *[""] * (len(years) - 1)]
    known = sorted(flow.per_year.items())
    later = [[amount for listed, amount in known if listed <= year] for year in years[1:]]
    return [number(flow.first_year, 0), *(number(found[-1] if found else 0, 0) for found in later)]


def _reserved(maker: Equipment) -> str:
    return number(sum(sum(years.values()) for years in maker.reserved.values()), 0)


def _print_own_rules(loaded: Loaded) -> None:
    """Say whose code will run besides ours."""
    for path, (file, function) in own_rules(loaded.tree).items():
        click.echo()
        say(f"Code of {file} will run: {function} is {'.'.join(path)}.")


def _print_sources(loaded: Loaded, in_full: bool) -> None:
    missing = loaded.unsourced
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
