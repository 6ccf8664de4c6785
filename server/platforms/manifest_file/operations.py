"""Operations of a manifest that cannot be asked as they say, or that would take one answer for another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.platform import Binding, Idempotency, ProofKind
from server.platforms.manifest import IN_PATHS, MEANINGS, NAMES, Meaning, OperationName
from server.platforms.manifest_file.parts import AnswerPart, ManifestPart, OperationPart, ReadsPart
from server.platforms.manifest_file.places import Loc

Named = Mapping[OperationName, frozenset[str]]

# What brings a certificate.
_SUBMITS: Final = (OperationName.SUBMIT, OperationName.REPLACE)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What does not go together, at which key, and how to mend it."""

    at: Loc
    code: str
    message: str
    mend: str


def of_operations(manifest: ManifestPart, named: Named) -> Iterator[Contradiction]:
    """What does not go together in the operations. `named`: what each request takes values of."""
    for name in OperationName:
        part = getattr(manifest.operations, name.value)
        if part is None:
            continue
        yield from _path(name, part.path)
        if isinstance(part, OperationPart):
            yield from _operation(name, part, manifest)
            yield from _about(name, part, manifest, named.get(name, frozenset()))


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
    meant = {answer.means for answer in part.answers}
    reads = merged(manifest.reads, part.reads)
    seen: list[tuple[int, int]] = []
    signed = manifest.capabilities.proof is ProofKind.JWS
    for number, answer in enumerate(part.answers):
        yield from _answer(name, answer, reads, (*at, "answers", number), seen, signed=signed)
    if name in _SUBMITS and not meant & {Meaning.ISSUED, Meaning.PENDING}:
        yield Contradiction(
            (*at, "answers"),
            "never-issues",
            "no answer means ISSUED or PENDING",
            "say what an issued one looks like",
        )
    content = manifest.capabilities.idempotency is Idempotency.CONTENT
    if name in _SUBMITS and content and Meaning.DUPLICATE not in meant:
        yield Contradiction(
            (*at, "answers"), "never-duplicate", "`idempotency` is CONTENT, and no answer means DUPLICATE",
            "say what a duplicate looks like, or write KEY",
        )  # fmt: skip
    lookups = (manifest.operations.lookup, manifest.operations.lookup_by_id)
    if Meaning.PENDING in meant and lookups == (None, None):
        yield Contradiction(
            (*at, "answers"), "pending-without-lookup", "what is PENDING cannot be looked up",
            "add `lookup`, or let it mean UNKNOWN",
        )  # fmt: skip


_WANTED: Final[Mapping[OperationName, tuple[str, ...]]] = {
    OperationName.STATUS: ("e_cert_id",),
    OperationName.VOID: ("e_cert_id",),
    OperationName.LOOKUP_BY_ID: ("platform_id",),
}


def _about(
    name: OperationName, part: OperationPart, manifest: ManifestPart, named: frozenset[str]
) -> Iterator[Contradiction]:
    """Whether the request says what it is about."""
    can = manifest.capabilities
    wanted = _WANTED.get(name, ("reference",))
    if name is OperationName.LOOKUP_BY_ID and manifest.reads.platform_id is None:
        yield Contradiction(
            ("operations", name.value), "id-never-read", "`reads` does not say where the platform's id stands",
            "add `platform_id` to `reads`",
        )  # fmt: skip
    if name in _SUBMITS and can.idempotency is Idempotency.NONE and not can.lookup_by_reference:
        wanted = ()
    if name is OperationName.REPLACE:
        wanted = (*wanted, "replaces")
    for one in wanted:
        if one not in named and f"{{{one}}}" not in part.path:
            yield Contradiction(
                ("operations", name.value),
                "about-nothing",
                f"a request to {name.value} does not say which `{one}` it is about",
                f"write {{{one}}} in the path, or {{from: {one}}} in query, headers or body",
            )
    if name in _SUBMITS and can.binding is Binding.DIGEST and "digest" not in named:
        yield Contradiction(
            ("operations", name.value),
            "digest-not-sent",
            "`binding` is DIGEST, and the platform is not told the digest",
            "write {from: digest} in the body, or another `binding`",
        )


def _answer(
    name: OperationName,
    answer: AnswerPart,
    reads: ReadsPart,
    at: Loc,
    seen: list[tuple[int, int]],
    *,
    signed: bool,
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
    certificate = ("e_cert_id", "proof") if signed else ("e_cert_id",)
    needs = {
        Meaning.ISSUED: certificate, Meaning.DUPLICATE: certificate,
        Meaning.REJECTED: ("codes", "code"), Meaning.TOLD: ("status",),
    }.get(means, ())  # fmt: skip
    if lacks := [key for key in needs if getattr(reads, key) is None]:
        row = " and ".join(f"`{key}`" for key in lacks)
        yield Contradiction(
            (*at, "means"), "unreadable-meaning", f"{means.value} is read from {row}, and `reads` does not say where",
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
    clear = means not in (*_DONE, Meaning.UNKNOWN) and name in (*_SUBMITS, OperationName.VOID)
    if clear and bare and any(high >= 500 or low <= 408 <= high for low, high in answer.status):
        yield Contradiction(
            (*at, "means"), "bare-failure", "after 408 or 5xx it is not known whether anything was done",
            "add a `when` or `headers` that only the platform's own answer fits, or let it mean UNKNOWN",
        )  # fmt: skip


_DONE: Final = (Meaning.ISSUED, Meaning.TOLD, Meaning.VOIDED)


def merged(general: ReadsPart, own: ReadsPart | None) -> ReadsPart:
    """What an operation reads: its own, and for the rest what all do."""
    if own is None:
        return general
    given = {key: value for key in ReadsPart.model_fields if (value := getattr(own, key)) is not None}
    return general.model_copy(update=given)
