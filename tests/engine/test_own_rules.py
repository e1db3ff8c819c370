"""Rules of the user's own: they act, and what they do wrongly is blamed on their file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.config import load
from sim.engine import replicate
from sim.errors import ConfigError
from sim.events import Kind, Replication
from sim.plan import Plan
from sim.rules.registry import KINDS

ROOT = Path(__file__).resolve().parents[2]
BASE, MINIMAL = ROOT / "configs/base.yaml", ROOT / "tests/config/minimal.yaml"
RULES_DOC = (ROOT / "docs/rules.md").read_text(encoding="utf-8")

# Every kind of rule but staffing, written anew in terms of what is registered.
COPIES = """
import numpy as np
from sim.rules.screening import as_disposed
from sim.rules.tariff import own_ladder
from sim.rules.ordering import OrdersView, whole_order

def best(view):
    return np.lexsort((view.ordinal, -view.prospects_share))
def anything_listed(view):
    return ~(view.listed_sector | view.listed_region)
def small_ones_pass(view):
    return "pass"
def all_or_nothing(view):
    return whole_order(view)
def disposed(view):
    return as_disposed(view).value
def machine(view):
    return own_ladder(view)
"""
BY_HAND = {
    "policy.selection.ranking": ("best_prospects", "best"),
    "policy.investment_committee.ranking": ("best_prospects", "best"),
    "policy.selection.preference": ("listed", "anything_listed"),
    "policy.calls.draw": ("skip", "small_ones_pass"),
    "policy.equipment_orders": ("whole_order", "all_or_nothing"),
    "policy.funding.response": ("as_disposed", "disposed"),
    "policy.enforcement.machine": ("own_ladder", "machine"),
}


def left_by(path: Path, sets: dict[str, Any], replication: int = 0) -> Replication:
    return replicate(Plan.of(load(path, sets).config), 7, replication)


def carried_over(named: Any, room: str, stock: str) -> dict[str, bool]:
    """Nothing lapses, so that whatever is drawn or ordered whole fits in some year."""
    return {
        f"capacity.{room}.{name}.{stock}.carry_over": True
        for name, one in named.items()
        if getattr(one, stock) != "unlimited"
    }


def test_a_copy_of_every_registered_rule_leaves_the_same_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    Path("copies.py").write_text(COPIES, encoding="utf-8")
    more = {
        "policy.selection.preferred_sectors": ["gas_power"],
        "policy.selection.preferred_regions": ["TX"],
        **carried_over(load(BASE).config.capacity.facilities, "facilities", "cash"),
        **carried_over(load(BASE).config.capacity.facilities, "facilities", "commitments"),
        **carried_over(load(BASE).config.capacity.equipment, "equipment", "slots"),
    }
    registered = {path: name for path, (name, _) in BY_HAND.items()}
    own = {path: f"copies.py:{function}" for path, (_, function) in BY_HAND.items()}

    one, other = left_by(BASE, registered | more).log, left_by(BASE, own | more).log

    for column in ("time", "project", "kind", "resource", "cause", "part", "amount"):
        np.testing.assert_array_equal(getattr(one, column), getattr(other, column))
    assert np.any(one.kind == Kind.SLOT_GRANTED)


def documented(folder: Path) -> Path:
    """The example of docs/rules.md, as somebody would copy it."""
    (code,) = re.findall(r"(?ms)^```python\n(.*?)^```", RULES_DOC)
    (config,) = re.findall(r"(?ms)^```yaml\n(.*?)^```", RULES_DOC)
    (folder / "my_rules.py").write_text(code, encoding="utf-8")
    path = folder / "mine.yaml"
    path.write_text(config, encoding="utf-8")
    return path


def test_the_documented_rules_run_and_put_energy_in_texas_first(tmp_path: Path):
    path = documented(tmp_path)
    # One project a round, and none that is selected already, so that the order shows.
    rounds = {
        "programme.history": "ignore",
        "nature.round_projects": {"kind": "constant", "value": 1},
        "policy.selection.ranking": "first_proposed",
    }

    plan = Plan.of(load(path, rounds).config)
    left = replicate(plan, 7, 0)

    log, nature = left.log, plan.nature
    texan = {entity for entity, states in enumerate(nature.places.regions) if states == {"TX"}}
    gas = plan.names.sectors.index("gas_power")
    sector = dict(zip(left.attributes.entity.tolist(), left.attributes.sector.tolist(),
                      strict=True))  # fmt: skip
    waiting: list[int] = []
    seen = 0
    for project, kind in zip(log.project.tolist(), log.kind.tolist(), strict=True):
        wanted = project in texan and sector[project] == gas
        if kind == Kind.RECOMMENDED and wanted:
            waiting.append(project)
        elif kind == Kind.SELECTED:
            if wanted:
                waiting.remove(project)
                seen += 1
            else:
                assert not waiting, "another was selected while energy in Texas waited"
    assert seen


def test_the_documented_staffing_rule_mans_the_smallest_site_first():
    """By hand, 100 people: sites want 80, 30 and 30; the 30s are whole, 40 are left of 80."""
    (code,) = re.findall(r"(?ms)^```python\n(.*?)^```", RULES_DOC)
    plan = Plan.of(
        load(
            MINIMAL, {"rule_files.mine": code, "policy.staffing": "mine.py:smallest_crew_first"}
        ).config
    )
    from sim.rules.staffing import StaffingView

    view = StaffingView([[80], [30], [30]], [100.0], [False] * 3, 0.5, [0, 1, 2], [0] * 3, [0] * 3)
    assert plan.specialists.staffing.share(view) == ([0.5, 1.0, 1.0], [0, -1, -1])


def refusal(place: str, code: str) -> str:
    """What a run with a rule of one's own says."""
    sets = {"rule_files.mine": f"import numpy as np\n{code}", place: "mine.py:rule"}
    with pytest.raises(ConfigError, match=r"^mine\.py:") as caught:
        left_by(MINIMAL, sets)
    return str(caught.value)


