"""What a manifest says of notices: what of it contradicts the rest, and the rules that it makes."""

from collections.abc import Iterator

from engine.platform import Delivery
from server.platforms.manifest_file.operations import Contradiction
from server.platforms.manifest_file.parts import ManifestPart, NoticesPart
from server.platforms.notices.rules import NoticeReads, NoticeRules, Seal, Sealed


def of_notices(manifest: ManifestPart) -> Iterator[Contradiction]:
    """What of them does not go together."""
    notices = manifest.notices
    if notices is None:
        return
    if manifest.capabilities.delivery is not Delivery.WEBHOOK:
        yield Contradiction(
            ("notices",), "notices-unused", "`notices` are described, and `delivery` is POLL",
            "write `delivery: WEBHOOK`, or delete `notices`",
        )  # fmt: skip
    if (notices.hmac is None) == (notices.jws is None):
        yield Contradiction(
            ("notices",), "notices-unsigned", "a notice is signed in one way",
            "write one of `hmac` and `jws`",
        )  # fmt: skip
    if notices.jws is not None and manifest.proof is None:
        yield Contradiction(
            ("notices", "jws"), "notices-without-keys", "`jws` needs the algorithms of `proof`, and the platform's keys",
            "add `proof`, or write `hmac`",
        )  # fmt: skip
    yield from _seal(notices)
    reads = notices.reads
    if reads.reference is None and reads.e_cert_id is None and reads.platform_id is None:
        yield Contradiction(
            ("notices", "reads"), "notices-about-nothing", "nothing is read of a notice that says what it is about",
            "add `reference`, `platform_id` or `e_cert_id`",
        )  # fmt: skip


def _seal(notices: NoticesPart) -> Iterator[Contradiction]:
    seal = notices.hmac
    if seal is None:
        return
    at = ("notices", "hmac", "signs")
    if not {Sealed.TIMESTAMP, Sealed.BODY} <= set(seal.signs):
        yield Contradiction(
            at, "seal-too-small", "a signature that leaves out the time or the body holds for other notices",
            "sign TIMESTAMP and BODY",
        )  # fmt: skip
    if (Sealed.ID in seal.signs) != (seal.id_header is not None):
        yield Contradiction(
            at, "seal-without-id", "`ID` is signed where `id_header` says where it stands, and only there",
            "write both, or neither",
        )  # fmt: skip


def notice_rules(part: ManifestPart) -> NoticeRules | None:
    """The rules of its notices; None where it sends none."""
    notices = part.notices
    if notices is None:
        return None
    seal = Seal(**dict(notices.hmac)) if notices.hmac is not None else None
    algorithms = part.proof.algorithms if notices.jws is not None and part.proof is not None else ()
    return NoticeRules(NoticeReads(**dict(notices.reads)), notices.age, seal, algorithms)
