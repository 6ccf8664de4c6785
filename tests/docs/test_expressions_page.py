"""Every expression of docs/expressions.md gives what the page says."""

import json

import pytest

from engine.expression import bounds
from engine.expression.batch import evaluate_case
from tests.docs.pages import PROJECT, blocks, rows, section

PAGE = PROJECT / "docs" / "expressions.md"
FACTS = json.loads(next(block.text for block in blocks(PAGE) if block.language == "json"))
ROWS = [row for row in rows(PAGE.read_text("utf-8")) if len(row) == 2 and row[0].startswith("`")]


def told(expression: str) -> str:
    """What the expression gives, as the page writes it."""
    answer = evaluate_case({"name": "", "expr": expression, "facts": FACTS})
    match answer:
        case {"error": code}:
            return f"error: `{code}`"
        case {"unknown": [*paths]}:
            return "unknown: " + ", ".join(f"`{path}`" for path in paths)
        case {"value": {"$type": kind, "value": value}}:
            return f"{kind} `{value}`"
        case {"value": value}:
            return f"`{json.dumps(value)}`"
    raise AssertionError(answer)


@pytest.mark.parametrize(("expression", "gives"), [(row[0].strip("`"), row[1]) for row in ROWS])
def test_expression(expression: str, gives: str) -> None:
    """The expression gives what stands beside it."""
    assert gives == told(expression)


def test_bounds() -> None:
    """The bounds are those of the language."""
    expected = [
        bounds.MAX_TEXT,
        bounds.MAX_DEPTH,
        bounds.MAX_SIZE,
        bounds.MAX_COST,
        bounds.MAX_PATTERN,
        bounds.MAX_DIGITS,
    ]
    table = rows(section(PAGE, "What is left out of CEL, and the bounds"))
    assert expected == [int(value) for _, value in table]
