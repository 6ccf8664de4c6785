"""The sandbox as a platform that certifies by fields: with signed proofs, or with statuses that are recorded."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from engine.platform import Platform, ProofKind
from server.platforms import Manifest, open_platforms
from server.platforms.manifest_file import read_manifest
from server.shipped import shipped_platforms
from tests.server.platforms.conftest import utc_now

COMPARES = """
compares:
  fields: {order.order_id: certified.order_number}
  goods: {each: 'certified.goods', id: number, fields: {hs: tariff, criterion: origin}}
  lines: {each: 'certified.positions', id: number, fields: {quantity: quantity}}
"""
FIELDS = (
    "declaration.goods[].criterion",
    "declaration.goods[].hs",
    "order.lines[].quantity",
    "order.order_id",
)


def manifest_text(kind: ProofKind) -> str:
    """The shipped manifest of the sandbox, as that of a platform whose certificates are bound by fields."""
    text = (shipped_platforms() / "sandbox.yaml").read_text("utf-8")
    text = text.replace("binding: DIGEST", "binding: CLAIMS") + COMPARES
    text = text.replace("reference: certificate.reference", "reference: certificate.reference || reference")
    if kind is ProofKind.STATUS:
        signed = "proof:\n  issuer: urn:origin-gate:sandbox\n"
        text = text.replace("proof: JWS", "proof: STATUS").replace(signed, "")
        text = text.replace("  keys: {path: /.well-known/jwks.json}\n", "")
    return text


def manifest_by_fields(url: str, kind: ProofKind, settle: timedelta) -> Manifest:
    """That manifest, for a sandbox at this address that is allowed."""
    read = read_manifest("sandbox.yaml", manifest_text(kind))
    assert isinstance(read.manifest, Manifest), read.problems
    return replace(
        read.manifest,
        base_url=url,
        capabilities=replace(
            read.manifest.capabilities, send_timeout=timedelta(seconds=5), settle_time=settle
        ),
        proof=replace(read.manifest.proof, sandbox_allowed=True),
    )


@asynccontextmanager
async def asking_by_fields(
    url: str,
    kind: ProofKind,
    clock: Callable[[], datetime] = utc_now,
    settle: timedelta = timedelta(seconds=5),
) -> AsyncIterator[Platform]:
    """The sandbox at that address, as it is asked by that manifest."""
    async with await open_platforms([manifest_by_fields(url, kind, settle)], clock) as platforms:
        platform = platforms.find("sandbox")
        assert platform
        yield platform
