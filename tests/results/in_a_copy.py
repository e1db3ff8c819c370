"""Run by test_a_row_is_enough with a copy of the package that has a cause and a response more.

beta of the hand-made replication is recommended on 10 March and selected on 31 March at 23:59; here
it waits for Congress in between.
"""

import contextlib
import csv
import io
import json
import runpy
import sys
from pathlib import Path

import numpy as np
from support.hand_made import hand_config, hand_replication, with_log

import sim
import sim.api
from sim.cli.show import print_summary
from sim.events import CAUSES, Cause, EventLog, Kind
from sim.events.schemas import TABLES
from sim.report.causes import in_words
from sim.report.figures.delay_bars import causes_of
from sim.report.story.happenings import of_projects
from sim.report.story.sentences import sentence
from sim.results import Horizon, arrow_tables, some_tables
from sim.results.laws import Yardstick
from sim.results.laws.evidence import evidence_of
from sim.results.laws.partition import delays_partition, waits_are_charged_once
from sim.study.findings.labels import response_label

copy, minimal = Path(sys.argv[1]), sys.argv[2]
made = hand_replication()
log, beta = made.log, made.names.projects.index("beta")
mine = log.project == beta
begin, end = (
    int(log.time[mine & (log.kind == kind)][0]) for kind in (Kind.RECOMMENDED, Kind.SELECTED)
)
more = ((begin, Kind.WAIT_BEGAN), (end, Kind.WAIT_ENDED))
rows = np.array([(time, beta, kind, -1, Cause.CONGRESS_WAIT, 0, 0) for time, kind in more])
columns = [
    np.concatenate([getattr(log, name), rows[:, place]])
    for place, name in enumerate(("time", "project", "kind", "resource", "cause", "part", "amount"))
]
order = np.argsort(columns[0], kind="stable")
made = with_log(made, EventLog(*(column[order] for column in columns)))
evidence = evidence_of(made, Yardstick(hand_config()))
assert not [*delays_partition(evidence), *waits_are_charged_once(evidence)]
tables = arrow_tables(some_tables([made], Horizon(hand_config()), TABLES), made.names)
own = next(row for row in tables["projects"].to_pylist() if row["project"] == "beta")
logged = tables["events"].to_pylist()
frame = tables["events"].to_pandas()
told = [sentence(item) for item in of_projects(frame, 3)["beta"]]

sim.api._draw_figures = lambda *args: None
run = sim.run(minimal, replications=2, jobs=1, out=copy / "out")
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    print_summary(run)
with (run.folder / "summary.csv").open(encoding="utf-8", newline="") as file:
    summary = {row["response"]: row["unit"] for row in csv.DictReader(file)}

lists = runpy.run_path(str(copy / "docs" / "lists.py"))
print(
    json.dumps(
        {
            "package": sim.__file__,
            "code": CAUSES.index("congress_wait"),
            "days": [
                own[f"{column}_days"]
                for column in ("waited_congress_wait", "delay_congress", "hidden_congress")
            ],
            "delays": [row for row in tables["delays"].to_pylist() if row["cause"] == "congress"],
            "logged": [row["event"] for row in logged if row["cause"] == "congress_wait"],
            "told": told,
            "words": [in_words("congress"), *causes_of("review"), response_label("waits_begun")],
            "outcomes": tables["outcomes"].to_pylist()[0],
            "unit": summary["waits_begun"],
            "printed": printed.getvalue(),
            "documents": lists["made"]((copy / "docs" / "outputs.md").read_text("utf-8")),
        }
    )
)
