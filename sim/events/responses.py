"""Responses, one number per replication: a row each. Every other list of them is made from these.

What measures a row is a function of `sim.results.tables.responses`, registered there by its name.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.events.ledger_causes import GROUPS, LEDGER_GROUPS
from sim.events.money import PARTIES, SHARING

# Where a row is told without being asked for: in the summary of `sim run`, in that of `sim sweep`,
# and among the headlines, which `sim compare` prints and `--precision` is about.
RUN, SWEEP, HEADLINE = "run", "sweep", "headline"


class Response(NamedTuple):
    """What is said of a response.

    Attributes
    ----------
    name : str
        Of its column in ``outcomes``, of its row in ``summary.csv``.
    unit : str
    words : str
        What summaries and figures call it; {deadline}, {2029_end}, {end}, {gap_date}: those dates.
    meaning : str
        What it is, for the documents; without the moment.
    measure : str
        The function that computes it.
    of : str
        What that measures: an amount, a kind of event, an interval, a group of causes.
    moment : str
        ``deadline``, ``2029_end`` or ``end``: the close of the programme's deadline, of its end, of
        the run-out. "By" it counts what is stamped before.
    shown : tuple of str
        Some of `RUN`, `SWEEP`, `HEADLINE`.
    """

    name: str
    unit: str
    words: str
    meaning: str
    measure: str
    of: str = ""
    moment: str = "end"
    shown: tuple[str, ...] = ()


_BN, _ALL = "USD bn", (RUN, SWEEP, HEADLINE)
_COMMITTED = "selected amounts less declined ones and less what cancelled projects release"
_CALLED = "cash calls noticed of the committed amounts"
_PAID = ("money drawn from the lenders for the committed amounts, less what cancelled projects "
         "returned")  # fmt: skip
_SPENT = "selected amounts × construction progress"
_COMPLETED = "selected amounts of units energised, of projects not yet complete too"
_OPERATING = "projects in operation"
_MEDIAN = ("Kaplan-Meier median over selected projects, declined and cancelled ones censored; "
           "empty when fewer than half get there")  # fmt: skip

_FINISHED = "over projects that run with every unit or were given up"
_MONEY = {  # measure of a party -> unit, words, meaning
    "irr_{}": (
        "share a year",
        "Return of {}",
        f"rate of return on its cash flows to the end of the last "
        f"life, {_FINISHED}; empty without one",
    ),
    "irr_{}_with_unfinished": (
        "share a year",
        "Return of {}, unfinished projects as outlay",
        "the same over all projects; unfinished ones are outlay and what their running units earn",
    ),
    "multiple_{}": ("ratio", "Multiple of {}", f"received over paid in, {_FINISHED}"),
    "npv_usd_bn_{}": (_BN, "Present value, {}", f"at the programme's start, {_FINISHED}"),
    "payback_years_{}": (
        "years",
        "Payback of {}",
        f"from the first outlay until it is back for good, {_FINISHED}; empty if it never is",
    ),
}

# fmt: off
_ROWS = [
    Response("selected_count", "projects", "Projects selected",
             "projects selected, those declined or cancelled later included",
             "events", "selected", shown=(RUN, HEADLINE)),
    Response("committed_usd_bn_by_deadline", _BN, "Committed by {deadline}", _COMMITTED,
             "amount", "committed", "deadline", _ALL),
    Response("committed_usd_bn_by_2029_end", _BN, "Committed by {2029_end}", _COMMITTED,
             "amount", "committed", "2029_end"),
    Response("committed_usd_bn_by_end", _BN, "Committed by {end}", _COMMITTED,
             "amount", "committed"),
    Response("called_usd_bn_by_deadline", _BN, "Called by {deadline}", _CALLED,
             "amount", "called", "deadline"),
    Response("called_usd_bn_by_2029_end", _BN, "Called by {2029_end}", _CALLED,
             "amount", "called", "2029_end"),
    Response("called_usd_bn_by_end", _BN, "Called by {end}", _CALLED, "amount", "called"),
    Response("paid_usd_bn_by_deadline", _BN, "Paid by {deadline}", _PAID,
             "amount", "paid", "deadline", (RUN, HEADLINE)),
    Response("paid_usd_bn_by_2029_end", _BN, "Paid by {2029_end}", _PAID,
             "amount", "paid", "2029_end", (RUN,)),
    Response("paid_usd_bn_by_end", _BN, "Paid by {end}", _PAID, "amount", "paid", shown=_ALL),
    Response("spent_usd_bn_by_deadline", _BN, "Spent on building by {deadline}", _SPENT,
             "amount", "spent", "deadline"),
    Response("spent_usd_bn_by_2029_end", _BN, "Spent on building by {2029_end}", _SPENT,
             "amount", "spent", "2029_end"),
    Response("spent_usd_bn_by_end", _BN, "Spent on building by {end}", _SPENT,
             "amount", "spent", shown=(RUN,)),
    Response("under_construction_usd_bn_at_deadline", _BN, "Under construction at {deadline}",
             "selected amounts of projects with notice to proceed and not cancelled, less their "
             "units built", "amount", "under_construction", "deadline"),
    Response("completed_usd_bn_by_deadline", _BN, "Completed by {deadline}", _COMPLETED,
             "amount", "completed", "deadline", (RUN,)),
    Response("completed_usd_bn_by_2029_end", _BN, "Completed by {2029_end}", _COMPLETED,
             "amount", "completed", "2029_end", _ALL),
    Response("completed_usd_bn_by_end", _BN, "Completed by {end}", _COMPLETED,
             "amount", "completed", shown=_ALL),
    Response("completed_count_by_deadline", "projects", "Projects operating by {deadline}",
             _OPERATING, "events", "operating", "deadline"),
    Response("completed_count_by_2029_end", "projects", "Projects operating by {2029_end}",
             _OPERATING, "events", "operating", "2029_end", (RUN,)),
    Response("completed_count_by_end", "projects", "Projects operating by {end}",
             _OPERATING, "events", "operating", shown=(RUN, HEADLINE)),
    Response("committed_share_of_envelope", "share", "Committed by {deadline}, of the envelope",
             "committed at the close of the deadline over the envelope; empty without an envelope",
             "share_of_envelope", "committed", "deadline"),
    Response("paid_share_of_envelope", "share", "Paid by {deadline}, of the envelope",
             "paid, likewise", "share_of_envelope", "paid", "deadline"),
    Response("days_selection_to_ntp_p50", "days", "Selection to NTP, median", _MEDIAN,
             "median_days", "days_selection_to_ntp", shown=(HEADLINE,)),
    Response("days_proposal_to_operation_p50", "days", "Proposal to operation, median", _MEDIAN,
             "median_days", "days_proposal_to_operation", shown=(HEADLINE,)),
    Response("late_calls", "calls", "Cash calls late",
             "calls unpaid at the close of their due date, to the end of the run",
             "events", "call_late", shown=(RUN, SWEEP)),
    Response("missed_calls", "calls", "Cash calls missed",
             "calls unpaid at the close of their cure period, to the end; every missed call is a "
             "late one too", "events", "call_missed", shown=(RUN,)),
    *(Response(f"{kind}_share_of_{which}_calls", "share", f"{words}, of {said}",
               f"of {said} noticed, those {meaning}, to the end; empty without any",
               "share_of_calls", f"call_{kind}:{which}")
      for kind, words, meaning in (
          ("late", "Calls late", "unpaid at the close of their due date"),
          ("missed", "Calls missed", "unpaid at the close of their cure period"))
      for which, said in (("first", "first calls"), ("later", "later calls"))),
    Response("declined_count", "projects", "Projects declined by Japan",
             "selected projects Japan declined, to the end",
             "events", "declined", shown=(RUN, SWEEP)),
    Response("tariff_raised_days", "days", "Days with raised tariffs",
             "days with raised tariffs, to the end", "tariff_raised_days", shown=(RUN,)),
    *(Response(f"tariff_raised_days_{cause}", "days", f"Days with a duty over {words}",
               f"days on which a duty over {words} is in force, to the end; a day may count for "
               "several kinds of breach", "duty_days", cause)
      for cause, words in (("call_missed", "missed calls"), ("declined", "declines"),
                           ("review_failed", "failed reviews"))),
    *(Response(f"tariff_raised_{by}", "probability", f"P(tariffs raised by {{{moment}}})",
               "whether tariffs were raised at least once", "happened", "tariff_raised", moment,
               (RUN,) if moment == "2029_end" else ())
      for by, moment in (("by_deadline", "deadline"), ("by_2029_end", "2029_end"),
                         ("by_end", "end"))),
    Response("duties_over_breaches_usd_bn", _BN, "Duties over breaches",
             "duties on exports to the United States less those at the baseline's rates, to the "
             "end; what buyers and exporters pay; empty without a trade section",
             "duties_between", " - baseline_"),
    *(Response(f"duties_saved_{case}_usd_bn_by_2029_end", _BN, f"Duties saved by 2029, {words}",
               f"duties at the rates {meaning} less those paid, to the close of the year of "
               "`programme.end`", "duties_between", f"{case}_ - ", "2029_end")
      for case, words, meaning in (
          ("as_threatened", "no deal, as threatened", "threatened without a deal"),
          ("as_courts_left_it", "no deal, as the courts left it",
           "that courts would have left without a deal"))),
    *(Response(f"{public}_turned_by_end", "probability", f"P({words} turns hostile)",
               f"whether {words} turned hostile at least once, to the end", "happened",
               f"{public}_turned")
      for public, words in (("japanese", "the Japanese public"),
                            ("americans", "the American public"))),
    Response("breaches_threatened", "breaches", "Breaches answered by a threat",
             "breaches over which the US threatens higher tariffs, to the end",
             "events", "breach_threatened"),
    Response("specialist_gap_people_on_gap_date", "people", "Specialists short on {gap_date}",
             "over the market pools: what others and the programme want beyond the people there "
             "are, pool by pool at least 0; empty when the gap date is after the end",
             "gap_on_gap_date", shown=(RUN,)),
    Response("specialists_unfilled_share_mean", "share", "Specialists wanted and not granted",
             "people-time wanted by the sites and not granted, over people-time wanted; all pools, "
             "start to end; empty when nobody was wanted", "unfilled_share",
             shown=(RUN, HEADLINE)),
    Response("cancelled_count", "projects", "Projects cancelled",
             "selected projects cancelled, to the end", "events", "cancelled", shown=(RUN,)),
    Response("paused_count", "projects", "Projects paused",
             "projects paused at least once, to the end", "projects_with", "paused"),
    Response("returned_usd_bn_by_end", _BN, "Returned by {end}",
             "money returned by cancelled projects, to the end", "sum_of", "money_returned"),
    Response("topup_usd_bn_by_end", _BN, "Top-ups drawn by {end}",
             "money drawn for overruns and not returned, outside the envelope, to the end",
             "amount", "topup"),
    Response("built_not_energised_usd_bn_at_2029_end", _BN, "Built and not energised at {2029_end}",
             "selected amounts of units built and without power at the close of `programme.end`; "
             "cancelled projects left out", "amount", "dark", "2029_end"),
    *(Response(f"delay_{group}_days_mean", "days", f"Delay: {GROUPS[group]}, mean",
               f"days of the delay ledger charged to {', '.join(f'`{one}`' for one in causes)}, "
               "mean over selected projects; empty when none is selected", "mean_delay", group)
      for group, causes in LEDGER_GROUPS.items()),
    *(Response(name.format(party), unit, words.format(label), meaning, "money", shown=(
          (RUN, SWEEP) if name.format(party) in ("irr_japan", "npv_usd_bn_us") else ()))
      for name, (unit, words, meaning) in _MONEY.items() for party, label in PARTIES.items()),
    Response("lent_below_cost_usd_bn", _BN, "Lent by JBIC below its cost",
             f"loans of JBIC on which it earns less than `cost_per_year`, {_FINISHED}", "money"),
    *(Response(f"peak_exposure_usd_bn_{party}", _BN, f"Largest exposure of {PARTIES[party]}",
               "most principal outstanding at the end of a quarter of the run, interest added to "
               "it included; of the insurer the covered part", "money")
      for party in ("jbic", "insured_lenders", "nexi")),
    Response("flipped_share", "share", "Money in projects that ever pass to nine to one",
             "Japan's money in complete projects of which some cash is shared after the switch, "
             "over all in complete projects", "money", shown=(RUN,)),
    Response("flip_year_p50", "year", "Year by which half of the money has passed to nine to one",
             "likewise by date; empty if less than half ever does", "money"),
    Response("overrun_usd_bn_by_end", _BN, "Overruns borne by partners by {end}",
             "what partners spend beyond their part of the plan, to the end", "money",
             shown=(RUN,)),
    Response("money_back_share", "share", "Projects that give Japan its money back",
             "of the projects that run with every unit or were given up, those from which Japan's "
             "side receives at least what it put in", "money"),
    Response("earns_deemed_rate_share", "share", "Projects on which Japan earns the deemed rate",
             "likewise, those that are worth what Japan put in, discounted at the deemed rate of "
             "each quarter", "money"),
    Response("meets_deemed_amount_share", "share", "Projects that meet their deemed amount",
             "likewise, those that leave nothing of the deemed amounts unpaid in the end",
             "money"),
    *(Response(f"net_usd_bn_{party}", _BN, f"Received less paid in, {PARTIES[party]}",
               f"undiscounted, to the end of the last life, {_FINISHED}; the three add up to the "
               "profit, and a mean over that of the three is a share of it", "money")
      for party in SHARING),
    Response("japanese_orders_usd_bn_by_end", _BN, "Orders to Japanese companies by {end}",
             "Japanese content × what building has taken, partners' part included, to the end",
             "money"),
    Response("projects_per_round", "projects", "Projects taken by a round that takes any",
             "projects selected after the record over the minutes in which any was; empty without",
             "per_round", shown=(RUN,)),
]
# fmt: on

RESPONSES: dict[str, Response] = {row.name: row for row in _ROWS}


def shown_in(place: str) -> tuple[Response, ...]:
    """Responses told without being asked for in `RUN`, `SWEEP` or `HEADLINE`, in their order."""
    return tuple(row for row in RESPONSES.values() if place in row.shown)
