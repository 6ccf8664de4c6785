"""A site is connected to a platform by a conformance run against the live platform, whose report is kept."""

import asyncio
import json
import secrets
from datetime import datetime
from weakref import WeakValueDictionary

from engine.declaration import Content
from engine.platform import Platform
from engine.site import Connection, SiteStep
from server.errors import NoPlatform
from server.platforms import Guarded, Platforms
from server.platforms.conformance import Buyer, Report, run
from server.platforms.conformance.forms import report_data
from server.store.covered import text_digest
from server.store.sites import SiteChangeRecord
from server.workflow.book import Clock
from server.workflow.registering import Registering
from server.workflow.requesting import Request, Requesting


class Connecting:
    """Tries the promises of platforms for sites. `within` is what counts as real time, in seconds."""

    def __init__(
        self,
        platforms: Platforms,
        requesting: Requesting,
        registering: Registering,
        clock: Clock,
        within: float,
    ) -> None:
        self._platforms = platforms
        self._requesting = requesting
        self._registering = registering
        self._clock = clock
        self._within = within
        # A run is on record only when it has ended. A lock lives as long as somebody has it or waits for it.
        self._runs: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def connect(
        self, request: Request, site_id: str, platform: str, content: Content, rounds: int, reason: str
    ) -> None:
        """Has a run made, and connects the site where it holds. Raises SiteNotFound, NoPlatform.

        The same request again waits for the run that goes on for it in this process.
        """
        ran: list[tuple[Report, datetime]] = []

        async def act() -> None:
            site = await self._registering.find(request.tenant, site_id)
            asked = self._platforms.find(platform)
            if asked is None:
                raise NoPlatform(site_id)
            if not ran:
                # What was bought is not bought again because somebody else changed the site meanwhile.
                ran.append((await self._run(asked, content, rounds), self._clock()))
            await self._record(request, site, *ran[0], reason)

        async with self._runs.setdefault((request.tenant, request.request_id), asyncio.Lock()):
            await self._requesting.once(request, act)

    async def _run(self, platform: Platform, content: Content, rounds: int) -> Report:
        # What the suite breaks on purpose says nothing of the platform: it must not open the breaker of live orders.
        bare = platform.bare if isinstance(platform, Guarded) else platform
        return await run(Buyer(bare, content, secrets.token_hex(6), clock=self._clock), rounds, self._within)

    async def _record(
        self, request: Request, site: SiteChangeRecord, report: Report, at: datetime, reason: str
    ) -> None:
        text = json.dumps(report_data(report), ensure_ascii=False)
        made = Connection(report.platform, report.manifest_digest, text_digest(text), at)
        connections = site.connections
        if report.holds:
            there = [one.platform for one in connections]
            connections = (
                tuple(made if one.platform == made.platform else one for one in connections)
                if made.platform in there
                else (*connections, made)
            )
        await self._registering.record_run(
            request,
            site,
            SiteStep.CONNECT if report.holds else SiteStep.NOT_CONNECTED,
            text,
            reason,
            connections=connections,
            platform=made.platform,
            run_digest=made.run_digest,
        )
