"""A finished run held against every law of the model, from its tables alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.config import config_hash, load
from sim.errors import ConfigError, DesignError, StoreError
from sim.results.laws import LAWS, NEEDS, Evidence, Law, Violation, Yardstick, asked
from sim.study.findings.run_evidence import RunEvidence
from sim.study.run.folder import open_folder
from sim.study.run.identity import code_version
from sim.study.run.progress import Progress, told

KEPT = 20  # violations told of each law; the others are only counted


@dataclass(frozen=True)
class Found:
    """One violation in words a reader can look up: whose, when, what."""

    law: str
    seed: int
    replication: int
    project: str  # empty: none
    date: str  # empty: none
    words: str

    def __str__(self) -> str:
        who = f", project {self.project!r}" if self.project else ""
        when = f", {self.date}" if self.date else ""
        return (
            f"law {self.law!r}: seed {self.seed}, replication {self.replication}{who}{when}: "
            f"{self.words}"
        )


@dataclass
class Verdict:
    """What became of one law: replications and things it looked at, and what it found."""

    law: Law
    replications: int = 0
    checks: int = 0
    violations: int = 0
    found: list[Found] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The verdict in a word or two."""
        if self.violations:
            return f"broken {self.violations:,} times" if self.violations > 1 else "broken once"
        if self.law.check is None or not self.replications:
            return NEEDS[self.law.needs] or "not asked: the log cannot be read"
        return "holds" if self.checks else "holds: nothing to check"


@dataclass(frozen=True)
class Verification:
    """Every law with its verdict."""

    folder: Path
    seed: int
    replications: int
    verdicts: tuple[Verdict, ...]

    @property
    def holds(self) -> bool:
        """Whether no law is broken."""
        return not any(verdict.violations for verdict in self.verdicts)

    @property
    def found(self) -> tuple[Found, ...]:
        """The violations of all laws, at most `KEPT` of each."""
        return tuple(one for verdict in self.verdicts for one in verdict.found)


def verify(folder: str | Path, progress: bool | Progress = False) -> Verification:
    """Check a finished run against every law of the model, from the tables of its folder.

    Parameters
    ----------
    folder : str or Path
        A run folder.
    progress : bool
        Report on stderr how far it is.

    Returns
    -------
    Verification
        ``.holds``, a verdict for each law, and what was found: seed, replication, project, words.

    Raises
    ------
    DesignError
        If another version of the program made it, and it lacks what this one reads.
    StoreError
        If the folder is not ours, unfinished, not as its manifest says, or of another config.
    """
    folder, progress = Path(folder), told(progress)
    manifest = open_folder(folder, "run")
    seed, n = int(manifest["seed"]), int(manifest["replications"])
    try:
        evidence = _evidence(folder, manifest)
    except (ConfigError, StoreError) as error:
        if manifest["code_version"] == code_version():
            raise
        raise DesignError(
            f"{folder} was made by another version of the program, {manifest['code_version']}, and "
            f"this one cannot read it ({error}); accepted: a run of this version, as sim run "
            f"{folder / 'config.yaml'} makes it, or that version"
        ) from None
    verdicts = tuple(Verdict(law) for law in LAWS)
    for stray in sorted(evidence.replications - set(range(n))):
        text = f"rows of a replication that the run does not have; it has 0 to {n - 1}"
        _note(verdicts[0], seed, stray, None, Violation(-1, -1, text))
    progress.start(0, n)
    try:
        for replication in range(n):
            _check(verdicts, evidence.of(replication), seed)
            progress.advance(1)
    finally:
        progress.stop()
    return Verification(folder, seed, n, verdicts)


def _evidence(folder: Path, manifest: Mapping[str, Any]) -> RunEvidence:
    config = load(folder / "config.yaml", {}).config
    if config_hash(config) != manifest["config_hash"]:
        raise StoreError(f"{folder}/config.yaml is not the config the run was made with")
    return RunEvidence(folder, Yardstick(config))


def _check(verdicts: Sequence[Verdict], evidence: Evidence, seed: int) -> None:
    """Every law on one replication."""
    of_law = {id(verdict.law): verdict for verdict in verdicts}
    for law, violations in asked(evidence):
        verdict = of_law[id(law)]
        verdict.replications += 1
        verdict.checks += law.counts(evidence)
        for violation in violations:
            _note(verdict, seed, evidence.replication, evidence, violation)


def _note(
    verdict: Verdict, seed: int, replication: int, evidence: Evidence | None, said: Violation
) -> None:
    verdict.violations += 1
    if len(verdict.found) >= KEPT:
        return
    project = date = ""
    if evidence is not None and 0 <= said.project < len(evidence.names.projects):
        project = evidence.names.projects[said.project]
    if evidence is not None and 0 <= said.minute <= evidence.end:
        date = evidence.measure.horizon.epoch.date_of(said.minute).isoformat()
    verdict.found.append(Found(verdict.law.name, seed, replication, project, date, said.words))
