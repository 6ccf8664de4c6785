"""The mistakes that are found without facts: place, text and mend."""

import pytest

from engine.expression import BOOL, DATE, DECIMAL, STRING, Constant, Define, ListType, OptionalType, Scope

from .orders import COUNTRY, SCOPE, VARIABLES, compiled, faults, shown


@pytest.mark.parametrize(
    ("token", "mend", "text"),
    [
        ("order.destinaton", "write `order.destination`", 'order.destinaton == "US"'),
        ("ordr", "write `order`", "ordr.commercial"),
        ("destination", "write `order.destination`", "destination == 'US'"),
        ("teritory", "write `territory`", "order.destination in teritory"),
        ("l.claim", "write `l.claims`", "order.lines.all(l, l.claim)"),
        ("order.producer", "write `declaration.producer`", "has(order.x) || order.producer == 'x'"),
        ("qqq", "choose from `site`, `order`, `declaration`, `scope`, `territory`, `rates`", "qqq == 1"),
        ("scope.zzz", "choose from `outcome`", "scope.zzz == 'IN'"),
        ("rates['8703'].lest", 'write `rates["8703"].least`', "rates['8703'].lest > 1.0"),
    ],
)
def test_unknown_facts(token: str, mend: str, text: str) -> None:
    """A name that nothing bears is pointed at as a whole, with the one that was most likely meant."""
    assert ("unknown-fact", token, mend) in shown(text)


def test_the_message_of_an_unknown_fact() -> None:
    """The message names the path as it was written."""
    assert [fault.message for fault in faults("order.destinaton == 'US'")] == [
        "unknown fact `order.destinaton`"
    ]


@pytest.mark.parametrize(
    ("token", "mend", "text"),
    [
        ('"SHPO"', 'write `"SHOP"`', 'site.kind == "SHPO"'),
        ("'shop'", 'write `"SHOP"`', "'shop' != site.kind"),
        ("'XX'", "choose from `CA`, `MX`, `NO`, `PR`, `US`", "order.destination == 'XX'"),
        ("'XX'", "choose from `CA`, `MX`, `NO`, `PR`, `US`", "order.destination in ['US', 'XX']"),
        ("'MAYBE'", "choose from `IN`, `OUT`, `LATER`", "scope.outcome == 'MAYBE'"),
        (
            "order.destination",
            "compare `site.kind` with `SHOP`, `MARKETPLACE`, `OTHER`",
            "site.kind == order.destination",
        ),
        ("territory", "compare `site.kind` with `SHOP`, `MARKETPLACE`, `OTHER`", "site.kind in territory"),
        ("order.commercial == null", "write `!has(order.commercial)`", "order.commercial == null"),
    ],
)
def test_comparisons_that_never_hold(token: str, mend: str, text: str) -> None:
    """A comparison that no fact can make true is a fault, also the second of several."""
    assert [("never-holds", token, mend)] == shown(text)


def test_a_list_of_texts_that_are_no_values() -> None:
    """An enum is not looked for in a list of texts none of which it has."""
    scope = Scope(
        VARIABLES,
        {
            "shops": Constant(ListType(STRING), ("Shop", "Store")),
            "some": Constant(ListType(STRING), ("SHOP", "x")),
        },
    )
    mend = "put values of site_kind into the list: `SHOP`, `MARKETPLACE`, `OTHER`"
    assert [("never-holds", "shops", mend)] == shown("site.kind in shops", scope)
    assert compiled("site.kind in some", scope).type == BOOL


