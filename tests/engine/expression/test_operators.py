"""What operators do to known values of CEL's own types."""

import math

import pytest

from engine.expression import Duration, Timestamp
from engine.expression.batch import evaluate_case

from .orders import answer, failing

MOST = "9223372036854775807"
LEAST = "-9223372036854775808"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "2 + 3"),
        (-1, "2 - 3"),
        (6, "2 * 3"),
        (-3, "7 / -2"),
        (3, "-7 / -2"),
        (1, "7 % -2"),
        (-1, "-7 % 2"),
        (5.75, "2.5 + 3.25"),
        (-0.75, "2.5 - 3.25"),
        (8.125, "2.5 * 3.25"),
        (1.25, "2.5 / 2.0"),
        (math.inf, "1.0 / 0.0"),
        (-math.inf, "1.0 / -0.0"),
        ("ab", "'a' + 'b'"),
        ((1, 2, 3), "[1] + [2, 3]"),
        (Duration(5400 * 10**9), "duration('1h') + duration('30m')"),
        (Duration(-1800 * 10**9), "duration('30m') - duration('1h')"),
        (Timestamp(10**9), "timestamp('1970-01-01T00:00:00Z') + duration('1s')"),
        (Timestamp(10**9), "duration('1s') + timestamp('1970-01-01T00:00:00Z')"),
        (Timestamp(-(10**9)), "timestamp('1970-01-01T00:00:00Z') - duration('1s')"),
        (Duration(86400 * 10**9), "timestamp('1970-01-02T00:00:00Z') - timestamp('1970-01-01T00:00:00Z')"),
    ],
)
def test_arithmetic(value: object, text: str) -> None:
    """Arithmetic is CEL's: integers are cut towards zero, doubles follow IEEE 754."""
    assert value == answer(text)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("overflow", f"{MOST} + 1"),
        ("overflow", f"{LEAST} - 1"),
        ("overflow", f"{MOST} * 2"),
        ("overflow", f"{LEAST} / -1"),
        ("overflow", f"-({LEAST})"),
        ("overflow", f"{LEAST} * -1"),
        ("divide_by_zero", "1 / 0"),
        ("modulus_by_zero", "1 % 0"),
        ("overflow", "timestamp('9999-12-31T23:59:59Z') + duration('1s')"),
        ("overflow", "timestamp('9999-12-31T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')"),
        ("overflow", "duration('2000000h') + duration('2000000h')"),
        ("index_out_of_range", "[1, 2][2]"),
        ("index_out_of_range", "[1, 2][-1]"),
        ("no_such_key", "{'a': 1}['b']"),
        ("no_such_key", "{'a': 1}.b"),
        ("duplicate_key", "{'a': 1, 'a': 2}"),
    ],
)
def test_errors(code: str, text: str) -> None:
    """What has no result is unknown with an error that no fact can cure."""
    assert failing(code) == answer(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "1 == 1.0"),
        (True, "1 < 1.5"),
        (False, f"{MOST} == 9223372036854775808.0"),
        (True, "'Zebra' < 'apple'"),
        (True, "'z' < 'é' && 'é' < '日' && '日' < '😀'"),
        (True, "false < true"),
        (True, "[1, [2]] == [1, [2]]"),
        (False, "[1, 2] == [2, 1]"),
        (True, "{'a': 1, 'b': 2} == {'b': 2, 'a': 1}"),
        (True, "{'a': 1} != {'a': 2}"),
        (False, "0.0 / 0.0 == 0.0 / 0.0"),
        (True, "2 in [1, 2, 3]"),
        (True, "'b' in {'a': 1, 'b': 2}"),
        (True, "duration('60s') == duration('1m')"),
        (True, "timestamp('2026-06-27T09:00:00+09:00') == timestamp('2026-06-27T00:00:00Z')"),
        (True, "timestamp('2026-06-27T00:00:00.000000001Z') > timestamp('2026-06-27T00:00:00Z')"),
    ],
)
def test_comparisons(value: object, text: str) -> None:
    """Equality is by value, order as CEL has it: strings by code points, false before true."""
    assert value is answer(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (False, "'a' == 1"),
        (True, "['a', 1] != [1, 'a']"),
        (False, "'a' in [1, true, null]"),
        (False, "true == 1"),
        (False, "true in [1]"),
        (True, "[1, 'a'].exists(x, x == 'a')"),
        ("no_such_overload", "[1, 'a'][1] + [1, 'a'][0]"),
        ("no_such_overload", "[1, 'a'][1] < [1, 'a'][0]"),
        ("no_such_overload", "[true, 1][0] + 1"),
        ("no_such_overload", "!([1, 'a'][0])"),
        ("no_such_overload", "-[1, true][1]"),
    ],
)
def test_values_of_different_kinds(value: object, text: str) -> None:
    """Without types to exclude it, values of different kinds are unequal, and have neither order nor sum."""
    key = "error" if isinstance(value, str) else "value"
    assert {"name": "", key: value} == evaluate_case({"name": "", "expr": text, "facts": {}})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "[1, 2, 3].all(x, x > 0)"),
        (False, "[1, 2, 3].all(x, x > 1)"),
        (True, "[].all(x, x > 1)"),
        (True, "[1, 2, 3].exists(x, x > 2)"),
        (False, "[].exists(x, x > 2)"),
        (True, "[1, 2, 3].exists_one(x, x > 2)"),
        (False, "[1, 2, 3].exists_one(x, x > 1)"),
        ((2, 4, 6), "[1, 2, 3].map(x, x * 2)"),
        ((6,), "[1, 2, 3].map(x, x > 2, x * 2)"),
        ((2, 3), "[1, 2, 3].filter(x, x > 1)"),
        (("a", "b"), "{'a': 1, 'b': 2}.map(k, k)"),
        (True, "{'a': 1, 'b': 2}.exists(k, k == 'b')"),
        ((3, 4, 4, 5), "[1, 2].map(x, [2, 3].map(y, x + y)).map(z, z)[0] + [4, 5]"),
        (True, "[[1], [2, 3]].exists(x, x.exists(y, y == 3))"),
        (True, "[1, 2].all(x, [x].all(x, x > 0) && x > 0)"),
        (True, "has({'a': 1}.a)"),
        (False, "has({'a': 1}.b)"),
    ],
)
def test_macros(value: object, text: str) -> None:
    """Macros go over the elements of lists and the keys of maps."""
    assert value == answer(text)


def test_errors_are_absorbed() -> None:
    """`&&`, `||`, `all` and `exists` need only one value that decides; `exists_one` needs all."""
    assert answer("1 / 0 > 1 && false") is False
    assert answer("1 / 0 > 1 || true") is True
    assert answer("[0, 2].exists(x, 4 / x == 2)") is True
    assert answer("[0, 4].all(x, 4 / x == 2)") is False
    assert answer("[0, 2].exists_one(x, 4 / x == 2)") == failing("divide_by_zero")
    assert answer("[0, 2].filter(x, 4 / x == 2)") == failing("divide_by_zero")


def test_a_loop_variable_hides_a_name_in_its_loop_only() -> None:
    """Inside a macro its variable is meant; after a dot in front, and outside, the fact of that name."""
    facts = {"site": {"kind": "SHOP"}}
    assert answer("['MARKETPLACE'].all(site, site == 'MARKETPLACE') && site.kind == 'SHOP'", facts) is True
    assert answer("['MARKETPLACE'].all(site, .site.kind == 'SHOP')", facts) is True
