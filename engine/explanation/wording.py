"""One clause in words: what the fact is, and what the rule needs."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from engine.explanation.looking import Look
from engine.explanation.model import Clause, Compared
from engine.explanation.opening import path_of
from engine.explanation.values import MOST, absent, shown
from engine.expression import DATE, TIMESTAMP, Map, MapType, OneOf, Timestamp, Unknown, to_text
from engine.expression import tree as t
from engine.expression.types import strip

_OPPOSITE: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_ORDER: Final = {"<": "less than {}", "<=": "at most {}", ">": "more than {}", ">=": "at least {}"}
_DATES: Final = {"<": "a day before {}", "<=": "{} or earlier", ">": "a day after {}", ">=": "{} or later"}
_TEXTS: Final = {
    "startsWith": "start with",
    "endsWith": "end with",
    "contains": "contain",
    "matches": "match",
}


class _Words(NamedTuple):
    """What a clause is about, and what the rule needs it to be; an empty need says itself."""

    subject: t.Node
    need: str


def leaf(look: Look, node: t.Node, wanted: bool, who: str, within: tuple[str, ...]) -> Clause:
    """A clause that is not taken apart any further; `who` needs it to be `wanted`."""
    value = look.value(node)
    holds = None if isinstance(value, Unknown) else value is wanted
    text = to_text(node)
    subject, need = _words(look, node, wanted) or _Words(node, _truth(wanted))
    seen = look.seen(subject)
    compared = _compared(look, node, subject)
    says = _told(look, node, subject, value)
    if isinstance(value, Unknown) and path_of(subject) not in value.paths and not isinstance(seen, OneOf):
        need = f"`{text}`" if wanted else f"`{text}` to be false"
    elif need == shown(seen) or (isinstance(subject, t.Has) and holds):
        need = ""
    return Clause(
        text,
        holds,
        f"{says}; {who} needs {need}" if need else says,
        compared,
        within,
        tuple(sorted(value.paths)) if isinstance(value, Unknown) else (),
        tuple(sorted(value.errors)) if isinstance(value, Unknown) else (),
    )


def _told(look: Look, node: t.Node, subject: t.Node, value: object) -> str:
    """What the clause is about is so; or why that, or what it is compared with, is unknown."""
    seen = look.seen(subject)
    if isinstance(subject, t.Has) and not isinstance(seen, Unknown):
        return f"{_name(subject)} is {'given' if seen else 'none'}"
    if isinstance(subject, t.Literal):
        return f"the condition is always {shown(seen)}"
    if isinstance(seen, OneOf):
        return f"{_name(subject)} can still be {shown(seen)}"
    beside = _made_of(look, subject)
    if isinstance(seen, Unknown):
        return absent(seen, _name(subject)) + beside
    says = f"{_name(subject)} is {shown(seen)}{beside}"
    if isinstance(value, Unknown):
        other = next((part for part in t.children(node) if isinstance(look.value(part), Unknown)), node)
        return f"{says}, and {absent(value, to_text(other))}"
    return says


def _name(subject: t.Node) -> str:
    return f"{to_text(subject.operand)}.{subject.field}" if isinstance(subject, t.Has) else to_text(subject)


def _made_of(look: Look, subject: t.Node) -> str:
    """The known facts that a value is made of; lists are left out, for the value says what matters of them."""
    if path_of(subject) is not None:
        return ""
    values = {to_text(fact): look.seen(fact) for fact in islice(look.facts(subject), MOST)}
    known = [
        f"{name} is {shown(value)}"
        for name, value in values.items()
        if not isinstance(value, Unknown | dict | tuple)
    ]
    return f" ({', '.join(known)})" if known else ""


def _compared(look: Look, node: t.Node, subject: t.Node) -> tuple[Compared, ...]:
    """What the clause is about, and every known fact in it."""
    if isinstance(subject, t.Has):
        given = look.value(subject)
        return () if isinstance(given, Unknown) else (Compared(_name(subject), "given" if given else "none"),)
    values: dict[str, str] = {}
    for fact in [subject, *look.facts(node)]:
        seen = look.seen(fact)
        if not isinstance(seen, Unknown | dict) and not isinstance(fact, t.Literal):
            name = to_text(fact)
            if fact is subject or len(values) < MOST:
                values.setdefault(name, shown(seen))
    return tuple(Compared(name, value) for name, value in values.items())


def _words(look: Look, node: t.Node, wanted: bool) -> _Words | None:
    match node:
        case t.Has():
            if wanted:
                return _Words(node, "it")
            return _Words(node, "it to be none")
        case t.Literal():
            return _Words(node, "")
        case t.Binary(operator="in"):
            return _membership(look, node, wanted)
        case t.Binary() if node.operator in _MIRRORED:
            return _comparison(look, node, wanted)
        case t.Call(target=t.Node() as target, arguments=(argument,)) if node.name in _TEXTS:
            verb = _TEXTS[node.name]
            return _Words(target, f"it {'' if wanted else 'not '}to {verb} {_value(look, argument)}")
    return None


def _comparison(look: Look, node: t.Binary, wanted: bool) -> _Words | None:
    subject, other, operator = node.left, node.right, node.operator
    if _is_fixed(look, subject) and not _is_fixed(look, other):
        subject, other, operator = other, subject, _MIRRORED[operator]
    operator = operator if wanted else _OPPOSITE[operator]
    value = _value(look, other)
    if operator in ("==", "!="):
        return _Words(subject, value if operator == "==" else f"anything but {value}")
    dated = any(_is_dated(look, side) for side in (subject, other))
    return _Words(subject, (_DATES if dated else _ORDER)[operator].format(value))


def _membership(look: Look, node: t.Binary, wanted: bool) -> _Words:
    container = look.value(node.right)
    if isinstance(container, Map) or isinstance(node.right.type, MapType):
        return _Words(node.left, f"{'a' if wanted else 'no'} key of {to_text(node.right)}")
    if _is_fixed(look, node.left):
        return _Words(node.right, f"it {'' if wanted else 'not '}to contain {_value(look, node.left)}")
    members = to_text(node.right)
    if not isinstance(container, Unknown):
        members = shown(container) + (f" ({members})" if not isinstance(node.right, t.ListOf) else "")
    return _Words(node.left, f"{'one' if wanted else 'none'} of {members}")


def _value(look: Look, node: t.Node) -> str:
    """A value to compare with: itself where it is written out, else by name and with what it is here."""
    value = look.seen(node)
    if isinstance(value, Unknown):
        return to_text(node)
    return shown(value) if _is_fixed(look, node) else f"{to_text(node)}, which is {shown(value)}"


def _is_dated(look: Look, node: t.Node) -> bool:
    return strip(node.type) in (DATE, TIMESTAMP) or isinstance(look.value(node), date | Timestamp)


def _is_fixed(look: Look, node: t.Node) -> bool:
    """Whether no fact is in it."""
    return next(look.facts(node), None) is None


def _truth(wanted: bool) -> str:
    return "true" if wanted else "false"
