"""Every law of the model: its number, what it says, what it needs, and the function that checks it.

The numbers are those of the model's list of laws; "path" and "tables" have none there. A law that
compares two runs cannot be seen in one: the tests hold the program to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from sim.events import MONEY_KINDS, TERMINAL, Kind
from sim.results.laws import (
    agreement,
    cancellations,
    claims,
    crews,
    history,
    money,
    partition,
    paths,
    pauses,
    postings,
    public,
    responses_agree,
    reviews,
    slots,
    soundness,
    specialists,
    stocks,
    tariffs,
)
from sim.results.laws.evidence import Evidence, Violation

Check: TypeAlias = Callable[[Evidence], Iterable[Violation]]
Count: TypeAlias = Callable[[Evidence], int]

TABLES, TRACE, WORLD, TWO_RUNS = "tables", "trace", "world", "two runs"
NEEDS = {
    "": "",
    TABLES: "",
    TRACE: "needs the traces of the first 20 replications",
    WORLD: "needs the world and the sites: tested, not verified here",
    TWO_RUNS: "needs two runs: tested, not verified here",
}


@dataclass(frozen=True)
class Law:
    """One law.

    Attributes
    ----------
    number : str
        Of the model's list; empty for what the list takes for granted.
    name, says : str
        One word or two, and one plain sentence.
    needs : str
        A key of `NEEDS`.
    check : callable
        Evidence of one replication to the violations found; None for a law over two runs.
    counts : callable
        How many things the check looks at: events, projects, rows.
    first : bool
        Whether the others can only be asked once this one holds.
    """

    number: str
    name: str
    says: str
    needs: str
    check: Check | None
    counts: Count = lambda evidence: 0
    first: bool = False

    def applies(self, evidence: Evidence) -> bool:
        """Whether there is enough to check it."""
        if self.check is None:
            return False
        if self.needs == TABLES:
            return bool(evidence.tables)
        if self.needs == TRACE:
            return evidence.capacity is not None
        return self.needs != WORLD or evidence.world is not None


def _events(*kinds: Kind) -> Count:
    return lambda evidence: len(evidence.of(kinds)) if kinds else len(evidence.log.time)


def _projects(evidence: Evidence) -> int:
    return len(evidence.attributes.entity)


def _steps(evidence: Evidence) -> int:
    return 0 if evidence.capacity is None else len(evidence.capacity.time)


def _rows(*tables: str) -> Count:
    def count(evidence: Evidence) -> int:
        found = [evidence.tables[name] for name in tables if name in evidence.tables]
        return sum(len(columns["replication"]) for columns in found)

    return count


LAWS: tuple[Law, ...] = (
    Law("", "log", "the log is complete, in order of time and in known words",
        "", soundness.log_is_in_order, _events(), first=True),
    Law("", "words", "every coded cell is one of the config's names, no project stands twice",
        TABLES, soundness.words_are_known,
        _rows("projects", "delays", "held", "capacity", "capacity_trace"), first=True),
    Law("1", "called money", "called = paid + open + declined + withdrawn, at every instant",
        "", money.called_money_adds_up, _events(*MONEY_KINDS)),
    Law("1", "calls", "calls are the policy's slices, paid by lenders in their shares",
        "", money.calls_follow_the_policy, _events(Kind.CALL_NOTICED, Kind.PART_PAID)),
    Law("1", "envelope", "net commitments never exceed the envelope",
        "", money.commitments_fit_the_envelope,
        _events(Kind.SELECTED, Kind.DECLINED, Kind.CANCELLED)),
    Law("1, 7", "postings", "the ledger is the log's, to the cent; no vehicle is overdrawn",
        TABLES, postings.postings_balance, _rows("ledger")),
    Law("2", "not negative",
        "no cost, people, days or dollars below zero",
        "", soundness.nothing_is_negative, _events()),
    Law("2", "trace", "steps are in order, nothing negative, no resource left out",
        TRACE, stocks.trace_is_sound, _steps),
    Law("2", "envelope use", "the envelope's steps are the net commitments",
        TRACE, stocks.envelope_is_what_is_committed, _events(Kind.SELECTED)),
    Law("2", "yearly money", "lenders' yearly money is never overdrawn, and lapses as stated",
        TRACE, stocks.yearly_money_is_not_overdrawn,
        _events(Kind.FUNDS_COMMITTED, Kind.PART_DRAWN, Kind.MONEY_RETURNED)),
    Law("2", "servers", "nothing starts beyond capacity, nothing waits beside a free server",
        TRACE, stocks.servers_are_not_overbooked, _steps),
    Law("2", "teams", "teams at work are the proposals in screening",
        TRACE, stocks.teams_are_the_proposals_in_screening,
        _events(Kind.SCREENING_BEGAN, Kind.SCREENING_ENDED)),
    Law("2", "slots", "machines are granted as slots flow in; none lies idle",
        TRACE, slots.slots_are_granted_as_they_flow_in,
        _events(Kind.EQUIPMENT_ORDERED, Kind.EQUIPMENT_RESERVED, Kind.SLOT_GRANTED)),
    Law("2", "megawatts", "loads run on megawatts added or supplied; none lies idle",
        TRACE, slots.megawatts_are_granted_as_they_flow_in,
        _events(Kind.GRID_REQUESTED, Kind.UNIT_ENERGISED)),
    Law("2", "claims", "what other claimants take and what is left is all there is",
        "", claims.claims_and_what_is_left_are_all_there_is, _events(Kind.CLAIM_TAKEN)),
    Law("2", "grants", "specialists granted are no more than the programme can get",
        TRACE, stocks.grants_stay_below_supply, _steps),
    Law("2", "specialists", "needs, supply and grants of every pool follow the market's formula",
        WORLD, specialists.specialists_follow_the_market),
    Law("2", "crews", "crews are shared as the staffing rule says",
        WORLD, crews.crews_follow_the_rule),
    Law("2", "sites", "sites at work want crews, others do not; work is what the clock counted",
        WORLD, crews.only_sites_at_work_have_crews),
    Law("3", "delays", "the delay ledger partitions every project's time, on the chain and peeled",
        "", partition.delays_partition, _projects),
    Law("11", "held", "dollars held are those of units selected, not operating, not given up",
        TABLES, partition.dollars_stand_somewhere, _rows("held")),
    Law("3", "waits", "every wait is on the chain or hidden, once",
        "", partition.waits_are_charged_once, _projects),
    Law("4", "legal path", "every project walks a legal path, takes no step twice and ends once",
        "", paths.paths_are_legal, _events()),
    Law("4", "waiting", "every wait that ends had begun; none outlives its project",
        "", paths.waits_pair_up, _events(Kind.WAIT_BEGAN, Kind.WAIT_ENDED, *TERMINAL)),
    Law("4", "history", "what is on record keeps its date, all else is later",
        "", history.history_is_kept, _events()),
    Law("4", "clocks", "calls are late and missed on their day, not a day off",
        "", pauses.calls_are_late_on_their_day, _events(*pauses.OF_CLOCKS)),
    Law("4", "pauses", "a paused project neither proceeds nor builds",
        "", pauses.pauses_hold_work, _events(Kind.PAUSED, Kind.RESUMED)),
    Law("4", "cancellations", "who is cancelled gives back what the policy says",
        "", cancellations.the_cancelled_give_back, _events(Kind.CANCELLED)),
    Law("5", "one world", "the world is the same under any policy; the log for any order of work",
        TWO_RUNS, None),
    Law("6", "tariffs", "tariffs are raised only with an open breach behind them",
        "", tariffs.tariffs_need_a_breach, _events(*tariffs.BREACHES_AND_TARIFFS)),
    Law("6", "reviews", "a review finds a breach where the log is behind its path, and cures it",
        "", reviews.reviews_find_what_is_behind, _events(*reviews.OF_REVIEWS)),
    Law("1", "signing", "after its last day a lender reserves nothing more",
        "", money.nobody_signs_after_the_last_day,
        _events(Kind.FUNDS_COMMITTED, Kind.SHARE_HANDED_ON)),
    Law("11", "duties", "no duty beyond the baseline without a route in force",
        TABLES, tariffs.duties_need_a_route, _rows("duties")),
    Law("4", "public", "a public turns and calms by turns, on firsts of months, if it is on",
        "", public.publics_turn_and_calm, _events(*public.CHANGES)),
    Law("8", "nothing binds", "with all pools unlimited the gap changes nothing", TWO_RUNS, None),
    Law("9", "shift and scale", "a week later the same, a thousand times the dollars the same",
        TWO_RUNS, None),
    Law("10", "more is better", "more of the only bottleneck is better on average",
        TWO_RUNS, None),
    Law("", "spent", "what is spent lies between the last progress logged and all of it",
        TABLES, cancellations.spending_is_work_done, _projects),
    Law("", "projects", "milestones, amounts, counts and waits of a project are its events'",
        TABLES, agreement.projects_agree, _rows("projects")),
    Law("", "months", "a row a month, and its sums are what the log adds up to",
        TABLES, agreement.months_agree, _rows("timeline")),
    Law("", "delays table", "days by cause and pool are those of the projects",
        TABLES, agreement.delays_table_agrees, _rows("delays")),
    Law("", "capacity", "a row a month and resource; means are the integrals of the steps",
        TABLES, agreement.capacity_table_agrees, _rows("capacity")),
    Law("", "outcomes", "responses are what the log adds up to by their dates",
        TABLES, responses_agree.outcomes_agree, _rows("outcomes")),
)  # fmt: skip


def asked(evidence: Evidence) -> Iterator[tuple[Law, Iterator[Violation]]]:
    """Each law that can be asked, and what breaks it; what cannot be read is asked no further."""
    readable = True

    def broken(law: Law) -> Iterator[Violation]:
        nonlocal readable
        assert law.check is not None
        for violation in law.check(evidence):
            readable = readable and not law.first
            yield violation

    for law in LAWS:
        if law.applies(evidence) and (readable or law.first):
            yield law, broken(law)


def broken_laws(evidence: Evidence) -> Iterator[tuple[Law, Violation]]:
    """Every violation of every law that can be checked on this evidence."""
    return ((law, violation) for law, found in asked(evidence) for violation in found)
