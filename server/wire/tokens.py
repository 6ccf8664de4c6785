"""Tokens that callers give back unread: where a list or a watch goes on, bound to what was asked and by whom.

A token holds no secret and is not signed: with a made-up one a caller gets no more than its own request would tell.
"""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from server.errors import TokenInvalid

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_VERSION: Final = 1
_MICROSECOND: Final = timedelta(microseconds=1)
# What databases count positions with.
_LARGEST: Final = 2**63 - 1
_NAME = re.compile(r"[a-z]+/[0-9a-f]{1,800}")

Asked = Sequence[object]


def page_token(asked: Asked, at: datetime, name: str) -> str:
    """Goes on behind the case of this moment and name."""
    return _token("page", asked, (at - _EPOCH) // _MICROSECOND, name)


def read_page_token(field: str, token: str, asked: Asked) -> tuple[datetime, str]:
    """The moment and the name. Raises TokenInvalid where it is not a token of what is asked."""
    at, name = _read(field, token, "page", asked)
    if not _NAME.fullmatch(name):
        raise _unreadable(field)
    try:
        return _EPOCH + at * _MICROSECOND, name
    except OverflowError:
        raise _unreadable(field) from None


def watch_token(asked: Asked, position: int) -> str:
    """Goes on with this position of the log."""
    return _token("watch", asked, position, "")


def read_watch_token(field: str, token: str, asked: Asked) -> int:
    """The position. Raises TokenInvalid where it is not a token of what is asked."""
    position, _ = _read(field, token, "watch", asked)
    if position < 0:
        raise _unreadable(field)
    return position


def _token(kind: str, asked: Asked, number: int, text: str) -> str:
    body = json.dumps([_VERSION, _bound(kind, asked), number, text], separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def _read(field: str, token: str, kind: str, asked: Asked) -> tuple[int, str]:
    try:
        body = json.loads(base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise _unreadable(field) from None
    match body:
        case [int(version), str(bound), int(number), str(text)] if (
            version == _VERSION and abs(number) <= _LARGEST and not isinstance(number, bool)
        ):
            if bound != _bound(kind, asked):
                raise TokenInvalid(
                    field, "it belongs to another filter, sort or caller; give it with what it came with"
                )
            return number, text
        case _:
            raise _unreadable(field)


def _unreadable(field: str) -> TokenInvalid:
    return TokenInvalid(field, "it is no token of this server; give it back just as it came")


def _bound(kind: str, asked: Asked) -> str:
    """A short digest of what was asked, so that a token of something else is known."""
    text = json.dumps([kind, *asked], default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
