"""How the sandbox decides: it issues to everyone, unless a fault says otherwise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.declaration import Json
from server.platforms.sandbox_manifest import SANDBOX_ISSUER
from server.sandbox.certified import certified, otherwise
from server.sandbox.entry import Entry, Status
from server.sandbox.faults import Due, FaultKind
from server.sandbox.ids import new_e_cert_id
from server.sandbox.ledger import Ledger
from server.sandbox.signing import SigningKeys
from server.sandbox.submission import Codes, Submitted

_OTHER_DIGEST = f"sha256:{'0' * 64}"


@dataclass(frozen=True, slots=True)
class Terms:
    """How long certificates live, and for how long after issue they can be voided; without the latter, always.

    With `by_fields` they say what was certified field by field, and nothing of our digest.
    """

    life: timedelta
    void_window: timedelta | None = None
    by_fields: bool = False


class Issuer:
    """Issues, remembers, replaces and ends certificates. Every certificate says that it is a sandbox's."""

    def __init__(
        self, ledger: Ledger, keys: SigningKeys, clock: Callable[[], datetime], terms: Terms
    ) -> None:
        self.keys = keys
        self._ledger = ledger
        self._clock = clock
        self._terms = terms

    def __iter__(self) -> Iterator[Entry]:
        """Every submission."""
        return iter(self._ledger)

    def known(self, reference: str) -> Entry | None:
        """What became of a submission."""
        return self._ledger.of(reference)

    def in_force(self, digest: str) -> Entry | None:
        """The certificate in force for that content."""
        return self._ledger.in_force(digest, self._now())

    def submission(self, submission_id: str) -> Entry | None:
        """The submission of that id of ours."""
        return self._ledger.submission(submission_id)

    def asked(self, submitted: Submitted, replaces: str) -> Entry:
        """A submission as it is decided on; `replaces` is the certificate that it is to stand in the place of."""
        told = certified(submitted.content) if self._terms.by_fields else {}
        return Entry(submitted.reference, submitted.digest, "pending", replaces=replaces, certified=told)

    def certificate(self, e_cert_id: str) -> Entry | None:
        """The certificate of that id."""
        return self._ledger.certificate(e_cert_id)

    def status(self, entry: Entry) -> Status:
        """What is said of a certificate now."""
        return entry.status(self._now())

    def is_seen(self, entry: Entry) -> bool:
        """Whether those who only read see it by now."""
        return self._now() >= entry.seen_from

    def decide(self, asked: Entry, codes: Codes, due: Mapping[FaultKind, Due]) -> Entry:
        """Decides on a new submission and keeps the decision. `codes` are what is wrong with it."""
        if lag := due.get(FaultKind.LAG):
            asked = replace(asked, seen_from=self._now() + lag.seconds)
        if reject := due.get(FaultKind.REJECT):
            codes = tuple(code.model_dump() for code in reject.fault.codes)
        if codes:
            return self._reject(asked, codes)
        if pending := due.get(FaultKind.PENDING):
            return self._ledger.put(replace(asked, state="pending", polls_left=pending.fault.polls))
        if FaultKind.REVIEW in due:
            return self._ledger.put(replace(asked, state="review"))
        return self._issue(asked, due)

    def polled(self, reference: str) -> Entry | None:
        """What became of a submission; a pending one comes nearer to its certificate each time."""
        entry = self._ledger.of(reference)
        if entry is None or not self.is_seen(entry):
            return None
        if entry.state != "pending":
            return entry
        if entry.polls_left > 0:
            return self._ledger.put(replace(entry, polls_left=entry.polls_left - 1))
        return self._settle(entry)

    def reviewed(self, entry: Entry, codes: Codes) -> Entry:
        """Ends the review of a submission: with a certificate, or with what is wrong with it."""
        return self._reject(entry, codes) if codes else self._settle(entry)

    def is_voidable(self, entry: Entry) -> bool:
        """Whether its void window is open."""
        window = self._terms.void_window
        return window is None or self._now() <= entry.issued_at + window.total_seconds()

    def revoke(self, entry: Entry, because: str = "") -> Entry:
        """Takes a certificate out of force. Doing it twice is the same as once."""
        if self.status(entry) == "revoked":
            return entry
        return self._ledger.put(replace(entry, revoked=True, because=because))

    def _settle(self, entry: Entry) -> Entry:
        """Decides on what was left open, by what is in force now."""
        old = self._ledger.certificate(entry.replaces) if entry.replaces else None
        if old is not None and (status := self.status(old)) != "active":
            return self._reject(entry, not_active(status))
        there = self.in_force(entry.digest)
        if there is not None and there != old:
            return self._ledger.put(replace(entry, state="duplicate", duplicate_of=there.e_cert_id))
        return self._issue(entry, {})

    def _reject(self, entry: Entry, codes: Codes) -> Entry:
        return self._ledger.put(replace(entry, state="rejected", codes=codes))

    def _issue(self, entry: Entry, due: Mapping[FaultKind, Due]) -> Entry:
        e_cert_id, now = self._new_id(), int(self._now())
        expires_at = now + int(self._terms.life.total_seconds())
        late = due.get(FaultKind.LATE_REVOCATION)
        wrong = FaultKind.WRONG_DIGEST in due
        told = otherwise(entry.certified) if wrong and entry.certified else entry.certified
        bound: dict[str, Json] = (
            {"certified": dict(told)}
            if self._terms.by_fields
            else {"declaration_digest": _OTHER_DIGEST if wrong else entry.digest}
        )
        claims: dict[str, Json] = {
            "iss": SANDBOX_ISSUER,
            "iat": now,
            "exp": expires_at,
            "e_cert_id": e_cert_id,
            "reference": entry.reference,
            "sandbox": True,
            **bound,
        }
        issued = replace(
            entry,
            state="issued",
            certified=told,
            e_cert_id=e_cert_id,
            proof=self.keys.sign(claims, forged=FaultKind.WRONG_SIGNATURE in due),
            issued_at=now,
            expires_at=expires_at,
            revoked_from=None if late is None else self._now() + late.seconds,
        )
        return self._ledger.put(issued)

    def _new_id(self) -> str:
        """An id that was never given."""
        while self._ledger.certificate(e_cert_id := new_e_cert_id()) is not None:
            pass
        return e_cert_id

    def _now(self) -> float:
        return self._clock().timestamp()


def not_active(status: Status) -> Codes:
    """What is wrong with replacing a certificate that is out of force."""
    text = f"Only an active certificate can be replaced; this one is {status}."
    return ({"code": "NOT_ACTIVE", "line_id": "", "text": text},)
