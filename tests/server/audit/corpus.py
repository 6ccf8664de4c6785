"""A database as a server leaves it: certified orders with decisions, a log of some hundred entries, signed heads."""

import asyncio
from datetime import timedelta
from pathlib import Path

from engine.certificate import CertificateStatus
from engine.checkpoint import read_checkpoint
from server.audit.trusted import Outside
from server.audit.verify import Audit, audit
from server.log_keys import log_signer, make_log_key
from server.store import CaseRecord, Store, Transaction, activations, certificates, decisions, sites
from server.store.signing import begin_key, newest_head
from tests.server.store.samples import MASTER, RULEBOOK, START, Clock, certified, decision, site_change

ORDERS = 34


class Corpus:
    """A database file, its key, and a head that was kept outside about half way."""

    def __init__(self, folder: Path, orders: int = ORDERS) -> None:
        self.folder = folder
        self.file = folder / "og.db"
        self.key = folder / "log.pem"
        self.public = folder / "log.pub.pem"
        make_log_key(self.key)
        self.outside = asyncio.run(self._fill(orders))

    @property
    def address(self) -> str:
        """The database's address."""
        return f"sqlite:///{self.file}"

    async def _fill(self, orders: int) -> Outside:
        store = Store.open(self.address, Clock(), MASTER)
        store.upgrade()
        signer = log_signer(self.key)
        store.sign_with(signer)
        await store.write(lambda tx: begin_key(tx, signer))
        kept = ""
        for number in range(1, orders + 1):
            case, certificate = await certified(store, number)
            await store.write(lambda tx, case=case, number=number: _decide(tx, case, number))
            if number == 1:
                await store.write(
                    lambda tx: activations.activate(tx, RULEBOOK, "ada", "the first one", "bob")
                )
                await store.write(lambda tx: sites.change(tx, None, site_change(), '{"holds": true}'))
            if number % 5 == 0:
                told_at = START + timedelta(hours=number)
                await store.write(
                    lambda tx, one=certificate, at=told_at: certificates.set_status(
                        tx, one, CertificateStatus.EXPIRED, at
                    )
                )
            if number == orders // 2:
                kept = await store.read(newest_head) or ""
        store.close()
        return Outside("kept.head", read_checkpoint(kept))


def _decide(tx: Transaction, case: CaseRecord, number: int) -> None:
    about = {"declaration_digest": "sha256:" + "d" * 64, "e_cert_id": f"SBX-{number}"}
    made = [decision(f"{number:06}-{question}", question, case) for question in ("scope", "prereview")]
    decisions.record(tx, [*made, decision(f"{number:06}-alone")], about)


def audited(file: Path, *outside: Outside) -> Audit:
    """What an audit of a database file finds."""
    return audit(f"sqlite:///{file}", {}, outside, 1, lambda parts, _: parts)
