"""Puts together what is sent: an operation's address, headers and body, for what it is about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from engine.declaration import KEYED, Content, Json
from server.platforms.expression import ExpressionFailed
from server.platforms.manifest import IN_PATHS, Manifest, Operation, OperationName
from server.platforms.skeleton import Skeleton, filled, roots
from server.platforms.transport import NO_HEADERS

LARGEST: Final = 16 * 1024 * 1024
_LISTS: Final = {"lines": ("order", "lines"), "goods": ("declaration", "goods")}


class Unsendable(Exception):
    """There is no such request; the text says why. Nothing was sent."""


class Unaddressable(Unsendable):
    """What it is about cannot be put into an address."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, but for who sends it."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None


class Requests:
    """Makes the requests of one manifest. What does not change is looked at once."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._lists = {
            name: [wanted for wanted in _LISTS if wanted in _named(operation)]
            for name, operation in manifest.operations.items()
        }

    def make(self, name: OperationName, about: dict[str, Json]) -> Request:
        """The request to do something about what is named. Raises Unsendable."""
        operation = self._manifest.operations.get(name)
        if operation is None:
            raise Unsendable(
                f"the manifest of {self._manifest.name} does not say how to ask for {name.value}"
            )
        named = {key: value for key in IN_PATHS if isinstance(value := about.get(key), str)}
        url = self._manifest.address(name, **named)
        if url is None:
            raise Unaddressable("such an id cannot be put into an address")
        for wanted in self._lists[name]:
            about[wanted] = _listed(about.get("content"), wanted)
        try:
            if operation.query is not None:
                url += f"?{urlencode(_flat(operation.query, about, 'query'))}"
            headers = _flat(operation.headers, about, "headers") if operation.headers else NO_HEADERS
            body = None if operation.body is None else json.dumps(filled(operation.body, about)).encode()
        except ExpressionFailed as error:
            raise Unsendable(
                f"an expression of the manifest does not fit the declaration: {error}"
            ) from error
        if body is not None and len(body) > LARGEST:
            raise Unsendable(f"the request would be larger than {LARGEST} bytes")
        return Request(operation.method, url, headers, body)


def _flat(skeleton: Skeleton, about: Mapping[str, Json], what: str) -> dict[str, str]:
    values = filled(skeleton, about)
    assert isinstance(values, dict)
    flat = {}
    for name, value in values.items():
        if isinstance(value, bool):
            flat[name] = "true" if value else "false"
        elif isinstance(value, int):
            flat[name] = str(value)
        elif isinstance(value, str) and value.isprintable():
            flat[name] = value
        else:
            raise Unsendable(f"the value of `{name}` in `{what}` is no text on one line")
    return flat


def _listed(content: Json, name: str) -> Json:
    """The records that the content keeps by their ids, as a list, each with its id."""
    above, inner = _LISTS[name]
    record = content.get(above) if isinstance(content, dict) else None
    keyed = record.get(inner) if isinstance(record, dict) else None
    if not isinstance(keyed, dict):
        return None
    key = KEYED[f"{above}.{inner}"]
    return [{key: identity, **(one if isinstance(one, dict) else {})} for identity, one in keyed.items()]


def content_of(content: Content) -> Json:
    """The content as expressions take it."""
    return content if isinstance(content, dict) else dict(content)


def _named(operation: Operation) -> frozenset[str]:
    """The names that the operation's requests take values of."""
    parts = (operation.headers, operation.query, operation.body)
    return frozenset[str]().union(*(roots(part) for part in parts if part is not None))
