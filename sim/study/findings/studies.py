"""Studies of the config of a run that lie beside it: the latest one that has a certain table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.config import config_hash
from sim.study.run.files import csv_rows, files_fault
from sim.study.run.folder import MANIFEST, manifest_or_none, read_manifest
from sim.study.run.identity import code_version, command_line
from sim.study.run.progress import Progress
from sim.study.run.simulate import EngineSimulation, OutcomeSimulation

if TYPE_CHECKING:
    from sim.config.schema import Config
    from sim.study.design.sweep_config import LoadedSweep
    from sim.study.findings.run_results import RunTables
    from sim.study.findings.sweep_results import SweepTables

Row = dict[str, str]


def finished_run(
    place: Path, config: Config, replications: int | None = None, seed: int | None = None
) -> Path | None:
    """A finished run below ``place`` whose first replications are those that a config asks for.

    Of several, the one with the fewest replications more. ``replications`` and ``seed`` stand in
    place of the config's.
    """
    asked = config.run.replications if replications is None else replications
    wanted = (config_hash(config), code_version(), config.run.seed if seed is None else seed)
    found = []
    for manifest in sorted(place.glob(f"*/{MANIFEST}")):
        said = manifest_or_none(manifest.parent) or {}
        if (said.get("config_hash"), said.get("code_version"), said.get("seed")) == wanted:
            more = int(said["replications"]) - asked
            if more >= 0 and files_fault(manifest.parent, said["files"]) is None:
                found.append((more, manifest.parent))
    return min(found)[1] if found else None


def run_beside(
    plan: LoadedSweep,
    folder: Path,
    jobs: int | None,
    progress: Progress,
    simulator: type[EngineSimulation] = OutcomeSimulation,
    beside: Path | None = None,
) -> SweepTables:
    """Run a study of overlays; a finished run of their base beside it is not computed again.

    ``beside`` is another folder than its own, beside which to look.
    """
    from sim.study.findings.sweep_results import SweepTables
    from sim.study.run.sweeps import run_sweep

    there = finished_run((beside or folder).parent, plan.base.config, plan.replications, plan.seed)
    workers = 1 if jobs is None else jobs
    done = run_sweep(plan, folder, workers, command_line(), progress, None, simulator, there)
    return SweepTables(done.folder, read_manifest(done.folder, "sweep"), done.up_to_date)


def latest_rows(run: RunTables, table: str) -> list[Row]:
    """Rows of a table, of the latest finished study of the same config by the same program.

    Looked for in the folders beside the run; none when there is no such study.
    """
    found: list[Path] = []
    for manifest in run.folder.resolve().parent.glob(f"*/{MANIFEST}"):
        said = manifest_or_none(manifest.parent) if (manifest.parent / table).is_file() else None
        if said is not None and (said.get("base_hash"), said.get("code_version")) == (
            run.manifest["config_hash"],
            run.manifest["code_version"],
        ):
            found.append(manifest.parent / table)
    if not found:
        return []
    return csv_rows(max(found, key=lambda path: path.stat().st_mtime))
