"""One realisation of everything nature decides, as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ModelError
from sim.events.log import OperationDraws

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def whole(values: FloatArray, what: str) -> IntArray:
    """Round to whole numbers.

    Raises
    ------
    ModelError
        If one is not a number, or larger than 64 bits hold.
    """
    rounded = np.rint(values)
    if not np.all(np.abs(rounded) < 2.0**63):  # false for NaN too
        raise ModelError(f"{what} of {np.max(rounded):g} cannot be held")
    return rounded.astype(np.int64)


@dataclass(frozen=True)
class World:
    """Everything random in one replication, drawn before the clock starts.

    Rows are the projects present, in ordinal order: by proposal minute, then id. Durations are
    whole minutes, money whole cents, dispositions uniforms in (0, 1) that a rule compares with
    its probability. Nothing here depends on policy or capacity.
    """

    replication: int
    seed: int
    entity: IntArray  # (n,) index into Nature.entity_ids
    named: BoolArray  # (n,)
    sector: IntArray  # (n,)
    proposed: IntArray  # (n,) minute
    units: IntArray  # (n,)
    cost_cents: IntArray  # (n,) what the SPV plans to spend
    commitment_cents: IntArray  # (n,) Japan's share of it
    prospects_share: FloatArray  # (n,) expected yearly cash over cost, before any revision
    revision_gain_share: FloatArray  # (n, screening_rounds) gain of each revision, by viability
    japanese_content_share: FloatArray  # (n,)
    favour: FloatArray  # (n, screening_rounds) disposition: benefit to Japan despite low content
    screening: IntArray  # (n, screening_rounds) minutes
    revision: IntArray  # (n, screening_rounds) minutes
    defer: FloatArray  # (n, committee_visits) disposition
    pass_over: FloatArray  # (n, selection_visits) disposition
    consult: FloatArray  # (n,) disposition
    decline: FloatArray  # (n,) disposition
    consultation: IntArray  # (n,) minutes
    appraisal: IntArray  # (n, facilities, visits) minutes
    appraised: IntArray  # the same shape: APPROVED, BARGAINED or REFUSED of sim.world.lending
    call_desk: IntArray  # (n, calls, facilities) minutes
    lead_error: IntArray  # (n, calls) minutes a later call is noticed sooner, below 0: later
    permit_work: IntArray  # (n,) minutes left at the start of the permits
    litigated: BoolArray  # (n, litigation rounds)
    litigation: IntArray  # (n, litigation rounds) minutes
    build: IntArray  # (n,) minutes of building at full crew, all units
    first_unit: IntArray  # (n,) minutes of it until the first unit is built
    cost_ratio: FloatArray  # (n,)
    specialists: IntArray  # (n, pools) thousandths of a person wanted while building
    # Rounds by number; those on record come first, and their draws go unused.
    round_interval: IntArray  # (presidential_rounds,) minutes from the round before
    round_projects: FloatArray  # (presidential_rounds + 1,) it takes; the last is the final round's
    round_cents: FloatArray  # the same in dollars; inf where there is no law
    shocks: FloatArray  # (shocks,) standard normal
    yen_factor: FloatArray  # (months of the run,) on the config's yen per dollar
    nominal: IntArray  # (n,) minutes the build is planned to take at full crew, all units
    place: IntArray  # (n,) index into Nature.places.names
    development: IntArray  # (n,) minutes from selection until contracts and financing are closed
    equipment_delivery: IntArray  # (n, kinds) minutes from the maker's slot to the site
    reserves: BoolArray  # (n, kinds) slots are reserved at selection, ahead of money
    megawatts: IntArray  # (n,) of the whole project; below 0 supplied, 0 without use of the grid
    grid_connection: IntArray  # (n,) minutes from selection to connection
    grid_ahead: IntArray  # (n,) minutes from the request to selection
    pause_threshold: FloatArray  # (n, pauses + 1) exponentials of mean 1
    cancel_threshold: FloatArray  # (n,) exponential of mean 1, longer by what is sold ahead
    pause_length: IntArray  # (n, pauses) minutes
    hazard_factor: FloatArray  # (n,) what the common shocks make of the hazards
    shock_year: BoolArray  # (years of the run,) years of policy shock
    # Breaches, see sim.world.breaches: (n, calls + 1), column 0 for a decline, 1 + k for call k.
    acted_on: FloatArray  # disposition
    signed: FloatArray  # disposition
    threat: IntArray  # minutes
    route_taken: FloatArray  # (n, calls + 1, routes) disposition
    route_delay: IntArray  # (n, calls + 1, routes) minutes
    court: IntArray  # (routes,) minutes from first duty until a court ends the route, -1: never
    fate: FloatArray  # (n, dated events) disposition
    settlement: IntArray  # (n,) minutes until a decline is settled, -1: never
    public: FloatArray  # (Japan and the US, changes of mind) exponentials of mean 1
    operation: OperationDraws | None  # no engine reads it: it is handed on to the finance


def read_only(world: World) -> None:
    """Let nobody write into the arrays of a world that is kept for another config."""
    operation = vars(world.operation) if world.operation else {}
    for one in (*vars(world).values(), *operation.values()):
        if isinstance(one, np.ndarray):
            one.flags.writeable = False


def cut(arrays: Mapping[str, Any], bounds: IntArray) -> Iterator[dict[str, Any]]:
    """The rows of each replication, by name, out of arrays that hold one after another."""
    for begin, end in pairwise(bounds.tolist()):
        yield {name: one[begin:end] for name, one in arrays.items()}
