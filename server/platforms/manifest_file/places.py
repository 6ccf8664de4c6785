"""What pydantic finds wrong, as problems at the place in the file."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from engine.expression.faults import nearest
from engine.rulebook.problems import Problems, instead
from engine.rulebook.text.files import Span
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar, Sequence, kind_of

Loc = tuple[int | str, ...]

_KINDS: Final = {
    "model_type": ("a mapping", "write its keys, each on a line of its own"),
    "dict_type": ("a mapping", "write one `name: ...` a line"),
    "tuple_type": ("a list", "write `[...]`, or one item a line with `- ` before it"),
    "string_type": ("text", "write a text; put it in quotes where it begins with `[` or `{`"),
}
_BOUNDS: Final = frozenset(
    {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number"}
)
_SIZES: Final = frozenset({"too_short", "too_long", "string_too_short", "string_too_long"})


def note(error: ValidationError, model: type[BaseModel], root: Node, what: str, problems: Problems) -> None:
    """Notes everything that the error tells. `what` is what the whole file is."""
    lacks: dict[Loc, list[str]] = {}
    near: set[tuple[Loc, str]] = set()
    for found in error.errors():
        loc: Loc = found["loc"]
        kind = found["type"]
        if kind == "missing":
            lacks.setdefault(loc[:-1], []).append(str(loc[-1]))
        elif kind == "extra_forbidden":
            meant = _unknown_key(loc, model, root, what, problems)
            near.update({(loc[:-1], meant)} if meant else ())
        else:
            _wrong_value(found, model, root, what, problems)
    for loc, names in lacks.items():
        left = [name for name in names if (loc, name) not in near]
        if left:
            row, keys = (", ".join(f"`{name}{end}`" for name in left) for end in ("", ":"))
            problems.add(
                _first(node_at(root, loc)), "missing-key", f"{_called(loc, what)} lacks {row}", f"add {keys}"
            )


def _unknown_key(loc: Loc, model: type[BaseModel], root: Node, what: str, problems: Problems) -> str | None:
    name, part = str(loc[-1]), _model_at(model, loc[:-1])
    parent = node_at(root, loc[:-1])
    given = {key.text for key, _ in parent.entries} if isinstance(parent, MappingNode) else set()
    free = sorted(set(part.model_fields if part else ()) - given)
    meant = nearest(name, free)
    mend = (
        f"write `{meant}`"
        if meant
        else f"it can have {', '.join(f'`{one}`' for one in free)}"
        if free
        else "delete it"
    )
    problems.add(key_span(root, loc), "unknown-key", f"{_called(loc[:-1], what)} has no `{name}`", mend)
    return meant


def _wrong_value(found: Any, model: type[BaseModel], root: Node, what: str, problems: Problems) -> None:
    loc: Loc = found["loc"]
    is_key = bool(loc) and loc[-1] == "[key]"
    node, kind, context = node_at(root, loc), found["type"], found.get("ctx", {})
    span = key_span(root, loc[:-1]) if is_key else _shown(node, root, loc)
    name = next((f"`{part}`" for part in reversed(loc) if isinstance(part, str) and part != "[key]"), what)
    given = node.text if isinstance(node, Scalar) else ""
    if isinstance(node, Scalar) and node.is_noted:
        return
    if kind == "too_short" and isinstance(node, Sequence) and node.items:
        return  # what is wrong with its items is told for each
    if isinstance(node, Scalar) and not node.text.strip() and not is_key:
        problems.add(
            key_span(root, loc), "empty-value", f"nothing follows {name}", "write it, or delete the key"
        )
    elif "said" in context:
        problems.add(_inside(node, span, context), kind, context["said"], context["mend"])
    elif kind in _KINDS:
        wanted, mend = _KINDS[kind]
        part = _model_at(model, loc)
        mend = "write `{}`" if part is not None and not part.model_fields else mend
        problems.add(span, "wrong-kind", f"{name} is {wanted}; this is {kind_of(node)}", mend)
    elif kind in ("enum", "literal_error") and isinstance(node, Scalar):
        choices = _choices(model, loc)
        mend = instead(given, choices, "write one of")
        problems.add(span, "unknown-word", f"{name} cannot be `{given}`", mend)
    elif kind in _BOUNDS or kind.startswith(("int_", "float_")):
        bound = f": {found['msg'][0].lower()}{found['msg'][1:]}" if kind in _BOUNDS else ""
        problems.add(
            span, "bad-number", f"{name} cannot be `{given}`{bound}", "write a number within the bounds"
        )
    elif kind in _SIZES:
        problems.add(span, "bad-length", f"{name} is too {kind.rpartition('_')[2]}", "see docs/platforms.md")
    else:
        problems.add(span, "wrong-kind", f"{name} cannot be {kind_of(node)}", "see docs/platforms.md")


def _inside(node: Node, span: Span, context: Mapping[str, Any]) -> Span:
    at, length = context.get("at", -1), context.get("length", 0)
    if at < 0 or not isinstance(node, Scalar):
        return span
    return node.part(at, at + max(1, length))


def node_at(root: Node, loc: Iterable[int | str]) -> Node:
    """The node at a place; the innermost that there is on the way to it."""
    node = root
    for step in loc:
        inner = _step(node, step)
        if inner is None:
            return node
        node = inner
    return node


def _step(node: Node, step: int | str) -> Node | None:
    if isinstance(node, MappingNode):
        return next((value for key, value in node.entries if key.text == str(step)), None)
    if isinstance(node, Sequence) and isinstance(step, int):
        return node.items[step] if step < len(node.items) else None
    return None


def key_span(root: Node, loc: Loc) -> Span:
    """Where the key of a place stands; an item of a list has its own place."""
    parent = node_at(root, loc[:-1])
    if isinstance(parent, MappingNode) and loc:
        for key, _ in parent.entries:
            if key.text == str(loc[-1]):
                return key.span
    return _first(node_at(root, loc))


def _shown(node: Node, root: Node, loc: Loc) -> Span:
    return node.span if isinstance(node, Scalar) and node.text else key_span(root, loc)


def _first(node: Node) -> Span:
    if isinstance(node, MappingNode) and node.entries:
        return node.entries[0][0].span
    return node.span


def _called(loc: Loc, what: str) -> str:
    words = [str(part) for part in loc if not isinstance(part, int)]
    return f"`{'.'.join(words)}`" if words else what


def _model_at(model: type[BaseModel], loc: Iterable[int | str]) -> type[BaseModel] | None:
    found: Any = model
    for step in loc:
        if isinstance(found, type) and issubclass(found, BaseModel) and step in found.model_fields:
            found = _bare(found.model_fields[str(step)].annotation)
        elif get_origin(found) in (tuple, list):
            found = _bare(get_args(found)[0])
        elif get_origin(found) is dict:
            found = _bare(get_args(found)[1])
        else:
            return None
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _bare(annotation: Any) -> Any:
    """The type without `None`."""
    if get_origin(annotation) in (Union, UnionType):
        return next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _choices(model: type[BaseModel], loc: Loc) -> list[str]:
    """The words that can stand at a place."""
    inner = [step for step in loc if not isinstance(step, int)]
    part = _model_at(model, loc[: _last_name(loc)])
    field = part.model_fields.get(str(inner[-1])) if part else None
    if field is None:  # a key that the author chose
        field = (_model_at(model, loc[:-2]) or model).model_fields.get(str(loc[-2])) if len(loc) > 1 else None
    return list(_words(field.annotation)) if field else []


def _last_name(loc: Loc) -> int:
    return max(number for number, step in enumerate(loc) if not isinstance(step, int))


def _words(annotation: Any) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(member.value) for member in annotation)
    elif get_origin(annotation) is Literal:
        yield from (str(word) for word in get_args(annotation))
    else:
        for inner in get_args(annotation):
            yield from _words(inner)
