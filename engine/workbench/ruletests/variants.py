"""Reads tests that expect problems: a variant of the rulebook, and what loading it draws.

    tests:
      - test: a fact that is misspelled
        file: scope.yaml                          # beside rulebook.yaml
        replace: {order.destination in: order.destinaton in}
        problems: [unknown-fact]
      - test: its place and its mend
        file: scope.yaml
        replace: {order.destination in: order.destinaton in}
        problems:
          - {code: unknown-fact, at: order.destinaton, mend: write `order.destination`}
      - test: a question without rules
        file: empty.yaml                          # a further file, or one instead of what is there
        text: |
          question: empty
        problems: [missing-key]

Each old text of `replace` must stand in the file exactly once. `problems` has a code alone, or what is to be
compared: code, file, line, column, `at` (the text under the caret), message, mend. Problems are compared as a
whole, in any order; warnings only where they are named. `problems: []` says that the variant loads.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.rulebook.model import Rulebook
from engine.rulebook.problems import Problems, instead
from engine.rulebook.text.fields import Fields, open_fields, said, scalar_of
from engine.rulebook.text.folder import TEST_SUFFIX
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Scalar
from engine.workbench.ruletests.model import ExpectedProblem, ProblemTest, Skip

VARIANT_KEYS = ("file", "replace", "text", "problems")

PROBLEM_REQUIRED = ("code",)
PROBLEM_OPTIONAL = ("file", "at", "message", "mend", "line", "column")
_TEXTS = ("code", "file", "at", "message", "mend")
_NUMBERS = ("line", "column")


def read_problem_test(fields: Fields, name: str, skip: Skip | None, rulebook: Rulebook) -> ProblemTest | None:
    """The test, if it is sound; else only its problems."""
    problems = fields.problems
    before = len(problems.found)
    for key in ("file", "problems"):
        if key not in fields.keys:
            problems.add(
                fields.first_span, "missing-key", f"a test of a variant lacks `{key}`", f"add `{key}:`"
            )
    files = _variant(fields, rulebook)
    expect = tuple(_expected(fields, problems))
    if files is None or len(problems.found) != before:
        return None
    file, line = fields.node.file, fields.node.file.position(fields.first_span.start)[0]
    return ProblemTest(file.path, line, name, files, expect, skip)


def _variant(fields: Fields, rulebook: Rulebook) -> dict[str, str] | None:
    file = fields.scalar("file")
    if file is None:
        return None
    path, files, problems = file.text.strip(), rulebook.files, fields.problems
    if ("text" in fields.keys) == ("replace" in fields.keys):
        problems.add(
            fields.key_span("file"),
            "missing-key",
            "a variant has either `replace` or `text`",
            "add one of them",
        )
        return None
    if "text" in fields.keys:
        if not path.endswith((".yaml", ".csv")) or path.endswith(TEST_SUFFIX):
            problems.add(
                file.span,
                "unknown-file",
                f"`{path}` is no rule file",
                "end it in `.yaml` or `.csv`; tests are no part of a rulebook",
            )
            return None
        text = fields.scalar("text")
        return {**files, path: text.text} if text is not None else None
    if path not in files:
        problems.add(
            file.span,
            "unknown-file",
            f"the rulebook has no file `{path}`",
            instead(path, files, "its files are"),
        )
        return None
    text_now = _replaced(fields, files[path], path)
    return {**files, path: text_now} if text_now is not None else None


def _replaced(fields: Fields, text: str, path: str) -> str | None:
    changed = text
    for old, new in fields.entries("replace"):
        times = text.count(old.text)
        if not isinstance(new, Scalar) or new.is_noted:
            fields.problems.add(new.span, "wrong-kind", "the new text is text", "write it in quotes")
            return None
        if times != 1:
            found = f"stands in `{path}` {times} times" if times else f"does not stand in `{path}`"
            mend = "write more of what is around it" if times else "copy the text from the file"
            fields.problems.add(old.span, "no-such-text", f"`{old.text}` {found}", mend)
            return None
        changed = changed.replace(old.text, new.text)
    return changed


def _expected(fields: Fields, problems: Problems) -> list[ExpectedProblem]:
    found: list[ExpectedProblem] = []
    for item in fields.items("problems", may_be_empty=True):
        if isinstance(item, MappingNode):
            below = open_fields(item, "a problem", problems, PROBLEM_REQUIRED, PROBLEM_OPTIONAL)
            if below is not None:
                numbers = {key: _number(below, key) for key in _NUMBERS if key in below.keys}
                found.append(_problem({key: _text(below, key) for key in _TEXTS}, numbers))
        elif isinstance(item, Scalar):
            code = scalar_of(item, "a problem", problems)
            found += [ExpectedProblem(code.text.strip())] if code is not None else []
        else:
            open_fields(item, "a problem", problems, PROBLEM_REQUIRED)
    return found


def _problem(texts: Mapping[str, str | None], numbers: Mapping[str, int | None]) -> ExpectedProblem:
    return ExpectedProblem(
        texts["code"] or "",
        texts["file"],
        numbers.get("line"),
        numbers.get("column"),
        texts["at"],
        texts["message"],
        texts["mend"],
    )


def _text(fields: Fields, key: str) -> str | None:
    return said(fields.scalar(key)) if key in fields.keys else None


def _number(fields: Fields, key: str) -> int | None:
    value = fields.scalar(key)
    if value is None:
        return None
    if not value.text.isascii() or not value.text.isdecimal():
        fields.problems.add(
            value.span, "wrong-type", f"`{key}` is no whole number", "write digits only, as 5"
        )
        return None
    return int(value.text)
