"""Makes new rules, questions and rulebooks: they load, their tests pass, and no answer changes by them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from engine.decide import decide
from engine.decision import Decision
from engine.expression.faults import nearest
from engine.rulebook import Rulebook, load, show
from engine.rulebook.model import Question
from engine.rulebook.standing import ALL_STANDINGS, DEFAULT_ENFORCE
from engine.rulebook.text.fields import DASHED, IDENTIFIER
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.folder import TEST_SUFFIX
from engine.workbench.layout.lay_out import laid_out
from engine.workbench.ruletests import RuleTest, read_tests
from engine.workbench.scaffold import texts
from engine.workbench.scaffold.insert import with_item
from engine.workbench.scaffold.probe import Probe, probe_for, probe_of

_UNSET = "UNDETERMINED"


class NotMade(Exception):
    """Nothing was made; the text says why, and what would do."""


@dataclass(frozen=True, slots=True)
class Made:
    """The texts of the files that are new or changed, by path, and whether the tests saw the rule fire."""

    files: Mapping[str, str]
    seen: bool = True


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the author chose of a new rule; empty where nothing is chosen."""

    fact: str = ""
    gives: str = ""
    cites: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """A rulebook that loads, and the texts of its files, its tests among them, in a folder."""

    folder: str
    files: Mapping[str, str]
    rulebook: Rulebook


def new_rulebook(folder: str) -> Made:
    """A small rulebook: one fact, one question, one rule and its tests."""
    name = re.sub(r"[^a-z0-9]+", "_", folder.rstrip("/").rpartition("/")[2].lower()).strip("_")
    if not IDENTIFIER.pattern.fullmatch(name):
        raise NotMade(f"A rulebook cannot be called `{name}`: use {IDENTIFIER.words}.")
    files = {f"{folder}/rulebook.yaml": texts.rulebook_text(name), f"{folder}/facts.yaml": texts.FACTS_TEXT}
    rulebook = load(files)
    assert isinstance(rulebook, Rulebook)
    made = new_question(Book(folder, files, rulebook), "example", Wishes())
    return replace(made, files={**files, **made.files})


def new_question(book: Book, name: str, wishes: Wishes) -> Made:
    """A question file with one rule, and its tests."""
    if not IDENTIFIER.pattern.fullmatch(name):
        raise NotMade(f"A question cannot be called `{name}`: use {IDENTIFIER.words}.")
    path = f"{book.folder}/{name}.yaml"
    if name in book.rulebook.questions:
        raise NotMade(f"There is a question `{name}` already. A new rule of it is `{name}/NAME-OF-THE-RULE`.")
    _free(book, path)
    _free(book, f"{book.folder}/{name}{TEST_SUFFIX}")
    source = wishes.cites.split(" ")[0] or next(iter(book.rulebook.sources), "")
    probe = _probe(book, None, wishes)
    rule = texts.rule_text(
        "first-rule", "FIRST_RULE", _first_day(book), probe, wishes.gives or "REVIEW", wishes.cites or source
    )
    text = texts.question_text(name, source) + _indented(rule)
    return _with_tests(book, {path: text}, name, "first-rule", probe)


def new_rule(book: Book, question: str, name: str, wishes: Wishes) -> Made:
    """A rule at the end of its question's file, and a test on each side of it."""
    asked = book.rulebook.questions.get(question)
    if asked is None:
        near = nearest(question, book.rulebook.questions)
        hint = f"Did you mean `{near}`?" if near else f"Make it first, as `{question}` without a rule."
        raise NotMade(f"There is no question `{question}`. {hint}")
    if not DASHED.pattern.fullmatch(name):
        raise NotMade(f"A rule cannot be called `{name}`: use {DASHED.words}.")
    if any(rule.name == name for rule in asked.rules):
        raise NotMade(f"There is a rule `{name}` in `{question}` already. Choose another name.")
    if wishes.gives and wishes.gives not in asked.outcomes:
        raise NotMade(
            f"`{wishes.gives}` is no outcome of `{question}`. Its outcomes are: {', '.join(asked.outcomes)}."
        )
    gives = wishes.gives or ("REVIEW" if "REVIEW" in asked.outcomes else asked.outcomes[0])
    source = wishes.cites or asked.otherwise.cites[0].source
    probe = _probe(book, asked, wishes)
    path = _file_of(book, question)
    rule = texts.rule_text(name, _reason(asked, name), _first_day(book), probe, gives, source)
    return _with_tests(book, {path: _added(book, path, "rules", rule)}, question, name, probe)


