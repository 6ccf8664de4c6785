"""What a sandbox keeps over a restart, and how it is run."""

import asyncio
import json
import signal
import socket
import sys
from contextlib import asynccontextmanager

import aiohttp
import pytest

from engine.declaration import digest
from server.sandbox import SandboxError, SandboxSettings, run_sandbox, start_sandbox
from server.sandbox.run import WARNING

CONTENT = {"schema": "x"}
BODY = {"reference": "og-1", "digest": digest(CONTENT), "content": CONTENT}


@asynccontextmanager
async def running(state):
    """A sandbox that keeps its state in a folder."""
    sandbox = await start_sandbox(SandboxSettings(state=state))
    try:
        yield sandbox.url
    finally:
        await sandbox.stop()


async def post(url, path, body):
    async with (
        aiohttp.ClientSession() as session,
        session.post(url + path, data=json.dumps(body)) as response,
    ):
        return await response.json()


async def get(url, path):
    async with aiohttp.ClientSession() as session, session.get(url + path) as response:
        return await response.json()


async def test_restart(tmp_path):
    """Certificates, their status and the keys are the same after a restart."""
    async with running(tmp_path / "state") as url:
        issued = await post(url, "/v1/certificates", BODY)
        await post(url, "/revoke", {"e_cert_id": issued["certificate"]["e_cert_id"]})
        before = await get(url, "/v1/references/og-1"), await get(url, "/.well-known/jwks.json")
    async with running(tmp_path / "state") as url:
        after = await get(url, "/v1/references/og-1"), await get(url, "/.well-known/jwks.json")
    assert ("revoked", before) == (before[0]["certificate"]["status"], after)


async def test_pending_over_a_restart(tmp_path):
    """What was pending is pending still, and is issued in the end."""
    async with running(tmp_path) as url:
        await post(url, "/faults", {"fault": "pending", "polls": 2})
        await post(url, "/v1/certificates", BODY)
        await get(url, "/v1/references/og-1")
    async with running(tmp_path) as url:
        states = [(await get(url, "/v1/references/og-1"))["state"] for _ in range(2)]
    assert ["pending", "issued"] == states


async def test_memory_only():
    """Without a folder everything is gone, and the keys are others."""
    first, second = await start_sandbox(), await start_sandbox()
    keys = [await get(sandbox.url, "/.well-known/jwks.json") for sandbox in (first, second)]
    await first.stop()
    await second.stop()
    assert keys[0] != keys[1]


async def test_half_a_line(tmp_path):
    """A stop in the middle of a write loses only what was never answered."""
    async with running(tmp_path) as url:
        before = await post(url, "/v1/certificates", BODY)
    with (tmp_path / "certificates.jsonl").open("a") as file:
        file.write('{"reference": "og-2", "dig')
    async with running(tmp_path) as url:
        await post(url, "/v1/certificates", BODY | {"reference": "og-3"})
    async with running(tmp_path) as url:
        assert before["certificate"] == (await get(url, "/v1/references/og-1"))["certificate"]


async def test_private_keys_are_private(tmp_path):
    """Nobody else may read the file of keys."""
    async with running(tmp_path) as url:
        await post(url, "/keys/rotate", {})
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        (
            "certificates.jsonl",
            b"{}\n",
            "certificates.jsonl:1: is no entry; give another folder, or remove it",
        ),
        ("certificates.jsonl", b"\xff\n", "certificates.jsonl: cannot be read; give another folder"),
        (
            "keys.json",
            b"{}",
            "keys.json: the signing keys cannot be read; give another folder, or remove the file",
        ),
        (
            "keys.json",
            b"[",
            "keys.json: the signing keys cannot be read; give another folder, or remove the file",
        ),
        (
            "keys.json",
            b'{"keys": [1]}',
            "keys.json: the signing keys cannot be read; give another folder, or remove the file",
        ),
    ],
)
async def test_broken_files(tmp_path, name, content, text):
    """A file that it cannot read is named, and nothing is overwritten."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SandboxError) as refused:
        await start_sandbox(SandboxSettings(state=tmp_path))
    assert (f"{tmp_path}/{text}", content) == (str(refused.value), (tmp_path / name).read_bytes())


async def test_no_folder(tmp_path):
    """A folder that cannot be made is named."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SandboxError, match="give another folder"):
        await start_sandbox(SandboxSettings(state=tmp_path / "file" / "state"))


async def test_port_in_use():
    """A port that is taken is named."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SandboxError, match=f"cannot listen on 127.0.0.1:{port}: it is taken"):
            await start_sandbox(SandboxSettings(port=port))


async def run(state):
    run_it = f"run_sandbox('127.0.0.1:0', Path({str(state)!r}))"
    code = f"from pathlib import Path; from server.sandbox import run_sandbox; {run_it}"
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=pipe, stderr=pipe)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_run_until_a_signal(tmp_path, number):
    """By hand it says where it is and what its certificates are worth, and a signal ends it well."""
    process = await run(tmp_path)
    line = (await process.stdout.readline()).decode()
    url = line.split()[3].rstrip(".")
    health = await get(url, "/v1/health")
    process.send_signal(number)
    _, errors = await process.communicate()
    expected = f"Sandbox platform at {url}. {WARNING}\n"
    assert (expected, True, 0, b"") == (line, health["sandbox"], process.returncode, errors)


async def test_killed_and_started_again(tmp_path):
    """What was answered before SIGKILL is there afterwards."""
    process = await run(tmp_path)
    url = (await process.stdout.readline()).decode().split()[3].rstrip(".")
    before = await post(url, "/v1/certificates", BODY)
    process.kill()
    await process.communicate()
    async with running(tmp_path) as again:
        assert before == await get(again, "/v1/references/og-1")


@pytest.mark.parametrize(
    "listen", ["", "8471", "127.0.0.1", "0.0.0.0:1", "platform.example:1", "127.0.0.1:x", "127.0.0.1:99999"]
)
def test_wrong_address(listen, capsys):
    """An address that is not this machine's own is wrong use."""
    with pytest.raises(SystemExit) as ended:
        run_sandbox(listen)
    expected = f"{listen!r} is no loopback address with a port; write it like 127.0.0.1:8471.\n"
    assert (2, expected) == (ended.value.code, capsys.readouterr().err)


def test_cannot_start(capsys):
    """A port in use is said on the error output, without a trace."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SystemExit) as ended:
            run_sandbox(place)
    text = f"The sandbox cannot start: cannot listen on {place}: it is taken or not this machine's; give another.\n"
    assert (1, text) == (ended.value.code, capsys.readouterr().err)
