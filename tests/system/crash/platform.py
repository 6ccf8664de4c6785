"""A lane's platform, as the tests see it: what it is told to do."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.system.processes import PROJECT

SECONDS = 0.02


class Platform:
    """A sandbox that compares nothing and takes its time: whoever submits twice gets two certificates."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.mend()

    def mend(self) -> None:
        """It does what it does of itself."""
        self._send("/refuse", {})
        self._send("/faults", None, "DELETE")
        self.fault("second_issue", times=None)
        self.fault("latency", operation="any", times=None, seconds=SECONDS)

    def fault(self, kind: str, **more: Any) -> None:
        """Sets what goes wrong next."""
        self._send("/faults", {"fault": kind, **more})

    def refuse(self, **statuses: int) -> None:
        """Lets operations be answered with a status and `not_found`, and with nothing else."""
        self._send("/refuse", statuses)

    def revoke(self, e_cert_id: str) -> None:
        """Takes a certificate out of force by itself."""
        self._send("/revoke", {"e_cert_id": e_cert_id})

    def submit(self, reference: str, digest: str, content: str) -> Mapping[str, Any]:
        """What a server had sent arrives after all; what is said to it."""
        return self._send(
            "/v1/certificates", {"reference": reference, "digest": digest, "content": json.loads(content)}
        )

    def look_up(self, reference: str) -> Mapping[str, Any]:
        """What it says of a reference."""
        return self._send(f"/v1/references/{reference}", None, "GET")

    def _send(self, path: str, body: Any, method: str = "POST") -> Mapping[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            said: Mapping[str, Any] = json.load(answer)
            return said


@contextmanager
def platforms(folders: Sequence[Path]) -> Iterator[list[Platform]]:
    """A platform for each folder, all in a process of their own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.system.crash.platforms", *map(str, folders)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        addresses = json.loads(process.stdout.readline())
        yield [Platform(url, folder) for url, folder in zip(addresses, folders, strict=True)]
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()
