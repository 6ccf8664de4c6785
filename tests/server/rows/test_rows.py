"""Files of rows: the same orders as CSV, JSON lines and Parquet, and what is said of rows that are none."""

import gzip
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from engine.census import Row
from server.rows import parquet as parquet_rows
from server.rows import text
from server.rows.csv_file import CsvFile
from server.rows.model import Chunk, RowsUnreadable
from server.rows.opening import AnyRows, open_rows
from server.rows.parquet import ParquetFile


def rows(file: AnyRows, *columns: str) -> list[Row]:
    """All rows of a file, part by part."""
    return [row for part in file.parts() for row in file.read(part, columns)]  # type: ignore[arg-type]


def written(folder: Path, name: str, text: str | bytes) -> Path:
    """A file with this text."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def cells(found: Sequence[Row]) -> list[tuple[int, tuple[object, ...] | str]]:
    """Rows with their cells as tuples."""
    return [(number, said if isinstance(said, str) else tuple(said)) for number, said in found]


def test_csv(tmp_path: Path) -> None:
    """Cells are texts, taken by the header's names; rows are numbered by the lines that they begin in."""
    file = open_rows(written(tmp_path, "o.csv", 'a,b,c\n1,"x,\ny",3\n\n4,5,6'))
    assert [(2, ("3", "1")), (5, ("6", "4"))] == cells(rows(file, "c", "a"))


def test_csv_with_one_column(tmp_path: Path) -> None:
    """One cell of a row comes as its cells; none, where none is read."""
    file = open_rows(written(tmp_path, "o.csv", "a,b\n1,2\n"))
    assert [(2, ("2",))] == cells(rows(file, "b"))
    assert [(2, ())] == cells(rows(file))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_delimiters(tmp_path: Path, delimiter: str) -> None:
    """What divides the header divides the rows; a mark of byte order before it is none of it."""
    said = "\ufeff" + delimiter.join("ab") + "\n" + delimiter.join("12") + "\n"
    assert [(2, ("1", "2"))] == cells(rows(open_rows(written(tmp_path, "o.csv", said)), "a", "b"))


def test_csv_bad_rows(tmp_path: Path) -> None:
    """Each row that is none says why, and the next one is read."""
    said = b'a,b\n1\n"x"y,2\n\xff,2\n1,2\n"open,3\n'
    expected = [
        (2, "it has 1 cells, the header has 2"),
        (3, "it is no row of CSV (',' expected after '\"')"),
        (4, "it is not UTF-8"),
        (5, ("1", "2")),
        (6, "it is no row of CSV (unexpected end of data)"),
    ]
    assert expected == cells(rows(open_rows(written(tmp_path, "o.csv", said)), "a", "b"))


def test_csv_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chunk ends where a row does, also where quotes hold line ends; numbers go on over chunks."""
    monkeypatch.setattr(text, "CHUNK", 8)
    lines = "".join(f'{number},"two\nlines"\n' for number in range(50))
    file = open_rows(written(tmp_path, "o.csv", f"a,b\n{lines}"))
    expected = [(2 + 2 * number, (str(number), "two\nlines")) for number in range(50)]
    assert expected == cells(rows(file, "a", "b"))
    assert 20 < len(list(file.parts()))


def test_open_quote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quote that nobody closes ends the reading with the place to look at, and not in a row of a gigabyte."""
    monkeypatch.setattr(text, "CHUNK", 8)
    monkeypatch.setattr(text, "LONGEST", 16)
    file = open_rows(written(tmp_path, "o.csv", 'a,b\n1,2\n1,"2\n' + "1,2\n" * 50))
    with pytest.raises(RowsUnreadable, match="a quote that is opened in line 3 or after it is not closed"):
        rows(file, "a")


