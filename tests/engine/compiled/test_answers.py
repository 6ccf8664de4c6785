"""Answers about one order after another, on any day."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from engine.compiled import Verdict, answering
from engine.compiled.ask import Answers
from engine.rulebook import Rulebook
from engine.workbench.durable.generated import generated
from server.rulebooks import load_folder

PROJECT = Path(__file__).resolve().parents[3]


def told(verdict: Verdict) -> object:
    """All that a verdict says."""
    doubts = [(doubt.counted.rule.name, doubt.place, doubt.unknown) for doubt in verdict.doubts]
    found = [(one.counted.rule.name, one.counted.outcome, one.place) for one in verdict.found]
    return (verdict.outcome, verdict.possible, found, doubts, verdict.missing, verdict.applies)


@pytest.mark.parametrize("folder", ["rules/usmca", "tests/planted/parcels", "tests/engine/rulebook/small"])
def test_as_answering(folder: str) -> None:
    """Answers are those of the function that is compiled for one day, whichever days and orders came before."""
    rulebook: Rulebook = load_folder(PROJECT / folder)
    answers: dict[object, Answers] = {}
    for case in generated(rulebook, 80, Random(5)):
        asked = answers.setdefault(case.enforce, Answers(rulebook, case.enforce))
        asked.about(case.facts, case.on)
        expected = answering(rulebook, case.question, case.on, case.enforce)(case.facts)
        assert told(expected) == told(asked.ask(case.question))


def test_days() -> None:
    """What is compiled is compiled for stretches of days, and the day itself is asked for each time."""
    rulebook = load_folder(PROJECT / "tests" / "planted" / "parcels")
    answers = Answers(rulebook)
    parcel = {"parcel": {"destination": "US", "weight": 1, "pieces": 1, "marked": True, "paper": None}}
    outcomes = []
    for day in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 2)):
        answers.about(parcel, day)
        outcomes.append([found.counted.rule.name for found in answers.ask("carriage").found])
    assert [["paper-spring"], [], [], ["paper-autumn"], ["paper-autumn"]] == outcomes
    assert 3 == len(answers._compiled)
