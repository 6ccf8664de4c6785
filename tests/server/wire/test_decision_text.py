"""The text of a decision, written straight from it, is that of its message."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decision import Decision, Finding, Incurable
from engine.rulebook import ALL_STANDINGS, Citation
from server.wire.decision_text import text_of_decision
from server.wire.decisions import decision_to_proto
from server.wire.json_text import text_of
from tests.examples import examples

from .test_decisions import DECISION, FINDING

_TEXTS = st.text('aZ é日"\\\n\U0001f600', max_size=4)
_STANDINGS = st.sampled_from(ALL_STANDINGS)
_MAPS = st.dictionaries(_TEXTS, _TEXTS, max_size=3)
_CITATIONS = st.builds(Citation, _TEXTS, _TEXTS, _TEXTS, _STANDINGS)
_FINDINGS = st.builds(
    Finding, _TEXTS, _TEXTS, _TEXTS, _TEXTS, _TEXTS, st.lists(_CITATIONS, max_size=2).map(tuple),
    _TEXTS, _MAPS, _STANDINGS,
)  # fmt: skip
_DECISIONS = st.builds(
    Decision,
    question=_TEXTS,
    outcome=_TEXTS,
    possible=st.lists(_TEXTS, max_size=2).map(tuple),
    favourable=st.sampled_from(["YES", "NO", "UNKNOWN", None]),
    findings=st.lists(_FINDINGS, max_size=2).map(tuple),
    otherwise=st.none() | _FINDINGS,
    missing=st.lists(_TEXTS, max_size=2).map(tuple),
    incurable=st.lists(st.builds(Incurable, _TEXTS, _TEXTS, _TEXTS), max_size=2).map(tuple),
    standing=_STANDINGS,
    rulebook=_TEXTS,
    rulebook_digest=_TEXTS,
    facts_digest=_TEXTS,
    on=st.dates(),
    enforce=st.lists(_STANDINGS, max_size=3).map(tuple),
    language_version=_TEXTS,
    reference_data=_TEXTS,
    asserted=_MAPS.map(lambda asserted: tuple(asserted.items())),
)


@pytest.mark.parametrize(
    "decision",
    [DECISION, replace(DECISION, findings=(), otherwise=FINDING, advisory=DECISION, favourable=None)],
)
def test_full(decision: Decision) -> None:
    """A decision that says something in every field is written as its message is."""
    assert text_of(decision_to_proto(decision)) == text_of_decision(decision, hypothetical=False)


@settings(max_examples=examples(120), deadline=None)
@given(_DECISIONS, st.none() | _DECISIONS, st.booleans())
def test_any(decision: Decision, advisory: Decision | None, hypothetical: bool) -> None:
    """Whatever a decision says, its text is that of its message, to the letter."""
    said = replace(decision, advisory=advisory)
    assert text_of(decision_to_proto(said, hypothetical)) == text_of_decision(said, hypothetical)
