"""The types of expressions, and how they relate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Type:
    """A type, by the name that rule authors know it by."""

    name: str

    def __str__(self) -> str:
        return self.name


NULL: Final = Type("null")
BOOL: Final = Type("bool")
INT: Final = Type("int")
DOUBLE: Final = Type("double")
STRING: Final = Type("string")
TIMESTAMP: Final = Type("timestamp")
DURATION: Final = Type("duration")
DATE: Final = Type("date")
DECIMAL: Final = Type("decimal")
MONEY: Final = Type("money")
DYN: Final = Type("any")


@dataclass(frozen=True, slots=True, init=False)
class ListType(Type):
    """A list whose elements have one type."""

    element: Type

    def __init__(self, element: Type) -> None:
        object.__setattr__(self, "name", f"list({element})")
        object.__setattr__(self, "element", element)


@dataclass(frozen=True, slots=True, init=False)
class MapType(Type):
    """A map or a table: keys of one type lead to values of one type."""

    key: Type
    value: Type

    def __init__(self, key: Type, value: Type) -> None:
        object.__setattr__(self, "name", f"map({key}, {value})")
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "value", value)


@dataclass(frozen=True, slots=True, eq=False)
class RecordType(Type):
    """A record; a field that a value lacks is unknown. A record type is equal to itself only."""

    fields: Mapping[str, Type]


@dataclass(frozen=True, slots=True)
class EnumType(Type):
    """A string that is one of the named values."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, init=False)
class OptionalType(Type):
    """A value that can be known to be none."""

    inner: Type

    def __init__(self, inner: Type) -> None:
        object.__setattr__(self, "name", f"{inner}?")
        object.__setattr__(self, "inner", inner)


def strip(type_: Type) -> Type:
    """The type without the possibility of none."""
    return type_.inner if isinstance(type_, OptionalType) else type_


def is_text(type_: Type) -> bool:
    """Whether values are strings."""
    return type_ == STRING or isinstance(type_, EnumType)


def is_dynamic(type_: Type) -> bool:
    """Whether nothing is known of the type before evaluation."""
    return type_ is DYN


def join(left: Type, right: Type) -> Type | None:
    """The type that holds the values of both, or nothing."""
    if left == right:
        return left
    if is_dynamic(left) or is_dynamic(right):
        return right if is_dynamic(left) else left
    if left == NULL or right == NULL:
        other = right if left == NULL else left
        return OptionalType(strip(other))
    if isinstance(left, OptionalType) or isinstance(right, OptionalType):
        inner = join(strip(left), strip(right))
        return inner and OptionalType(inner)
    if is_text(left) and is_text(right):
        return STRING
    if isinstance(left, ListType) and isinstance(right, ListType):
        element = join(left.element, right.element)
        return element and ListType(element)
    if isinstance(left, MapType) and isinstance(right, MapType):
        key, value = join(left.key, right.key), join(left.value, right.value)
        return MapType(key, value) if key and value else None
    return None


def accepts(wanted: Type, given: Type) -> bool:
    """Whether a value of the type `given` may stand where `wanted` is asked for."""
    if wanted == given or is_dynamic(wanted) or is_dynamic(given):
        return True
    if isinstance(wanted, OptionalType):
        return given == NULL or accepts(wanted.inner, strip(given))
    if isinstance(wanted, EnumType):
        return isinstance(given, EnumType) and set(given.values) <= set(wanted.values)
    if wanted == STRING:
        return isinstance(given, EnumType)
    if isinstance(wanted, ListType) and isinstance(given, ListType):
        return accepts(wanted.element, given.element)
    if isinstance(wanted, MapType) and isinstance(given, MapType):
        return accepts(wanted.key, given.key) and accepts(wanted.value, given.value)
    return False
