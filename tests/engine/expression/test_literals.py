"""Values written out in an expression."""

import pytest

from engine.expression.batch import evaluate_case

from .orders import answer, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (255, "0xFF"),
        (-16, "-0x10"),
        (-9223372036854775808, "-9223372036854775808"),
        (9223372036854775807, "9223372036854775807"),
        (2.5, "2.5"),
        (0.5, ".5"),
        (1500.0, "15e2"),
        (0.015, "1.5E-2"),
        ((), "[]"),
        ((1, 2), "[1, 2,]"),
        ((), "[,]"),
        ("", '""'),
        ("it's", '"it\'s"'),
        ('say "x"', "'say \"x\"'"),
        ("two\nlines", '"""two\nlines"""'),
        ("a 'b' c", "'''a 'b' c'''"),
        ("a\tb", r'"a\tb"'),
        ("\a\b\f\n\r\t\v\\?\"'`", r'"\a\b\f\n\r\t\v\\\?\"\'\`"'),
        ("A0é😀", r'"\x41\060\u00e9\U0001F600"'),
        ("AB", r"'\X41\102'"),
        (r"\d+\n", r'r"\d+\n"'),
        ("a\\'''", "R\"a\\'''\""),
        ("a\nb", "r'''a\nb'''"),
        ("日本", '"日本"'),
    ],
)
def test_literals(value: object, text: str) -> None:
    """A literal stands for its value, whichever way it is written."""
    given = answer(text)
    assert value == given
    assert type(value) is type(given) or isinstance(value, tuple)


def test_map_keys_differ_by_kind() -> None:
    """`true` and `1` are different keys of a map, `1` and `1.0` the same."""
    assert evaluate_case({"name": "m", "expr": "{true: 'a', 1: 'b'}[1]", "facts": {}}) == {
        "name": "m",
        "value": "b",
    }
    assert answer("{1: 'b', 2: 'c'}.size()") == 2
    assert answer("1 in {1: 'b'} && !(2 in {1: 'b'})") is True


def test_comments_are_passed_over() -> None:
    """A comment reaches from `//` to the end of its line."""
    assert answer("1 + // one\n 2") == 3


@pytest.mark.parametrize(
    ("code", "token", "text"),
    [
        ("int-range", "9223372036854775808", "9223372036854775808"),
        ("int-range", "1" * 9000, "1" * 9000),
        ("double-range", "1e400", "1e400"),
        ("int-range", "(9223372036854775808)", "-(9223372036854775808)"),
        ("bad-escape", r"\q", r'"a\q"'),
        ("bad-escape", r"\u", r'"\u12"'),
        ("bad-escape", r"\ud800", r'"\ud800"'),
        ("bad-escape", r"\U00110000", r'"\U00110000"'),
        ("bad-escape", r"\9", r'"\9"'),
        ("no-uint", "7u", "7u"),
        ("no-uint", "0xFFu", "0xFFu"),
        ("no-bytes", 'b"x"', 'b"x"'),
        ("no-bytes", "br'''x'''", "br'''x'''"),
    ],
)
def test_refused_literals(code: str, token: str, text: str) -> None:
    """A literal that means nothing here is refused where it stands."""
    assert [(code, token)] == [fault[:2] for fault in shown(text)]
