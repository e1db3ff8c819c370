"""From a replication to its tables: numpy columns, then Arrow.

`tabulate` reads a `Replication` once and returns every table as a dict of equally long arrays;
`to_arrow` joins the same table of several replications under its fixed schema.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.config.schema import Config
from sim.errors import ModelError
from sim.events import RESPONSES, Names, Replication
from sim.events.schemas import TABLES
from sim.results.finance.tables import open_books
from sim.results.ledger.charging import Ledger, charge
from sim.results.tables.arrow import no_rows, to_arrow
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
LEDGER_TABLES = frozenset({"projects", "delays", "held"})  # of every project


@dataclass(frozen=True)
class Tables:
    """The tables of one replication; columns as `sim.events.schemas.TABLES` lists them.

    Dictionary-coded columns hold codes of ``names``, -1 for null. ``capacity_trace`` is None where
    it was not asked for; tables of money are empty where the config has no finance section.
    """

    names: Names
    events: Columns
    projects: Columns
    timeline: Columns
    capacity: Columns
    capacity_trace: Columns | None
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


def tabulate(
    replication: Replication,
    config: Config,
    horizon: Horizon | None = None,
    *,
    capacity_trace: bool | None = None,
) -> Tables:
    """Every table of one replication.

    Parameters
    ----------
    replication : Replication
        What the engine left behind.
    config : Config
        The config it ran under.
    horizon : Horizon, optional
        ``Horizon(config)``, built once when many replications are tabulated.
    capacity_trace : bool, optional
        Whether to make the step-by-step table too; by default for the first
        `TRACED_REPLICATIONS`.

    Raises
    ------
    ModelError
        If the replication did not run to the config's end, or a trace is not in order.
    """
    if capacity_trace is None:
        capacity_trace = replication.replication < TRACED_REPLICATIONS
    wanted = [name for name in TABLES if capacity_trace or name != "capacity_trace"]
    made: dict[str, Any] = some_tables(replication, horizon or Horizon(config), wanted)
    return Tables(replication.names, **{"capacity_trace": None, **made})


def some_tables(
    replication: Replication, horizon: Horizon, wanted: Collection[str]
) -> dict[str, Columns]:
    """Some tables of one replication by name; what they are made from is read once.

    Raises
    ------
    ModelError
        As `tabulate` does.
    """
    if replication.end_minute != horizon.end:
        raise ModelError(
            f"replication {replication.replication} ran to minute {replication.end_minute}; "
            f"programme.run_out closes at {horizon.end}"
        )
    facts = gather(replication, horizon)
    amounts, milestones = totals(facts), milestone_minutes(facts)
    # Responses read the delays of the selected alone, one project in eight of the base.
    chosen = None if LEDGER_TABLES.intersection(wanted) else milestones["selected"] != NEVER
    delays, books = charge(replication, chosen), open_books(replication, horizon.terms)
    outcomes: Columns = {"replication": np.array([replication.replication], dtype=np.int32)}
    for name, value in responses(facts, amounts, milestones, delays, books).items():
        outcomes[name] = np.array([value])
    make: dict[str, Callable[[], Columns]] = {
        "events": lambda: events_table(replication, horizon),
        "projects": lambda: projects_table(facts, milestones, delays),
        "timeline": lambda: timeline_table(facts, amounts),
        "capacity": lambda: capacity_table(replication, horizon),
        "capacity_trace": lambda: capacity_trace_table(replication, horizon),
        "delays": lambda: delays_table(replication, delays),
        "held": lambda: held_table(replication, delays, horizon),
        "finance": lambda: books.finance() if books else no_rows("finance"),
        "ledger": lambda: books.ledger() if books else no_rows("ledger"),
        "distributions": lambda: books.distributions() if books else no_rows("distributions"),
        "duties": lambda: duties_table(facts, amounts),
        "outcomes": lambda: outcomes,
    }
    return {name: make[name]() for name in wanted}


def arrow_tables(*replications: Tables) -> dict[str, pa.Table]:
    """Every table of one or more replications of a config, in Arrow, by name.

    Joining a whole chunk at once costs much less than one replication at a time.

    Raises
    ------
    ValueError
        If there is no replication: the codes would stand for nothing.
    """
    if not replications:
        raise ValueError("arrow_tables takes at least one replication's tables")
    names = replications[0].names
    found = {}
    for table in TABLES:
        parts = [getattr(tables, table) for tables in replications]
        found[table] = to_arrow(table, [part for part in parts if part is not None], names)
    return found
