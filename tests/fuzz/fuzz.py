"""Mutated configs, loaded, checked and in part run: what came of them, as a table.

    python tests/fuzz/fuzz.py --cases 5000 [--first 0] [--seed 0]

Every case goes through the command line in this process. It fails with another exit code than 0
or 2, a Python warning, a hang, more than 1 GiB in all, a broken law, a negative amount, or when it
does not do what its label says. Exit 1 names the cases that failed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import resource
import shutil
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from mutations import EQUAL, FILES, FREE, REFUSE, Case, case
from support.law_runs import Run

import sim
from sim.cli import cli
from sim.config import config_hash
from sim.errors import SimError
from sim.events import MONEY_KINDS
from sim.results.laws import broken_laws

MOST_BYTES, MOST_SECONDS = 2**30, 60
EVERY = 3  # of the accepted ones so many are run


class Hang(BaseException):
    """A case took too long."""


def _ring(*_: object) -> None:
    raise Hang


def call(*args: str) -> tuple[int, str]:
    """Exit code and what stderr said of a command line in this process."""
    err = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(err):
        try:
            cli.main(list(args), prog_name="sim")
        except SystemExit as stop:
            return int(stop.code or 0), err.getvalue()
    raise AssertionError("no exit")


def broken_law(path: str) -> str:
    """Run one replication; return what is wrong with what it left, empty when nothing is."""
    run = Run.of(sim.load(path).config, seed=1)
    if violations := [f"{law.name}: {violation}" for law, violation in broken_laws(run.evidence)]:
        return f"{len(violations)} violations, such as {violations[0]}"
    log = run.left.log
    money = [log.amount[log.kind == kind] for kind in MONEY_KINDS]
    if any((amounts < 0).any() for amounts in money) or (run.left.attributes.cost_cents < 0).any():
        return "a negative amount"
    return ""


def tried(one: Case, runs: bool) -> tuple[str, str]:
    """What came of a case in the current folder: refused, accepted or run; and what is wrong."""
    for name, text in FILES.items():
        Path(name).write_text(text, "utf-8")
    for name, raw in one.files.items():
        Path(name).write_bytes(raw)
    verb = ["check"] if one.load == "sweep.yaml" else ["schema", "--paths"]
    code, err = call(*verb, one.load)
    if code not in (0, 2):
        return "failed", f"exit {code}: {err[-600:]}"
    if code == 2:
        if one.must == EQUAL:
            return "refused", f"must be equal: {err[:300]}"
        if one.place and f"{one.place[0]}:{one.place[1]}: " not in err:
            return "refused", f"not at {one.place}: {err[:300]}"
        return "refused", ""
    if one.must == REFUSE:
        return "accepted", "must be refused"
    if one.must == EQUAL:
        other = "equal.yaml" if Path("equal.yaml").exists() else "plain.yaml"
        if config_hash(sim.load(one.load).config) != config_hash(sim.load(other).config):
            return "accepted", "must be equal, and has another hash"
    if not runs or one.load == "sweep.yaml":
        return "accepted", ""
    code, err = call("check", one.load)
    if code not in (0, 2):
        return "run", f"check: exit {code}: {err[-600:]}"
    return "run", broken_law(one.load)


def main(argv: list[str] | None = None) -> int:
    """Try so many cases, print the table, and say what failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=150)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(argv)
    signal.signal(signal.SIGALRM, _ring)
    counts: Counter[tuple[str, str]] = Counter()
    failures, home = [], Path.cwd()
    for number in range(asked.first, asked.first + asked.cases):
        one = case(number, asked.seed)
        folder = tempfile.mkdtemp()
        os.chdir(folder)
        Path("plain.yaml").write_text(FILES["base.yaml"], "utf-8")
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            signal.alarm(MOST_SECONDS)
            try:
                outcome, wrong = tried(one, number % EVERY == 0)
            except Hang:
                outcome, wrong = "failed", f"longer than {MOST_SECONDS} s"
            except SimError as error:
                outcome, wrong = "failed", f"{type(error).__name__}: {error}"
            except Exception:
                outcome, wrong = "failed", traceback.format_exc()[-900:]
            signal.alarm(0)
        wrong = wrong or "; ".join(f"warning: {one.message}" for one in warned)
        os.chdir(home)
        shutil.rmtree(folder)
        counts[one.must, "FAILED" if wrong else outcome] += 1
        if wrong:
            failures.append(f"case {number}, {one.must}, {one.what[:120]}\n    {wrong}")
    outcomes = ("refused", "accepted", "run", "FAILED")
    print(f"{'':14}" + "".join(f"{name:>10}" for name in (*outcomes, "all")))
    for must in (REFUSE, EQUAL, FREE):
        row = [counts[must, outcome] for outcome in outcomes]
        print(f"{must:14}" + "".join(f"{n:10,}" for n in (*row, sum(row))))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{asked.cases:,} cases, seed {asked.seed}; most memory {most / 2**20:,.0f} MiB")
    if most > MOST_BYTES:
        failures.append(f"more than {MOST_BYTES / 2**20:,.0f} MiB")
    print("\n".join(failures), end="\n" if failures else "")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
