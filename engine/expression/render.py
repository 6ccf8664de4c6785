"""Values as people read them."""

from datetime import date
from decimal import Decimal

from engine.expression.conversions import bool_to_text, decimal_to_text, double_to_text, money_to_text
from engine.expression.times import write_duration, write_timestamp
from engine.expression.values import Duration, Map, Money, OneOf, Timestamp, Unknown


def render(value: object) -> str:
    """The value in words: dates as ISO 8601, amounts with their currency, unknown as `not given`."""
    match value:
        case Unknown():
            return "not given" if value.paths or not value.errors else "not computable"
        case OneOf():
            return " or ".join(sorted(value.values))
        case None:
            return "none"
        case bool():
            return bool_to_text(value)
        case str():
            return value
        case float():
            return double_to_text(value)
        case Decimal():
            return decimal_to_text(value)
        case Money():
            return money_to_text(value)
        case date():
            return value.isoformat()
        case Timestamp():
            return write_timestamp(value)
        case Duration():
            return write_duration(value)
        case tuple():
            return ", ".join(map(render, value)) or "none"
        case Map():
            return ", ".join(f"{render(key)}: {render(item)}" for key, item in value.items()) or "none"
        case dict():
            return ", ".join(f"{key}: {render(item)}" for key, item in value.items()) or "none"
    return str(value)
