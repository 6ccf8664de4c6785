"""How conditions on known facts name them: what is sure to be needed is loaded once, before the condition."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, cast

from engine.compiled import known
from engine.compiled.reader import Reader, is_namespace
from engine.compiled.source import Source, UncompilableError
from engine.expression import tree as t
from engine.expression.types import MONEY, MapType, OptionalType, RecordType, Type, strip

ELEMENT: Final = "x"
"""Begins the names of elements of loops."""

Path = tuple[str, ...]


class FastFacts(ABC):
    """Writes facts into a function; each condition is begun, written, and finished or undone."""

    def __init__(self, source: Source, reader: Reader) -> None:
        self.source = source
        self._reader = reader
        self._loaded: dict[Path, str] = {}
        self._often: frozenset[Path] = frozenset()
        self._loading: list[str] = []
        self._locals: Mapping[str, tuple[str, Type]] = {}
        self._certain = True
        self._loops = 0
        self._counted = False

    def expect(self, conditions: Iterable[t.Node]) -> None:
        """Tells which conditions will be written, so that a list they go over twice is kept."""
        loops = (node for when in conditions for node in t.walk(when) if isinstance(node, t.Macro))
        counts = Counter(self._path(node.operand) for node in loops)
        self._often = frozenset(path for path, count in counts.items() if path is not None and count > 1)

    def begin(self) -> None:
        """Begins a condition, which may turn out to have no translation."""
        self._before = dict(self._loaded), self.source.mark(), self.source.depth
        self._loading, self._locals = [], {}
        self._certain, self._loops, self._counted = True, 0, False

    def undo(self) -> None:
        """Takes away what was written since `begin`."""
        self._loaded, mark, depth = self._before
        self._loading = []
        self.source.undo(mark, depth)

    def finish(self) -> None:
        """Writes the loading of the facts before what was written since `begin`."""
        lines = self.source.cut(self._before[1])
        for line in self._loading:
            self.source.line(line)
        self.source.paste(lines)

    @abstractmethod
    def expr(self, node: t.Node) -> str:
        """The value of a part as an expression; what it needs is written before."""

    @abstractmethod
    def _outcome(self, path: Path) -> str:
        """Another question's outcome."""

    def _costly(self, node: t.Node) -> bool:
        return self._loops > 1 or (self._loops == 1 and not self._is_own(node))

    def _is_own(self, node: t.Node) -> bool:
        """Whether a part is a field of the element of a loop: then each is looked at once."""
        operand = node.operand if isinstance(node, t.Select) else None
        own = isinstance(operand, t.Name) and not operand.absolute and operand.name in self._locals
        return own and self._locals[cast(t.Name, operand).name][0].startswith(ELEMENT)

    def _name(self, node: t.Name) -> str:
        if not node.absolute and node.name in self._locals:
            return self._locals[node.name][0]
        return self._root(node.name)

    def _root(self, name: str) -> str:
        path = (name,)
        if path not in self._loaded:
            self._loaded[path] = self.source.name()
            self._loading += self._reader.root(self._loaded[path], name, self.source)
        return self._loaded[path]

    def _select(self, node: t.Select) -> str:
        path = self._path(node)
        if path is not None and path in self._loaded:
            return self._loaded[path]
        if path is not None and self._reader.is_question(path[0]):
            return self._outcome(path)
        mark, operand = self.source.mark(), self.expr(node.operand)
        kind = strip(node.operand.type)
        if kind == MONEY:
            return f"{operand}.{node.field}"
        if isinstance(kind, MapType):
            return f"{operand}[{self.source.bind(node.field)}]"
        if not isinstance(kind, RecordType):
            raise UncompilableError("a field of no record")
        text = self._reader.field(operand, node.field, kind, self.source)
        needed = self._certain or is_namespace(kind, node.field)
        if path is None or not needed or self.source.mark() != mark:
            return text
        self._loaded[path] = self.source.name()
        again = self._reader.kept(text) if path in self._often else text
        self._loading.append(f"{self._loaded[path]} = {again}")
        return self._loaded[path]

    def _path(self, node: t.Node) -> Path | None:
        """The path of a fact that is reached through records only."""
        steps: list[str] = []
        while isinstance(node, t.Select) and isinstance(strip(node.operand.type), RecordType):
            steps.append(node.field)
            node = node.operand
        if not isinstance(node, t.Name) or (node.name in self._locals and not node.absolute):
            return None
        return (node.name, *reversed(steps))

    def _has(self, node: t.Has) -> str:
        kind = strip(node.operand.type)
        if isinstance(kind, MapType):
            return f"({self.source.bind(node.field)} in {self.expr(node.operand)})"
        if not isinstance(kind, RecordType):
            raise UncompilableError("`has` of no record")
        place = {"start": node.start, "end": node.end}
        if not may_be_none(node.operand):
            fact = t.Select(node.operand, node.field, type=kind.fields[node.field], **place)
            return f"({self.expr(fact)} is not None)"
        operand = self.source.named(self.expr(node.operand))
        self._certain, certain = False, self._certain
        text = self._reader.field(operand, node.field, kind, self.source)
        self._certain = certain
        return f"({operand} is not None and {text} is not None)"

    def _literal(self, node: t.Literal) -> str:
        value = node.value
        return str(value) if value is None or isinstance(value, bool) else self.source.bind(value)

    def _constant(self, node: t.Constant) -> str:
        return known.table(self.source, node.value, node.type)


def may_be_none(node: t.Node) -> bool:
    """Whether a record can be known to be none where it is used, whatever guards stand beside it."""
    if isinstance(node, t.Select):
        kind = strip(node.operand.type)
        return not isinstance(kind, RecordType) or isinstance(kind.fields[node.field], OptionalType)
    return not (isinstance(node, t.Name) and isinstance(node.type, RecordType))
