"""The rulebooks of the project in plain English: goldens to be read, and laws over conditions of any kind."""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings

from engine.expression import BOOL, Expression, compile_expression
from engine.rulebook import Rulebook
from engine.workbench.english import Said, Writer, inline, lines, sentence
from engine.workbench.english.patterns import pattern_in_words
from engine.workbench.english.said import Row
from server.rulebooks import load_folder
from server.shipped import shipped_rules
from tests.engine.expression.orders import SCOPE
from tests.engine.expression.random_texts import conditions
from tests.examples import examples

EXPECTED = Path(__file__).parent / "expected"
PLANTED = Path(__file__).parents[3] / "planted" / "parcels"


@pytest.mark.parametrize(
    ("name", "folder"), [("usmca", shipped_rules() / "usmca"), ("parcels", PLANTED)], ids=["usmca", "parcels"]
)
def test_golden(name: str, folder: Path) -> None:
    """Every condition and definition of the rulebook is said exactly so."""
    text = "".join(f"{line}\n" for line in written(load_folder(folder)))
    path = EXPECTED / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDENS"):
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text


def written(rulebook: Rulebook) -> list[str]:
    """Each condition of a rulebook with its name, line by line."""
    found: list[str] = []
    for question in rulebook.questions.values():
        if question.gate is not None:
            found += told(rulebook, f"{question.name}: its rules apply when", question.gate.applies)
        for definition in question.definitions.values():
            found += told(rulebook, f"{question.name}: {definition.name}:", definition.body)
        for rule in question.rules:
            found += told(rulebook, f"{question.name}/{rule.name}: when", rule.when)
    return found


def told(rulebook: Rulebook, before: str, expression: Expression) -> list[str]:
    """A condition as a list, a value as a sentence."""
    writer = Writer(rulebook.facts)
    if expression.type != BOOL:
        return [f"{before} {writer.sentence(expression.root)}"]
    (_, first), *rest = lines(writer.said(expression.root))
    return [f"{before} {first}", *(f"{'  ' * depth}- {line}" for depth, line in rest)]


@settings(max_examples=examples(60), deadline=None)
@given(conditions(depth=4))
def test_any_condition_has_words(text: str) -> None:
    """Whatever loads is said, as a sentence whose brackets close, and as a list."""
    rulebook = load_folder(PLANTED)
    condition = compile_expression(text, SCOPE, BOOL)
    if isinstance(condition, Expression):
        words = sentence(condition.root, rulebook.facts)
        assert words.count("(") == words.count(")")
        assert lines(Writer(rulebook.facts).said(condition.root))


def nestings(letters: str) -> Iterator[Said]:
    """Every way to nest clauses that stay in this order into rows of every kind, two in a row."""
    if len(letters) == 1:
        yield Said(letters)
        return
    for cut in range(1, len(letters)):
        for left, right in product(nestings(letters[:cut]), nestings(letters[cut:])):
            yield from (Said("", row, (left, right)) for row in ROWS)
            yield Said("for no item", Row.UNDER, (left, right))


ROWS = (Row.ALL, Row.SOME, Row.WHERE, Row.ELSE)


def test_brackets_are_unambiguous() -> None:
    """Clauses that are nested in different ways are different sentences, and different lists."""
    every = [nested for letters in ("AB", "ABC", "ABCD") for nested in nestings(letters)]
    assert len(every) == len({inline(nested) for nested in every})
    assert len(every) == len({lines(nested) for nested in every})


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("^[0-9]{6}$", "is 6 digits"),
        ("^[0-9]{6,10}$", "is 6 to 10 digits"),
        ("^[0-9]{6,}$", "is 6 or more digits"),
        ("^[0-9]{1}$", "is 1 digit"),
        ("^[A-Z]+", "begins with 1 or more capital letters"),
        ("[a-z]$", "ends with 1 small letter"),
        (r"\d", "has somewhere 1 digit"),
        ("^[A-Z0-9]{2}$", "is 2 capital letters or digits"),
        ("^(72|73)", None),
        ("^[0-9]{2}[A-Z]$", None),
    ],
)
def test_patterns(pattern: str, words: str | None) -> None:
    """Patterns that people write are said; the others are shown as they are."""
    assert words == pattern_in_words(pattern)