def _probe(book: Book, question: Question | None, wishes: Wishes) -> Probe:
    facts = book.rulebook.facts
    if wishes.cites and wishes.cites.split(" ")[0] not in book.rulebook.sources:
        sources = ", ".join(book.rulebook.sources)
        raise NotMade(f"`{wishes.cites}` is no source of the rulebook. Its sources are: {sources}.")
    if not wishes.fact:
        probe = probe_for(question, facts)
        if probe is None:
            raise NotMade(
                "The dictionary has no fact with a simple type that a rule could begin with. Add one."
            )
        return probe
    fact = facts.facts.get(wishes.fact)
    if fact is None:
        near = nearest(wishes.fact, facts.facts)
        raise NotMade(f"There is no fact `{wishes.fact}`." + (f" Did you mean `{near}`?" if near else ""))
    probe = probe_of(fact)
    if probe is None:
        raise NotMade(
            f"`{wishes.fact}` is a {fact.type}; begin with a fact of a simple type, and write the condition later."
        )
    return probe


def _first_day(book: Book) -> date:
    """A far day, after the first one of every other new rule, so that their tests do not see this one."""
    starts = [rule.start for asked in book.rulebook.questions.values() for rule in asked.rules if rule.start]
    return max([texts.FAR_DAY, *(start + timedelta(days=1) for start in starts if start >= texts.FAR_DAY)])


def _reason(question: Question, name: str) -> str:
    """The rule's name as a code that no other rule of the question has."""
    code = re.sub(r"^([0-9])", r"R_\1", name.replace("-", "_").upper())
    taken = {rule.reason for rule in question.rules}
    numbers = [code, *(f"{code}_{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in numbers if one not in taken)


def _file_of(book: Book, question: str) -> str:
    found = [
        path for path, text in book.files.items() if _asks(text, question) and not path.endswith(TEST_SUFFIX)
    ]
    if not found:
        raise NotMade(
            f"The file of `{question}` was not found. Lay its files out first: `origingate rules fmt`."
        )
    return found[0]


def _added(book: Book, path: str, key: str, item: str) -> str:
    """The file with one more item; laid out where it was laid out before."""
    text = book.files[path]
    added = with_item(TextFile(path, text), key, item)
    if added is None:
        raise NotMade(
            f"The `{key}` of {path} stand in brackets. Write one a line first, each with `- ` before it."
        )
    return _as_before(path, text, added)


def _as_before(path: str, before: str, after: str) -> str:
    laid = laid_out(path, after)
    return laid if laid_out(path, before) == before and isinstance(laid, str) else after


def _free(book: Book, path: str) -> None:
    if path in book.files:
        raise NotMade(f"{path} is there already, and is not overwritten.")


def _indented(item: str) -> str:
    return "".join(f"  {line}\n" for line in item.rstrip("\n").split("\n"))


def _with_tests(book: Book, files: Mapping[str, str], question: str, rule: str, probe: Probe) -> Made:
    """The files, and tests of the rule in that of the question's test files whose facts let it fire."""
    whole = {**book.files, **files}
    rulebook = load(whole)
    if not isinstance(rulebook, Rulebook):
        raise NotMade(
            "\n".join(["It would not load:", *(show(one, whole.get(one.file, "")) for one in rulebook)])
        )
    own = f"{book.folder}/{question}{TEST_SUFFIX}"
    homes = [own, *(p for p, text in book.files.items() if p.endswith(TEST_SUFFIX) and p != own)]
    homes = [home for home in homes if home not in book.files or _asks(book.files[home], question)]
    if not homes:
        raise NotMade(f"{own} is there already, and its tests ask another question.")
    made: list[Made] = []
    for home in homes:
        text = _test_file(book, rulebook, home, question, rule, probe)
        made.append(Made({**files, home: text[0]}, text[1]))
        if made[-1].seen:
            break
    return next((one for one in made if one.seen), made[0])


def _asks(text: str, question: str) -> bool:
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
            return texts.test_file_text(question, begins) + "".join(map(_indented, items))
        text = book.files[path]
        for item in items:
            text = _added(_with_file(book, path, text), path, "tests", item)
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
