"""What a compiled condition rests on: facts, questions, tables, lists, definitions; how firm these are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine.expression import Expression
from engine.expression import tree as t
from engine.rulebook.model import DAY, Basis, Definition
from engine.rulebook.standing import Standing, weakest


@dataclass(frozen=True, slots=True)
class Rests:
    """The standing of each list, fixed table and definition; the names of questions and changing tables."""

    constants: Mapping[str, Standing]
    definitions: Mapping[str, Standing]
    questions: frozenset[str]
    tables: frozenset[str]

    def with_definitions(self, definitions: Iterable[Definition]) -> Rests:
        """The same and some definitions more."""
        more = {definition.name: definition.standing for definition in definitions}
        return replace(self, definitions={**self.definitions, **more})

    def of(self, expressions: Iterable[Expression]) -> tuple[Basis, Standing]:
        """The questions and changing tables that expressions use, and the weakest standing of the rest."""
        standings: list[Standing] = []
        roots: set[str] = set()
        for expression in expressions:
            roots |= {path.split(".")[0].split("[")[0] for path in expression.reads}
            for node in t.walk(expression.root):
                if isinstance(node, t.Constant):
                    standings.append(self.constants[node.name])
                elif isinstance(node, t.Use):
                    standings.append(self.definitions[node.name])
        return Basis(self.questions & roots, self.tables & roots), weakest(standings)

    def facts(self, reads: Iterable[str]) -> frozenset[str]:
        """The paths among them that are facts."""
        others = self.questions | self.tables | {DAY}
        return frozenset(path for path in reads if path.split(".")[0].split("[")[0] not in others)

    def constants_in(self, expression: Expression) -> set[str]:
        """The lists, tables and definitions that an expression names."""
        named = {node.name for node in t.walk(expression.root) if isinstance(node, t.Constant | t.Use)}
        return named | {path.split(".")[0].split("[")[0] for path in expression.reads} & self.tables
