"""Where a manifest says things that cannot all be so, or that would take one answer for another."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Protocol

from engine.platform import Binding, Delivery, Idempotency, ProofKind
from server.platforms.manifest_file.comparing import of_compares
from server.platforms.manifest_file.noticed import of_notices
from server.platforms.manifest_file.operations import Contradiction, Named, of_operations
from server.platforms.manifest_file.parts import CapabilitiesPart, ManifestPart


def contradictions(manifest: ManifestPart, named: Named) -> Iterator[Contradiction]:
    """All that are there. `named`: what each operation's request takes values of."""
    yield from of_capabilities(manifest)
    yield from of_compares(manifest)
    for look in (_parts, _auth):
        yield from look(manifest)
    yield from of_notices(manifest)
    yield from of_operations(manifest, named)


class Capable(Protocol):
    """What says of a platform what it can do."""

    @property
    def capabilities(self) -> CapabilitiesPart:
        """What it can do."""

    @property
    def connect_timeout(self) -> timedelta:
        """How long connecting may take."""


def of_capabilities(manifest: Capable) -> Iterator[Contradiction]:
    """Those among what a platform can do, by whatever it is asked."""
    yield from _capabilities(manifest)
    yield from _windows(manifest)


def _capabilities(manifest: Capable) -> Iterator[Contradiction]:
    can = manifest.capabilities
    if can.binding is Binding.DIGEST and can.proof is not ProofKind.JWS:
        yield Contradiction(
            ("capabilities", "binding"), "digest-without-proof", "a digest binds only where a signed proof carries it",
            "write `proof: JWS`, or another `binding`",
        )  # fmt: skip
    for key, given in (("void_window", can.void_window), ("void_reasons", can.void_reasons)):
        if given and not can.void:
            yield Contradiction(
                ("capabilities", key),
                "void-without-void",
                f"`{key}` is given, and `void` is false",
                f"delete `{key}`, or void",
            )
    if can.idempotency_life and can.idempotency is Idempotency.NONE:
        yield Contradiction(
            ("capabilities", "idempotency_life"), "life-of-nothing", "`idempotency` is NONE, and yet it has a life",
            "write KEY or CONTENT, or delete `idempotency_life`",
        )  # fmt: skip
    if can.delivery is Delivery.WEBHOOK and not can.lookup_by_reference:
        yield Contradiction(
            ("capabilities", "delivery"), "webhook-without-lookup", "what a webhook says counts only once it is looked up",
            "a platform without look-up by our reference cannot be connected by WEBHOOK",
        )  # fmt: skip


def _windows(manifest: Capable) -> Iterator[Contradiction]:
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
        ("lookup_by_id", can.lookup_by_platform_id, "lookup_by_platform_id"),
        ("void", can.void, "void"),
        ("replace", can.replace, "replace"),
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
                ("operations",) if "." in part else ("capabilities",),
                "proof-incomplete",
                f"signed proofs need `{part}`",
                f"add `{part}`, or write `proof: STATUS` among the capabilities",
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
