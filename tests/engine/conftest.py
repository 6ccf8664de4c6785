"""A small rulebook with one of everything, and makers of others out of a few lines."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from engine.decide import decide
from engine.decision import Decision
from engine.facts import Facts, read_facts
from engine.rulebook import DEFAULT_ENFORCE, Rulebook, load, show

SMALL = Path(__file__).parent / "rulebook" / "small"
DAY = date(2026, 7, 1)

HEAD = """
question: asked
asks: What is asked?
outcomes: [A, B, C, D]
otherwise: {gives: C, because: Nothing was found., cites: [act]}
rules:
"""


def loaded(files: Mapping[str, str]) -> Rulebook:
    """The rulebook of the files; their problems fail the test."""
    rulebook = load(files)
    assert isinstance(rulebook, Rulebook), "\n\n".join(show(p, files[p.file]) for p in rulebook)
    return rulebook


@pytest.fixture(scope="session")
def small_files() -> dict[str, str]:
    """The texts of the small rulebook, its tests among them."""
    return {path.name: path.read_text("utf-8") for path in sorted(SMALL.iterdir())}


@pytest.fixture(scope="session")
def small(small_files: dict[str, str]) -> Rulebook:
    """The small rulebook."""
    return loaded(small_files)


@pytest.fixture(scope="session")
def book(small_files: dict[str, str]) -> Callable[..., Rulebook]:
    """Makes a rulebook with the small one's facts and sources, and questions of its own."""
    base = {name: small_files[name] for name in ("rulebook.yaml", "facts.yaml", "limits.csv")}

    def make(*questions: str, **files: str) -> Rulebook:
        named = {f"{number}.yaml": text for number, text in enumerate(questions)}
        return loaded({**base, **named, **{name.replace("__", "."): text for name, text in files.items()}})

    return make


@pytest.fixture(scope="session")
def rules(book: Callable[..., Rulebook]) -> Callable[..., Rulebook]:
    """Makes a rulebook of one question with outcomes A to D, otherwise C, from (outcome, condition)s."""

    def make(*pairs: tuple[str, str], head: str = HEAD) -> Rulebook:
        written = [
            f"  - rule: r{number}\n    reason: R{number}\n    when: '{when}'\n    gives: {gives}\n"
            f"    because: Because of r{number}.\n    cites: [act]\n"
            for number, (gives, when) in enumerate(pairs)
        ]
        return book(head + "".join(written))

    return make


@pytest.fixture(scope="session")
def ask() -> Callable[..., Decision]:
    """Decides a question on facts written as in rule tests."""

    def make(
        rulebook: Rulebook,
        question: str = "asked",
        on: date = DAY,
        enforce: tuple[str, ...] = DEFAULT_ENFORCE,
        known: tuple[Decision, ...] = (),
        **raw: object,
    ) -> Decision:
        return decide(rulebook, question, typed(rulebook, **raw), on, enforce, known)

    return make


def typed(rulebook: Rulebook, **raw: object) -> Facts:
    """Facts written as in rule tests, with their types."""
    facts, mistakes = read_facts(rulebook.facts, raw)
    assert mistakes == ()
    return facts
