"""The page of figures keeps a section a part, and says what is asked of a figure and whether it was missed."""

import re
from datetime import date
from pathlib import Path

from bench import page

DAY = date(2026, 7, 1)


def one(part: str, value: float) -> str:
    """A section with one figure of which something is asked."""
    return page.section(part, "How.", ["table\n"], {"server.start_s": value, f"{part}.other": value}, DAY)


def test_asked() -> None:
    """A figure that misses what is asked says so; of most figures nothing is asked."""
    assert "at most 1.5" == page.asked("server.start_s", 1.5)
    assert "at most 1.5: missed" == page.asked("server.start_s", 1.51)
    assert "at least 300: missed" == page.asked("cases.sqlite_a_second", 123)
    assert "stated only" == page.asked("server.unary_vs_cerbos", 0.4)


def test_a_part_is_replaced() -> None:
    """A part measured again takes its own place; the others stay as they are."""
    first = page.replaced(page.replaced(page.HEAD, "b", one("b", 1)), "a", one("a", 1))
    again = page.replaced(first, "b", one("b", 2))
    assert first.partition("<!-- part b")[0] == again.partition("<!-- part b")[0]
    assert ("| `server.start_s` | 2 | at most 1.5: missed |", 1) == (
        again.partition("<!-- part b")[2].splitlines()[-2],
        again.count("<!-- part b"),
    )
    assert again == page.replaced(again, "b", one("b", 2))


def test_each_asked_figure_is_measured() -> None:
    """No figure of which something is asked has a name that no part measures."""
    names = [
        re.sub(r"\{.*?\}", "[a-z]+", name).replace(".", r"\.")
        for path in Path(page.__file__).parent.glob("*.py")
        if path.name != "page.py"
        for name in re.findall(r'f?"([a-z]+\.[a-z0-9_{}]+)": ', path.read_text("utf-8"))
    ]
    for name in page.AT_LEAST | page.AT_MOST:
        assert any(re.fullmatch(each, name) for each in names), name
