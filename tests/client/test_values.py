"""Exact values of the Python client."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from google.type import money_pb2
from hypothesis import given
from hypothesis import strategies as st
from origingate.client import amount_of, day, decimal, money

AMOUNTS = st.builds(
    lambda units, nanos: Decimal(f"{units}.{nanos:09d}"),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.integers(0, 10**9 - 1),
)


@given(AMOUNTS)
def test_there_and_back(amount: Decimal) -> None:
    """Any amount that the contract can hold comes back as it was, to the last digit."""
    assert amount == amount_of(money(amount, "USD"))


@pytest.mark.parametrize(
    ("units", "nanos", "text"),
    [(2500, 0, "2500.00"), (0, -500_000_000, "-0.5"), (7, 10_000_000, "7.010"), (3, 0, 3)],
)
def test_money(units: int, nanos: int, text: str | int) -> None:
    """Text, whole numbers and decimals are read exactly."""
    assert money_pb2.Money(currency_code="USD", units=units, nanos=nanos) == money(text, "USD")


@pytest.mark.parametrize(
    ("said", "amount", "currency"),
    [
        ("0.1 is a float; write the amount as text or Decimal", 0.1, "USD"),
        ("'1e3' is not a plain decimal amount, such as 2500.00", "1e3", "USD"),
        ("'NaN' is not a plain decimal amount, such as 2500.00", Decimal("NaN"), "USD"),
        ("'0.0000000001' has more than 9 digits after the point", "0.0000000001", "USD"),
        ("'9223372036854775808' is too large an amount", 2**63, "USD"),
        ("'usd' is not a currency code of three capital letters, such as USD", "1", "usd"),
    ],
)
def test_no_money(said: str, amount: str, currency: str) -> None:
    """What cannot be said exactly is refused with what to write."""
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole text is compared
        money(amount, currency)
    assert said == str(error.value)


@pytest.mark.parametrize(("units", "nanos"), [(1, -1), (-1, 1), (0, 10**9)])
def test_no_amount(units: int, nanos: int) -> None:
    """Units and nanos of different signs, or nanos of a whole unit, are no amount."""
    with pytest.raises(ValueError, match="do not make one amount"):
        amount_of(money_pb2.Money(units=units, nanos=nanos))


def test_numbers_and_days() -> None:
    """Numbers are texts, never floats; the day of a moment is the one of its own time zone."""
    assert ("62.5", "4", "1000") == (decimal("62.5").value, decimal(4).value, decimal(Decimal("1E3")).value)
    with pytest.raises(ValueError, match="is a float"):
        decimal(62.5)  # type: ignore[arg-type]
    late = datetime(2026, 7, 1, 23, 30, tzinfo=timezone(timedelta(hours=-7)))
    assert day(date(2026, 7, 1)) == day(late)
