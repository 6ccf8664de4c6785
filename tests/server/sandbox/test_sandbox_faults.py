"""Faults: how often, to which share of requests, how long, and what each does."""

import asyncio
from random import Random
from statistics import quantiles

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sandbox import SandboxSettings, start_sandbox
from server.sandbox.faults import Fault, FaultKind, Faults
from server.sandbox.faults.seconds import Distribution, draw
from tests.server.sandbox.conftest import calling, issued, status_of, submission


def hits(fault: Fault, requests: int) -> list[bool]:
    faults = Faults([fault])
    return [bool(faults.take("submit")) for _ in range(requests)]


def test_rate():
    """A fault with a rate happens to that share of requests, until it is cleared."""
    share = sum(hits(Fault(fault="drop_reply", rate=0.02, seed=1), 10_000)) / 10_000
    assert 0.015 < share < 0.025


def test_rate_and_times():
    """With both, it happens to that share of requests, and so often at most."""
    assert 3 == sum(hits(Fault(fault="down", rate=0.5, times=3, seed=1), 1000))


def test_seed():
    """The same seed does the same again; what it was can be read where none was given."""
    faults = Faults([Fault(fault="down", rate=0.5)])
    seed = faults.waiting()[0]["seed"]
    again = hits(Fault(fault="down", rate=0.5, seed=seed), 50)
    assert [bool(faults.take("submit")) for _ in range(50)] == again


def test_next_of_a_kind():
    """Where the first of a kind does not happen, the next one may."""
    faults = Faults([Fault(fault="down", rate=1e-9, seed=1), Fault(fault="down", polls=7)])
    assert 7 == faults.take("submit")[FaultKind.DOWN].fault.polls


def test_faults_of_issuing():
    """What only what issues can have is not used up by other operations."""
    faults = Faults([Fault(fault="reject", operation="any")])
    assert [set(), {FaultKind.REJECT}] == [set(faults.take(name)) for name in ("lookup", "replace")]


def drawn(seconds: dict[str, object]) -> list[float]:
    random = Random(1)
    distribution = Distribution.model_validate(seconds)
    return sorted(draw(distribution, random) for _ in range(10_000))


def test_uniform():
    """Uniform seconds lie between the bounds, each as likely."""
    seconds = drawn({"uniform": [0.1, 0.3]})
    assert 0.1 <= seconds[0] <= seconds[-1] <= 0.3
    assert pytest.approx(0.2, abs=0.01) == seconds[5000]


def test_lognormal():
    """Lognormal seconds have the median and the spread that were asked for, and a longest one."""
    seconds = drawn({"lognormal": {"median": 0.1, "sigma": 0.5, "most": 0.4}})
    assert pytest.approx(0.1, rel=0.05) == seconds[5000]
    assert pytest.approx(0.1 * 2.718**0.5, rel=0.05) == seconds[8413]
    assert 0.4 == seconds[-1]


def test_percentiles():
    """Seconds by percentile meet the percentiles, and lie on straight lines between them."""
    cuts = quantiles(drawn({"percentiles": {50: 0.1, 95: 0.4, 99: 2.0}}), n=100)
    assert pytest.approx([0.1, 0.1, 0.25, 0.4], rel=0.1) == [cuts[9], cuts[49], cuts[71], cuts[93]]
    assert pytest.approx(2.0, rel=0.1) == cuts[98]


@given(
    st.dictionaries(st.floats(0, 100), st.floats(0, 1000), min_size=1, max_size=6),
    st.integers(0, 2**32),
)
def test_percentiles_are_bounds(points, seed):
    """Seconds by percentile are never outside of what was given."""
    rising = dict(zip(sorted(points), sorted(points.values()), strict=True))
    seconds = draw(Distribution(percentiles=rising), Random(seed))
    assert min(rising.values()) <= seconds <= max(rising.values()) * (1 + 1e-9)


async def test_late_revocation(call, clock):
    """A certificate that is revoked late is active until then."""
    await call("POST", "/faults", {"fault": "late_revocation", "seconds": 60})
    e_cert_id = await issued(call, "og-1")
    before = await status_of(call, e_cert_id)
    await call("POST", "/clock", {"forward_seconds": 60})
    assert ("active", "revoked") == (before, await status_of(call, e_cert_id))


async def test_lag(call):
    """What was just issued is not seen by a look-up or a status; another submission of it is a duplicate."""
    await call("POST", "/faults", {"fault": "lag", "seconds": 5})
    e_cert_id = await issued(call, "og-1")
    paths = ("/v1/references/og-1", f"/v1/certificates/{e_cert_id}/status")
    before = [(await call("GET", path))[0] for path in paths]
    status, body = await call("POST", "/v1/certificates", submission("og-2"))
    await call("POST", "/clock", {"forward_seconds": 5})
    after = [(await call("GET", path))[0] for path in paths]
    assert ([404, 404], [200, 200]) == (before, after)
    assert (409, e_cert_id) == (status, body["certificate"]["e_cert_id"])


