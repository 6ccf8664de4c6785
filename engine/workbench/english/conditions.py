"""Conditions in words: every construct of the language has its own, and `!` turns them around."""

from __future__ import annotations

from typing import Final

from engine.expression import BOOL, DATE, TIMESTAMP, ListType, MapType, RecordType, to_text
from engine.expression import tree as t
from engine.expression.types import strip
from engine.rulebook.dictionary import Dictionary
from engine.workbench.english.naming import field_of, negated, spaced, whether
from engine.workbench.english.patterns import pattern_in_words
from engine.workbench.english.said import Row, Said, inline
from engine.workbench.english.values import Values, text_words

_COMPARED: Final = {
    "==": "is {}",
    "!=": "is not {}",
    "<": "is less than {}",
    "<=": "is at most {}",
    ">": "is more than {}",
    ">=": "is at least {}",
}
_DATED: Final = {
    "<": "is before {}",
    "<=": "is on or before {}",
    ">": "is after {}",
    ">=": "is on or after {}",
}
_MOMENTS: Final = {**_DATED, "<=": "is at or before {}", ">=": "is at or after {}"}
_QUANTIFIED: Final = {
    ("exists", True): "for at least one {} among {}",
    ("exists", False): "for no {} among {}",
    ("all", True): "for every {} among {}",
    ("all", False): "not for every {} among {}",
    ("exists_one", True): "for exactly one {} among {}",
    ("exists_one", False): "for none or more than one {} among {}",
}
_TURNED: Final = {
    "begins": "does not begin",
    "ends": "does not end",
    "contains": "does not contain",
    "fits": "does not fit",
    "has": "has nowhere",
    "is": "is not",
}


def sentence(root: t.Node, dictionary: Dictionary) -> str:
    """A condition or a value in one sentence, without a full stop."""
    return Writer(dictionary).sentence(root)