def test_open_quote_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal comes soon also where many lines follow, and says how a mark of inches is written."""
    monkeypatch.setattr(text, "LONGEST", text.CHUNK)
    file = open_rows(written(tmp_path, "o.csv", 'a,b\n1,"\n' + "1,a cell of a row\n" * 250_000))
    began = perf_counter()
    with pytest.raises(RowsUnreadable, match=r'and the mark doubled: "pipe 5"" long"\.'):
        rows(file, "a")
    assert 10 > perf_counter() - began


@pytest.mark.parametrize("said", ['pipe 5"', 'pipe 5" long', '5"" and 6"'])
def test_inch_mark(tmp_path: Path, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quote within a cell that no quotes stand around is text, and opens nothing."""
    monkeypatch.setattr(text, "CHUNK", 8)
    file = open_rows(written(tmp_path, "o.csv", f"a,b\n{said},1\n" + "1,2\n" * 5))
    assert [(2, (said, "1"))] == cells(rows(file, "a", "b"))[:1]
    assert 4 == len(list(file.parts()))


@given(
    st.text(st.sampled_from('"",;\na')).map(lambda said: f'a,b,"{said}'),
    st.integers(1, 12),
    st.sampled_from(["\n", "\r\n"]),
)
def test_chunks_say_the_same(said: str, size: int, end: str) -> None:
    """However a file is divided, its rows are those of the whole."""
    data = said.replace("\n", end).encode()
    file = CsvFile(Path("o.csv"), ("a", "b", "c"), ",", 0)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "CHUNK", size)
        parts = list(replace(file, path=written(Path(folder), "o.csv", data)).parts())
    whole = cells(list(file.read(Chunk(1, data), "abc")))
    assert whole == cells([row for part in parts for row in file.read(part, "abc")])


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "has no header. Its first line names the columns."),
        ("a,b,a\n", "has two columns `a`. Give each a name of its own."),
        (b"\xff\n", r"is not UTF-8 \(byte 0\). Save it as UTF-8."),
    ],
)
def test_bad_header(tmp_path: Path, said: str | bytes, why: str) -> None:
    """A header that names no columns, or one twice, is refused."""
    with pytest.raises(RowsUnreadable, match=why):
        open_rows(written(tmp_path, "o.csv", said))


def test_json_lines(tmp_path: Path) -> None:
    """Cells are as JSON has them, numbers exact; a key that a row lacks says nothing."""
    said = '{"a": 0.10, "b": {"c": [1.0]}}\n\n{"b": true, "a": 123456789012345678901234567890}\n'
    expected = [(1, (Decimal("0.10"), {"c": [Decimal("1.0")]})), (3, (123456789012345678901234567890, True))]
    assert expected == cells(rows(open_rows(written(tmp_path, "o.jsonl", said)), "a", "b"))
    assert [(1, (None,)), (3, (None,))] == cells(rows(open_rows(tmp_path / "o.jsonl"), "z"))


def test_json_bad_rows(tmp_path: Path) -> None:
    """Each row that is none says why, and the next one is read."""
    found = cells(rows(open_rows(written(tmp_path, "o.jsonl", '{"a":}\n[1]\n{"a": NaN}\n{"a": "7"}\n')), "a"))
    assert (2, "it is no object in braces") == found[1]
    assert (4, ("7",)) == found[3]
    assert [True, True] == [str(found[row][1]).startswith("it is no JSON (") for row in (0, 2)]


def test_gzip(tmp_path: Path) -> None:
    """Compressed files are read alike; how many parts they have cannot be told. One that breaks off says so."""
    path = written(tmp_path, "o.csv.gz", gzip.compress(b"a\n1\n"))
    assert [(2, ("1",))] == cells(rows(open_rows(path), "a"))
    assert open_rows(path).about() is None
    path.write_bytes(gzip.compress(b"a\n" + b"1\n" * 99)[:-9])
    with pytest.raises(RowsUnreadable, match="cannot be read"):
        rows(open_rows(path), "a")


@pytest.mark.parametrize("at", [10, 200_000])
def test_damaged_gzip(tmp_path: Path, at: int) -> None:
    """A compressed file that is damaged, at its begin or later, is refused."""
    whole = gzip.compress(b"a\n" + Random(1).randbytes(300_000).hex(" ").replace(" ", "\n").encode())
    path = written(tmp_path, "o.csv.gz", whole[:at] + b"\xff" * 40 + whole[at + 40 :])
    with pytest.raises(RowsUnreadable, match=r"o\.csv\.gz: cannot be read \("):
        rows(open_rows(path), "a")