@pytest.mark.parametrize(
    ("token", "mend", "text"),
    [
        ("declaration.goods[0].hs == 847130", 'write `"847130"`', "declaration.goods[0].hs == 847130"),
        ("'5' == order.lines[0].quantity", "write `5`", "'5' == order.lines[0].quantity"),
        (
            "order.commercial == 'yes'",
            "write `order.commercial` or `!order.commercial`",
            "order.commercial == 'yes'",
        ),
        ("'5'", "write `5`", "order.lines[0].quantity in [5, '5']"),
        ("site == scope", "compare their fields one by one", "site == scope"),
        ("order.lines == [1]", "compare their fields one by one", "order.lines == [1]"),
        ("order.lines > order.lines", "compare their fields one by one", "order.lines > order.lines"),
        ("[1] < [2]", "compare with `==`, or compare a field of it", "[1] < [2]"),
        (
            "'US' in order.destination",
            'write `order.destination.contains("US")`, or put the text in a list: `[...]`',
            "'US' in order.destination",
        ),
        ("order.commercial", "write a list after `in`: `[...]`", "true in order.commercial"),
        ("1 + 'a'", "write `string(1)`", "1 + 'a' == '1a'"),
        ("1 + 1.5", "write `double(1)`", "1 + 1.5 > 2.0"),
        (
            "declaration.rvc * order.lines[0].quantity",
            "write `decimal(order.lines[0].quantity)`",
            "declaration.rvc * order.lines[0].quantity > 1.0",
        ),
        ("true + false", "use values of one type", "true + false == true"),
        ("-true", "use a number", "-true"),
        ("-true", "use a number", "!-true"),
        ("order.destination", "compare it with something", "!order.destination"),
        ("order.lines", "write `size(order.lines) > 0`", "order.lines && true"),
        ("1", "compare it with something", "true || 1"),
        ("1", "compare it with something", "1 ? true : false"),
        ("(true ? 1 : 'a')", "give both one type", "(true ? 1 : 'a') == 1"),
        (
            "order.lines.claims",
            "write `order.lines.exists(item, item.claims ...)` or `order.lines.all(...)`",
            "order.lines.claims",
        ),
        ("order.destination.code", "use `order.destination` itself", "order.destination.code == 'US'"),
        ("'a'", "write a whole number", "order.lines['a'].claims"),
        ("8471", "write a key of type string", "rates[8471].least > 1.0"),
        ("'destination'", "write `order.destination`", "order['destination'] == 'US'"),
        ("0", "take `[...]` away", "order.commercial[0]"),
        ("order.commercial", "use it on a list", "order.commercial.all(x, true)"),
        ("l.sku", "compare it with something", "order.lines.exists(l, l.sku)"),
        ("1.5", "use strings, integers or booleans", "{1.5: 'a'}.size() == 1"),
    ],
)
def test_wrong_types(token: str, mend: str, text: str) -> None:
    """A value of the wrong type is pointed at, with what to write instead."""
    assert [("wrong-type", token, mend)] == shown(text)


@pytest.mark.parametrize(
    ("code", "token", "mend", "text"),
    [
        ("unknown-function", "startswith('x')", "write `startsWith`", "site.kind.startswith('x')"),
        ("unknown-function", "len(order.lines)", "write `size`", "len(order.lines) > 1"),
        ("unknown-function", "any(l, l.claims)", "write `exists`", "order.lines.any(l, l.claims)"),
        (
            "unknown-function",
            "addYears(5)",
            "write `plusYears`",
            "order.imported.addYears(5) == order.imported",
        ),
        (
            "unknown-function",
            "startsWith(site.kind, 'S')",
            "write `value.startsWith(...)`",
            "startsWith(site.kind, 'S')",
        ),
        ("unknown-function", "int()", "write `int(order.value)`", "order.value.int() == 1"),
        (
            "wrong-arguments",
            "site.kind.startsWith(1)",
            "write it as `string.startsWith(string)`",
            "site.kind.startsWith(1)",
        ),
        (
            "wrong-arguments",
            "order.imported.plusDays('1')",
            "write it as `date.plusDays(int)`",
            "order.imported.plusDays('1') == order.imported",
        ),
        (
            "wrong-arguments",
            "date(1)",
            "write it as `date(date)` or `date(string)` or `date(timestamp, string)`",
            "date(1) == order.imported",
        ),
        ("no-dyn", "dyn(1)", "write the value without `dyn(...)`", "dyn(1) == 1"),
        (
            "no-types",
            "type(order)",
            "leave the test out: every fact has the type that facts.yaml gives it",
            "type(order) == 1",
        ),
        (
            "no-types",
            "string",
            "leave the test out: every fact has the type that facts.yaml gives it",
            "order.destination == string",
        ),
        ("no-uint", "uint(1)", "write `int(...)`", "uint(1) == 1"),
        ("no-bytes", "bytes('a')", "compare strings instead", "bytes('a') == 'a'"),
        (
            "undetermined-literal",
            "'UNDETERMINED'",
            "compare with the outcomes that matter: one that is not determined is unknown by itself",
            "scope.outcome == 'UNDETERMINED'",
        ),
    ],
)
def test_functions_and_refused_features(code: str, token: str, mend: str, text: str) -> None:
    """What the language does not have is refused by name, with what it has instead."""
    assert (code, token, mend) in shown(text)


def test_unknown_function_without_a_likeness() -> None:
    """A function like none of ours is told which there are."""
    (fault,) = faults("qqqq(1) == 1")
    assert fault.mend.startswith("the functions are `size`, `matches`, ")


def test_rows_that_a_table_does_not_have() -> None:
    """A key written out must be a key of its table."""
    assert [("no-such-key", "'8472'", 'write `"8471"`')] == shown("rates['8472'].least > 60")
    assert [("no-such-key", "'x'", "add the row to `rates`")] == shown("rates['x'].least > 60")


