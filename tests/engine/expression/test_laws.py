"""What holds for every expression and all facts."""

import re
from dataclasses import replace

import cel
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression import Expression, Unknown, compile_expression, evaluate, to_text
from engine.expression.batch import evaluate_case
from engine.expression.parse import parse
from engine.expression.tree import Node
from tests.examples import examples

from .orders import SCOPE, compiled
from .random_texts import PIECES, SHARED, WELL_FORMED, conditions, exactly, facts, fewer, shared_facts


def bare(node: Node) -> Node:
    """The tree without its places, and without how its numbers and texts were written."""
    changes: dict[str, object] = {"start": 0, "end": 0}
    if hasattr(node, "text"):
        changes["text"] = ""
    if hasattr(node, "variable_start"):
        changes["variable_start"] = 0
    for name in node.below:
        value = getattr(node, name)
        if isinstance(value, Node):
            changes[name] = bare(value)
        elif isinstance(value, tuple):
            changes[name] = tuple(
                tuple(map(bare, part)) if isinstance(part, tuple) else bare(part) for part in value
            )
    return replace(node, **changes)


@given(WELL_FORMED)
@settings(max_examples=examples(100), deadline=None)
def test_printed_and_read_again(text: str) -> None:
    """A tree's text is read as the same tree, and is its own canonical text."""
    tree = parse(text)
    assert isinstance(tree, Node)
    printed = to_text(tree)
    again = parse(printed)
    assert isinstance(again, Node), printed
    assert bare(tree) == bare(again)
    assert printed == to_text(again)


@given(conditions(), facts(0), st.data())
@settings(max_examples=examples(100), deadline=None)
def test_one_more_fact_never_changes_what_is_known(
    text: str, known: dict[str, object], data: st.DataObject
) -> None:
    """What is known with few facts is the same with more of them."""
    expression = compiled(text)
    less = data.draw(fewer(known))
    assert isinstance(less, dict)
    before, after = evaluate(expression, less), evaluate(expression, known)
    if not isinstance(before, Unknown):
        assert exactly(before) == exactly(after)


@given(conditions(), facts(0))
@settings(max_examples=examples(60), deadline=None)
def test_an_unknown_says_why(text: str, known: dict[str, object]) -> None:
    """A condition is true, false, or unknown with the facts that are missing or the errors that they cannot cure."""
    value = evaluate(compiled(text), known)
    assert isinstance(value, bool | Unknown)
    if isinstance(value, Unknown):
        assert value.paths or value.errors


@given(conditions(), facts(1))
@settings(max_examples=examples(60), deadline=None)
def test_with_all_facts_nothing_is_missing(text: str, known: dict[str, object]) -> None:
    """With all facts given, only another currency or an error can leave a condition unknown."""
    value = evaluate(compiled(text), known)
    if isinstance(value, Unknown):
        assert all(" in " in path for path in value.paths)


def trimmed(value: object, paths: set[str]) -> object:
    """The facts at these paths and no others."""
    if "" in paths:
        return value
    if isinstance(value, tuple):
        inside = {path[2:].removeprefix(".") for path in paths if path.startswith("[]")}
        return tuple(trimmed(item, inside) for item in value)
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, item in value.items():
        tails = {path[len(name) :] for path in paths if path.startswith(name)}
        below = {tail.removeprefix(".") for tail in tails if tail[:1] in ("", ".", "[")}
        if below:
            kept[name] = trimmed(item, below)
    return kept


@given(conditions(), facts(0))
@settings(max_examples=examples(100), deadline=None)
def test_nothing_is_read_that_reads_does_not_name(text: str, known: dict[str, object]) -> None:
    """Facts that `reads` does not name can be left out, and change nothing."""
    expression = compiled(text)
    least = trimmed(known, set(expression.reads))
    assert isinstance(least, dict)
    assert evaluate(expression, known) == evaluate(expression, least)


@given(conditions(), facts(0))
@settings(max_examples=examples(60), deadline=None)
def test_what_is_missing_is_read(text: str, known: dict[str, object]) -> None:
    """A missing path is one that `reads` names, or leads to one."""
    expression = compiled(text)
    value = evaluate(expression, known)
    for path in value.paths if isinstance(value, Unknown) else ():
        general = re.sub(r"\[\d+\]", "[]", path.split(" in ")[0])
        assert any(read.startswith(general) or general.startswith(read) for read in expression.reads)


@given(conditions())
@settings(max_examples=examples(48), deadline=None)
def test_typed_trees_are_printed_and_read_again(text: str) -> None:
    """The text of a typed tree compiles to an expression with the same text and the same reads."""
    expression = compiled(text)
    again = compiled(to_text(expression.root))
    assert to_text(expression.root) == to_text(again.root)
    assert expression.reads == again.reads


@given(PIECES | st.text(max_size=40) | WELL_FORMED)
@settings(max_examples=examples(240), deadline=None)
def test_nothing_crashes(text: str) -> None:
    """Whatever the text, it is compiled or its faults point into it; and it is evaluated to an answer."""
    result = compile_expression(text, SCOPE)
    if isinstance(result, Expression):
        evaluate(result, {})
    else:
        assert result
        assert all(0 <= fault.start <= fault.end <= len(text) for fault in result)
        assert all(fault.message and fault.mend for fault in result)
    answer = evaluate_case({"name": "", "expr": text, "facts": {"a": [1, "b"], "x": {}}})
    assert {"value", "unknown", "error"} & answer.keys()


@given(SHARED, shared_facts())
@settings(max_examples=examples(100), deadline=None)
def test_agrees_with_another_implementation(text: str, known: dict[str, object]) -> None:
    """On full facts the value is the one that CEL in Rust gives; it may stop at errors that CEL absorbs."""
    ours = evaluate_case(
        {"name": "", "expr": text, "facts": {**known, "d": {"$type": "double", "value": known["d"]}}}
    )
    try:
        theirs = cel.evaluate(text, known)
    except (ValueError, TypeError, RuntimeError, ArithmeticError, LookupError):
        return
    assert {"name": "", "value": theirs} == ours
