"""What to watch: the five metrics of the articles, and who misses calls."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from sim.report.names import calls_name
from sim.report.page.ground import MAIN
from sim.report.page.parts import Cell, Section, Summary, Table, heads, section
from sim.report.page.words import number, percent, percent_span, span
from sim.study.design.words import plural
from sim.study.findings.dates import in_words
from sim.study.findings.missed_calls import missed_calls

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables


def watch(run: RunTables) -> Section:
    """The five things the articles say to watch, as far as the model has them."""
    rows, programme = Summary(run), run.config.programme
    deadline = in_words(programme.deadline)
    selected, committed = rows.mean("selected_count"), rows.mean(MAIN)
    paid, japan = rows.mean("paid_usd_bn_by_deadline"), rows.median("irr_japan")
    duty = rows.mean("tariff_raised_by_end")
    breaches = rows.value("duties_over_breaches_usd_bn")
    cost = "under $0.1" if 0 < breaches < 0.05 else f"${number(breaches)}"
    over = "" if isnan(breaches) else f"; duties over breaches, mean: {cost} bn"
    nothing = ("off here", "not in this config")
    lines = [
        (
            "Approvals and disbursement",
            f"{number(selected.estimate)} projects selected, ${number(committed.estimate)} bn "
            f"committed and {number(paid.estimate)} paid by {deadline}",
            f"{span(selected.low, selected.high)} projects; {span(committed.low, committed.high)}; "
            f"{span(paid.low, paid.high)}",
        ),
        (
            "Returns",
            *(
                nothing
                if isnan(japan.estimate)
                else (
                    f"Japan’s side earns {percent(japan.estimate, 1)} a year, median",
                    percent_span(japan.low, japan.high, 1),
                )
            ),
        ),
        (
            "Tariffs",
            f"Raised at least once in {percent(duty.estimate)} of runs{over}",
            percent_span(duty.low, duty.high),
        ),
        ("Public reaction", *(public_told(run, rows) or nothing)),
        ("Third countries", *(third_countries_told(run) or nothing)),
    ]
    table = Table(
        "The five metrics of the articles",
        heads("|here|95 %", text="here|95 %"),
        [tuple(Cell(word) for word in line) for line in lines],
    )
    return section("watch", "What to watch", "What to watch", table=table, missed=_missed(run))


def public_told(run: RunTables, rows: Summary) -> tuple[str, str] | None:
    """How often each public turns hostile in a run; None where both are off."""
    reaction = run.config.nature.public_reaction
    sides = {"Japan": ("japanese", reaction.japan), "the US": ("americans", reaction.us)}
    shares = {
        side: rows.mean(f"{of}_turned_by_end") for side, (of, on) in sides.items() if on is not None
    }
    if not shares:
        return None
    said = " and ".join(f"in {side} in {percent(one.estimate)}" for side, one in shares.items())
    spans = "; ".join(percent_span(one.low, one.high) for one in shares.values())
    return f"Turns hostile {said} of runs", spans


def third_countries_told(run: RunTables) -> tuple[str, str] | None:
    """What they take at most, of the config: no luck, so no interval; None without any."""
    claims = run.config.capacity.claims.values()
    if not claims:
        return None
    slots, megawatts, people = (
        sum(max(path.values(), default=0) for one in claims for path in getattr(one, key).values())
        for key in ("slots", "megawatts", "people")
    )
    return (
        f"They take up to {plural(slots, 'slot')} and {number(megawatts)} MW a year, and "
        f"{number(people)} specialists; what ours loses: sim compare with a run without them",
        "given, no luck",
    )


def _missed(run: RunTables) -> Table | None:
    """Who is late with cash calls and misses them; None where nobody ever is."""
    rows = [
        (
            Cell(calls_name(row, run.config), f"{row.which} calls"),
            Cell(number(row.noticed)),
            Cell(number(row.late.estimate), span(max(0, row.late.low), row.late.high)),
            Cell(number(row.missed.estimate), span(max(0, row.missed.low), row.missed.high)),
            Cell(percent(row.runs.estimate), percent_span(row.runs.low, row.runs.high)),
            Cell(number(row.unpaid_usd_bn)),
        )
        for row in missed_calls(run)
    ]
    caption = (
        "Cash calls late and missed, a run, with their 95 %: by the lender that owes most, by "
        "sector, by what it waits for"
    )
    columns = heads(
        "|noticed|late|missed|runs with a miss|unpaid, USD bn", wide="noticed|unpaid, USD bn"
    )
    return Table(caption, columns, rows) if rows else None
