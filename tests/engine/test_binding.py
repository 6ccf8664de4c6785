"""Fields of what a platform certified, held against what was declared."""

import string
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.binding import FIELDS, OF_GOODS, OF_ORDER, OF_PERIOD, Said, compared, lacking, projected, unbound

CONTENT: dict[str, Any] = {
    "order": {
        "order_id": "AN-1001",
        "lines": {
            "1": {"hs": "721320", "quantity": "8", "value": {"amount": "8000", "currency": "USD"}},
            "2": {"hs": "721391", "quantity": "4", "value": {"amount": "4000", "currency": "USD"}},
        },
    },
    "declaration": {
        "goods": {"1": {"hs": "721320", "criterion": "A"}, "2": {"hs": "721391", "criterion": "A"}},
        "blanket_period": None,
    },
}
ALL = tuple(FIELDS)


def differing(said: dict[str, Any], fields: tuple[str, ...] = ALL) -> list[str]:
    """The differences between what a certificate says and the content, in words."""
    return [str(difference) for difference in compared(Said(fields, said), CONTENT)]


def changed(path: str, value: Any) -> dict[str, Any]:
    """The content with another value at a path; None takes it away."""
    content = deepcopy(CONTENT)
    *above, last = path.split(".")
    record = content
    for name in above:
        record = record[name]
    if value is None:
        del record[last]
    else:
        record[last] = value
    return content


def test_same() -> None:
    """What says the same does not differ."""
    assert [] == differing(CONTENT)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("order.order_id", "AN-1002", "order.order_id: was AN-1002, is AN-1001"),
        ("declaration.goods.2.hs", "721399", "good 2, hs: was 721399, is 721391"),
        ("declaration.goods.1.criterion", "B", "good 1, criterion: was B, is A"),
        ("order.lines.2.quantity", "40", "line 2, quantity: was 40, is 4"),
        ("order.lines.1.value.amount", "8000.01", "line 1, value: was 8000.01 USD, is 8000.00 USD"),
        ("order.lines.1.quantity", None, "line 1, quantity: was not given, is 8"),
        ("declaration.goods.2", None, "good 2, good_id: was not given, is 2"),
        ("declaration.goods.3", {"hs": "1"}, "good 3, good_id: was 3, is not given"),
    ],
)
def test_differences(path: str, value: Any, expected: str) -> None:
    """A difference is named by line or good and field."""
    assert [expected] == differing(changed(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("declaration.goods.1.hs", "7213.20"),
        ("order.lines.1.quantity", 8),
        ("order.lines.1.quantity", 8.0),
        ("order.lines.1.value.amount", "8000.00"),
        ("order.order_id", " AN-1001 "),
    ],
)
def test_written_otherwise(path: str, value: Any) -> None:
    """Dots in HS codes, zeros of numbers, and white space around texts are no difference."""
    assert [] == differing(changed(path, value))


@pytest.mark.parametrize("value", ["an-1001", "AN-1001.0", "AN 1001"])
def test_ids_are_exact(value: str) -> None:
    """An id that is another one is another one."""
    assert [f"order.order_id: was {value}, is AN-1001"] == differing(changed("order.order_id", value))


def test_only_what_is_compared() -> None:
    """A field that is not compared may be anything."""
    assert [] == differing(changed("order.lines.2.quantity", "40"), (*OF_ORDER, *OF_GOODS))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ((*OF_ORDER, *OF_GOODS), ()),
        ((*OF_PERIOD, *OF_GOODS), ()),
        (OF_GOODS, OF_ORDER),
        (OF_ORDER, OF_GOODS),
        ((*OF_PERIOD[:1], *OF_GOODS), OF_ORDER),
    ],
)
def test_least(fields: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """The goods with their origin, and an order or a whole period, have to be compared."""
    assert expected == lacking(fields)


def test_unbound_period() -> None:
    """Fields that bind to an order do not bind a blanket declaration, which has none."""
    blanket = {"order": {"lines": {}}, "declaration": CONTENT["declaration"]}
    assert OF_PERIOD == unbound((*OF_ORDER, *OF_GOODS), blanket)


def test_unbound_without_goods() -> None:
    """Agreement over nothing binds nothing: goods without a criterion are not bound by it."""
    content = changed("declaration.goods.2.criterion", None)
    assert ("declaration.goods[].criterion",) == unbound((*OF_ORDER, *OF_GOODS), content)
    assert OF_GOODS == unbound((*OF_ORDER, *OF_GOODS), changed("declaration.goods", {}))


def test_fields_are_in_the_dictionary() -> None:
    """Every field that can be compared is a fact or a field of one."""
    dictionary = Path("rules/usmca/facts.yaml").read_text("utf-8")
    for name in FIELDS:
        first = name.partition("[]")[0] if "[]" in name else ".".join(name.split(".")[:2])
        assert f"  {first}:" in dictionary
        last = name.rpartition(".")[2]
        assert last in ("amount", "currency") or f"{last}:" in dictionary


TEXTS = st.text(string.ascii_letters + string.digits + ".", min_size=1, max_size=6)
CONTENTS = st.fixed_dictionaries(
    {
        "order": st.fixed_dictionaries({}, optional={"order_id": TEXTS}),
        "declaration": st.fixed_dictionaries(
            {
                "goods": st.dictionaries(
                    st.sampled_from("12"),
                    st.fixed_dictionaries({}, optional={"hs": TEXTS, "criterion": TEXTS}),
                )
            }
        ),
    }
)


@given(CONTENTS, CONTENTS)
def test_no_difference_is_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Nothing differs if and only if both say the same of every field."""
    fields = (*OF_ORDER, *OF_GOODS)
    same = projected(one, fields) == projected(other, fields)
    assert same == (compared(Said(fields, one), other) == ())
