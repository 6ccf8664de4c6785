"""Texts in cells: patterns are read as RE2 reads them, and every cell has the texts that it says."""

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression.patterns import matches
from engine.workbench.prove.cells import MANY, Cell, Cells, TooIntricate
from engine.workbench.prove.patterns import NotRead, found_in
from engine.workbench.prove.regular import Languages, Regular
from tests.examples import examples

PIECES = [
    "a",
    "b",
    "1",
    ".",
    r"\d",
    r"\w",
    r"\S",
    "[ab]",
    "[^a]",
    "[a-c1-3]",
    "(a|b1)",
    "(?:ab)",
    r"\.",
    "[-a]",
    "[]a]",
]
PATTERNS = st.tuples(
    st.sampled_from(["", "^"]),
    st.lists(
        st.tuples(st.sampled_from(PIECES), st.sampled_from(["", "*", "+", "?", "{2}", "{1,}", "{0,2}", "+?"])).map("".join),
        max_size=4,
    ).map("".join),
    st.sampled_from(["", "$", "|b", "$|^1"]),
).map("".join)  # fmt: skip


def reads(language: Regular, languages: Languages, text: str) -> bool:
    """Whether the text is in the language."""
    for character in text:
        language = languages.after(language, ord(character))
    return language.empty


@given(PATTERNS, st.text("ab1.-]\n ", max_size=6))
@settings(max_examples=examples(120), deadline=None)
def test_patterns(pattern: str, text: str) -> None:
    """A pattern that is read finds what RE2 finds."""
    languages = Languages()
    assert matches(text, pattern) == reads(found_in(pattern, languages), languages, text)


@pytest.mark.parametrize(
    "pattern", [r"\bword", "(?i)a", "a(^b)", r"\pL", "[[:alpha:]]", "a{1000}", "a^b", "(a$)b"]
)
def test_patterns_not_read(pattern: str) -> None:
    """What is rare is not read, so that it is never read wrongly."""
    with pytest.raises(NotRead):
        found_in(pattern, Languages())


@given(st.lists(PATTERNS, min_size=1, max_size=3))
@settings(max_examples=examples(24), deadline=None)
def test_cells(patterns: list[str]) -> None:
    """Each text of a cell matches just the patterns that the cell says; no two texts are the same."""
    languages = Languages()
    cells = Cells([found_in(pattern, languages) for pattern in patterns], languages)
    for number, cell in enumerate(cells.cells):
        texts = list(islice(cells.texts(number), min(4, cell.size)))
        assert min(4, cell.size) == len(set(texts))
        assert {cell.member} == {tuple(matches(text, pattern) for pattern in patterns) for text in texts}


def test_sizes() -> None:
    """A cell of few texts says how many there are; one of any number says MANY."""
    languages = Languages()
    cells = Cells([found_in("^[ab]{2}$", languages), languages.blank], languages)
    assert [Cell((False, False), MANY), Cell((False, True), 1), Cell((True, False), 4)] == cells.cells
    assert ["aa", "ab", "ba", "bb"] == list(cells.texts(2))


def test_length() -> None:
    """A text of a cell can be asked for by its length."""
    languages = Languages()
    cells = Cells([found_in("^ab", languages)], languages)
    assert "ab" + "a" * 48 == cells.text_of_length(1, 50, 0)
    assert None is cells.text_of_length(1, 1, 0)


def test_too_intricate() -> None:
    """Languages that would take too many states are refused."""
    languages = Languages()
    with pytest.raises(TooIntricate):
        Cells([found_in(f"{letter}.{{40}}b", languages) for letter in "ab"], languages)
