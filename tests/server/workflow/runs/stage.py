"""Service and sandbox in one process: the real adapter over real sockets, a real store, and a clock that a run moves."""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp

from engine.platform import Platform, ProofKind, PublicKeys
from engine.rulebook import Rulebook
from server.platforms import Guarded, HttpPlatform, Manifest, sandbox_manifest
from server.platforms.adapter import limits_of
from server.platforms.addresses import GuardedResolver
from server.platforms.auth.authentication import Authentication
from server.platforms.auth.kinds import NO_AUTH
from server.platforms.guarded.care import Care
from server.platforms.guarded.pauses import Pauses
from server.platforms.keys import read_jwks
from server.platforms.transport import CONNECTIONS, Transport
from server.sandbox import Sandbox, SandboxSettings, start_sandbox
from server.sandbox.signing import SigningKeys
from server.store import Store
from tests.server.platforms.by_fields import manifest_by_fields
from tests.server.workflow.house import PATIENCE, Clock, House, sites
from tests.server.workflow.runs.watched import Books, Watched

# In real time: a platform that takes longer is not heard any more.
SEND_TIMEOUT = timedelta(seconds=0.25)
WINDOW = timedelta(hours=3)
# A submission may be under way for so long after it was sent, by the clock of the run; then "not found" is believed.
BELIEVED = PATIENCE.attempt + PATIENCE.settle


class Stage:
    """A sandbox on disk and a server that asks it; each can die and come back."""

    def __init__(
        self, store: Store, rulebook: Rulebook, clock: Clock, folder: Path, by_fields: ProofKind | None = None
    ) -> None:
        """With `by_fields` certificates are bound by fields and proved so; else by our digest."""
        self._by_fields = by_fields
        # Whether the platform replaces certificates in one step, as the server is told.
        self.replaces = True
        self._store = store
        self._rulebook = rulebook
        self.clock = clock
        self._folder = folder
        self._resources = AsyncExitStack()
        self.books = Books(BELIEVED)
        self.owners = 0
        # Submissions that arrived at sandboxes that are gone.
        self._arrived_before = 0

    async def begins(self) -> None:
        """Starts both."""
        self._calls = aiohttp.ClientSession()
        self.sandbox = await start_sandbox(self._sandbox_settings(0))
        await self.server_starts()

    async def ends(self) -> None:
        """Stops both."""
        await self.house.tasks.finish(0)
        await self._resources.aclose()
        await self._calls.close()
        await self.sandbox.stop()

    def _sandbox_settings(self, port: int) -> SandboxSettings:
        by_fields = self._by_fields is not None
        return SandboxSettings(
            port=port, state=self._folder / "sandbox", clock=self.clock, by_fields=by_fields
        )

    def _manifest(self) -> Manifest:
        url = self.sandbox.url
        if self._by_fields is None:
            manifest = sandbox_manifest(url, sandbox_allowed=True)
        else:
            manifest = manifest_by_fields(url, self._by_fields, PATIENCE.settle)
        can = replace(
            manifest.capabilities, send_timeout=SEND_TIMEOUT, lookup_window=WINDOW, replace=self.replaces
        )
        return replace(manifest, capabilities=can, connect_timeout=SEND_TIMEOUT)

    async def server_starts(self) -> None:
        """A server's process, on the records that there are."""
        self.owners += 1
        manifest = self._manifest()
        transport = await Transport.open(CONNECTIONS, resolver=GuardedResolver(manifest.network))
        self._resources.push_async_callback(transport.close)
        authentication = Authentication(NO_AUTH, {}, transport, limits_of(manifest), self.clock)
        adapter = HttpPlatform(manifest, transport, authentication, self.clock, self._seconds)
        self.adapter: Platform = adapter
        care = Care()
        guarded = Guarded(
            Watched(adapter, self.books, self.clock),
            care,
            monotonic=self._seconds,
            sleep=self._sleeps,
            pauses=Pauses(care, lambda: 0.5),
        )
        owner = f"owner-{self.owners}"
        self.house = House(self._store, self._rulebook, self.clock, (guarded,), sites("sandbox"), owner=owner)

    def _seconds(self) -> float:
        return self.clock.now.timestamp()

    async def _sleeps(self, seconds: float) -> None:
        self.clock.passes(seconds)
        await asyncio.sleep(0)

    async def server_dies(self) -> None:
        """The server's process dies with all that it was doing; another takes its place."""
        await self.house.tasks.finish(0)
        await self._resources.aclose()
        # A commit that was under way is done, or not, before another process reads.
        await self._store.write(lambda _: None)
        await self.server_starts()

    async def sandbox_restarts(self) -> None:
        """The platform goes away, and comes back with all that it had kept."""
        self._arrived_before = await self.arrived()
        port = int(self.sandbox.url.rpartition(":")[2])
        await self.sandbox.stop()
        self.sandbox: Sandbox = await start_sandbox(self._sandbox_settings(port))

    async def call(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        """What the sandbox answers one who asks it by hand."""
        data = json.dumps(body) if method == "POST" else None
        async with self._calls.request(method, f"{self.sandbox.url}{path}", data=data) as response:
            return response.status, await response.json(content_type=None)

    async def fails(self, *faults: dict[str, Any]) -> None:
        """From now on only these faults are set."""
        await self.call("DELETE", "/faults")
        for fault in faults:
            status, told = await self.call("POST", "/faults", **fault)
            assert status == 200, told

    async def entries(self) -> list[dict[str, str]]:
        """Every submission that the sandbox took, with what became of it."""
        _, told = await self.call("GET", "/ledger")
        entries: list[dict[str, str]] = told["entries"]
        return entries

    async def arrived(self) -> int:
        """How many submissions have arrived at the sandbox, as requests."""
        _, told = await self.call("GET", "/arrived")
        return self._arrived_before + int(told.get("submit", 0)) + int(told.get("replace", 0))

    def published(self) -> PublicKeys:
        """The sandbox's keys from its disk: a fault of the network does not keep them from us."""
        return read_jwks(SigningKeys(self._folder / "sandbox").jwks()) or {}
