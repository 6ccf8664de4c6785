"""Fields of what a platform certified, held against what was declared: the binding of certificates without our digest.

A field is named by its place in the certified content; `[]` stands for each good or line, found by its id.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final, cast

from engine.certificate import Difference, differences
from engine.declaration import Content, Json

GOODS: Final = "declaration.goods[]."
LINES: Final = "order.lines[]."

_DOTS: Final = re.compile(r"[.\s]")


@dataclass(frozen=True, slots=True)
class Said:
    """What a certificate says of the fields that are compared, in the shape of the certified content.

    `fields` are all that are compared, also those of which it says nothing.
    """

    fields: tuple[str, ...]
    content: Content


def _text(value: Json) -> Json:
    """Texts are compared in NFKC, without white space at either end."""
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value


def _number(value: Json) -> Json:
    """Numbers are compared by what they amount to, however many zeros they are written with."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return _text(value)
    return format(number.normalize(), "f") if number.is_finite() else _text(value)


def _hs(value: Json) -> Json:
    """HS codes are compared without the dots that some write between their digits."""
    return _DOTS.sub("", value) if isinstance(value, str) else value


_Compared = Callable[[Json], Json]

# All fields that can be compared, and how.
FIELDS: Final[Mapping[str, _Compared]] = MappingProxyType(
    {
        "order.order_id": _text,
        f"{LINES}description": _text,
        f"{LINES}hs": _hs,
        f"{LINES}quantity": _number,
        f"{LINES}unit": _text,
        f"{LINES}value.amount": _number,
        f"{LINES}value.currency": _text,
        "declaration.certifier_role": _text,
        "declaration.certifier.name": _text,
        "declaration.certified_on": _text,
        "declaration.coverage": _text,
        "declaration.invoice_number": _text,
        "declaration.blanket_period.first_day": _text,
        "declaration.blanket_period.last_day": _text,
        f"{GOODS}description": _text,
        f"{GOODS}hs": _hs,
        f"{GOODS}criterion": _text,
        f"{GOODS}produced_in": _text,
    }
)

# What has to be compared: which goods with which origin, and for which order or period. Less binds nothing.
OF_GOODS: Final = (f"{GOODS}hs", f"{GOODS}criterion")
OF_ORDER: Final = ("order.order_id",)
OF_PERIOD: Final = ("declaration.blanket_period.first_day", "declaration.blanket_period.last_day")


def lacking(fields: Iterable[str]) -> tuple[str, ...]:
    """The fields that have to be compared besides these: which goods, as what origin, and for which order or period."""
    named = frozenset(fields)
    whole = OF_PERIOD if named.issuperset(OF_PERIOD) else OF_ORDER
    return tuple(field for field in (*whole, *OF_GOODS) if field not in named)


def unbound(fields: Iterable[str], content: Content) -> tuple[str, ...]:
    """What of the least that binds a certificate to this content is not compared, or is not declared at all.

    A blanket declaration is bound to its period, any other one to its order.
    """
    named = frozenset(fields)
    whole = OF_ORDER if "order_id" in _record(content, "order") else OF_PERIOD
    return tuple(
        field for field in (*whole, *OF_GOODS) if field not in named or not _declares(content, field)
    )


def compared(said: Said, content: Content) -> tuple[Difference, ...]:
    """Where a certificate says of the compared fields otherwise than the content, sorted by place.

    A good or line that only one of them has is a difference; so is a field that only one of them says.
    """
    return differences(projected(said.content, said.fields), projected(content, said.fields))


def projected(content: Content, fields: Iterable[str]) -> Content:
    """Only these fields of a content, each as it is compared."""
    found: dict[str, Json] = {}
    for field in sorted(fields):
        above, each, inner = field.partition("[].")
        items = _at(content, above) if each else None
        if not each:
            _put(found, field, FIELDS[field](_at(content, field)))
        elif isinstance(items, dict):
            kept = _record(found, *above.split("."))
            for name, item in items.items():
                one = kept.setdefault(name, {})
                assert isinstance(one, dict)
                _put(one, inner, FIELDS[field](_at(item, inner)))
            _put(found, above, kept)
    return found


def _declares(content: Content, field: str) -> bool:
    """Whether the content says it: of each good or line, if it is one of theirs."""
    above, each, inner = field.partition("[].")
    if not each:
        return _at(content, field) is not None
    items = _record(content, *above.split("."))
    return bool(items) and all(_at(item, inner) is not None for item in items.values())


def _at(value: object, path: str) -> Json:
    """What stands at a path; None where nothing does, or is known to be none."""
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    found: Json = dict(value) if isinstance(value, Mapping) else cast("Json", value)
    return found


def _record(content: object, *path: str) -> dict[str, Json]:
    found = _at(content, ".".join(path))
    return found if isinstance(found, dict) else {}


def _put(found: dict[str, Json], path: str, value: Json) -> None:
    """Puts a value at a path; what is not said is left out, as what is none: either side may not tell the two apart."""
    if value is None:
        return
    *above, last = path.split(".")
    for name in above:
        inner = found.setdefault(name, {})
        assert isinstance(inner, dict)
        found = inner
    found[last] = value
