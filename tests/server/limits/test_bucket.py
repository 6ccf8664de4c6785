"""The token bucket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.limits.bucket import Bucket


def test_burst() -> None:
    """A full bucket lets its burst through, and says when the next token comes."""
    bucket = Bucket(rate=2, burst=3, now=0)
    assert [0, 0, 0, 0.5] == [bucket.take(1, 0) for _ in range(4)]


def test_filled_again() -> None:
    """It fills at its rate, and no further than its burst."""
    bucket = Bucket(rate=2, burst=2, now=0)
    bucket.take(2, 0)
    assert 0 == bucket.take(1, 0.5)
    assert [0, 0, 0.5] == [bucket.take(1, 100) for _ in range(3)]


def test_debt() -> None:
    """More than the bucket holds is let through once, and what comes then waits until it is paid for."""
    bucket = Bucket(rate=1, burst=2, now=0)
    assert (0, 9.0) == (bucket.take(10, 0), bucket.take(1, 0))
    assert 0 == bucket.take(1, 9)


def test_less_than_one_a_second() -> None:
    """A bucket for less than one in a second holds one."""
    bucket = Bucket(rate=0.1, burst=0.1, now=0)
    assert (0, pytest.approx(10)) == (bucket.take(1, 0), bucket.take(1, 0))


@given(
    rate=st.floats(0.1, 1000),
    burst=st.floats(1, 1000),
    steps=st.lists(st.floats(0, 10), max_size=100),
)
def test_never_more(rate: float, burst: float, steps: list[float]) -> None:
    """In no time are there more calls than its burst and what came in that time."""
    now, passed, bucket = 0.0, 0, Bucket(rate, burst, 0)
    for step in steps:
        now += step
        passed += bucket.take(1, now) == 0
        assert passed <= burst + now * rate + 1e-6
