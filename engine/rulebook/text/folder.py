"""The files of one rulebook, sorted by what they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from engine.rulebook.problems import Problems
from engine.rulebook.text.csv_text import CsvFile, read_csv
from engine.rulebook.text.files import Span, TextFile
from engine.rulebook.text.nodes import Node, canonical
from engine.rulebook.text.yaml_text import read_yaml

RULEBOOK_FILE = "rulebook.yaml"
FACTS_FILE = "facts.yaml"
TEST_SUFFIX = "_test.yaml"


@dataclass(frozen=True, slots=True)
class Folder:
    """The trees of rulebook.yaml, facts.yaml and the question files, and the CSV files by name.

    `files` are the texts by their path from the folder on: what a digest is taken of and a store keeps.
    """

    rulebook: Node | None
    facts: Node | None
    questions: tuple[Node, ...]
    tables: Mapping[str, CsvFile]
    files: Mapping[str, str]
    digest: str


def open_folder(files: Mapping[str, str], problems: Problems) -> Folder:
    """Reads the YAML of all files; what is missing or belongs to no rulebook is noted."""
    kept = {path: text for path, text in sorted(files.items()) if _belongs(path)}
    base = _base(kept, problems)
    trees: dict[str, Node | None] = {}
    tables: dict[str, CsvFile] = {}
    forms: dict[str, object] = {}
    for path, text in kept.items():
        inside = path.removeprefix(base)
        file = TextFile(path, text)
        if path.endswith(".csv"):
            tables[inside] = read_csv(file, problems)
            forms[inside] = [[cell.text for cell in row] for row in tables[inside].rows]
        else:
            tree = read_yaml(file, problems)
            trees[inside] = tree
            forms[inside] = canonical(tree) if tree is not None else None
    questions = tuple(
        tree for path, tree in trees.items() if tree is not None and path not in {RULEBOOK_FILE, FACTS_FILE}
    )
    stored = {path.removeprefix(base): text for path, text in kept.items()}
    for name in (RULEBOOK_FILE, FACTS_FILE):
        if name not in trees:
            where = TextFile(base + name, "")
            problems.add(
                Span(where, 0, 1), "missing-file", f"there is no `{name}`", "add it beside the question files"
            )
    return Folder(trees.get(RULEBOOK_FILE), trees.get(FACTS_FILE), questions, tables, stored, _digest(forms))


def _belongs(path: str) -> bool:
    return path.endswith((".yaml", ".csv")) and not path.endswith(TEST_SUFFIX)


def _base(files: Mapping[str, str], problems: Problems) -> str:
    """The folder of rulebook.yaml, with its slash; that of the first file where there is none."""
    found = [path for path in files if path.rpartition("/")[2] == RULEBOOK_FILE]
    for other in found[1:]:
        problems.add(
            Span(TextFile(other, files[other]), 0, 1),
            "second-rulebook",
            f"`{found[0]}` is the rulebook already",
            "load one rulebook at a time",
        )
    first = found[0] if found else next(iter(files), "")
    return first[: first.rfind("/") + 1]


def _digest(forms: Mapping[str, object]) -> str:
    text = json.dumps(forms, sort_keys=True, separators=(",", ":"))
    return f"sha256:{sha256(text.encode()).hexdigest()}"
