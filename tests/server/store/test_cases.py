"""Cases: one for an order, moved on by events that are all told in the log."""

import json

import pytest

from engine.case import CaseState, Event
from server.store import Store, Transaction, cases, events, log
from server.store.errors import CaseChanged, TransitionRefused

from .samples import TENANT, case_name, certified, declare, declared, place, placed, verifying


async def test_create(store: Store) -> None:
    """A case that was opened is found by its name and by its order."""
    opened = await placed(store)
    assert CaseState.ORDERED == opened.state
    assert opened == await store.read(lambda connection: cases.find(connection, TENANT, case_name()))
    assert opened == await store.read(
        lambda connection: cases.find_by_order(connection, TENANT, "shop", "order-1")
    )


async def test_create_again(store: Store) -> None:
    """An order has one case: opening a second one gives the first as it stands."""
    first = await declared(store)

    def again(tx: Transaction) -> object:
        return cases.create(
            tx,
            tenant=TENANT,
            name=case_name(2),
            site_id="shop",
            order_id="order-1",
            site="{}",
            order="{}",
            event=Event.INQUIRE,
            actor="orders",
            reason="again",
        )

    assert (first, False) == await store.write(again)


async def test_create_under_a_taken_name(store: Store) -> None:
    """A name that another order's case has is refused."""
    await placed(store)

    def under_the_same_name(tx: Transaction) -> object:
        return cases.create(
            tx,
            tenant=TENANT,
            name=case_name(1),
            site_id="shop",
            order_id="order-2",
            site="{}",
            order="{}",
            event=Event.PLACE,
            actor="orders",
            reason="came",
        )

    with pytest.raises(CaseChanged, match="another order's case already"):
        await store.write(under_the_same_name)


async def test_not_found(store: Store) -> None:
    """A case that is not there is None."""
    assert await store.read(lambda connection: cases.find(connection, TENANT, case_name())) is None
    assert await store.read(lambda connection: cases.find_by_order(connection, TENANT, "a", "b")) is None
    assert (
        await store.read(lambda connection: cases.find_declaration(connection, TENANT, case_name(), 1))
        is None
    )


async def test_tenants_are_apart(store: Store) -> None:
    """A tenant neither sees another one's case nor collides with its order or name."""
    ours = await placed(store)
    theirs = await placed(store, tenant="other")
    assert (ours.name, ours.order_id) == (theirs.name, theirs.order_id)
    assert ours == await store.read(lambda connection: cases.find(connection, TENANT, ours.name))
    assert await store.read(lambda connection: cases.find(connection, "third", ours.name)) is None


async def test_declare(store: Store) -> None:
    """A declaration is kept by version, with its order, and the day and rulebook it is pinned to."""
    case = await declared(store)
    kept = await store.read(lambda connection: cases.find_declaration(connection, TENANT, case.name, 1))
    assert (CaseState.DECLARED, 1) == (case.state, case.declaration_version)
    assert kept is not None
    assert ('{"language":"es"}', "2026-07-01") == (kept.declaration, kept.on_day.isoformat())
    assert case.updated_at == kept.declared_at


async def test_declare_again(store: Store) -> None:
    """A second declaration is the next version, and the first one stays as it was."""
    first = await declared(store)
    second = await store.write(lambda tx: declare(tx, first))
    kept = await store.read(lambda connection: cases.find_declaration(connection, TENANT, first.name, 1))
    assert 2 == second.declaration_version
    assert kept is not None
    assert first.updated_at == kept.declared_at


async def test_present_declaration(store: Store) -> None:
    """The present declaration is that of the case's own version; where none was declared there is none."""
    bare = await placed(store)
    assert await store.read(lambda c: cases.find_present_declaration(c, TENANT, bare.name)) is None
    first = await declared(store)
    second = await store.write(lambda tx: declare(tx, first))
    present = await store.read(lambda c: cases.find_present_declaration(c, TENANT, first.name))
    assert present is not None
    assert second.declaration_version == present.version
    assert present == await store.read(lambda c: cases.find_declaration(c, TENANT, first.name, 2))


