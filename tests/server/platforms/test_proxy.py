"""Every way in which a network can spoil a request: how it ends, what the platform got of it, and that it went once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from engine.platform import Issued, NotFound, NotSent, Platform, Told, Unknown, Voided
from server.platforms.transport import Limits, Lost, Transport
from server.sandbox import Sandbox
from tests.proxy import NOT_HANDED_ON, Proxy, Spoil, between, nobody_accepts, nobody_listens
from tests.server.platforms.conftest import asking, submission_of

Get = Callable[[str], Awaitable[Any]]

LOST = tuple(spoil for spoil in Spoil if spoil not in {Spoil.PASS, *NOT_HANDED_ON})


def patience(spoil: Spoil) -> float:
    """Seconds to wait for an answer: few where none will come."""
    return 0.5 if spoil in (Spoil.HANG_BEFORE, Spoil.HANG_AFTER, Spoil.SLOW_DRIP) else 5


@pytest.fixture
async def get(sandbox: Sandbox) -> AsyncIterator[Get]:
    """Asks the sandbox itself, past the proxy."""
    async with aiohttp.ClientSession() as session:

        async def _get(path: str) -> Any:
            async with session.get(sandbox.url + path) as response:
                return await response.json()

        yield _get


def asked(platform: Platform, operation: str, e_cert_id: str) -> Awaitable[Any]:
    """Asks one of the operations, for a submission or the certificate of an earlier one."""
    match operation:
        case "submit":
            return platform.submit(submission_of())
        case "lookup":
            return platform.lookup(submission_of(order_id="B").reference)
        case "status":
            return platform.status(e_cert_id)
        case _:
            return platform.void(e_cert_id, "cancelled")


@pytest.mark.parametrize("spoil", sorted(NOT_HANDED_ON))
async def test_request_that_does_not_arrive(sandbox, submission, get, spoil):
    """Bytes left and may have arrived: Unknown, though here the platform has nothing."""
    async with (
        between(Proxy(sandbox.url, [spoil])) as proxy,
        asking(proxy.url, seconds=patience(spoil)) as platform,
    ):
        outcome = await platform.submit(submission)
        found = await platform.lookup(submission.reference)
    assert (Unknown, NotFound()) == (type(outcome), found)
    assert [] == (await get("/ledger"))["entries"]


@pytest.mark.parametrize("spoil", sorted(LOST))
async def test_answer_that_does_not_arrive(sandbox, submission, get, spoil):
    """The platform has it, and its answer is lost: Unknown; the look-up finds the one certificate."""
    async with (
        between(Proxy(sandbox.url, [spoil])) as proxy,
        asking(proxy.url, seconds=patience(spoil)) as platform,
    ):
        outcome = await platform.submit(submission)
        found = await platform.lookup(submission.reference)
    assert (Unknown, Issued) == (type(outcome), type(found))
    assert {"submit": 1, "lookup": 1} == await get("/arrived")
    assert 1 == len((await get("/ledger"))["entries"])


async def test_slow_answer_in_time(sandbox, submission):
    """An answer that drips in and is whole in time is an answer."""
    proxy = Proxy(sandbox.url, [Spoil.SLOW_DRIP], drip=0)
    async with between(proxy), asking(proxy.url, seconds=5) as platform:
        assert isinstance(await platform.submit(submission), Issued)


@pytest.mark.parametrize("place", [nobody_listens, nobody_accepts])
async def test_no_connection(submission, place):
    """Where there is no connection nothing left: NotSent, whatever is asked."""
    async with place() as url, asking(url, seconds=0.4) as platform:
        outcomes = [await asked(platform, name, "SBX-1") for name in ("submit", "lookup", "status", "void")]
    assert [NotSent] * 4 == [type(outcome) for outcome in outcomes]


@pytest.mark.parametrize("spoil", sorted({*NOT_HANDED_ON, *LOST}))
@pytest.mark.parametrize("operation", ["submit", "lookup", "status", "void"])
async def test_spoilt_on_a_kept_connection(sandbox, get, operation, spoil):
    """On a connection that has served before it is the same, and nothing is silently sent again."""
    async with between(Proxy(sandbox.url)) as proxy, asking(proxy.url, seconds=patience(spoil)) as platform:
        issued = await platform.submit(submission_of(order_id="B"))
        before = Counter(await get("/arrived"))
        proxy.plan.append(spoil)
        outcome = await asked(platform, operation, issued.e_cert_id)
        connections = proxy.connections
    arrived = Counter(await get("/arrived")) - before
    got = 0 if spoil in NOT_HANDED_ON - {Spoil.HALF_REQUEST} else 1
    assert (Unknown, 2, 1) == (type(outcome), len(proxy.happened), connections)
    # Of half a request the platform may have met the head.
    assert arrived[operation] == got or spoil is Spoil.HALF_REQUEST


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/health"), ("PUT", "/v1/x"), ("DELETE", "/faults")])
@pytest.mark.parametrize(("resends", "expected"), [(False, 2), (True, 3)])
async def test_aiohttp_resends_silently_unless_told(sandbox, method, path, resends, expected):
    """The HTTP library sends again what may be repeated when a kept connection drops; ours is told not to."""
    limits = Limits(connect=2, total=2)
    transport = await Transport.open()
    transport._session._retry_connection |= resends
    async with between(Proxy(sandbox.url, [Spoil.PASS, Spoil.LOST_REPLY, Spoil.LOST_REPLY])) as proxy:
        await transport.exchange("GET", proxy.url + "/v1/health", None, limits)
        lost = await transport.exchange(method, proxy.url + path, None, limits)
        await transport.close()
    assert (True, expected) == (isinstance(lost, Lost) and lost.sent, len(proxy.happened))


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_storm(sandbox, get, seed):
    """In a storm each submission goes once, no outcome is taken for another, and look-ups find what there is."""
    orders = [submission_of(order_id=f"S-{number}") for number in range(60)]
    async with (
        between(Proxy(sandbox.url, rate=0.6, seed=seed, drip=0.001)) as proxy,
        asking(proxy.url, seconds=2) as platform,
    ):
        outcomes = await asyncio.gather(*(platform.submit(order) for order in orders))
        spoilt, proxy.rate = Counter(proxy.happened), 0
        found = [await platform.lookup(order.reference) for order in orders]
    kept = {entry["reference"] for entry in (await get("/ledger"))["entries"]}
    assert len(orders) == sum(spoilt.values())
    assert {Issued, Unknown} == {type(outcome) for outcome in outcomes}
    assert [order.reference in kept for order in orders] == [isinstance(one, Issued) for one in found]
    assert [one for one in outcomes if isinstance(one, Issued)] == [
        one for one, outcome in zip(found, outcomes, strict=True) if isinstance(outcome, Issued)
    ]
    assert len(kept) == len(orders) - sum(spoilt[spoil] for spoil in NOT_HANDED_ON)


async def test_same_storm(sandbox):
    """The same seed spoils the same again."""
    storms = []
    for _ in range(2):
        proxy = Proxy(sandbox.url, rate=0.5, seed=4, spoils=(Spoil.LOST_REPLY, Spoil.RESET_BEFORE))
        async with between(proxy), asking(proxy.url) as platform:
            for _ in range(20):
                await platform.health()
        storms.append(proxy.happened)
    assert (storms[0], 3) == (storms[1], len(set(storms[0])))


async def test_void_and_status_pass(sandbox, submission):
    """What is not spoilt is as if there were no proxy."""
    async with between(Proxy(sandbox.url)) as proxy, asking(proxy.url) as platform:
        issued = await platform.submit(submission)
        answers = [
            await platform.status(issued.e_cert_id),
            await platform.void(issued.e_cert_id, "cancelled"),
        ]
    assert [Told, Voided] == [type(answer) for answer in answers]
    assert Counter(POST=2, GET=1) == proxy.methods
