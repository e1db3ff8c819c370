"""What every finished study is to a reader: a folder, what was said of it, and its tables."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import StoreError
from sim.study.run.files import csv_rows

if TYPE_CHECKING:
    import pandas as pd


class FolderTables:
    """A finished folder: its tables as pandas data frames, each read when first asked for.

    Attributes
    ----------
    folder : Path
    manifest : dict
        What it was made from and with.
    up_to_date : bool
        Whether it was found finished, and nothing was computed.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], up_to_date: bool = False) -> None:
        self.folder = folder
        self.manifest = manifest
        self.up_to_date = up_to_date

    def _parquet(self, table: str, where: tuple[str, int | str] | None = None) -> pd.DataFrame:
        from pandas import read_parquet

        wanted = None if where is None else [(where[0], "==", where[1])]
        return read_parquet(self._file(f"{table}.parquet"), filters=wanted)

    def _csv(self, table: str) -> pd.DataFrame:
        from pandas import read_csv

        return read_csv(self._file(f"{table}.csv"), engine="pyarrow")  # reads floats back exactly

    def _rows(self, name: str) -> list[dict[str, str]]:
        return csv_rows(self._file(name))

    def _file(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise StoreError(f"{self.folder} is damaged: {name} is missing")
        return path


def parquet(name: str, doc: str) -> cached_property[pd.DataFrame]:
    """A table of a folder, read when first asked for."""

    def read(folder: FolderTables) -> pd.DataFrame:
        return folder._parquet(name)

    read.__doc__ = doc
    return cached_property(read)
