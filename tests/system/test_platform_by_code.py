"""Platforms that code asks: a package inside a real server, and providers as processes or on a loop of their own."""

import asyncio
import contextlib
import dataclasses
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from origingate.provider.v1 import answer_pb2
from origingate.provider.v1 import platform_provider_service_pb2 as messages
from origingate.v1 import case_pb2

from engine.platform import Issued, Submission
from tests.server.platforms.fake import ISSUER, FakePlatform
from tests.server.platforms.providers import GO, Scripted, built_example, described, running_example, start
from tests.system.processes import EXAMPLES, PROJECT, Server, order, origingate

PLUGIN = """
manifest: 1
kind: plugin
platform: quay
title: A platform by a package
plugin: quay
options: {berth: 2}
"""
PACKAGE = """
from server.platforms.plugin import OptionsRefused
from tests.server.platforms.fake import FakePlatform

def make(given):
    if given.options["berth"] != 2:
        raise OptionsRefused("there is no such berth; write 2")
    platform = FakePlatform()
    platform.name = given.name
    return platform
"""


class Provider(Scripted):
    """A provider whose platform issues certificates that are no sandbox's."""

    def __init__(self) -> None:
        super().__init__()
        self.behind = FakePlatform()
        self.says["Describe"] = described()

    async def Submit(self, request, context):
        self.asked.append(("Submit", request))
        submission = Submission(request.reference, request.declaration_digest, {})
        issued = await self.behind.submit(submission)
        assert isinstance(issued, Issued)
        return messages.SubmitResponse(issued=answer_pb2.Issued(**dataclasses.asdict(issued)))

    async def Keys(self, request, context):
        return messages.KeysResponse(
            jwks=json.dumps({"keys": [*(await self.behind.keys()).values()]}).encode()
        )


@contextlib.asynccontextmanager
async def serving(address: str) -> AsyncIterator[Provider]:
    provider = Provider()
    await start(provider, address)
    yield provider
    await provider.server.stop(0)


def on_a_loop(opened: contextlib.AbstractAsyncContextManager) -> Iterator[object]:
    """What the context gives, on a loop of its own until the test is over."""
    started, ended, found = threading.Event(), asyncio.Event(), []
    loop = asyncio.new_event_loop()

    async def run() -> None:
        async with opened as one:
            found.append(one)
            started.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    assert started.wait(60)
    yield found[0]
    loop.call_soon_threadsafe(ended.set)
    thread.join(60)
    loop.close()


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    """A provider on a Unix socket."""
    yield from on_a_loop(serving(f"unix:{tmp_path}/p.sock"))


@pytest.fixture
def connected(serve: Callable[..., Server], tmp_path: Path) -> Callable[..., Server]:
    """Starts a server that knows one platform, by this file, and a site that wants it."""

    def begin(name: str, text: str, **environment: str) -> Server:
        (tmp_path / "platforms").mkdir(exist_ok=True)
        (tmp_path / "platforms" / f"{name}.yaml").write_text(text, "utf-8")
        sites = (EXAMPLES / "sites.yaml").read_text("utf-8").replace("[sandbox]", f"[{name}]")
        (tmp_path / "sites.yaml").write_text(sites, "utf-8")
        words = ("--sites", str(tmp_path / "sites.yaml"), "--platforms", str(tmp_path / "platforms"))
        return serve(*words, "--log-format", "json", **environment)

    return begin


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder in which a package with a plug-in is installed."""
    folder = tmp_path / "packages"
    about = folder / "quay_plugin-1.0.dist-info"
    about.mkdir(parents=True)
    (folder / "quay_plugin.py").write_text(PACKAGE, "utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: quay-plugin\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text("[origingate.platforms]\nquay = quay_plugin:make\n", "utf-8")
    return folder


def file_of_provider(address: str) -> str:
    text = (GO / "provider" / "platform.yaml").read_text("utf-8")
    return text.replace("unix:/run/example/provider.sock", address)


def test_certified_by_a_package(connected: Callable[..., Server], package: Path) -> None:
    """An order gets its certificate by a plug-in."""
    server = connected("quay", PLUGIN, PYTHONPATH=f"{package}:{PROJECT}")
    answer = server.process_order(order())
    assert (case_pb2.CASE_STATE_CERTIFIED, "FAKE-1") == (answer.case.state, answer.e_cert_id)


def test_refused_options(connected: Callable[..., Server], package: Path, tmp_path: Path) -> None:
    """A plug-in that cannot do with its options stops the start, with its own words."""
    (tmp_path / "platforms").mkdir()
    (tmp_path / "platforms" / "quay.yaml").write_text(PLUGIN.replace("berth: 2", "berth: 9"), "utf-8")
    words = ("serve", "--listen", "127.0.0.1:0", "--database", f"sqlite:///{tmp_path}/x.db")
    done = origingate(*words, "--platforms", str(tmp_path / "platforms"), PYTHONPATH=f"{package}:{PROJECT}")
    said = done.stderr.splitlines()[-1]
    assert (2, "quay: there is no such berth; write 2") == (done.returncode, said)


def test_certified_by_a_provider(connected: Callable[..., Server], provider: Provider) -> None:
    """An order gets its certificate by a provider, proved by the keys that the provider tells."""
    text = file_of_provider(provider.address).replace("urn:origin-gate:example-provider", ISSUER)
    answer = connected("example-provider", text).process_order(order())
    assert (case_pb2.CASE_STATE_CERTIFIED, "FAKE-1", 1) == (
        answer.case.state,
        answer.e_cert_id,
        provider.count("Submit"),
    )


def test_provider_that_is_not_up(connected: Callable[..., Server], tmp_path: Path) -> None:
    """A server starts without its provider; an order that needs it is told that nothing was sent."""
    answer = connected("example-provider", file_of_provider(f"unix:{tmp_path}/none")).process_order(order())
    assert (case_pb2.CASE_STATE_DECLARED, "") == (answer.case.state, answer.e_cert_id)


def test_example_in_go(connected: Callable[..., Server]) -> None:
    """What the example issues is a sandbox's: a server adopts nothing of it, and gives no e-Cert ID out."""
    program = built_example()
    for address in on_a_loop(running_example(program)):
        answer = connected("example-provider", file_of_provider(str(address))).process_order(order())
        assert (case_pb2.CASE_STATE_MANUAL, "") == (answer.case.state, answer.e_cert_id)
