"""Every verb with its options and its help."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli import given
from sim.cli.failures import Verbs


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        import sim
        from sim.built import fault

        click.echo(f"sim {sim.__version__} ({Path(sim.__file__).resolve().parent})")
        why = fault()
        click.echo(f"engine: SimPy; no compiled one: {why}" if why else "engine: compiled")
        ctx.exit()


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Start here:
  sim check base   what a run would be, in a few seconds
  sim run base   simulate; the last line names the folder
  sim show outputs/base                            its tables
  sim list   scenarios and sweeps that come with it
  sim run base --set capacity.specialists.gap.people=1500000 --out outputs/gap
  sim explain outputs/base --project ID   the dated story of one project

Exit codes: 0 done, 1 a bug in the model, 2 your input, 3 the machine, 130 interrupted.""",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Print version, folder and engine of the program.",
)
def cli() -> None:
    """Simulate the US-Japan $550 bn investment programme, project by project."""


@cli.command(
    epilog="""\b
Examples:
  sim new my_scenario   my_scenario.yaml, on top of the base scenario
  sim new tight --from my_scenario.yaml
  sim new no_gap --from gap_0           on top of one that comes with it

Then take the # away in front of a line, change the value, and: sim check my_scenario.yaml"""
)
@click.argument("name")
@click.option(
    "--from",
    "base",
    default="base",
    show_default=True,
    metavar="CONFIG",
    help="The config to extend: a YAML file, or base, gap_0, ... of ours.",
)
def new(name: str, base: str) -> None:
    """Write a commented config NAME.yaml that extends another."""
    from sim.config import new_overlay

    click.echo(new_overlay(name, base, "."))


@cli.command(
    epilog="""\b
Examples:
  sim check configs/base.yaml
  sim check configs/base.yaml --set programme.envelope_usd_bn=400 --sources
  sim check labour            how many runs, how long, how much disk

Problems come all at once, one per line: FILE:LINE: key.path: what is wrong; accepted: ..."""
)
@click.argument("config", type=given.CONFIG, metavar="CONFIG_OR_SWEEP")
@given.sets
@click.option("--sources", is_flag=True, help="List every number that has no source.")
def check(config: Path, sets: tuple[str, ...], sources: bool) -> None:
    """Check a config or a sweep, and print what it would be from a few timed replications."""
    from sim.cli.check import print_check
    from sim.cli.sweep import print_check_sweep

    if not given.is_sweep(config):
        print_check(config, sets, sources)
    elif sets or sources:
        raise click.UsageError("--set and --sources are for configs; this file is a sweep")
    else:
        print_check_sweep(config)


@cli.command(
    epilog="""\b
Examples:
  sim run configs/base.yaml   the config's replications, on all cores
  sim run configs/base.yaml --replications 20      a quick look
  sim run base --precision 0.02   until half-widths are 2 % of the means
  sim run base --set programme.envelope_usd_bn=400 --out outputs/envelope_400
  cd "$(sim run configs/base.yaml --quiet)"        the last line is the folder

The same config, seed and replications give the same files, byte for byte, on any number of
processes. A finished run is not computed again; an interrupted one goes on where it was."""
)
@click.argument("config", type=given.CONFIG)
@given.replications("Replications, in place of run.replications.")
@click.option(
    "--precision",
    multiple=True,
    metavar="X",
    help="Run until every headline response has a half-width of X times its mean, such "
    "as 0.02; or RESPONSE=X, in its own unit. May be given again.",
)
@click.option(
    "--max-replications",
    type=click.IntRange(1, given.MOST_REPLICATIONS),
    metavar="N",
    help="Budget of --precision; 2000 by default.",
)
@given.seed
@given.sets
@given.jobs
@given.engine
@given.out("The run folder; outputs/<name> by default.")
@click.option("--force", is_flag=True, help="Remove the run in the folder first; other files stay.")
@click.option("--no-figures", is_flag=True, help="Leave the figures out; sim plot draws them.")
@click.option("--png", is_flag=True, help="Figures as PNG too.")
@given.quiet
def run(quiet: bool, **options: Any) -> None:
    """Simulate CONFIG and write a run folder; its name is the last line printed."""
    from sim.cli.run import print_run

    given.refuse_sweep(options["config"])
    print_run(quiet=quiet, **options)


