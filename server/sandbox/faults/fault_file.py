"""A file of faults that are set from the start, and everything that is wrong with it, by place."""

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from engine.rulebook.problems import Problems, instead, show
from engine.rulebook.text.files import Span, TextFile
from engine.rulebook.text.nodes import Mapping, Node, Scalar, Sequence, plain
from engine.rulebook.text.yaml_text import read_yaml
from server.sandbox.faults.fault import OPERATIONS, Code, Fault, FaultKind, place_of, text_of
from server.sandbox.faults.seconds import Distribution, Lognormal

_KEYS: Final = {
    "": ("faults",),
    "fault": tuple(Fault.model_fields),
    "seconds": tuple(Distribution.model_fields),
    "lognormal": tuple(Lognormal.model_fields),
    "code": tuple(Code.model_fields),
}
_WORDS: Final = {"fault": tuple(FaultKind), "operation": OPERATIONS}
# What to write where a value is of the wrong kind or out of bounds.
_MENDS: Final = {
    "faults": "write one fault a line, as `- {fault: drop_reply, rate: 0.02}`",
    "times": "write how often it happens, as 3, or `null` until it is cleared",
    "rate": "write a share above 0 and at most 1, as 0.02",
    "seed": "write a whole number, as 7",
    "seconds": "write a number, as 0.5, or a distribution, as `{uniform: [0.05, 0.4]}`",
    "polls": "write how many look-ups are answered `pending`, as 3",
    "codes": "write a list, as `[{code: HS_UNKNOWN, line_id: '1', text: No such heading.}]`",
    "uniform": "write two numbers, as `[0.05, 0.4]`",
    "lognormal": "write `{median: 0.1, sigma: 0.5}`",
    "percentiles": "write seconds by percentile, as `{50: 0.1, 95: 0.4, 99: 2}`",
    "median": "write seconds above 0, as 0.1",
    "sigma": "write a number from 0 to 10, as 0.5",
    "most": "write seconds, as 30",
}
_KINDS: Final = {
    "missing": "have more items",
    "too_long": "have fewer items",
    "tuple_type": "be a list",
    "int_parsing": "be a whole number",
    "int_type": "be a whole number",
    "float_parsing": "be a number",
    "float_type": "be a number",
    "string_type": "be a text",
}


class FaultFileInvalid(Exception):
    """A file of faults cannot be used; the text shows every problem with its place and how to mend it."""


class _FaultFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    faults: tuple[Fault, ...]


def load_faults(path: Path) -> tuple[Fault, ...]:
    """Reads a file of faults (YAML: `faults`, a list of what `POST /faults` takes).

    Raises FaultFileInvalid with every problem that it has.
    """
    try:
        file = TextFile(str(path), path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        because = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise FaultFileInvalid(f"{path}: cannot be read ({because}). Give an existing file.") from error
    problems = Problems()
    root = read_yaml(file, problems)
    faults: tuple[Fault, ...] = ()
    if root is not None:
        try:
            faults = _FaultFile.model_validate(plain(root)).faults
        except ValidationError as error:
            for fault in error.errors():
                _note(fault, root, problems)
    if problems.fatal:
        raise FaultFileInvalid("\n".join(show(problem, file.text) for problem in problems.sorted()))
    return faults


def _note(error: ErrorDetails, root: Node, problems: Problems) -> None:
    """Notes what a model says is wrong, where it stands, in the words of people who write such files."""
    place = place_of(error)
    names = [part for part in reversed(place) if isinstance(part, str)]
    key = names[0] if names else "faults"
    mend = next((_MENDS[name] for name in names if name in _MENDS), _MENDS["faults"])
    span = _span(root, place, of_key=error["type"] == "extra_forbidden" or "[key]" in error["loc"])
    match error["type"]:
        case "missing" if isinstance(place[-1], str):
            problems.add(span, "missing-key", f"`{key}` is missing", f"add `{key}: ...`")
        case "extra_forbidden":
            known = _KEYS[_owner(place[:-1])]
            problems.add(span, "unknown-key", f"there is no `{key}` here", instead(key, known, "it can have"))
        case "enum" | "literal_error":
            said = str(error["input"])
            mend = instead(said, _WORDS[key], "write one of")
            problems.add(span, "unknown-word", f"`{key}` cannot be `{said}`", mend)
        case "model_type" | "dict_type":
            problems.add(span, "wrong-kind", "a mapping is expected here", mend)
        case "contradiction":
            problems.add(span, "contradiction", text_of(error), error["ctx"]["mend"])
        case kind:
            said = _KINDS.get(kind) or text_of(error).removeprefix("Input should ")
            problems.add(span, "bad-value", f"`{key}` should {said}", mend)


def _owner(place: tuple[int | str, ...]) -> str:
    """Of which kind of mapping a place is."""
    names = [part for part in place if isinstance(part, str)]
    last = names[-1] if names else ""
    return {"faults": "fault", "codes": "code"}.get(last, last)


def _span(root: Node, place: tuple[int | str, ...], *, of_key: bool) -> Span:
    """Where a value stands, or its key; the last one above it that is there, where it is not."""
    node, span = root, _first(root)
    for part in place:
        if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            span = _first(node)
        elif isinstance(node, Mapping) and (pair := _pair(node, part)):
            key, node = pair
            is_asked = of_key and part == place[-1]
            empty = isinstance(node, Scalar) and not node.text
            span = key.span if is_asked or empty else _first(node)
        else:
            break
    return span


def _pair(node: Mapping, name: int | str) -> tuple[Scalar, Node] | None:
    return next((pair for pair in node.entries if pair[0].text == name), None)


def _first(node: Node) -> Span:
    """What is shown of a node: a mapping's first key, else the whole."""
    if isinstance(node, Mapping) and node.entries:
        return node.entries[0][0].span
    return node.span