STAFFING, RANKING = "policy.staffing", "policy.selection.ranking"
SHARES = "accepted: for every row a share of its crew from 0 to 1"
ROWS = "once, best first"
WRONG = {
    "raises": (STAFFING, "def rule(view):\n    gone = {}\n    return gone['gas']",
               "mine.py:4: rule: raised KeyError: 'gas'"),
    "raises when the file is run": (STAFFING, "1 / 0\ndef rule(view): pass",
                                    "mine.py:2: file: raised ZeroDivisionError: division by zero"),
    "returns nothing": (STAFFING, "def rule(view): pass", SHARES),
    "the wrong length": (STAFFING, "def rule(view): return [1] * 99", "returned 99 values for"),
    "no number": (STAFFING, "def rule(view): return np.nan * view.needs[:, 0]",
                  "returned a value that is no finite number"),
    "more than a crew": (STAFFING, "def rule(view): return 1.5 + 0 * view.needs[:, 0]",
                         "returned shares from 1.5 to 1.5"),
    "writes into a view": (STAFFING, "def rule(view):\n    view.supply[0] = 9\n",
                           "mine.py:3: rule: raised ValueError: assignment destination is read-on"),
    "a row outside": (RANKING, "def rule(view): return 0 * view.ordinal + 9", "returned row 9 of"),
    "a row that is no row": (RANKING, "def rule(view): return view.ordinal + 0.5",
                             "returned a value that is no whole number"),
    "a row twice": (RANKING, "def rule(view): return [0, 0]", ROWS),
    "words for a preference": ("policy.selection.preference", "def rule(view): return 'texas'",
                               "returned 'texas'; accepted: a whole number for every row"),
    "no such answer": ("policy.funding.response", "def rule(view): return 'perhaps'",
                       "returned 'perhaps'; accepted: fund, consult, decline"),
    "a function that is none": ("policy.funding.response", "rule = 3",
                                "rule: is not there to be called; accepted: a function"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_a_rule_does_wrongly_is_blamed_on_its_file_and_function(case: str):
    place, code, words = WRONG[case]
    assert words in refusal(place, code)


def bench(kind: str, code: str) -> Any:
    """One rule of one's own, as a plan holds it."""
    from sim.rules.own import OWN, OwnFunction

    return OWN[kind](OwnFunction("mine.py", code, "rule"))


def test_more_people_slots_or_units_than_there_are_are_refused():
    from sim.rules.ordering import OrdersView
    from sim.rules.staffing import StaffingView

    everything = bench("staffing", "def rule(view): return [1] * len(view.needs)")
    with pytest.raises(ConfigError, match=r"gave 160 of pool 0, which has 100"):
        everything.share(StaffingView([[80], [80]], [100.0], [False] * 2))

    orders = OrdersView([4, 7], [0, 0], [2, 1], [3, 1], [0, 2], left=4)
    assert bench("ordering", "def rule(view): return [0, 1]").grant(orders) == [0, 1]
    for rows, words in (
        ("[0, 0]", "granted more than the 4 open slots"),
        ("[1, 1]", "granted row 1 more than the 1 units it wants"),
        ("[2]", "returned row 2 of 2 rows"),
    ):
        rule = bench("ordering", f"def rule(view): return {rows}")
        with pytest.raises(ConfigError, match=words):
            rule.grant(orders)


def test_a_ladder_of_ones_own_must_say_where_a_breach_goes():
    with pytest.raises(ConfigError, match=r"returned None; accepted: opened, threatened, ordered"):
        bench("tariff", "def rule(view): pass")(None)
    with pytest.raises(ConfigError, match=r"returned 'later'; accepted: opened, threatened"):
        bench("tariff", "def rule(view): return 'later'")(None)


def test_every_kind_of_rule_can_be_ones_own():
    from sim.rules.own import OWN

    assert OWN.keys() == KINDS.keys()
