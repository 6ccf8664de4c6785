"""All endpoints of a server: one courier each."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Self

from server.platforms.transport import Transport
from server.store import Store
from server.webhooks.courier import Courier
from server.webhooks.endpoints import Endpoint
from server.webhooks.sending import Heard, Sender, unheard
from server.workflow.feed import Feed


class Outbox:
    """Delivers webhooks while it runs. Where there are no endpoints it does nothing."""

    def __init__(self, couriers: Iterable[Courier], transport: Transport) -> None:
        self._couriers = tuple(couriers)
        self._transport = transport
        self._running: list[asyncio.Task[None]] = []

    @classmethod
    async def begin(
        cls,
        endpoints: Iterable[Endpoint],
        store: Store,
        feed: Feed,
        clock: Callable[[], datetime],
        owner: str,
        heard: Heard = unheard,
    ) -> Self:
        """An outbox that delivers from now on; `stop` and `close` end it. Raises StoreError."""
        transport = await Transport.open()
        sender = Sender(transport, clock, heard)
        outbox = cls((Courier(store, feed, sender, each, clock, owner) for each in endpoints), transport)
        try:
            for courier in outbox._couriers:
                await courier.open()
        except BaseException:
            await transport.close()
            raise
        outbox._running = [asyncio.create_task(each.run(), name="webhooks") for each in outbox._couriers]
        return outbox

    def stop(self) -> None:
        """Begins no further delivery; those under way go on."""
        for courier in self._couriers:
            courier.stop()

    async def close(self, grace: float) -> None:
        """Stops, lets deliveries under way end within `grace` seconds, and cuts off the rest, which comes again."""
        self.stop()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
        await self._transport.close()