class Writer:
    """Puts the parts of one rule or definition into words; within it, no two facts are called alike."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self.values = Values(dictionary, self.sentence)

    def sentence(self, root: t.Node) -> str:
        """A condition or a value in one sentence, without a full stop."""
        return inline(self.said(root)) if strip(root.type) == BOOL else self.values.words(root)

    def said(self, node: t.Node, wanted: bool = True) -> Said:
        """A condition in words; with `wanted` false, that it is not so."""
        match node:
            case t.Unary(operator="!"):
                if isinstance(node.operand, t.Unary) and node.operand.operator == "!":
                    inner = self.said(node.operand, True)
                    return inner if not wanted else Said("it is not so that", Row.UNDER, (inner,))
                return self.said(node.operand, not wanted)
            case t.Every():
                return self._row(node.items, wanted, "not all of these hold", Row.ALL)
            case t.Some():
                return self._row(node.items, wanted, "none of these holds", Row.SOME)
            case t.Choice():
                return self._choice(node, wanted)
            case t.Macro(name="all" | "exists" | "exists_one"):
                return self._quantified(node, wanted)
        return Said(self._clause(node, wanted))

    def _row(self, items: tuple[t.Node, ...], wanted: bool, lead: str, row: Row) -> Said:
        said = tuple(map(self.said, items))
        return Said("", row, said) if wanted else Said(lead, Row.UNDER, said)

    def _choice(self, node: t.Choice, wanted: bool) -> Said:
        test, then, other = node.test, node.then, node.otherwise
        if isinstance(other, t.Literal) and isinstance(other.value, bool):
            if other.value is not wanted:
                return self._after(Row.WHERE, self.said(test), self.said(then, wanted))
            return self._after(Row.ELSE, self.said(test, False), self.said(then, wanted))
        if isinstance(then, t.Literal) and isinstance(then.value, bool):
            if then.value is not wanted:
                return self._after(Row.WHERE, self.said(test, False), self.said(other, wanted))
            return self._after(Row.ELSE, self.said(test), self.said(other, wanted))
        first = Said(f"where {_held(self.said(test))}", Row.UNDER, (self.said(then, wanted),))
        return Said("", Row.CASES, (first, Said("where not", Row.UNDER, (self.said(other, wanted),))))

    def _after(self, row: Row, first: Said, then: Said) -> Said:
        same = Row.ALL if row is Row.WHERE else Row.SOME
        rest = then.items if then.row is same and not then.text else (then,)
        return Said("", row, (first, *rest))

    def _quantified(self, node: t.Macro, wanted: bool) -> Said:
        element = self.values.words(t.Name(node.variable, start=0, end=0)).removeprefix("the ")
        lead = _QUANTIFIED[node.name, wanted].format(element, self.values.held(node.operand))
        return Said(lead, Row.UNDER, (self.said(node.body),))

    def _clause(self, node: t.Node, wanted: bool) -> str:
        match node:
            case t.Literal(value=bool()):
                return "always" if node.value is wanted else "never"
            case t.Has():
                fact = self.values.words(self._field(node))
                return f"{fact} is {'given' if wanted else 'known to be none'}"
            case t.Binary(operator="in"):
                return self._membership(node, wanted)
            case t.Binary() if node.operator in _COMPARED:
                said = self._comparison(node)
                return said if wanted else f"it is not so that ({said})"
            case t.Call() if node.name in ("startsWith", "endsWith", "contains", "matches"):
                return self._text(node, wanted)
            case t.Use():
                return self._used(node, wanted)
            case t.Select():
                clause = whether(field_of(node, self._dictionary), self.values.words(node.operand))
                if clause is not None:
                    clause = self.values.unique(node, clause)
                    return clause if wanted else negated(clause)
        value = (
            self.values.words(node)
            if strip(node.type) != BOOL or not _is_made(node)
            else f"`{to_text(node)}`"
        )
        return f"{value} is {'true' if wanted else 'false'}"

    def _field(self, node: t.Has) -> t.Select:
        """What is asked for by `has`, as it is called where its value is used."""
        holder = strip(node.operand.type)
        type_ = holder.fields.get(node.field, node.type) if isinstance(holder, RecordType) else node.type
        return t.Select(node.operand, node.field, start=node.start, end=node.end, type=type_)

    def _comparison(self, node: t.Binary) -> str:
        words = _COMPARED
        kinds = {strip(node.left.type), strip(node.right.type)}
        if node.operator in _DATED and kinds & {DATE, TIMESTAMP}:
            words = _DATED if DATE in kinds else _MOMENTS
        left, right = self.values.compared(node.left, node.right), self.values.compared(node.right, node.left)
        return f"{left} {words[node.operator].format(right)}"

    def _membership(self, node: t.Binary, wanted: bool) -> str:
        right = node.right
        left = self.values.words(node.left)
        if isinstance(strip(right.type), MapType):
            kind = "row" if isinstance(right, t.Constant | t.Name) else "entry"
            return f"{left} has {'a' if wanted else 'no'} {kind} in {self.values.words(right)}".replace(
                "a e", "an e"
            )
        if isinstance(right, t.ListOf | t.Constant):
            return f"{left} is {'one' if wanted else 'none'} of {self.values.members(right, node.left)}"
        element = strip(right.type)
        if isinstance(element, ListType):
            left = self.values.compared(node.left, t.Name("", start=0, end=0, type=element.element))
        return f"{left} is {'' if wanted else 'not '}among {self.values.held(right)}"

    def _text(self, node: t.Call, wanted: bool) -> str:
        both = [*([node.target] if node.target is not None else []), *node.arguments]
        of, other = self.values.held(both[0]), both[-1]
        said = text_words(node.name).format(self.values.held(other))
        if node.name == "matches" and isinstance(other, t.Literal) and isinstance(other.value, str):
            said = pattern_in_words(other.value) or said
        if not wanted:
            verb, _, rest = said.partition(" ")
            said = f"{_TURNED[verb]} {rest.removeprefix('somewhere ')}"
        return f"{of} {said}"

    def _used(self, node: t.Use, wanted: bool) -> str:
        of = f" for {self.values.asked_of(node)}" if node.arguments else ""
        return f'"{spaced(node.name)}" {"holds" if wanted else "does not hold"}{of}'


def _held(said: Said) -> str:
    return inline(said) if said.row is Row.CLAUSE else f"({inline(said)})"


def _is_made(node: t.Node) -> bool:
    """Whether the words of a value would be those of a condition again."""
    return not isinstance(node, t.Select | t.Name | t.Index | t.Call)
