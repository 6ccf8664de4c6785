"""No expression hangs, overflows the stack or eats the memory."""

import time
from collections.abc import Callable

import pytest

from engine.expression import INT, STRING, Define, Expression, ListType, Scope, compile_expression, evaluate
from engine.expression.batch import evaluate_case
from engine.expression.bounds import MAX_DEPTH, MAX_DIGITS, MAX_PATTERN, MAX_TEXT

from .orders import compiled, failing

SCOPE = Scope({"numbers": ListType(INT), "text": STRING})
MANY = tuple(range(20_000))
LONG = "ab" * 500_000
SECONDS = 20.0


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("too-long", "1" * (MAX_TEXT + 1)),
        ("too-deep", "-" * (MAX_DEPTH + 1) + "a"),
        ("too-deep", "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)),
        ("too-deep", "a" + ".a" * MAX_DEPTH),
        ("too-deep", "1" + " + 1" * MAX_DEPTH),
        ("too-deep", "[1].map(x, " * MAX_DEPTH + "1" + ")" * MAX_DEPTH),
        ("syntax", "(" * (MAX_TEXT - 1)),
        ("syntax", "'''" * (MAX_TEXT // 4)),
        ("bad-pattern", "'a'.matches('" + "a" * (MAX_PATTERN + 1) + "')"),
        ("bad-decimal", "decimal('" + "1" * (MAX_DIGITS + 1) + "')"),
    ],
)
def test_bounds_of_the_text(code: str, text: str) -> None:
    """A text that is too long, or nested too deeply, is refused."""
    result = compile_expression(text, SCOPE)
    assert isinstance(result, tuple)
    assert [code] == [fault.code for fault in result]


def test_brackets_are_no_levels() -> None:
    """Brackets around brackets add no depth."""
    assert evaluate(compiled("(" * 5000 + "1" + ")" * 5000), {}) == 1


def test_depth_up_to_the_bound() -> None:
    """What is nested up to the bound is evaluated."""
    assert evaluate(compiled("!" * (MAX_DEPTH - 2) + "true"), {}) is True


@pytest.mark.parametrize(
    "text",
    [
        "numbers.all(a, numbers.all(b, numbers.all(c, a + b + c >= 0)))",
        "numbers.map(a, text + text).size() > 0",
        "numbers.map(a, numbers + numbers).size() > 0",
        "numbers.all(a, text.matches('(a|b)*c$') || true)",
        "numbers.all(a, text.contains(text) && text == text)",
        "numbers.exists(a, -1 in numbers)",
        "[0, 1].all(x, " * 40 + "true" + ")" * 40,
        "[text].map(x, [x + x, x + x])" + ".map(x, [x + x, x + x])" * 40 + ".size() > 0",
    ],
)
def test_bounds_of_an_evaluation(text: str) -> None:
    """An evaluation that costs too much ends, unknown, within seconds."""
    expression = compile_expression(text, SCOPE)
    assert isinstance(expression, Expression)
    begun = time.monotonic()
    assert failing("too_costly") == evaluate(expression, {"numbers": MANY, "text": LONG})
    assert time.monotonic() - begun < SECONDS


def test_definitions_that_double() -> None:
    """Definitions that use each other twice are refused before they cost anything."""
    defines: dict[str, Define] = {}
    body = compile_expression("text + text", SCOPE)
    for number in range(40):
        if isinstance(body, tuple):
            break
        defines[f"d{number}"] = Define(f"d{number}", (), body)
        body = compile_expression(f"d{number} + d{number}", Scope(SCOPE.variables, {}, defines))
    assert isinstance(body, tuple)
    assert [fault.code for fault in body] == ["too-large"]


def test_facts_nested_without_end() -> None:
    """Facts that are nested too deeply to be compared are an error."""
    nested: object = ()
    for _ in range(100_000):
        nested = (nested,)
    assert failing("too_deep") == evaluate(
        compiled("[[]] == [[]] && l == l", Scope({"l": ListType(INT)})), {"l": nested}
    )
    form: object = []
    for _ in range(5_000):
        form = [form]
    assert evaluate_case({"name": "n", "expr": "x", "facts": {"x": form}}) == {
        "name": "n",
        "error": "too_deep",
    }


def test_little_stack_left() -> None:
    """Where the stack is almost used up, the answer is a fault or an error, never a crash."""

    def below(levels: int, then: Callable[[], object]) -> object:
        return below(levels - 1, then) if levels else then()

    text = "-" * (MAX_DEPTH - 2) + "(1 + 1)"
    expression = compiled(text)
    seen = set()
    for levels in range(300, 1000, 20):
        try:
            result = below(levels, lambda: evaluate(expression, {}))
            again = below(levels, lambda: compile_expression(text, SCOPE))
        except RecursionError:
            break
        seen.add(result)
        assert isinstance(again, Expression) or [fault.code for fault in again] == ["too-deep"]
    assert {2} <= seen <= {2, failing("too_deep")}
