"""How the ends of a sandbox's certificate are understood by the server's adapter."""

from datetime import timedelta

import aiohttp
import pytest

from engine.certificate import CertificateStatus
from engine.platform import Told, Voided
from server.sandbox import SandboxSettings, start_sandbox
from tests.server.platforms.conftest import asking, submission_of


@pytest.fixture
async def windowed():
    """A sandbox whose certificates can be voided for an hour."""
    running = await start_sandbox(SandboxSettings(void_window=timedelta(hours=1)))
    yield running
    await running.stop()


async def post(url: str, body: dict[str, object]) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status


async def test_replaced(sandbox, platform, submission):
    """A replaced certificate is told to be so, and a void of it is never taken for done."""
    issued = await platform.submit(submission)
    other = submission_of(order_id="B")
    body = {"reference": other.reference, "digest": other.digest, "content": dict(other.content)}
    assert 201 == await post(f"{sandbox.url}/v1/certificates/{issued.e_cert_id}/replace", body)
    told = await platform.status(issued.e_cert_id)
    assert (Told, CertificateStatus.REPLACED) == (type(told), told.status)
    assert not isinstance(await platform.void(issued.e_cert_id, "cancelled"), Voided)


async def test_expired(sandbox, platform, submission):
    """A certificate that expired by the platform's clock is told to be so."""
    issued = await platform.submit(submission)
    await post(f"{sandbox.url}/clock", {"forward_seconds": 365 * 86400})
    assert (await platform.status(issued.e_cert_id)).status is CertificateStatus.EXPIRED


async def test_void_window(windowed, submission):
    """A void that comes too late is never taken for done."""
    async with asking(windowed.url) as platform:
        issued = await platform.submit(submission)
        await post(f"{windowed.url}/clock", {"forward_seconds": 3601})
        assert not isinstance(await platform.void(issued.e_cert_id, "cancelled"), Voided)
        assert (await platform.status(issued.e_cert_id)).status is CertificateStatus.ACTIVE
