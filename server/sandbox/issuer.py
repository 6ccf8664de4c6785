"""How the sandbox decides: it issues to everyone, unless a fault says otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from engine.declaration import Json
from server.platforms.sandbox_manifest import SANDBOX_ISSUER
from server.sandbox.faults import Fault, FaultKind
from server.sandbox.ids import new_e_cert_id
from server.sandbox.ledger import Entry, Ledger
from server.sandbox.signing import SigningKeys

_OTHER_DIGEST = f"sha256:{'0' * 64}"


class Issuer:
    """Issues, remembers and revokes certificates. Every certificate says that it is a sandbox's."""

    def __init__(
        self, ledger: Ledger, keys: SigningKeys, clock: Callable[[], datetime], life: timedelta
    ) -> None:
        self.keys = keys
        self._ledger = ledger
        self._clock = clock
        self._life = life

    def known(self, reference: str) -> Entry | None:
        """What became of a submission."""
        return self._ledger.of(reference)

    def in_force(self, digest: str) -> Entry | None:
        """The certificate in force for that content."""
        return self._ledger.in_force(digest, self._now())

    def certificate(self, e_cert_id: str) -> Entry | None:
        """The certificate of that id."""
        return self._ledger.certificate(e_cert_id)

    def status(self, entry: Entry) -> str:
        """What is said of a certificate now."""
        return entry.status(self._now())

    def decide(
        self,
        reference: str,
        digest: str,
        codes: tuple[Mapping[str, str], ...],
        faults: Mapping[FaultKind, Fault],
    ) -> Entry:
        """Decides on a new submission and keeps the decision. `codes` are what is wrong with it."""
        if reject := faults.get(FaultKind.REJECT):
            codes = tuple(code.model_dump() for code in reject.codes) or codes
        if codes:
            return self._ledger.put(Entry(reference, digest, "rejected", codes=codes))
        if pending := faults.get(FaultKind.PENDING):
            return self._ledger.put(Entry(reference, digest, "pending", polls_left=pending.polls))
        if FaultKind.REVIEW in faults:
            return self._ledger.put(Entry(reference, digest, "review"))
        return self._issue(Entry(reference, digest, "issued"), faults)

    def polled(self, reference: str) -> Entry | None:
        """What became of a submission; a pending one comes nearer to its certificate each time."""
        entry = self._ledger.of(reference)
        if entry is None or entry.state != "pending":
            return entry
        if entry.polls_left > 0:
            return self._ledger.put(replace(entry, polls_left=entry.polls_left - 1))
        return self._issue(entry, {})

    def revoke(self, e_cert_id: str) -> Entry | None:
        """Takes a certificate out of force. None if there is no such certificate."""
        entry = self._ledger.certificate(e_cert_id)
        if entry is None or entry.revoked:
            return entry
        return self._ledger.put(replace(entry, revoked=True))

    def _issue(self, entry: Entry, faults: Mapping[FaultKind, Fault]) -> Entry:
        e_cert_id, now = new_e_cert_id(), int(self._now())
        expires_at = now + int(self._life.total_seconds())
        claims: dict[str, Json] = {
            "iss": SANDBOX_ISSUER,
            "iat": now,
            "exp": expires_at,
            "e_cert_id": e_cert_id,
            "reference": entry.reference,
            "declaration_digest": _OTHER_DIGEST if FaultKind.WRONG_DIGEST in faults else entry.digest,
            "sandbox": True,
        }
        issued = replace(
            entry,
            state="issued",
            e_cert_id=e_cert_id,
            proof=self.keys.sign(claims, forged=FaultKind.WRONG_SIGNATURE in faults),
            issued_at=now,
            expires_at=expires_at,
        )
        return self._ledger.put(issued)

    def _now(self) -> float:
        return self._clock().timestamp()
