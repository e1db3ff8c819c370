"""Verbs that look at what is there: nothing is simulated."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.given import StudyFolder

_FOLDER = StudyFolder()


@click.command(
    epilog="""\b
Examples:
  sim show outputs/base
\b
Fitted to the width of the terminal. Every number with more digits: summary.csv of the folder."""
)
@click.argument("run_dir", type=_FOLDER)
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
\b
Anybody can score them on their dates. The interval is that of chance in the run. Writes
forecast.csv into the run folder."""
)
@click.argument("run_dir", type=_FOLDER)
@click.option("--quiet", is_flag=True, help="Print nothing but the file.")
def forecast(run_dir: Path, quiet: bool) -> None:
    """Say what will have happened by when, with probabilities, to be scored later."""
    from sim.cli.forecast import print_forecast

    print_forecast(run_dir, quiet)


@click.command(
    epilog="""\b
Examples:
  sim returns outputs/base
  sim returns outputs/base --against outputs/prefer_energy     where the dollars go, in both
  sim returns outputs/base --worked                            and one vehicle to the cent
\b
Values with an interval: means over replications and 95 % of sampling. Least yields follow from the
config alone. Writes returns.csv into the run folder."""
)
@click.argument("run_dir", type=_FOLDER)
@click.option("--against", type=_FOLDER, metavar="RUN_DIR",
              help="Another run, to stand beside this one where dollars go.")  # fmt: skip
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
\b
Computes anew from the log what the other tables say, so that a wrong cell is found even where the
manifest agrees with it. Exit code 1 if a law is broken; stderr names law, seed, replication and
project. Some laws need what a run folder does not keep, or two runs: the table says so."""
)
@click.argument("run_dir", type=_FOLDER)
@click.option("--quiet", is_flag=True, help="Print nothing but what is broken.")
@click.pass_context
def verify(ctx: click.Context, /, run_dir: Path, quiet: bool) -> None:
    """Check a finished run against every law of the model."""
    from sim.cli.verify import print_verify

    ctx.exit(print_verify(run_dir, quiet))


LOOKING = (show, returns, forecast, verify, list_)
