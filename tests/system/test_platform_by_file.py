"""A platform that nobody has written code for: a manifest and an accounts file connect it to a real server."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from origingate.v1 import case_pb2

from tests.server.platforms import harbour
from tests.system.processes import EXAMPLES, Server, order

ACCOUNTS = """
accounts:
  - tenant: dev
    platform: harbour
    secrets:
      client_id: {env: HARBOUR_ID}
      client_secret: {file: harbour.secret}
      hmac_key: {env: HARBOUR_SEAL}
      hmac_key_id: {env: HARBOUR_SEAL_ID}
"""
ENVIRONMENT = {
    "HARBOUR_ID": harbour.CLIENT,
    "HARBOUR_SEAL": harbour.SEAL_KEY,
    "HARBOUR_SEAL_ID": harbour.SEAL_KEY_ID,
}


@dataclass(frozen=True)
class Running:
    """The platform on a loop of its own, and where it is."""

    behind: harbour.Harbour
    url: str
    token_url: str


@pytest.fixture
def platform() -> Iterator[Running]:
    """The platform of harbour.yaml, on real ports."""
    started, ended = threading.Event(), asyncio.Event()
    found: list[Running] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with harbour.serving() as served:
            found.append(Running(*served))
            started.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert started.wait(10)
    yield found[0]
    loop.call_soon_threadsafe(ended.set)
    thread.join(10)
    loop.close()


@pytest.fixture
def connected(platform: Running, serve: Callable[..., Server], tmp_path: Path) -> Server:
    """A server that knows the platform by its files, and a site that wants it."""
    folder = tmp_path / "platforms"
    folder.mkdir()
    text = harbour.FILE.read_text("utf-8").replace("http://127.0.0.1:2/oauth/token", platform.token_url)
    (folder / "harbour.yaml").write_text(text.replace("http://127.0.0.1:1\n", f"{platform.url}\n"), "utf-8")
    (tmp_path / "accounts.yaml").write_text(ACCOUNTS, "utf-8")
    (tmp_path / "harbour.secret").write_text(harbour.PASSWORD, "utf-8")
    sites = (EXAMPLES / "sites.yaml").read_text("utf-8").replace("[sandbox]", "[harbour]")
    (tmp_path / "sites.yaml").write_text(sites, "utf-8")
    words = [
        word
        for name, file in (("sites", "sites.yaml"), ("platforms", "platforms"), ("accounts", "accounts.yaml"))
        for word in (f"--{name}", str(tmp_path / file))
    ]
    return serve(*words, "--log-format", "json", **ENVIRONMENT)


def test_certified(platform: Running, connected: Server) -> None:
    """An order gets its certificate there, bound to it by the digest in the platform's own form of proof."""
    answer = connected.process_order(order())
    [document] = platform.behind.documents.values()
    assert (case_pb2.CASE_STATE_CERTIFIED, document["no"]) == (answer.case.state, answer.e_cert_id)
    assert answer.case.attempts[0].platform == "harbour"


def test_lost_token_on_the_way(platform: Running, connected: Server) -> None:
    """A token that was withdrawn costs one more request, and nobody notices."""
    connected.process_order(order())
    platform.behind.tokens.append("withdrawn")
    answer = connected.process_order(order(order_id="second", request_id="second-request"))
    assert case_pb2.CASE_STATE_CERTIFIED == answer.case.state


def test_no_secret_in_the_log(platform: Running, connected: Server) -> None:
    """Whatever happens, the server's log holds no secret."""
    platform.behind.life = "odd"
    connected.process_order(order())
    platform.behind.documents.clear()
    connected.stop()
    log = connected.log.read_text("utf-8")
    secrets = [harbour.PASSWORD, harbour.SEAL_KEY, harbour.CLIENT, *platform.behind.tokens]
    assert (True, []) == ("serving" in log, [secret for secret in secrets if secret in log])
