"""RFC 8785 texts of JSON values: the one form over which digests are taken and signatures made.

What certificates and the log hold has no fractions and seldom a letter beyond the basic plane; for such values orjson
writes the same octets as rfc8785 in a small part of the time. Everything else goes to rfc8785.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

import orjson
import rfc8785

_SORTED: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
# RFC 8785 sorts keys by UTF-16, orjson by code point; only beyond the basic plane do the two differ. In UTF-8 such
# letters, and they alone, begin with these octets.
_BEYOND: Final = re.compile(b"[\xf0-\xf4]")


def canonical_json(value: object) -> bytes:
    """The octets of a JSON value. Raises ValueError, or RecursionError, where it has no canonical form."""
    octets = _written(value) if _is_simple(value) else None
    return rfc8785.dumps(cast(Any, value)) if octets is None else octets


def canonical_flat(values: Mapping[str, str | int | bool]) -> bytes:
    """The octets of an object of texts, truth values and whole numbers that doubles hold, which are not looked at."""
    octets = _written(values)
    return canonical_json(values) if octets is None else octets


def _written(value: object) -> bytes | None:
    """The octets of a simple value; None where orjson refuses it, or would sort its keys otherwise."""
    try:
        octets = orjson.dumps(value, option=_SORTED)
    except TypeError:
        return None
    return octets if octets.isascii() or not _BEYOND.search(octets) else None


def _is_simple(value: object) -> bool:
    """Whether the value is made of texts, truth values, none and whole numbers, under texts."""
    left = [value]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            for name, below in value.items():
                if not isinstance(name, str):
                    return False
                if not isinstance(below, str):
                    left.append(below)
        elif isinstance(value, list):
            left += value
        elif value is not None and not isinstance(value, str | int):
            return False
    return True
