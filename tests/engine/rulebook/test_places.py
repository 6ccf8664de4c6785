"""Where a character of a YAML text stands in its file."""

import pytest

from engine.rulebook.problems import Problem, Problems, show
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.nodes import Mapping, Scalar
from engine.rulebook.text.yaml_text import read_yaml


def scalar(text: str) -> Scalar:
    """The value of the first key."""
    problems = Problems()
    root = read_yaml(TextFile("x.yaml", text), problems)
    assert isinstance(root, Mapping)
    value = root.entries[0][1]
    assert isinstance(value, Scalar)
    assert problems.found == []
    return value


@pytest.mark.parametrize(
    "text",
    [
        "k: a bb TOKEN c",
        "k: a bb\n  TOKEN c\n",
        "k: a bb\n\n\n   TOKEN c\n",
        "k: 'a ''bb'' TOKEN c'",
        "k: 'a\n  ''bb''\n\n  TOKEN c'",
        'k: "a \\"bb\\" \\t \\u00e9\\x41\\U0001F600 TOKEN c"',
        'k: "a \\\n   bb\\\n   \\ TOKEN c"',
        "k: |\n  a bb\n  TOKEN c\n",
        "k: |2-\n    a\n\n\n   bb TOKEN c\n\n",
        "k: | # a comment\n  a bb\n  TOKEN c\n",
        "k: >\n  a bb\n\n    TOKEN c\n  d\n",
        "k: >+\n  a\n  bb TOKEN c\n\n",
        "\ufeffk: 日本 a bb TOKEN c",
        "k: a\tbb TOKEN c",
    ],
)
def test_token(text: str) -> None:
    """A part of a text is found in the file, however YAML folds, escapes or indents it."""
    value = scalar(text)
    at = value.text.index("TOKEN")
    span = value.part(at, at + 5)
    assert text[span.start : span.end] == "TOKEN"


def test_after_the_end() -> None:
    """What is missing at the end of a text is shown right after it."""
    span = scalar("k: a &&").part(4, 5)
    assert (span.start, span.end) == (7, 8)


def test_show() -> None:
    """A problem is shown with its line, a caret under the token, and how to mend it."""
    problem = Problem("scope.yaml", 2, 4, "unknown-fact", "unknown fact `b`", "write `c`", 1)
    assert show(problem, "a\n&& b\n") == (
        "scope.yaml:2:4: unknown fact `b` [unknown-fact]\n    2 | && b\n           ^\n   mend: write `c`"
    )


def test_show_wide_characters() -> None:
    """Characters that take two cells push the caret, tabs are kept."""
    problem = Problem("x", 1, 4, "c", "m", length=2)
    assert show(problem, "\t日本語x").splitlines()[2] == "        \t    ^^^"
