"""Certificates: status, ids, what a proof claims, and how certified content differs from the present one."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NewType

from engine.declaration import KEYED, Content, Json

ECertId = NewType("ECertId", str)

LONGEST_ID: Final = 200


class CertificateStatus(StrEnum):
    """What a platform says of a certificate."""

    ACTIVE = "ACTIVE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    REPLACED = "REPLACED"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a proof claims, once it holds. `digest` is the declaration's, `reference` is ours; empty where it has none."""

    issuer: str
    e_cert_id: ECertId
    reference: str
    digest: str
    issued_at: datetime
    expires_at: datetime | None
    sandbox: bool


class ClaimsError(Exception):
    """A proof's payload lacks a claim or has one of a wrong kind; the text names it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where what was certified and what is asked about differ.

    `item` is the id of the order line or good, empty for what belongs to neither. "not given" and "none"
    stand for themselves in `was` and `is_`.
    """

    path: str
    item: str
    field: str
    was: str
    is_: str

    def __str__(self) -> str:
        noun = {"order.lines": "line", "declaration.goods": "good"}.get(self.path.partition("[")[0])
        place = f"{noun} {self.item}, {self.field}" if noun and self.item else self.path
        return f"{place}: was {self.was}, is {self.is_}"


def normalise_e_cert_id(text: str) -> ECertId:
    """The id as it is compared: NFKC, without white space and invisible characters at either end.

    Nothing inside is changed: two ids that differ there are two ids.
    """
    normal = unicodedata.normalize("NFKC", text)
    visible = [place for place, letter in enumerate(normal) if not _is_invisible(letter)]
    return ECertId(normal[visible[0] : visible[-1] + 1] if visible else "")


def _is_invisible(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf")


def read_claims(payload: Mapping[str, object], *, by_digest: bool = True) -> Claims:
    """The claims of a proof's payload. Raises ClaimsError, naming the first that cannot be read.

    A proof that does not bind by our digest may have neither that nor our reference: they are empty then.
    """
    expires = None if payload.get("exp") is None else _instant(payload, "exp")
    sandbox = payload.get("sandbox", False)
    if not isinstance(sandbox, bool):
        raise ClaimsError("the claim `sandbox` is neither true nor false")
    return Claims(
        issuer=_words(payload, "iss"),
        e_cert_id=normalise_e_cert_id(_words(payload, "e_cert_id")),
        reference=_words(payload, "reference", wanted=by_digest),
        digest=_words(payload, "declaration_digest", wanted=by_digest),
        issued_at=_instant(payload, "iat"),
        expires_at=expires,
        sandbox=sandbox,
    )


def _words(payload: Mapping[str, object], name: str, *, wanted: bool = True) -> str:
    text = payload.get(name)
    if text is None and not wanted:
        return ""
    if not isinstance(text, str) or not text or len(text) > LONGEST_ID:
        raise ClaimsError(f"the claim `{name}` is not a text of 1 to {LONGEST_ID} characters")
    return text


def _instant(payload: Mapping[str, object], name: str) -> datetime:
    seconds = payload.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise ClaimsError(f"the claim `{name}` is not a number of seconds since 1970")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ClaimsError(f"the claim `{name}` is not a time") from error


def differences(was: Content, is_: Content) -> tuple[Difference, ...]:
    """Where two certified contents differ, sorted by place; empty if and only if they are the same.

    A line or good that only one side has is one difference, in its id.
    """
    if _written(was) == _written(is_):
        return ()
    before, after = dict(_leaves((), dict(was))), dict(_leaves((), dict(is_)))
    inner = {place[:length] for place in (*before, *after) for length in range(len(place))}
    one_sided = {place[:-1] for place in before.keys() ^ after.keys() if _names_item(place)}
    places = [
        place
        for place in sorted(before.keys() | after.keys(), key=_reading_order)
        if _at(before, place) != _at(after, place)
        # `none` on one side is said at each of the places that the other side fills.
        and place not in inner
        and (_names_item(place) or not _item_of(place) or place[:3] not in one_sided)
    ]
    return tuple(_difference(place, _at(before, place), _at(after, place)) for place in places)


def _written(content: Content) -> str:
    """The same text for the same content: most are compared with themselves, and need no look at each place."""
    return json.dumps(dict(content), sort_keys=True)


# A place is the path's parts; an id or a position is a part in brackets.
_Place = tuple[str, ...]
# A leaf keeps its type, because True == 1 in Python, and in a certificate it is not.
_Leaf = tuple[str, Json]
_NOT_GIVEN: Final[_Leaf] = ("not given", None)
_NONE: Final[_Leaf] = ("NoneType", None)
# That a record or list is none is another content than one whose only part is none.
_NONE_ABOVE: Final[_Leaf] = ("none above", None)


def _leaves(place: _Place, value: Json) -> Iterator[tuple[_Place, _Leaf]]:
    keyed = KEYED.get(".".join(place))
    if isinstance(value, dict) and value and value.keys() != {"amount", "currency"}:
        for name, inner in value.items():
            if keyed is None:
                yield from _leaves((*place, name), inner)
            else:
                yield (*place, f"[{name}]", keyed), ("str", name)
                yield from _leaves((*place, f"[{name}]"), inner) if inner else ()
    elif isinstance(value, list) and not all(isinstance(item, str) for item in value):
        for position, inner in enumerate(value):
            yield from _leaves((*place, f"[{position}]"), inner)
    else:
        yield place, (type(value).__name__, value)


def _at(leaves: Mapping[_Place, _Leaf], place: _Place) -> _Leaf:
    if place in leaves:
        return leaves[place]
    above = (place[:length] for length in range(len(place)))
    return _NONE_ABOVE if any(leaves.get(outer) == _NONE for outer in above) else _NOT_GIVEN


def _names_item(place: _Place) -> bool:
    return len(place) == 4 and place[3] == KEYED.get(".".join(place[:2]))


def _item_of(place: _Place) -> str:
    return place[2][1:-1] if len(place) > 2 and ".".join(place[:2]) in KEYED else ""


def _difference(place: _Place, was: _Leaf, is_: _Leaf) -> Difference:
    item = _item_of(place)
    return Difference(
        path=_path(place),
        item=item,
        field=_path(place[3:] if item else place[1:] or place),
        was=_shown(was),
        is_=_shown(is_),
    )


def _path(place: _Place) -> str:
    return "".join(part if part.startswith("[") else f".{part}" for part in place).removeprefix(".")


def _shown(leaf: _Leaf) -> str:
    if leaf == _NOT_GIVEN:
        return "not given"
    match leaf[1]:
        case None:
            return "none"
        case bool() as flag:
            return "true" if flag else "false"
        case {"amount": amount, "currency": currency}:
            return f"{_with_cents(str(amount))} {currency}"
        case list() as words:
            return ", ".join(str(word) for word in words) or "empty"
        case dict():
            return "empty"
        case other:
            return str(other)


def _with_cents(amount: str) -> str:
    whole, _, part = amount.partition(".")
    return f"{whole}.{part:0<2}"


def _reading_order(place: _Place) -> tuple[tuple[str | int, ...], ...]:
    """Line 2 before line 10."""
    return tuple(
        tuple(int(run) if index % 2 else run for index, run in enumerate(re.split(r"([0-9]{1,18})", part)))
        for part in place
    )
