"""Orders that are refused, counted for registered sites: each once a day, and nothing of what they said."""

import tracemalloc
from datetime import UTC, datetime
from typing import Final

import pytest

from engine.case import CaseState
from server.errors import CaseStateForbids, RequestInvalid, StoreUnavailable, Violation
from server.sites import Sites
from server.store import Store, refused_orders, sites
from server.workflow.refusals import Refusals
from server.workflow.register import Register
from tests.server.store.samples import START, TENANT, placed, site_change

from .house import Clock

TODAY: Final = START.date()
BAD_HS: Final = RequestInvalid(
    [
        Violation("declaration.goods.items[3].hs", "string.pattern", "no code"),
        Violation("request_id", "string.min_len", "too short"),
    ]
)
NO_ANSWER: Final = CaseStateForbids("cases/1", CaseState.VERIFYING, "wait")


@pytest.fixture
async def refusals(store: Store) -> Refusals:
    """Counts for the one registered site."""
    clock = Clock()
    clock.now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    register = Register(store, Sites({}), clock, clock.now - START)
    await store.write(lambda tx: sites.change(tx, None, site_change()))
    await register.read_again()
    return Refusals(store, register, clock)


async def counted(store: Store, refusals: Refusals) -> dict[tuple[str, str], int]:
    """What was written."""
    await refusals.write()
    return await store.read(lambda c: refused_orders.since(c, TENANT, "shop", TODAY))


async def test_form(store: Store, refusals: Refusals) -> None:
    """A fact of a bad form is counted by its path, once for each order, and adds up over writes."""
    for order_id in ("1", "1", "2"):
        refusals.of_order(TENANT, "shop", order_id, BAD_HS)
    assert {("REQUEST_INVALID", "declaration.goods[].hs"): 2} == await counted(store, refusals)
    refusals.of_order(TENANT, "shop", "3", BAD_HS)
    assert {("REQUEST_INVALID", "declaration.goods[].hs"): 3} == await counted(store, refusals)


async def test_amount(store: Store, refusals: Refusals) -> None:
    """An amount is one fact: an order counts once for it, whatever of it has a bad form."""
    places = ("items[0].net_cost.currency_code", "items[1].net_cost.nanos", "items[2].net_cost")
    bad = RequestInvalid([Violation(f"declaration.goods.{each}", "money", "no") for each in places])
    refusals.of_order(TENANT, "shop", "1", bad)
    assert {("REQUEST_INVALID", "declaration.goods[].net_cost"): 1} == await counted(store, refusals)


async def test_long_ids(refusals: Refusals) -> None:
    """However long the ids of refused orders are, little is remembered of each."""
    tracemalloc.start()
    for number in range(20):
        refusals.of_order(TENANT, "shop", f"{number:0100000}", BAD_HS)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 20 * 5_000 > kept


async def test_not_registered(store: Store, refusals: Refusals) -> None:
    """Nobody fills the table with names that are made up."""
    refusals.of_order(TENANT, "nobody", "1", BAD_HS)
    refusals.of_order("other", "shop", "1", BAD_HS)
    assert {} == await counted(store, refusals)


async def test_case(store: Store, refusals: Refusals) -> None:
    """What is refused about a case counts for its site; a hand-off counts where nobody has answered yet."""
    case = await placed(store)
    await refusals.of_case(TENANT, case.name, NO_ANSWER)
    await refusals.of_case(TENANT, case.name, NO_ANSWER)
    await refusals.of_case(TENANT, "cases/nowhere", NO_ANSWER)
    await refusals.of_case(TENANT, case.name, CaseStateForbids(case.name, CaseState.REVOKED, "too late"))
    await refusals.of_case(TENANT, case.name, StoreUnavailable())
    assert {("CASE_STATE", "HandOff"): 1} == await counted(store, refusals)


async def test_before_a_day(store: Store, refusals: Refusals) -> None:
    """Days before the one that is asked for do not count."""
    refusals.of_order(TENANT, "shop", "1", BAD_HS)
    await refusals.write()
    later = TODAY.replace(day=TODAY.day + 1)
    assert {} == await store.read(lambda c: refused_orders.since(c, TENANT, "shop", later))
