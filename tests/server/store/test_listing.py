"""Lists of cases: what a page holds, that pages lose and repeat nothing, and that no page reads what it does not show."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from engine.case import CaseState, Event
from server.store import Store, cases
from server.store.listing import CaseQuery, CaseSummary, Place, page

from .filling import fill_cases
from .plans import explained
from .samples import MASTER, TENANT, case_name, declared, place, placed

ALL = CaseQuery(TENANT)
UNIQUE = "uq_cases_tenant_site_id_order_id"


def numbers(found: list[CaseSummary]) -> list[int]:
    """The cases by the number that they were made with."""
    return [int(case.name.removeprefix("cases/"), 16) for case in found]


async def listed(store: Store, query: CaseQuery, after: Place | None = None, limit: int = 100) -> list[int]:
    """A page, by number."""
    return numbers(await store.read(lambda c: page(c, query, after, limit)))


async def pages(store: Store, query: CaseQuery, size: int) -> list[int]:
    """All pages, one after the other."""
    found: list[int] = []
    after: Place | None = None
    while some := await store.read(lambda c, after=after: page(c, query, after, size)):
        found += numbers(some)
        after = behind(query, some[-1])
    return found


def behind(query: CaseQuery, last: CaseSummary) -> Place:
    """Where the page after this case begins."""
    return Place(last.updated_at if query.by_update else last.created_at, last.name)


@pytest.fixture
async def seven(store: Store) -> Store:
    """Seven cases, of which 5 to 7 are declared; then 2 is placed again, and one of another tenant comes."""
    for number in range(1, 5):
        await placed(store, number)
    for number in range(5, 8):
        await declared(store, number)
    await store.write(
        lambda tx: cases.transition(
            tx, cases.find(tx.connection, TENANT, case_name(2)), Event.PLACE, actor="orders", reason="again"
        )
    )
    await placed(store, 8, tenant="other")
    return store


async def test_summary(store: Store) -> None:
    """A list tells of each case where it stands, of what it is, its versions and its times."""
    case = await declared(store)
    expected = CaseSummary(
        case.name, CaseState.DECLARED, "shop", "order-1", 2, 1, case.created_at, case.updated_at
    )
    assert [expected] == await store.read(lambda c: page(c, ALL, None, 10))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (CaseQuery(TENANT), [7, 6, 5, 4, 3, 2, 1]),
        (CaseQuery(TENANT, descending=False), [1, 2, 3, 4, 5, 6, 7]),
        (CaseQuery(TENANT, by_update=True), [2, 7, 6, 5, 4, 3, 1]),
        (CaseQuery(TENANT, by_update=True, descending=False), [1, 3, 4, 5, 6, 7, 2]),
        (CaseQuery(TENANT, (CaseState.DECLARED,)), [7, 6, 5]),
        (CaseQuery(TENANT, (CaseState.ORDERED, CaseState.DECLARED), by_update=True), [2, 7, 6, 5, 4, 3, 1]),
        (CaseQuery(TENANT, (CaseState.MANUAL,)), []),
        (CaseQuery(TENANT, site_id="shop"), [7, 6, 5, 4, 3, 2, 1]),
        (CaseQuery(TENANT, (CaseState.ORDERED,), site_id="shop", descending=False), [1, 2, 3, 4]),
        (CaseQuery(TENANT, site_id="shoe"), []),
        (CaseQuery(TENANT, order_id="order-3"), [3]),
        (CaseQuery(TENANT, order_id="order-3", site_id="shop"), [3]),
        (CaseQuery(TENANT, (CaseState.DECLARED,), order_id="order-3"), []),
        (CaseQuery("other"), [8]),
        (CaseQuery("nobody"), []),
    ],
    ids=str,
)
async def test_filter_and_order(seven: Store, query: CaseQuery, expected: list[int]) -> None:
    """A list holds what the filter leaves of the tenant's cases, in the order that is asked for."""
    assert expected == await listed(seven, query)


async def test_bounds(seven: Store) -> None:
    """A case changed at the first moment is listed, one changed at the last is not, in every order and behind any place."""
    there = await seven.read(lambda c: page(c, CaseQuery(TENANT, by_update=True, descending=False), None, 9))
    third, sixth = there[2], there[5]
    for states in ((), tuple(CaseState)):
        up = CaseQuery(
            TENANT, states, updated_since=third.updated_at, updated_before=sixth.updated_at, by_update=True,
            descending=False,
        )  # fmt: skip
        down = CaseQuery(
            TENANT, states, updated_since=third.updated_at, updated_before=sixth.updated_at, by_update=True
        )
        assert [4, 5, 6] == await pages(seven, up, 1)
        assert [6, 5, 4] == await pages(seven, down, 2)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
