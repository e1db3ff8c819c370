"""What a user waits for around the simulation, as whole processes. Medians of rounds.

    python benchmarks/waiting.py [CONFIG] [--rounds N]

Prints seconds of processor time (user and system, children included) of `sim --help`, of `sim run`
that is up to date, of twenty replications, and of the figures that a run draws. Of twenty
replications: a run of forty less a run of twenty, one job, no figures. Of figures: a process that
draws them less one that opens the same run and has loaded what a run had loaded. Every round does
each once in turn, and ratios are taken within a round, so a busy machine hits all alike.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

DRAW = """
import sys
import pandas  # as pyarrow loads it when a run sums up
import sim.api
import sim.engine
import sim.study.findings.summary
from sim.study.run.folder import read_manifest
from pathlib import Path
folder = Path(sys.argv[1])
said = read_manifest(folder, "run")
run = sim.api.Run(folder, said, False, sim.load(sys.argv[2]))  # as in the process that ran it
if sys.argv[3] == "draw":
    import sim.report
    sim.report.draw_all(run, folder / "drawn again")
"""


def processor_seconds(*command: str) -> float:
    """What one process and its children take."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", nargs="?", default="configs/base.yaml")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    config, spent = arguments.config, {}

    def measure(name: str, *command: str) -> float:
        spent.setdefault(name, []).append(processor_seconds(*command))
        return spent[name][-1]

    with tempfile.TemporaryDirectory() as place:

        def run(count: int, name: str = "run", *more: str) -> tuple[str, ...]:
            folder = str(Path(place) / name)
            asked = ("--replications", str(count), "--jobs", "1", "--out", folder, *more)
            return ("-m", "sim", "run", config, *asked)

        figures, twenty, ratios = [], [], []
        processor_seconds(*run(40))
        for number in range(arguments.rounds):
            measure("sim --help", "-m", "sim", "--help")
            measure("sim run, up to date", *run(40))
            many, few = (
                processor_seconds(*run(count, f"{number} of {count}", "--no-figures"))
                for count in (40, 20)
            )
            opened, drawn = (
                processor_seconds("-c", DRAW, str(Path(place) / "run"), config, what)
                for what in ("look", "draw")
            )
            twenty.append(many - few)
            figures.append(drawn - opened)
            ratios.append(figures[-1] / twenty[-1])
    print(f"{config}: seconds of processor time, medians of {arguments.rounds} rounds")
    wanted = {"sim --help": 0.2, "sim run, up to date": 1.5}
    for name, seconds in spent.items():
        print(f"  {name:<36}{statistics.median(seconds):6.2f}  wanted <= {wanted[name]}")
    print(f"  {'twenty replications':<36}{statistics.median(twenty):6.2f}")
    print(f"  {'figures of a run':<36}{statistics.median(figures):6.2f}")
    print(f"  {'figures / twenty replications':<36}{statistics.median(ratios):6.2f}  wanted <= 1")


if __name__ == "__main__":
    main()
