"""Regular expressions in linear time (RE2), compiled once."""

from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol, cast

from engine.expression.bounds import MAX_PATTERN
from engine.expression.values import OperationError


class Pattern(Protocol):
    """A compiled regular expression."""

    def search(self, text: str) -> object | None:
        """The first match anywhere in the text, or nothing."""


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """The compiled expression; raises OperationError for what is none, or is too large."""
    re2: Any = import_module("re2")
    if len(text) > MAX_PATTERN:
        raise OperationError("bad_pattern")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return cast(Pattern, re2.compile(text, options))
    except (re2.error, UnicodeEncodeError):
        raise OperationError("bad_pattern") from None


def matches(text: str, expression: str) -> bool:
    """Whether the expression matches anywhere in the text."""
    compiled = pattern(expression)
    try:
        return compiled.search(text) is not None
    except UnicodeEncodeError:
        raise OperationError("bad_text") from None