async def test_lag_of_what_is_pending(call):
    """A look-up that does not see a pending submission does not bring it nearer to its certificate."""
    await call("POST", "/faults", {"fault": "lag", "seconds": 5})
    await call("POST", "/faults", {"fault": "pending", "polls": 1})
    await call("POST", "/v1/certificates", submission("og-1"))
    statuses = [(await call("GET", "/v1/references/og-1"))[0] for _ in range(3)]
    await call("POST", "/clock", {"forward_seconds": 5})
    statuses += [(await call("GET", "/v1/references/og-1"))[0] for _ in range(2)]
    assert [404, 404, 404, 202, 200] == statuses


async def test_duplicate_without_content(call):
    """The submission is kept, and answered as a duplicate that does not say of what."""
    await call("POST", "/faults", {"fault": "duplicate_without_content"})
    answer = await call("POST", "/v1/certificates", submission("og-1"))
    _, found = await call("GET", "/v1/references/og-1")
    assert ((409, {"error": "duplicate"}), "issued") == (answer, found["state"])


async def test_real_duplicate_without_content(call):
    """A real duplicate does not say of what either, where the fault is set."""
    await issued(call, "og-1")
    await call("POST", "/faults", {"fault": "duplicate_without_content"})
    expected = (409, {"error": "duplicate"})
    assert expected == await call("POST", "/v1/certificates", submission("og-2"))


async def test_slow_drip(call):
    """The whole answer comes, a few bytes at a time."""
    await call("POST", "/faults", {"fault": "slow_drip", "operation": "keys", "seconds": 0.3})
    started = asyncio.get_running_loop().time()
    slow = await call("GET", "/.well-known/jwks.json")
    took = asyncio.get_running_loop().time() - started
    assert (True, slow) == (took >= 0.3, await call("GET", "/.well-known/jwks.json"))


async def test_slow_drip_begins_at_once():
    """The head of a slow answer is there long before its end, and who goes away does the sandbox no harm."""
    sandbox = await start_sandbox()
    async with aiohttp.ClientSession() as session:
        fault = b'{"fault": "slow_drip", "operation": "health", "seconds": 30}'
        async with session.post(f"{sandbox.url}/faults", data=fault):
            pass
        async with session.get(f"{sandbox.url}/v1/health") as slow:
            assert (200, b"{") == (slow.status, await slow.content.readexactly(1))
            slow.close()
        async with session.get(f"{sandbox.url}/v1/health") as next_:
            assert 200 == next_.status
    await sandbox.stop()


async def test_latency_is_drawn(call):
    """Latency may be drawn from a distribution."""
    await call(
        "POST",
        "/faults",
        {"fault": "latency", "operation": "health", "seconds": {"percentiles": {"50": 0.1}}},
    )
    started = asyncio.get_running_loop().time()
    await call("GET", "/v1/health")
    assert 0.1 <= asyncio.get_running_loop().time() - started


async def test_faults_from_the_start():
    """Faults can be set before the first request comes, and are read with what they did."""
    fault = {"fault": "down", "operation": "health", "rate": 1, "seed": 3}
    async with calling(SandboxSettings(faults=(Fault.model_validate(fault),))) as call:
        statuses = [(await call("GET", "/v1/health"))[0] for _ in range(2)]
        _, body = await call("GET", "/faults")
    assert [503, 503] == statuses
    assert [fault | {"times": None, "happened": 2}] == body["faults"]


@pytest.mark.parametrize(
    ("body", "because"),
    [
        ({"fault": "lag"}, "the body: `lag` needs `seconds`"),
        ({"fault": "lag", "operation": "status", "seconds": 1}, "the body: `lag` cannot befall `status`"),
        ({"fault": "reject", "codes": []}, "the body: `reject` needs one of `codes` at least"),
        ({"fault": "latency", "seconds": {}}, "seconds: one of `uniform`, `lognormal` and `percentiles` is expected"),
        ({"fault": "latency", "seconds": {"uniform": [2, 1]}},
         "seconds: `uniform` goes from the smaller number to the larger one"),
        ({"fault": "latency", "seconds": {"percentiles": {}}}, "seconds: `percentiles` needs one percentile at least"),
        ({"fault": "latency", "seconds": {"percentiles": {"5": 2, "50": 1}}},
         "seconds: `percentiles` never fall: a higher percentile takes as long, or longer"),
        ({"fault": "down", "rate": 0}, "rate: Input should be greater than 0"),
    ],
)  # fmt: skip
async def test_faults_that_make_no_sense(call, body, because):
    """A fault that could not do what it says is refused."""
    assert (400, {"error": "malformed", "because": because}) == await call("POST", "/faults", body)
