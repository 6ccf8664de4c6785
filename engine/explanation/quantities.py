"""`all` and `exists` in words, where no single element decided."""

from __future__ import annotations

from engine.explanation.looking import Look
from engine.explanation.model import Clause, Compared
from engine.explanation.values import absent, count
from engine.expression import Map, Unknown, to_text
from engine.expression import tree as t


def quantity(look: Look, node: t.Macro, wanted: bool, who: str, within: tuple[str, ...]) -> Clause:
    """How many elements meet the condition, and how many `who` needs to."""
    value, listed = look.value(node), look.value(node.operand)
    text, name, body = to_text(node), to_text(node.operand), f"`{to_text(node.body)}`"
    if isinstance(value, Unknown):
        says = absent(listed, name) if isinstance(listed, Unknown) else absent(value, text)
        need = f"`{text}`" if wanted else f"`{text}` to be false"
        missing, errors = tuple(sorted(value.paths)), tuple(sorted(value.errors))
        return Clause(text, None, f"{says}; {who} needs {need}", (), within, missing, errors)
    total = len(listed) if isinstance(listed, tuple | Map) else 0
    holds = value is wanted
    many = count(total, "element")
    if total == 0:
        says = f"{name} is empty"
    elif node.name == "exists":
        says = f"none of the {many} of {name} meets {body}"
    else:
        says = f"each of the {many} of {name} meets {body}"
    if not holds:
        says += f"; {who} needs {_needed(node.name, body, total)}"
    return Clause(text, holds, says, (Compared(name, many),), within)


def _needed(macro: str, body: str, total: int) -> str:
    if macro == "exists":
        return "one that does" if total else f"an element that meets {body}"
    return "one that does not" if total else f"an element that does not meet {body}"
