"""What a certificate certifies: declaration and order in one canonical form, and the digests of that form.

The content holds every element of the declaration and the lines of the order. For a single shipment, and
where the coverage is not known, it also names tenant, site and order, so that a certificate fits one order
only. Two contents are the same if and only if their digests are.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Final, TypeAlias

from engine.canonical_json import canonical_json
from engine.expression import Money

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Content: TypeAlias = Mapping[str, Json]

SCHEMA: Final = "origin-gate/certified-content/1"

# Lists of records that are looked up by an id of their own: their order says nothing, so they are kept by id.
KEYED: Final[Mapping[str, str]] = {"declaration.goods": "good_id", "order.lines": "line_id"}
# Lists of words whose order says nothing.
UNORDERED: Final = frozenset({"line_ids", "operations", "operations_in_parties"})

_DEEPEST: Final = 16
_MOST_DIGITS: Final = 100
_LARGEST_INT: Final = 2**53 - 1


class UncertifiableError(Exception):
    """The facts have no canonical form; the text says which fact and why."""

    def __init__(self, path: str, because: str) -> None:
        super().__init__(f"{path}: {because}" if path else because)
        self.path = path
        self.because = because


def certified_content(
    tenant: str, site_id: str | None, order: Mapping[str, object], declaration: Mapping[str, object]
) -> Content:
    """What a certificate for this declaration certifies.

    Amounts are decimal strings without trailing zeros, days ISO 8601, goods and lines keyed by their ids.
    What is not given is left out, what is known to be none is null. Raises UncertifiableError for a fact of
    any other kind.
    """
    content: dict[str, Json] = {"schema": SCHEMA, "declaration": _record(declaration, "declaration", 0)}
    sold = {name: order[name] for name in ("lines",) if name in order}
    if declaration.get("coverage") != "BLANKET":
        sold |= {name: order[name] for name in ("order_id",) if name in order}
        content["tenant"] = _text(tenant, "tenant")
        content["site"] = {} if site_id is None else {"site_id": _text(site_id, "site.site_id")}
    content["order"] = _record(sold, "order", 0)
    return content


def digest(content: Content) -> str:
    """`sha256:` and 64 hex digits, over the RFC 8785 form. Raises UncertifiableError if there is none."""
    try:
        return f"sha256:{sha256(canonical_json(content)).hexdigest()}"
    except (ValueError, RecursionError) as error:
        raise UncertifiableError("", "the content has no canonical form") from error


def line_digests(content: Content) -> Mapping[str, str]:
    """A digest for each order line, by line id, over the id and all that the order says of the line."""
    order = content.get("order")
    lines = order.get("lines") if isinstance(order, dict) else None
    if not isinstance(lines, dict):
        return {}
    return {
        line_id: digest({"schema": SCHEMA, "line_id": line_id, "line": line})
        for line_id, line in lines.items()
    }


def _record(facts: Mapping[str, object], path: str, depth: int) -> dict[str, Json]:
    return {_text(name, path): _value(value, f"{path}.{name}", depth + 1) for name, value in facts.items()}


def _value(value: object, path: str, depth: int) -> Json:
    if depth > _DEEPEST:
        raise UncertifiableError(path, f"is nested more than {_DEEPEST} deep")
    match value:
        case None | bool():
            return value
        case str():
            return _text(value, path)
        case int() if abs(value) <= _LARGEST_INT:
            return value
        case Decimal():
            return _amount(value, path)
        case Money():
            return {"amount": _amount(value.amount, path), "currency": _text(value.currency, path)}
        case date():
            return value.isoformat()
        case Mapping():
            return _record(value, path, depth)
        case list() | tuple() if path in KEYED:
            return _keyed(value, path, depth)
        case list() | tuple():
            return _list(value, path, depth)
        case _:
            raise UncertifiableError(path, "is of a kind that cannot be certified exactly")


def _keyed(items: list[object] | tuple[object, ...], path: str, depth: int) -> Json:
    key = KEYED[path]
    keyed: dict[str, Json] = {}
    for position, item in enumerate(items):
        place = f"{path}[{position}]"
        identity = item.get(key) if isinstance(item, Mapping) else None
        if not isinstance(item, Mapping) or not isinstance(identity, str) or not identity:
            raise UncertifiableError(place, f"has no {key}; each needs one of its own")
        if identity in keyed:
            raise UncertifiableError(
                place, f"has the {key} of another, {identity!r}; each needs one of its own"
            )
        rest = {name: value for name, value in item.items() if name != key}
        keyed[_text(identity, place)] = _record(rest, f"{path}[{identity}]", depth + 1)
    return keyed


def _list(items: list[object] | tuple[object, ...], path: str, depth: int) -> Json:
    listed = [_value(item, f"{path}[{position}]", depth + 1) for position, item in enumerate(items)]
    if path.rpartition(".")[2] in UNORDERED:
        listed.sort(key=str)
    return listed


def _text(text: str, path: str) -> str:
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise UncertifiableError(path, "holds half a character (a lone surrogate)")
    return text


def _amount(amount: Decimal, path: str) -> str:
    if (
        not amount.is_finite()
        or len(amount.as_tuple().digits) > _MOST_DIGITS
        or abs(amount.adjusted()) > _MOST_DIGITS
    ):
        raise UncertifiableError(path, f"is not a number of at most {_MOST_DIGITS} digits")
    plain = format(amount, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("", "-0") else plain
