"""What is wrong with a text that is no expression, in words that help to mend it."""

from typing import Final

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from engine.expression.faults import Fault

_MEANT: Final = {
    "and": "&&", "or": "||", "not": "!", "is": "==", "equals": "==", "xor": "!=", "mod": "%",
    "=": "==", "&": "&&", "|": "||", "<>": "!=", "=>": ">=", "=<": "<=", "===": "==", "~=": "matches(...)",
    "“": '"', "”": '"', "‘": "'", "’": "'", "„": '"', "≠": "!=", "≤": "<=", "≥": ">=", "−": "-", "×": "*",
    "#": "//", "True": "true", "False": "false", "None": "null",
}  # fmt: skip
_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}


def syntax_fault(text: str, error: UnexpectedInput) -> Fault:
    """The place where reading stopped, and what was expected there."""
    if isinstance(error, UnexpectedToken):
        token = error.token
        if token.type == "$END":
            return _cut_short(text)
        start = token.start_pos if token.start_pos is not None else 0
        return _unexpected(text, str(token), start, token.type)
    place = error.pos_in_stream if isinstance(error, UnexpectedCharacters) else None
    start = len(text) if place is None else place
    character = text[start : start + 1]
    if character in ('"', "'"):
        return Fault(
            "syntax", "the text in quotes is not closed", f"close it with {character}", start, len(text)
        )
    return _unexpected(text, character, start, "")


def _unexpected(text: str, found: str, start: int, kind: str) -> Fault:
    found, start = _whole_sign(text, found, start)
    end = start + max(len(found), 1)
    if found in _MEANT or found.lower() in _MEANT:
        meant = _MEANT.get(found) or _MEANT[found.lower()]
        return Fault("syntax", f"`{found}` has no meaning here", f"write `{meant}`", start, end)
    if found in _PAIRS.values():
        return Fault(
            "syntax", f"`{found}` closes nothing, or comes too early", _closing(text, start), start, end
        )
    before = text[:start].split()
    if before and before[-1].lower() in ("not", "and", "or") and kind:
        word = before[-1]
        place = text[:start].rindex(word)
        mend = f"write `{_MEANT[word.lower()]}`"
        return Fault("syntax", f"`{word}` has no meaning here", mend, place, place + len(word))
    if kind in ("STRING", "RAW", "INT", "DOUBLE", "NAME", "TRUE", "FALSE", "NULL"):
        mend = "put an operator before it, or a comma in a list"
        return Fault(
            "syntax", f"`{_short(found)}` follows what comes before it without an operator", mend, start, end
        )
    if kind == "IN":
        return Fault(
            "syntax", "`in` cannot stand here", "`in` is reserved: write `value in list`", start, end
        )
    mend = "put a value before it, or take it away"
    return Fault("syntax", f"`{_short(found)}` cannot stand here", mend, start, end)


def _whole_sign(text: str, found: str, start: int) -> tuple[str, int]:
    """The sign of several characters that reading stopped in the middle of, and its place."""
    if not found[:1].isalnum():
        for length in (3, 2):
            for place in range(max(start - length + 1, 0), start + 1):
                if text[place : place + length] in _MEANT:
                    return text[place : place + length], place
    return found, start


def _cut_short(text: str) -> Fault:
    end = len(text.rstrip())
    if not end:
        return Fault(
            "empty",
            "the expression is empty",
            "write a condition, or `true` if it always holds",
            0,
            len(text),
        )
    still_open = _still_open(text)
    if still_open:
        bracket, start = still_open[-1]
        mend = f"close it with `{_PAIRS[bracket]}`"
        return Fault("syntax", f"`{bracket}` is never closed", mend, start, start + 1)
    return Fault("syntax", "the expression ends where a value is expected", "complete it", end, end)


def _closing(text: str, end: int) -> str:
    still_open = _still_open(text[:end])
    if not still_open:
        return "take it away, or open it before"
    expected = _PAIRS[still_open[-1][0]]
    return "write the value that is missing before it" if text[end] == expected else f"write `{expected}`"


def _still_open(text: str) -> list[tuple[str, int]]:
    """The brackets that are open at the end of the text, with their places."""
    waiting: list[tuple[str, int]] = []
    quote = ""
    for place, character in enumerate(text):
        if quote:
            if character == quote and text[place - 1 : place] != "\\":
                quote = ""
        elif character in "\"'":
            quote = character
        elif character in _PAIRS:
            waiting.append((character, place))
        elif waiting and character == _PAIRS[waiting[-1][0]]:
            waiting.pop()
    return waiting


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