def test_all_faults_at_once() -> None:
    """Every mistake of an expression is reported, in the order of its text, and none because of another."""
    text = "order.a == 1 && site.kind == 'B' && order.lines.all(l, l.c && l.quantity > 'x') && f(2) && 1 / true == 1"
    assert [one[:2] for one in shown(text)] == [
        ("unknown-fact", "order.a"),
        ("never-holds", "'B'"),
        ("unknown-fact", "l.c"),
        ("wrong-type", "l.quantity > 'x'"),
        ("unknown-function", "f(2)"),
        ("wrong-type", "1 / true"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "declaration.producer.name == 'x'",
        "has(order.note) || declaration.producer.name == 'x'",
        "declaration.producer.name == 'x' || has(declaration.producer)",
        "!has(declaration.producer) && declaration.producer.name == 'x'",
        "has(declaration.producer) ? true : declaration.producer.name == 'x'",
        "(has(declaration.producer) || true) && declaration.producer.name == 'x'",
        "has(declaration.producer) == true && declaration.producer.name == 'x'",
        "has(declaration.producer) && [1].all(declaration, true) || declaration.producer.name == 'x'",
    ],
)
def test_unguarded_optionals(text: str) -> None:
    """A fact that can be known to be none is not used where nothing asks whether it is given."""
    mend = "write `has(declaration.producer) && ...` or `has(declaration.producer) ? ... : ...`"
    assert [("unguarded-optional", "declaration.producer", mend)] == shown(text)


@pytest.mark.parametrize(
    "text",
    [
        "has(declaration.producer) && declaration.producer.name == 'x'",
        "declaration.producer.name == 'x' && has(declaration.producer)",
        "has(declaration.producer) && (true || declaration.producer.name == 'x')",
        "(has(declaration.producer) && true) && declaration.producer.name == 'x'",
        "has(declaration.producer) ? declaration.producer.name == 'x' : true",
        "!has(declaration.producer) ? true : declaration.producer.name == 'x'",
        "!has(declaration.producer) || declaration.producer.name == 'x'",
        "!(!has(declaration.producer) || false) && declaration.producer.name == 'x'",
        "has(declaration.producer.country) && declaration.producer.country == 'US'",
        "has(declaration.producer.country) && declaration.producer.name == 'x'",
        "has(order.note) && [1].all(x, order.note == 'a')",
        "has(order.note) && order.note.size() > 3",
    ],
)
def test_guarded_optionals(text: str) -> None:
    """A guard in the same `&&`, or the same `?:`, or its denial in the same `||`, is enough."""
    assert compiled(text).type == BOOL


def test_a_loop_variable_takes_a_guard_away() -> None:
    """A guard of the fact `order.note` guards no loop variable that is called `order`."""
    text = "has(order.note) && order.lines.all(order, order.note == 'a')"
    assert [one[:2] for one in shown(text)] == [("unknown-fact", "order.note")]


def test_expected_types() -> None:
    """The value must have the type that is expected; numbers are read as decimals where these are."""
    assert compiled("1 == 1", expect=BOOL).type == BOOL
    assert compiled("12.5", expect=DECIMAL).type == DECIMAL
    assert compiled("order.imported.plusYears(5)", expect=DATE).type == DATE
    assert compiled("order.note", expect=OptionalType(STRING)).type == OptionalType(STRING)
    assert compiled("['US']", expect=ListType(STRING)).type == ListType(STRING)
    assert compiled("order.note").type == OptionalType(STRING)
    assert compiled("'US'", expect=COUNTRY).type == STRING
    assert shown("order.value", expect=BOOL) == [("wrong-type", "order.value", "compare it with something")]
    assert shown("1", expect=DATE) == [("wrong-type", "1", "write a value of type date")]
    assert shown("'USA'", expect=COUNTRY) == [("never-holds", "'USA'", 'write `"US"`')]
    assert shown("order.note", expect=STRING)[0][0] == "unguarded-optional"


def test_definitions_are_called_with_their_parameters() -> None:
    """A definition takes as many arguments as it has parameters, of their types."""
    body = compiled("country in territory", Scope({"country": COUNTRY}, SCOPE.constants))
    scope = Scope(VARIABLES, SCOPE.constants, {"ours": Define("ours", (("country", COUNTRY),), body)})
    assert compiled("ours(order.destination) && ours('US')", scope).type == BOOL
    assert shown("ours()", scope) == [("wrong-arguments", "ours()", "write `ours(country)`")]
    assert shown("ours(1)", scope) == [("wrong-type", "1", "write a value of type country")]
    assert [one[:2] for one in shown("ours('XX')", scope)] == [("never-holds", "'XX'")]
    assert shown("our(1)", scope) == [("unknown-function", "our(1)", "write `ours`")]


def test_misspelled_macro() -> None:
    """A misspelled `exists` is one mistake: its variable is not told as a fact that does not exist."""
    text = "order.lines.exits(l, l.claims_preference && l.quantity > 1) && order.a == 1"
    assert [
        ("unknown-function", "exits(l, l.claims_preference && l.quantity > 1)"),
        ("unknown-fact", "order.a"),
    ] == [one[:2] for one in shown(text)]
