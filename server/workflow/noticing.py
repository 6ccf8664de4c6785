"""What a platform calls about is looked at sooner than it would be. What it says counts for nothing but where to look."""

from engine.certificate import CertificateStatus
from server.platforms.notices import Notice
from server.platforms.registry import TENANT
from server.store import Store, Transaction, attempts, certificates
from server.store.records import AttemptRecord, CertificateRecord
from server.workflow.certificate_facts import Statuses
from server.workflow.tasks import Tasks


class Noticing:
    """Wakes what is due later: the look-up of an attempt, the status of a certificate."""

    def __init__(self, store: Store, statuses: Statuses, tasks: Tasks) -> None:
        self._store = store
        self._statuses = statuses
        self._tasks = tasks

    async def noticed(self, platform: str, notice: Notice) -> bool:
        """Has what a platform names asked about at once; whether our records have anything of it that can still change.

        A platform knows nothing of tenants: what it names is found whosever it is. An attempt that somebody has in hand, or
        that waits for a person, stays as it is.
        """
        woken = await self._store.write(lambda tx: self._wake(tx, platform, notice))
        named: list[CertificateRecord] = []
        if notice.e_cert_id:
            named = await self._store.read(
                lambda c: certificates.of_any_tenant(c, platform, notice.e_cert_id, TENANT)
            )
        active = [each for each in named if each.status == CertificateStatus.ACTIVE]
        for certificate in active:
            self._tasks.start(self._ask(certificate), certificate.case_name)
        return woken or bool(active)

    async def _ask(self, certificate: CertificateRecord) -> None:
        await self._statuses.asked(certificate)

    def _wake(self, tx: Transaction, platform: str, notice: Notice) -> bool:
        named: list[AttemptRecord] = []
        if notice.reference:
            named = attempts.of_platform_reference(tx.connection, platform, notice.reference)
        if not named and notice.platform_id:
            named = attempts.of_platform_id(tx.connection, platform, notice.platform_id)
        return sum(attempts.wake(tx, attempt) for attempt in named) > 0
