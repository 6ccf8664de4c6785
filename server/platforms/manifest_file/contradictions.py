"""Where a manifest says things that cannot all be so, or that would take one answer for another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.platform import Binding, Delivery, Idempotency, ProofKind
from server.platforms.manifest import IN_PATHS, MEANINGS, NAMES, Meaning, OperationName
from server.platforms.manifest_file.parts import AnswerPart, ManifestPart, OperationPart, ReadsPart
from server.platforms.manifest_file.places import Loc


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What does not go together, at which key, and how to mend it."""

    at: Loc
    code: str
    message: str
    mend: str


def contradictions(manifest: ManifestPart) -> Iterator[Contradiction]:
    """All that are there."""
    for look in (_capabilities, _windows, _parts, _auth, _operations):
        yield from look(manifest)


def _capabilities(manifest: ManifestPart) -> Iterator[Contradiction]:
    can = manifest.capabilities
    at: Callable[[str], Loc] = lambda key: ("capabilities", key)  # noqa: E731
    if can.binding is Binding.DIGEST and can.proof is not ProofKind.JWS:
        yield Contradiction(
            at("binding"), "digest-without-proof", "a digest binds only where a signed proof carries it",
            "write `proof: JWS`, or another `binding`",
        )  # fmt: skip
    for key, given in (("void_window", can.void_window), ("void_reasons", can.void_reasons)):
        if given and not can.void:
            yield Contradiction(
                at(key),
                "void-without-void",
                f"`{key}` is given, and `void` is false",
                f"delete `{key}`, or void",
            )
    if can.idempotency_life and can.idempotency is Idempotency.NONE:
        yield Contradiction(
            at("idempotency_life"), "life-of-nothing", "`idempotency` is NONE, and yet it has a life",
            "write KEY or CONTENT, or delete `idempotency_life`",
        )  # fmt: skip
    if can.delivery is Delivery.WEBHOOK and not can.lookup_by_reference:
        yield Contradiction(
            at("delivery"), "webhook-without-lookup", "what a webhook says counts only once it is looked up",
            "a platform without look-up by our reference cannot be connected by WEBHOOK",
        )  # fmt: skip


def _windows(manifest: ManifestPart) -> Iterator[Contradiction]:
    can = manifest.capabilities
    if can.settle_time > can.lookup_window:
        yield Contradiction(
            ("capabilities", "lookup_window"), "window-too-short",
            "references are forgotten before NOT_FOUND can be believed", "`lookup_window` has to exceed `settle_time`",
        )  # fmt: skip
    if manifest.connect_timeout > can.send_timeout:
        yield Contradiction(
            ("connect_timeout",), "timeout-too-long", "connecting may not take longer than `send_timeout`",
            "write a shorter time",
        )  # fmt: skip


def _parts(manifest: ManifestPart) -> Iterator[Contradiction]:
    can, operations = manifest.capabilities, manifest.operations
    for name, capable, key in (
        ("lookup", can.lookup_by_reference, "lookup_by_reference"),
        ("void", can.void, "void"),
    ):
        there = getattr(operations, name) is not None
        if capable and not there:
            yield Contradiction(
                ("capabilities", key), "operation-missing", f"`{key}` is true, and `operations` has no `{name}`",
                f"add `{name}` to `operations`, or write false",
            )  # fmt: skip
        if there and not capable:
            yield Contradiction(
                ("operations", name), "operation-unused", f"`{name}` is described, and `{key}` is false",
                "write true, or delete the operation",
            )  # fmt: skip
    signed = can.proof is ProofKind.JWS
    for part, there in (
        ("proof", manifest.proof is not None),
        ("operations.keys", operations.keys is not None),
    ):
        if signed and not there:
            yield Contradiction(
                ("capabilities", "proof"), "proof-incomplete", f"signed proofs need `{part}`", f"add `{part}`"
            )
        if there and not signed:
            yield Contradiction(
                tuple(part.split(".")), "proof-unused", f"`{part}` is for signed proofs, and `proof` is STATUS",
                "delete it, or write `proof: JWS`",
            )  # fmt: skip


