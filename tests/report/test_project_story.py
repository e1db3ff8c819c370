"""The dated story of one project: worked by hand, and for what it refuses."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from made_runs import delays_of, small_config, small_run
from support.configs import minimal_tree

from sim.config import Config
from sim.config.capacity import Bidding
from sim.errors import DesignError
from sim.events import LEDGER_CAUSES, Cause, Kind
from sim.report.story.project import tell_project

START = date(2026, 1, 1)
BN = 1e9


def hand_config() -> Config:
    """Every day is open, so a window of n business days is n days."""
    tree = minimal_tree()
    calls = dict(tree["policy"]["calls"], reading="floor", calendar="every_day")
    calls.update(
        first_window_business_days=45, later_window_business_days=10, grace_business_days=10,
        cure_business_days=20,
    )  # fmt: skip
    projects = dict(tree["portfolio"]["projects"])
    plain = dict(projects["A-01"], name="Plant B")
    projects["B-01"] = dict(plain, counted_in="A-01")
    projects["S-01"] = dict(plain, name="Maker of pumps", kind="supplier")
    return small_config(
        policy=dict(tree["policy"], calls=calls), portfolio={"projects": projects}, name="hand"
    )


def event(day: str, kind: Kind, *, at_close: bool = False, **rest: Any) -> dict[str, Any]:
    moment = datetime.fromisoformat(day) + timedelta(days=int(at_close))
    cause: Cause = rest.get("cause", Cause.NONE)
    return {
        "replication": 0,
        "time": int((moment.date() - START).days * 1440 + moment.hour * 60),
        "date": pd.Timestamp(moment),
        "project": rest.get("project", "A-01"),
        "event": kind.name.lower(),
        "resource": rest.get("resource"),
        "cause": cause.name.lower() if cause else None,
        "part": rest.get("part", 0),
        "amount": rest.get("amount", 0.0),
    }


def wait(begin: str, end: str, cause: Cause, **rest: Any) -> list[dict[str, Any]]:
    return [
        event(begin, Kind.WAIT_BEGAN, cause=cause, **rest),
        event(end, Kind.WAIT_ENDED, cause=cause, **rest),
    ]


def hand_events() -> pd.DataFrame:
    """Plant A: one revision, a first call missed for want of commitments, one stop, two units."""
    happened = [
        event("2026-01-05", Kind.PROPOSED, amount=10 * BN, cause=Cause.RECORDED),
        *wait("2026-01-05", "2026-01-15", Cause.TEAM_QUEUE, resource="teams"),
        event("2026-01-15", Kind.SCREENING_BEGAN),
        event("2026-02-04", Kind.SCREENING_ENDED),
        event("2026-02-04", Kind.REVISION_BEGAN, cause=Cause.PROSPECTS_BELOW_HURDLE),
        event("2026-03-06", Kind.REVISION_ENDED),
        event("2026-03-06", Kind.SCREENING_BEGAN, part=1),
        event("2026-03-26", Kind.SCREENING_ENDED, part=1),
        event("2026-03-26", Kind.DOCKETED),
        event("2026-03-26", Kind.ENDORSED),
        event("2026-03-26", Kind.RECOMMENDED),
        event("2026-03-26", Kind.APPRAISAL_BEGAN, resource="jbic_desks"),
        *wait("2026-03-26", "2026-04-25", Cause.SELECTION_WAIT),
        event("2026-04-05", Kind.APPRAISAL_ENDED, resource="jbic_desks"),
        event("2026-04-25", Kind.SELECTED, amount=10 * BN),
        event("2026-04-25", Kind.CALL_NOTICED, amount=5 * BN),
        event("2026-04-25", Kind.FUNDING_DECIDED),
        event("2026-04-25", Kind.PERMITS_BEGAN),
        *wait("2026-04-25", "2026-07-30", Cause.FIRST_CALL),
        *wait("2026-04-27", "2026-06-09", Cause.FUNDING_WINDOW, resource="jbic_cash"),
        event("2026-04-27", Kind.PART_DOCUMENTED, resource="jbic_desks"),
        event("2026-06-19", Kind.CALL_LATE, amount=5 * BN, at_close=True),
        event("2026-07-09", Kind.CALL_MISSED, amount=5 * BN, at_close=True),
        event("2026-07-10", Kind.BREACH_OPENED, cause=Cause.CALL_MISSED),
        event("2026-07-10", Kind.BREACH_THREATENED),
        event("2026-07-25", Kind.PERMIT_WORK_ENDED),
        event("2026-07-25", Kind.PERMITS_GRANTED),
        *wait("2026-06-09", "2026-07-30", Cause.FUNDING_COMMITMENT, resource="jbic_commitments"),
        event("2026-07-30", Kind.FUNDS_COMMITTED, resource="jbic_commitments", amount=10 * BN),
        event("2026-07-20", Kind.PART_DRAWN, resource="jbic_cash", amount=1 * BN),
        event("2026-07-30", Kind.PART_DRAWN, resource="jbic_cash", amount=4 * BN),
        event("2026-07-30", Kind.PART_PAID, resource="jbic_cash", amount=5 * BN),
        event("2026-07-30", Kind.CALL_PAID, amount=5 * BN),
        event("2026-07-30", Kind.BREACH_CLOSED, cause=Cause.PAID),
        event("2026-07-30", Kind.NTP_ISSUED),
        event("2026-07-30", Kind.BUILDING_BEGAN),
        event("2027-07-30", Kind.CALL_NOTICED, part=1, amount=5 * BN),
        event("2027-08-04", Kind.BUILDING_STOPPED, part=1, amount=0.5, cause=Cause.CASH_STARVED),
        *wait("2027-08-04", "2027-08-09", Cause.CASH_STARVED, part=1),
        event("2027-08-09", Kind.PART_DRAWN, part=1, resource="jbic_cash", amount=5 * BN),
        event("2027-08-09", Kind.CALL_PAID, part=1, amount=5 * BN),
        event("2027-08-09", Kind.BUILDING_BEGAN, amount=0.5),
        event("2028-08-01", Kind.UNIT_BUILT, amount=4 * BN),
        event("2028-08-01", Kind.UNIT_ENERGISED, amount=4 * BN),
        event("2028-09-01", Kind.UNIT_BUILT, part=1, amount=6 * BN),
        event("2028-09-01", Kind.BUILT),
        event("2028-09-01", Kind.UNIT_ENERGISED, part=1, amount=6 * BN),
        event("2028-09-01", Kind.OPERATING, amount=10 * BN),
    ]
    # Made in the order of the tale; a log is in order of time, and the first of a pair comes first.
    table = pd.DataFrame(happened).sort_values("time", kind="stable", ignore_index=True)
    return table.assign(seq=range(len(table)))


def hand_projects(**changes: Any) -> pd.DataFrame:
    row = {
        "replication": 0, "project": "A-01", "sector": "gas", "named": True, "units": 2,
        "cost_usd_bn": 10.0, "commitment_usd_bn": 10.0, "selected_usd_bn": 10.0, "cost_ratio": 1.25,
        "japanese_content_share": 0.5, "prospects_share": 0.2, "build_days_planned": 700.0,
        "status": "operating", "censored": False,
        "proposed": pd.Timestamp("2026-01-05"), "operating": pd.Timestamp("2028-09-01"),
    }  # fmt: skip
    days = {
        "reviewing": (70, 0), "team_queue": (10, 0), "selection_wait": (30, 0),
        "appraisal": (0, 10), "funding_window": (45, 0), "funding_money": (51, 0),
        "permit_work": (0, 91), "crews_short": (59, 0), "nominal_building": (700, 0),
        "cash_starved": (5, 0),
    }  # fmt: skip
    for cause in LEDGER_CAUSES:
        on_the_chain, hidden = days.get(cause, (0, 0))
        row[f"delay_{cause}_days"], row[f"hidden_{cause}_days"] = float(on_the_chain), float(hidden)
        row[f"drag_{cause}_days"] = 51.0 if cause == "funding_money" else 0.0
    return pd.DataFrame([{**row, **changes}])


HAND_STORY = """\
A-01: Plant A
Gas power; cost $10.0 bn, commitment $10.0 bn, 2 units
Promises 20.0 % of its cost a year (hurdle 8 %); 50 % Japanese content
hand, replication 0

