"""Characters that a rule file may not hold: those that are no text, and those that nobody sees."""

from __future__ import annotations

import re

from engine.rulebook.problems import Problems
from engine.rulebook.text.files import Span, TextFile

MAX_CHARACTERS = 4_000_000
_UNREADABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HIDDEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def readable(file: TextFile, problems: Problems) -> bool:
    """Whether the file can be read at all; hidden characters are noted and do not stop reading."""
    text = file.text
    if len(text) > MAX_CHARACTERS:
        problems.add(
            Span(file, 0, 1),
            "file-too-long",
            f"the file has more than {MAX_CHARACTERS} characters",
            "split it",
        )
        return False
    unreadable = _UNREADABLE.search(text)
    if unreadable:
        problems.add(
            Span(file, *unreadable.span()),
            "unreadable-character",
            f"the character U+{ord(unreadable.group()):04X} is not text",
            "delete it",
        )
        return False
    for hidden in _HIDDEN.finditer(text, 1 if text.startswith("\ufeff") else 0):
        problems.add(
            Span(file, *hidden.span()),
            "hidden-character",
            f"the character U+{ord(hidden.group()):04X} cannot be seen",
            "delete it",
        )
    return True
