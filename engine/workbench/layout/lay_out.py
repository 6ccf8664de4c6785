"""Lays a rule file out, and proves that it still says the same."""

from __future__ import annotations

from collections import Counter

from engine.rulebook.problems import Problem, Problems
from engine.rulebook.text.files import Span, TextFile
from engine.rulebook.text.nodes import Mapping, Node, Scalar, Sequence, keys_of
from engine.rulebook.text.yaml_text import read_yaml
from engine.workbench.layout.comments import read_comments
from engine.workbench.layout.parts import read_parts
from engine.workbench.layout.settle import below_key
from engine.workbench.layout.write import write
from engine.workbench.schema.files import form_of
from engine.workbench.schema.model import Form, Items, Keys, Named, of_kind


def laid_out(path: str, text: str) -> str | tuple[Problem, ...]:
    """The file in the canonical layout, or the problems that keep it from being read as YAML.

    What it says stays as it is: every text to the letter, the order of all lists and of all names that the author
    chose, every comment. Where that could not be held, the file has the problem `layout-unsure`.
    """
    file = TextFile(path, text.replace("\r\n", "\n").replace("\r", "\n"))
    problems = Problems()
    root = read_yaml(file, problems)
    if root is None or problems.found:
        return problems.sorted()
    if isinstance(root, Scalar):
        return file.text
    form = form_of(path, root)
    written = write(read_parts(file, root), form)
    if says_the_same(root, TextFile(path, written), form):
        return written
    problems.add(
        Span(file, 0, 1),
        "layout-unsure",
        "the file could not be laid out without changing what it says, so it is left as it is",
        "write its unusual parts more plainly, and lay it out again",
    )
    return problems.sorted()


def says_the_same(root: Node, other: TextFile, form: Form) -> bool:
    """Whether another file says the same to the letter as this tree's, with the same comments."""
    problems = Problems()
    second = read_yaml(other, problems)
    if second is None or problems.found:
        return False
    return _remarks(root) == _remarks(second) and _said(root, form) == _said(second, form)


def _remarks(root: Node) -> Counter[str]:
    return Counter(comment.text for comment in read_comments(root.file, root))


def _said(node: Node, form: Form) -> object:
    """All that a node says: keys whose order is the layout's by name, the author's in their order."""
    if isinstance(node, Scalar):
        return node.text, node.is_null
    if isinstance(node, Sequence):
        items = of_kind(form, (Items,))
        return [_said(item, items.of if isinstance(items, Items) else items) for item in node.items]
    assert isinstance(node, Mapping)
    keys = of_kind(form, (Keys, Named), keys_of(node))
    entries = [(key.text, _said(value, below_key(keys, key.text))) for key, value in node.entries]
    known = {key.name for key in keys.keys} if isinstance(keys, Keys) else frozenset()
    return dict(entries), [name for name, _ in entries if name not in known]
