"""What the pages show is what happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, PROJECT, blocks, name
from tests.docs.reader import Reader

RUN = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """A reader with a fresh checkout."""
    reader = Reader(tmp_path)
    yield reader
    reader.leave()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", RUN, ids=name)
def test_page(page: Path, reader: Reader) -> None:
    """Every command and program of the page does what the page shows."""
    for block in blocks(page):
        reader.follow(block)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_not_run(page: Path) -> None:
    """A block that is not run says why."""
    assert [] == [block.line for block in blocks(page) if block.marked("not run") == ""]


@pytest.mark.parametrize(
    ("language", "example"),
    [
        ("go", "clients/go/example_test.go"),
        ("java", "clients/java/README.md"),
    ],
)
def test_programs_of_clients(language: str, example: str) -> None:
    """Each line of a program in docs/integrating.md is a line of the client's compiled example."""
    known = {line.strip() for line in (PROJECT / example).read_text("utf-8").splitlines()}
    shown = [block.text for block in blocks(PROJECT / "docs/integrating.md") if block.language == language]
    assert [[]] == [[line for line in text.splitlines() if line.strip() not in known] for text in shown]
