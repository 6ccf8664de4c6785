"""Tokens come back as they went, and only for what they were made for."""

from datetime import UTC, datetime

import pytest

from server.errors import TokenInvalid
from server.wire.tokens import page_token, read_page_token, read_watch_token, watch_token

ASKED = ("acme", ("DECLARED",), None, True)
AT = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC)
NAME = "cases/" + "0" * 31 + "1"


def test_page_token() -> None:
    """A page token says the moment, to the microsecond, and the name."""
    assert (AT, NAME) == read_page_token("page_token", page_token(ASKED, AT, NAME), ASKED)


@pytest.mark.parametrize("position", [0, 1, 2**63 - 1])
def test_watch_token(position: int) -> None:
    """A watch's token says the position."""
    assert position == read_watch_token("after", watch_token(ASKED, position), ASKED)


@pytest.mark.parametrize(
    "other",
    [
        ("other", ("DECLARED",), None, True),
        ("acme", ("ORDERED",), None, True),
        ("acme", ("DECLARED",), "None", True),
        ("acme", ("DECLARED",), None, False),
    ],
)
def test_of_something_else(other: tuple[object, ...]) -> None:
    """A token of another tenant, filter or sort is refused."""
    with pytest.raises(
        TokenInvalid, match="page_token cannot be used: it belongs to another filter, sort or caller"
    ):
        read_page_token("page_token", page_token(other, AT, NAME), ASKED)


def test_of_another_kind() -> None:
    """A list's token is none of a watch."""
    with pytest.raises(TokenInvalid):
        read_watch_token("after", page_token(ASKED, AT, NAME), ASKED)


@pytest.mark.parametrize(
    "token",
    [
        "x", "=", "é", "AAAA", "bnVsbA", "W10", "WzEsMiwzLDRd", "0", "../..", "\x00", " ", "W" * 400,
        page_token(ASKED, AT, NAME)[:-3],
        page_token(ASKED, AT, "cases/\x00"),
        page_token(ASKED, AT, "cases/' OR 1=1"),
        watch_token(ASKED, -1),
        watch_token(ASKED, 2**63),
    ],
    ids=ascii,
)  # fmt: skip
def test_unreadable(token: str) -> None:
    """What is no token of ours is refused in words, as a token of a list and of a watch."""
    with pytest.raises(TokenInvalid):
        read_page_token("page_token", token, ASKED)
    with pytest.raises(TokenInvalid):
        read_watch_token("after", token, ASKED)


def test_moment_out_of_range() -> None:
    """A made-up moment that no calendar has is refused."""
    token = page_token(ASKED, AT, NAME)
    made_up = watch_token(ASKED, 2**62)
    assert token != made_up
    with pytest.raises(TokenInvalid):
        read_page_token("page_token", made_up, ASKED)
