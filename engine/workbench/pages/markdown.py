"""Text to Markdown: whatever a rule file says stands on the page as it is written, and forms nothing by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_CODE_OR_TEXT = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_MARKUP = re.compile(r"[\\`*\[\]<>|~$#]|(?<![^\W_])_|_(?![^\W_])|&(?=[#A-Za-z])")
_STARTS_BLOCK = re.compile(r"[+=-]|\d+(?=[.)])")
_PUNCTUATION = re.compile(r"[^\w\s.,;:()/'-]|_")
_SPACE = re.compile(r"\s+")


def prose(text: str) -> str:
    """A text on one line, where only `code` in backticks is more than text."""
    pieces = _CODE_OR_TEXT.split(_SPACE.sub(" ", text))
    return "".join(code(piece) if odd % 2 else _escaped(piece) for odd, piece in enumerate(pieces))


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda found: "\\" + found.group(), text)


def paragraph(markdown: str) -> str:
    """A paragraph that begins no list, heading or quotation, whatever its first character."""
    text = markdown.strip()
    start = _STARTS_BLOCK.match(text)
    if start is None:
        return text
    at = start.end() if start.group().isdigit() else 0
    return f"{text[:at]}\\{text[at:]}"


def code(text: str) -> str:
    """A name, value or short condition as code, on one line; fit for a table's cell too."""
    line = _SPACE.sub(" ", text).strip()
    if not line:
        return "(empty)"
    if "`" not in line and "|" not in line:
        return f"`{line}`"
    entities = _PUNCTUATION.sub(lambda found: f"&#{ord(found.group())};", line)
    return f"<code>{entities}</code>"


def fenced(text: str, language: str) -> str:
    """A block of code, its lines as they are."""
    runs = [len(run) for run in re.findall(r"`+", text)]
    fence = "`" * max(3, *(run + 1 for run in runs), 3)
    return f"{fence}{language}\n{text.strip()}\n{fence}"


def link(markdown: str, target: str) -> str:
    """A link with a text that is Markdown already."""
    return f"[{markdown}]({target})"


def anchor(heading: str) -> str:
    """What a link names after `#` to reach a heading: small letters, no punctuation, dashes for blanks."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def bullets(items: Iterable[str]) -> str:
    """A list, one item a line."""
    return "\n".join(f"- {item}" for item in items)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def row(items: Iterable[str]) -> str:
    """Items one after the other."""
    return ", ".join(items)


def count(number: int, thing: str) -> str:
    """A number of things: `1 rule`, `2 rules`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def section(*blocks: str) -> str:
    """Blocks one under the other; those that are empty are left out."""
    return "\n\n".join(block for block in blocks if block)


def page(*blocks: str) -> str:
    """A whole page of blocks, as a file ends."""
    return section(*blocks) + "\n"
