"""Verbs that look for what matters in a config, with their options and their help."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli import given
from sim.cli.commands import cli


@cli.command(
    epilog="""\b
Examples:
  sim bottlenecks configs/base.yaml
  sim bottlenecks base --response completed_usd_bn --by 2032-12-31
  sim bottlenecks base --response tariff_raised_by_end --replications 60

Each capacity without limit, then the steps of the config's report.steps against those that bind,
then those that matter most lifted together (Shapley shares). The same worlds for all, so
differences are paired. The same command again computes what is missing. Writes bottlenecks.csv,
bottlenecks_by_year.csv and a figure."""
)
@click.argument("config", type=given.CONFIG)
@click.option(
    "--response",
    default="completed_usd_bn",
    show_default=True,
    metavar="NAME",
    help="An amount of timeline.parquet, or a response of outcomes.csv.",
)
@click.option(
    "--by",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Of an amount: the end of a month; by default of the run.",
)
@given.replications("Of everything that is tried; 40 by default.", least=2)
@given.seed
@given.jobs
@given.engine
@given.out("outputs/<name>_bottlenecks by default.")
@given.quiet
def bottlenecks(**options: Any) -> None:
    """Say which capacity of CONFIG holds it up, and what a step against it is worth."""
    from sim.cli.bottlenecks import print_bottlenecks

    print_bottlenecks(**options)


@cli.command(
    epilog="""\b
Examples:
  sim explain outputs/base --project ID
  sim explain outputs/base --project ID --replication 7
  sim explain outputs/base --project ID --what-if turbines   its twin
  sim explain outputs/base --tariffs --replication 12   breaches and tariffs

The ids stand in projects.parquet, and those of named projects in configs/portfolio.csv; limits are
called as in sim bottlenecks."""
)
@click.argument("run_dir", type=given.STUDY)
@click.option("--project", metavar="ID", help="Id of the project.")
@click.option("--tariffs", is_flag=True, help="Every breach and duty of the replication instead.")
@click.option(
    "--replication",
    type=click.IntRange(0, given.MOST_REPLICATIONS),
    default=0,
    show_default=True,
    metavar="R",
    help="Which one, counted from 0.",
)
@click.option("--what-if", metavar="CAPACITY", help="Its dates without this limit, beside its own.")
def explain(
    run_dir: Path, project: str | None, tariffs: bool, replication: int, what_if: str | None
) -> None:
    """Tell the dated story of one project, or of all tariffs, in one replication."""
    import sim
    from sim.cli.texts import width

    if tariffs == (project is not None) or (tariffs and what_if is not None):
        raise click.UsageError("takes --project ID, with --what-if if you like, or --tariffs alone")
    run = sim.open(run_dir)
    told = run.explain(project, replication, width())
    if project is not None and what_if is not None:
        from sim.study.findings.twins import what_if_told

        told += "\n\n" + "\n".join(what_if_told(run, project, replication, what_if))
    click.echo(told)
