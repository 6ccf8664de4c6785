"""Reads a question file: what is asked, its outcomes, its gate, its definitions and rules.

question: prereview
asks: Is the order eligible for the pre-review?
applies: scope.outcome == "IN_SCOPE"
else: {gives: NOT_APPLICABLE, because: "...", cites: [...]}
outcomes: [SUSPENDED, INELIGIBLE, REVIEW, ELIGIBLE, NOT_APPLICABLE]     # strongest first
favourable: [ELIGIBLE, NOT_APPLICABLE]
otherwise: {gives: REVIEW, because: "...", cites: [...]}
define: {...}
rules: [...]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.expression.types import BOOL, EnumType
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.model import UNDETERMINED, Gate, Question, Rule
from engine.rulebook.problems import Problems, instead
from engine.rulebook.reading.definitions import read_definitions
from engine.rulebook.reading.header import Citations
from engine.rulebook.reading.rests import Rests
from engine.rulebook.reading.rule import RuleReader
from engine.rulebook.reading.vocabulary import Vocabulary
from engine.rulebook.text.fields import CODE, IDENTIFIER, Fields, open_fields, said, shaped
from engine.rulebook.text.nodes import Node, Scalar

QUESTION_REQUIRED = ("question", "asks", "outcomes", "otherwise", "rules")
QUESTION_OPTIONAL = ("applies", "else", "favourable", "define")


@dataclass(frozen=True, slots=True)
class Head:
    """What other questions need to know of a question: its name and its outcomes, strongest first."""

    fields: Fields
    name: Scalar
    outcomes: tuple[str, ...]

    @property
    def type(self) -> EnumType:
        """The type of its outcome."""
        return EnumType(f"outcome of {self.name.text}", self.outcomes)


def read_head(root: Node, problems: Problems) -> Head | None:
    """Opens a question file; None where it has no usable name."""
    fields = open_fields(root, "a question", problems, QUESTION_REQUIRED, QUESTION_OPTIONAL)
    name = fields.name("question", IDENTIFIER) if fields else None
    if fields is None or name is None:
        return None
    outcomes: list[str] = []
    for outcome in fields.texts("outcomes"):
        if outcome.text == UNDETERMINED:
            problems.add(
                outcome.span, "undetermined-literal", "UNDETERMINED is every question's already", "delete it"
            )
        elif outcome.text in outcomes:
            problems.add(
                outcome.span,
                "duplicate-outcome",
                f"`{outcome.text}` is there twice",
                "keep it where it belongs, strongest first",
            )
        elif shaped(outcome, CODE, "an outcome", problems):
            outcomes.append(outcome.text)
    return Head(fields, name, tuple(outcomes))


def read_question(
    head: Head, vocabulary: Vocabulary, dictionary: Dictionary, citations: Citations, rests: Rests
) -> tuple[Question | None, dict[tuple[str, str], Scalar]]:
    """The question, and the places of its definitions and rules; None where a problem keeps it from being whole."""
    fields = head.fields
    defined = read_definitions(fields.entries("define"), vocabulary, dictionary, citations)
    rests = rests.with_definitions(definition for _, definition in defined.definitions.values())
    reader = RuleReader(head.outcomes, defined.vocabulary, citations, rests)
    favourable = _favourable(head)
    otherwise = reader.statement(fields.get("otherwise"), "otherwise")
    gate = _gate(fields, reader)
    rules = tuple(reader.rule(item) for item in fields.items("rules"))
    sound = [rule for rule in rules if rule is not None]
    _duplicates(reader)
    if otherwise is None or len(sound) < len(rules):
        return None, {}
    inner = frozenset().union(*(rule.basis.questions for rule in sound), gate.basis.questions if gate else ())
    question = Question(
        head.name.text, said(fields.prose("asks")), head.outcomes, favourable, gate, otherwise, tuple(sound),
        {name: definition for name, (_, definition) in defined.definitions.items()}, tuple(sorted(inner)),
        reader.reads,
    )  # fmt: skip
    name = head.name.text
    places = {("definition", f"{name}:{key}"): place for key, (place, _) in defined.definitions.items()}
    places |= {("rule", f"{name}:{rule.text}"): rule for rule, _, _ in reader.named}
    return question, places


def _favourable(head: Head) -> frozenset[str] | None:
    if "favourable" not in head.fields.keys:
        return None
    problems, good = head.fields.problems, []
    for outcome in head.fields.texts("favourable"):
        if outcome.text not in head.outcomes:
            problems.add(
                outcome.span,
                "unknown-outcome",
                f"`{outcome.text}` is no outcome of `{head.name.text}`",
                instead(outcome.text, head.outcomes, "its outcomes are"),
            )
        else:
            good.append(outcome)
    names = [outcome.text for outcome in good]
    bad = [outcome for outcome in head.outcomes if outcome not in names]
    for outcome in good:
        weaker = [other for other in bad if head.outcomes.index(other) > head.outcomes.index(outcome.text)]
        if weaker:
            problems.warn(
                outcome.span,
                "outcome-order",
                f"`{outcome.text}` is favourable and stronger than `{weaker[0]}`, which is not",
                "list outcomes strongest first: what stands against an order comes before what speaks for it",
            )
    return frozenset(names)


def _gate(fields: Fields, reader: RuleReader) -> Gate | None:
    present = fields.keys & {"applies", "else"}
    if len(present) == 1:
        there, lacking = ("applies", "else") if "applies" in present else ("else", "applies")
        fields.problems.add(
            fields.key_span(there),
            "missing-key",
            f"`{there}` stands without `{lacking}`",
            f"add `{lacking}:`",
        )
        return None
    if not present:
        return None
    condition = fields.condition("applies")
    otherwise = reader.statement(fields.get("else"), "else")
    applies = reader.vocabulary.condition(condition, fields.problems, BOOL) if condition else None
    if applies is None or otherwise is None:
        return None
    basis, standing = reader.rests.of([applies])
    reader.reads |= reader.rests.facts(applies.reads)
    return Gate(applies, otherwise, basis, standing)


def _duplicates(reader: RuleReader) -> None:
    """Two rules of one name, and two of one reason on the same day, cannot be told apart."""
    problems = reader.citations.problems
    rules: dict[str, Scalar] = {}
    reasons: dict[str, list[tuple[Scalar, Rule]]] = {}
    for name, reason, rule in reader.named:
        if name.text in rules:
            line = name.file.position(rules[name.text].start)[0]
            problems.add(
                name.span,
                "duplicate-rule",
                f"the rule `{name.text}` is there twice; first on line {line}",
                "give one of them another name",
            )
        rules.setdefault(name.text, name)
        if reason is None or rule is None:
            continue
        for first, other in reasons.setdefault(reason.text, []):
            if _periods_overlap(rule, other):
                line = reason.file.position(first.start)[0]
                problems.add(
                    reason.span,
                    "duplicate-reason",
                    f"two rules in force on the same day have the reason {reason.text}; first on line {line}",
                    "give one of them another reason, or end one before the other begins",
                )
                break
        reasons[reason.text].append((reason, rule))


def _periods_overlap(one: Rule, other: Rule) -> bool:
    first, last = date.min, date.max
    return (one.start or first) <= (other.end or last) and (other.start or first) <= (one.end or last)
