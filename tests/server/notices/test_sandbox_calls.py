"""The sandbox calls the server that asks it, over real sockets and by a real manifest."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from engine.case import CaseState
from engine.rulebook import Rulebook
from server.app import started
from server.notices import NoticePort, bound
from server.platforms import Manifest, open_platforms
from server.platforms.accounts import Account, Accounts
from server.platforms.manifest_file import read_manifest
from server.platforms.secret import Secret
from server.sandbox import SandboxSettings, start_sandbox
from server.settings import Settings
from server.shipped import shipped_platforms
from server.store import Store
from tests.server.platforms.test_notices import KEY
from tests.server.workflow.conftest import *  # noqa: F403 - the store and the clock of the workflow's tests
from tests.server.workflow.house import TENANT, Clock, House, order, sites

SEALED = "hmac: {header: x-notice-signature, timestamp_header: x-notice-time}"
SIGNED = "jws: {}"
READS = "reads: {reference: about.reference, platform_id: about.id, e_cert_id: about.e_cert_id}"


def calling(url: str, by: str) -> Manifest:
    """The shipped manifest of the sandbox, of one that calls."""
    text = (shipped_platforms() / "sandbox.yaml").read_text("utf-8")
    text = text.replace("  void: true\n", "  void: true\n  delivery: WEBHOOK\n")
    manifest = read_manifest("sandbox.yaml", f"{text}\nnotices:\n  {by}\n  {READS}\n").manifest
    assert isinstance(manifest, Manifest)
    return replace(manifest, base_url=url, proof=replace(manifest.proof, sandbox_allowed=True))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """What a test asks the sandbox with."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize(("by", "key"), [(SEALED, KEY), (SIGNED, "")], ids=["sealed", "signed"])
async def test_decided_later(
    store: Store, rulebook: Rulebook, clock: Clock, session: aiohttp.ClientSession, by: str, key: str
) -> None:
    """What the sandbox decides later is certified once it has called, long before it would have been asked."""
    async with AsyncExitStack() as stack:
        sandbox = await start_sandbox(SandboxSettings(clock=clock))
        stack.push_async_callback(sandbox.stop)
        accounts = Accounts(
            "accounts", {(TENANT, "sandbox"): Account(TENANT, "sandbox", {"notice_key": Secret(KEY)})}
        )
        platforms = await stack.enter_async_context(
            await open_platforms([calling(sandbox.url, by)], clock, accounts)
        )
        house = House(store, rulebook, clock, platforms.among(["sandbox"]), sites("sandbox"))
        stack.push_async_callback(house.tasks.finish, 0)
        port = NoticePort(platforms, house.noticing.noticed, clock)
        address = await bound(port, "127.0.0.1:0", stack, None, shared=False)

        async def post(path: str, **body: object) -> dict[str, object]:
            async with session.post(f"{sandbox.url}{path}", json=body) as answer:
                told: dict[str, object] = await answer.json()
                return told

        await post("/faults", fault="review")
        case = (await house.begun(order())).case
        [attempt] = (await house.case(case.name)).attempts
        await post("/review", reference=attempt.reference)
        await house.reconciled(seconds=1)
        assert CaseState.IN_REVIEW == (await house.case(case.name)).case.state
        told = {"url": f"http://{address}/v1/notices/sandbox", "reference": attempt.reference}
        assert {"status": 401} == await post("/notices", **told, key="another")
        assert {"status": 204} == await post("/notices", **told, key=key)
        await house.reconciled()
        assert CaseState.CERTIFIED == (await house.case(case.name)).case.state


async def test_on_this_machine_only(session: aiohttp.ClientSession) -> None:
    """The sandbox calls nobody beyond this machine."""
    sandbox = await start_sandbox()
    async with session.post(f"{sandbox.url}/notices", json={"url": "http://partner.example/"}) as answer:
        assert 400 == answer.status
    await sandbox.stop()


async def test_served(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """A server takes notices at the address that its settings give, of the platforms that send some."""
    settings = Settings(
        listen="127.0.0.1:0",
        platform_notices="127.0.0.1:0",
        database=f"sqlite:///{tmp_path}/og.db",
        embedded_sandbox=True,
    )
    async with started(settings) as addresses:
        assert addresses.notices is not None
        async with session.post(f"http://{addresses.notices}/v1/notices/sandbox", data=b"{}") as answer:
            assert 404 == answer.status


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ({"platform_notices": "here"}, "write it as host:port"),
        ({"platform_notices": "0.0.0.0:8080"}, "can be reached from other machines"),
    ],
)
def test_settings(given: dict[str, str], because: str) -> None:
    """An address that is none, and one that others reach without TLS, stop the start."""
    with pytest.raises(ValueError, match=because):
        Settings(**given)  # type: ignore[arg-type]