2026-01-05               proposed: it would need $10.0 bn (on record)
2026-01-15               ... 10 days waiting for a screening team
2026-01-15               screening round 1 begins
2026-02-04               fails screening round 1: repayment prospects below the
                         hurdle; goes back for revision
2026-03-06               revision 1 ends, after 30 days
2026-03-06               screening round 2 begins
2026-03-26  +80 days     passes both tests of screening; before the Consultation
                         Committee
2026-03-26               endorsed by the Consultation Committee
2026-03-26               recommended to the President by the Investment
                         Committee
2026-03-26               the lenders' appraisal begins
2026-04-05               appraisal done by JBIC, after 10 days
2026-04-25  +30 days     selected by the President: $10.0 bn committed
2026-04-25               1st cash call of $5.0 bn noticed at selection; earliest
                         payment 2026-06-09, due 2026-06-19
2026-04-25               Japan decides to fund
2026-04-25               work on permits begins
2026-06-19               1st cash call late: $5.0 bn still unpaid at the close
                         of the due date
2026-07-09               1st cash call missed: $5.0 bn still unpaid when the
                         cure period closed; a breach opens; the US threatens
                         higher tariffs over it
2026-07-25               all permits granted, after 91 days
2026-07-30               1st cash call of $5.0 bn paid after 96 days: 2026-07-20
                         JBIC $1.0 bn; 2026-07-30 JBIC $4.0 bn; 40 days late;
                         held up 51 days by JBIC's yearly commitments; the
                         breach is closed: paid, after 20 days
