"""Law 1: called money adds up and commitments fit the envelope, at every instant."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress

from hypothesis import given
from law_runs import Event, Run, facility_of, instants, last_in_each_minute, lawful, runs
from support.configs import minimal_tree

from sim.config import from_tree
from sim.engine import replicate
from sim.errors import ConfigError
from sim.events import Cause, Kind
from sim.plan import Plan

CENTS_PER_BN = 10**11


class CalledMoney:
    """Cents called, sorted by what became of them; each event moves what it says it moves."""

    def __init__(self) -> None:
        self.called: dict[tuple[int, int], int] = {}
        self.paid: dict[tuple[int, int], int] = defaultdict(int)
        self.open: dict[str, dict[tuple[int, int], int]] = {
            name: defaultdict(int) for name in ("in time", "late", "missed")
        }
        self.declined: dict[tuple[int, int], int] = {}
        self.withdrawn: dict[tuple[int, int], int] = {}
        self.state: dict[tuple[int, int], str] = {}

    def take(self, event: Event) -> None:
        call, cents = (event.project, event.part), int(event.amount)
        if event.kind == Kind.CALL_NOTICED:
            assert call not in self.called
            self.called[call] = cents
            self.state[call] = "in time"
            self.open["in time"][call] = cents
        elif event.kind == Kind.PART_DRAWN:
            self.open[self.state[call]][call] -= cents
            self.paid[call] += cents
        elif event.kind in (Kind.CALL_LATE, Kind.CALL_MISSED):
            name = "late" if event.kind == Kind.CALL_LATE else "missed"
            self.open[self.state[call]][call] -= cents
            self.open[name][call] += cents
            self.state[call] = name
        elif event.kind == Kind.DECLINED:
            for mine in [key for key in self.called if key[0] == event.project]:
                self.declined[mine] = self.open[self.state[mine]].pop(mine)
        elif event.kind == Kind.CALL_WITHDRAWN:
            self.withdrawn[call] = self.open[self.state[call]].pop(call)
            assert cents == self.withdrawn[call]
            self.state[call] = "withdrawn"
        elif event.kind == Kind.CALL_PAID:
            assert cents == self.called[call] == self.paid[call]
            self.state[call] = "paid"

    def balance(self) -> None:
        """Each call is open in one state only, and nothing is lost between the states."""
        for call, state in self.state.items():
            for name, cents in self.open.items():
                still = cents.get(call, 0)
                assert still == 0 or (name == state and still > 0), (call, name)
        still_open = sum(sum(cents.values()) for cents in self.open.values())
        given_up = sum(self.declined.values()) + sum(self.withdrawn.values())
        gone = sum(self.paid.values()) + given_up
        assert sum(self.called.values()) == gone + still_open


def overruns(run: Run) -> dict[int, float]:
    """Share of the plan by which each project's building costs more than it."""
    left = run.left.attributes
    over = [max(0.0, ratio - 1) for ratio in left.cost_ratio.tolist()]
    return dict(zip(left.entity.tolist(), over, strict=True))


