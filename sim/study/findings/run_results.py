"""A finished run as a reader sees it: data frames, each read when first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config import Loaded, load
from sim.config.html import html_table
from sim.study.findings.folder_tables import FolderTables, parquet
from sim.study.run.files import cell

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sim.config.schema import Config
    from sim.study.findings.answer import Answer


class RunTables(FolderTables):
    """A finished run: its tables as pandas data frames, each read when first asked for.

    Attributes
    ----------
    folder : Path
    manifest : dict
        What the run was made from and with.
    up_to_date : bool
        Whether `run` found it finished.
    """

    def __init__(
        self,
        folder: Path,
        manifest: dict[str, Any],
        up_to_date: bool = False,
        loaded: Loaded | None = None,
    ) -> None:
        super().__init__(folder, manifest, up_to_date)
        if loaded is not None:  # whoever ran it need not read it again
            self.__dict__["loaded"] = loaded

    def __repr__(self) -> str:
        return (
            f"Run({str(self.folder)!r}, replications={self.manifest['replications']}, "
            f"seed={self.manifest['seed']})"
        )

    @cached_property
    def loaded(self) -> Loaded:
        """The resolved config of the run, and where its numbers come from."""
        return load(self.folder / "config.yaml")

    @cached_property
    def config(self) -> Config:
        """The resolved config of the run."""
        return self.loaded.config

    events = parquet("events", "Everything that happened, a row per event.")
    projects = parquet("projects", "A row per replication and project: attributes and dates.")
    timeline = parquet("timeline", "A row per replication and month: the programme's series.")
    capacity = parquet("capacity", "A row per replication, month and resource: use and queues.")
    capacity_trace = parquet("capacity_trace", "Every step in the first 20 replications.")
    delays = parquet("delays", "Days by replication, project and cause.")
    held = parquet("held", "Dollars standing at each cause by replication, month and resource.")
    finance = parquet("finance", "What each project earns, and returns by party.")
    ledger = parquet("ledger", "Every transfer of money up to the end of the run.")
    distributions = parquet("distributions", "What each party gets after that, by year.")
    duties = parquet("duties", "Exports, duties with and without the deal, money at risk, by year.")

    def _repr_html_(self) -> str:
        said = self.manifest
        rows = {name: said[name] for name in ("replications", "seed", "code_version")}
        text = "; ".join(sentence.text for sentence in self.answer.sentences)
        return html_table(f"{said['name']}: {self.folder}", {**rows, "answer": text})

    @cached_property
    def answer(self) -> Answer:
        """The answer in five sentences, each number with its interval."""
        from sim.study.findings.answer import answer_of

        return answer_of(self)

    def returns(self) -> pd.DataFrame:
        """Answers to the questions about money, with intervals: the rows of ``sim returns``.

        Without a finance section there are none.

        Raises
        ------
        StoreError
            If the run was made before there was all that is asked for.
        """
        from pandas import DataFrame

        from sim.study.findings.money_answers import money_answers
        from sim.study.findings.money_tools import Answer

        return DataFrame(money_answers(self), columns=Answer._fields)

    @cached_property
    def summary_rows(self) -> list[dict[str, str]]:
        """The rows of ``summary.csv`` as text, without pandas."""
        return self._rows("summary.csv")

    @cached_property
    def held_rows(self) -> list[dict[str, str]]:
        """The rows of ``held.csv`` as text; of an earlier run, made from its tables."""
        if "held.csv" in self.manifest["files"]:
            return self._rows("held.csv")
        import pyarrow.parquet as pq

        from sim.study.findings.held import held_rows

        def each(table: str, columns: Sequence[str]) -> Iterator[pa.Table]:
            yield pq.read_table(self._file(f"{table}.parquet"), columns=list(columns))

        rows = held_rows(self.config, each, int(self.manifest["replications"]))
        return [{name: cell(value) for name, value in row.items()} for row in rows]

    @cached_property
    def open_waits(self) -> list[dict[str, str]]:
        """The rows of ``waits.csv``: who waited to the end for what; none in an earlier run."""
        return self._rows("waits.csv") if "waits.csv" in self.manifest["files"] else []

    def events_of(self, column: str, value: int | str) -> pd.DataFrame:
        """Events of one replication, project or kind, without reading the others."""
        return self._parquet("events", (column, value))

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """A row per replication: the responses."""
        return self._csv("outcomes")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row per response and scope: estimates with intervals."""
        return self._csv("summary")
