"""What a sandbox that certifies by fields says of what was submitted: the order, its goods and its lines."""

from collections.abc import Mapping

from engine.declaration import Json

# What a certificate for other goods says of the first one.
OTHER_HS = "000000"


def certified(content: Mapping[str, Json]) -> dict[str, Json]:
    """The fields that its certificates tell, in the sandbox's own words."""
    order, declaration = _record(content.get("order")), _record(content.get("declaration"))
    period = _record(declaration.get("blanket_period"))
    told: dict[str, Json] = {
        "order_number": order.get("order_id"),
        "valid_from": period.get("first_day"),
        "valid_until": period.get("last_day"),
        "goods": [
            {"number": name, "tariff": _record(good).get("hs"), "origin": _record(good).get("criterion")}
            for name, good in _record(declaration.get("goods")).items()
        ],
        "positions": [
            {"number": name, "quantity": _record(line).get("quantity"), "unit": _record(line).get("unit")}
            for name, line in _record(order.get("lines")).items()
        ],
    }
    return {name: value for name, value in told.items() if value is not None}


def otherwise(told: Mapping[str, Json]) -> dict[str, Json]:
    """The same for another good than the first."""
    goods = told.get("goods")
    first, *rest = goods if isinstance(goods, list) and goods else [{}]
    return {**told, "goods": [{**_record(first), "tariff": OTHER_HS}, *rest]}


def _record(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
