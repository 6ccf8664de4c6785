"""The ledgers of blanket certificates: nothing is drawn twice, and what is given back can be drawn again."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from engine.case import CaseState, Event
from engine.certificate import CertificateStatus
from engine.coverage import Balance, Draw
from server.store import CaseRecord, CertificateRecord, Store, Transaction, cases, certificates, ledger, log
from server.store.errors import CaseChanged, TransitionRefused
from server.store.ledger_records import NewGood, NewLedger

from .samples import MASTER, START, TENANT, Clock, certified, declare, declared, place

BARS = NewGood("bars", Decimal(100), "t")
RODS = NewGood("rods", None, None)


def tons(quantity: str, line_id: str = "1") -> Draw:
    return Draw(line_id, "bars", Decimal(quantity), "t")


async def opened(store: Store, *own: Draw) -> CertificateRecord:
    """The certificate of a first case, with its ledger."""
    _, certificate = await certified(store, 1)
    new = NewLedger(date(2026, 1, 1), date(2026, 12, 31), (BARS, RODS), own)
    await store.write(lambda tx: ledger.open_ledger(tx, certificate, new))
    return certificate


async def covered(store: Store, certificate: CertificateRecord, number: int, *draws: Draw) -> CaseRecord:
    """Another case under the certificate, all in one transaction."""

    def work(tx: Transaction) -> CaseRecord:
        case = declare(tx, place(tx, number)[0])
        ledger.draw(tx, certificate, case, draws)
        return cases.transition(tx, case, Event.COVER, actor="orders", reason="covered")

    return await store.write(work)


async def drawn(store: Store, certificate: CertificateRecord, good_id: str = "bars") -> Decimal | None:
    found = await store.read(lambda c: ledger.balances(c, certificate))
    return (found or {})[good_id].drawn


async def test_no_ledger(store: Store) -> None:
    """A certificate has no ledger before one is opened."""
    _, certificate = await certified(store)
    assert await store.read(lambda c: ledger.balances(c, certificate)) is None


async def test_opened_once(store: Store) -> None:
    """A ledger begins with what its own case draws, and is opened once."""
    certificate = await opened(store, tons("10"))
    again = NewLedger(None, None, (BARS,), (tons("90"),))
    await store.write(lambda tx: ledger.open_ledger(tx, certificate, again))
    expected = {"bars": Balance(Decimal(10)), "rods": Balance(Decimal(0))}
    assert expected == await store.read(lambda c: ledger.balances(c, certificate))


async def test_own_draw_unknown(store: Store) -> None:
    """Where the own case does not say how much it draws, what is left is not known, and nothing can be drawn."""
    certificate = await opened(store, Draw("1", "bars", None, None))
    assert await drawn(store, certificate) is None
    with pytest.raises(CaseChanged):
        await covered(store, certificate, 2, tons("1"))


async def test_draw(store: Store) -> None:
    """An order draws by all its lines, and is certified in the same transaction."""
    certificate = await opened(store, tons("10"))
    case = await covered(store, certificate, 2, tons("0.5"), tons("0.25", "2"))
    assert (CaseState.CERTIFIED, Decimal("10.75")) == (case.state, await drawn(store, certificate))


async def test_draw_is_in_the_log(store: Store) -> None:
    """The log says of the case that it drew, on which ledger, and by how many lines."""
    certificate = await opened(store)
    case = await covered(store, certificate, 2, tons("8"))
    entries = await store.read(lambda c: log.about(c, TENANT, case.name))
    said = '{"declaration_version":1,"e_cert_id":"SBX-1","event":"DRAWN","lines":1,"platform":"sandbox"}'
    assert [said] == [entry.event for entry in entries if entry.kind == "ledger"]


async def test_unlimited(store: Store) -> None:
    """A good without a stated quantity is drawn on without end."""
    certificate = await opened(store)
    for number in (2, 3):
        await covered(store, certificate, number, Draw("1", "rods", Decimal(10**9), "t"))
    assert await drawn(store, certificate, "rods") is None


async def test_overdraw(store: Store) -> None:
    """What is left is the most that can be drawn; where it is too little nothing of the case is kept."""
    certificate = await opened(store, tons("95"))
    with pytest.raises(CaseChanged):
        await covered(store, certificate, 2, tons("5.000001"))
    assert await store.read(lambda c: cases.find_by_order(c, TENANT, "shop", "order-2")) is None
    await covered(store, certificate, 2, tons("5"))
    assert Decimal(100) == await drawn(store, certificate)


async def test_not_in_force(store: Store) -> None:
    """Under a certificate that is not in force no order is covered, and nothing is drawn."""
    certificate = await opened(store)
    await store.write(lambda tx: certificates.set_status(tx, certificate, CertificateStatus.REVOKED, START))
    with pytest.raises(TransitionRefused):
        await covered(store, certificate, 2, tons("1"))
    assert Decimal(0) == await drawn(store, certificate)


async def test_give_back(store: Store) -> None:
    """What a cancelled order drew is there again, exactly, and the order has no certificate any more."""
    certificate = await opened(store)
    case = await covered(store, certificate, 2, tons("0.1"), tons("0.2", "2"))

    def cancel(tx: Transaction) -> CaseState:
        going = cases.transition(tx, case, Event.CANCEL, actor="orders", reason="not wanted")
        assert ledger.give_back(tx, going)
        return cases.transition(tx, going, Event.CLEAR, actor="orders", reason="given back").state

    assert CaseState.CANCELLED == await store.write(cancel)
    assert Decimal(0) == await drawn(store, certificate)


async def test_give_back_twice(store: Store) -> None:
    """What was given back is not given back again."""
    certificate = await opened(store, tons("10"))
    case = await covered(store, certificate, 2, tons("5"))
    found = [await store.write(lambda tx: ledger.give_back(tx, case)) for _ in range(2)]
    assert ([True, False], Decimal(10)) == (found, await drawn(store, certificate))


async def test_nothing_to_give_back(store: Store) -> None:
    """A case that draws on nothing gives nothing back."""
    case = await declared(store)
    assert not await store.write(lambda tx: ledger.give_back(tx, case))


async def test_covering(store: Store) -> None:
    """The certificate that a case draws on is found, until it gives back."""
    certificate = await opened(store)
    case = await covered(store, certificate, 2, tons("1"))
    assert ("sandbox", "SBX-1") == await store.read(lambda c: ledger.covering(c, TENANT, case.name, 1))
    await store.write(lambda tx: ledger.give_back(tx, case))
    assert await store.read(lambda c: ledger.covering(c, TENANT, case.name, 1)) is None


async def test_many_at_once(store: Store) -> None:
    """Of 200 orders that come at once where 150 have room exactly 150 are covered."""
    certificate = await opened(store, tons("25"))
    drawing = (covered(store, certificate, number, tons("0.5")) for number in range(2, 202))
    outcomes = await asyncio.gather(*drawing, return_exceptions=True)
    assert 150 == sum(isinstance(outcome, CaseRecord) for outcome in outcomes)
    assert Decimal(100) == await drawn(store, certificate)


async def test_many_at_once_on_two_replicas(upgraded_postgresql: str) -> None:
    """The same where two processes' stores share the database."""
    stores = [Store.open(upgraded_postgresql, Clock(), MASTER) for _ in range(2)]
    certificate = await opened(stores[0], tons("25"))
    drawing = (covered(stores[number % 2], certificate, number, tons("0.5")) for number in range(2, 202))
    outcomes = await asyncio.gather(*drawing, return_exceptions=True)
    assert 150 == sum(isinstance(outcome, CaseRecord) for outcome in outcomes)
    assert Decimal(100) == await drawn(stores[1], certificate)
    for store in stores:
        store.close()
