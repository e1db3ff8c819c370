"""A finished run whose words try to be markup, formulas and scripts."""

from __future__ import annotations

from pathlib import Path

from support.configs import MINIMAL, changed

import sim
from sim.api import Run, Sweep
from sim.study.findings.summary import summarise
from sim.study.run.runs import run_replications

SCRIPT = "</script></style><script>window.struck = 1</script>"
IMAGE = '"><img src=x onerror="window.struck = 1">'
FORMULA = '=HYPERLINK("http://example.org","x")'


def hostile_run(folder: Path, replications: int) -> Run:
    """Run the minimal config with hostile title, sector, project and source; without figures."""
    text = changed(
        ("title: Minimal", f"title: '{SCRIPT}'"),
        ("label: Gas power", f"label: '{IMAGE}'"),
        ("name: Plant A", f"name: '{FORMULA}{SCRIPT}'"),
    )
    text += f"sources:\n  test: {{kind: assumption, reason: '{SCRIPT}{IMAGE}', range: '=1+1'}}\n"
    path = folder / "hostile.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = sim.load(path, {"run.replications": replications})
    return sim.open(run_replications(loaded, folder / "hostile", summarise).folder)


SWEEP = """
schema: 1
sweep: tried
base: {base}
replications: 6
factors:
  teams: {{path: capacity.teams.count, label: '{label}', unit: teams, source: test,
          levels: {teams}}}
  desks: {{path: capacity.facilities.jbic, source: test, names: [one desk, three],
          levels: [{{desks: 1}}, {{desks: 3}}]}}
design: {{kind: {kind}}}
"""


def hostile_sweep(folder: Path, teams: str = "[1, 4]", kind: str = "grid") -> Sweep:
    """Run four points of the minimal config; the label of a factor is hostile."""
    path = folder / "tried.yaml"
    path.write_text(SWEEP.format(base=MINIMAL, label=SCRIPT, teams=teams, kind=kind), "utf-8")
    return sim.sweep(path, out=folder / "tried")
