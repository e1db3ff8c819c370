"""``sim check``: what a config would be."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isnan
from pathlib import Path

import click

from sim.cli.settings import all_cores, load_with_sets
from sim.cli.texts import day, duration, people, percent, size, table


def print_check(path: Path, sets: Sequence[str], list_sources: bool) -> None:
    """Load, check, and print portfolio, mixes, specialists, sources, time and disk."""
    from sim.config import unsourced
    from sim.engine import Model
    from sim.experiment import preview

    loaded = load_with_sets(path, sets)
    config = loaded.config
    model = Model(config)
    programme = config.programme
    click.echo(f"{config.name}: {config.title}" if config.title else config.name)
    click.echo(
        f"{config.run.replications} replications, seed {config.run.seed}; envelope USD "
        f"{programme.envelope_usd_bn:,g} bn to be selected by {day(programme.deadline)}; "
        f"observed from {day(programme.start)} to {day(programme.run_out)}"
    )
    sectors = preview.expected_sectors(model)
    _print_sectors(sectors, {name: sector.label for name, sector in config.sectors.items()})
    _print_mix(preview.sector_mix(config, sectors))
    gap = config.capacity.specialists.gap
    pools = preview.pools_on_gap_date(model)
    title = f"Specialists on {day(gap.date)}, {people(gap.people)} short in all"
    _print_pools(pools, title)
    missing = list(unsourced(loaded))
    click.echo()
    click.echo(f"Numbers without a source: {len(missing)}")
    if list_sources:
        for item in missing:
            click.echo(f"  {item}")
    elif missing:
        click.echo("  sim check --sources lists them")
    effort = preview.estimate_effort(model, config.run.seed, config.run.replications)
    cores = all_cores()
    click.echo()
    click.echo(
        f"A replication has about {effort.events_per_replication:,.0f} events and takes "
        f"{effort.seconds_per_replication:.2f} s; {config.run.replications} take about "
        f"{duration(effort.seconds / cores)} on {cores} {'core' if cores == 1 else 'cores'} "
        f"and {size(effort.disk_bytes)} on the disk (from two timed replications)"
    )


def _print_sectors(sectors: Sequence[object], labels: dict[str, str]) -> None:
    from sim.experiment.preview import SectorRow

    rows = []
    total = SectorRow("", 0.0, 0.0, 0.0, 0.0)
    for row in sectors:
        assert isinstance(row, SectorRow)
        rows.append(_sector_cells(labels[row.sector], row))
        total = SectorRow(
            "",
            total.named_count + row.named_count,
            total.named_usd_bn + row.named_usd_bn,
            total.generated_count + row.generated_count,
            total.generated_usd_bn + row.generated_usd_bn,
        )
    rows.append(_sector_cells("All", total))
    headers = ("Sector", "named", "USD bn", "generated", "USD bn", "USD bn in all")
    table("Expected proposals; dollars are Japan's part", headers, rows, total=True)


def _sector_cells(label: str, row: object) -> tuple[str, ...]:
    from sim.experiment.preview import SectorRow

    assert isinstance(row, SectorRow)
    return (
        label,
        f"{row.named_count:,.1f}",
        f"{row.named_usd_bn:,.1f}",
        f"{row.generated_count:,.1f}",
        f"{row.generated_usd_bn:,.1f}",
        f"{row.usd_bn:,.1f}",
    )
