"""Texts of CEL: escapes read and written."""

import re
from typing import Final

_SIMPLE: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "?": "?", '"': '"', "'": "'", "`": "`",
}  # fmt: skip
_WRITTEN: Final = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_ESCAPE: Final = re.compile(
    r"\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|((?s:.)))"
)


class EscapeError(Exception):
    """An escape means nothing; it stands `offset` code points into the text and is `length` long."""

    def __init__(self, escape: str, offset: int) -> None:
        super().__init__(escape)
        self.escape = escape
        self.offset = offset


def unquote(token: str) -> str:
    """The text that a quoted token stands for; raises EscapeError."""
    width = 3 if token[:3] in ("'''", '"""') else 1
    body = token[width:-width]
    if "\\" not in body:
        return body

    def one(match: re.Match[str]) -> str:
        hexadecimal = match[1] or match[2] or match[3]
        if hexadecimal or match[4]:
            code = int(hexadecimal, 16) if hexadecimal else int(match[4], 8)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                raise EscapeError(match[0], width + match.start())
            return chr(code)
        if match[5] not in _SIMPLE:
            raise EscapeError(match[0], width + match.start())
        return _SIMPLE[match[5]]

    return _ESCAPE.sub(one, body)


def unquote_raw(token: str) -> str:
    """The text that a token with the prefix `r` stands for: what it shows."""
    width = 3 if token[1:4] in ("'''", '"""') else 1
    return token[1 + width : -width]


def quote(text: str) -> str:
    """The text as a token, in double quotes, so that reading it gives the same text."""
    parts = []
    for character in text:
        if character in _WRITTEN:
            parts.append(_WRITTEN[character])
        elif character in '"\\':
            parts.append("\\" + character)
        elif character.isprintable() or character == " ":
            parts.append(character)
        else:
            code = ord(character)
            parts.append(f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")
    return '"' + "".join(parts) + '"'
