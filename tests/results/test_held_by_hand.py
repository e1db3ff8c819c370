"""The peeled partition and the dollars in it, by hand; numbers are days, see one_life."""

from __future__ import annotations

import pytest
from support.made_logs import BN, DAY
from support.one_life import END, NAMES, Chain, Life, life_config, short_of_crews

from sim.events import LEDGER_CAUSES, Cause, Kind
from sim.results import Horizon
from sim.results.ledger.branches import Branches
from sim.results.ledger.chain import WORK
from sim.results.ledger.charging import charge
from sim.results.ledger.peeled import Peeled
from sim.results.ledger.trail import lenders, read_trails
from sim.results.tables.batch import Batch
from sim.results.tables.delays import held_table

NTP = Kind.NTP_ISSUED
FUNDED: Chain = [
    ("team_queue", 0, 2), ("reviewing", 2, 10), ("cc_wait", 10, 13), ("ic_wait", 13, 17),
    ("selection_wait", 17, 20),  # the notice clears before either appraisal
    # nexi pays first, on day 30: its appraisal, papers and window; then jbic's money.
    ("appraisal", 20, 22), ("funding_desk", 22, 27), ("funding_window", 27, 30),
    ("funding_money", 30, 34),
]  # fmt: skip


def work(begin: float, end: float) -> tuple[str, float, float]:
    return ("work", begin, end)


def pieces(life: Life, unit: int = 0) -> list[tuple[str, float, float, str]]:
    """A unit's partition with what was waited for, checked against the ledger and law 3."""
    life.chain()
    branches = Branches(read_trails(Batch([life.replication()]))[0], lenders(NAMES))
    return [
        ("work" if cause == WORK else LEDGER_CAUSES[cause], begin / DAY, end / DAY,
         NAMES.resources[resource] if cause != WORK and resource >= 0 else "")
        for begin, end, cause, resource in Peeled(branches).unit(unit)
    ]  # fmt: skip


def peeled(life: Life, unit: int = 0) -> Chain:
    return [piece[:3] for piece in pieces(life, unit)]


def built(life: Life, begin: float) -> Life:
    return life.note(begin, NTP).at_work(begin, begin + 100, 0, 1).built(begin + 100)


def test_permits_last_are_charged_only_from_where_the_money_was_there():
    life = built(Life().reviewed().appraised().funded().permitted(40), 40)
    assert peeled(life) == [*FUNDED, ("permit_work", 34, 40), work(40, 140)]
    desks = [resource for cause, *_, resource in pieces(life) if cause == "appraisal"]
    assert desks == ["nexi_desks"]


def test_three_gates_have_the_days_from_one_clearing_to_the_next():
    life = Life().reviewed().appraised().funded().permitted(40)
    life.note(20, Kind.DEVELOPMENT_BEGAN).note(47, Kind.DEVELOPMENT_ENDED)
    rest = [("permit_work", 34, 40), ("development", 40, 47), work(47, 147)]
    assert peeled(built(life, 47)) == [*FUNDED, *rest]


def test_what_is_before_the_first_gate_goes_to_it_and_to_what_led_there():
    """Permits are there a day before the money: the money has that day."""
    review = [*FUNDED[:2], ("permit_queue", 10, 12), ("permit_work", 12, 33)]
    life = built(Life().before_ntp(), 34)
    assert peeled(life) == [*review, ("funding_money", 33, 34), work(34, 134)]


def test_gates_that_clear_together_are_permits():
    review = [*FUNDED[:2], ("permit_queue", 10, 12), ("permit_work", 12, 34)]
    life = built(Life().reviewed().appraised().funded().permitted(34), 34)
    assert peeled(life) == [*review, work(34, 134)]


def test_from_selection_to_the_notice_it_is_unsigned_unless_a_lender_is_at_it():
    """Appraised by day 25, noticed on day 31."""
    life = Life().reviewed().appraised().permitted().note(31, Kind.CALL_NOTICED, amount=BN)
    assert life.chain() == [
        *FUNDED[:6],
        ("appraisal", 22, 25),
        ("unsigned", 25, 31),
        ("funding_desk", 31, END),
    ]


def test_a_pause_has_the_days_in_which_it_was_the_next_to_end():
    life = Life().reviewed().appraised().funded().permitted(40)
    life.note(30, Kind.PAUSED).note(37, Kind.RESUMED)
    rest = [("paused", 34, 37), ("permit_work", 37, 40), work(40, 140)]
    assert peeled(built(life, 40)) == [*FUNDED, *rest]