def test_parquet(tmp_path: Path) -> None:
    """Columns that are read, row group by row group; amounts stay exact, lists and records are as they are."""
    lines = [[{"hs": "72"}], [], None]
    table = pa.table({"a": [Decimal("0.10"), None, Decimal("2.00")], "lines": lines, "z": [1, 2, 3]})
    parquet.write_table(table, tmp_path / "o.parquet", row_group_size=2)
    file = open_rows(tmp_path / "o.parquet")
    expected = [(1, ([{"hs": "72"}], Decimal("0.10"))), (2, ([], None)), (3, (None, Decimal("2.00")))]
    assert expected == cells(rows(file, "lines", "a"))
    assert [(1, ()), (2, ()), (3, ())] == cells(rows(file))
    assert (2, ("a", "lines", "z")) == (file.about(), file.header)


def test_parquet_bad_rows(tmp_path: Path) -> None:
    """Each row with a value that cannot be read says why, and the others are read."""
    moments = pa.array([1_000, 1_001, 2_000], pa.timestamp("ns", "UTC"))
    days = pa.array([1, 2, 4_000_000], pa.date32())
    texts = pa.Array.from_buffers(pa.string(), 3, pa.array([b"\xff", b"x", b"y"]).buffers())
    parquet.write_table(pa.table({"a": moments, "b": days, "c": texts}), tmp_path / "o.parquet")
    file = open_rows(tmp_path / "o.parquet")
    finer = "`a` is a time that is finer than microseconds: write it in microseconds"
    assert [(1, (datetime(1970, 1, 1, microsecond=1, tzinfo=UTC),)), (2, finer)] == cells(rows(file, "a"))[:2]
    no_day = "`b` is a day that does not exist: years are 1 to 9999"
    assert [(2, (date(1970, 1, 3),)), (3, no_day)] == cells(rows(file, "b"))[1:]
    assert [(1, "`c` is not UTF-8"), (2, ("x",)), (3, ("y",))] == cells(rows(file, "c"))
    assert [(1, "`c` is not UTF-8"), (2, finer), (3, no_day)] == cells(rows(file, "c", "a", "b"))


def test_parquet_unknown_zone(tmp_path: Path) -> None:
    """A time in a zone that nobody knows says so."""
    times = pa.array([1], pa.timestamp("us", "Nowhere/None"))
    parquet.write_table(pa.table({"a": times}), tmp_path / "o.parquet")
    ((number, why),) = rows(open_rows(tmp_path / "o.parquet"), "a")
    assert (1, True) == (number, str(why).startswith("`a` cannot be read ("))


def test_parquet_with_two_columns_of_one_name(tmp_path: Path) -> None:
    """A file with two columns of one name is refused, as CSV is."""
    parquet.write_table(pa.table([[1], [2], [3]], names=["a", "b", "a"]), tmp_path / "o.parquet")
    with pytest.raises(RowsUnreadable, match=r"has two columns `a`\. Give each"):
        open_rows(tmp_path / "o.parquet")


def test_damaged_parquet(tmp_path: Path) -> None:
    """A file that breaks within its rows is refused where it does."""
    path = tmp_path / "o.parquet"
    parquet.write_table(pa.table({"a": [str(number) for number in range(1000)]}), path)
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 60 + whole[160:])
    file = open_rows(path)
    with pytest.raises(RowsUnreadable, match=r"o\.parquet: cannot be read \("):
        rows(file, "a")


def test_parquet_without_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is not installed, it is said what to install."""
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    path = written(tmp_path, "o.parquet", "x")
    with pytest.raises(RowsUnreadable, match=r"Run `pip install 'origin-gate\[census\]'`"):
        ParquetFile.opened(path)
    assert "census" in parquet_rows.LACKING


def test_no_parquet(tmp_path: Path) -> None:
    """A file that is none is refused."""
    with pytest.raises(RowsUnreadable, match="is no Parquet file that can be read"):
        open_rows(written(tmp_path, "o.parquet", "x"))


def test_no_such_file(tmp_path: Path) -> None:
    """A file that is not there, or of no known kind, is refused."""
    with pytest.raises(RowsUnreadable, match="there is no such file"):
        open_rows(tmp_path / "o.csv")
    with pytest.raises(RowsUnreadable, match=r"Name a file that ends in \.csv"):
        open_rows(written(tmp_path, "o.xlsx", "x"))
