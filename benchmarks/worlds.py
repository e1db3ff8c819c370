"""What a world costs, drawn alone and with others. Medians over rounds, measured in one run.

    python benchmarks/worlds.py [CONFIG] [--sizes N ...] [--worlds N] [--rounds N]

Prints milliseconds of processor time per replication for drawing and for pinning to the record, by
the number of worlds drawn together, and the ratio to one alone. Sizes take turns within a round, so
that ratios hold on a busy machine.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

from sim.config import load
from sim.plan import Plan
from sim.world import draw_worlds, pin_histories


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of processor time, and what came back."""
    began = time.process_time()
    result = function()
    return 1000 * (time.process_time() - began), result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("config", nargs="?", default="base")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 20, 64, 200])
    parser.add_argument("--worlds", type=int, default=200, help="of each size in a round")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    config = load(arguments.config).config
    nature, seed = Plan.of(config).nature, config.run.seed

    def one_round(size: int) -> tuple[float, float]:
        """Drawing and pinning, a replication."""
        drawing = pinning = 0.0
        batches = max(1, arguments.worlds // size)
        for first in range(0, batches * size, size):
            numbers = range(first, first + size)
            spent, drawn = timed(lambda n=numbers: draw_worlds(nature, seed, n))
            drawing += spent
            pinning += timed(lambda d=drawn: pin_histories(nature, d))[0]
        return drawing / (batches * size), pinning / (batches * size)

    for size in arguments.sizes:  # warm up
        one_round(size)
    rounds = [{size: one_round(size) for size in arguments.sizes} for _ in range(arguments.rounds)]
    print(f"{arguments.config}: milliseconds per replication, medians of {len(rounds)} rounds")
    print("  together     draw      pin      sum   alone / together")
    for size in arguments.sizes:
        draw, pin = (statistics.median(each[size][part] for each in rounds) for part in (0, 1))
        alone = arguments.sizes[0]
        ratio = statistics.median(sum(each[alone]) / sum(each[size]) for each in rounds)
        print(f"  {size:8}{draw:9.2f}{pin:9.2f}{draw + pin:9.2f}{ratio:9.1f}")


if __name__ == "__main__":
    main()
