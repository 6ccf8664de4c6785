"""Writes the tree of a rule file in the canonical layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.rulebook.text.nodes import Scalar
from engine.workbench.layout.comments import Comment
from engine.workbench.layout.parts import Group, Laid, Part
from engine.workbench.layout.settle import below, settle
from engine.workbench.layout.texts import LONGEST, WIDTH, block, breaks, in_line
from engine.workbench.schema.model import Form, Items, Keys, Kind, Named, Text, of_kind

_STEP = 2


def write(laid: Laid, form: Form) -> str:
    """The text of the file. Settles the order of the tree's parts on the way."""
    settle(laid.top, form)
    lines = list(_remarks(laid.head, 0))
    if laid.top.parts:
        lines += [""] if lines and laid.apart else []
        lines += _group(laid.top, form, 0)
    return "\n".join(lines) + "\n"


def _group(group: Group, form: Form, column: int) -> list[str]:
    """Each part on lines of its own."""
    form = of_kind(form, (Keys, Named) if group.is_mapping else (Items,), group.keys)
    lines: list[str] = []
    for part in group.parts:
        above = list(_remarks(part.above, column, first=not lines))
        lines += above
        lines += [""] if part.apart and lines else []
        lines += _part(part, below(form, part), column)
    lines += _remarks(group.after, column)
    return lines


def _remarks(comments: list[Comment], column: int, *, first: bool = True) -> Iterator[str]:
    """Comments on lines of their own, with the blank lines between them."""
    for number, comment in enumerate(comments):
        if comment.after_blank and (number or not first):
            yield ""
        yield f"{' ' * column}{comment.text}"


def _part(part: Part, form: Form, column: int) -> list[str]:
    key = f"{in_line(part.key, flow=False, key=True)}:" if part.key is not None else "-"
    lead = f"{' ' * column}{key}"
    if part.group is None:
        return _text(part, lead, form, column)
    if not part.group.parts:
        return _beside([f"{lead} {'{}' if part.group.is_mapping else '[]'}"], part, -1)
    if part.group.flow and not part.group.is_remarked:
        lines = _in_brackets(part, lead, form, column)
        if lines:
            return _beside(lines, part, 0 if part.key is not None else -1)
    inner = _group(part.group, form, column + _STEP)
    if part.key is not None:
        return _beside([lead, *inner], part, 0)
    above = [f"{' ' * column}{part.beside.text}"] if part.beside else []
    return [*above, f"{lead} {inner[0].lstrip(' ')}", *inner[1:]]


def _text(part: Part, lead: str, form: Form, column: int) -> list[str]:
    """A text on the line of its key, or as a block below it where it is too long."""
    scalar = part.value
    assert isinstance(scalar, Scalar)
    one = of_kind(form, (Text,))
    kind = one.kind if isinstance(one, Text) else Kind.PROSE
    folds = scalar.style in {"|", ">"}
    line = in_line(scalar, flow=False, keep=part.beside is not None)
    if len(lead) + 1 + len(line) > LONGEST and part.beside is None and scalar.style:
        line = in_line(replace(scalar, style=">"), flow=False)
    spare = f"{lead} {line}".rstrip()
    keeps_block = "\n" in scalar.text or (folds and part.beside is not None)
    goes_plain = part.beside is not None and not scalar.style
    if not goes_plain and (
        keeps_block or (len(spare) > (WIDTH if folds else LONGEST) and len(breaks(scalar.text, kind)) > 1)
    ):
        lines = block(scalar, column + _STEP, kind) if folds or "\n" not in scalar.text else []
        if lines:
            return _beside([f"{lead} {lines[0]}", *lines[1:]], part, 0)
    return _beside([spare], part, 0)


def _in_brackets(part: Part, lead: str, form: Form, column: int) -> list[str]:
    """A list or mapping in brackets where it fits on the line of its key; else a mapping on the line below it, a list of
    texts on several. Nothing where neither can be.
    """
    group = part.group
    assert group is not None
    inside = _bracketed(group)
    if len(lead) + 1 + len(inside) <= LONGEST:
        return [f"{lead} {inside}"]
    under = column + _STEP
    if group.is_mapping and part.key is not None and under + len(inside) <= WIDTH:
        return [lead, f"{' ' * under}{inside}"]
    if not group.is_mapping and all(item.group is None for item in group.parts):
        lines = list(_filled([_value(item) for item in group.parts], under))
        return [lead, *lines] if part.key is not None else [f"{lead} {lines[0].lstrip(' ')}", *lines[1:]]
    return [f"{lead} {inside}"] if _lacks_a_value(group) else []


def _filled(items: list[str], column: int) -> Iterator[str]:
    line = " " * column + "["
    empty = True
    for number, item in enumerate(items):
        piece = f"{item}{']' if number == len(items) - 1 else ','}"
        if empty or len(line) + 1 + len(piece) <= WIDTH:
            line += piece if empty else f" {piece}"
            empty = False
        else:
            yield line
            line = f"{' ' * (column + 1)}{piece}"
    yield line


def _bracketed(group: Group) -> str:
    shown = ", ".join(map(_value, group.parts))
    return f"{{{shown}}}" if group.is_mapping else f"[{shown}]"


def _value(part: Part) -> str:
    """The part inside brackets; a key of which nothing is said stands alone."""
    value = _bracketed(part.group) if part.group is not None else _inline(part.value)
    if part.key is None:
        return value
    key = in_line(part.key, flow=True, key=True)
    return f"{key}: {value}" if value else key


def _inline(value: object) -> str:
    assert isinstance(value, Scalar)
    return in_line(value, flow=True)


def _lacks_a_value(group: Group) -> bool:
    """Whether a comma cut a text in it, which would not be seen any more without the brackets."""
    return any(
        _lacks_a_value(part.group) if part.group is not None else not _inline(part.value)
        for part in group.parts
    )


def _beside(lines: list[str], part: Part, at: int) -> list[str]:
    """The lines with the part's comment at the end of one of them, as far off as its author put it."""
    if part.beside is not None:
        lines[at] += f"{' ' * max(2, part.beside.gap)}{part.beside.text}"
    return lines