@pytest.mark.parametrize(
    "query",
    [
        CaseQuery(TENANT),
        CaseQuery(TENANT, descending=False),
        CaseQuery(TENANT, by_update=True),
        CaseQuery(TENANT, site_id="shop", by_update=True, descending=False),
        CaseQuery(TENANT, (CaseState.ORDERED, CaseState.DECLARED)),
    ],
    ids=str,
)
async def test_pages(seven: Store, query: CaseQuery, size: int) -> None:
    """Pages of any size make up the list."""
    assert await listed(seven, query) == await pages(seven, query, size)


async def test_cases_of_one_moment(store: Store) -> None:
    """Cases of the same moment come by name, and a page may end between them."""
    await store.write(lambda tx: [place(tx, number) for number in (3, 1, 5, 2, 4)])
    assert [1, 2, 3, 4, 5] == await pages(store, CaseQuery(TENANT, descending=False), 2)
    assert [5, 4, 3, 2, 1] == await pages(store, CaseQuery(TENANT, site_id="shop"), 2)


@pytest.mark.parametrize("descending", [False, True])
async def test_cases_that_come_meanwhile(store: Store, descending: bool) -> None:
    """Cases that come while pages are read change nothing about those that were there: each is listed once."""
    there = list(range(100, 120))
    for number in there:
        await placed(store, number)
    query, found, after, fresh = CaseQuery(TENANT, descending=descending), [], None, iter(range(1, 100))
    while some := await store.read(lambda c, after=after: page(c, query, after, 3)):
        found += numbers(some)
        after = behind(query, some[-1])
        if len(found) < 60:
            await placed(store, next(fresh))
            await placed(store, 500 + next(fresh))
    old = [number for number in found if number in there]
    assert (there[::-1] if descending else there) == old
    assert len(found) == len(set(found))


MOMENT = datetime.fromisoformat("2026-01-01T00:30:00+00:00")
QUERIES = [
    CaseQuery(TENANT, states, site_id, order_id, since, before, by_update, descending)
    for states in ((), (CaseState.MANUAL,), (CaseState.CERTIFIED, CaseState.VERIFYING))
    for site_id in (None, "site-3")
    for order_id in (None, "order-17")
    for by_update in (False, True)
    for since, before in ((None, None), *([(MOMENT, MOMENT + timedelta(hours=1))] if by_update else []))
    for descending in (False, True)
]


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A connection to a database with 20,000 cases."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("filled") / "store.db"
        file.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        address = f"sqlite:///{file}"
    else:
        server = request.getfixturevalue("postgresql")
        address = server.create_database("filled")
        store = Store.open(address, lambda: MOMENT, MASTER)
        store.upgrade()
        store.close()
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        fill_cases(connection, 20_000)
    with engine.connect() as connection:
        yield connection
    if request.param == "postgresql":
        server.drop_database("filled")


def indexes_for(query: CaseQuery) -> set[str]:
    """Those whose first columns are what the query fixes; the next one is what it is sorted by, but for an order's id."""
    if query.order_id is not None:
        return {"ix_cases_order", UNIQUE} if query.site_id else {"ix_cases_order"}
    which = "site" if query.site_id else "state"
    return {f"ix_cases_{which}_{'updated' if query.by_update else 'created'}"}


@pytest.mark.parametrize("after", [None, Place(MOMENT + timedelta(minutes=20), case_name(3000))])
def test_plans(filled: Connection, after: Place | None) -> None:
    """Whatever is filtered and sorted, a page is read from the index made for it, and no table from its beginning."""
    for query in QUERIES:
        with explained(filled) as plans:
            page(filled, query, after, 51)
        plan = plans.queries[0]
        used = {name for line in plan for name in re.findall(r"\b(?:ix|uq)_cases\w+", line)} or unnamed(plan)
        assert ([], True, True) == (plans.scans, bool(used), used <= indexes_for(query)), plan


def unnamed(plan: list[str]) -> set[str]:
    """The index that SQLite made by itself for a unique constraint, told by its columns."""
    return {UNIQUE} if "site_id=? AND order_id=?" in plan[0] else set()