@cli.command(
    epilog="""\b
Examples:
  sim sweep labour         the last line is the folder
  sim sweep configs/sweeps/labour.yaml --jobs 8
  sim sweep configs/sweeps/labour.yaml --cluster tcp://10.0.0.5:8786

All design points run in the same worlds. The same command again does only what is missing; a sweep
that got more points or replications goes on in its folder. A replication that fails is a row of
failures.parquet and does not stop the others (exit code 1 at the end)."""
)
@click.argument("sweep", type=given.CONFIG)
@given.replications("Replications of every design point, in place of the sweep's.")
@given.seed
@given.jobs
@given.engine
@given.out("outputs/<sweep> by default.")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="A dask scheduler, tcp://HOST:PORT, or local:N; docs/cluster.md.",
)
@given.quiet
@click.pass_context
def sweep(ctx: click.Context, /, quiet: bool, **options: Any) -> None:
    """Run all design points of SWEEP, or what is missing of them, into a sweep folder."""
    from sim.cli.sweep import print_sweep

    ctx.exit(print_sweep(quiet=quiet, **options))


@cli.command(
    epilog="""\b
Examples:
  sim readings configs/base.yaml --replications 100
  sim readings my_scenario.yaml --folder my_readings

A reading is an overlay that takes a contested choice the other way; ours are in configs/readings.
The same worlds for all, so differences are paired. The two that matter most also run together. The
same command again computes what is missing. Writes readings.csv and a figure for each headline."""
)
@click.argument("config", type=given.CONFIG)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Overlays, a file each; readings/ beside CONFIG, or ours.",
)
@given.replications("Of every reading, in place of run.replications.")
@given.seed
@given.jobs
@given.engine
@given.out("outputs/<name>_readings by default.")
@given.quiet
def readings(**options: Any) -> None:
    """Run CONFIG under each contested reading: which choice moves the headline most."""
    from sim.cli.readings import print_readings

    print_readings(**options)


@cli.command(
    epilog="""\b
Examples:
  sim backtest --replications 100
  sim backtest my_backtest --out outputs/mine

Each config of the folder is a column; what it has on record by its as_of is not scored there. PIT:
where the record lies among the runs. Writes backtest.csv and a figure beside the runs."""
)
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@given.replications("Of every column, in place of run.replications.", least=3)
@given.seed
@given.jobs
@given.engine
@given.out("outputs/backtest by default.")
@given.quiet
def backtest(**options: Any) -> None:
    """Let configs that know less than we do predict what has happened since."""
    from sim.cli.backtest import print_backtest

    print_backtest(**options)


@cli.command(
    epilog="""\b
Examples:
  sim compare outputs/base outputs/envelope_400 outputs/gap
  sim compare base gap_0 my_scenario.yaml --replications 40

The first is what the others are compared against. With the same seed all comparisons are in pairs,
world by world; with other seeds they are independent, and the table says so. A finished run of a
config in outputs/, of as many replications or more, is used. Writes differences.csv and twins.csv
(the same project, with and without) into the folder on the last line; no figures, which sim plot
draws. The same comparison again is up to date; another one goes to the next free folder."""
)
@click.argument(
    "runs", type=given.ConfigFile(folders=True), nargs=-1, required=True, metavar="RUN_OR_CONFIG..."
)
@given.replications("For configs, as the two below: in place of run.replications.")
@given.seed
@given.jobs
@given.engine
@given.out("Folder of the tables; outputs/compare_<names> by default.")
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="Print every response, and the same projects with and without.",
)
@click.option("--project", metavar="ID", help="Also its dates in each, beside the first.")
@given.quiet
def compare(**options: Any) -> None:
    """Say what scenarios change against the first; a config is run, where no run of it stands."""
    from sim.cli.compare import print_compare

    print_compare(**options)


@cli.command(
    epilog="""\b
Examples:
  sim schema --overlay > overlay.schema.json   for an editor that checks YAML
  sim schema --paths base         every dotted path with value and source"""
)
@click.argument("config", type=given.CONFIG, required=False)
@click.option("--paths", is_flag=True, help="List dotted paths of CONFIG instead.")
@click.option("--overlay", is_flag=True, help="Of a config that extends another, with sources.")
@given.sets
def schema(config: Path | None, paths: bool, overlay: bool, sets: tuple[str, ...]) -> None:
    """Print the JSON Schema of configs, or the dotted paths of one."""
    from sim.cli.schema import print_paths, print_schema

    if not paths:
        if config is not None:
            raise click.UsageError("CONFIG goes with --paths; the JSON Schema is for every config")
        print_schema(overlay)
    else:
        print_paths(config, sets)