async def test_transition_is_told(store: Store) -> None:
    """Every transition is told with what happened, from, to, who and why."""
    await declared(store)
    told = (await store.read(lambda connection: events.read(connection, TENANT, [], 0, 10))).events
    assert [
        {
            "event": "PLACE",
            "from": None,
            "to": "ORDERED",
            "version": 1,
            "declaration_version": 0,
            "actor": "orders",
            "reason": "the order came",
        },
        {
            "event": "DECLARE",
            "from": "ORDERED",
            "to": "DECLARED",
            "version": 2,
            "declaration_version": 1,
            "actor": "orders",
            "reason": "the declaration came",
        },
    ] == [json.loads(entry.event) for entry in told]


async def test_changed_meanwhile(store: Store) -> None:
    """Who moves a case that somebody else moved meanwhile writes nothing and is told."""
    case = await placed(store)
    await store.write(lambda tx: declare(tx, case))
    with pytest.raises(CaseChanged, match="changed meanwhile; read it again"):
        await store.write(lambda tx: declare(tx, case))
    told = await store.read(lambda connection: log.about(connection, TENANT, case.name))
    assert 2 == len(told)


async def test_refused(store: Store) -> None:
    """An event that the table refuses leaves the case, and says what could happen."""
    case = await placed(store)
    with pytest.raises(TransitionRefused, match="HAND_OFF cannot happen to a case that is ORDERED; what can"):
        await store.write(lambda tx: cases.transition(tx, case, Event.HAND_OFF, actor="orders", reason="now"))
    assert case == await store.read(lambda connection: cases.find(connection, TENANT, case.name))


async def test_refused_beginning(store: Store) -> None:
    """A case does not begin with an event of its later life."""

    def begin(tx: Transaction) -> object:
        return cases.create(
            tx,
            tenant=TENANT,
            name=case_name(),
            site_id="shop",
            order_id="order-1",
            site="{}",
            order="{}",
            event=Event.DECLARE,
            actor="orders",
            reason="came",
        )

    with pytest.raises(TransitionRefused, match="a case that does not exist"):
        await store.write(begin)


async def test_needs_are_read_from_the_records(store: Store) -> None:
    """What an event needs is what the records hold: attempts that are open, certificates."""
    case, _ = await verifying(store)
    with pytest.raises(TransitionRefused, match="CLEAR of a case that is VERIFYING needs that every attempt"):
        await store.write(
            lambda tx: cases.transition(tx, case, Event.CLEAR, actor="server", reason="nothing there")
        )
    with pytest.raises(TransitionRefused, match="needs that every attempt has ended and an active"):
        await store.write(lambda tx: cases.transition(tx, case, Event.ADOPT, actor="server", reason="?"))


async def test_place_again(store: Store) -> None:
    """An order that came again with other facts is what was last accepted."""
    case = await placed(store)
    moved = await store.write(
        lambda tx: cases.transition(
            tx, case, Event.PLACE, actor="orders", reason="changed", order='{"destination":"CA"}'
        )
    )
    assert ('{"destination":"CA"}', case.site) == (moved.order, moved.site)
    assert moved == await store.read(lambda connection: cases.find(connection, TENANT, case.name))


async def test_supersede(store: Store) -> None:
    """Superseding keeps the new version while the old certificate still stands."""
    case, _ = await certified(store)
    superseding = await store.write(lambda tx: declare(tx, case, Event.SUPERSEDE))
    assert (CaseState.SUPERSEDING, 2) == (superseding.state, superseding.declaration_version)


async def test_work_that_fails_leaves_nothing(store: Store) -> None:
    """An exception in the middle of work undoes all of it, the log included."""

    def half(tx: Transaction) -> None:
        place(tx)
        raise LookupError("in the middle")

    with pytest.raises(LookupError, match="in the middle"):
        await store.write(half)
    assert await store.read(lambda connection: cases.find(connection, TENANT, case_name())) is None
    assert 0 == await store.read(log.size)
