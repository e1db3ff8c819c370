"""A run as CSV: what happened to each project, case by case, and the tables of the spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.exports.sheets import Sheet, sheets_of
from sim.study.run.files import disarmed, put_bytes, put_text

if TYPE_CHECKING:
    from sim.study.findings.run_results import RunTables

CASES = "cases.csv"


def write_csv(run: RunTables, folder: Path) -> list[Path]:
    """Write the tables of a run, and its log for tools that mine processes.

    A line of the log has ``case`` (replication/project), ``activity`` (the event), ``timestamp``,
    resource, cause and dollars. Text that a spreadsheet would take for a formula gets an
    apostrophe before it.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    written = [folder / CASES]
    put_bytes(written[0], _cases(run))
    for sheet in sheets_of(run):
        written.append(folder / f"{sheet.name}.csv")
        put_text(written[-1], _text(sheet))
    return written


def _cases(run: RunTables) -> bytes:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv
    import pyarrow.parquet as pq

    columns = ["replication", "project", "event", "date", "resource", "cause", "amount"]
    table = pq.read_table(run.folder / "events.parquet", columns=columns)
    table = table.filter(pc.is_valid(table.column("project")))
    text: dict[str, Any] = {
        name: table.column(name).cast(pa.string())
        for name in ("replication", "project", "event", "resource", "cause")
    }
    log = pa.table(
        {
            "case": pc.binary_join_element_wise(text["replication"], text["project"], "/"),
            "activity": text["event"],
            "timestamp": pc.strftime(table.column("date"), format="%Y-%m-%dT%H:%M"),
            "resource": text["resource"],
            "cause": text["cause"],
            "amount_usd": table.column("amount"),
        }
    )
    buffer = io.BytesIO()
    options = pyarrow.csv.WriteOptions(quoting_style="needed")
    pyarrow.csv.write_csv(log, buffer, options)
    return buffer.getvalue()


def _text(sheet: Sheet) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(sheet.heads)
    for row in sheet.values():
        writer.writerow([disarmed(one) if isinstance(one, str) else one for one in row])
    return buffer.getvalue()
