"""The forms of values in a manifest: how each is written, and what is said where it is written otherwise."""

import re
from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, PlainValidator
from pydantic_core import PydanticCustomError

from server.platforms.expression import Expression, ExpressionError, compiled

_DURATION: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?) ?(ms|s|min|h|d)")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_STATUS: Final = re.compile(r"([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VISIBLE: Final = re.compile(r"[\x20-\x7e]*")

# What the transport or the account says; a manifest that said it too would say it twice, or hold a secret.
RESERVED_HEADERS: Final = frozenset(
    {
        "authorization", "proxy-authorization", "cookie", "host", "content-length", "transfer-encoding", "connection",
        "accept-encoding", "expect", "upgrade", "te", "trailer", "keep-alive", "content-type", "user-agent",
    }
)  # fmt: skip


def fault(code: str, message: str, mend: str, at: int = -1, length: int = 0) -> PydanticCustomError:
    """A problem with a code of ours; `at` is where in the value's text it begins."""
    context = {"said": message, "mend": mend, "at": at, "length": length}
    return PydanticCustomError(code, "{said}", context)


def read_duration(text: object) -> timedelta:
    """A time such as `10 s`."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise fault(
            "bad-duration", f"`{text}` is no time", "write a number and one of ms, s, min, h, d: 10 s"
        )
    seconds = float(found[1]) * _UNITS[found[2]]
    if seconds > 3650 * 86400:
        raise fault("bad-duration", f"`{text}` is longer than ten years", "write a shorter time")
    return timedelta(seconds=seconds)


def _positive(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise fault("bad-duration", "it has to be longer than nothing", "write a longer time")
    return value


def _skew(value: timedelta) -> timedelta:
    if value > timedelta(minutes=10):
        raise fault("bad-duration", "a clock is never that far ahead", "write at most 10 min")
    return value


def _truth(text: object) -> bool:
    if text not in ("true", "false"):
        raise fault("bad-truth", f"`{text}` is neither true nor false", "write `true` or `false`")
    return text == "true"


def _statuses(value: object) -> tuple[tuple[int, int], ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(_status(item) for item in items)


def _status(text: object) -> tuple[int, int]:
    found = _STATUS.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise fault(
            "bad-status",
            f"`{text}` is no HTTP status",
            "write 200, or a range as 200-299, or a list of these",
        )
    first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        raise fault("bad-status", f"the range `{text}` ends before it begins", f"write {last}-{first}")
    return first, last


def _expression(text: object) -> Expression:
    if not isinstance(text, str):
        raise fault(
            "wrong-kind",
            "an expression is text",
            "write a JMESPath, in quotes where it begins with `[` or `{`",
        )
    try:
        return compiled(text)
    except ExpressionError as error:
        raise fault("bad-expression", error.what, error.mend, error.at, error.length) from error


def _matching(pattern: re.Pattern[str], code: str, what: str, mend: str) -> AfterValidator:
    def hold(text: str) -> str:
        if not pattern.fullmatch(text):
            raise fault(code, f"`{text}` is no {what}", mend)
        return text

    return AfterValidator(hold)


def read_header(name: str) -> str:
    """A header's name, in small letters, that a manifest may set."""
    if not _HEADER.fullmatch(name):
        raise fault("bad-header", f"`{name}` is no name of a header", "use letters, digits and `-`")
    if name.lower() in RESERVED_HEADERS:
        raise fault(
            "reserved-header",
            f"`{name}` is not for a manifest to set",
            "secrets are an account's: see `auth`",
        )
    return name.lower()


def _any_header(name: str) -> str:
    if not _HEADER.fullmatch(name):
        raise fault("bad-header", f"`{name}` is no name of a header", "use letters, digits and `-`")
    return name.lower()


Duration = Annotated[timedelta, PlainValidator(read_duration), AfterValidator(_positive)]
Span = Annotated[timedelta, PlainValidator(read_duration)]
Skew = Annotated[timedelta, PlainValidator(lambda text: _skew(read_duration(text)))]
Truth = Annotated[bool, PlainValidator(_truth)]
Statuses = Annotated[tuple[tuple[int, int], ...], PlainValidator(_statuses)]
Jmespath = Annotated[Expression, PlainValidator(_expression)]
Name = Annotated[str, _matching(_NAME, "bad-name", "name of a platform", "use small letters, digits and `-`")]
Header = Annotated[str, AfterValidator(read_header)]
AnyHeader = Annotated[str, AfterValidator(_any_header)]
Visible = Annotated[
    str, _matching(_VISIBLE, "bad-text", "text of visible ASCII characters", "use letters and digits")
]
