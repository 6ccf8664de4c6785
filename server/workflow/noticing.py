"""What a platform calls about is looked at sooner than it would be. What it says counts for nothing but where to look."""

from engine.certificate import CertificateStatus
from server.platforms.notices import Notice
from server.store import Store, Transaction, attempts, certificates
from server.store.records import AttemptRecord
from server.workflow.certificate_facts import Statuses
from server.workflow.tasks import Tasks


class Noticing:
    """Wakes what is due later: the look-up of an attempt, the status of a certificate."""

    def __init__(self, store: Store, statuses: Statuses, tasks: Tasks) -> None:
        self._store = store
        self._statuses = statuses
        self._tasks = tasks

    async def noticed(self, tenant: str, platform: str, notice: Notice) -> bool:
        """Has what a platform names asked about at once; whether our records have anything of it that can still change.

        An attempt that somebody has in hand, or that waits for a person, stays as it is.
        """
        woken = await self._store.write(lambda tx: self._wake(tx, tenant, platform, notice))
        certificate = None
        if notice.e_cert_id:
            certificate = await self._store.read(
                lambda c: certificates.find(c, tenant, notice.e_cert_id, platform)
            )
        if certificate is None or certificate.status != CertificateStatus.ACTIVE:
            return woken

        async def ask() -> None:
            await self._statuses.asked(certificate)

        self._tasks.start(ask(), certificate.case_name)
        return True

    def _wake(self, tx: Transaction, tenant: str, platform: str, notice: Notice) -> bool:
        named: list[AttemptRecord] = []
        if notice.reference and (found := attempts.find(tx.connection, tenant, notice.reference)) is not None:
            named = [found] if found.platform == platform else []
        elif notice.platform_id:
            named = attempts.of_platform_id(tx.connection, tenant, platform, notice.platform_id)
        return sum(attempts.wake(tx, attempt) for attempt in named) > 0
