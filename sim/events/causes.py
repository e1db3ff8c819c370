"""Why something waits, or why it happened: a row per cause. Other lists are made from these."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

from sim.events import ledger_causes as ledger


class CauseRow(NamedTuple):
    """What is said of a cause.

    Attributes
    ----------
    words : str
        In the story of a project: what it waits for, or why something happened. {who}: the
        resource, {n}: part counted from 1.
    waits_for : str
        The same for the documents; ``""`` for a cause that is no wait.
    charged : int, optional
        Which cause of the delay ledger its time goes to; None where other events divide it.
    place : str
        Where the ledger charges its waits: ``main`` on the line from proposal to selection,
        ``site`` where they stop a site, ``beside`` where they only count as hidden. ``""`` where it
        reads other events.
    stops : str
        Why building stops, in the story; {nth}: part in words.
    several : str
        Of what several waits at once count each.
    note : str
        What the documents say of a cause that is no wait.
    """

    words: str
    waits_for: str = ""
    charged: int | None = None
    place: str = ""
    stops: str = ""
    several: str = ""
    note: str = ""


class Cause(IntEnum):
    """Why something waits or why it happened. ``NONE`` stands for no cause.

    A cause's number is its place in this list and its code in every table: new ones at the end.
    """

    row: CauseRow

    def __new__(cls, *row: Any) -> Cause:
        """A member from its row, which Enum hands over field by field."""
        cause = int.__new__(cls, len(cls.__members__))
        cause._value_ = int(cause)
        cause.row = CauseRow(*row)
        return cause

    # fmt: off
    NONE = CauseRow("")
    RECORDED = CauseRow("on record",
                        note="it is on record, or follows from the record before the as-of date")
    TEAM_QUEUE = CauseRow("a screening team", "a team, to be screened",
                          ledger.TEAM_QUEUE, "main")
    CC_WAIT = CauseRow("the Consultation Committee",
                       "a place on the agenda of the Consultation Committee",
                       ledger.CC_WAIT, "main")
    IC_WAIT = CauseRow("the Investment Committee",
                       "a place on the agenda of the Investment Committee",
                       ledger.IC_WAIT, "main")
    SELECTION_WAIT = CauseRow("the President's selection",
                              "the President's choice, once recommended",
                              ledger.SELECTION_WAIT, "main")
    APPRAISAL_QUEUE = CauseRow("the appraisal desks of {who}", "a desk that appraises",
                               ledger.APPRAISAL, several="lender")
    APPRAISAL = CauseRow("the appraisal of {who}",
                         "the end of a lender's appraisal, once the first call is noticed and "
                         "Japan has decided", ledger.APPRAISAL, several="lender")
    CONSULTATION = CauseRow("Japan's decision", "Japan's decision",
                            ledger.CONSULTATION)
    FUNDING_DESK = CauseRow("papers at the {who} desks",
                            "the papers of a part of a call, at a lender's desk",
                            ledger.FUNDING_DESK, several="lender")
    FUNDING_WINDOW = CauseRow("{who}'s earliest payment date",
                              "the earliest payment date, once the papers are done",
                              ledger.FUNDING_WINDOW, several="lender")
    FUNDING_COMMITMENT = CauseRow("{who}'s yearly commitments",
                                  "a facility's yearly commitments",
                                  ledger.FUNDING_MONEY, several="lender")
    FUNDING_MONEY = CauseRow("{who}'s yearly cash", "a facility's yearly cash",
                             ledger.FUNDING_MONEY, several="lender")
    PERMIT_QUEUE = CauseRow("a place at the permit agency", "a desk at the permit agency",
                            ledger.PERMIT_QUEUE)
    CASH_STARVED = CauseRow("an unpaid cash call, building stopped",
                            "the next call to be paid; the site stands still",
                            ledger.CASH_STARVED, "site", "{nth} cash call not yet paid")
    FIRST_CALL = CauseRow("the first cash call to be paid",
                          "payment of the first call, from its notice")
    PERMITS = CauseRow("permits", "permits, once the first call is paid; or, early works done, on "
                       "a site that stands still", stops="early works done, waits for permits")
    PROSPECTS_BELOW_HURDLE = CauseRow("repayment prospects below the hurdle",
                                      note="repayment prospects below the hurdle")
    NO_BENEFIT_TO_JAPAN = CauseRow("no benefit to Japanese companies",
                                   note="no benefit to Japanese companies")
    CALL_MISSED = CauseRow("call missed", note="a call was missed")
    DECLINED = CauseRow("declined", note="Japan declined")
    PAID = CauseRow("paid", note="the missed call is paid")
    SETTLED = CauseRow("settled", note="a decline is settled")
    DOES_NOT_FIT = CauseRow("does not fit into what is left",
                            note="reserved: no version has logged it, codes behind it stand")
    HISTORY = CauseRow("the record to end (nothing unrecorded happens before)",
                       "the day after `programme.as_of`: nothing unrecorded happens before",
                       ledger.RECORDED, "site")
    EQUIPMENT_SLOT = CauseRow("makers' slots for {who}",
                              "makers' slots for all units ordered, from the order on",
                              ledger.EQUIPMENT, several="maker")
    EQUIPMENT = CauseRow("the {who} of unit {n}", "the machines of a unit, delivered and "
                         "installed; the site stands still", ledger.EQUIPMENT, "site",
                         "waits for the machines of unit {n}")
    GRID_CONNECTION = CauseRow("the grid connection of unit {n}",
                               "the connection works, once a unit is built",
                               ledger.POWER, "beside", several="unit")
    POWER = CauseRow("megawatts of {who} for unit {n}",
                     "megawatts of the region, once a unit is built and connected",
                     ledger.POWER, "beside", several="unit")
    CREWS_WAITED = CauseRow("a crew", "a crew; the site is ready and nobody works on it. Not under "
                            "`fair_share`, which leaves nobody out", ledger.CREWS_WAITED)
    PAUSED = CauseRow("the end of the pause", "the end of a pause that alone holds back notice to "
                      "proceed or the return to a site", ledger.PAUSED, "site", "paused")
    CANCELLED = CauseRow("cancelled", note="the project was cancelled")
    DEVELOPMENT = CauseRow("development",
                           "engineering, contracts, land and financial close, once the first call "
                           "is paid and permits are granted", ledger.DEVELOPMENT)
    IMMATERIAL = CauseRow("too small to count", note="a breach is below `materiality_usd_bn`")
    NOT_ACTED_ON = CauseRow("large enough, but not acted on",
                            note="the US does not act on a breach")
    NOT_SIGNED = CauseRow("threatened, but no order is signed",
                          note="a threat ends without an order")
    ROUTE_LAPSED = CauseRow("the route ends", note="a duty has lasted as long as its route allows")
    UNAPPRAISED = CauseRow("the lenders' appraisal, ahead of selection or the notice",
                           "the lenders' appraisal, ahead of selection or the notice",
                           ledger.APPRAISAL, "main")
    REFUSED = CauseRow("a lender refuses", note="a lender refused after selection")
    COURT = CauseRow("by a court", note="a court ended the route")
    COURSE_ENDED = CauseRow("the course has ended", note="a dated event gave the project up")
    REVIEW_FAILED = CauseRow("behind the path", note="a review found the programme behind")
    CURED = CauseRow("back on the path", note="a review found the programme back")
    PARTNERS_FINISH = CauseRow("partners finish it for their own money",
                               note="partners pay what Japan is not called for any more")
    SIGNING_ENDED = CauseRow("a lender signs no more",
                             note="nothing was signed by a lender's last day")
    # fmt: on


CAUSES: tuple[str, ...] = tuple(cause.name.lower() for cause in Cause)
WAITS: tuple[Cause, ...] = tuple(cause for cause in Cause if cause.row.waits_for)


def charged_at(*places: str) -> dict[int, int]:
    """Cause of the delay ledger by the code of each wait that stands in one of these places."""
    return {
        int(cause): cause.row.charged
        for cause in WAITS
        if cause.row.place in places and cause.row.charged is not None
    }
