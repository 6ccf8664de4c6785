"""Values in a flat fact: what is equal or ordered stays so, and nothing else becomes so."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expression import Money, OneOf, Unknown
from engine.workbench.durable.values import number, sayable, state, text, truth

GRID = st.decimals(-(10**6), 10**6, places=6)
FINE = st.decimals(-(10**6), 10**6, places=12)


@given(FINE, GRID)
def test_decimals_against_constants(fact: Decimal, constant: Decimal) -> None:
    """A decimal of any precision compares with a constant of six places as it does exactly."""
    assert (fact < constant, fact == constant) == (
        number(fact) < number(constant),
        number(fact) == number(constant),
    )


@given(st.dates(), st.dates())
def test_dates(left: date, right: date) -> None:
    """Days keep their order."""
    assert (left < right) == (number(left) < number(right))


@given(st.integers(), st.integers(-(2**51), 2**51))
def test_numbers_against_constants(fact: int, constant: int) -> None:
    """A number of any size compares with a constant as it does exactly."""
    assert (fact < constant, fact == constant) == (
        number(fact) < number(constant),
        number(fact) == number(constant),
    )


@given(st.text(), st.text())
def test_texts(left: str, right: str) -> None:
    """Texts are equal where they were, and never empty or long."""
    assert (left == right) == (text(left) == text(right))
    assert 0 < len(text(left)) <= 65


def test_texts_are_not_numbers() -> None:
    """Text that looks like a number or like nothing is told from both."""
    assert ("s10", "s", "s-") == (text("10"), text(""), text("-"))


@pytest.mark.parametrize("value", [Decimal("0.0000001"), 2**60, Decimal(10) ** 12, 1.5, None, (1, 2)])
def test_not_sayable(value: object) -> None:
    """A constant that a column cannot hold exactly is computed with instead."""
    assert not sayable(value)


@pytest.mark.parametrize("value", ["", "é" * 100, Decimal("0.000001"), 2**50, True, Money(Decimal(5), "USD")])
def test_sayable(value: object) -> None:
    """Texts, and numbers in range, can be compared with."""
    assert sayable(value)


def test_states() -> None:
    """Unknown, given and none are three states; truth is told apart from what is no truth value."""
    unknown, one_of = Unknown(), OneOf(frozenset("AB"), frozenset())
    assert [0, 0, 1, 1, 2] == [state(value) for value in (unknown, one_of, "", False, None)]
    assert [0, 1, 2, 2, 2] == [truth(value) for value in (False, True, unknown, None, 1)]