def _auth(manifest: ManifestPart) -> Iterator[Contradiction]:
    auth = manifest.auth
    if auth.api_key and (auth.api_key.header is None) == (auth.api_key.query is None):
        yield Contradiction(
            ("auth", "api_key"), "key-place", "the key stands in a header or in the query",
            "write one of `header` and `query`",
        )  # fmt: skip
    if auth.basic and auth.oauth2:
        yield Contradiction(
            ("auth", "basic"), "two-authorisations", "`basic` and `oauth2` both write the header authorization",
            "keep one of the two",
        )  # fmt: skip
    headers = [name for name in (auth.api_key.header if auth.api_key else None,) if name]
    if auth.hmac:
        headers += [
            name for name in (auth.hmac.header, auth.hmac.timestamp_header, auth.hmac.key_id_header) if name
        ]
    headers += ["authorization"] * bool(auth.basic or auth.oauth2)
    for twice in sorted({name for name in headers if headers.count(name) > 1}):
        yield Contradiction(
            ("auth",),
            "header-twice",
            f"the header `{twice}` is written twice",
            "give each a header of its own",
        )


def _operations(manifest: ManifestPart) -> Iterator[Contradiction]:
    for name in OperationName:
        part = getattr(manifest.operations, name.value)
        if part is None:
            continue
        yield from _path(name, part.path)
        if isinstance(part, OperationPart):
            yield from _operation(name, part, manifest)


def _path(name: OperationName, path: str) -> Iterator[Contradiction]:
    at: Loc = ("operations", name.value, "path")
    rest = path
    for known in IN_PATHS & set(NAMES[name]):
        rest = rest.replace(f"{{{known}}}", "x")
    if not path.startswith("/") or any(mark in rest for mark in "?#\\ "):
        yield Contradiction(
            at, "bad-path", "a path begins with `/` and has neither query nor fragment",
            "write what follows the address; `query` has a key of its own",
        )  # fmt: skip
    elif any(step in (".", "..") for step in rest.split("/")) or "//" in rest:
        yield Contradiction(
            at, "bad-path", "the path leads elsewhere than it says", "write it without `..` and `//`"
        )
    if "{" in rest or "}" in rest:
        can = ", ".join(f"{{{known}}}" for known in sorted(IN_PATHS & set(NAMES[name]))) or "no names"
        yield Contradiction(
            at,
            "unknown-name",
            f"the path of {name.value} can hold {can}",
            "write one of these, or leave it out",
        )


def _operation(name: OperationName, part: OperationPart, manifest: ManifestPart) -> Iterator[Contradiction]:
    at: Loc = ("operations", name.value)
    if part.body is not None and part.method == "GET":
        yield Contradiction((*at, "body"), "body-of-get", "a GET has no body", "write POST, or use `query`")
    known = {reads for reads in ("e_cert_id", "reference") if reads in NAMES[name]}
    meant = {answer.means for answer in part.answers}
    reads = merged(manifest.reads, part.reads)
    seen: list[tuple[int, int]] = []
    for number, answer in enumerate(part.answers):
        yield from _answer(name, answer, reads, (*at, "answers", number), seen)
    if name is OperationName.SUBMIT and not meant & {Meaning.ISSUED, Meaning.PENDING}:
        yield Contradiction(
            (*at, "answers"),
            "never-issues",
            "no answer means ISSUED or PENDING",
            "say what an issued one looks like",
        )
    content = manifest.capabilities.idempotency is Idempotency.CONTENT
    if name is OperationName.SUBMIT and content and Meaning.DUPLICATE not in meant:
        yield Contradiction(
            (*at, "answers"), "never-duplicate", "`idempotency` is CONTENT, and no answer means DUPLICATE",
            "say what a duplicate looks like, or write KEY",
        )  # fmt: skip
    if Meaning.PENDING in meant and manifest.operations.lookup is None:
        yield Contradiction(
            (*at, "answers"), "pending-without-lookup", "what is PENDING cannot be looked up",
            "add `lookup`, or let it mean UNKNOWN",
        )  # fmt: skip
    if not known & _names_used(part):
        [wanted] = sorted(known)[:1]
        yield Contradiction(
            at, "about-nothing", f"a request to {name.value} does not say which `{wanted}` it is about",
            f"write {{{wanted}}} in the path, or {{from: {wanted}}} in query, headers or body",
        )  # fmt: skip


