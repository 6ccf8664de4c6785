"""Exact decimals and money."""

from decimal import Decimal

import pytest

from engine.expression import DECIMAL, Money, evaluate

from .orders import answer, cad, compiled, failing, missing, shown, usd


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.3"), "decimal('0.1') + decimal('0.2')"),
        (Decimal("62.50"), "decimal('62.50')"),
        (Decimal("62.5"), "decimal(62.5)"),
        (Decimal(3), "decimal(3)"),
        (Decimal("-0.125"), "-decimal('0.5') * decimal('0.25')"),
        (True, "decimal('0.1') + 0.2 == 0.3"),
        (True, "decimal('1.10') == 1.1"),
        (True, "decimal('0.3') in [0.1, 0.2, 0.3]"),
        (True, "0.1 < decimal('0.10000000000000000000000000000001')"),
        (Decimal("1.5"), "true ? 1.5 : decimal('2')"),
        (
            Decimal("123456789012345678901234567890.123456789"),
            "decimal('123456789012345678901234567890.123456789')",
        ),
        ("1.50", "string(decimal('1.50'))"),
    ],
)
def test_decimals(value: object, text: str) -> None:
    """Decimals are exact, and numbers written beside them are read from their text."""
    assert value == answer(text)


def test_numbers_are_read_from_their_text_where_a_decimal_is_wanted() -> None:
    """0.1 beside a decimal is a tenth, not the double nearest to it."""
    facts = {"declaration": {"rvc": Decimal("0.1")}}
    assert answer("declaration.rvc == 0.1", facts) is True
    assert answer("declaration.rvc * 3 == 0.3", facts) is True
    assert answer("declaration.rvc in [0.1, 1e2]", facts) is True
    assert evaluate(compiled("0.1", expect=DECIMAL), {}) == Decimal("0.1")


def test_no_rounding_without_a_word() -> None:
    """A product with more digits than can be held is an error, never a rounded number."""
    long = "decimal('1." + "1" * 600 + "')"
    assert failing("overflow") == answer(f"{long} * {long}")
    assert failing("overflow") == answer("decimal('1e900') * decimal('1e900') + decimal('1')")


def test_no_division() -> None:
    """Decimals and money are not divided; the fault says what to write instead."""
    mend = "multiply across: instead of `a / b > c` write `a > c * b`"
    assert [("no-division", "declaration.rvc / 2", mend)] == shown("declaration.rvc / 2 > 1.0")
    assert [("no-division", "order.value / 2", mend)] == shown("order.value / 2 > order.freight")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (usd("2500.00"), 'money("2500.00 USD")'),
        (usd("3"), 'money("1 USD") + money("2 USD")'),
        (usd("-1.5"), 'money("1 USD") - money("2.5 USD")'),
        (usd("2.50"), 'money("2.50 USD") * 1'),
        (usd("0.3"), '0.1 * money("3 USD")'),
        (usd("-2"), '-money("2 USD")'),
        (True, 'money("2500.00 USD") <= money("2500.00 USD")'),
        (True, 'money("2500.00 USD") == money("2500 USD")'),
        (True, 'money("2500.01 USD") > money("2500.00 USD")'),
        (Decimal("2.50"), 'money("2.50 USD").amount'),
        ("USD", 'money("2.50 USD").currency'),
        ("2.50 USD", 'string(money("2.50 USD"))'),
        (True, 'money("2 USD") in [money("1 USD"), money("2.0 USD")]'),
    ],
)
def test_money(value: object, text: str) -> None:
    """Amounts of one currency are added, compared and multiplied by decimals, exactly."""
    assert value == answer(text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("order.value in USD", 'order.value > money("2500.00 USD")'),
        ("order.value in USD", 'money("2500.00 USD") < order.value'),
        ("order.value in USD", 'order.value == money("2500.00 USD")'),
        ("order.value in USD", 'order.value in [money("2500.00 USD")]'),
        ("order.value in USD", 'order.value * 2 > money("2500.00 USD")'),
        ("order.value in USD", 'order.value + order.value > money("2500.00 USD")'),
        ("order.value in USD", "order.value > order.freight"),
        ("order.value in USD", "order.value + order.freight > order.freight"),
        ("order.lines[1].value in USD", 'order.lines.all(l, l.value < money("9 USD"))'),
        (
            "order.lines[1].value in USD",
            'order.lines.filter(l, l.quantity > 1).all(m, m.value < money("9 USD"))',
        ),
    ],
)
def test_another_currency(path: str, text: str) -> None:
    """An amount in another currency is unknown: what is missing is that amount in the currency asked for."""
    lines = ({"value": usd("5"), "quantity": 1}, {"value": cad("5"), "quantity": 2})
    facts = {"order": {"value": cad("3000"), "freight": usd("10"), "lines": lines}}
    assert missing(path) == answer(text, facts)


def test_currencies_that_no_fact_cures() -> None:
    """Two amounts written out in different currencies cannot be compared by any fact."""
    assert failing("other_currency") == answer('money("1 USD") < money("1 CAD")')


def test_money_against_a_number() -> None:
    """A number beside money is told how amounts are written."""
    text = "order.value > 2500"
    assert [("wrong-type", text, 'write `money("2500 USD")`')] == shown(text)
    text = "order.value > '2500 USD'"
    assert [("wrong-type", text, 'write `money("2500 USD")`')] == shown(text)
    text = "order.value > declaration.rvc"
    mend = "compare `order.value.amount`, or write the other side as money"
    assert [("wrong-type", text, mend)] == shown(text)


def test_an_amount_keeps_its_digits() -> None:
    """2500.00 stays 2500.00."""
    assert Money(Decimal("2500.00"), "USD") == answer('money("2500.00 USD")')
    assert str(Decimal("2500.00")) == str(answer('money("2500.00 USD").amount'))
