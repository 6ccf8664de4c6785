"""Where a platform says the declared fields that are compared: expressions over a proof's payload, or a status's body."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.binding import GOODS, LINES, Said
from engine.certificate import LONGEST_ID, ClaimsError
from engine.declaration import Json
from server.platforms.expression import Expression

_Fields = tuple[tuple[str, Expression], ...]
_MOST_ITEMS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Each:
    """Goods or lines: the list of them, and of each its id and its fields, by the names of ours."""

    each: Expression
    id: Expression
    fields: _Fields


@dataclass(frozen=True, slots=True)
class Compares:
    """All fields that are compared; `fields` are those of no good and no line."""

    fields: _Fields = ()
    goods: Each | None = None
    lines: Each | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all fields, as the engine has them, sorted."""
        return tuple(sorted(self._names()))

    def _names(self) -> Iterator[str]:
        yield from (name for name, _ in self.fields)
        for above, items in ((GOODS, self.goods), (LINES, self.lines)):
            yield from (f"{above}{name}" for name, _ in (items.fields if items else ()))

    def said(self, body: Json) -> Said:
        """What the body says of the fields. Raises ClaimsError where goods or lines cannot be told apart."""
        content: dict[str, Json] = {}
        for name, found in self.fields:
            _put(content, name, found.find(body))
        for above, items in ((GOODS, self.goods), (LINES, self.lines)):
            if items is not None:
                _put(content, above.removesuffix("[]."), _items(items, body, above.removesuffix("[].")))
        return Said(self.names, content)


def _items(items: Each, body: Json, what: str) -> dict[str, Json]:
    listed = items.each.find(body)
    if not isinstance(listed, list) or len(listed) > _MOST_ITEMS:
        raise ClaimsError(f"it lists no `{what}`")
    found: dict[str, Json] = {}
    for item in listed:
        name = items.id.find(item)
        name = str(name) if isinstance(name, int) and not isinstance(name, bool) else name
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID:
            raise ClaimsError(f"one of its `{what}` has no id")
        if name in found:
            raise ClaimsError(f"two of its `{what}` have the id {name!r}")
        one: dict[str, Json] = {}
        for field, expression in items.fields:
            _put(one, field, expression.find(item))
        found[name] = one
    return found


def _put(record: dict[str, Json], path: str, value: Json) -> None:
    *above, last = path.split(".")
    for name in above:
        inner = record.setdefault(name, {})
        assert isinstance(inner, dict), "no field's name begins with another field's"
        record = inner
    record[last] = value
