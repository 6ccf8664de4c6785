"""What keeps the server from answering, in its own words; `server/wire/statuses.py` makes it a gRPC status.

Each error says what happened, where, what was expected and how to mend it. None is about a wrong order: that
is an answer with findings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.case import CaseState
from engine.certificate import Difference

KEPT_VIOLATIONS = 100


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach of form. `field` is a path as `order.lines.items[2].value`, empty for the whole message."""

    field: str
    rule: str
    text: str


class OriginGateError(Exception):
    """A question could not be answered. Its text is for the caller: no other tenant's data, no insides."""


class RequestInvalid(OriginGateError):
    """The request breaks rules of form. At most 100 violations are kept; `total` counts all of them."""

    def __init__(self, violations: Iterable[Violation], total: int | None = None) -> None:
        found = tuple(violations)
        self.violations = found[:KEPT_VIOLATIONS]
        self.total = max(total or 0, len(found))
        first = self.violations[0]
        where = f"{first.field}: " if first.field else ""
        others = f" And {self.total - 1} more." if self.total > 1 else ""
        super().__init__(f"The request breaks a rule of form: {where}{first.text}.{others}")


class RequestIdReused(OriginGateError):
    """The same request_id came before with another content."""

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        super().__init__(
            f"The request_id {request_id!r} was used before for another content."
            " Repeat a request with the same content, or give a new request a new id."
        )


class TokenInvalid(OriginGateError):
    """A page token or resume token is not one of what is asked."""

    def __init__(self, field: str, because: str) -> None:
        self.field = field
        super().__init__(f"The token in {field} cannot be used: {because}.")


class SiteContradictsRecord(OriginGateError):
    """The caller states another kind of site than our records hold."""

    def __init__(self, site_id: str, stated: str, recorded: str) -> None:
        self.site_id = site_id
        self.stated = stated
        self.recorded = recorded
        super().__init__(
            f"The request says that the site {site_id!r} is {stated}; our records say {recorded}."
            " Leave site.kind out, or ask the operator to correct the record."
        )


class SiteNotFound(OriginGateError):
    """There is no such site in the caller's tenant."""

    def __init__(self, site_id: str) -> None:
        self.site_id = site_id
        super().__init__(
            f"There is no site {site_id!r} here. Register it with RegisterSite, or compare its id with those of ListSites."
        )


class SiteStateForbids(OriginGateError):
    """What is asked cannot happen to a site as it stands."""

    def __init__(self, site_id: str, because: str) -> None:
        self.site_id = site_id
        super().__init__(f"Nothing was done with the site {site_id!r}: {because}.")


class CaseNotFound(OriginGateError):
    """There is no such case in the caller's tenant."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is no case {name!r}. Use the name that ProcessOrder answered.")


class CaseStateForbids(OriginGateError):
    """What is asked cannot happen to a case in its state."""

    def __init__(self, name: str, state: CaseState, mend: str) -> None:
        self.name = name
        self.state = state
        super().__init__(f"{name} is {state}, and what is asked cannot happen to it: {mend}.")


class CaseErased(OriginGateError):
    """The records of a case were erased, or of a day's screenings: what is asked needs them. The day, where it is known."""

    def __init__(self, name: str, erased_at: datetime | None) -> None:
        self.name = name
        self.day = erased_at.astimezone(UTC).date().isoformat() if erased_at else ""
        when = f" on {self.day}" if self.day else ""
        super().__init__(
            f"The records of {name} were erased{when}. GetCase still tells a case's state, ids and outcomes;"
            " what was said of its order is gone for good."
        )


class ErasureRefused(OriginGateError):
    """A case cannot be erased now, or not held."""

    def __init__(self, name: str, because: str) -> None:
        self.name = name
        self.because = because
        super().__init__(f"{name} is not erased: {because}.")


