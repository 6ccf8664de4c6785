"""What the sandbox has on disk: before it answers, whole, and its own."""

import asyncio
import json
import os
import resource
import sys
from pathlib import Path

import aiohttp
import pytest

from server.sandbox import SandboxError, SandboxSettings, start_sandbox
from server.sandbox.entry import Entry
from server.sandbox.ledger import Ledger
from tests.server.sandbox.conftest import calling, issued, status_of, submission


class Process:
    """`origingate sandbox` as its users start it."""

    def __init__(self, *words: str) -> None:
        self.words = words

    async def __aenter__(self) -> "Process":
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "server", "sandbox", "--listen", "127.0.0.1:0", *self.words)
        self.process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
        line = (await self.process.stdout.readline()).decode()
        assert line, (await self.process.stderr.read()).decode()
        self.url = line.split()[3].rstrip(".")
        self.session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()

    async def kill(self) -> None:
        """Ends it as a power cut would."""
        self.process.kill()
        await self.process.wait()

    async def post(self, path: str, body: object) -> dict:
        """What is answered."""
        async with self.session.post(self.url + path, data=json.dumps(body)) as response:
            return await response.json()

    async def get(self, path: str) -> dict:
        """What is answered."""
        async with self.session.get(self.url + path) as response:
            return await response.json()


async def flood(sandbox: Process, caller: int, told: list[dict], after: int, enough: asyncio.Event) -> None:
    """Issues, and replaces every second certificate, until the sandbox is gone; notes what was answered."""
    number, old = 0, ""
    while True:
        number += 1
        name = f"{caller}-{number}"
        path = f"/v1/certificates/{old}/replace" if old else "/v1/certificates"
        try:
            body = await sandbox.post(path, submission(f"og-{name}", name))
        except aiohttp.ClientError:
            return
        told.append(body["certificate"])
        if len(told) >= after:
            enough.set()
        old = "" if old else body["certificate"]["e_cert_id"]


@pytest.mark.parametrize("after", [5, 40])
async def test_killed_under_load(tmp_path, after):
    """Whenever it is killed, what it answered is on the disk, and what replaces is there wholly or not at all."""
    told: list[dict] = []
    async with Process("--state", str(tmp_path)) as sandbox:
        enough = asyncio.Event()
        callers = [asyncio.create_task(flood(sandbox, caller, told, after, enough)) for caller in range(8)]
        await enough.wait()
        await sandbox.kill()
        await asyncio.gather(*callers)
    async with Process("--state", str(tmp_path)) as again:
        entries = {entry["e_cert_id"]: entry for entry in (await again.get("/ledger"))["entries"]}
        found = [await again.get(f"/v1/references/{one['reference']}") for one in told]
    assert [one["proof"] for one in told] == [one["certificate"]["proof"] for one in found]
    replaced = {e_cert_id for e_cert_id, entry in entries.items() if entry["status"] == "replaced"}
    assert replaced == {entry["replaces"] for entry in entries.values() if "replaces" in entry}


async def test_killed_clock(tmp_path):
    """A clock that was moved stays ahead after SIGKILL, and what has expired stays so."""
    async with Process("--state", str(tmp_path), "--life", "1h") as sandbox:
        body = await sandbox.post("/v1/certificates", submission("og-1"))
        await sandbox.post("/clock", {"forward_seconds": 3600})
        await sandbox.kill()
    path = f"/v1/certificates/{body['certificate']['e_cert_id']}/status"
    async with Process("--state", str(tmp_path), "--life", "1h") as again:
        assert "expired" == (await again.get(path))["status"]


async def test_options(tmp_path):
    """Faults, life and void window are given on the command line."""
    faults = tmp_path / "faults.yaml"
    faults.write_text("faults: [{fault: reject, codes: [{code: HS_UNKNOWN}]}]\n")
    async with Process("--faults", str(faults), "--life", "2h", "--void-window", "30m") as sandbox:
        rejected = await sandbox.post("/v1/certificates", submission("og-1"))
        body = await sandbox.post("/v1/certificates", submission("og-2"))
        e_cert_id = body["certificate"]["e_cert_id"]
        await sandbox.post("/clock", {"forward_seconds": 1802})
        void = await sandbox.post(f"/v1/certificates/{e_cert_id}/void", {})
        await sandbox.post("/clock", {"forward_seconds": 5400})
        status = (await sandbox.get(f"/v1/certificates/{e_cert_id}/status"))["status"]
    codes = [answer["codes"][0]["code"] for answer in (rejected, void)]
    assert (["HS_UNKNOWN", "VOID_WINDOW_OVER"], "expired") == (codes, status)


async def test_folder_of_another_sandbox(tmp_path):
    """Two sandboxes never write to one folder; when the first has stopped, the second can start."""
    settings = SandboxSettings(state=tmp_path)
    async with calling(settings):
        with pytest.raises(
            SandboxError, match="another sandbox uses it; stop that one, or give another folder"
        ):
            await start_sandbox(settings)
    async with calling(settings) as call:
        assert 200 == (await call("GET", "/v1/health"))[0]


@pytest.mark.parametrize("content", ["{}", "[", '{"forward_seconds": -1}', '{"forward_seconds": "1"}'])
async def test_broken_clock(tmp_path, content):
    """A file that does not say how far the clock was moved is named; the ledger is free again."""
    (tmp_path / "clock.json").write_text(content)
    with pytest.raises(SandboxError, match=r"clock\.json: does not say how far the clock was moved"):
        await start_sandbox(SandboxSettings(state=tmp_path))
    (tmp_path / "clock.json").unlink()
    async with calling(SandboxSettings(state=tmp_path)) as call:
        assert 0 == (await call("GET", "/clock"))[1]["forward_seconds"]


def entry(number: int) -> Entry:
    return Entry(f"og-{number}", "sha256:x", "issued", e_cert_id=f"SBX-{number}")


@pytest.mark.xdist_group("limits of the process")
def test_full_disk(tmp_path: Path):
    """A write that fails leaves nothing behind: neither a certificate nor half a line before the next one."""
    ledger = Ledger(tmp_path)
    ledger.put(entry(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "certificates.jsonl").stat().st_size + 20, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            ledger.put(entry(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    ledger.put(entry(3))
    ledger.close()
    again = Ledger(tmp_path)
    assert ["og-1", "og-3"] == [kept.reference for kept in again]
    again.close()


async def test_state_of_an_earlier_version(tmp_path):
    """A ledger in which certificates were only ever revoked is read on."""
    async with calling(SandboxSettings(state=tmp_path)) as call:
        e_cert_id = await issued(call, "og-1")
        await call("POST", "/revoke", {"e_cert_id": e_cert_id})
    file = tmp_path / "certificates.jsonl"
    known = ("reference", "digest", "state", "e_cert_id", "proof", "issued_at", "expires_at", "revoked",
             "polls_left", "codes")  # fmt: skip
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    file.write_text("".join(json.dumps({name: line[name] for name in known}) + os.linesep for line in lines))
    async with calling(SandboxSettings(state=tmp_path)) as call:
        assert "revoked" == await status_of(call, e_cert_id)
