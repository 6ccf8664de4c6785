"""Laws of the layout, over the project's rule files in whatever layout their authors left them."""

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rulebook.problems import Problems
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.folder import open_folder
from engine.rulebook.text.nodes import Node
from engine.rulebook.text.yaml_text import read_yaml
from engine.workbench.layout.lay_out import laid_out, says_the_same
from engine.workbench.layout.proof import what_differs
from engine.workbench.schema.files import form_of
from tests.engine.rulebook.test_mutations import mutated
from tests.engine.workbench.layout.scramble import Scrambler
from tests.examples import examples

_HEADER = re.compile(r"[|>]-?( +# remark [0-9]+)?$")
EXAMPLES = examples(20)
PROJECT = Path(__file__).parents[4]
FOLDERS = ("rules/usmca", "tests/planted/parcels", "tests/engine/rulebook/small")
FILES = {
    path.relative_to(PROJECT).as_posix(): path.read_text("utf-8")
    for folder in FOLDERS
    for path in sorted((PROJECT / folder).glob("*.yaml"))
}
SHORT = sorted(path for path, text in FILES.items() if len(text) < 9_000)


def tree(path: str, text: str) -> Node:
    """The file's tree, which has one."""
    root = read_yaml(TextFile(path, text), Problems())
    assert root is not None
    return root


def written(path: str, text: str) -> str:
    """The file laid out, which it can be."""
    laid = laid_out(path, text)
    assert isinstance(laid, str), laid
    return laid


@st.composite
def scrambled(draw: st.DrawFn) -> tuple[str, str, list[tuple[str, str, str]]]:
    """One of the files in another layout, and its comments."""
    path = draw(st.sampled_from(SHORT))
    root = tree(path, FILES[path])
    scrambler = Scrambler(Random(draw(st.integers(0, 2**32))), draw(st.sampled_from([0.0, 0.3, 0.8])))
    return path, scrambler.file(root, form_of(path, root)), scrambler.remarks


def is_kept(lines: list[str], remark: tuple[str, str, str]) -> bool:
    """Whether the comment is there once, at its neighbour: beside it, above it, or at the file's head."""
    comment, where, neighbour = remark
    at = [number for number, line in enumerate(lines) if line.endswith(comment)]
    if len(at) != 1:
        return False
    if where == "head":
        return all(not line or line.startswith("#") for line in lines[: at[0]])
    before = lines[at[0]].removesuffix(comment)
    below = [line for line in lines[at[0] + 1 :] if line.strip() and not line.lstrip().startswith("#")]
    if where == "beside" and neighbour in before:
        return True
    following = "".join(below[: 2 if _HEADER.search(below[0]) else 1])
    return (where == "beside" or not before.strip()) and neighbour in following


@pytest.mark.parametrize("path", sorted(FILES))
def test_shipped_files(path: str) -> None:
    """A file of the project, laid out, is laid out the same again."""
    laid = written(path, FILES[path])
    assert laid == written(path, laid)


@pytest.mark.parametrize("folder", FOLDERS)
def test_same_rulebook(folder: str) -> None:
    """The digest, the problems and the tests of a folder are those of before."""
    before = {path: text for path, text in FILES.items() if path.startswith(folder)}
    before |= {
        path.relative_to(PROJECT).as_posix(): path.read_text("utf-8")
        for path in (PROJECT / folder).glob("*.csv")
    }
    after = {path: written(path, text) if path.endswith(".yaml") else text for path, text in before.items()}
    assert () == what_differs(before, after)


@settings(max_examples=EXAMPLES, deadline=None)
@given(case=scrambled())
def test_any_layout(case: tuple[str, str, list[tuple[str, str, str]]]) -> None:
    """Whatever the layout was: the digest stays, every comment keeps its neighbour, and a second time changes nothing."""
    path, text, remarks = case
    laid = written(path, text)
    digests = {open_folder({"question.yaml": each}, Problems()).digest for each in (text, laid, FILES[path])}
    assert 1 == len(digests)
    lines = laid.split("\n")
    assert [] == [remark for remark in remarks if not is_kept(lines, remark)]
    assert laid == written(path, laid)


@settings(max_examples=EXAMPLES * 2, deadline=None)
@given(data=st.data())
def test_any_text(data: st.DataObject) -> None:
    """Whatever a file holds, it is laid out for good and says the same, or its problems are told."""
    path = data.draw(st.sampled_from(SHORT))
    text = data.draw(mutated(FILES[path]))
    laid = laid_out(path, text)
    if isinstance(laid, str):
        assert laid == written(path, laid)
        root = tree(path, text)
        assert says_the_same(root, TextFile(path, laid), form_of(path, root))
    else:
        assert all(problem.file == path for problem in laid)
        assert laid
        assert "layout-unsure" not in {problem.code for problem in laid}