class DeclarationConflicts(OriginGateError):
    """A platform has, or may have, a declaration of another content."""

    def __init__(
        self, name: str, state: CaseState, e_cert_id: str | None, differences: Iterable[Difference]
    ) -> None:
        self.name = name
        self.state = state
        self.e_cert_id = e_cert_id
        self.differences = tuple(differences)
        what = f"the certificate {e_cert_id} is" if e_cert_id else f"{name} is {state}, with a declaration"
        others = f" And {len(self.differences) - 1} more." if len(self.differences) > 1 else ""
        super().__init__(
            f"Nothing was declared, because {what} for another content: {self.differences[0]}.{others}"
            " Declare with supersede, and what stands at the platform is voided or replaced."
        )


class CertificateUnproved(OriginGateError):
    """A certificate that an operator wants to adopt does not prove itself."""

    def __init__(self, name: str, e_cert_id: str, because: str) -> None:
        self.name = name
        self.e_cert_id = e_cert_id
        super().__init__(f"The certificate {e_cert_id!r} is not adopted for {name}: {because}.")


class CertificateNotFound(OriginGateError):
    """There is no such certificate in the records of the caller's tenant."""

    def __init__(self, e_cert_id: str, platform: str = "") -> None:
        self.e_cert_id = e_cert_id
        self.platform = platform
        where = f" of the platform {platform!r}" if platform else ""
        super().__init__(
            f"Our records have no certificate {e_cert_id!r}{where}."
            " Compare the e-Cert ID with the one that was issued, character by character."
        )


class DecisionNotFound(OriginGateError):
    """There is no such decision in the records of the caller's tenant."""

    def __init__(self, name: str, question: str = "") -> None:
        self.name = name
        self.question = question
        on = f" on {question!r} of" if question else ""
        super().__init__(
            f"Our records have no decision{on} {name!r}."
            " Name a decision by its id, as its receipt has it, or a case by the name that ProcessOrder answered."
        )


class RulebookNotFound(OriginGateError):
    """No rulebook of this digest is stored, or it cannot be read any more."""

    def __init__(self, digest: str, because: str = "none of this digest decided anything here") -> None:
        self.digest = digest
        super().__init__(
            f"The rulebook {digest!r} cannot be asked: {because}. Take the digest of a recorded decision."
        )


class RulebookNotAccepted(OriginGateError):
    """The rulebook that a call names, or the one of a day that it names, cannot be asked here."""

    def __init__(self, named: str, because: str) -> None:
        self.named = named
        super().__init__(
            f"The rulebook of {named!r} cannot be used: {because.rstrip('.')}."
            " `origingate rules activations` lists those that were active."
        )


class ActivationRefused(OriginGateError):
    """A rulebook is not activated by this word."""

    def __init__(self, digest: str, because: str) -> None:
        self.digest = digest
        super().__init__(f"The rulebook {digest!r} is not activated: {because}.")


class RulebooksOutOfReach(OriginGateError):
    """Rulebooks are the server's, and the caller is none of those who look after them."""

    def __init__(self) -> None:
        super().__init__(
            "Rulebooks are this server's, and the caller's tenant does not look after them."
            " The operator says who does: --rulebook-tenant."
        )


class QuestionNotFound(OriginGateError):
    """The rulebook has no such question."""

    def __init__(self, question: str, known: Iterable[str]) -> None:
        self.question = question
        self.known = tuple(sorted(known))
        super().__init__(f"The rulebook has no question {question!r}. Ask one of: {', '.join(self.known)}.")


class Unauthenticated(OriginGateError):
    """It is not known who calls."""

    def __init__(self, because: str, mend: str) -> None:
        super().__init__(f"The caller is not known: {because}. {mend}")


class RoleMissing(OriginGateError):
    """The caller lacks the role that the RPC needs; or the RPC names none, and then nobody may call it."""

    def __init__(self, method: str, needed: str, held: Iterable[str]) -> None:
        self.method = method
        self.needed = needed
        self.held = tuple(sorted(held))
        if not needed:
            text = f"{method} names no role for its callers, so nobody may call it. Tell the operator."
        else:
            text = (
                f"{method} needs the role {needed}; the caller has {', '.join(self.held) or 'none'}."
                " Ask the operator for the role."
            )
        super().__init__(text)


