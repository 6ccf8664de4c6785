"""JMESPath expressions over declarations and answers: compiled once, bounded in what they can make of their input.

What they compute is a part, a selection or a rearrangement of the input; amounts stay texts of decimal digits, so
functions that compute with numbers are left out. How many copies of its input an expression can make is counted when
it is compiled.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

import jmespath
from jmespath.exceptions import ArityError, JMESPathError, LexerError, ParseError
from jmespath.functions import Functions, signature

from engine.declaration import Json

LONGEST: Final = 1000
# An expression makes at most so many copies of its input.
MOST_COPIES: Final = 64

FUNCTIONS: Final = (
    "contains", "ends_with", "join", "keys", "length", "map", "merge", "not_null", "reverse", "sort", "sort_by",
    "starts_with", "to_array", "to_string", "type", "values",
)  # fmt: skip
INEXACT: Final = ("abs", "avg", "ceil", "floor", "max", "max_by", "min", "min_by", "sum", "to_number")
# Escaped, a character takes up to six.
_ESCAPED: Final = 6
_FAILURES: Final = (JMESPathError, TypeError, ValueError, AttributeError, RecursionError)

_Tree = Mapping[str, Any]


class ExpressionError(Exception):
    """An expression cannot be used: where in its text (from 0, and how long), what is wrong, and how to mend it."""

    def __init__(self, what: str, mend: str, at: int = 0, length: int = 1) -> None:
        super().__init__(what)
        self.what, self.mend, self.at, self.length = what, mend, at, length


class ExpressionFailed(Exception):
    """What it was asked of does not have the types that the expression needs."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. `roots` are the names that it takes from its input."""

    text: str
    roots: frozenset[str] = field(compare=False)
    _found: Callable[[Json], Json] = field(compare=False, repr=False)

    def __call__(self, data: Json) -> Json:
        """What it finds; None where it finds nothing. Raises ExpressionFailed."""
        return self._found(data)

    def find(self, data: Json) -> Json:
        """What it finds; None where it finds nothing or fails."""
        try:
            return self._found(data)
        except ExpressionFailed:
            return None


def compiled(text: str) -> Expression:
    """The expression of that text. Raises ExpressionError."""
    if len(text) > LONGEST:
        raise ExpressionError(
            f"the expression is longer than {LONGEST} characters", "write it shorter", LONGEST
        )
    try:
        parsed = jmespath.compile(text)
    except (ParseError, RecursionError, ValueError) as error:
        raise _unreadable(text, error) from error
    tree: _Tree = parsed.parsed
    _hold_functions(tree, text)
    copies = _copies(tree)
    if copies > MOST_COPIES:
        raise ExpressionError(
            f"the expression could make {copies} copies of what it is given; {MOST_COPIES} are allowed",
            "select fewer things inside each other",
            0,
            len(text),
        )
    return Expression(text, frozenset(_roots(tree)), _short_cut(tree) or _interpreted(parsed))


def _unreadable(text: str, error: Exception) -> ExpressionError:
    what, at, length = "this is no JMESPath", 0, len(text)
    if isinstance(error, LexerError):
        at, length = error.lexer_position or 0, 1
    elif isinstance(error, ParseError) and not isinstance(error, ArityError):
        at, length = error.lex_position or 0, len(str(error.token_value or " "))
    if not text.strip():
        what = "the expression is empty"
    elif at >= len(text):
        what, at, length = "the expression ends too early", len(text) - 1, 1
    return ExpressionError(
        what, "write it as on jmespath.org, e.g. certificate.id; texts in single quotes", at, length
    )


