"""The names that conditions may use, and conditions compiled with their faults in the right place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.expression import Constant, Define, Expression, Fault, Scope, compile_expression
from engine.expression.types import Type
from engine.rulebook.problems import Problems
from engine.rulebook.templates import FactPath, Template
from engine.rulebook.text.nodes import Scalar

_FACT_PATH = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LITERAL = re.compile(r"""(["'])UNDETERMINED\1""")
_BRACE = re.compile(r"\{\{|\}\}|[{}]")
_MAY_BE_NONE = "unguarded-optional"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Facts, other questions, lists, tables and definitions, as the author of a condition may name them."""

    variables: Mapping[str, Type]
    constants: Mapping[str, Constant]
    definitions: Mapping[str, Define]
    unsound: frozenset[str] = frozenset()
    none_compares: bool = False

    def with_variables(self, variables: Mapping[str, Type]) -> Vocabulary:
        """The same names and some more, such as a loop's."""
        return replace(self, variables={**self.variables, **variables})

    def with_definition(self, name: str, definition: Define) -> Vocabulary:
        """The same names and one more definition."""
        return replace(self, definitions={**self.definitions, name: definition})

    def without(self, name: str) -> Vocabulary:
        """The same names, knowing that this one has a problem of its own: who uses it is not blamed."""
        return replace(self, unsound=self.unsound | {name})

    def names(self) -> set[str]:
        """Every name in it."""
        return {*self.variables, *self.constants, *self.definitions}

    def condition(self, scalar: Scalar, problems: Problems, expect: Type | None = None) -> Expression | None:
        """The whole text compiled; None where it has faults, each of them noted in its place."""
        return self.part(scalar, 0, len(scalar.text), problems, expect)

    def part(
        self, scalar: Scalar, start: int, end: int, problems: Problems, expect: Type | None = None
    ) -> Expression | None:
        """The text from `start` to `end` compiled; None where it has faults, each noted in its place."""
        compiled = compile_expression(scalar.text[start:end], self._scope(), expect)
        return self._sound(compiled, scalar, start, end, problems)

    def _sound(
        self,
        compiled: Expression | tuple[Fault, ...],
        scalar: Scalar,
        start: int,
        end: int,
        problems: Problems,
    ) -> Expression | None:
        """The expression, if nothing is wrong with it; else its faults are noted."""
        text = scalar.text[start:end]
        undetermined = [match.span() for match in _LITERAL.finditer(text)]
        for first, last in undetermined:
            problems.add(
                scalar.part(start + first, start + last),
                "undetermined-literal",
                "a condition cannot ask for UNDETERMINED: it is not an outcome, but the lack of one",
                "ask for the outcomes that matter; the engine carries what is open through",
            )
        if isinstance(compiled, Expression):
            return None if undetermined else compiled
        for fault in compiled:
            noted = any(first <= fault.start and fault.end <= last for first, last in undetermined)
            if not noted and _first_name(text[fault.start : fault.end]) not in self.unsound:
                _note(fault, scalar, start, problems)
        return None

    def template(self, scalar: Scalar, problems: Problems) -> Template | None:
        """A text for people, its `{...}` compiled."""
        text, at = scalar.text, 0
        parts: list[str | FactPath | Expression] = []
        sound = True
        while at < len(text):
            brace = _BRACE.search(text, at)
            if brace is None:
                break
            parts.append(text[at : brace.start()] + (brace.group()[0] if len(brace.group()) == 2 else ""))
            at = brace.end()
            if len(brace.group()) == 2:
                continue
            close = text.find("}", at)
            if brace.group() == "}" or close < 0:
                problems.add(
                    scalar.part(brace.start(), brace.end()),
                    "lone-brace",
                    f"this `{brace.group()}` has no partner",
                    "write a fact as `{order.destination}`; write `{{` or `}}` for a brace itself",
                )
                sound = False
                break
            piece = self._piece(scalar, at, close, problems)
            sound = sound and piece is not None
            parts += [piece] if piece is not None else []
            at = close + 1
        parts.append(text[at:].rstrip())
        reads = [
            frozenset({part.text}) if isinstance(part, FactPath) else part.reads
            for part in parts
            if not isinstance(part, str)
        ]
        return (
            Template(tuple(part for part in parts if part != ""), frozenset().union(*reads))
            if sound
            else None
        )

    def _piece(
        self, scalar: Scalar, start: int, end: int, problems: Problems
    ) -> FactPath | Expression | None:
        """What stands between braces. A bare path may lead through what can be known to be none."""
        text = scalar.text[start:end]
        if not text.strip():
            problems.add(
                scalar.part(start - 1, end + 1),
                "empty-condition",
                "these braces are empty",
                "write a fact between them, or double them",
            )
            return None
        compiled = compile_expression(text, self._scope())
        bare = _FACT_PATH.fullmatch(text)
        if bare and isinstance(compiled, tuple) and {fault.code for fault in compiled} == {_MAY_BE_NONE}:
            return FactPath(text, tuple(text.split(".")))
        return self._sound(compiled, scalar, start, end, problems)

    def _scope(self) -> Scope:
        return Scope(self.variables, self.constants, self.definitions, self.none_compares)


def _first_name(text: str) -> str:
    found = _NAME.match(text)
    return found.group() if found else ""


def _note(fault: Fault, scalar: Scalar, start: int, problems: Problems) -> None:
    span = scalar.part(start + fault.start, start + max(fault.end, fault.start + 1))
    problems.add(span, fault.code, fault.message, fault.mend)
