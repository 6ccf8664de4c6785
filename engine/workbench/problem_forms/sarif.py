"""Problems as a SARIF 2.1.0 log, which code scanners and editors show.

Form: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Columns count code points, as ours do, and
`endColumn` is the first one after the place. Paths are relative where the rulebook lies below the working folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

from engine.rulebook.problems import Problem
from engine.rulebook.text.files import line_of

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif_log(problems: Iterable[Problem], files: Mapping[str, str], version: str) -> dict[str, object]:
    """The log: one run, a rule for each code that occurs, a result for each problem.

    `files` are the texts, for the snippets; `version` is that of this software.
    """
    found = tuple(problems)
    codes = sorted({problem.code for problem in found})
    driver = {
        "name": "origingate",
        "semanticVersion": version,
        "rules": [_rule(code, [one for one in found if one.code == code]) for code in codes],
    }
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_told(problem, codes.index(problem.code), files) for problem in found],
            }
        ],
    }


def _rule(code: str, found: list[Problem]) -> dict[str, object]:
    """A code as a rule. Its help is the first mend: what is to be done differs from place to place.

    Code scanners ask for all three texts.
    """
    mend = next((problem.mend for problem in found if problem.mend), "each problem says what was expected")
    words = f"{code[0].upper()}{code[1:].replace('-', ' ')}."
    return {
        "id": code,
        "shortDescription": {"text": words},
        "fullDescription": {"text": f"{words} For example: {found[0].message}."},
        "help": {"text": f"For example: {mend}."},
        "defaultConfiguration": {"level": _level(found[0])},
    }


def _told(problem: Problem, index: int, files: Mapping[str, str]) -> dict[str, object]:
    said = f"{problem.message}. Mend: {problem.mend}." if problem.mend else f"{problem.message}."
    region: dict[str, object] = {
        "startLine": problem.line,
        "startColumn": problem.column,
        "endLine": problem.line,
        "endColumn": problem.column + problem.length,
    }
    line = line_of(files.get(problem.file, ""), problem.line)
    if line:
        region["snippet"] = {"text": line[problem.column - 1 :][: problem.length]}
    where = {"artifactLocation": {"uri": _uri(problem.file)}, "region": region}
    return {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": _level(problem),
        "message": {"text": said},
        "locations": [{"physicalLocation": where}],
    }


def _level(problem: Problem) -> str:
    return "warning" if problem.warning else "error"


def _uri(path: str) -> str:
    return f"file://{quote(path)}" if path.startswith("/") else quote(path)
