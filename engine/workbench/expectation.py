"""What a rule test expects of a decision, and where the decision differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.decision import Decision, Finding
from engine.rulebook.model import UNDETERMINED, Question, Rulebook
from engine.rulebook.problems import Problems, instead
from engine.rulebook.standing import ALL_STANDINGS
from engine.rulebook.text.fields import Fields, open_fields, scalar_of
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar

EXPECT_KEYS = ("outcome", "possible", "favourable", "missing", "findings", "reasons", "because", "standing",
"values",
         "advisory")  # fmt: skip
_FINDING_TEXTS = ("rule", "reason", "outcome", "because", "remedy", "place", "standing")
FINDING_KEYS = (*_FINDING_TEXTS, "cites", "values")
FAVOURABLE = ("YES", "NO", "UNKNOWN")
_INDEX = re.compile(r"\[[0-9]+\]")

FindingParts = Mapping[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """What a test names of a decision; what it does not name is None and is not compared."""

    outcome: str | None = None
    possible: tuple[str, ...] | None = None
    favourable: str | None = None
    missing: tuple[str, ...] | None = None
    findings: tuple[FindingParts, ...] | None = None
    reasons: tuple[str, ...] | None = None
    because: str | None = None
    standing: str | None = None
    values: Mapping[str, str] | None = None
    advisory: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a decision that is not what the test expects, both as people read them."""

    what: str
    expected: str
    actual: str


def read_expectation(
    node: Node, rulebook: Rulebook, question: Question, problems: Problems
) -> Expectation | None:
    """An outcome alone, or a mapping of parts; None where something in it cannot be expected."""
    before = len(problems.found)
    reader = _Reader(rulebook, question, problems)
    if isinstance(node, Scalar):
        expectation = Expectation(outcome=reader.known(node, reader.outcomes, "outcome"))
    else:
        fields = open_fields(node, "`expect`", problems, (), EXPECT_KEYS)
        expectation = reader.read(fields) if fields is not None else Expectation()
    return expectation if len(problems.found) == before else None


@dataclass(frozen=True, slots=True)
class _Reader:
    rulebook: Rulebook
    question: Question
    problems: Problems

    @property
    def outcomes(self) -> tuple[str, ...]:
        return (*self.question.outcomes, UNDETERMINED)

    def known(self, value: Scalar | None, known: tuple[str, ...], what: str) -> str | None:
        """The text, if it can be expected at all."""
        if value is not None and value.text not in known:
            self.problems.add(
                value.span,
                f"unknown-{what}",
                f"`{self.question.name}` has no {what} `{value.text}`",
                instead(value.text, known, "it has"),
            )
        return value.text if value is not None else None

    def read(self, fields: Fields) -> Expectation:
        rules = self.question.rules
        statements = [
            self.question.otherwise,
            *([self.question.gate.otherwise] if self.question.gate else []),
        ]
        reasons = tuple({rule.reason for rule in rules} | {one.reason for one in statements if one.reason})
        outcomes = self.question.outcomes
        because = fields.prose("because")
        return Expectation(
            outcome=self.known(fields.scalar("outcome"), self.outcomes, "outcome"),
            possible=self._several(fields, "possible", lambda item: self.known(item, outcomes, "outcome")),
            favourable=self.known(fields.scalar("favourable"), FAVOURABLE, "answer"),
            missing=self._several(fields, "missing", self._path),
            findings=self._findings(fields),
            reasons=self._several(fields, "reasons", lambda item: self.known(item, reasons, "reason")),
            because=because.text.strip() if because else None,
            standing=self.known(fields.scalar("standing"), ALL_STANDINGS, "standing"),
            values=_texts(fields, "values") if "values" in fields.keys else None,
            advisory=self.known(fields.scalar("advisory"), self.outcomes, "outcome"),
        )

    def _several(
        self, fields: Fields, key: str, read: Callable[[Scalar], str | None]
    ) -> tuple[str, ...] | None:
        if key not in fields.keys:
            return None
        return tuple(item for item in map(read, fields.texts(key, may_be_empty=True)) if item is not None)

    def _path(self, path: Scalar) -> str:
        bare = _INDEX.sub("[]", path.text.partition(" in ")[0])
        if self.rulebook.facts.type_of(bare) is None:
            self.problems.add(
                path.span,
                "unknown-fact",
                f"unknown fact `{path.text}`",
                instead(bare, self.rulebook.facts.facts, "facts are"),
            )
        return path.text

    def _findings(self, fields: Fields) -> tuple[FindingParts, ...] | None:
        if "findings" not in fields.keys:
            return None
        rules = tuple(rule.name for rule in self.question.rules)
        found: list[FindingParts] = []
        for item in fields.items("findings", may_be_empty=True):
            if isinstance(item, MappingNode):
                below = open_fields(item, "a finding", self.problems, (), FINDING_KEYS)
                if below is not None:
                    self.known(below.scalar("rule"), rules, "rule")
                    found.append(_finding_parts(below))
            elif (named := scalar_of(item, "a finding", self.problems)) is not None:
                found.append({"rule": self.known(named, rules, "rule")})
        return tuple(found)


