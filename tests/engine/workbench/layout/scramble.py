"""The same rule file written in another layout: other indentation, order of keys, quotes, brackets, and with comments."""

import json
import re
from dataclasses import dataclass, field
from random import Random

from engine.rulebook.text.nodes import Mapping, Node, Scalar, Sequence
from engine.workbench.schema.model import ANYTHING, Form, Items, Keys, Named, of_kind

_SIMPLE = re.compile(r"[A-Za-z](?:[A-Za-z0-9_ .()-]*[A-Za-z0-9_.)])?")


@dataclass
class Scrambler:
    """Writes a tree anew; `remarks` are the comments, each with where it belongs and a word of its neighbour."""

    random: Random
    often: float
    remarks: list[tuple[str, str, str]] = field(default_factory=list)

    def file(self, root: Node, form: Form) -> str:
        """The whole file."""
        return "\n".join(self.block(root, form, 0)) + "\n"

    def chance(self, share: float = 1.0) -> bool:
        """Whether something is done this time."""
        return self.random.random() < self.often * share

    def remark(self, where: str, neighbour: str) -> str:
        """A new comment."""
        text = f"# remark {len(self.remarks)}"
        self.remarks.append((text, where, neighbour))
        return text

    def block(self, node: Node, form: Form, column: int, first_may: bool = True) -> list[str]:
        """The parts of a mapping or list, each on lines of its own."""
        assert isinstance(node, Mapping | Sequence)
        form = of_kind(form, (Keys, Named) if isinstance(node, Mapping) else (Items,))
        if isinstance(node, Mapping):
            parts: list[tuple[Scalar | None, Node]] = list(node.entries)
            if isinstance(form, Keys) and all(
                key.text in {k.name for k in form.keys} for key, _ in node.entries
            ):
                self.random.shuffle(parts)
        else:
            parts = [(None, item) for item in node.items]
        lines: list[str] = []
        pad = " " * column
        for key, value in parts:
            name = key.text if key is not None else word(value)
            if first_may or lines:
                lines += [""] * self.random.choice([0, 0, 1, 3])
                if name and self.chance(0.5):
                    lines += [
                        pad + self.remark("above" if column or any(lines) else "head", name),
                        *[""] * self.random.choice([0, 0, 1]),
                    ]
            lines += self.part(key, value, below(form, key), column, name)
        return lines

    def part(self, key: Scalar | None, value: Node, form: Form, column: int, name: str) -> list[str]:
        """One entry or item."""
        pad = " " * column
        head = f"{pad}{self.text(key, flow=True)}:" if key is not None else f"{pad}-"
        gap = " " * self.random.choice([1, 1, 1, 3])
        if isinstance(value, Scalar):
            if not value.style and not value.text:
                return [head]
            return self.scalar(head + gap, value, column, name)
        empty = not (value.entries if isinstance(value, Mapping) else value.items)
        if empty or self.chance(0.4):
            return self.brackets(head + gap, value, column, name)
        if key is not None:
            beside = f"  {self.remark('beside', name)}" if self.chance(0.3) else ""
            return [head + beside, *self.block(value, form, column + self.random.randint(1, 5))]
        inner = self.block(value, form, column + 1 + len(gap), first_may=False)
        return [f"{head}{gap}{inner[0].lstrip(' ')}", *inner[1:]]

    def scalar(self, head: str, value: Scalar, column: int, name: str) -> list[str]:
        """A text with its key."""
        text = value.text
        beside = f" {self.remark('beside', name)}" if name and self.chance(0.3) else ""
        body = text.rstrip("\n")
        lines = body.split("\n")
        fits = text.isprintable() or "\n" in text
        if not value.is_null and fits and body == body.strip() and body and len(text) - len(body) < 2:
            chomp = "" if text != body else "-"
            inside = " " * (column + self.random.randint(1, 4))
            if value.style == "|" or self.chance(0.2):
                return [f"{head}|{chomp}{beside}", *(inside + line if line else "" for line in lines)]
            if len(lines) == 1 and "  " not in body and self.chance(0.3):
                folded = re.sub(r"(?<=\S) (?=\S)", lambda _: self.random.choice([" ", "\n" + inside]), body)
                return [f"{head}>{chomp}{beside}", *(inside + folded).split("\n")]
        return [f"{head}{self.text(value, flow=False)}{beside}"]

    def brackets(self, head: str, value: Node, column: int, name: str) -> list[str]:
        """A mapping or list in brackets, on one line or several."""
        if self.chance(0.2):
            return self.broken(head, value, column)
        beside = f" {self.remark('beside', name)}" if name and self.chance(0.3) else ""
        return [f"{head}{self.flow(value)}{beside}"]

    def broken(self, head: str, value: Node, column: int) -> list[str]:
        """A mapping or list in brackets over several lines, with comments inside."""
        inside = " " * (column + self.random.randint(1, 4))
        assert isinstance(value, Mapping | Sequence)
        mapping = isinstance(value, Mapping)
        parts = value.entries if isinstance(value, Mapping) else tuple((None, item) for item in value.items)
        lines = [head + ("{" if mapping else "[")]
        for key, below_it in parts:
            name = key.text if key is not None else word(below_it)
            lines += [inside + self.remark("above", name)] if name and self.chance(0.3) else []
            shown = f"{self.text(key, flow=True)}: " if key is not None else ""
            beside = f" {self.remark('beside', name)}" if name and self.chance(0.3) else ""
            lines.append(f"{inside}{shown}{self.flow(below_it)},{beside}")
        return [*lines, inside + ("}" if mapping else "]")]

    def flow(self, node: Node) -> str:
        """The node on one line."""
        if isinstance(node, Scalar):
            return self.text(node, flow=True)
        if isinstance(node, Sequence):
            return f"[{', '.join(map(self.flow, node.items))}]"
        shown = (f"{self.text(key, flow=True)}: {self.flow(value)}" for key, value in node.entries)
        return f"{{{', '.join(shown)}}}"

    def text(self, scalar: Scalar, *, flow: bool) -> str:
        """The text on one line, in some style that says it."""
        text = scalar.text
        if scalar.is_null:
            return text
        styles = [json.dumps(text, ensure_ascii=False)]
        if text.isprintable():
            styles.append("'" + text.replace("'", "''") + "'")
        if _SIMPLE.fullmatch(text) and text != "null":
            styles += [text] * 3
        if not scalar.style and not flow and text == text.strip() and "\n" not in text:
            styles += [text] * 3
        return self.random.choice(styles)


def below(form: Form, key: Scalar | None) -> Form:
    """The form of what follows."""
    if isinstance(form, Keys) and key is not None:
        return form.form_of(key.text)
    return form.of if isinstance(form, Items | Named) else ANYTHING


def word(node: Node) -> str:
    """A word by which an item is known again; nothing where it has none."""
    if isinstance(node, Scalar):
        found = re.findall(r"[A-Za-z0-9_]{3,}", node.text)
        return found[0] if found else ""
    if isinstance(node, Mapping) and node.entries:
        return node.entries[0][0].text
    return ""
