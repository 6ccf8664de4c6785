"""Texts of rule files as Markdown: an independent reader of Markdown sees the text, and no markup in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from engine.workbench.pages.markdown import (
    anchor,
    bullets,
    code,
    count,
    fenced,
    page,
    paragraph,
    prose,
    table,
)

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TEXTS = st.text(
    st.one_of(
        st.sampled_from("\\`*_[]()<>|~$#&;-+=!.: 1ax"),
        st.characters(exclude_categories=["Cc", "Cs"]),
    )
)
PLAIN = TEXTS.map(lambda text: text.replace("`", "'"))


def one_line(text: str) -> str:
    """The text with single blanks."""
    return " ".join(text.split())


def seen(tokens: list[Token]) -> str:
    """The text that a reader sees; any markup but code fails."""
    shown = []
    for token in tokens:
        for child in token.children or ():
            assert child.type in {"text", "text_special", "code_inline", "html_inline"}
            assert child.type != "html_inline" or child.content in {"<code>", "</code>"}
            shown.append("" if child.type == "html_inline" else child.content)
    return "".join(shown)


@given(PLAIN)
def test_prose_is_text(text: str) -> None:
    """Whatever a text holds, it is one paragraph of nothing but text."""
    tokens = READER.parse(paragraph(prose(text)))
    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert one_line(text) == seen(tokens)


@given(PLAIN, PLAIN)
def test_cells_are_text(left: str, right: str) -> None:
    """Whatever two texts hold, they stay in the two cells of their row."""
    tokens = READER.parse(table(["a", "b"], [[prose(left), prose(right)]]))
    cells = [tokens[number + 1] for number, token in enumerate(tokens) if token.type == "td_open"]
    assert [one_line(left), one_line(right)] == [seen([cell]) for cell in cells]


@given(TEXTS)
def test_backticks(text: str) -> None:
    """Whatever the backticks in a text enclose, nothing but code and text comes of it."""
    assert one_line(text).replace("`", "") == seen(READER.parse(paragraph(prose(text)))).replace("`", "")


@given(TEXTS.filter(str.strip))
def test_code(text: str) -> None:
    """A name or condition as code reads as it is, in a cell too."""
    assert one_line(text) == seen(READER.parse(f"Code: {code(text)}")).removeprefix("Code: ")
    cells = READER.parse(table(["a"], [[code(text)]]))
    assert one_line(text) == seen(cells[cells.index(next(t for t in cells if t.type == "td_open")) :])


@given(TEXTS.filter(str.strip))
def test_fenced(text: str) -> None:
    """A block of code ends where its text ends, whatever backticks it holds."""
    (block,) = READER.parse(fenced(text, "cel"))
    assert ("fence", "cel", text.strip()) == (block.type, block.info, block.content.removesuffix("\n"))


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (r"\*all\* of \[it\] \<b\> a \| b", "*all* of [it] <b> a | b"),
        ("see `scope` and e_cert_id", "see `scope` and e_cert_id"),
        (r"\_so\_ and \`half", "_so_ and `half"),
        (r"US\$2,500 \&amp; 10 % of 5 & 6", "US$2,500 &amp; 10 % of 5 & 6"),
        ("two lines", "two\n  lines"),
        ("`a` <code>b &#124;&#124; c</code>", "`a` `b || c`"),
    ],
)
def test_prose(expected: str, text: str) -> None:
    """Only what would be markup is escaped; code in backticks stays code."""
    assert expected == prose(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (r"\- a", "- a"),
        (r"1\. a", "1. a"),
        (r"12\) a", "12) a"),
        ("12 a", "12 a"),
        (r"\# a", "# a"),
        (r"\+ a", "+ a"),
    ],
)
def test_start_of_paragraph(expected: str, text: str) -> None:
    """A paragraph begins no list and no heading."""
    assert expected == paragraph(prose(text))


def test_empty_code() -> None:
    """An empty value is said to be empty."""
    assert "(empty)" == code(" ")


@pytest.mark.parametrize(
    ("expected", "heading"),
    [
        ("hs-six-digits", "hs-six-digits"),
        ("19cfr18212", "19cfr182.12"),
        ("list-us_customs", "List: us_customs"),
    ],
)
def test_anchor(expected: str, heading: str) -> None:
    """A rule's anchor is its name; elsewhere punctuation goes and blanks become dashes."""
    assert expected == anchor(heading)


def test_blocks() -> None:
    """Blocks stand apart, and empty ones are left out."""
    assert "a\n\n- b\n- c\n" == page("a", "", bullets(["b", "c"]))


def test_count() -> None:
    """One thing is one thing, more are things."""
    assert ["0 rules", "1 rule", "2 rules"] == [count(number, "rule") for number in range(3)]
