"""Where each character of a YAML scalar stands in its file, for plain, quoted, literal and folded text.

YAML folds white space but keeps every other character in order, so the two sides are aligned by those.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}
_ESCAPED_SPACE = {"t": "\t", "\t": "\t", "n": "\n", "r": "\r", "v": "\v", "f": "\f", "_": "\xa0", "N": "\x85"}
_ESCAPED_SPACE |= {"L": "\u2028", "P": "\u2029", " ": " "}
_BREAKS = "\n\r\x85\u2028\u2029"


@lru_cache(maxsize=256)
def source_offsets(source: str, start: int, end: int, text: str, style: str) -> tuple[int, ...]:
    """For each character of the scalar `text`, written from `start` to `end`, its offset in `source`."""
    if style == '"':
        stretches = _double_quoted(source, start + 1, end - 1)
    elif style == "'":
        stretches = _single_quoted(source, start + 1, end - 1)
    elif style in {"|", ">"}:
        stretches = _plain(source, _after_line(source, start, end), end)
    else:
        stretches = _plain(source, start, end)
    return _align(text, list(stretches), start)


def _align(text: str, written: list[tuple[int, str]], start: int) -> tuple[int, ...]:
    """Aligns the text with what is written: offsets, each with the white space it is an escape of, or "".

    Folded white space gets the offset after the character before it.
    """
    offsets: list[int] = []
    at, previous = 0, start - 1
    for char in text:
        if char.isspace() and not (at < len(written) and written[at][1] == char):
            offsets.append(previous + 1)
            previous += 1
            continue
        if at < len(written):
            previous = written[at][0]
            at += 1
        offsets.append(previous)
    return tuple(offsets)


def _plain(source: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for offset in range(start, end):
        if not source[offset].isspace():
            yield offset, ""


def _single_quoted(source: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    offset = start
    while offset < end:
        if source[offset] == "'":
            yield offset, ""
            offset += 2
            continue
        if not source[offset].isspace():
            yield offset, ""
        offset += 1


def _double_quoted(source: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    offset = start
    while offset < end:
        char = source[offset]
        if char != "\\":
            if not char.isspace():
                yield offset, ""
            offset += 1
            continue
        escape = source[offset + 1] if offset + 1 < end else ""
        if escape and escape in _BREAKS:
            offset += 2
            continue
        length = _ESCAPE_LENGTHS.get(escape, 2)
        code = source[offset + 2 : offset + length]
        yield offset, chr(int(code, 16)) if code else _ESCAPED_SPACE.get(escape, "")
        offset += length


def _after_line(source: str, start: int, end: int) -> int:
    """The first character after the header line of a block scalar."""
    newline = source.find("\n", start, end)
    return end if newline < 0 else newline + 1
