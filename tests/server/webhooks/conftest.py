"""Couriers on real stores of both kinds, and a real HTTP server that takes what they deliver."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.platforms.transport import Limits, Transport
from server.store import Store
from server.webhooks.courier import Courier
from server.webhooks.endpoints import Endpoint
from server.webhooks.sending import Sender
from server.webhooks.signing import read_secrets
from server.workflow.feed import Feed
from tests.server.store.conftest import (  # noqa: F401
    address,
    postgresql,
    shared_postgresql,
    sqlite_template,
    upgraded_postgresql,
    upgraded_sqlite,
)
from tests.server.store.samples import MASTER, TENANT
from tests.server.webhooks.receiver import SECRET, Receiver, receiving

Making = Callable[..., Courier]


class Clock:
    """The moment; tests may let more of it pass."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


def endpoint(url: str, **changes: Any) -> Endpoint:
    """An endpoint with little patience."""
    said: dict[str, Any] = {
        "tenant": TENANT,
        "name": "orders",
        "url": url,
        "secrets": read_secrets(SECRET),
        "site_ids": frozenset(),
        "states": frozenset(),
        "from_beginning": True,
        "limits": Limits(1.0, 1.0),
        "at_once": 4,
        "tries": 3,
        "give_up_after": timedelta(hours=1),
        "longest_pause": timedelta(milliseconds=10),
    }
    return Endpoint(**said | changes)


@pytest.fixture
def clock() -> Clock:
    """The real time."""
    return Clock()


@pytest.fixture
def store(address: str, clock: Clock) -> Iterator[Store]:  # noqa: F811
    """An open store without any records."""
    opened = Store.open(address, clock, MASTER)
    yield opened
    opened.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Takes webhooks."""
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def courier(store: Store, receiver: Receiver, clock: Clock) -> AsyncIterator[Making]:
    """Makes a courier: of another owner, or to an endpoint that differs from the usual one."""
    transport = await Transport.open()

    def make(owner: str = "first", **changes: Any) -> Courier:
        to = endpoint(**{"url": receiver.url} | changes)
        return Courier(store, Feed(store), Sender(transport, clock), to, clock, owner)

    yield make
    await transport.close()
