"""Recorded orders in files: where each stands, and what cannot be read."""

import gzip
import io
import sys
from pathlib import Path

import pytest

from server.recorded import orders
from server.recorded.orders import Orders, OrdersUnreadable


def read(path: Path) -> list[tuple[str, object]]:
    """All lines."""
    return [line for batch in Orders(path).batches() for line in batch]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder to be in."""
    monkeypatch.chdir(tmp_path)


def test_lines() -> None:
    """Lines are numbered from 1; empty ones count, and are no orders."""
    Path("o.jsonl").write_bytes(b'{"a":1}\n\n  \n{"b":2}')
    assert [("o.jsonl:1", b'{"a":1}\n'), ("o.jsonl:4", b'{"b":2}')] == read(Path("o.jsonl"))


def test_gzip() -> None:
    """A gzipped file is read the same way; one that breaks off or is damaged says so."""
    whole = gzip.compress(b"1\n" * 10)
    Path("o.jsonl.gz").write_bytes(whole)
    assert 10 == len(read(Path("o.jsonl.gz")))
    Path("o.jsonl.gz").write_bytes(whole[:-9])
    with pytest.raises(OrdersUnreadable, match=r"o.jsonl.gz: cannot be read \(Compressed file ended"):
        read(Path("o.jsonl.gz"))
    Path("o.jsonl.gz").write_bytes(b"plain")
    with pytest.raises(OrdersUnreadable, match="Not a gzipped file"):
        read(Path("o.jsonl.gz"))
    Path("o.jsonl.gz").write_bytes(whole[:10] + b"\xff" * 20 + whole[30:])
    with pytest.raises(OrdersUnreadable, match=r"o.jsonl.gz: cannot be read \("):
        read(Path("o.jsonl.gz"))


def test_folder() -> None:
    """A folder has an order in each .json file, laid out as it may be, and one in each line of a .jsonl file."""
    Path("d").mkdir()
    Path("d/b.json").write_bytes(b'{\n"b": 2\n}')
    Path("d/a.jsonl").write_bytes(b"1\n2\n")
    Path("d/notes.txt").write_bytes(b"no order")
    assert [("d/a.jsonl:1", b"1\n"), ("d/a.jsonl:2", b"2\n"), ("d/b.json", b'{\n"b": 2\n}')] == read(
        Path("d")
    )


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash is standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"1\n")))
    assert [("line 1", b"1\n")] == read(Path("-"))


def test_long_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that no order needs is passed over without being held, and said; the next one is read."""
    monkeypatch.setattr(orders, "LONGEST", 8)
    Path("o.jsonl").write_bytes(b"x" * 30 + b"\n12345\n")
    (long, why), after = read(Path("o.jsonl"))
    assert ("o.jsonl:1", True, ("o.jsonl:2", b"12345\n")) == (long, "is longer than" in str(why), after)


@pytest.mark.parametrize("name", ["nowhere.jsonl", "empty"])
def test_nothing(name: str) -> None:
    """No such file, and a folder without orders, are said."""
    Path("empty").mkdir()
    with pytest.raises(OrdersUnreadable, match=name):
        read(Path(name))


def test_batches() -> None:
    """Orders come some at a time, and about how many there are is known from the size of the file."""
    Path("o.jsonl").write_bytes(b"12345\n" * 1000)
    assert [250, 250, 250, 250] == [len(batch) for batch in Orders(Path("o.jsonl")).batches()]
    assert 5 == Orders(Path("o.jsonl")).about()
    assert None is Orders(Path("-")).about()
