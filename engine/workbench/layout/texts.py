"""How a text is written: plain, in quotes, folded or line by line, so that it reads the same again."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise

import yaml

from engine.rulebook.text.nodes import Scalar
from engine.workbench.schema.model import Kind

LONGEST = 132
"""A line that is longer is broken where it can be: prose is folded, brackets are opened."""

WIDTH = 128
"""How wide prose is filled where it is folded, and brackets are where they have lines of their own.

Between the two, what is on one line stays there, and what is not is not put there.
"""

_FULL = 100
"""An author's own line breaks in prose stay where no line is longer than LONGEST or could take a word below this."""

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_STRING = "tag:yaml.org,2002:str"
_WORDS = re.compile(r"(?<=\S) (?=\S)")
_OPERANDS = re.compile(r"(?<=\S) (?=(?:&&|\|\|) \S)")
_EVIDENT = re.compile(r"[A-Za-z](?:[A-Za-z0-9_.()/=<>;+$^%!&|*' -]*[A-Za-z0-9_.)])?")
_NUMBER = re.compile(r"[-+.]*[0-9][0-9a-fA-Fox_.,:+-]*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def in_line(scalar: Scalar, *, flow: bool, key: bool = False, keep: bool = False) -> str:
    """The text on one line. Quotes go where the text is the same without them anywhere, unless they are to be kept.

    In a list or mapping in brackets fewer texts can do without quotes; those that need them there keep them
    everywhere, and so do texts that another reader of YAML would take for a number, a date or a truth value.
    """
    text, style = scalar.text, scalar.style
    if not text and not style and not key:
        return ""
    plain_here = _reads_as(text, text, flow=flow, key=key)
    if not style and plain_here:
        return text
    everywhere = plain_here and (style in {"|", ">"} or _reads_as(text, text, flow=True, key=key))
    if style and not keep and everywhere and _is_string(text):
        return text
    return _quoted(text, style)


def block(scalar: Scalar, column: int, kind: Kind) -> list[str]:
    """The text as a folded or literal block: its header, and its lines at the column; none where no block says it."""
    text = scalar.text
    end = len(text) - len(text.rstrip("\n"))
    if end > 1 or not text.strip():
        return []
    chomp = "" if end else "-"
    body = text[: len(text) - end]
    ways: list[tuple[str, list[str]]] = [(f"|{chomp}", body.split("\n"))]
    if scalar.style != "|" or "\n" not in text:
        own = _own_lines(scalar, column, kind) if scalar.style == ">" else None
        ways.insert(0, (f">{chomp}", own or list(_folded(body, WIDTH - column, kind))))
    for header, lines in ways:
        shown = [f"{' ' * column}{line}" if line else "" for line in lines]
        if _block_reads_as(text, header, tuple(lines)):
            return [header, *shown]
    return []


def breaks(text: str, kind: Kind) -> list[str]:
    """The pieces between which a text can go to the next line: words, or the operands of a condition."""
    return (_OPERANDS if kind is Kind.CONDITION else _WORDS).split(text)


def _own_lines(scalar: Scalar, column: int, kind: Kind) -> list[str] | None:
    """The lines of a folded text as its author broke them; None where they are too long, or much too short."""
    source = scalar.file.text[scalar.start : scalar.end]
    lines = textwrap.dedent(source.partition("\n")[2]).rstrip().split("\n")
    lines = [line.rstrip() for line in lines]
    for line, following in pairwise(lines):
        word = breaks(following, kind)[0]
        if line and word and column + len(line) + 1 + len(word) < _FULL:
            return None
    return lines if all(column + len(line) <= LONGEST for line in lines) else None


def _folded(text: str, room: int, kind: Kind) -> Iterator[str]:
    for number, paragraph in enumerate(text.split("\n")):
        if number:
            yield ""
        line = ""
        for word in breaks(paragraph, kind):
            if line and len(line) + 1 + len(word) > room:
                yield line
                line = word
            else:
                line = f"{line} {word}" if line else word
        if line:
            yield line


def _quoted(text: str, style: str) -> str:
    """The text in quotes: double ones, or single ones where double ones would need backslashes."""
    printable = text.isprintable()
    if printable and not {'"', "\\"} & set(text):
        return f'"{text}"'
    if printable and ("'" not in text or style == "'"):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


@lru_cache(maxsize=4096)
def _reads_as(written: str, text: str, *, flow: bool, key: bool) -> bool:
    """Whether what is written is this text, with something before and after it."""
    if not written or written != written.strip() or "\n" in written or "\t" in written:
        return False
    if _EVIDENT.fullmatch(written):
        return written == text
    if flow:
        around, expected = (f"{{{written}: v, w: x}}", {text: "v", "w": "x"})
        if not key:
            around, expected = (f"{{k: {written}, w: x}}", {"k": text, "w": "x"})
            both = f"[{written}, x]"
            return _loaded(around) == expected and _loaded(both) == [text, "x"]
        return _loaded(around) == expected
    if key:
        return _loaded(f"a:\n  {written}: v\n  w: x\n") == {"a": {text: "v", "w": "x"}}
    return _loaded(f"k: {written}\nw:\n  - {written}\n") == {"k": text, "w": [text]}


@lru_cache(maxsize=1024)
def _block_reads_as(text: str, header: str, lines: tuple[str, ...]) -> bool:
    body = "".join(f"  {line}\n" if line else "\n" for line in lines)
    return _loaded(f"k: {header}\n{body}w: x\n") == {"k": text, "w": "x"}


def _loaded(source: str) -> object:
    try:
        read: object = yaml.load(source, Loader=_LOADER)  # noqa: S506 - texts only, no objects are made
    except yaml.YAMLError:
        return None
    return read


def _is_string(text: str) -> bool:
    """Whether YAML itself would take the bare text for a text."""
    resolve: Callable[..., str] = yaml.SafeLoader("").resolve
    return _NUMBER.fullmatch(text) is None and resolve(yaml.ScalarNode, text, (True, False)) == _STRING