def _names_used(part: OperationPart) -> set[str]:
    """The names that the request mentions, as far as its text can tell."""
    text = f"{part.path} {part.query} {part.headers} {part.body}"
    return {name for name in ("reference", "e_cert_id") if name in text}


def _answer(
    name: OperationName, answer: AnswerPart, reads: ReadsPart, at: Loc, seen: list[tuple[int, int]]
) -> Iterator[Contradiction]:
    means, bare = answer.means, answer.when is None and not answer.headers
    if means not in MEANINGS[name]:
        can = ", ".join(sorted(MEANINGS[name]))
        yield Contradiction(
            (*at, "means"),
            "wrong-meaning",
            f"an answer to {name.value} cannot mean {means.value}",
            f"write one of {can}",
        )
        return
    needs = {
        Meaning.ISSUED: ("e_cert_id", "proof"), Meaning.DUPLICATE: ("e_cert_id", "proof"),
        Meaning.REJECTED: ("codes", "code"), Meaning.TOLD: ("status",),
    }.get(means, ())  # fmt: skip
    if lacks := [key for key in needs if getattr(reads, key) is None]:
        row = " and ".join(f"`{key}`" for key in lacks)
        yield Contradiction(
            (*at, "means"), "unreadable-meaning", f"{means.value} needs to know where {row} stands",
            f"add {row} to `reads`",
        )  # fmt: skip
    yield from _wrong_status(name, answer, at, bare=bare)
    if all(any(first <= low and high <= last for first, last in seen) for low, high in answer.status):
        yield Contradiction(
            (*at, "status"), "unreachable-answer", "clauses before this one take every such answer",
            "put it before them, or delete it",
        )  # fmt: skip
    if bare:
        seen.extend(answer.status)


def _wrong_status(name: OperationName, answer: AnswerPart, at: Loc, *, bare: bool) -> Iterator[Contradiction]:
    means = answer.means
    if means in _DONE and any(low < 200 or high > 299 for low, high in answer.status):
        yield Contradiction(
            (*at, "status"), "success-by-error", f"{means.value} is said by a status of 200 to 299 only",
            "let this status mean UNKNOWN",
        )  # fmt: skip
    if means is Meaning.NOT_FOUND and bare:
        yield Contradiction(
            (*at, "means"), "bare-not-found", "such an answer may come from anything on the way to the platform",
            "add a `when` or `headers` that only the platform's own answer fits",
        )  # fmt: skip
    clear = means is not Meaning.UNKNOWN and name in (OperationName.SUBMIT, OperationName.VOID)
    if clear and bare and any(high >= 500 or low <= 408 <= high for low, high in answer.status):
        yield Contradiction(
            (*at, "means"), "bare-failure", "after 408 or 5xx it is not known whether anything was done",
            "add a `when` or `headers` that only the platform's own answer fits, or let it mean UNKNOWN",
        )  # fmt: skip


_DONE = (Meaning.ISSUED, Meaning.TOLD, Meaning.VOIDED)


def merged(general: ReadsPart, own: ReadsPart | None) -> ReadsPart:
    """What an operation reads: its own, and for the rest what all do."""
    if own is None:
        return general
    given = {key: value for key in ReadsPart.model_fields if (value := getattr(own, key)) is not None}
    return general.model_copy(update=given)
