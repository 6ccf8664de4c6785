"""Which kind of rows a file has, by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from server.rows.csv_file import CsvFile
from server.rows.json_lines import JsonLines
from server.rows.model import RowsUnreadable
from server.rows.parquet import ParquetFile

ENDINGS: Final = ".csv, .csv.gz, .jsonl, .jsonl.gz, .ndjson or .parquet"

AnyRows = CsvFile | JsonLines | ParquetFile


def open_rows(path: Path) -> AnyRows:
    """The rows of a file. Raises RowsUnreadable."""
    if not path.is_file():
        raise RowsUnreadable(f"{path}: there is no such file. Name a file of orders.")
    name = path.name.removesuffix(".gz")
    if name.endswith(".csv"):
        return CsvFile.opened(path)
    if name.endswith((".jsonl", ".ndjson")):
        return JsonLines(path)
    if path.name.endswith(".parquet"):
        return ParquetFile.opened(path)
    raise RowsUnreadable(
        f"{path}: what it holds cannot be told by its name. Name a file that ends in {ENDINGS}."
    )
