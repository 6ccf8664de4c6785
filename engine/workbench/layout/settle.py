"""The order of keys, blank lines between rules, and comments that have to stand above their list's item."""

from __future__ import annotations

from dataclasses import replace

from engine.rulebook.text.nodes import Scalar
from engine.workbench.layout.parts import Group, Part
from engine.workbench.schema.model import ANYTHING, Form, Items, Keys, Named, of_kind
from engine.workbench.schema.question import RULE


def settle(group: Group, form: Form) -> None:
    """Puts the parts of the group, and those inside, in the order of the form."""
    form = of_kind(form, (Keys, Named) if group.is_mapping else (Items,), group.keys)
    for part in group.parts:
        if part.group is not None:
            settle(part.group, below(form, part))
    if isinstance(form, Keys):
        _sort(group, form)
    for part in group.parts:
        if part.key is None:
            _hoist(part)
    if isinstance(form, Items) and form.of is RULE:
        _set_rules_apart(group)


def below(form: Form, part: Part) -> Form:
    """The form of what follows a key, or of an item."""
    return below_key(form, part.key.text if part.key is not None else "")


def below_key(form: Form, key: str) -> Form:
    """The form of what follows a key, or of an item, whose key is empty."""
    if isinstance(form, Keys):
        return form.form_of(key)
    return form.of if isinstance(form, Items | Named) else ANYTHING


def _sort(group: Group, form: Keys) -> None:
    """By the form's order; keys that it does not know keep theirs, at the end, facts of a row before its changes.

    Where a comma cut a text in brackets, its pieces stay together.
    """
    if group.flow and any(
        isinstance(part.value, Scalar) and not part.value.end - part.value.start for part in group.parts
    ):
        return
    order = {key.name: float(place) for place, key in enumerate(form.keys)}
    facts = order["with"] - 0.5 if form.facts else float(len(order))
    group.parts.sort(key=lambda part: order.get(part.key.text, facts) if part.key else 0)


def _hoist(part: Part) -> None:
    """The comments of what now stands first on an item's line go above the item."""
    if part.group is None or not part.group.parts:
        return
    first = part.group.parts[0]
    first.apart = False
    if first.above:
        if not part.above:
            first.above[0] = replace(first.above[0], after_blank=part.apart)
            part.apart = False
        part.above += first.above
        first.above = []


def _set_rules_apart(group: Group) -> None:
    """Rules are set apart by blank lines, all or none of them."""
    later = group.parts[1:]
    if any(_is_apart(part) for part in later):
        for part in later:
            if part.above:
                part.above[0] = replace(part.above[0], after_blank=True)
            else:
                part.apart = True


def _is_apart(part: Part) -> bool:
    return part.above[0].after_blank if part.above else part.apart
