"""Voids: planned once, taken in hand by one at a time, kept until they are confirmed."""

from datetime import timedelta

from engine.void import VoidState
from server.store import Store, Transaction, voids, work_list
from server.store.listing import Place
from server.store.records import CertificateRecord, VoidRecord

from .samples import TENANT, certified, placed

HELD = timedelta(seconds=30)


def planned(tx: Transaction, certificate: CertificateRecord) -> VoidRecord:
    return voids.plan(
        tx,
        tenant=certificate.tenant,
        platform=certificate.platform,
        e_cert_id=certificate.e_cert_id,
        case_name=certificate.case_name,
        reason="not wanted any more",
    )


async def void_of(store: Store) -> VoidRecord:
    """A void that is planned, of a case that is certified."""
    _, certificate = await certified(store)
    return await store.write(lambda tx: planned(tx, certificate))


async def test_plan(store: Store) -> None:
    """A void is planned once: the second time the first one is found."""
    _, certificate = await certified(store)
    first = await store.write(lambda tx: planned(tx, certificate))
    second = await store.write(lambda tx: planned(tx, certificate))
    assert (VoidState.PLANNED, first) == (first.state, second)
    assert [first] == await store.read(lambda c: voids.open_of_case(c, TENANT, certificate.case_name))


async def test_take_due(store: Store) -> None:
    """Who takes a void in hand has it alone for a while."""
    void = await void_of(store)
    [taken] = await store.write(lambda tx: voids.take_due(tx, HELD, 10))
    assert (void.e_cert_id, 1) == (taken.e_cert_id, taken.fence)
    assert [] == await store.write(lambda tx: voids.take_due(tx, HELD, 10))


async def test_record(store: Store) -> None:
    """A try is counted; one that stays planned is due again, one that is confirmed never."""
    await void_of(store)
    [taken] = await store.write(lambda tx: voids.take_due(tx, HELD, 10))
    due_at_once = timedelta(0)
    assert await store.write(lambda tx: voids.record(tx, taken, VoidState.PLANNED, "lost", due_at_once))
    [again] = await store.write(lambda tx: voids.take_due(tx, HELD, 10))
    assert (1, "lost", 2) == (again.tries, again.because, again.fence)
    assert await store.write(lambda tx: voids.record(tx, again, VoidState.CONFIRMED, "confirmed"))
    assert [] == await store.read(lambda c: voids.open_of_case(c, TENANT, again.case_name))
    assert [] == await store.write(lambda tx: voids.take_due(tx, HELD, 10))


async def test_late_word(store: Store) -> None:
    """Who lost a void to another writes nothing."""
    await void_of(store)
    [first] = await store.write(lambda tx: voids.take_due(tx, timedelta(0), 10))
    [second] = await store.write(lambda tx: voids.take_due(tx, HELD, 10))
    assert not await store.write(lambda tx: voids.record(tx, first, VoidState.CONFIRMED, "confirmed"))
    assert await store.write(lambda tx: voids.record(tx, second, VoidState.STUCK, "not known"))


async def test_confirmed_for_good(store: Store) -> None:
    """What is confirmed stays so, whatever comes of a try that was under way."""
    await void_of(store)
    [taken] = await store.write(lambda tx: voids.take_due(tx, HELD, 10))
    assert await store.write(lambda tx: voids.record(tx, taken, VoidState.CONFIRMED, "by an operator"))
    assert not await store.write(lambda tx: voids.record(tx, taken, VoidState.STUCK, "not known"))
    await store.write(lambda tx: voids.retry(tx, taken))
    assert [] == await store.read(lambda c: voids.open_of_case(c, TENANT, taken.case_name))


async def test_retry(store: Store) -> None:
    """A void that is stuck is tried from the beginning."""
    await void_of(store)
    [taken] = await store.write(lambda tx: voids.take_due(tx, HELD, 10))
    await store.write(lambda tx: voids.record(tx, taken, VoidState.STUCK, "not known"))
    assert [] == await store.write(lambda tx: voids.take_due(tx, HELD, 10))
    await store.write(lambda tx: voids.retry(tx, taken))
    [again] = await store.write(lambda tx: voids.take_due(tx, HELD, 10))
    assert (VoidState.PLANNED, 0) == (again.state, again.tries)


async def test_work_list(store: Store) -> None:
    """A case of which a void is stuck waits for a person, whatever its state; others do not."""
    await placed(store, 2)
    void = await void_of(store)
    assert [] == await store.read(lambda c: work_list.page(c, TENANT, None, 10))
    [taken] = await store.write(lambda tx: voids.take_due(tx, HELD, 10))
    await store.write(lambda tx: voids.record(tx, taken, VoidState.STUCK, "not known"))
    [case] = await store.read(lambda c: work_list.page(c, TENANT, None, 10))
    assert void.case_name == case.name
    after = Place(case.updated_at, case.name)
    assert [] == await store.read(lambda c: work_list.page(c, TENANT, after, 10))
    assert [] == await store.read(lambda c: work_list.page(c, "another", None, 10))