class SiteOutOfReach(OriginGateError):
    """The caller may ask about some sites of its tenant only, and this is none of them; or the call names no site."""

    def __init__(self, site_id: str) -> None:
        self.site_id = site_id
        what = f"the site {site_id!r} is none of them" if site_id else "the call names none of them"
        super().__init__(
            f"The caller may ask about some sites only, and {what}."
            " Name one of its sites, or ask the operator for more."
        )


class IdentityUnavailable(OriginGateError):
    """Who calls cannot be found out just now: what would tell cannot be reached. `retry_after` in seconds."""

    def __init__(self, retry_after: float = 1.0) -> None:
        self.retry_after = retry_after
        super().__init__(
            "Who calls cannot be found out just now, because the issuer's keys cannot be had. Repeat the call."
        )


class LimitExceeded(OriginGateError):
    """The request is too large, or too many come at once; `retry_after` in seconds where waiting helps.

    `bound` is a stable word for the bound, for callers that tell them apart.
    """

    def __init__(
        self, what: str, limit: str, mend: str, retry_after: float | None = None, bound: str = ""
    ) -> None:
        self.what = what
        self.limit = limit
        self.retry_after = retry_after
        self.bound = bound
        super().__init__(f"Over the limit: {what}; at most {limit}. {mend}")


class QuotaUsedUp(OriginGateError):
    """The tenant's calls of the day are used up, or fewer are left than a batch has items; `retry_after` in seconds."""

    def __init__(self, a_day: int, retry_after: float) -> None:
        self.a_day = a_day
        self.retry_after = retry_after
        super().__init__(
            f"The day's quota is used up: {a_day} calls of a tenant, each item of a batch counted. The next day begins at"
            " 00:00 UTC. Wait until then, or ask the operator for more."
        )


class DeadlineTooShort(OriginGateError):
    """The call's own deadline leaves too little time to answer; both in seconds."""

    def __init__(self, left: float, needed: float) -> None:
        self.left = left
        self.needed = needed
        super().__init__(
            f"The call's deadline leaves {max(left, 0):.3f} s and an answer needs about {needed:.3f} s."
            " Call again with a longer deadline."
        )


class TookTooLong(OriginGateError):
    """The call took as long as this server lets a call take, in seconds, and was given up."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The call was given up after {seconds:g} s, the longest that a call may take here. What it began goes on:"
            " repeat it with the same request_id."
        )


class StoreUnavailable(OriginGateError):
    """The store cannot be reached just now. Nothing was answered; what was asked can be asked again."""

    def __init__(self, retry_after: float = 1.0) -> None:
        self.retry_after = retry_after
        super().__init__(
            "The store cannot be reached just now. Repeat the call with the same request_id;"
            " nothing is done twice."
        )


class NoPlatform(OriginGateError):
    """No platform is set up that could be asked for this site."""

    def __init__(self, site_id: str) -> None:
        self.site_id = site_id
        super().__init__(
            f"No platform is set up that could be asked for the site {site_id!r}."
            " Ask the operator to connect the site to a recognised platform."
        )


class ShuttingDown(OriginGateError):
    """The server is stopping and takes no new work."""

    def __init__(self) -> None:
        super().__init__("This server is stopping. Repeat the call: another server takes it.")


class NotOffered(OriginGateError):
    """The RPC is not one that this server has."""

    def __init__(self, method: str) -> None:
        self.method = method
        super().__init__(
            f"This server does not have {method}. Compare the address, and the version of your protos."
        )


class InternalFault(OriginGateError):
    """A fault of ours. What happened stands in our log under the call id, and nowhere else."""

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        super().__init__(
            f"A fault of ours. Tell the operator the call id {request_id!r}, which finds it in the log."
        )
