"""Small faults planted in a copy of the program: the tests named beside each must catch it.

A fault that no test catches is a survivor, and fails. So does a fault whose line is no longer
there: it has to be planted anew, or taken out with the rule it was about.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60  # a guard; on a quiet machine none takes more than 15


class Fault(NamedTuple):
    """One line of one file gone wrong."""

    name: str
    file: str
    right: str  # stands exactly once in the file
    wrong: str
    caught_by: tuple[str, ...]  # pytest ids; every one of them must fail


FAULTS: tuple[Fault, ...] = (
    Fault(
        "days at a join go to the gate that clears last",
        "sim/results/ledger/peeled.py",
        "key=lambda line: line[-1][1])",
        "key=lambda line: -line[-1][1])",
        ("tests/results/test_held_by_hand.py",),
    ),
    Fault(
        "the slow are shown as on time",
        "sim/results/ledger/site_work.py",
        "building = worked * np.minimum(ratio, 1.0)",
        "building = worked",
        ("tests/results/test_held_by_hand.py",),
    ),
    Fault(
        "every unit stands with the dollars of the project",
        "sim/results/ledger/charging.py",
        "unit_cents(cents[row], trail.units, unit)",
        "cents[row]",
        ("tests/results/test_held_by_hand.py",),
    ),
    Fault(
        "a run is measured against others of which it is one",
        "sim/stats/scores.py",
        "of_runs = 2 * to_others / (n - 1) - without",
        "of_runs = 2 * to_others / n - pairs / n**2",
        ("tests/stats/test_scores.py",),
    ),
    Fault(
        "a column is scored on what it had on record",
        "sim/study/findings/backtest.py",
        "one.known_on > dates.as_of]",
        "one.known_on > dates.start]",
        ("tests/study/test_backtest.py",),
    ),
    Fault(
        "what happens on the day of a statement does not count",
        "sim/study/findings/forecast.py",
        "pd.Timestamp(by) + pd.Timedelta(days=1)",
        "pd.Timestamp(by)",
        ("tests/study/test_forecast.py",),
    ),
    Fault(
        "a unit that waits for machines keeps its crew",
        "sim/engine/construction.py",
        "            self.sites.leave(clock)\n        arrival",
        "            pass\n        arrival",
        ("tests/engine/test_building_gates.py",),
    ),
    Fault(
        "every unit of a project has the whole crew",
        "sim/rules/splitting.py",
        "return (2 * crew * work + units) // (2 * units) if units else crew",
        "return crew",
        ("tests/engine/test_building_gates.py",),
    ),
    Fault(
        "notice to proceed does not wait for development",
        "sim/engine/construction.py",
        "if programme.plan.permits.develops[programme.sector[ordinal]]:",
        "if False:",
        ("tests/engine/test_development.py",),
    ),
    Fault(
        "a due date one business day early",
        "sim/calendars/business_days.py",
        'side="right") - 1 + n',
        'side="right") - 2 + n',
        ("tests/test_calendars.py", "tests/engine/test_golden_log.py"),
    ),
    Fault(
        "a length rounded down to the minute",
        "sim/calendars/clock_dates.py",
        "return math.ceil(min(max(length",
        "return math.floor(min(max(length",
        ("tests/test_calendars.py",),
    ),
    Fault(
        "the due date closes a day early",
        "sim/plan/windows.py",
        "earliest, (due + 1) * DAY",
        "earliest, due * DAY",
        ("tests/engine/test_golden_log.py",),
    ),
    Fault(
        "rounds on record not counted",
        "sim/engine/selection.py",
        "self.rounds = plan.on_record",
        "self.rounds = 0",
        ("tests/engine/test_rounds_by_hand.py::test_rounds_on_record_number_first",),
    ),
    Fault(
        "the final round a business day late",
        "sim/calendars/business_days.py",
        "np.busday_offset(self._known(day), -n,",
        "np.busday_offset(self._known(day), 1 - n,",
        (
            "tests/engine/test_rounds_by_hand.py::"
            "test_the_final_round_is_held_before_the_deadline_and_no_other_after_it",
        ),
    ),
    Fault(
        "a first call's papers before the lender's appraisal",
        "sim/engine/funding.py",
        "yield from programme.wait(ordinal, ready, Cause.APPRAISAL, resource=resource)",
        "yield from ()",
        ("tests/engine/test_lenders_by_hand.py::test_papers_begin_with_a_lenders_own_appraisal",),
    ),
    Fault(
        "no cure period",
        "sim/plan/windows.py",
        "(self.cure[due] + 1) * DAY",
        "(due + 1) * DAY",
        ("tests/engine/test_golden_log.py",),
    ),
    Fault(
        "carry-over lost at the turn of the fiscal year",
        "sim/engine/money.py",
        "inflow + (self.left if carry_over else 0)",
        "inflow",
        ("tests/engine/test_by_hand.py",),
    ),
    Fault(
        "a payment one minute late",
        "sim/engine/money.py",
        "self.clock.now, Turn.PAYMENT, claim.ordinal",
        "self.clock.now + 1, Turn.PAYMENT, claim.ordinal",
        ("tests/engine/test_golden_log.py",),
    ),
    Fault(
        "claims on a lender's money in the wrong order",
        "sim/engine/money.py",
        "heappush(self.queue, (order, visit, claim))",
        "heappush(self.queue, (order[::-1], visit, claim))",
        (
            "tests/engine/test_known_answers.py::"
            "test_of_two_calls_due_on_one_day_the_one_noticed_first_comes_first",
        ),
    ),
    Fault(
        "a lost cent",
        "sim/rules/splitting.py",
        "parts[last] += left",
        "parts[last] += 0",
        ("tests/engine/test_known_answers.py",),
    ),
    Fault(
        "one team too many",
        "sim/engine/servers.py",
        "while queue and self.in_use < self.capacity:",
        "while queue and self.in_use <= self.capacity:",
        ("tests/engine/test_known_answers.py",),
    ),
    Fault(
        "last come, first served",
        "sim/engine/servers.py",
        "heappush(self.queue, (self.clock.now, ordinal, visit, job))",
        "heappush(self.queue, (-self.clock.now, ordinal, visit, job))",
        ("tests/engine/test_known_answers.py",),
    ),
    Fault(
        "a pool gives nothing but what is left over",
        "sim/rules/staffing.py",
        "people * bid / total if total > 0 else people, 0.0)",
        "0.0)",
        ("tests/rules/test_staffing.py",),
    ),
    Fault(
        "a frozen craft counts at full rate",
        "sim/rules/staffing.py",
        "self.used[pool] += self.needs[at + pool] * rate",
        "self.used[pool] += self.needs[at + pool]",
        ("tests/rules/test_staffing.py",),
    ),
    Fault(
        "everybody who begins a training ends it",
        "sim/rules/gap.py",
        "months_earlier(day, stream.months)) * stream.completion_share",
        "months_earlier(day, stream.months))",
        ("tests/rules/test_gap.py",),
    ),
    Fault(
        "every person a measure adds makes a competitor",
        "sim/rules/gap.py",
        "zip(reference, steps, strict=True)",
        "zip(map(sum, zip(reference, added)), steps, strict=True)",
        ("tests/rules/test_gap.py",),
    ),
    Fault(
        "a relaxed pool leaves its part of the gap to the others",
        "sim/rules/gap.py",
        "market = [pool for pool in pools if pool.market]",
        "market = [pool for pool in pools if pool.market and not pool.unlimited]",
        ("tests/rules/test_gap.py",),
    ),
    Fault(
        "a craft is named however near the next is",
        "sim/rules/staffing.py",
        "near = self.levels[craft] + SLACK",
        "near = -1.0",
        ("tests/rules/test_staffing.py",),
    ),
    Fault(
        "by priority a craft is named however near the next is",
        "sim/rules/staffing.py",
        "near = levels[craft] + ROUNDING",
        "near = -1.0",
        ("tests/rules/test_staffing.py",),
    ),
    Fault(
        "a sum on record pays the premium again",
        "sim/engine/programme.py",
        "on_record = np.array(self.selected_on) >= 0",
        "on_record = np.array(self.selected_on) >= 1 << 60",
        ("tests/engine/test_bidding.py",),
    ),
    Fault(
        "a new breach in relief waits for a threat again",
        "sim/rules/tariff.py",
        "return Stage.RAISED if view.relief and view.lawful else Stage.THREATENED",
        "return Stage.THREATENED",
        ("tests/rules/test_tariff.py",),
    ),
    Fault(
        "tariffs come down with the first breach that ends",
        "sim/engine/routes.py",
        "if gone and not self.in_force:",
        "if gone or self.in_force:",
        ("tests/engine/test_by_hand.py",),
    ),
    Fault(
        "a duty over a decline counts for missed calls too",
        "sim/results/tables/responses.py",
        "mine = raised.cause == CAUSES.index(row.of)",
        "mine = raised.cause >= 0",
        ("tests/results/test_responses_by_hand.py",),
    ),
    Fault(
        "partners who finish a site pay for nothing",
        "sim/results/finance/postings.py",
        "for so_far in (ours + missing + theirs, planned + missing, theirs - planned)",
        "for so_far in (ours + missing + theirs, planned, theirs - planned)",
        (
            "tests/finance/test_laws_of_money.py::test_partners_who_finish_a_project_pay_what_japan_does_not",
        ),
    ),
    Fault(
        "a site that stands for its money stays so when partners take over",
        "sim/engine/calls.py",
        "if self.stopped[call.ordinal] and not call.paid.triggered:",
        "if self.stopped[call.ordinal] and call.visit < 0:",
        ("tests/engine/test_dated_events_by_hand.py",),
    ),
    Fault(
        "money comes back that was never withheld",
        "sim/rules/drawing.py",
        "return min(-change, -moved)",
        "return -change",
        ("tests/engine/test_inflow_by_hand.py",),
    ),
    Fault(
        "a new fiscal year forgets that tariffs are raised",
        "sim/engine/supply.py",
        "        if self.raised:\n            self.answer(raised=True)\n",
        "",
        ("tests/engine/test_inflow_by_hand.py",),
    ),
    Fault(
        "a review every n months is never held on the last day of its rhythm",
        "sim/config/enforcement.py",
        "if found[-1] > self.last_day:",
        "if found[-1] >= self.last_day:",
        ("tests/engine/test_reviews_by_hand.py",),
    ),
    Fault(
        "units that run count as a site beside themselves",
        "sim/study/findings/completion.py",
        '"site": begun - gone - operating,',
        '"site": begun - gone,',
        ("tests/study/test_completion.py",),
    ),
    Fault(
        "the envelope can be given twice in one round",
        "sim/rules/ranking.py",
        "        left -= cents\n",
        "",
        ("tests/rules/test_ranking.py",),
    ),
    Fault(
        "the hurdle itself is not enough",
        "sim/rules/screening.py",
        "prospects_share < hurdle_share",
        "prospects_share <= hurdle_share",
        ("tests/rules/test_screening.py",),
    ),
    Fault(
        "a hazard strikes in the minute it is looked at",
        "sim/rules/hazards.py",
        "begin + max(1, whole)",
        "begin + whole - 1",
        ("tests/rules/test_hazard_thresholds.py",),
    ),
    Fault(
        "every replication is the first",
        "sim/world/uniforms.py",
        'entity_key(f"{seed:d}/{replication:d}")',
        'entity_key(f"{seed:d}/0")',
        ("tests/world/test_uniforms.py",),
    ),
    Fault(
        "a visit moves all later luck",
        "sim/world/uniforms.py",
        "(numbers.astype(np.uint64) + np.uint64(1)) * _GOLDEN_GAMMA",
        "(numbers.astype(np.uint64) + np.uint64(len(numbers))) * _GOLDEN_GAMMA",
        ("tests/world/test_uniforms.py",),
    ),
    Fault(
        "lengths of five per cent more",
        "sim/calendars/clock_dates.py",
        "np.ceil(minutes - _DUST_MINUTES)",
        "np.ceil(1.05 * minutes - _DUST_MINUTES)",
        ("tests/engine/test_golden_log.py",),
    ),
    Fault(
        "the month a step stands in",
        "sim/results/tables/steps.py",
        'passed = np.searchsorted(key, cells, side="right")',
        'passed = np.searchsorted(key, cells + 1, side="right")',
        ("tests/results/test_step_integrals.py",),
    ),
    Fault(
        "a share is reached one replication early",
        "sim/stats/dates.py",
        "needed = max(ceil(share * len(days) - 1e-9), 1)",
        "needed = max(ceil(share * len(days) - 1e-9) - 1, 1)",
        ("tests/stats/test_dates_reached.py",),
    ),
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program, its configs, documents and tests, to be spoilt."""
    for name in ("sim", "configs", "tests", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def passes(folder: Path, test: str) -> tuple[bool, str]:
    """Whether a test passes in a copy, and what pytest said."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", test],
        cwd=folder,
        # On SimPy: of what is compiled, a spoilt source is another one.
        env=os.environ
        | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(folder), "SIM_ENGINE": "simpy"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode in (0, 1), f"{test} cannot be run: {done.stdout}{done.stderr}"
    return done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "_"))
def test_a_planted_fault_is_caught(fault: Fault, copy: Path):
    path = copy / fault.file
    text = path.read_text(encoding="utf-8")
    assert text.count(fault.right) == 1, f"no longer applies: {fault.right!r} in {fault.file}"
    path.write_text(text.replace(fault.right, fault.wrong), encoding="utf-8")

    survivors = [test for test in fault.caught_by if passes(copy, test)[0]]

    assert not survivors, f"{fault.name}: not caught by {', '.join(survivors)}"


def test_twenty_faults_are_planted_and_each_names_its_tests():
    assert len(FAULTS) >= 20
    assert all(fault.caught_by and fault.right != fault.wrong for fault in FAULTS)
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
