"""Buys certificates from a platform through the adapter, from many callers at once, and proves each."""

import asyncio
import json
import sys
import time
from array import array
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from bench.orders import example
from engine.declaration import Content, digest
from engine.platform import Expected, Issued, Platform, Reference, Submission
from server.platforms import open_platforms, prove
from server.platforms.manifest_file import read_one
from server.shipped import shipped_platforms
from server.wire.requests import read
from server.workflow.intake import content_of

ISSUER = "urn:origin-gate:bench"


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def certified() -> Content:
    """What a certificate of the eligible example certifies."""
    request = example("01-eligible")
    request.request_id = "platform-bench"
    content = content_of("dev", read(request).facts)
    assert content is not None
    return content


async def buy(platform: Platform, submission: Submission) -> None:
    """A certificate whose proof holds."""
    answer = await platform.submit(submission)
    assert isinstance(answer, Issued), answer
    expected = Expected(utc_now(), answer.e_cert_id, submission.reference, submission.digest)
    verdict = await prove(platform, answer.proof, expected)
    assert verdict.good, verdict


async def load(platform: Platform, callers: int, certificates: int, taken: "array[float]") -> float:
    """Buys so many; the seconds of each are written into `taken`. The seconds of all."""
    content = certified()
    of = digest(content)
    numbers = iter(range(certificates))

    async def caller() -> None:
        for number in numbers:
            submission = Submission(Reference(f"og-{number:040x}"), of, content)
            began = time.perf_counter()
            await buy(platform, submission)
            taken[number] = time.perf_counter() - began

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return time.perf_counter() - began


def rss_mb() -> float:
    """What this process has in memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 2**20


async def measure(url: str, callers: int, warm: int, certificates: int) -> dict[str, float]:
    """p50 and p99 in milliseconds, certificates a second, and how much memory grew after the first `warm`."""
    manifest = read_one(shipped_platforms() / "sandbox.yaml").manifest
    assert manifest is not None
    manifest = replace(manifest, base_url=url, proof=replace(manifest.proof, issuer=ISSUER))
    async with await open_platforms([manifest], utc_now) as platforms:
        [platform] = platforms.among(["sandbox"])
        await load(platform, callers, warm, array("d", [0.0]) * warm)
        # There from the beginning, so that it is no growth.
        taken = array("d", [1.0]) * certificates
        before, used = rss_mb(), time.process_time()
        seconds = await load(platform, callers, certificates, taken)
        grown, used = rss_mb() - before, time.process_time() - used
    times = sorted(taken)
    return {
        "certificates": certificates,
        "a_second": certificates / seconds,
        "rss_growth_mb": grown,
        "processor_ms": 1000 * used / certificates,
        "p50_ms": 1000 * times[len(times) // 2],
        "p99_ms": 1000 * times[len(times) * 99 // 100],
    }


if __name__ == "__main__":
    url, callers, warm, certificates = sys.argv[1], *map(int, sys.argv[2:])
    print(json.dumps(uvloop.run(measure(url, callers, warm, certificates))))
