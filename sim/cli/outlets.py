"""``sim report``, ``export`` and ``explore``: what was run for people who have no Python."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli import given


@click.command(
    epilog="""\b
Examples:
  sim report outputs/base                   outputs/base/report.html

sim run writes it too; do it again after sim readings or sim bottlenecks, whose results it then has.
One file, nothing fetched: to read, print or forward."""
)
@click.argument("run_dir", type=given.STUDY)
def report(run_dir: Path) -> None:
    """Write the page of a finished run: the answer, its pictures and what it rests on."""
    import sim

    click.echo(sim.open(run_dir).report())


@click.command(
    epilog="""\b
Examples:
  sim export outputs/base --to xlsx         outputs/base/base.xlsx
  sim export outputs/base --to csv   a log of cases, and the tables"""
)
@click.argument("run_dir", type=given.STUDY)
@click.option(
    "--to",
    "form",
    type=click.Choice(["xlsx", "csv"]),
    required=True,
    help="A spreadsheet, or plain tables and a log of cases.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The file, or for csv the folder; in the run folder by default.",
)
def export(run_dir: Path, form: str, out: Path | None) -> None:
    """Write a finished run for other programs; prints what was written."""
    import sim
    from sim.report.exports import write_csv, write_xlsx

    run = sim.open(run_dir)
    if form == "csv":
        for path in write_csv(run, out or run_dir / "csv"):
            click.echo(path)
        return
    path = out or run_dir / f"{run.manifest['name']}.xlsx"
    for words in write_xlsx(run, path):
        click.echo(words, err=True)
    click.echo(path)


@click.command(
    epilog="""\b
Examples:
  sim sweep explorer && sim explore outputs/explorer

For sweeps of every combination of levels (design: grid). One file, nothing fetched: sliders on the
levels, what was simulated there, the change from the base on the same luck, and the command."""
)
@click.argument("sweep_dir", type=given.STUDY)
def explore(sweep_dir: Path) -> None:
    """Write a page over a finished sweep: choose levels, read the answer."""
    import sim
    from sim.report.page.explore import write_explorer

    click.echo(write_explorer(sim.open_sweep(sweep_dir)))


OUTLETS = (report, export, explore)
