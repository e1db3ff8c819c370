"""``sim verify``: a finished run against every law, and run folders damaged in one cell."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.configs import BUSY

import sim
from sim.results.laws import LAWS
from sim.study.run.files import checksum

CONFIGS = Path(__file__).parents[2] / "configs"
SCENARIOS = ("staffing_priority", "overruns_by_japan", "regional_crafts", "early_works",
             "policy_shock_years")  # fmt: skip
REPLICATIONS, SEED = 3, 7

Frame = pd.DataFrame


def simulated(config: str, out: Path, replications: int) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.api._draw_figures", lambda run, progress, png: None)
        path = sim.load(CONFIGS / f"{config}.yaml", set=BUSY)
        return sim.run(path, replications=replications, seed=SEED, out=out).folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated("base", tmp_path_factory.mktemp("verified") / "base", REPLICATIONS)


def seal(folder: Path, name: str) -> None:
    """Make the manifest agree with a file that was changed."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"][name] = checksum(folder / name)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def put(path: Path, column: str, row: int, change: Callable[[Any], Any]) -> None:
    """Write a parquet file again with one cell changed."""
    file = pq.ParquetFile(path)
    sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    table = file.read()
    place, field = table.schema.get_field_index(column), table.schema.field(column)
    values = table.column(column).to_pylist()
    values[row] = change(values[row])
    if pa.types.is_dictionary(field.type):
        changed = pa.array(values, pa.string()).dictionary_encode().cast(field.type)
    else:
        changed = pa.array(values, field.type)
    table = table.set_column(place, field, changed)
    with pq.ParquetWriter(path, table.schema) as writer:
        begin = 0
        for size in sizes:
            writer.write_table(table.slice(begin, size), row_group_size=size)
            begin += size


@dataclass(frozen=True)
class Damage:
    """One cell: of which table and column, in which row, how it is changed, and who says so."""

    table: str
    column: str
    where: Callable[[Frame], Any]
    change: Callable[[Any], Any]
    law: str
    of_project: bool = True


def plus(by: Any) -> Callable[[Any], Any]:
    return lambda value: value + by