2026-07-30  +96 days     notice to proceed; building begins
2027-07-30               2nd cash call of $5.0 bn noticed ahead of 50 %
                         progress; earliest payment 2027-08-09, due 2027-08-19
2027-08-04               building stops at 50 % progress: 2nd cash call not yet
                         paid
2027-08-09               2nd cash call of $5.0 bn paid after 10 days: JBIC
                         $5.0 bn
2027-08-09               building goes on at 50 % progress, after 5 days
2028-08-01               unit 1 built ($4.0 bn)
2028-09-01  +764 days    unit 2 built ($6.0 bn); in operation, $10.0 bn
                         completed

In the end: operating, at 1.25 times the cost estimated.

What held it up
Drag answers why it is late: by so many days it would come sooner without that
cause alone; held says at which cause each day from its proposal on 2026-01-05
to operation on 2028-09-01 stood, and chain charges the same days to what
cleared last. Hidden: beside the chain. Held and chain add up; hidden and drag
do not.

                                          this replication
                                   held chain hidden  drag
  review: screening and revision     70    70
  review: queue for a team           10    10
  rounds: the President's choice     30    30
  appraisal: the lenders' work                    10
  cash calls: earliest payment       45    45
  cash calls: yearly money           51    51           51
  permits: work                                   91
  crews: too small                   59    59
  building: typical time            700   700
  cash calls: unpaid, stopped         5     5
                                   ----  ----
  together                          970   970
