"""Where rules and invariants stand in their files."""

from __future__ import annotations

from collections.abc import Mapping

from engine.rulebook.problems import Problems
from engine.rulebook.text.folder import open_folder
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar, Sequence
from engine.workbench.coverage.model import Kind
from engine.workbench.coverage.written import written


def places(files: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """`file:line:column` by question and rule; invariants have no question. The files make a sound rulebook."""
    found = {
        (owner.question, owner.name): _place(part.name)
        for owner, part in written(files).items()
        if owner.kind is Kind.RULE
    }
    invariants = _get(open_folder(files, Problems()).rulebook, "invariants")
    for item in invariants.items if isinstance(invariants, Sequence) else ():
        name = _get(item, "invariant")
        if isinstance(name, Scalar):
            found["", name.text] = _place(name)
    return found


def _place(scalar: Scalar) -> str:
    line, column = scalar.file.position(scalar.start)
    return f"{scalar.file.path}:{line}:{column}"


def _get(node: Node | None, key: str) -> Node | None:
    entries = node.entries if isinstance(node, MappingNode) else ()
    return next((value for name, value in entries if name.text == key), None)
