"""Cases with their facts in JSON: what `origingate rules eval --batch` answers to each line."""

import json

import pytest

from engine.expression.batch import evaluate_case


def given(expr: str, facts: object = None) -> dict[str, object]:
    """The answer to a case, less its name."""
    answer = evaluate_case({"name": "n", "expr": expr, "facts": facts or {}})
    assert answer.pop("name") == "n"
    json.dumps(answer)
    return answer


@pytest.mark.parametrize(
    "form",
    [
        None,
        True,
        7,
        "text",
        [1, "a", None],
        {"name": "Ann", "lines": [{"sku": "A"}]},
        {"$type": "double", "value": 2.5},
        {"$type": "double", "value": -0.0},
        {"$type": "double", "value": "NaN"},
        {"$type": "double", "value": "-Infinity"},
        {"$type": "map", "value": [["a", 1], [2, "b"], [True, None]]},
        {"$type": "timestamp", "value": "2026-06-27T09:00:00.5Z"},
        {"$type": "duration", "value": "-1.5s"},
        {"$type": "date", "value": "2026-06-27"},
        {"$type": "decimal", "value": "62.50"},
        {"$type": "money", "value": "2500.00 USD"},
    ],
)
def test_values_come_back(form: object) -> None:
    """A fact of every kind is read and written in the same form."""
    assert json.dumps({"value": form}) == json.dumps(given("x", {"x": form}))


@pytest.mark.parametrize(
    ("answer", "expr", "facts"),
    [
        (
            {"value": True},
            "order.lines.all(l, l.value > money('1 USD'))",
            {"order": {"lines": [{"value": {"$type": "money", "value": "2 USD"}}]}},
        ),
        ({"unknown": ["x"]}, "x", {}),
        ({"unknown": ["order.destination"]}, "order.destination == 'US'", {"order": {}}),
        (
            {"unknown": ["order.lines[1].sku"]},
            "order.lines.all(l, l.sku != '')",
            {"order": {"lines": [{"sku": "A"}, {}]}},
        ),
        ({"unknown": ["x", "y"]}, "x && y", {}),
        ({"value": True}, "x || true", {}),
        ({"value": True}, "f(17) || true", {}),
        ({"value": False}, "'a' && false", {}),
        ({"error": "unknown_function"}, "f(17)", {}),
        ({"error": "divide_by_zero"}, "x / 0", {"x": 1}),
        ({"error": "no_such_overload"}, "'a' < 1", {}),
        ({"error": "no_such_key"}, "x.b", {"x": {"$type": "map", "value": [["a", 1]]}}),
        ({"error": "syntax"}, "1 +", {}),
        ({"error": "empty"}, "", {}),
        ({"error": "no_dyn"}, "dyn(1)", {}),
        ({"error": "no_types"}, "type(1) == int", {}),
        ({"error": "no_uint"}, "1u + 1u", {}),
        ({"value": True}, "1u == 1u || true", {}),
        ({"error": "date_against_timestamp"}, "date('2026-06-27') == timestamp('2026-06-27T00:00:00Z')", {}),
        ({"error": "bad_value"}, "x", {"x": {"$type": "uint", "value": 1}}),
        ({"error": "bad_date"}, "x", {"x": {"$type": "date", "value": "2026-02-30"}}),
        ({"error": "overflow"}, "x", {"x": 2**63}),
        ({"error": "overflow"}, "x", {"x": {"$type": "double", "value": 10**400}}),
        ({"value": "yes"}, "a.b.c", {"a.b.c": "yes", "a.b": {"c": "no"}}),
        ({"value": "no"}, "(a.b).c", {"a.b": {"c": "no"}}),
        ({"value": True}, "['x'].all(a, .a.b == 'y')", {"a.b": "y"}),
        ({"value": True}, "x == 0.1", {"x": {"$type": "decimal", "value": "0.1"}}),
        ({"value": 2}, "true ? 2 : 'a'", {}),
        ({"value": None}, "null", {"null": 1}),
        ({"error": "no_such_overload"}, "x == y", {"x": {"a": 1}, "y": {"a": 1}}),
    ],
)
def test_answers(answer: dict[str, object], expr: str, facts: object) -> None:
    """A case is answered with its value, with the paths that are missing, or with a code."""
    assert answer == given(expr, facts)


@pytest.mark.parametrize("case", [{}, {"name": "n", "expr": 1}, {"name": "n", "expr": "1", "facts": [1]}])
def test_cases_that_are_none(case: dict[str, object]) -> None:
    """What is no case is answered as such."""
    assert evaluate_case(case) == {"name": case.get("name"), "error": "bad_case"}
