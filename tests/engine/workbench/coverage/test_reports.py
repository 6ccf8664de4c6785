"""Coverage for machines and for browsers."""

import json
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from engine.rulebook import Rulebook
from engine.workbench.coverage.lcov import lcov
from engine.workbench.coverage.model import Coverage
from engine.workbench.coverage.page import page
from engine.workbench.coverage.report import report
from tests.engine.conftest import HEAD
from tests.engine.workbench.coverage.conftest import Covers

QUESTION = (
    HEAD
    + """  - rule: small
    reason: SMALL
    when: site.linked && order.goods.exists(good, size(good.hs) < 6)
    gives: A
    because: "{order.note} <b>&amp;</b>"
    cites: [act 9]
"""
)
TEST = 'with: {site.linked: true, order.goods: [{hs: "72"}]}, expect: A'


@pytest.fixture(scope="module")
def coverage(book: Callable[..., Rulebook], covers: Covers) -> Coverage:
    """One rule, seen on one side."""
    return covers(book(QUESTION), TEST, "with: {site.linked: false}, expect: B")


def test_lcov(coverage: Coverage) -> None:
    """A rule is a function with the tests in which it fired; each side is a branch of its clause's line."""
    expected = """TN:
SF:0.yaml
FN:7,asked:small
FNDA:1,asked:small
FNF:1
FNH:1
BRDA:7,0,0,1
BRDA:7,0,1,0
BRDA:9,0,0,1
BRDA:9,0,1,0
BRDA:9,1,0,1
BRDA:9,1,1,0
BRDA:9,2,0,1
BRDA:9,2,1,0
BRF:8
BRH:4
DA:7,1
DA:9,1
LF:2
LH:2
end_of_record
"""
    assert expected == lcov(coverage)


def test_lcov_never_seen(book: Callable[..., Rulebook], covers: Covers) -> None:
    """Branches of what was never evaluated are dashes, as readers of the format expect."""
    written = lcov(covers(book(QUESTION)))
    assert "BRDA:7,0,0,-\nBRDA:7,0,1,-\n" in written
    assert "DA:7,0\nDA:9,0\nLF:2\nLH:0\n" in written


def test_report(coverage: Coverage) -> None:
    """The report is JSON: totals, each part with its sides, and each citation."""
    read = json.loads(json.dumps(report(coverage)))
    assert {"seen": 1, "demanded": 2, "percent": 50.0} == read["rules"]
    assert ["asked_test.yaml:5: t1"] == read["failed"]
    assert {
        "kind": "clause",
        "question": "asked",
        "of": "small",
        "text": "site.linked",
        "file": "0.yaml",
        "line": 9,
        "column": 11,
        "true": 1,
        "false": 0,
        "unknown": 0,
        "lacking": ["false"],
    } in read["parts"]
    assert {"citation": "act 9", "lacking": ["false"], "parts": ["asked:small"]} in read["citations"]


class _Reader(HTMLParser):
    """The text of a page's `pre`, and what is marked in it."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.marks: list[tuple[str | None, str | None, str]] = []
        self.mark: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.mark = dict(attrs) if tag == "mark" else None

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.mark = None

    def handle_data(self, data: str) -> None:
        if "pre" in self.open and "a" not in self.open:
            self.text += data
            if self.mark is not None:
                self.marks.append((self.mark["class"], self.mark["title"], data))


def read(written: str) -> _Reader:
    """The page as a browser reads it; every tag that is opened is closed."""
    reader = _Reader()
    reader.feed(written)
    assert [] == reader.open
    return reader


def test_page(coverage: Coverage) -> None:
    """The page has the text of the rules as it is, with each rule and clause coloured; the innermost shows."""
    reader = read(page(coverage))
    assert QUESTION.strip() == reader.text.strip()
    told = "never false: true in 1, false in 0, unknown in 0 tests"
    assert [
        ("idle", "given in 0, not given in 1, unknown in 0 tests", "otherwise"),
        ("one", "fired in every test: fired in 1, did not fire in 0, unknown in 0 tests", "small"),
        ("one", told, "site.linked"),
        ("one", told, "order.goods.exists(good, "),
        ("one", told, "size(good.hs) < 6"),
        ("one", told, ")"),
    ] == reader.marks


def test_page_links(coverage: Coverage) -> None:
    """Each gap leads to its line."""
    written = page(coverage)
    assert '<a href="#0.yaml:9">0.yaml:9</a>: `site.linked` in rule `small`: never false' in written
    assert 'id="0.yaml:9"' in written


def test_page_alone(coverage: Coverage) -> None:
    """The page runs nothing and loads nothing."""
    written = page(coverage)
    assert not any(word in written for word in ("<script", "src=", "http:", "https:", "@import", "url("))


def test_page_seen(book: Callable[..., Rulebook], covers: Covers) -> None:
    """What lacks nothing has one colour, what was never seen another."""
    tests = (
        "with: {site.linked: true, order.goods: [{hs: '72'}]}, expect: A",
        "with: {site.linked: false}, expect: C",
    )
    colours = {text: colour for colour, _, text in read(page(covers(book(QUESTION), *tests))).marks}
    assert {"both", "one"} == set(colours.values())
    assert "both" == colours["site.linked"]
    nothing = read(page(covers(book(QUESTION)))).marks
    assert {"none", "idle"} == {colour for colour, _, _ in nothing}