@pytest.mark.parametrize(
    ("pause", "stop"),
    [
        ((80, 95), [("equipment", 64, 90), ("paused", 90, 95)]),
        ((66, 80), [("equipment", 64, 66), ("paused", 66, 80), ("equipment", 80, 90)]),
    ],
)
def test_a_site_that_stands_is_held_by_what_comes_next(pause, stop):
    """The gate is reached on day 64; the machines, ordered on day 34, come on day 90."""
    life = Life().before_ntp().note(34, Kind.EQUIPMENT_ORDERED, resource="equipment_turbines")
    life.note(90, Kind.EQUIPMENT_DELIVERED, resource="equipment_turbines")
    life.note(34, NTP).at_work(34, 64, 0, 0.3).stop(64, Cause.EQUIPMENT)
    life.wait(64, 90, Cause.EQUIPMENT).note(pause[0], Kind.PAUSED).note(pause[1], Kind.RESUMED)
    on = max(90, pause[1])
    found = peeled(life.at_work(on, on + 70, 0.3, 1).built(on + 70))
    assert found[-len(stop) - 2 :] == [work(34, 64), *stop, work(on, on + 70)]


@pytest.mark.parametrize(("connected", "days"), [(100, 0), (150, 16)])
def test_a_connection_is_charged_for_the_days_the_unit_stood_built(connected, days):
    life = Life().before_ntp().note(20, Kind.GRID_REQUESTED, resource="power_ohio", amount=50)
    life.note(connected, Kind.GRID_CONNECTED, resource="power_ohio").note(34, NTP)
    if days:
        life.wait(134, 150, Cause.GRID_CONNECTION, "power_ohio")
    found = pieces(life.at_work(34, 134, 0, 1).built(134, energised=134 + days))
    power = [("power", 134, 150, "power_ohio")] if days else []
    assert [piece for piece in found if piece[0] == "power"] == power


def test_the_slow_are_not_shown_as_fast():
    """Half of 720 days of work done when the run ends: 183 of a typical 366 are building."""
    life = Life(nominal=366, build=732).before_ntp().note(34, NTP).at_work(34, END, 0, 0.5)
    held = dict(
        zip(LEDGER_CAUSES, (charge(life.replication()).held[0] / DAY).tolist(), strict=True)
    )
    assert (held["nominal_building"], held["overrun"]) == pytest.approx((183, 183))


def test_building_faster_than_typical_is_all_building_and_crews_keep_their_pool():
    held = charge(short_of_crews((0, 1)).replication())
    days = dict(zip(LEDGER_CAUSES, (held.held[0] / DAY).tolist(), strict=True))
    found = [
        days[cause] for cause in ("crews_waited", "crews_short", "nominal_building", "overrun")
    ]
    assert found == pytest.approx([10, 60, 100, 0])
    assert (held.held_short_by_pool[0] / DAY).tolist() == pytest.approx([30, 30])


def standing(life: Life) -> dict[tuple[str, str, str], float]:
    made = life.replication()
    horizon = Horizon(life_config())
    table = held_table(Batch([made]), charge(made), horizon)
    rows = zip(*(table[name] for name in ("month", "cause", "resource", "usd_bn")), strict=True)
    return {
        (
            str(month)[:7],
            LEDGER_CAUSES[cause],
            NAMES.resources[resource] if resource >= 0 else "",
        ): usd
        for month, cause, resource, usd in rows
    }


def test_dollars_stand_from_selection_until_the_project_is_given_up():
    """A billion, selected on 21 January, cancelled on 10 February with its money half there."""
    life = Life().reviewed().appraised().funded(jbic=None).note(40, Kind.CANCELLED, amount=BN)
    found = standing(life)
    january = {
        ("appraisal", "nexi_desks"): 2, ("funding_desk", "nexi_desks"): 5,
        ("funding_window", "nexi_cash"): 3,
        ("funding_money", "jbic_cash"): 1,
    }  # fmt: skip
    expected = {("2026-01", *key): days / 31 for key, days in january.items()}
    expected["2026-02", "funding_money", "jbic_cash"] = 9 / 28
    assert found == pytest.approx(expected)


def test_each_unit_stands_with_its_own_dollars():
    """Unit 0 runs on day 134; unit 1 of the same clock is built then and waits for power."""
    life = Life(units=2).before_ntp().note(34, NTP).at_work(34, 134, 0, 1)
    life.note(134, Kind.UNIT_BUILT, Kind.UNIT_ENERGISED, amount=BN / 2)
    life.note(134, Kind.UNIT_BUILT, Kind.BUILT, part=1, amount=BN / 2)
    life.wait(134, 150, Cause.POWER, "power_ohio", part=1)
    life.note(150, Kind.UNIT_ENERGISED, Kind.OPERATING, part=1, amount=BN / 2)
    found = standing(life)
    assert found["2026-05", "power", ""] == pytest.approx(0.5 * 16 / 31)
    assert not any(month > "2026-05" for month, _, _ in found)
