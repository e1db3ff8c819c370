"""``sim returns``: what a finished run says of its money, question by question."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from pathlib import Path

import click

import sim
from sim.cli.texts import NOTHING, number, print_table, say
from sim.config.schema import Config
from sim.errors import DesignError
from sim.events.money import PARTIES
from sim.study.findings.break_even import QUESTIONS
from sim.study.findings.labels import PROGRAMME
from sim.study.findings.money_answers import EARNED, US_SHARE, money_answers
from sim.study.findings.money_bases import ASKED, BASES
from sim.study.findings.money_tools import Answer
from sim.study.findings.worked_spv import READINGS, worked_spv
from sim.study.run.files import put_csv

_FINISHED = "finished projects: every unit runs, or given up"


def print_returns(folder: Path, against: Path | None, worked: bool, quiet: bool) -> None:
    """Write ``returns.csv`` into a run folder, print the answers, and on the last line the file."""
    run = sim.open(folder)
    found = money_answers(run)
    if not found:
        raise DesignError(f"{folder} has no money; accepted: a run whose config has finance")
    other = [] if against is None else money_answers(sim.open(against))
    put_csv(folder / "returns.csv", [one._asdict() for one in found])
    if not quiet:
        told = _Told(run.config, found)
        for sentence in _answers(told):
            say(sentence)
        for table in _TABLES:
            table(told)
        _places(told, _Told(run.config, other), against)
        if worked:
            _worked(run.config)
        click.echo()
    click.echo(folder / "returns.csv")


class _Told:
    """Answers by what they say."""

    def __init__(self, config: Config, answers: Sequence[Answer]) -> None:
        self.config, self.answers = config, answers
        self._by = {(one.question, one.what, one.scope, one.reading): one for one in answers}
        finance = config.finance
        self.reading: str = finance.sharing.reading if finance is not None else ""

    def of(self, question: str) -> list[Answer]:
        return [one for one in self.answers if one.question == question]

    def cell(self, question: str, what: str, scope: str = PROGRAMME, digits: int = 1) -> str:
        """A value in its unit, with its interval."""
        one = self._by.get((question, what, scope, self.reading))
        return NOTHING if one is None else _said(one, digits)

    def names(self, question: str) -> list[str]:
        return list(dict.fromkeys(one.what for one in self.of(question)))

    def scopes(self, question: str) -> list[tuple[str, str]]:
        """Scopes that have answers, with their labels."""
        config = self.config
        labels = {PROGRAMME: "All sectors"} | {k: v.label for k, v in config.sectors.items()}
        labels |= PARTIES
        labels |= {f"gains:{k}": v.label for k, v in config.report.expected_to_gain.items()}
        return [
            (scope, labels.get(scope, scope.removeprefix("state:")))
            for scope in dict.fromkeys(one.scope for one in self.of(question))
        ]


def _said(one: Answer, digits: int) -> str:
    """To whole numbers where luck alone makes one of them unsure."""
    shares = one.unit == "probability" or one.unit.startswith("share")
    low, value, high = (100 * each if shares else each for each in (one.low, one.value, one.high))
    if one.unit == "ratio":
        digits = 2
    elif shares:
        digits = 1
    if (high - low) / 2 >= 1:
        digits = 0
    unit = " %" if shares and not isnan(value) else ""
    told = f"{number(value, digits)}{unit}"
    return told if isnan(low) else f"{told} ({number(low, digits)} to {number(high, digits)})"


def _answers(told: _Told) -> list[str]:
    """Who earns what, in sentences; what no run has is left out."""
    named = {name: what for name, what, *_ in EARNED}
    _, paid, every = BASES

    def clause(words: str, question: str, what: str, scope: str = PROGRAMME) -> str:
        cell = told.cell(question, what, scope)
        return words.format(cell) if cell != NOTHING else ""

    sentences = {
        "Japan's side": (
            clause("present value USD {} bn", "earns", named["npv_usd_bn"], "japan"),
            clause("{} a year, from finished projects", "earns", named["irr"], "japan"),
            clause("its money back from those in {} of runs", "not_short", paid),
            clause("from all in {}", "not_short", every),
        ),
        "The United States": (
            clause("present value USD {} bn", "earns", named["npv_usd_bn"], "us"),
            clause("{} of the profit", "profit", US_SHARE),
        ),
        "Of finished vehicles": (
            clause("{} give Japan its money back", "promises", QUESTIONS["money_back"]),
            clause("{} the deemed rate", "promises", QUESTIONS["deemed_rate"]),
        ),
    }
    return [
        f"{who}: {', '.join(filter(None, said))}." for who, said in sentences.items() if any(said)
    ]


def _earns(told: _Told) -> None:
    title = (
        "What each side earns, with 95 %: present value, mean of the runs; rate and multiple, of "
        f"one and the same cash, their medians. {_FINISHED.capitalize()}"
    )
    _by_scope(told, "earns", title)


def _promises(told: _Told) -> None:
    title = f"Which vehicles keep their promise, under {told.reading}; share of {_FINISHED}"
    _by_scope(told, "promises", title)


def _by_scope(told: _Told, question: str, title: str) -> None:
    """All that is told of a question, a row for each scope."""
    names = told.names(question)
    rows = [
        (label, *(told.cell(question, name, scope) for name in names))
        for scope, label in told.scopes(question)
    ]
    print_table(title, ("", *names), rows)


def _yields(told: _Told) -> None:
    title = "Least yield, a share of cost a year"
    _least_yields(told, title, ("money_back", "deemed_rate", "deemed_amount"))


def _ten(told: _Told) -> None:
    title = "What 10 % a year after principal takes: least yield"
    _least_yields(told, title, ("ten_project", "ten_japan"))


def _least_yields(told: _Told, title: str, asked: Sequence[str]) -> None:
    """Least yields with the part of the law above them, a row for each sector."""
    title += f", under {told.reading}; in brackets the part of the sector's yield law above it"
    all_of_ten = "10 % a year of the cost is left after principal, "
    rows = []
    for scope, label in told.scopes("least_yield"):
        cells = [
            f"{told.cell('least_yield', QUESTIONS[one], scope)} "
            f"({told.cell('law_above', QUESTIONS[one], scope)})"
            for one in asked
        ]
        rows.append((label, *cells))
    print_table(title, ("", *(QUESTIONS[one].removeprefix(all_of_ten) for one in asked)), rows)


def _bases(told: _Told) -> None:
    lost = told.cell("lost", "principal lost in the end")
    print_table(
        f"{ASKED}. Principal lost in the end: USD {lost} bn",
        ("", "USD bn", "P(not short)"),
        [
            (
                f"= {what}" if what in BASES else f"  + {what}",
                told.cell("bases", what),
                told.cell("not_short", what) if what in BASES else "",
            )
            for what in told.names("bases")
        ],
    )


def _profit(told: _Told) -> None:
    title = f"Who ends with the profit, USD bn, {_FINISHED}; above 100 % the others lose"
    _by_scope(told, "profit", title)


def _overruns(told: _Told) -> None:
    rows = [(one.what, _said(one, 1)) for one in told.of("overruns")]
    print_table("Who bore the overruns, to the end of the run", ("", "USD bn"), rows)


def _outflow(told: _Told) -> None:
    facilities, budgets = told.names("outflow"), told.names("budget")
    yardsticks = told.names("yardstick")
    letters = {name: f"({letter})" for letter, name in zip("abcdefgh", yardsticks, strict=False)}
    print_table(
        "What leaves Japan, trillions of yen by fiscal year, means; of the runs, above a yardstick",
        (
            "",
            *facilities,
            *(f"budget {one}" for one in budgets),
            *(f"P above {letters[one]}" for one in yardsticks),
        ),
        [
            (
                scope,
                *(_trillions(told, "outflow", one, scope) for one in facilities),
                *(_trillions(told, "budget", one, scope) for one in budgets),
                *(told.cell("above_yardstick", one, scope).split(" (")[0] for one in yardsticks),
            )
            for scope, _ in told.scopes("outflow")
        ],
    )
    last = told.scopes("outflow")[-1][0]
    for name, letter in letters.items():
        click.echo(f"  {letter} {name}: {_trillions(told, 'yardstick', name, last)}")


def _trillions(told: _Told, question: str, what: str, scope: str) -> str:
    one = told._by[question, what, scope, told.reading]
    return number(one.value / 1000, 2)


def _orders(told: _Told) -> None:
    rows = [
        (
            f"Japanese content, {label.lower() if scope == PROGRAMME else label}",
            told.cell("orders", "Japanese content x spent", scope),
        )
        for scope, label in told.scopes("orders")
    ]
    rows += [(name, told.cell("orders", name)) for name in told.names("orders")[1:]]
    print_table("Orders to Japanese companies, to the end of the run", ("", "USD bn"), rows)


def _ready(told: _Told) -> None:
    days, rate = "days_selection_to_operation", "irr_japan"
    print_table(
        "Projects in operation: permits in hand at selection; fewer days lost to crews than the "
        "middle one of the sector",
        ("", "days from selection to operation", "Japan's return a year"),
        [
            (name, told.cell(days, name, digits=0), told.cell(rate, name))
            for name in told.names(rate)
        ],
    )


def _works(told: _Told) -> None:
    names, projects = told.names("works"), told.config.portfolio.projects
    rows = [
        (projects[name].name, *(told.cell("works", what, name, digits=0) for what in names))
        for name, _ in told.scopes("works")
    ]
    if rows:
        title = "Works that run already and operate by the end: days from proposal"
        print_table(title, ("", *names), rows)


_TABLES = (
    _earns, _bases, _promises, _yields, _ten, _profit, _overruns, _outflow, _orders, _ready, _works
)  # fmt: skip


def _places(told: _Told, other: _Told, against: Path | None) -> None:
    what = "share of committed dollars"
    other.reading = other.answers[0].reading if other.answers else ""
    headers = ["", "this run", *([] if against is None else [str(against)])]
    scopes = dict(told.scopes("places")) | dict(other.scopes("places"))
    print_table(
        "Where the committed dollars go",
        headers,
        [
            (
                label,
                told.cell("places", what, scope),
                *([] if against is None else [other.cell("places", what, scope)]),
            )
            for scope, label in scopes.items()
        ],
    )


def _worked(config: Config) -> None:
    found = worked_spv(config)
    if found is None:
        raise DesignError("the worked vehicle is a gas plant; accepted: a config with gas_power")
    money = [(what, f"{cents / 100:,.2f}") for what, cents in found.first.items()]
    print_table("The Ohio gas plant, T1-01, made up from 2026-05-01 on; dollars", ("", ""), money)
    print_table(
        "Year by year, dollars",
        ("year", *list(found.years[0])[2:]),
        [
            (
                "-".join(dict.fromkeys(f"{year[end]}" for end in ("first_year", "last_year"))),
                *(f"{cents / 100:,.2f}" for cents in list(year.values())[2:]),
            )
            for year in found.years
        ],
    )
    print_table(
        "Rates of return a year",
        ("reading", *PARTIES.values()),
        [
            (
                reading,
                *(
                    one["why"] or f"{100 * one['irr']:.2f} %"
                    for one in found.returns
                    if one["reading"] == reading
                ),
            )
            for reading in READINGS
        ],
    )
