"""Verbs that look at what is there: nothing is simulated, but to compare both engines."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli import given


@click.command(
    epilog="""\b
Examples:
  sim show outputs/base

Fitted to the width of the terminal. Every number with more digits: summary.csv of the folder."""
)
@click.argument("run_dir", type=given.STUDY)
def show(run_dir: Path) -> None:
    """Print the answer and the tables of a finished run."""
    from sim.cli.show import print_show

    print_show(run_dir)


@click.command("list")
def list_() -> None:
    """List the configs and sweeps that come with the program, by name."""
    from sim.cli.show import print_list

    print_list()


@click.command(
    epilog="""\b
Examples:
  sim forecast outputs/base

Anybody can score them on their dates. The interval is that of chance in the run. Writes
forecast.csv into the run folder."""
)
@click.argument("run_dir", type=given.STUDY)
@click.option("--quiet", is_flag=True, help="Print nothing but the file.")
def forecast(run_dir: Path, quiet: bool) -> None:
    """Say what will have happened by when, with probabilities, to be scored later."""
    from sim.cli.forecast import print_forecast

    print_forecast(run_dir, quiet)


@click.command(
    epilog="""\b
Examples:
  sim returns outputs/base
  sim returns outputs/base --against outputs/gap_0   where dollars go, in both
  sim returns outputs/base --worked   and one vehicle to the cent

Values with an interval: means over replications and 95 % of sampling. Least yields follow from the
config alone. Writes returns.csv into the run folder."""
)
@click.argument("run_dir", type=given.STUDY)
@click.option(
    "--against",
    type=given.STUDY,
    metavar="RUN_DIR",
    help="Another run, to stand beside this one where dollars go.",
)
@click.option("--worked", is_flag=True, help="Print the vehicle of docs/money.md to the cent.")
@click.option("--quiet", is_flag=True, help="Print nothing but the file.")
def returns(run_dir: Path, against: Path | None, worked: bool, quiet: bool) -> None:
    """Say who earns what, who bears what, and what leaves Japan."""
    from sim.cli.returns import print_returns

    print_returns(run_dir, against, worked, quiet)


@click.command(
    epilog="""\b
Examples:
  sim verify outputs/base
  sim verify my_scenario.yaml --engines     SimPy against the compiled engine

Computes anew from the log what the other tables say, so that a wrong cell is found even where the
manifest agrees with it. Exit code 1 if a law is broken; stderr names law, seed, replication and
project. Some laws need what a run folder does not keep, or two runs: the table says so.
--engines simulates the same worlds twice and compares everything both leave, to the bit; exit code
1 if anything differs, and stderr tells the first event that does, with three either side."""
)
@click.argument("what", metavar="RUN_DIR_OR_CONFIG")
@click.option("--engines", is_flag=True, help="Of a config: compare both engines on its worlds.")
@given.replications("Of --engines, from number 0 on; 20 by default.")
@click.option("--quiet", is_flag=True, help="Print nothing but what is broken.")
@click.pass_context
def verify(
    ctx: click.Context, /, what: str, engines: bool, replications: int | None, quiet: bool
) -> None:
    """Check a finished run against every law of the model, or both engines against each other."""
    from sim.cli.verify import print_engines, print_verify

    if engines:
        ctx.exit(print_engines(Path(str(given.CONFIG(what))), replications or 20, quiet))
    if replications is not None:
        raise click.UsageError("--replications goes with --engines; a run has its own")
    ctx.exit(print_verify(Path(str(given.STUDY(what))), quiet))


@click.command(
    epilog="""\b
Examples:
  sim sensitivity outputs/labour
  sim sensitivity outputs/sobol_20 --response completed_usd_bn_by_end

The design of the sweep decides the method. The verdict says whether an effect is told from none:
raises it, lowers it, matters, sign not decided, no effect in any world; docs/experiments.md.
Writes sensitivity.csv and variance.csv into the sweep folder."""
)
@click.argument("sweep_dir", type=given.STUDY)
@given.responses("A response; the headline ones by default. May be given again.")
@click.option(
    "--confidence",
    type=click.FloatRange(0.5, 0.999),
    default=0.95,
    show_default=True,
    metavar="C",
    help="Of the intervals.",
)
@click.option("--all", "every", is_flag=True, help="Effects too that cannot be told from none.")
def sensitivity(
    sweep_dir: Path, responses: tuple[str, ...], confidence: float, every: bool
) -> None:
    """Say which factors of a finished sweep matter, with intervals."""
    from sim.cli.sensitivity import print_sensitivity

    print_sensitivity(sweep_dir, responses, confidence, every)


@click.command(
    epilog="""\b
Examples:
  sim plot outputs/base   all figures again, into outputs/base/figures
  sim plot outputs/base --what gantt        one of them
  sim plot outputs/labour --response completed_usd_bn_by_end        of a sweep
  sim plot outputs/compare_base_gap         of a comparison"""
)
@click.argument("run_dir", type=given.STUDY, metavar="FOLDER")
@click.option("--what", metavar="NAME", help="One figure; all of them by default.")
@given.responses("Of a sweep: a response; the main ones by default. May be given again.")
@click.option("--png", is_flag=True, help="As PNG too.")
def plot(run_dir: Path, what: str | None, responses: tuple[str, ...], png: bool) -> None:
    """Draw the figures of a finished run, sweep or comparison, as SVG."""
    from sim.cli.plot import print_plot

    print_plot(run_dir, what, responses, png)


LOOKING = (show, returns, forecast, verify, sensitivity, plot, list_)
