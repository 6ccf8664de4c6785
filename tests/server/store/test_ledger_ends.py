"""The ends of blanket certificates: which cases they hit, whom is warned, and who stands under a certificate."""

from datetime import date

import pytest

from engine.case import CaseState, Event
from engine.certificate import CertificateStatus
from server.store import CaseRecord, CertificateRecord, Store, cases, certificates, ledger, ledger_ends
from server.store.ledger_ends import Ended
from server.store.listing import CaseQuery, Place, page

from .samples import START, TENANT, certified
from .test_ledger import covered, opened, tons


async def ended(store: Store, certificate: CertificateRecord, status: CertificateStatus) -> Ended:
    """The ledger, once its certificate is no longer in force."""
    await store.write(lambda tx: certificates.set_status(tx, certificate, status, START))
    [one] = await store.read(lambda c: ledger_ends.ended(c, 10))
    return one


async def handed_off(store: Store, certificate: CertificateRecord, number: int) -> CaseRecord:
    """A covered case that is handed off."""
    case = await covered(store, certificate, number, tons("1"))
    return await store.write(
        lambda tx: cases.transition(tx, case, Event.HAND_OFF, actor="orders", reason="handed off")
    )


async def hit(store: Store, one: Ended, limit: int = 10) -> list[str]:
    return await store.read(lambda c: ledger_ends.hit(c, one, limit))


async def test_in_force(store: Store) -> None:
    """A certificate that is in force has not ended."""
    await opened(store)
    assert [] == await store.read(lambda c: ledger_ends.ended(c, 10))


@pytest.mark.parametrize("status", [CertificateStatus.REVOKED, CertificateStatus.REPLACED])
async def test_hit_by_its_revocation(store: Store, status: CertificateStatus) -> None:
    """It hits every case that draws, whether it is handed off or not; not its own, which hears it from the platform."""
    certificate = await opened(store, tons("1"))
    names = [
        (await covered(store, certificate, 2, tons("1"))).name,
        (await handed_off(store, certificate, 3)).name,
    ]
    assert names == await hit(store, await ended(store, certificate, status))


async def test_hit_by_its_expiry(store: Store) -> None:
    """An expiry hits what is not handed off yet."""
    certificate = await opened(store)
    case = await covered(store, certificate, 2, tons("1"))
    await handed_off(store, certificate, 3)
    assert [case.name] == await hit(store, await ended(store, certificate, CertificateStatus.EXPIRED))


async def test_given_back(store: Store) -> None:
    """A case that gave back is not hit."""
    certificate = await opened(store)
    case = await covered(store, certificate, 2, tons("1"))
    await store.write(lambda tx: ledger.give_back(tx, case))
    assert [] == await hit(store, await ended(store, certificate, CertificateStatus.REVOKED))


async def test_told(store: Store) -> None:
    """Once every case was told, a ledger is not looked at again, until the status is another."""
    certificate = await opened(store)
    one = await ended(store, certificate, CertificateStatus.EXPIRED)
    await store.write(lambda tx: ledger_ends.told(tx, one))
    assert [] == await store.read(lambda c: ledger_ends.ended(c, 10))
    assert CertificateStatus.REVOKED is (await ended(store, certificate, CertificateStatus.REVOKED)).status


@pytest.mark.parametrize(("day", "warned"), [(date(2026, 12, 30), 0), (date(2026, 12, 31), 1)])
async def test_ending(store: Store, day: date, warned: int) -> None:
    """A ledger ends by its last day."""
    await opened(store)
    assert warned == len(await store.read(lambda c: ledger_ends.ending(c, day, 10)))


async def test_warned_once(store: Store) -> None:
    """Nobody is warned of a ledger twice."""
    await opened(store)
    [there] = await store.read(lambda c: ledger_ends.ending(c, date(2027, 1, 1), 10))
    assert [True, False] == [await store.write(lambda tx: ledger_ends.warn(tx, there)) for _ in range(2)]
    assert [] == await store.read(lambda c: ledger_ends.ending(c, date(2027, 1, 1), 10))


async def test_counted(store: Store) -> None:
    """The cases that draw are counted, each once; those that gave back are not."""
    certificate = await opened(store, tons("1"))
    await covered(store, certificate, 2, tons("1"), tons("1", "2"))
    gone = await covered(store, certificate, 3, tons("1"))
    await store.write(lambda tx: ledger.give_back(tx, gone))
    found = await store.read(lambda c: ledger.find(c, certificate))
    assert found is not None
    assert 2 == await store.read(lambda c: ledger_ends.cases_of(c, found[0]))


async def test_listed_by_certificate(store: Store) -> None:
    """The cases under a certificate are listed in pages, as those of any other filter."""
    certificate = await opened(store)
    await certified(store, 9)
    names = ["cases/" + f"{1:032x}"]
    names += [(await covered(store, certificate, number, tons("1"))).name for number in (2, 3)]
    query = CaseQuery(TENANT, e_cert_id="SBX-1", descending=False)
    first = await store.read(lambda c: page(c, query, None, 2))
    after = Place(first[-1].created_at, first[-1].name)
    rest = await store.read(lambda c: page(c, query, after, 2))
    assert names == [case.name for case in (*first, *rest)]
    revoked = CaseQuery(TENANT, (CaseState.REVOKED,), e_cert_id="SBX-1")
    assert [] == await store.read(lambda c: page(c, revoked, None, 2))
