"""Mutants of a rulebook, put to its tests."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rulebook import Rulebook, load
from engine.rulebook.text.nodes import Node, plain
from engine.workbench.mutation.edits import edited
from engine.workbench.mutation.model import Fate, Mutant, State, score
from engine.workbench.mutation.trial import Trial, trial
from engine.workbench.ruletests import read_tests
from engine.workbench.ruletests.running import run_test

TODAY = date(2026, 11, 25)
PARCELS = Path(__file__).parents[3] / "planted" / "parcels"
FILES = {path.name: path.read_text("utf-8") for path in sorted(PARCELS.iterdir())}
RATES = {
    "rulebook.yaml": """
rulebook: rates
title: Rates
zone: Europe/Vienna
sources: {act: {title: The Act, standing: enacted, read: text of 2026}}
lists: {near: [AT, DE], unused: [X]}
tables:
  limits: {meaning: Limits., key: country, columns: {country: string, limit: int, note: string}, cites: [act]}
define: {is_near: parcel.to in near}
invariants: [{invariant: near-is-cheap, never: 'inner.outcome == "NEAR" && outer.outcome == "DEAR"', because: So.}]
""",
    "limits.csv": "country,limit,note,from\nAT,5,text,2026-01-01\nDE,7,text,\n",
    "facts.yaml": """
facts:
  parcel.to: {type: string, meaning: Where it goes., example: AT}
  parcel.pieces: {type: int, meaning: How many., example: 3}
""",
    "inner.yaml": """
question: inner
asks: Is it near?
outcomes: [FAR, NEAR]
otherwise: {gives: FAR, because: It is far., cites: [act]}
rules:
  - {rule: near, reason: NEAR, when: is_near, gives: NEAR, because: It is near., cites: [act]}
""",
    "outer.yaml": """
question: outer
asks: Is it cheap?
applies: inner.outcome == "NEAR"
else: {gives: DEAR, because: It is far., cites: [act]}
outcomes: [DEAR, CHEAP]
otherwise: {gives: CHEAP, because: It is near., cites: [act]}
rules:
  - rule: many
    reason: MANY
    when: "parcel.to in limits && parcel.pieces > limits[parcel.to].limit"
    gives: DEAR
    because: Many pieces.
    values: {most: "limits[parcel.to].limit * 2"}
    cites: [act]
""",
    "outer_test.yaml": """
question: outer
on: 2026-01-01
given: {parcel: {to: AT, pieces: 5}}
tests:
  - {test: at the limit, expect: CHEAP}
  - {test: over it, with: {parcel.pieces: 6}, expect: DEAR}
  - {test: before the table, on: 2025-12-31, with: {parcel.pieces: 6}, expect: CHEAP}
""",
}


def begun(files: Mapping[str, str]) -> Trial:
    """The trial of a rulebook with its tests."""
    rulebook = load(files)
    assert isinstance(rulebook, Rulebook)
    read = [read_tests(path, text, rulebook) for path, text in files.items() if path.endswith("_test.yaml")]
    return trial(rulebook, files, [run_test(test, rulebook, TODAY) for file in read for test in file.tests])


@pytest.fixture(scope="module")
def parcels() -> Trial:
    """The trial of the planted rulebook."""
    return begun(FILES)


@pytest.fixture(scope="module")
def rates() -> dict[tuple[str, str], Fate]:
    """The fates of a rulebook with a list, a table, a shared definition and a question inside another."""
    made = begun(RATES)
    return {(one.name, one.change.after or f"no {one.change.before}"): made.fate(one) for one in made.mutants}


def test_inner_question(rates: dict[tuple[str, str], Fate]) -> None:
    """A mutant of a question is put to the tests of those that use its outcome."""
    assert "outer_test.yaml:6: at the limit" == rates["near", "FAR"].test


def test_shared_definition(rates: dict[tuple[str, str], Fate]) -> None:
    """A definition that all questions share is changed wherever it is used."""
    assert State.KILLED is rates["is_near", "!(parcel.to in near)"].state


def test_list(rates: dict[tuple[str, str], Fate]) -> None:
    """A member that no test needs survives its absence; a list that nothing uses has no mutants."""
    assert State.KILLED is rates["near", "no AT"].state
    assert (
        Fate(State.SURVIVED, hint="no test in which it matters that DE is in `near`")
        == rates["near", "no DE"]
    )
    assert ("unused", "no X") not in rates


def test_table(rates: dict[tuple[str, str], Fate]) -> None:
    """Rows, their first days and the cells that rules read are changed; keys and what nothing reads stay."""
    assert {
        ("limits", "no AT"), ("limits", "4"), ("limits", "6"), ("limits", "from 2025-12-31"), ("limits", "from 2026-01-02"),
        ("limits", "no DE"), ("limits", "8"),
    } == {key for key in rates if key[0] == "limits"}  # fmt: skip
    assert Fate(State.SURVIVED, hint="no test in which `limit` of DE decides") == rates["limits", "8"]
    assert "outer_test.yaml:8: before the table" == rates["limits", "from 2025-12-31"].test


def test_values(rates: dict[tuple[str, str], Fate]) -> None:
    """What a finding says in `values` is changed too."""
    assert State.SURVIVED is rates["many", "limits[parcel.to].limit * 3"].state


def test_statements(rates: dict[tuple[str, str], Fate]) -> None:
    """What `otherwise` and `else` give is exchanged for the neighbouring outcome, and the gate is changed."""
    assert State.KILLED is rates["otherwise", "DEAR"].state
    assert State.SURVIVED is rates["else", "CHEAP"].state
    assert State.KILLED is rates["applies", 'inner.outcome != "NEAR"'].state


def test_does_not_load(parcels: Trial) -> None:
    """A mutant that does not load is refused, and does not count."""
    outcome = next(one for one in parcels.mutants if one.change.kind == "outcome")
    refused = replace(outcome, edit=replace(outcome.edit, text="NONSENSE"))
    assert Fate(State.REFUSED) == parcels.fate(refused)
    assert 100.0 == score([Fate(State.REFUSED), Fate(State.KILLED)]).percent


def test_order(parcels: Trial) -> None:
    """Mutants come in the order of the files, and the same ones each time."""
    places = [(one.span.file.path, one.span.start) for one in parcels.mutants]
    assert places == sorted(places)
    assert [one.change for one in parcels.mutants] == [one.change for one in begun(FILES).mutants]


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_as_if_written(data: st.DataObject) -> None:
    """A mutant decides like the rulebook whose text has the change in it."""
    made = _PARCELS
    mutant = data.draw(st.sampled_from(made.mutants))
    written = load(_written(made, mutant))
    changed = made.loaded(mutant)
    assert isinstance(written, Rulebook) and changed is not None
    test = data.draw(st.sampled_from(made.tests["carriage"]))
    assert run_test(test, written, TODAY).differences == run_test(test, changed, TODAY).differences


_PARCELS = begun(FILES)


def _written(made: Trial, mutant: Mutant) -> dict[str, str]:
    """The texts of the files, with the mutant in them."""
    folder = edited(made.folder, mutant.edit)
    roots: list[Node | None] = [folder.rulebook, folder.facts, *folder.questions]
    return {root.file.path: yaml.safe_dump(plain(root)) for root in roots if root is not None}