def _texts(fields: Fields, key: str) -> dict[str, str]:
    read = [
        (name.text, scalar_of(node, f"`{name.text}`", fields.problems)) for name, node in fields.entries(key)
    ]
    return {name: text.text.strip() for name, text in read if text is not None}


def _finding_parts(fields: Fields) -> FindingParts:
    parts: dict[str, object] = {}
    for key in _FINDING_TEXTS:
        text = fields.scalar(key) if key in fields.keys else None
        if text is not None:
            parts[key] = text.text.strip()
    if "cites" in fields.keys:
        parts["cites"] = sorted(cite.text for cite in fields.texts("cites"))
    if "values" in fields.keys:
        parts["values"] = _texts(fields, "values")
    return parts


def differences(expect: Expectation, decision: Decision) -> tuple[Difference, ...]:
    """Where the decision is not what is expected; nothing where it is."""
    advisory = decision.advisory.outcome if decision.advisory else "none"
    reasons = {finding.reason for finding in decision.findings}
    if decision.otherwise is not None and decision.otherwise.reason:
        reasons.add(decision.otherwise.reason)
    found = [
        _text("outcome", expect.outcome, decision.outcome),
        _set("possible", expect.possible, decision.possible),
        _text("favourable", expect.favourable, decision.favourable or "none"),
        _set("missing", expect.missing, decision.missing),
        _set("reasons", expect.reasons, sorted(reasons)),
        _text("because", expect.because, decision.because),
        _text("standing", expect.standing, decision.standing),
        _text("advisory", expect.advisory, advisory),
        _values(expect, decision),
        _found(expect, decision),
    ]
    return tuple(difference for difference in found if difference is not None)


def _text(what: str, expected: str | None, actual: str) -> Difference | None:
    return Difference(what, expected, actual) if expected is not None and expected != actual else None


def _set(what: str, expected: tuple[str, ...] | None, actual: Iterable[str]) -> Difference | None:
    actual = tuple(actual)
    if expected is None or set(expected) == set(actual):
        return None
    return Difference(what, _listed(sorted(expected)), _listed(actual))


def _listed(texts: Iterable[str]) -> str:
    return f"[{', '.join(texts)}]"


def _values(expect: Expectation, decision: Decision) -> Difference | None:
    """Every value that is named must be what some finding says."""
    said = [(name, text) for finding in decision.findings for name, text in sorted(finding.values.items())]
    lacking = {name: text for name, text in (expect.values or {}).items() if (name, text) not in said}
    if not lacking:
        return None
    return Difference("values", _pairs(lacking.items()), _pairs(said))


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return _listed(f"{name}: {text}" for name, text in pairs)


def _found(expect: Expectation, decision: Decision) -> Difference | None:
    """The findings are those that are named, in any order, and no others."""
    if expect.findings is None:
        return None
    left = list(decision.findings)
    lacking: list[FindingParts] = []
    for wanted in expect.findings:
        match = next((finding for finding in left if _is(finding, wanted)), None)
        if match is None:
            lacking.append(wanted)
        else:
            left.remove(match)
    if not lacking and not left:
        return None
    shown = [f"{finding.rule} {finding.place}".strip() for finding in decision.findings]
    return Difference("findings", _listed(map(_wanted, expect.findings)), _listed(shown))


def _is(finding: Finding, wanted: FindingParts) -> bool:
    actual: dict[str, object] = {name: str(getattr(finding, name)) for name in _FINDING_TEXTS}
    actual["cites"] = sorted(map(str, finding.cites))
    values = wanted.get("values")
    if isinstance(values, Mapping) and any(finding.values.get(name) != text for name, text in values.items()):
        return False
    return all(actual[name] == part for name, part in wanted.items() if name != "values")


def _wanted(parts: FindingParts) -> str:
    if set(parts) == {"rule"}:
        return str(parts["rule"])
    return "{" + ", ".join(f"{name}: {part}" for name, part in parts.items()) + "}"
