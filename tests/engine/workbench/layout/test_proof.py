"""What keeps the layout from changing what rules say: every difference is found."""

import pytest

from engine.rulebook.problems import Problems
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.yaml_text import read_yaml
from engine.workbench.layout.lay_out import says_the_same
from engine.workbench.layout.proof import what_differs
from engine.workbench.schema.question import QUESTION

Files = dict[str, str]


def changed(files: Files, name: str, old: str, new: str) -> Files:
    """The files with another text in one of them."""
    assert old in files[name]
    return {**files, name: files[name].replace(old, new, 1)}


def test_digest(small_files: Files) -> None:
    """Another threshold is another digest."""
    differs = what_differs(small_files, changed(small_files, "limits.csv", "US,", "CA,"))
    assert [True] == [difference.startswith("the digest would change from sha256:") for difference in differs]


def test_rule_tests(small_files: Files) -> None:
    """A rule test that expects something else reads differently, though the digest is the same."""
    after = changed(
        small_files, "small_test.yaml", "expect: {outcome: ELIGIBLE", "expect: {outcome: SUSPENDED"
    )
    assert ("the tests of small_test.yaml would read differently",) == what_differs(small_files, after)


def test_problems(small_files: Files) -> None:
    """Quotes that are lost before a comment are no other digest, but a problem more."""
    text = 'asks: "Is the paper asked for?"'
    before = {**small_files, "paper.yaml": small_files["paper.yaml"] + "# end\n"}
    line = next(line for line in before["paper.yaml"].splitlines() if line.startswith("asks:"))
    quoted = changed(before, "paper.yaml", line, f"{text}  # why")
    bare = changed(before, "paper.yaml", line, f"{text.replace(chr(34), '')}  # why")
    assert ("it would have other problems than before",) == what_differs(quoted, bare)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("question: a\nasks: b\n", "asks: b\nquestion: a\n", True),
        ("question: a\nasks: b\n", "question: a\nasks: b \n", True),
        ("question: a\nasks: b\n", "question: a\nasks: c\n", False),
        ("question: a # x\n", "question: a\n", False),
        ('asks: "null"\n', "asks: null\n", False),
        ('asks: "b "\n', "asks: b\n", False),
        ("define: {a: x, b: y}\n", "define: {b: y, a: x}\n", False),
        ("outcomes: [A, B]\n", "outcomes: [B, A]\n", False),
        ("question: a\n", "question: [a\n", False),
    ],
)
def test_says_the_same(one: str, other: str, same: bool) -> None:
    """Texts to the letter, the author's own order and every comment have to be the same; the layout's order does not."""
    root = read_yaml(TextFile("a.yaml", one), Problems())
    assert root is not None
    assert same == says_the_same(root, TextFile("a.yaml", other), QUESTION)
