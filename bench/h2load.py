"""Load from h2load (nghttp2), which needs far less of a processor than any client of gRPC."""

import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from bench.running import LOAD_CORE, pinned

CONNECTIONS = 16
_MEND = "h2load is not installed; it comes with nghttp2, e.g. `apt-get install nghttp2-client`"


class Lacking(Exception):
    """What a measurement needs is not installed; says how to mend it."""


def loaded(address: str, method: str, body: bytes, seconds: int) -> dict[str, float]:
    """Calls a second, and p50 and p99 in milliseconds, of one unary method over 16 connections.

    h2load does not see gRPC's status, which stands in trailers: put the call once by yourself and look at its answer.
    """
    command = shutil.which("h2load")
    if command is None:
        raise Lacking(_MEND)
    with tempfile.TemporaryDirectory() as place:
        data, log = Path(place, "body"), Path(place, "log")
        data.write_bytes(struct.pack(">BI", 0, len(body)) + body)
        words = ["-c", str(CONNECTIONS), "-t", "1", "-m", "1", "-D", str(seconds), "--warm-up-time", "1"]
        headers = ["-H", "content-type: application/grpc", "-H", "te: trailers"]
        subprocess.run(
            [*pinned(LOAD_CORE), command, *words, *headers, "-d", str(data), f"--log-file={log}", f"http://{address}{method}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        # A line a request: when it began, its HTTP status, how many microseconds it took.
        answered = [line.split("\t") for line in log.read_text("ascii").splitlines()]
    failed = sum(status != "200" for _, status, _ in answered)
    assert not failed, f"{failed} of {len(answered)} calls had no answer"
    took = sorted(int(microseconds) for _, _, microseconds in answered)
    return {
        "calls": len(took),
        "a_second": len(took) / seconds,
        "p50_ms": took[len(took) // 2] / 1000,
        "p99_ms": took[len(took) * 99 // 100] / 1000,
    }
