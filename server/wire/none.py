"""Fields that the caller states do not exist: the paths of a `none` mask become facts that are none."""

from functools import cache
from typing import Any, Final

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from server.wire.reading import Place, Reading, quoted

_MOST_PATHS: Final = 100


def read_none(
    mask: Any, kind: Descriptor, message: Message, facts: dict[str, object], at: Place, reading: Reading
) -> None:
    """Puts None where the mask says so; a path that leads nowhere, or to a field that is set, is a fault."""
    paths = mask.paths
    here: Place = (at, "none")
    if len(paths) > _MOST_PATHS:
        reading.elements += len(paths)
        reading.fault(here, "none.paths", f"it has {len(paths)} paths; at most {_MOST_PATHS} are allowed")
        return
    # Shorter paths first: what does not exist has no parts that could.
    for index, path in sorted(enumerate(paths), key=lambda entry: len(entry[1])):
        place = ((here, "paths"), index)
        if path not in _paths_of(kind):
            reading.fault(place, "none.path", f"{quoted(path)} is no field of {kind.name} that can be none")
        elif _is_set(message, path):
            reading.fault(place, "none.set", f"{quoted(path)} is set and cannot be none too; leave one out")
        else:
            _put_none(facts, path)


def _put_none(facts: dict[str, object], path: str) -> None:
    *above, last = path.split(".")
    for name in above:
        below = facts.setdefault(name, {})
        if not isinstance(below, dict):
            return
        facts = below
    facts[last] = None


def _is_set(message: Message, path: str) -> bool:
    """Whether the message says something there. An enum's 0 says "not given" and so says nothing."""
    *above, last = path.split(".")
    for name in above:
        if not message.HasField(name):
            return False
        message = getattr(message, name)
    if not message.HasField(last):
        return False
    return message.DESCRIPTOR.fields_by_name[last].enum_type is None or getattr(message, last) != 0


@cache
def _paths_of(kind: Descriptor) -> frozenset[str]:
    """The paths of all fields with presence, through our own messages; never into a list or a value."""
    paths: set[str] = set()
    for field in kind.fields:
        if field.name == "none" or not field.has_presence:
            continue
        paths.add(field.name)
        below = field.message_type
        if below is not None and below.file.package == kind.file.package:
            paths.update(f"{field.name}.{path}" for path in _paths_of(below))
    return frozenset(paths)
