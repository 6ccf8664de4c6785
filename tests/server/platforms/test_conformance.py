"""What every adapter has to do, whatever platform stands behind it: each promise of the suite, over each adapter."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.platform import NotFound, Platform, ProofKind, Unknown
from server.platforms import Manifest, open_platforms
from server.platforms.conformance import PROMISES, Buyer, Promise, State, replacing, run, try_promise, voiding
from server.platforms.manifest_file import read_one
from server.sandbox import Sandbox, SandboxSettings, start_sandbox
from server.shipped import shipped_platforms
from tests.server.platforms.by_fields import asking_by_fields
from tests.server.platforms.by_id import asking_by_id
from tests.server.platforms.conftest import Post, submission_of, utc_now
from tests.server.platforms.fake import FakePlatform
from tests.server.platforms.harbour import harbour
from tests.server.platforms.providers import asking, built_example, manifest, running_example

ADAPTERS = ("sandboxed", "by_fields", "recorded", "harboured", "provided", "fake")
TEMPLATE = {**submission_of().content, "declaration": {"goods": {"1": {"hs": "721320", "criterion": "A"}}}}
SETTLE = timedelta(milliseconds=300)
# What an adapter does without promising it, and what it does not promise.
OTHERWISE = {
    ("fake", "same-reference"): State.MORE,
    ("fake", "same-content"): State.MORE,
    ("fake", "same-reference-at-once"): State.NOT_PROMISED,
    ("fake", "another-content"): State.NOT_PROMISED,
    ("fake", "lost-reply-again"): State.NOT_PROMISED,
    ("fake", "calls-at-once"): State.NOT_PROMISED,
    ("sandboxed", "calls-at-once"): State.NOT_PROMISED,
    ("by_fields", "calls-at-once"): State.NOT_PROMISED,
    ("by_fields", "wrong-digest"): State.NOT_PROMISED,
    ("recorded", "calls-at-once"): State.NOT_PROMISED,
    **{
        ("recorded", name): State.NOT_PROMISED
        for name in ("wrong-digest", "keys", "proof-changed", "proof-garbage", "lookup-proof")
    },
    ("provided", "calls-at-once"): State.NOT_PROMISED,
    **{
        (name, promise.name): State.NOT_PROMISED
        for name in ("fake", "harboured")
        for promise in replacing.PROMISES
    },
}
NOBODY = {"lookup-by-id", "calls-a-second", "most-lines", "void-reasons", "void-window"}


def sandbox_file(url: str) -> Manifest:
    """The shipped manifest of the sandbox, at this address."""
    manifest = read_one(shipped_platforms() / "sandbox.yaml").manifest
    assert manifest is not None
    return replace(
        manifest,
        base_url=url,
        capabilities=replace(manifest.capabilities, settle_time=SETTLE),
        proof=replace(manifest.proof, sandbox_allowed=True),
    )


@pytest.fixture
async def sandboxed(sandbox: Sandbox) -> AsyncIterator[Platform]:
    """The sandbox over HTTP by its file."""
    async with await open_platforms([sandbox_file(sandbox.url)], utc_now) as platforms:
        found = platforms.find("sandbox")
        assert found is not None
        yield found


async def fielded(kind: ProofKind) -> AsyncIterator[Platform]:
    """A sandbox whose certificates say fields, proved so."""
    sandbox = await start_sandbox(SandboxSettings(by_fields=True))
    async with asking_by_fields(sandbox.url, kind, settle=SETTLE) as platform:
        yield platform
    await sandbox.stop()


@pytest.fixture
async def by_fields() -> AsyncIterator[Platform]:
    """A platform whose signed certificates are bound by fields."""
    async for platform in fielded(ProofKind.JWS):
        yield platform


@pytest.fixture
async def recorded() -> AsyncIterator[Platform]:
    """A platform whose certificates are bound by fields, and proved by recorded statuses."""
    async for platform in fielded(ProofKind.STATUS):
        yield platform


@pytest.fixture
async def harboured() -> AsyncIterator[Platform]:
    """A platform that differs from the sandbox in everything, connected by a file."""
    async with harbour() as (_, platform):
        yield platform


@pytest.fixture
async def provided() -> AsyncIterator[Platform]:
    """The example provider in Go: a process of its own, asked over a Unix socket."""
    program = built_example()
    async with running_example(program) as address, asking(manifest(address)) as platform:
        yield platform


@pytest.fixture
def fake() -> Platform:
    """A platform in memory."""
    return FakePlatform(utc_now())


@pytest.fixture(params=ADAPTERS)
def adapter(request: pytest.FixtureRequest) -> tuple[str, Platform]:
    """Each adapter that there is, and the one over HTTP with two platforms behind it, by name."""
    return request.param, request.getfixturevalue(request.param)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
async def test_promise(adapter: tuple[str, Platform], promise: Promise) -> None:
    """The adapter keeps the promise, and what is bought for that is voided in the end."""
    expected = State.NOT_PROMISED if promise.name in NOBODY else State.KEPT
    name, platform = adapter
    buyer = Buyer(platform, TEMPLATE, "t")
    tried = await try_promise(promise, buyer)
    assert OTHERWISE.get((name, promise.name), expected) == tried.state, tried
    assert () == await buyer.clear()


async def test_scripted_outcome(submission):
    """The fake answers what a test scripts, and issues nothing."""
    fake = FakePlatform()
    fake.scripted.append(Unknown("broke"))
    assert (Unknown("broke"), NotFound()) == (
        await fake.submit(submission),
        await fake.lookup(submission.reference),
    )


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        ({"fault": "latency", "operation": "any", "seconds": 0.03}, set()),
        ({"fault": "pending", "polls": 1}, set()),
        ({"fault": "second_issue"}, {"same-content"}),
        (
            {"fault": "lag", "seconds": 60},
            {"lookup", "lookup-proof", "lost-reply", "lost-reply-again", "status", "revocation", "replace"},
        ),
        (
            {"fault": "late_revocation", "seconds": 0},
            {"status", "same-content", "replace", "replace-again", "replace-ended"},
        ),
        ({"fault": "wrong_digest"}, {"proof"}),
        (
            {"fault": "drop_reply", "operation": "void"},
            {promise.name for promise in voiding.PROMISES[2:7]} | {"void-any-reason"},
        ),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else "",
)
async def test_faults(sandboxed: Platform, post: Post, fault: dict[str, object], broken: set[str]) -> None:
    """Over real HTTP, a platform with a fault breaks just the promises that the fault is about."""
    await post("/faults", times=None, **fault)
    seen = await run(Buyer(sandboxed, submission_of().content, "t"), 1, 1.0)
    assert broken == {one.promise.name for one in seen.broken} - {"rounds"}, [
        (one.promise.name, one.expected, one.seen) for one in seen.broken
    ]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"fault": "pending", "polls": 3}, State.KEPT),
        ({"fault": "review"}, State.KEPT),
        ({"fault": "lag", "seconds": 60}, State.NOT_TRIED),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else "",
)
async def test_lookup_by_id(sandbox: Sandbox, post: Post, fault: dict[str, object], expected: State) -> None:
    """What a platform has not decided is found by its own id; where it decides at once that cannot be tried."""
    await post("/faults", **fault)
    [promise] = [promise for promise in PROMISES if promise.name == "lookup-by-id"]
    async with asking_by_id(sandbox.url) as platform:
        tried = await try_promise(promise, Buyer(platform, TEMPLATE, "t"))
    assert expected == tried.state, tried
