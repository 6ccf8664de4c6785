"""Makes new rules, questions and rulebooks: they load, their tests pass, and no answer changes by them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from engine.expression.faults import nearest
from engine.rulebook import Rulebook, load
from engine.rulebook.model import Question
from engine.rulebook.text.fields import DASHED, IDENTIFIER
from engine.rulebook.text.folder import TEST_SUFFIX
from engine.workbench.scaffold import texts
from engine.workbench.scaffold.beside import added, asks, with_tests
from engine.workbench.scaffold.model import Book, Made, NotMade, Wishes
from engine.workbench.scaffold.probe import Probe, probe_for, probe_of


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
    text = texts.question_text(name, source) + texts.indented(rule)
    return with_tests(book, {path: text}, name, "first-rule", probe)


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
    return with_tests(book, {path: added(book, path, "rules", rule)}, question, name, probe)


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
        path for path, text in book.files.items() if asks(text, question) and not path.endswith(TEST_SUFFIX)
    ]
    if not found:
        raise NotMade(
            f"The file of `{question}` was not found. Lay its files out first: `origingate rules fmt`."
        )
    return found[0]


def _free(book: Book, path: str) -> None:
    if path in book.files:
        raise NotMade(f"{path} is there already, and is not overwritten.")
