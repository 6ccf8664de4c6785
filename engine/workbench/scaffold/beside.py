"""The tests that go beside a new rule: one for each side of it, each expecting what the rules really answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from engine.decide import decide
from engine.decision import Decision
from engine.rulebook import Rulebook, load, show
from engine.rulebook.standing import ALL_STANDINGS, DEFAULT_ENFORCE
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.folder import TEST_SUFFIX
from engine.workbench.layout.lay_out import laid_out
from engine.workbench.ruletests import RuleTest, read_tests
from engine.workbench.scaffold import texts
from engine.workbench.scaffold.insert import with_item
from engine.workbench.scaffold.model import Book, Made, NotMade
from engine.workbench.scaffold.probe import Probe

_UNSET = "UNDETERMINED"


def added(book: Book, path: str, key: str, item: str) -> str:
    """The file with one more item; laid out where it was laid out before."""
    text = book.files[path]
    longer = with_item(TextFile(path, text), key, item)
    if longer is None:
        raise NotMade(
            f"The `{key}` of {path} stand in brackets. Write one a line first, each with `- ` before it."
        )
    return _as_before(path, text, longer)


def _as_before(path: str, before: str, after: str) -> str:
    laid = laid_out(path, after)
    return laid if laid_out(path, before) == before and isinstance(laid, str) else after


def with_tests(book: Book, files: Mapping[str, str], question: str, rule: str, probe: Probe) -> Made:
    """The files, and tests of the rule in that of the question's test files whose facts let it fire."""
    whole = {**book.files, **files}
    rulebook = load(whole)
    if not isinstance(rulebook, Rulebook):
        raise NotMade(
            "\n".join(["It would not load:", *(show(one, whole.get(one.file, "")) for one in rulebook)])
        )
    own = f"{book.folder}/{question}{TEST_SUFFIX}"
    homes = [own, *(p for p, text in book.files.items() if p.endswith(TEST_SUFFIX) and p != own)]
    homes = [home for home in homes if home not in book.files or asks(book.files[home], question)]
    if not homes:
        raise NotMade(f"{own} is there already, and its tests ask another question.")
    made: list[Made] = []
    for home in homes:
        text = _test_file(book, rulebook, home, question, rule, probe)
        made.append(Made({**files, home: text[0]}, text[1]))
        if made[-1].seen:
            break
    return next((one for one in made if one.seen), made[0])


def asks(text: str, question: str) -> bool:
    """Whether a file is the question's, or its tests ask it."""
    return re.search(rf"^[\"']?question[\"']?: *[\"']?{question}\b", text, re.MULTILINE) is not None


def _test_file(
    book: Book, rulebook: Rulebook, path: str, question: str, name: str, probe: Probe
) -> tuple[str, bool]:
    """The test file with a test on each side, and whether the rule fired on one of them alone."""
    rule = next(one for one in rulebook.questions[question].rules if one.name == name)
    begins = rule.start or texts.FAR_DAY
    enforce = "" if rule.standing in DEFAULT_ENFORCE else f"[{', '.join(ALL_STANDINGS)}]"
    sides = (("fires", probe.fires), ("does not fire", probe.silent))

    def written(expected: list[str]) -> str:
        items = [
            texts.test_text(name, side, begins, enforce, facts, expect)
            for (side, facts), expect in zip(sides, expected, strict=True)
        ]
        if path not in book.files:
            return texts.test_file_text(question, begins) + "".join(map(texts.indented, items))
        text = book.files[path]
        for item in items:
            text = added(_with_file(book, path, text), path, "tests", item)
        return text

    decisions = [
        decide(rulebook, test.question, test.facts, test.on, test.enforce)
        for test in _own(path, written([_UNSET, _UNSET]), rulebook, name)
    ]
    if len(decisions) != len(sides):
        raise NotMade(
            f"The tests of {path} have problems; mend them first: `origingate rules test` shows them."
        )
    fired = [any(finding.rule == name for finding in decision.findings) for decision in decisions]
    return written([_expected(decision) for decision in decisions]), fired == [True, False]


def _with_file(book: Book, path: str, text: str) -> Book:
    """The book with another text of one file."""
    return replace(book, files={**book.files, path: text})


def _own(path: str, text: str, rulebook: Rulebook, rule: str) -> list[RuleTest]:
    names = (f"{rule} fires", f"{rule} does not fire")
    return [test for test in read_tests(path, text, rulebook).tests if test.name in names]


def _expected(decision: Decision) -> str:
    reasons = sorted({finding.reason for finding in decision.findings})
    if decision.otherwise is not None and decision.otherwise.reason:
        reasons.append(decision.otherwise.reason)
    return f"{{outcome: {decision.outcome}, reasons: [{', '.join(dict.fromkeys(reasons))}]}}"
