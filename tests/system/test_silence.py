"""Connections whose other end is gone without a word: nobody waits for TCP, which takes a quarter of an hour to notice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from origingate.client import AsyncClient, CallFailed, Client, Settings
from origingate.v1 import case_service_pb2

from server import keepalive
from server.app import started
from server.settings import Settings as ServerSettings
from tests.system.processes import EXAMPLES, Sandbox, Server, fresh, from_beginning
from tests.tunnel import tunnel

HERE = Settings(plaintext=True, deadline=30)
# In place of half a minute.
SOON = replace(HERE, options=(("grpc.keepalive_time_ms", 1000), ("grpc.http2.ping_timeout_ms", 1000)))


async def test_call(shared: Server) -> None:
    """A call that is safe to repeat is answered over another connection, within its deadline."""
    async with tunnel(shared.address) as way, AsyncClient(way.address, SOON) as there:
        request = fresh()
        first = await there.process_order(request)
        way.fall_silent()
        assert first.e_cert_id == (await there.process_order(request)).e_cert_id
        assert 2 <= way.connections


async def test_call_of_a_thread(shared: Server) -> None:
    """So it is with the client whose calls wait."""
    async with tunnel(shared.address) as way:
        with Client(way.address, SOON) as gate:
            request = fresh()
            first = await asyncio.to_thread(gate.process_order, request)
            way.fall_silent()
            assert first.e_cert_id == (await asyncio.to_thread(gate.process_order, request)).e_cert_id


async def test_watch(shared: Server) -> None:
    """A watch goes on over another connection, and misses nothing."""
    async with (
        tunnel(shared.address) as way,
        AsyncClient(way.address, SOON) as there,
        AsyncClient(shared.address, HERE) as direct,
    ):
        watch = there.watch_cases(from_beginning())
        await anext(watch)
        way.fall_silent()
        name = (await direct.process_order(fresh())).case.name
        async with asyncio.timeout(30):
            async for answer in watch:
                if answer.event.case_name == name:
                    break
        await watch.aclose()


async def test_watcher_that_is_gone(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place of a watcher that went without a word is free again: a tenant has only so many."""
    monkeypatch.setattr(keepalive, "SILENCE", 1000)
    monkeypatch.setattr(keepalive, "SIGN_OF_LIFE", 500)
    settings = ServerSettings(
        listen="127.0.0.1:0",
        database=f"sqlite:///{tmp_path}/og.db",
        sites=EXAMPLES / "sites.yaml",
        sandbox_url=sandbox.url,
        tenant_streams_at_once=1,
        heartbeat=300,
    )
    async with (
        started(settings) as addresses,
        tunnel(addresses.grpc) as way,
        AsyncClient(way.address, HERE) as gone,
        AsyncClient(addresses.grpc, HERE) as there,
    ):
        held = gone.watch_cases(from_beginning())
        await anext(held)
        assert "LIMIT_EXCEEDED" == await _refused(there.watch_cases(from_beginning()))
        way.fall_silent()
        async with asyncio.timeout(30):
            while await _refused(there.watch_cases(from_beginning())):  # noqa: ASYNC110 - the server cannot be asked when
                await asyncio.sleep(0.1)


async def _refused(watch: AsyncIterator[case_service_pb2.WatchCasesResponse]) -> str:
    """Why a watch is refused; nothing where it tells."""
    try:
        await anext(watch)
    except CallFailed as error:
        return error.reason
    return ""