def _hold_functions(tree: _Tree, text: str) -> None:
    for call in _nodes(tree):
        if call["type"] != "function_expression":
            continue
        name = call["value"]
        at, length = max(text.find(f"{name}("), 0), len(name)
        if name in INEXACT:
            mend = "amounts are texts of decimal digits; send and read them as they are"
            raise ExpressionError(f"`{name}` computes with inexact numbers", mend, at, length)
        if name not in FUNCTIONS:
            raise ExpressionError(
                f"there is no function `{name}`", f"use one of {', '.join(FUNCTIONS)}", at, length
            )
        signature = Functions.FUNCTION_TABLE[name]["signature"]
        wanted, given = len(signature), len(call["children"])
        if given < wanted or (given > wanted and not signature[-1].get("variadic")):
            raise ExpressionError(
                f"`{name}` takes {wanted} arguments; here are {given}", "give it these", at, length
            )
        if name == "join" and call["children"][0]["type"] != "literal":
            raise ExpressionError(
                "`join` takes its glue as a text of its own", "write it in single quotes", at, length
            )


def _nodes(tree: _Tree) -> Iterable[_Tree]:
    yield tree
    for child in tree["children"]:
        yield from _nodes(child)


def _copies(tree: _Tree) -> int:
    """At most so many copies of its input stand in what the node makes of it."""
    children = [_copies(child) for child in tree["children"]]
    match tree["type"]:
        case "multi_select_list" | "multi_select_dict" | "or_expression" | "and_expression":
            return max(1, sum(children))
        case "function_expression" if tree["value"] == "to_string":
            return _ESCAPED * children[0]
        case "function_expression" if tree["value"] == "join":
            return max(1, len(str(tree["children"][0]["value"]))) * children[1]
        case "function_expression" if tree["value"] == "map":
            return children[0] * children[1]
        case "function_expression":
            return max(1, sum(children))
        case "comparator" | "not_expression":
            return 1
        case "filter_projection":
            # The third is the condition: it selects, and makes nothing.
            return children[0] * children[1]
        case _:
            product = 1
            for child in children:
                product *= child
            return product


def _roots(tree: _Tree) -> Iterable[str]:
    """The names that the expression takes from its input; what it takes from within these is not among them."""
    children = tree["children"]
    match tree["type"]:
        case "field":
            yield tree["value"]
        case (
            "subexpression"
            | "index_expression"
            | "pipe"
            | "projection"
            | "value_projection"
            | "filter_projection"
            | "flatten"
        ):
            yield from _roots(children[0])
        case "expref":
            return
        case _:
            for child in children:
                yield from _roots(child)


def _short_cut(tree: _Tree) -> Callable[[Json], Json] | None:
    """A function for what most expressions are: a path of names, or one compared with a text."""
    path = _path(tree)
    if path is not None:
        return lambda data: _at(data, path)
    if tree["type"] != "comparator" or tree["value"] != "eq":
        return None
    compared, literal = _path(tree["children"][0]), tree["children"][1]
    if compared is None or literal["type"] != "literal" or not isinstance(literal["value"], str):
        return None
    text: str = literal["value"]
    return lambda data: _at(data, compared) == text


def _path(tree: _Tree) -> tuple[str, ...] | None:
    if tree["type"] == "field":
        return (tree["value"],)
    if tree["type"] != "subexpression":
        return None
    parts = [_path(child) for child in tree["children"]]
    return None if None in parts else tuple(name for part in parts if part for name in part)


def _at(data: Json, path: tuple[str, ...]) -> Json:
    for name in path:
        if not isinstance(data, dict):
            return None
        data = data.get(name)
    return data


class _Exact(Functions):
    """The functions of JMESPath, which knows no exact numbers: as texts they would stand in quotes."""

    @signature({"types": []})
    def _func_to_string(self, value: object) -> str:
        return str(value) if isinstance(value, str | Decimal | date) else _json(value)


def _json(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return f"[{','.join(map(_json, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{json.dumps(name)}:{_json(held)}' for name, held in value.items())}}}"
    return json.dumps(value, default=str)


_OPTIONS: Final = jmespath.Options(custom_functions=_Exact())


def _interpreted(parsed: Any) -> Callable[[Json], Json]:
    def found(data: Json) -> Json:
        try:
            taken: Json = parsed.search(data, _OPTIONS)
        except _FAILURES as error:
            raise ExpressionFailed(str(error)) from error
        return taken

    return found
