"""What our records and a platform say of a certificate, as facts."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from engine.case import TABLE, Event
from engine.certificate import CertificateStatus, Difference, ECertId
from engine.platform import Told
from server.platforms import Platforms
from server.store import Store, Transaction, cases, certificates
from server.store.records import CertificateRecord, NewCertificate
from server.workflow.deciding import Clock

_ENDS: Final = {
    CertificateStatus.REVOKED: Event.REVOKE,
    CertificateStatus.REPLACED: Event.REVOKE,
    CertificateStatus.EXPIRED: Event.EXPIRE,
}


# A platform that rejected the declaration issued no certificate: its status is known to be none.
NOT_ISSUED: Final[Mapping[str, object]] = {"status": None}


def certificate_facts(
    certificate: CertificateRecord | NewCertificate,
    issued_on: date,
    differing: Iterable[Difference],
    uncovered: Iterable[str] | None = (),
    used_by: Iterable[str] | None = (),
) -> dict[str, object]:
    """The facts of a certificate whose proof and binding hold, and of how the order differs from what it certifies.

    `uncovered` is what a blanket certificate does not cover, `used_by` the case that used one for a single shipment first;
    None where it is not known.
    """
    use = {"uncovered": uncovered, "used_by": used_by}
    return {name: tuple(said) for name, said in use.items() if said is not None} | {
        "status": certificate.status,
        "platform": certificate.platform,
        "e_cert_id": certificate.e_cert_id,
        "sandbox": certificate.sandbox,
        "binding": certificate.binding,
        "issued_on": issued_on,
        "differences": tuple(str(difference) for difference in differing),
    }


class Statuses:
    """Keeps certificates' statuses fresh: one that was told too long ago is asked for again."""

    def __init__(
        self, store: Store, platforms: Platforms, clock: Clock, age: timedelta, patience: float
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._age = age
        self._patience = patience

    async def fresh(self, certificate: CertificateRecord) -> CertificateRecord | None:
        """The certificate with a status that is fresh; None where it is stale and its platform does not tell."""
        if (
            self._clock() - certificate.status_at <= self._age
            or certificate.status != CertificateStatus.ACTIVE
        ):
            return certificate
        return await self.asked(certificate)

    async def asked(self, certificate: CertificateRecord) -> CertificateRecord | None:
        """The certificate with the status that its platform tells now, recorded; None where it does not tell."""
        platform = self._platforms.find(certificate.platform)
        if platform is None:
            return None
        try:
            async with asyncio.timeout(self._patience):
                answer = await platform.status(ECertId(certificate.e_cert_id))
        except TimeoutError:
            return None
        if not isinstance(answer, Told):
            return None

        return await self._store.write(lambda tx: _record(tx, certificate, answer))


def _record(tx: Transaction, certificate: CertificateRecord, told: Told) -> CertificateRecord | None:
    """Records a status, with what it does to the case; the certificate as it stands then."""
    case = cases.take(tx, certificate.tenant, certificate.case_name)
    now = certificates.set_status(tx, certificate, told.status, told.at)
    if now is None:
        return certificates.find(
            tx.connection, certificate.tenant, certificate.e_cert_id, certificate.platform
        )
    happens = _ENDS.get(told.status)
    if (
        case is not None
        and case.erased_at is None
        and happens is not None
        and happens in TABLE[case.state]
        and case.declaration_version == certificate.declaration_version
    ):
        cases.transition(
            tx, case, happens, actor=certificate.platform, reason=f"the platform says {told.status}"
        )
    return now
