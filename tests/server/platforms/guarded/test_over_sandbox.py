"""The same over a real sandbox, which fails as platforms do."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from engine.platform import Duplicate, Issued, NotFound, NotSent, Platform, Retryable, Submission, Unknown
from server.platforms import open_platforms, sandbox_manifest
from server.platforms.guarded import Care, Guarded
from server.sandbox import start_sandbox
from tests.server.platforms.conftest import Post, submission_of, utc_now


@pytest.fixture
async def guarded(platform: Platform) -> Guarded:
    """The sandbox, asked with care and with short rests."""
    return Guarded(platform, Care(least_calls=10, rest=0.2, longest_rest=1.0))


async def arrived(url: str, operation: str) -> int:
    """How many requests of an operation the sandbox got."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}/arrived") as answer:
        counts: dict[str, Any] = await answer.json()
        return int(counts.get("arrived", counts).get(operation, 0))


async def test_too_many_for_a_moment(
    guarded: Guarded, submission: Submission, post: Post, sandbox: Any
) -> None:
    """A platform that is busy twice issues at the third time, under the one reference."""
    await post("/faults", fault="too_many", times=2)
    assert isinstance(await guarded.submit(submission), Issued)
    assert 3 == await arrived(sandbox.url, "submit")


async def test_too_many_for_long(guarded: Guarded, submission: Submission, post: Post, sandbox: Any) -> None:
    """One that says to come back when no time is left gets nothing more; what it said is the outcome."""
    await post("/faults", fault="too_many", seconds=60, times=None)
    assert isinstance(await guarded.submit(replace(submission, left=lambda: 10.0)), Retryable)
    assert 1 == await arrived(sandbox.url, "submit")


@pytest.mark.parametrize("fault", ["drop_reply", "half_reply", "error_after_commit", "error_before_commit"])
async def test_never_again_after_unknown(
    guarded: Guarded, submission: Submission, post: Post, sandbox: Any, fault: str
) -> None:
    """What may have been processed is not sent again."""
    await post("/faults", fault=fault)
    assert isinstance(await guarded.submit(submission), Unknown)
    assert 1 == await arrived(sandbox.url, "submit")


async def test_down_and_up_again(guarded: Guarded, post: Post, sandbox: Any) -> None:
    """A platform that is down is left alone after ten failures, whatever is to be submitted, and found when it is back."""
    await post("/faults", fault="down", times=None)
    answers = await asyncio.gather(*(guarded.submit(submission_of(f"og-{n}")) for n in range(10)))
    assert {Unknown} == {type(answer) for answer in answers}
    answers = await asyncio.gather(*(guarded.submit(submission_of(f"og-x{n}")) for n in range(50)))
    assert ({NotSent}, 10) == ({type(answer) for answer in answers}, await arrived(sandbox.url, "submit"))
    assert NotFound() == await guarded.lookup(submission_of("og-0").reference)
    async with aiohttp.ClientSession() as session, session.delete(f"{sandbox.url}/faults"):
        pass
    await asyncio.sleep(0.25)
    # Fifty at once: one is the probe, and no other is sent.
    answers = await asyncio.gather(*(guarded.submit(submission_of(f"og-y{n}")) for n in range(50)))
    assert (49, 11) == (
        sum(isinstance(answer, NotSent) for answer in answers),
        await arrived(sandbox.url, "submit"),
    )
    answers = [await guarded.submit(submission_of(f"og-z{n}")) for n in range(12)]
    assert {Issued, Duplicate} >= {type(answer) for answer in answers}


@pytest.fixture
async def narrow(sandbox: Any) -> AsyncIterator[Guarded]:
    """The sandbox, as one that takes three calls at the same time."""
    manifest = sandbox_manifest(sandbox.url, sandbox_allowed=True)
    manifest = replace(manifest, capabilities=replace(manifest.capabilities, calls_at_once=3))
    async with await open_platforms([manifest], utc_now) as platforms:
        platform = platforms.find("sandbox")
        assert platform
        yield Guarded(platform)


async def test_three_at_once(narrow: Guarded, post: Post) -> None:
    """Nine slow calls take three times as long as one, and all are answered."""
    await post("/faults", fault="latency", operation="lookup", seconds=0.2, times=None)
    began = asyncio.get_running_loop().time()
    answers = await asyncio.gather(*(narrow.lookup(submission_of(f"og-{n}").reference) for n in range(9)))
    took = asyncio.get_running_loop().time() - began
    assert ([NotFound()] * 9, True) == (answers, took >= 0.6)


async def test_nobody_there(submission: Submission) -> None:
    """Where nobody listens it is tried three times, and nothing was sent."""
    running = await start_sandbox()
    await running.stop()
    manifest = sandbox_manifest(running.url, sandbox_allowed=True)
    async with await open_platforms([manifest], utc_now) as platforms:
        platform = platforms.find("sandbox")
        assert platform
        assert isinstance(await Guarded(platform).submit(submission), NotSent)
