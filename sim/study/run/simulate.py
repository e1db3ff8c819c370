"""What a worker makes of a config: the real engine, and the tables of it that a study keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sim.config.schema import Config
from sim.errors import ModelError, SimError, lacks_memory
from sim.study.run.collector import garbage_left
from sim.study.run.engines import engine_of, simulate_with

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.events import Names, Replication
    from sim.results import Columns


class Simulation(Protocol):
    """A compiled config: what a worker keeps from part to part."""

    def expect(self, seed: int, replications: Sequence[int]) -> None:
        """Hear which replications are asked for next: what is drawn may be drawn for all."""

    def replicate(self, seed: int, replication: int) -> Any:
        """What one replication leaves behind."""

    def tables(self, replications: Sequence[Any]) -> Mapping[str, pa.Table]:
        """The tables of several replications, joined."""

    def rows(self, replication: Any) -> dict[str, int]:
        """How many rows each table has of one replication; for an estimate."""


class Simulator(Protocol):
    """Compiles a config. Must be a top-level function or class: workers find it by its name."""

    def __call__(self, config: Config) -> Simulation:
        """Compile ``config`` once for many replications."""


class EngineSimulation:
    """The engine in use and every table, as a run keeps them."""

    def __init__(self, config: Config) -> None:
        from sim.plan import Plan
        from sim.results import Horizon
        from sim.world import Worlds

        self._config = config
        self._plan = Plan.of(config)
        self._worlds = Worlds(self._plan.nature)
        self._simulate = simulate_with(engine_of(config)[0])
        self._horizon = Horizon(config)

    def expect(self, seed: int, replications: Sequence[int]) -> None:
        """Their worlds are drawn together."""
        self._worlds.expect(seed, replications)

    def replicate(self, seed: int, replication: int) -> Any:
        """Simulate one replication, and keep its tables as plain columns."""
        from sim.results import tabulate

        return tabulate(self._replication(seed, replication), self._config, self._horizon)

    def _replication(self, seed: int, replication: int) -> Replication:
        return self._simulate(self._plan, self._worlds.take(seed, replication))

    def tables(self, replications: Sequence[Any]) -> Mapping[str, pa.Table]:
        """Join the columns of several replications."""
        from sim.results import arrow_tables

        return arrow_tables(*replications)

    def rows(self, replication: Any) -> dict[str, int]:
        """How many rows each table has of one replication."""
        from sim.events.schemas import TABLES

        made = {name: getattr(replication, name) for name in TABLES}
        return {
            name: len(next(iter((columns or {"": ()}).values()))) for name, columns in made.items()
        }


@dataclass(frozen=True)
class Left:
    """Some tables of one replication as columns."""

    names: Names
    columns: Mapping[str, Columns]


class OutcomeSimulation(EngineSimulation):
    """The row of outcomes alone: that saves a fifth of the time and all of the memory."""

    keep: tuple[str, ...] = ("outcomes",)

    def replicate(self, seed: int, replication: int) -> Left:
        """Simulate one replication, and keep some of its tables.

        Raises
        ------
        ModelError
            If the replication breaks a law, or did not run to the end.
        """
        from sim.results import some_tables

        left = self._replication(seed, replication)
        return Left(left.names, some_tables(left, self._horizon, self.keep))

    def tables(self, replications: Sequence[Left]) -> Mapping[str, pa.Table]:
        """Join the tables of several replications."""
        from sim.results import to_arrow

        return {
            name: to_arrow(name, [one.columns[name] for one in replications], replications[0].names)
            for name in self.keep
        }

    def rows(self, replication: Left) -> dict[str, int]:
        """Rows of each table."""
        return {name: len(one["replication"]) for name, one in replication.columns.items()}


class MonthlySimulation(OutcomeSimulation):
    """Outcomes, the programme and what stands at each cause month by month, and the ledger."""

    keep = ("outcomes", "timeline", "held", "delays")


def replicate_one(simulation: Simulation, seed: int, replication: int) -> Any:
    """One replication; every failure names its seed and number."""
    try:
        with garbage_left():
            return simulation.replicate(seed, replication)
    except ModelError as error:
        text = str(error)
        if "seed" in text and "replication" in text:
            raise
        if not text.startswith(f"replication {replication}"):
            text = f"replication {replication}: {text}"
        raise ModelError(f"seed {seed}, {text}") from error
    except (SimError, MemoryError):
        raise
    except Exception as error:  # anything else is a bug of ours, and the user must know where
        if lacks_memory(error):
            raise MemoryError(str(error)) from error
        raise ModelError(
            f"seed {seed}, replication {replication}: {type(error).__name__}: {error}"
        ) from error