def to(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def of(event: str, replication: int = 1) -> Callable[[Frame], Any]:
    return lambda f: (f.event == event) & (f.replication == replication)


def built(f: Frame) -> Any:
    return f.operating.notna() & (f.replication == 1)


DAMAGES = {
    "a cent of a late call": Damage(
        "events", "amount", of("call_late"), plus(0.01), "called money"
    ),
    "a negative amount": Damage("events", "amount", of("proposed"), to(-5.0), "not negative"),
    "another step": Damage("events", "event", of("docketed"), to("endorsed"), "legal path"),
    "another project": Damage("events", "project", of("ntp_issued"), to("T1-01"), "legal path"),
    "a number of the log": Damage("events", "seq", of("built"), plus(1), "log"),
    "a date of the log": Damage("events", "date", of("built"), plus(pd.Timedelta("1D")), "log"),
    "a breach's call": Damage("events", "part", of("breach_opened"), plus(5), "tariffs"),
    "a word nobody knows": Damage("projects", "sector", built, to("castles"), "words"),
    "a milestone": Damage("projects", "ntp", built, plus(pd.Timedelta("1D")), "projects"),
    "a cost": Damage("projects", "cost_usd_bn", built, lambda cost: -cost, "not negative"),
    "a day held": Damage("delays", "held_days", lambda f: f.replication == 1, plus(1), "delays"),
    "dollars held": Damage(
        "held", "usd_bn", lambda f: f.replication == 1, plus(1e-6), "held", of_project=False
    ),
    "a delay": Damage("projects", "delay_reviewing_days", built, plus(1), "delays"),
    "a row's replication": Damage("projects", "replication", built, to(2), "legal path"),
    "money paid by a month": Damage(
        "timeline", "paid_usd_bn", lambda f: (f.replication == 1) & (f.paid_usd_bn > 50),
        plus(1e-6), "months", of_project=False,
    ),
    "a resource in a month": Damage(
        "capacity", "in_use", lambda f: (f.replication == 1) & (f.in_use > 1),
        lambda used: used * 0.9, "capacity", of_project=False,
    ),
    "a step of the envelope": Damage(
        "capacity_trace", "in_use",
        lambda f: (f.replication == 1) & (f.resource == "envelope") & (f.in_use > 50),
        plus(1e-6), "envelope use", of_project=False,
    ),
    "a cause of delay": Damage(
        "delays", "cause",
        lambda f: (f.replication == 1) & (f.cause == "permit_work") & (f.days > 0),
        to("reviewing"), "delays table",
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_cell_changed_under_a_good_checksum_is_caught_by_its_law(
    call, base: Path, tmp_path: Path, damage: Damage
):
    folder = shutil.copytree(base, tmp_path / "damaged")
    path = folder / f"{damage.table}.parquet"
    frame = pd.read_parquet(path)
    row = int(frame.index[damage.where(frame)][0])
    put(path, damage.column, row, damage.change)
    seal(folder, path.name)

    done = call("verify", folder, "--quiet")

    assert done.code == 1
    who = f", project {frame.project[row]!r}" if damage.of_project else ""
    start = f"law {damage.law!r}: seed {SEED}, replication 1{who}"
    assert any(line.startswith(start) for line in done.err.splitlines()), done.err


def test_a_response_changed_under_a_good_checksum_is_caught(call, base: Path, tmp_path: Path):
    folder = shutil.copytree(base, tmp_path / "damaged")
    path = folder / "outcomes.csv"
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    place = rows[0].index("missed_calls")
    rows[2][place] = str(float(rows[2][place]) + 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    seal(folder, path.name)

    done = call("verify", folder, "--quiet")

    assert done.code == 1
    assert done.err.startswith(f"law 'outcomes': seed {SEED}, replication 1: outcomes: missed_ca")


WITHOUT_A_CASE = ("claims", "public")  # of a config without other claimants or a public


def test_every_law_of_a_run_holds_and_the_table_says_what_was_looked_at(
    call, base: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "160")
    done = call("verify", base)

    assert done.code == 0
    table, *apart = re.split(r"\n\n(?=Needs )", done.out)
    for law in LAWS:
        asked = law.needs in ("", "tables", "trace")
        line = next(
            row
            for row in (table if asked else "\n".join(apart)).splitlines()
            if f"{law.name}: {law.says}" in row
        )
        verdict = "holds: nothing to check" if law.name in WITHOUT_A_CASE else "holds"
        assert line.rstrip().endswith(verdict) is asked
    assert all("tested, not verified here" in part for part in apart)
    assert done.out.splitlines()[-1] == f"Every law that {base} can show holds."


def test_the_table_of_laws_fits_eighty_columns(call, base: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    told = call("verify", base).out.splitlines()

    assert max(map(len, told[:-1])) <= 80  # the last names the folder


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_law_holds_in_a_scenario_of_ours(scenario: str, tmp_path: Path):
    found = sim.verify(simulated(f"scenarios/{scenario}", tmp_path / scenario, 2))

    assert found.holds
    assert found.found == ()
    assert {verdict.replications for verdict in found.verdicts} == {0, 2}


def test_rows_of_a_replication_that_the_run_does_not_have_are_caught(call, base, tmp_path: Path):
    folder = shutil.copytree(base, tmp_path / "damaged")
    put(folder / "delays.parquet", "replication", 5, to(99))
    seal(folder, "delays.parquet")

    done = call("verify", folder, "--quiet")

    assert done.code == 1
    assert "replication 99: rows of a replication that the run does not have" in done.err
    assert "law 'delays table': seed 7, replication 0, project" in done.err


def test_a_file_that_differs_from_the_manifest_is_the_machines_fault(call, base, tmp_path: Path):
    folder = shutil.copytree(base, tmp_path / "damaged")
    put(folder / "timeline.parquet", "paid_usd_bn", 5, plus(1))

    done = call("verify", folder)

    assert done.code == 3
    assert "timeline.parquet" in done.err


def test_a_config_of_another_run_is_refused(call, base: Path, tmp_path: Path):
    folder = shutil.copytree(base, tmp_path / "damaged")
    path = folder / "config.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("envelope_usd_bn: {value: 550,") == 1
    path.write_text(text.replace("{value: 550,", "{value: 450,", 1), encoding="utf-8")
    seal(folder, path.name)

    done = call("verify", folder)

    assert done.code == 3
    assert "config.yaml is not the config the run was made with" in done.err


def test_what_is_told_of_a_law_is_limited_and_the_rest_counted(call, base: Path, tmp_path: Path):
    folder = shutil.copytree(base, tmp_path / "damaged")
    path = folder / "capacity.parquet"
    table = pq.read_table(path)
    place = table.schema.get_field_index("in_use")
    table = table.set_column(place, table.schema.field(place), pa.array([-1.0] * table.num_rows))
    pq.write_table(table, path)
    seal(folder, path.name)

    done = call("verify", folder, "--quiet")

    assert done.code == 1
    assert done.err.count("law 'not negative'") == 20
    assert "more of the same laws" in done.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "old"), [("outcomes.csv", "missed_calls"), ("projects.parquet", "state")]
)
def test_a_run_from_before_a_column_was_there_is_told_from_a_damaged_one(
    call, base: Path, tmp_path: Path, name: str, old: str
):
    folder = shutil.copytree(base, tmp_path / "earlier")
    if name.endswith("csv"):
        pd.read_csv(folder / name).drop(columns=old).to_csv(folder / name, index=False)
    else:
        pq.write_table(pq.read_table(folder / name).drop_columns(old), folder / name)
    seal(folder, name)

    damaged = call("verify", folder)

    assert damaged.code == 3
    assert f"{name} has no column {old}" in damaged.err

    path = folder / "manifest.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**said, "code_version": "0.1.0+abc"}), encoding="utf-8")
    earlier = call("verify", folder)

    assert earlier.code == 2
    assert "made by another version of the program, 0.1.0+abc" in earlier.err
    assert f"accepted: a run of this version, as sim run {folder}/config.yaml" in earlier.err
