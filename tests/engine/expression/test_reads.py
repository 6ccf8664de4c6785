"""Which facts an expression can read, and what it rests on, known before any fact is given."""

import pytest

from engine.expression import BOOL, INT, Define, Scope

from .orders import PARTY, SCOPE, VARIABLES, compiled


@pytest.mark.parametrize(
    ("paths", "text"),
    [
        ((), "1 == 1"),
        (("site.kind",), "site.kind == 'SHOP'"),
        (("order.destination",), "order.destination in territory"),
        (("order.value",), "order.value.currency == 'USD' && order.value.amount > 1.0"),
        (("order.lines",), "size(order.lines) > 0"),
        (("order.lines[]",), "order.lines.exists(l, true)"),
        (("order.lines[].claims",), "order.lines.exists(l, l.claims)"),
        (
            ("order.lines[].claims", "order.lines[].quantity"),
            "order.lines.filter(l, l.claims).all(m, m.quantity > 1)",
        ),
        (("order.lines[]",), "order.lines.filter(l, true).size() > 1"),
        (("order.lines[].claims", "order.lines[]"), "order.lines.filter(l, l.claims).size() > 1"),
        (("order.lines[].sku",), "order.lines.map(l, l.sku).exists(s, s == 'A')"),
        (("declaration.goods[].transit[]",), "declaration.goods.exists(g, g.transit.exists(t, t == 'CA'))"),
        (("declaration.goods[].transit[]",), "declaration.goods.map(g, g.transit).exists(t, t[0] == 'CA')"),
        (("order.lines[].sku",), "order.lines[0].sku == 'A'"),
        (
            ("order.commercial", "order.freight", "order.value"),
            "(order.commercial ? order.value : order.freight).currency == 'USD'",
        ),
        (
            ("declaration.producer", "declaration.producer.name"),
            "has(declaration.producer) && declaration.producer.name == 'x'",
        ),
        (("declaration.goods[].hs",), "rates[declaration.goods[0].hs].least > 1.0"),
        (("order.imported",), "order.imported.plusYears(5) > date('2026-01-01')"),
        (
            ("order.lines[].sku", "order.note"),
            "has(.order.note) && order.lines.exists(order, order.sku == .order.note)",
        ),
    ],
)
def test_reads(paths: tuple[str, ...], text: str) -> None:
    """A path in `reads` stands for all under it; elements of lists are written with `[]`."""
    assert set(paths) == compiled(text).reads


def test_definitions_read_through_their_parameters() -> None:
    """What a definition reads of its parameter is read of the argument."""
    inside = Scope({"party": PARTY, "least": INT, "order": VARIABLES["order"]}, SCOPE.constants)
    body = compiled("party.name.size() > least && order.destination in territory", inside)
    define = Define("named", (("party", PARTY), ("least", INT)), body)
    outer = Define(
        "outer",
        (),
        compiled(
            "has(declaration.producer) && named(declaration.producer, 2)",
            Scope(VARIABLES, SCOPE.constants, {"named": define}),
        ),
    )
    expression = compiled("outer", Scope(VARIABLES, SCOPE.constants, {"outer": outer, "named": define}))
    assert expression.type == BOOL
    assert {"declaration.producer", "declaration.producer.name", "order.destination"} == expression.reads
    assert {"outer", "named", "territory"} == expression.uses
