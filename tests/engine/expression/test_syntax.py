"""Precedence, spans, and what is said about texts that are no expressions."""

import pytest

from engine.expression import Fault, to_text
from engine.expression.parse import parse
from engine.expression.tree import Choice, Node, walk

from .orders import answer, faults, shown


def tree(text: str) -> Node:
    """The tree of a text that is an expression."""
    root = parse(text)
    assert isinstance(root, Node)
    return root


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "1 + 2 * 3"),
        (9, "(1 + 2) * 3"),
        (-4, "1 - 2 - 3"),
        (1, "8 / 4 / 2"),
        (2, "8 % 3"),
        (True, "1 + 1 == 2"),
        (True, "1 < 2 == true"),
        (True, "true || false && false"),
        (False, "(true || false) && false"),
        (True, "!false && true"),
        (3, "--3"),
        (2, "true ? 2 : false ? 3 : 4"),
        (4, "false ? 2 : false ? 3 : 4"),
        (True, "2 in [1, 2] && !(3 in [1, 2])"),
        (-3, "-[1, 2, 3].size()"),
        (True, "!!true"),
    ],
)
def test_precedence(value: object, text: str) -> None:
    """Operators bind as CEL has it."""
    assert value == answer(text)


def test_long_rows_are_flat() -> None:
    """Thousands of `&&` in a row are no deeper than two."""
    assert answer(" && ".join(["true"] * 1500)) is True
    assert answer(" || ".join(["false"] * 1500)) is False


@pytest.mark.parametrize(
    "part", ["'日' == \"2\"", "(a.b + 2)", "c[0].exists(x, x in d)", "c[0]", "x in d", "a.b", "d"]
)
def test_span_of_a_part(part: str) -> None:
    """The span of a part is where it stands in the text."""
    text = "'日' == \"2\" ? (a.b + 2) : c[0].exists(x, x in d)"
    root = tree(text)
    assert isinstance(root, Choice)
    assert part in [text[node.start : node.end] for node in walk(root)]


@pytest.mark.parametrize("word", ["in", "true", "false", "null"])
def test_words_of_cel_are_no_fields(word: str) -> None:
    """The words that CEL itself uses cannot be fields or names."""
    assert isinstance(parse(f"a.{word}"), Fault)


@pytest.mark.parametrize("word", ["as", "for", "if", "package", "return", "while"])
def test_reserved_words(word: str) -> None:
    """A reserved word can be a field, but not a name."""
    assert to_text(tree(f"a.{word}")) == f"a.{word}"
    assert shown(f"{word} == 1") == [("reserved-word", word, "choose another name")]


def test_names_that_begin_like_words() -> None:
    """`internal`, `nullable` and `trueness` are names like others."""
    assert [to_text(tree(name)) for name in ("internal", "nullable", "trueness", "r", "b")] == [
        "internal",
        "nullable",
        "trueness",
        "r",
        "b",
    ]


@pytest.mark.parametrize(
    ("token", "mend", "text"),
    [
        ("=", "write `==`", "site.kind = 1"),
        ("and", "write `&&`", "true and false"),
        ("OR", "write `||`", "true OR false"),
        ("not", "write `!`", "not true"),
        ("&", "write `&&`", "true & false"),
        ("|", "write `||`", "true | false"),
        ("<>", "write `!=`", "1 <> 2"),
        ("===", "write `==`", "1 === 2"),
        ("=>", "write `>=`", "1 => 2"),
        ("#", "write `//`", "true # why"),
        ("“", 'write `"`', "site.kind == “SHOP”"),
        ("≥", "write `>=`", "1 ≥ 2"),
        ('"SHOP', 'close it with "', 'site.kind == "SHOP'),
        ("(", "close it with `)`", "(1 + 2"),
        ("[", "close it with `]`", "[1, (2 + 3)"),
        (")", "take it away, or open it before", "1 + 2)"),
        ("]", "write `)`", "(1 + 2]"),
        (")", "write the value that is missing before it", "(1 + )"),
        ("2", "put an operator before it, or a comma in a list", "1 2"),
        ("in", "`in` is reserved: write `value in list`", "order.in"),
        ("?", "put a value before it, or take it away", "? 1 : 2"),
        ("", "complete it", "1 + "),
        ("", "write a condition, or `true` if it always holds", ""),
        ("  ", "write a condition, or `true` if it always holds", "  "),
    ],
)
def test_syntax_faults(token: str, mend: str, text: str) -> None:
    """A text that is no expression is pointed at where reading stopped, with what to write."""
    assert [(token, mend)] == [(one[1], one[2]) for one in shown(text)]


def test_end_of_the_text() -> None:
    """An expression that stops too early is pointed at behind its last word, not inside it."""
    assert [(fault.start, fault.end) for fault in faults("1 + 2 +   ")] == [(7, 7)]


def test_messages_are_refused() -> None:
    """A message cannot be made; the fault says so by name."""
    assert shown("Order{id: 1}")[0][:2] == ("no-messages", "Order{id: 1}")


@pytest.mark.parametrize(
    "text",
    [
        "has(order)",
        "has(1)",
        "[1].all(1, true)",
        "[1].exists(x)",
        "[1].map(x, 1, 2, 3)",
        "[1].filter(a.b, true)",
    ],
)
def test_macros_written_wrongly(text: str) -> None:
    """A macro takes a name and what to do with it; `has` takes a field."""
    assert [("bad-macro", text)] == [one[:2] for one in shown(text)]
