"""The facts of these tests: an order with lines, and a declaration with goods and parties that can be none."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from engine.expression import (
    BOOL,
    DATE,
    DECIMAL,
    INT,
    MONEY,
    STRING,
    TIMESTAMP,
    Constant,
    EnumType,
    Expression,
    Fault,
    ListType,
    Map,
    MapType,
    Money,
    OptionalType,
    RecordType,
    Scope,
    Type,
    Unknown,
    compile_expression,
    evaluate,
)

KIND = EnumType("site_kind", ("SHOP", "MARKETPLACE", "OTHER"))
COUNTRY = EnumType("country", ("CA", "MX", "NO", "PR", "US"))
LINE = RecordType("line", {"sku": STRING, "claims": BOOL, "quantity": INT, "value": MONEY})
PARTY = RecordType("party", {"name": STRING, "country": OptionalType(COUNTRY)})
GOOD = RecordType("good", {"hs": STRING, "rvc": DECIMAL, "transit": ListType(COUNTRY)})
RATE = RecordType("rate", {"least": DECIMAL, "until": OptionalType(DATE)})

VARIABLES: Mapping[str, Type] = {
    "site": RecordType("site", {"kind": KIND}),
    "order": RecordType(
        "order",
        {
            "destination": COUNTRY,
            "lines": ListType(LINE),
            "value": MONEY,
            "freight": MONEY,
            "imported": DATE,
            "placed": TIMESTAMP,
            "commercial": BOOL,
            "note": OptionalType(STRING),
        },
    ),
    "declaration": RecordType(
        "declaration",
        {"producer": OptionalType(PARTY), "goods": ListType(GOOD), "signed": DATE, "rvc": DECIMAL},
    ),
    "scope": RecordType("scope", {"outcome": EnumType("scope outcome", ("IN", "OUT", "LATER"))}),
}
SCOPE = Scope(
    VARIABLES,
    {
        "territory": Constant(ListType(COUNTRY), ("US", "PR")),
        "rates": Constant(
            MapType(STRING, RATE),
            Map(
                [
                    ("8471", {"least": Decimal("62.5"), "until": date(2027, 1, 1)}),
                    ("8703", {"least": Decimal("75"), "until": None}),
                ]
            ),
        ),
    },
)


def compiled(text: str, scope: Scope = SCOPE, expect: Type | None = None) -> Expression:
    """The expression, which must be without a fault."""
    result = compile_expression(text, scope, expect)
    assert isinstance(result, Expression), (text, result)
    return result


def answer(text: str, facts: Mapping[str, object] | None = None, scope: Scope = SCOPE) -> object:
    """What the expression gives for the facts."""
    return evaluate(compiled(text, scope), facts or {})


def faults(text: str, scope: Scope = SCOPE, expect: Type | None = None) -> list[Fault]:
    """The faults of an expression, which must have some."""
    result = compile_expression(text, scope, expect)
    assert isinstance(result, tuple), (text, result)
    return list(result)


def shown(text: str, scope: Scope = SCOPE, expect: Type | None = None) -> list[tuple[str, str, str]]:
    """Each fault's code, the very text that it points at, and how to mend it."""
    return [(fault.code, text[fault.start : fault.end], fault.mend) for fault in faults(text, scope, expect)]


def missing(*paths: str) -> Unknown:
    """Unknown for want of these facts."""
    return Unknown(paths=frozenset(paths))


def failing(*codes: str) -> Unknown:
    """Unknown for reasons that no fact cures."""
    return Unknown(errors=frozenset(codes))


def usd(amount: str) -> Money:
    """An amount in US dollars."""
    return Money(Decimal(amount), "USD")


def cad(amount: str) -> Money:
    """An amount in Canadian dollars."""
    return Money(Decimal(amount), "CAD")
