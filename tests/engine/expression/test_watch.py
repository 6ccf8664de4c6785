"""Evaluation while somebody watches."""

from collections.abc import Mapping

from engine.expression import (
    BOOL,
    INT,
    STRING,
    Expression,
    ListType,
    RecordType,
    Scope,
    Unknown,
    compile_expression,
    evaluate,
    to_text,
)
from engine.expression import tree as t
from engine.expression.watch import watch

SCOPE = Scope({"order": RecordType("order", {"paid": BOOL, "pieces": INT, "notes": ListType(STRING)})})


def watched(text: str, env: Mapping[str, object]) -> list[tuple[str, object]]:
    """The comparisons and calls that were evaluated with their values; the whole has the value it always has."""
    expression = compile_expression(text, SCOPE)
    assert isinstance(expression, Expression)
    seen: list[tuple[str, object]] = []

    def saw(node: t.Node, value: object) -> None:
        if isinstance(node, t.Binary | t.Call):
            seen.append((to_text(node), value))

    assert evaluate(expression, env) == watch(expression.root, env, saw)
    return seen


def test_told_in_order() -> None:
    """Parts are told once they have a value, what is inside them first."""
    told = watched("size(order.notes) > 1", {"order": {"notes": ("a", "b")}})
    assert [("size(order.notes)", 2), ("size(order.notes) > 1", True)] == told


def test_passed_over() -> None:
    """What comes after the part that decides is not told."""
    assert [] == watched("order.paid || order.pieces > 1", {"order": {"paid": True, "pieces": 2}})


def test_each_element() -> None:
    """The body of a macro is told for each element, up to the one that decides."""
    env = {"order": {"notes": ("a", "b", "c")}}
    told = watched('order.notes.exists(note, note == "b")', env)
    assert [('note == "b"', False), ('note == "b"', True)] == told


def test_too_costly() -> None:
    """What costs too much ends as it always does."""
    many = tuple(map(str, range(300)))
    env = {"order": {"notes": many}}
    expression = compile_expression(
        "order.notes.all(a, order.notes.all(b, order.notes.all(c, a != b + c)))", SCOPE
    )
    assert isinstance(expression, Expression)
    assert Unknown(errors=frozenset({"too_costly"})) == watch(expression.root, env, lambda node, value: None)