def check_called_money(run: Run) -> None:
    """called = paid + open (in time, late, missed) + declined + withdrawn, in whole cents.

    The call behind the slices is Japan's for what building costs beyond its plan.
    """
    money, lender = CalledMoney(), facility_of(run)
    selected: dict[int, int] = {}
    reserved: dict[tuple[int, str], int] = defaultdict(int)
    drawn: dict[tuple[int, int, str], int] = defaultdict(int)
    paid: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    shares = run.config.policy.calls.facility_shares
    slices = [item.share for item in run.config.policy.calls.slices.values()]
    beyond = overruns(run)
    for _, events in instants(run):
        for event in events:
            assert event.amount >= 0 or event.kind == Kind.GRID_REQUESTED  # below 0: supplied
            if event.resource in lender and event.kind in (Kind.PART_DRAWN, Kind.PART_PAID):
                assert event.amount == int(event.amount)
                part = (event.project, event.part, lender[event.resource])
                if event.kind == Kind.PART_DRAWN:
                    drawn[part] += int(event.amount)
                else:
                    assert event.amount == drawn[part] > 0
                    paid[event.project, event.part][part[2]] = int(event.amount)
            if event.kind == Kind.FUNDS_COMMITTED:
                reserved[event.project, lender[event.resource]] += int(event.amount)
            if event.kind == Kind.CALL_PAID:
                parts = paid[event.project, event.part]
                assert sum(parts.values()) == event.amount
                for name, share in shares.items():
                    # The last slice takes what rounding left of every other one.
                    off = parts.get(name, 0) - event.amount * share
                    assert abs(off) < len(shares) * len(slices)
            if event.kind == Kind.SELECTED:
                selected[event.project] = int(event.amount)
            if event.kind == Kind.CALL_NOTICED and event.part == len(slices):
                assert run.config.policy.overrun_paid_by == "japan_topup"
                assert beyond[event.project] > 0
                assert event.amount == round(selected[event.project] * beyond[event.project])
            elif event.kind == Kind.CALL_NOTICED:
                share = slices[event.part] * selected[event.project]
                assert abs(event.amount - share) < len(slices)
            money.take(event)
        money.balance()
    for project, committed in selected.items():
        calls = [
            cents
            for (whose, part), cents in money.called.items()
            if whose == project and part < len(slices)
        ]
        assert sum(calls) <= committed
        assert len(calls) < len(slices) or sum(calls) == committed
        for name, share in shares.items():
            mine = [
                parts.get(name, 0)
                for (whose, part), parts in paid.items()
                if whose == project and part < len(slices)
            ]
            assert sum(mine) <= reserved[project, name]
            # Reserved over several years at most: the last draws may still be missing.
            assert reserved[project, name] < committed * share + len(shares)
            states = [money.state.get((project, part)) for part in range(len(slices))]
            if states == ["paid"] * len(slices):
                assert sum(mine) == reserved[project, name]


@lawful
@given(runs())
def test_called_is_paid_open_declined_or_withdrawn_at_every_instant(run: Run) -> None:
    check_called_money(run)


def check_envelope(run: Run) -> None:
    """Commitments less what is declined or released fit the envelope, as the trace shows."""
    envelope = round(run.config.programme.envelope_usd_bn * CENTS_PER_BN)
    trace = last_in_each_minute(run.left.capacity, run.resource("envelope"))
    committed = 0
    wanted: dict[int, int] = {}
    waiting: set[int] = set()
    for time, events in instants(run):
        for event in events:
            committed += int(event.amount) * (event.kind == Kind.SELECTED)
            committed -= int(event.amount) * (event.kind in (Kind.DECLINED, Kind.CANCELLED))
            if event.kind == Kind.SELECTED and event.cause != Cause.RECORDED:
                assert time < run.plan.deadline_minute
            if event.kind == Kind.PROPOSED:
                wanted[event.project] = int(event.amount)
            if event.cause == Cause.SELECTION_WAIT:
                change = waiting.add if event.kind == Kind.WAIT_BEGAN else waiting.remove
                change(event.project)
            assert committed <= envelope
        if time in trace:
            assert trace[time][:2] == (envelope, committed)
            too_large = [project for project in waiting if wanted[project] > envelope - committed]
            assert trace[time][2] == len(too_large)
    assert next(reversed(trace.values()))[1] == committed


@lawful
@given(runs())
def test_net_commitments_never_exceed_the_envelope(run: Run) -> None:
    check_envelope(run)


def test_what_the_check_lets_into_the_envelope_the_engine_can_reserve() -> None:
    """Three times 493,827,156.048 dollars, each rounded up to the cent, are a cent more than the
    sum rounded: either the check refuses that or the engine takes it."""
    tree = minimal_tree()
    tree["pipelines"] = {}
    tree["programme"] |= {
        "history": "recorded",
        "as_of": "2026-02-01",
        "envelope_usd_bn": 3 * 0.493827156048,
    }
    project = tree["portfolio"]["projects"].pop("A-01")
    recorded = {"announced_usd_bn": 0.493827156048, "selected_date": "2026-01-10"}
    tree["portfolio"]["projects"] = {f"A-{n}": project | recorded for n in range(3)}
    with suppress(ConfigError):  # refused at the door is as good
        left = replicate(Plan.of(from_tree(tree)), 1, 0)
        assert sum(left.log.kind == Kind.SELECTED) == 3
    tree["programme"]["envelope_usd_bn"] += 1e-6
    left = replicate(Plan.of(from_tree(tree)), 1, 0)
    assert sum(left.log.kind == Kind.SELECTED) == 3
