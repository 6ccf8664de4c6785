"""What every test of the border needs."""

from collections.abc import AsyncIterator

import pytest

from .serving import Client, serving


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client of a server that knows its own machine only."""
    async with serving() as client:
        yield client
