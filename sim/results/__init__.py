"""From replications to their tables: numpy columns, then Arrow.

`some_tables` reads several `Replication`s of a config, each once, and returns tables of them all as
dicts of equally long arrays; `tabulate` gives every table of one. `arrow_tables` puts such columns
under their fixed schemas.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.config.schema import Config
from sim.errors import ModelError
from sim.events import RESPONSES, Names, Replication
from sim.events.schemas import TABLES
from sim.results.finance.programme import programme
from sim.results.finance.tables import open_books
from sim.results.ledger.charging import Ledger
from sim.results.tables.arrow import no_rows, to_arrow
from sim.results.tables.batch import Batch
from sim.results.tables.capacity import capacity_table, capacity_trace_table
from sim.results.tables.delays import delays_table, held_table
from sim.results.tables.duties import duties_table
from sim.results.tables.events import events_table
from sim.results.tables.facts import Columns, gather
from sim.results.tables.horizon import Horizon
from sim.results.tables.projects import NEVER, milestone_minutes, projects_table
from sim.results.tables.responses import responses
from sim.results.tables.timeline import timeline_table, totals

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "TRACED_REPLICATIONS", "Columns", "Horizon", "Ledger", "Tables", "arrow_tables",
    "some_tables", "tabulate", "to_arrow",
]  # fmt: skip


# The step-by-step table is large: only the first replications of a run have it.
TRACED_REPLICATIONS = 20
MONTHLY = frozenset({"timeline", "duties"})  # read at the end of each month
LEDGER_TABLES = frozenset({"projects", "delays", "held"})  # of every project
MONEY_TABLES = frozenset({"finance", "ledger", "distributions"})


@dataclass(frozen=True)
class Tables:
    """The tables of one replication; columns as `sim.events.schemas.TABLES` lists them.

    Dictionary-coded columns hold codes of ``names``, -1 for null. Tables of money are empty where
    the config has no finance section.
    """

    names: Names
    events: Columns
    projects: Columns
    timeline: Columns
    capacity: Columns
    capacity_trace: Columns
    delays: Columns
    held: Columns
    finance: Columns
    ledger: Columns
    distributions: Columns
    duties: Columns
    outcomes: Columns

    @property
    def responses(self) -> dict[str, float]:
        """The outcomes row as plain numbers."""
        return {name: float(self.outcomes[name][0]) for name in RESPONSES}


def tabulate(replication: Replication, config: Config, horizon: Horizon | None = None) -> Tables:
    """Every table of one replication.

    Parameters
    ----------
    replication : Replication
        What the engine left behind.
    config : Config
        The config it ran under.
    horizon : Horizon, optional
        ``Horizon(config)``, built once when many replications are tabulated.

    Raises
    ------
    ModelError
        If the replication did not run to the config's end, or a trace is not in order.
    """
    made: Any = some_tables([replication], horizon or Horizon(config), TABLES)
    return Tables(replication.names, **made)


def some_tables(
    replications: Sequence[Replication], horizon: Horizon, wanted: Collection[str]
) -> dict[str, Columns]:
    """Some tables by name, of several replications of a config together, rows in their order.

    What the tables of a replication are made from is read once; money is followed for all together.
    No number depends on which replications stand beside its own.

    Raises
    ------
    ModelError
        As `tabulate` does, of any of them.
    ValueError
        If there is no replication.
    """
    if not replications:
        raise ValueError("some_tables takes at least one replication")
    for one in replications:
        if one.end_minute != horizon.end:
            raise ModelError(
                f"replication {one.replication} ran to minute {one.end_minute}; "
                f"programme.run_out closes at {horizon.end}"
            )
    batch = Batch(replications)
    facts = gather(batch, horizon, not MONTHLY.isdisjoint(wanted))
    amounts, milestones = totals(facts), milestone_minutes(facts)
    # Responses read the delays of the selected alone, one project in eight of the base.
    chosen = None if LEDGER_TABLES.intersection(wanted) else milestones["selected"] != NEVER
    delays = Ledger(batch, chosen)
    books = open_books(batch, horizon.terms, apart=not MONEY_TABLES.intersection(wanted))
    measured = responses(facts, amounts, milestones, delays, programme(books) if books else {})
    traced = [one for one in replications if one.replication < TRACED_REPLICATIONS]
    make: dict[str, Callable[[], Columns | list[Columns]]] = {
        "events": lambda: [events_table(one, horizon) for one in replications],
        "projects": lambda: projects_table(facts, milestones, delays),
        "timeline": lambda: timeline_table(facts, amounts),
        "capacity": lambda: [capacity_table(one, horizon) for one in replications],
        "capacity_trace": lambda: [capacity_trace_table(one, horizon) for one in traced],
        "delays": lambda: delays_table(batch, delays),
        "held": lambda: held_table(batch, delays, horizon),
        "finance": lambda: books[0].finance() if books else [],
        "ledger": lambda: books[0].ledger() if books else [],
        "distributions": lambda: books[0].distributions() if books else [],
        "duties": lambda: duties_table(facts, amounts),
        "outcomes": lambda: {"replication": batch.number, **measured},
    }
    return {name: _joined(name, make[name]()) for name in wanted}


def _joined(table: str, parts: Columns | list[Columns]) -> Columns:
    if isinstance(parts, dict):
        return parts
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return no_rows(table)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def arrow_tables(made: Mapping[str, Columns], names: Names) -> dict[str, pa.Table]:
    """Tables as `some_tables` makes them, in Arrow."""
    return {table: to_arrow(table, columns, names) for table, columns in made.items()}