Crews too small: all crafts alike 59 days."""


def hand_days(projects: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return projects, delays_of(projects)


def test_the_story_of_a_hand_made_project():
    assert (
        tell_project(hand_events(), *hand_days(hand_projects()), hand_config(), "A-01")
        == HAND_STORY
    )


@pytest.mark.parametrize(
    ("history", "selected_date", "said"),
    [
        (
            "ignore",
            None,
            "commitment $10.0 bn ($9.4 bn without the premium for specialists), 2 units",
        ),
        ("recorded", date(2026, 2, 10), "commitment $10.0 bn, 2 units"),
        (
            "ignore",
            "2026-02-10",
            "commitment $10.0 bn ($9.4 bn without the premium for specialists), 2",
        ),
    ],
)
def test_the_announced_sum_is_told_beside_what_a_selection_reserves(
    history: str, selected_date: date | None, said: str
):
    config = hand_config()
    specialists = config.capacity.specialists.model_copy(
        update={"bidding": Bidding(premium_share=0.2, pay_share_of_cost=0.3)}
    )
    plant = config.portfolio.projects["A-01"].model_copy(update={"selected_date": selected_date})
    config = config.model_copy(
        update={
            "capacity": config.capacity.model_copy(update={"specialists": specialists}),
            "programme": config.programme.model_copy(update={"history": history}),
            "portfolio": config.portfolio.model_copy(
                update={"projects": dict(config.portfolio.projects) | {"A-01": plant}}
            ),
        }
    )
    text = tell_project(hand_events(), *hand_days(hand_projects()), config, "A-01", width=200)
    assert said in text


@pytest.mark.parametrize(
    ("hurdle", "history", "dates", "said"),
    [
        (0.25, "recorded", ("selected_date", "recommended_date"), "25 %, but selected on record)"),
        (0.25, "recorded", ("recommended_date",), "25 %, but recommended on record)"),
        (0.25, "recorded", (), "(hurdle 25 %); "),
        (0.25, "ignore", ("selected_date",), "(hurdle 25 %); "),
        (0.2, "recorded", ("selected_date",), "(hurdle 20 %); "),
    ],
)
def test_what_promises_less_than_the_hurdle_says_that_the_record_took_it_on(
    hurdle: float, history: str, dates: tuple[str, ...], said: str
):
    config = hand_config()
    known = dict.fromkeys(("selected_date", "recommended_date")) | dict.fromkeys(
        dates, date(2026, 2, 10)
    )
    plant = config.portfolio.projects["A-01"].model_copy(update=known)
    screening = config.policy.screening.model_copy(update={"hurdle_share": hurdle})
    config = config.model_copy(
        update={
            "policy": config.policy.model_copy(update={"screening": screening}),
            "programme": config.programme.model_copy(update={"history": history}),
            "portfolio": config.portfolio.model_copy(
                update={"projects": dict(config.portfolio.projects) | {"A-01": plant}}
            ),
        }
    )
    text = tell_project(hand_events(), *hand_days(hand_projects()), config, "A-01", width=200)
    assert said in text


def test_a_project_that_is_not_finished_says_what_it_still_waits_for_and_owes():
    events = hand_events()
    events = events[events["date"] <= "2026-07-21"]
    projects = hand_projects(status="waiting_for_ntp", censored=True)

    told = tell_project(events, *hand_days(projects), hand_config(), "A-01", width=200)

    assert "Not finished when the run ends on 2035-12-31: waiting for ntp." in told
    assert "  still waiting for JBIC's yearly commitments" in told
    assert "  1st cash call: $4.0 bn of $5.0 bn unpaid, due 2026-06-19" in told
    assert "from its proposal on 2026-01-05 to the end of the run on 2035-12-31" in told


def test_a_generated_project_of_the_engine_is_told_from_proposal_to_operation():
    run = small_run(5)
    row = run.projects[run.projects["operating"].notna() & ~run.projects["named"]].iloc[0]

    told = tell_project(
        run.events, run.projects, run.delays, run.config, row["project"], row["replication"]
    )

    assert told.startswith(f"{row['project']}: a generated project\nGas power; cost $")
    assert f"{row['selected'].date()}" in told
    assert f"{row['operating'].date()}" in told
    assert "In the end: operating" in told


def test_the_due_date_in_a_notice_is_the_engines():
    """Minimal config: payment until the 45th day open in both countries, worked with a calendar."""
    run = small_run(1)
    row = run.projects[run.projects["project"] == "A-01"].iloc[0]
    from sim.calendars import business_calendar

    due = business_calendar("both", japan_bank_days=True).due(row["selected"].date(), 45)

    told = tell_project(run.events, run.projects, run.delays, run.config, "A-01", width=200)

    assert f"1st cash call of $5.0 bn noticed at selection; due {due}" in told


# --- what cannot be told --------------------------------------------------------------------


def told(project: str, replication: int = 0, projects: pd.DataFrame | None = None) -> str:
    table = hand_projects() if projects is None else projects
    return tell_project(hand_events(), *hand_days(table), hand_config(), project, replication)


def test_an_unknown_project_is_refused_with_the_nearest_ids():
    with pytest.raises(DesignError, match=r"there is no project 'A-1'; nearest: A-01 \(Plant A\)"):
        told("A-1")


def test_a_name_is_answered_with_its_id():
    with pytest.raises(DesignError, match=r"no project 'pumps'; nearest: S-01 \(Maker of pumps\)"):
        told("pumps")


def test_a_supplier_is_never_built():
    with pytest.raises(DesignError, match=r"S-01 is a supplier, never built itself"):
        told("S-01")


def test_a_row_that_became_another_project_names_it():
    with pytest.raises(DesignError, match=r"B-01 is counted in A-01: ask for that project"):
        told("B-01")


def test_a_project_of_other_replications_says_which():
    others = [hand_projects(project="gas-007", replication=number) for number in range(3, 15)]
    projects = pd.concat([hand_projects(), *others], ignore_index=True)

    with pytest.raises(
        DesignError,
        match=r"gas-007 is not proposed in replication 0; it is in 12 of 13 replications: "
        r"3, 4, 5, 6, 7, 8, 9, 10 and 4 more",
    ):
        told("gas-007", projects=projects)


def test_an_id_the_run_could_have_had_but_never_had_is_told_from_a_wrong_one():
    projects = hand_projects()
    projects["project"] = pd.Categorical(["A-01"], categories=["A-01", "gas-001"])

    with pytest.raises(DesignError, match=r"gas-001 is not proposed in this run of 1 replication$"):
        told("gas-001", projects=projects)


def test_a_replication_the_run_does_not_have_is_refused():
    with pytest.raises(DesignError, match=r"no replication 4 in this run; accepted: 0 to 0"):
        told("A-01", replication=4)
