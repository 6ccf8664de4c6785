"""Text to tree, by the grammar in cel.lark."""

from functools import cache, lru_cache
from importlib.resources import files
from typing import cast

from lark import Lark
from lark.exceptions import UnexpectedInput

from engine.expression.bounds import MAX_DEPTH, MAX_TEXT
from engine.expression.build import Builder
from engine.expression.faults import Fault
from engine.expression.syntax import syntax_fault
from engine.expression.tree import Node, depth


@lru_cache(maxsize=1024)
def parse(text: str) -> Node | Fault:
    """The tree of an expression, untyped, or why its text is none. Never raises.

    Most of a load is this; a rulebook that is loaded again with little changed is spared it.
    """
    if len(text) > MAX_TEXT:
        mend = "split it with `define`, or move long lists to `lists` or a table"
        return Fault("too-long", f"the expression is over {MAX_TEXT} characters long", mend, 0, len(text))
    try:
        root = cast(Node, _parser().parse(text))
    except UnexpectedInput as error:
        return syntax_fault(text, error)
    if depth(root) > MAX_DEPTH:
        return too_deep(root)
    return root


def too_deep(root: Node) -> Fault:
    """The fault of a tree with more levels than can be worked on."""
    message = f"the expression is nested over {MAX_DEPTH} levels deep"
    return Fault("too-deep", message, "split it with `define`", root.start, root.end)


@cache
def _parser() -> Lark:
    """The grammar's tables with the builder, made at first use; one serves all texts."""
    grammar = files("engine.expression").joinpath("cel.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        transformer=Builder(),
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
