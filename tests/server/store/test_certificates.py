"""Certificates: adopted once, found by e-Cert ID, with the status that the platform told last."""

import json
from datetime import timedelta

import pytest

from engine.case import CaseState, Event
from engine.certificate import CertificateStatus
from server.store import CaseRecord, CertificateRecord, Store, Transaction, cases, certificates, log
from server.store.covered import CERTIFICATES, covered
from server.store.errors import StoreRefused
from server.store.rows import columns_of
from server.store.schema import certificates as table
from server.store.sealing import stored

from .samples import START, TENANT, certificate, certified, declared


async def find(store: Store, e_cert_id: str, platform: str | None = None) -> CertificateRecord | None:
    return await store.read(lambda connection: certificates.find(connection, TENANT, e_cert_id, platform))


async def test_adopt(store: Store) -> None:
    """An adopted certificate is found by its e-Cert ID, with or without the platform, and by its case."""
    case, adopted = await certified(store)
    assert adopted == await find(store, "SBX-1")
    assert adopted == await find(store, "SBX-1", "sandbox")
    assert [adopted] == await store.read(
        lambda connection: certificates.of_case(connection, TENANT, case.name)
    )


async def test_not_found(store: Store) -> None:
    """An e-Cert ID is compared exactly, within the tenant and the platform."""
    await certified(store)
    assert await find(store, "sbx-1") is None
    assert await find(store, "SBX-1", "other") is None
    assert await store.read(lambda connection: certificates.find(connection, "other", "SBX-1")) is None


async def test_adopt_again(store: Store) -> None:
    """The same certificate for the same case is adopted once."""
    case, adopted = await certified(store)
    assert (adopted, False) == await store.write(
        lambda tx: certificates.adopt(tx, certificate(case, "SBX-1"))
    )


async def test_adopt_for_another_case(store: Store) -> None:
    """A certificate of one case is not adopted for another; the answer names the first."""
    first, _ = await certified(store, 1)
    second = await declared(store, 2)
    there, adopted = await store.write(lambda tx: certificates.adopt(tx, certificate(second, "SBX-1")))
    assert (first.name, False) == (there.case_name, adopted)


async def test_one_active_certificate(store: Store) -> None:
    """A declaration version has one active certificate; a second one is not adopted."""
    case, adopted = await certified(store)
    assert (adopted, False) == await store.write(
        lambda tx: certificates.adopt(tx, certificate(case, "SBX-2"))
    )
    assert await find(store, "SBX-2") is None


async def test_newest_first(store: Store) -> None:
    """Where two platforms use one e-Cert ID, the certificate adopted last is found."""
    await certified(store, 1)
    second = await declared(store, 2)
    later, _ = await store.write(
        lambda tx: certificates.adopt(tx, certificate(second, "SBX-1", platform="other"))
    )
    assert later == await find(store, "SBX-1")


async def test_status(store: Store) -> None:
    """A status that the platform told is kept with its moment."""
    case, adopted = await certified(store)
    told_at = START + timedelta(hours=1)

    def revoke(tx: Transaction) -> tuple[CertificateRecord | None, CaseRecord]:
        told = certificates.set_status(tx, adopted, CertificateStatus.REVOKED, told_at)
        return told, cases.transition(tx, case, Event.REVOKE, actor="sandbox", reason="revoked")

    told, revoked = await store.write(revoke)
    assert CaseState.REVOKED == revoked.state
    assert told == await find(store, "SBX-1")
    assert told is not None
    assert (CertificateStatus.REVOKED, told_at) == (told.status, told.status_at)


async def test_older_word(store: Store) -> None:
    """What the platform told earlier does not undo what it told later."""
    _, adopted = await certified(store)
    await store.write(
        lambda tx: certificates.set_status(tx, adopted, CertificateStatus.REVOKED, START + timedelta(hours=2))
    )
    assert (
        await store.write(
            lambda tx: certificates.set_status(
                tx, adopted, CertificateStatus.ACTIVE, START + timedelta(hours=1)
            )
        )
        is None
    )
    found = await find(store, "SBX-1")
    assert found is not None
    assert CertificateStatus.REVOKED == found.status


async def test_every_word_is_told(store: Store) -> None:
    """The log tells adoption and every word of the platform on the status, and covers the row as it stands after it."""
    case, adopted = await certified(store)
    for hour, status in (
        (1, CertificateStatus.ACTIVE),
        (2, CertificateStatus.EXPIRED),
        (3, CertificateStatus.EXPIRED),
    ):
        told_at = START + timedelta(hours=hour)
        await store.write(
            lambda tx, status=status, told_at=told_at: certificates.set_status(tx, adopted, status, told_at)
        )
    told = await store.read(lambda connection: log.about(connection, TENANT, case.name))
    of_certificate = [entry for entry in told if entry.kind == "certificate"]
    assert ["ACTIVE", "ACTIVE", "EXPIRED", "EXPIRED"] == [
        json.loads(entry.event)["status"] for entry in of_certificate
    ]
    found = await find(store, "SBX-1")
    assert found is not None
    assert START + timedelta(hours=3) == found.status_at
    kept = await store.read(lambda connection: stored(connection, table, columns_of(found)))
    assert covered(CERTIFICATES, kept).digests == json.loads(of_certificate[-1].envelope)["covers"]


async def test_earlier_word_is_not_told(store: Store) -> None:
    """A word that is older than the one that is recorded leaves the certificate and the log as they are."""
    case, adopted = await certified(store)
    earlier = START - timedelta(hours=1)
    assert None is await store.write(
        lambda tx: certificates.set_status(tx, adopted, CertificateStatus.REVOKED, earlier)
    )
    told = await store.read(lambda connection: log.about(connection, TENANT, case.name))
    assert 1 == sum(entry.kind == "certificate" for entry in told)


async def test_active_again_beside_another(store: Store) -> None:
    """A certificate does not become active beside another one of the same declaration version."""
    case, first = await certified(store)

    def replace(tx: Transaction) -> tuple[CertificateRecord, bool]:
        certificates.set_status(tx, first, CertificateStatus.REPLACED, START + timedelta(hours=1))
        return certificates.adopt(tx, certificate(case, "SBX-2"))

    _, adopted = await store.write(replace)
    assert adopted
    with pytest.raises(StoreRefused):
        await store.write(
            lambda tx: certificates.set_status(
                tx, first, CertificateStatus.ACTIVE, START + timedelta(hours=2)
            )
        )
