"""Edits of a rulebook's files as they are read: one text replaced, or one item left out.

The texts of the files are not touched, so that quotes and layout cannot go wrong; what is loaded is the same
as if the author had written it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.rulebook.text.csv_text import CsvFile
from engine.rulebook.text.folder import Folder
from engine.rulebook.text.nodes import Mapping, Node, Scalar, Sequence


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands at `steps` of a file reads `text` instead, or is left out where that is None.

    Steps count the entries of mappings and the items of lists from 0; in a CSV file they are row and cell.
    """

    file: str
    steps: tuple[int, ...]
    text: str | None


def edited(folder: Folder, edit: Edit) -> Folder:
    """The folder with the edit made."""
    tables = {
        name: _csv(csv, edit) if csv.file.path == edit.file else csv for name, csv in folder.tables.items()
    }
    rulebook = folder.rulebook
    if rulebook is not None and rulebook.file.path == edit.file:
        rulebook = _node(rulebook, edit.steps, edit.text)
    questions = tuple(
        _node(root, edit.steps, edit.text) if root.file.path == edit.file else root
        for root in folder.questions
    )
    return replace(folder, rulebook=rulebook, questions=questions, tables=tables)


def _node(node: Node, steps: tuple[int, ...], text: str | None) -> Node:
    if isinstance(node, Scalar):
        return replace(node, text=text or "")
    step, *rest = steps
    leaves_out = not rest and text is None
    if isinstance(node, Sequence):
        changed = () if leaves_out else (_node(node.items[step], tuple(rest), text),)
        return replace(node, items=(*node.items[:step], *changed, *node.items[step + 1 :]))
    key, value = node.entries[step]
    entry: tuple[tuple[Scalar, Node], ...] = () if leaves_out else ((key, _node(value, tuple(rest), text)),)
    return _with(node, (*node.entries[:step], *entry, *node.entries[step + 1 :]))


def _with(node: Mapping, entries: tuple[tuple[Scalar, Node], ...]) -> Mapping:
    return replace(node, entries=entries)


def _csv(csv: CsvFile, edit: Edit) -> CsvFile:
    number = edit.steps[0]
    row = csv.rows[number]
    if edit.text is None:
        return replace(csv, rows=(*csv.rows[:number], *csv.rows[number + 1 :]))
    cell = edit.steps[1]
    row = (*row[:cell], replace(row[cell], text=edit.text), *row[cell + 1 :])
    return replace(csv, rows=(*csv.rows[:number], row, *csv.rows[number + 1 :]))
