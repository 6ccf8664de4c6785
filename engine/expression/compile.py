"""Text to a compiled expression: parsed, measured, checked."""

from engine.expression.bounds import MAX_DEPTH, MAX_SIZE
from engine.expression.calls import fitting
from engine.expression.check import Checker
from engine.expression.faults import Fault
from engine.expression.parse import parse, too_deep
from engine.expression.reads import reads, uses
from engine.expression.scope import Expression, Scope
from engine.expression.tree import Node, measure
from engine.expression.types import BOOL, OptionalType, Type


def compile_expression(text: str, scope: Scope, expect: Type | None = None) -> Expression | tuple[Fault, ...]:
    """The expression, typed against the scope, or every fault of it, by place. Never raises.

    `expect` is the type that the value must have; without it any type is right, also an optional one.
    """
    root = parse(text)
    if isinstance(root, Fault):
        return (root,)
    try:
        return _compiled(text, root, scope, expect)
    except RecursionError:
        return (too_deep(root),)


def _compiled(text: str, root: Node, scope: Scope, expect: Type | None) -> Expression | tuple[Fault, ...]:
    checker = Checker(scope)
    if expect == BOOL:
        typed = checker.condition(root, "a condition")
    else:
        optional = expect is None or isinstance(expect, OptionalType)
        typed = checker.check(root) if optional else checker.value(root)
        fit = typed if expect is None else fitting(typed, expect)
        if isinstance(fit, Fault):
            checker.faults.append(fit)
        else:
            typed = fit
    faults = checker.faults or (_too_large(typed) if checker.uses_definitions else [])
    if faults:
        return tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.start, fault.end, fault.code)))
    return Expression(text, typed.type, typed, reads(typed), uses(typed))


def compile_dynamic(text: str, scope: Scope) -> Expression | tuple[Fault, ...]:
    """The expression without types of its own: what types would exclude is an error when it is evaluated."""
    root = parse(text)
    if isinstance(root, Fault):
        return (root,)
    try:
        typed = Checker(scope, dynamic=True).check(root)
    except RecursionError:
        return (too_deep(root),)
    return Expression(text, typed.type, typed, frozenset())


def _too_large(node: Node) -> list[Fault]:
    depth, size = measure(node)
    if depth > MAX_DEPTH:
        message = f"with its definitions the expression is nested over {MAX_DEPTH} levels deep"
    elif size > MAX_SIZE:
        message = f"with its definitions the expression has over {MAX_SIZE} parts"
    else:
        return []
    mend = "move lists to `lists` or a table, or use fewer definitions"
    return [Fault("too-large", message, mend, node.start, node.end)]
