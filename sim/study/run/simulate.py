"""What a worker makes of a config: the engine in use, and the tables that a study keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from sim.config.schema import Config
from sim.errors import ModelError, SimError, lacks_memory
from sim.events.schemas import TABLES
from sim.study.run.collector import freed_kept, garbage_left
from sim.study.run.engines import engine_of, simulate_with

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.events import Replication
    from sim.results import Columns


class Simulation(Protocol):
    """A compiled config: what a worker keeps from part to part."""

    def expect(self, seed: int, replications: Sequence[int]) -> None:
        """Hear which replications are asked for next: what is drawn may be drawn for all."""

    def replicate(self, seed: int, replication: int) -> Any:
        """What one replication leaves behind."""

    def columns(self, left: Sequence[Any]) -> Mapping[str, Columns]:
        """The tables of what several replications left, together, as plain columns."""

    def tables(self, left: Sequence[Any]) -> Mapping[str, pa.Table]:
        """The same in Arrow."""


class Simulator(Protocol):
    """Compiles a config. Must be a top-level function or class: workers find it by its name."""

    def __call__(self, config: Config) -> Simulation:
        """Compile ``config`` once for many replications."""


class EngineSimulation:
    """The engine in use and every table, as a run keeps them."""

    keep: tuple[str, ...] = tuple(TABLES)

    def __init__(self, config: Config) -> None:
        from sim.plan import Plan
        from sim.results import Horizon
        from sim.world import Worlds

        self._plan = Plan.of(config)
        self._worlds = Worlds(self._plan.nature)
        self._simulate = simulate_with(engine_of(config)[0])
        self._horizon = Horizon.of(config)
        freed_kept()

    @staticmethod
    def compiles(config: Config) -> bool:
        """Whether a sound config is sure to: only rules of the user's own have to be tried."""
        return not config.rule_files

    def expect(self, seed: int, replications: Sequence[int]) -> None:
        """Their worlds are drawn together."""
        self._worlds.expect(seed, replications)

    def replicate(self, seed: int, replication: int) -> Replication:
        """Simulate one replication.

        Raises
        ------
        ModelError
            If it breaks a law.
        """
        traced = "capacity" in self.keep
        return self._simulate(self._plan, self._worlds.take(seed, replication), traced=traced)

    def columns(self, left: Sequence[Replication]) -> dict[str, Columns]:
        """The tables that are kept, made together: that shares what small arrays cost.

        Raises
        ------
        ModelError
            If a replication did not run to the end, or a trace is not in order.
        """
        from sim.results import some_tables

        return some_tables(left, self._horizon, self.keep)

    def tables(self, left: Sequence[Replication]) -> dict[str, pa.Table]:
        """The same in Arrow."""
        from sim.results import arrow_tables

        return arrow_tables(self.columns(left), left[0].names)


class OutcomeSimulation(EngineSimulation):
    """The row of outcomes alone, made once of what several points leave alike."""

    keep = ("outcomes",)

    def __init__(self, config: Config) -> None:
        from sim.study.run.seen import seen_under

        super().__init__(config)
        self._seen = seen_under(self._horizon)

    def columns(self, left: Sequence[Replication]) -> dict[str, Columns]:
        """See `EngineSimulation.columns`."""
        return {
            "outcomes": self._seen.rows(
                left, lambda new: super(OutcomeSimulation, self).columns(new)["outcomes"]
            )
        }


class MonthlySimulation(EngineSimulation):
    """Outcomes, and the programme month by month."""

    keep = ("outcomes", "timeline")


class LedgerSimulation(EngineSimulation):
    """Outcomes, the ledger of delays, and what stands at each cause month by month."""

    keep = ("outcomes", "held", "delays")


@contextmanager
def named(seed: int, replication: int) -> Iterator[None]:
    """A block that concerns one replication: every failure names its seed and number."""
    try:
        with garbage_left():
            yield
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
