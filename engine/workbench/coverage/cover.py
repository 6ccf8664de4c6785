"""Puts rule tests to a rulebook and notes what each rule and clause came to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.decision import Decision
from engine.environment import environment
from engine.expression import tree
from engine.expression.watch import watch
from engine.facts import laid_out
from engine.firing import counted, elements
from engine.rulebook.model import Rule, Rulebook
from engine.workbench.coverage.model import Coverage, Covered, Kind, Owner, Side
from engine.workbench.coverage.parts import Parts, parts_of
from engine.workbench.ruletests import RuleTest, TestResult

Env = Mapping[str, object]


def cover(rulebook: Rulebook, files: Mapping[str, str], results: Iterable[TestResult]) -> Coverage:
    """What the tests have seen of the rulebook that the files make.

    A test counts for the question that it asks, with the standings that it enforces. One that fails or is
    skipped counts for nothing. A rule is seen where it is in force, its standing counts and the gate of its
    question is true; a rule with `each` is seen once for each element.
    """
    parts = parts_of(rulebook, files)
    tests = [dict.fromkeys(Side, 0) for _ in parts.all]
    counting = 0
    failed: list[str] = []
    skipped: list[str] = []
    for result in results:
        if result.decision is None or result.differences:
            name = f"{result.test.file}:{result.test.line}: {result.test.name}"
            (skipped if result.skipped else failed).append(name)
            continue
        counting += 1
        for number, side in seen(rulebook, parts, result.test, result.decision):
            tests[number][side] += 1
    covered = (Covered(part, sides) for part, sides in zip(parts.all, tests, strict=True))
    ordered = sorted(
        covered, key=lambda one: (one.part.span.file.path, one.part.span.start, -one.part.span.end)
    )
    return Coverage(rulebook.name, counting, tuple(failed), tuple(skipped), tuple(ordered))


def seen(rulebook: Rulebook, parts: Parts, test: RuleTest, decision: Decision) -> set[tuple[int, Side]]:
    """The numbers of the parts that a test saw, each with the sides on which it did."""
    return _Watcher(rulebook, parts, test, decision).seen()


class _Watcher:
    """One test, asked again with an eye on every part that is evaluated."""

    def __init__(self, rulebook: Rulebook, parts: Parts, test: RuleTest, decision: Decision) -> None:
        self.question = rulebook.questions[test.question]
        self.decision = decision
        self.enforce = frozenset(test.enforce)
        self.on = test.on
        given = laid_out(rulebook.facts, test.facts)
        self.env = environment(rulebook, given, test.on, self.enforce, decision.inner)
        self.parts = parts
        self.found: set[tuple[int, Side]] = set()

    def seen(self) -> set[tuple[int, Side]]:
        """The numbers of the parts that were seen, each with the sides on which it was."""
        gate = self.question.gate
        applies = Side.TRUE
        if gate is not None:
            applies = self._put(gate.applies.root, self.env)
            said = {Side.TRUE: Side.FALSE, Side.FALSE: Side.TRUE}.get(applies, Side.UNKNOWN)
            self._note(Kind.ELSE, Kind.ELSE, said)
        if applies is Side.TRUE:
            self._note(Kind.OTHERWISE, Kind.OTHERWISE, self._otherwise())
            for rule in self.question.rules:
                for side in self._rule(rule):
                    self._note(Kind.RULE, rule.name, side)
        return self.found

    def _rule(self, rule: Rule) -> Iterator[Side]:
        counts = counted(rule, self.enforce)
        if counts is None or not rule.in_force(self.on):
            return
        for env, _, unknown_list in elements(rule.each, self.env, ""):
            if unknown_list is None:
                yield self._put(rule.when.root, env)
            else:
                yield Side.UNKNOWN

    def _otherwise(self) -> Side:
        """Whether `otherwise` gave the answer, where the rules apply."""
        if self.decision.otherwise is not None:
            return Side.TRUE
        return Side.FALSE if self.decision.findings else Side.UNKNOWN

    def _put(self, condition: tree.Node, env: Env) -> Side:
        return _side(watch(condition, env, self._saw))

    def _saw(self, node: tree.Node, value: object) -> None:
        for number in self.parts.by_node.get(id(node), ()):
            self.found.add((number, _side(value)))

    def _note(self, kind: Kind, name: str, side: Side) -> None:
        self.found.add((self.parts.by_owner[Owner(self.question.name, kind, name)], side))


def _side(value: object) -> Side:
    return Side.UNKNOWN if not isinstance(value, bool) else Side.TRUE if value else Side.FALSE
