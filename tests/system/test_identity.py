"""Callers that prove who they are to a real server process: by keys, tokens and certificates, and over TLS that changes."""

import asyncio
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import grpc
import pytest
from cryptography import x509

from server.identity.api_key import id_of
from server.store import api_keys
from tests.server.identity.issuing import Login, claims, login, written
from tests.server.platforms.authority import Authority, authority
from tests.server.store.postgresql import Server as PostgreSQL
from tests.system.asking import Names, ask, request_for
from tests.system.processes import Server, origingate, wait_for
from tests.system.tenants import ACME, key_for, prepared, transaction

LIST = "/origingate.v1.CaseService/ListCases"
OK, UNAUTHENTICATED = grpc.StatusCode.OK, grpc.StatusCode.UNAUTHENTICATED


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of a database with a tenant."""
    address = f"sqlite:///{tmp_path}/og.db"
    prepared(address, ACME)
    return address


@pytest.fixture
def issuer() -> Iterator[Login]:
    """An issuer that publishes its keys over HTTP."""
    began, end, found = threading.Event(), asyncio.Event(), []

    async def serve() -> None:
        async with login() as running:
            found.append((running, asyncio.get_running_loop()))
            began.set()
            await end.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert began.wait(20)
    yield found[0][0]
    found[0][1].call_soon_threadsafe(end.set)
    thread.join()


def told(channel: grpc.Channel, key: str = "") -> grpc.StatusCode:
    """The code of a call that every order system may make."""
    return ask(channel, LIST, request_for(LIST, Names()), key).code


def test_revoked_while_it_serves(database: str, serve: Callable[..., Server]) -> None:
    """A key that the command revokes beside a running server is refused before long."""
    key = key_for(database, ACME)
    server = serve("--identify")
    assert OK == told(server.channel, key)
    with transaction(database) as tx:
        assert api_keys.revoke(tx, id_of(key) or "")
    wait_for(lambda: told(server.channel, key) is UNAUTHENTICATED)


def test_watch_of_a_revoked_key(database: str, serve: Callable[..., Server]) -> None:
    """A watch that a key opened does not outlive the key: it ends UNAUTHENTICATED."""
    key = key_for(database, ACME)
    server = serve("--identify", ORIGINGATE_HEARTBEAT="0.2")
    metadata = (("authorization", f"Bearer {key}"),)
    watch = server.channel.unary_stream("/origingate.v1.CaseService/WatchCases")(
        b"", timeout=60, metadata=metadata
    )
    next(iter(watch))
    with transaction(database) as tx:
        assert api_keys.revoke(tx, id_of(key) or "")
    with pytest.raises(grpc.RpcError) as ended:
        for _ in watch:
            pass
    assert UNAUTHENTICATED == ended.value.code()


def test_revoked_for_every_process(postgresql: PostgreSQL, tmp_path: Path) -> None:
    """A key that is revoked on a database that two servers share is refused by both."""
    address = postgresql.create_database(uuid4().hex)
    prepared(address, ACME)
    key, servers = key_for(address, ACME), []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        servers.append(Server(tmp_path / name, "--identify", "--database", address))
    try:
        assert [OK, OK] == [told(server.channel, key) for server in servers]
        with transaction(address) as tx:
            assert api_keys.revoke(tx, id_of(key) or "")
        for server in servers:
            wait_for(lambda server=server: told(server.channel, key) is UNAUTHENTICATED)
    finally:
        for server in servers:
            server.stop()


def test_workers(postgresql: PostgreSQL, tmp_path: Path) -> None:
    """Workers that share a port identify callers over TLS like one."""
    address = postgresql.create_database(uuid4().hex)
    prepared(address, ACME)
    key = key_for(address, ACME)
    secured(tmp_path)
    server = Server(
        tmp_path, "--identify", "--database", address, "--workers", "2", "--tls-cert", str(tmp_path / "tls.pem"),
        "--tls-key", str(tmp_path / "tls.key"),
    )  # fmt: skip
    trust = grpc.ssl_channel_credentials((tmp_path / "ca.pem").read_bytes())
    try:
        for _ in range(6):
            with grpc.secure_channel(
                server.address, trust, [("grpc.use_local_subchannel_pool", 1)]
            ) as channel:
                assert [OK, UNAUTHENTICATED] == [told(channel, key), told(channel)]
    finally:
        assert 0 == server.stop()


def test_new_while_it_serves(database: str, serve: Callable[..., Server]) -> None:
    """A key that is made while the server serves is taken at once."""
    server = serve("--identify")
    assert UNAUTHENTICATED == told(server.channel)
    assert OK == told(server.channel, key_for(database, ACME))


def test_token(database: str, serve: Callable[..., Server], issuer: Login, tmp_path: Path) -> None:
    """A token of the issuer that the file names is taken, until the file names it no more."""
    file = tmp_path / "identities.yaml"
    entry = f"""tokens:
  - issuer: https://login.example/shops
    audience: origin-gate
    keys: {issuer.address}
    algorithms: [ES256]
    tenant_claim: tenant
    roles: [ORDER_SYSTEM]
"""
    file.write_text(entry, "utf-8")
    server = serve("--identities", str(file))
    token = written(issuer.keys[0], claims())
    assert OK == told(server.channel, token)
    assert UNAUTHENTICATED == told(server.channel, written(issuer.keys[0], claims(tenant="nobody")))
    file.write_text(entry.replace("[ES256]", "[HS256]"), "utf-8")
    wait_for(lambda: "changed files cannot be used" in server.log.read_text("utf-8"))
    assert OK == told(server.channel, token)
    file.write_text(entry.replace("login.example/shops", "login.example/other"), "utf-8")
    wait_for(lambda: told(server.channel, token) is UNAUTHENTICATED)


def secured(folder: Path) -> Authority:
    """An authority, and a server's certificate and key in their places."""
    signer = authority(folder)
    certificate, key = signer.issue("server")
    shutil.copy(certificate, folder / "tls.pem")
    shutil.copy(key, folder / "tls.key")
    return signer


def channel_of(server: Server, signer: Authority, name: str) -> grpc.Channel:
    """A connection by a caller whose certificate has this name."""
    certificate, key = signer.issue("client", names=(x509.DNSName(name),))
    trust = (signer.folder / "ca.pem").read_bytes()
    credentials = grpc.ssl_channel_credentials(trust, key.read_bytes(), certificate.read_bytes())
    return grpc.secure_channel(server.address, credentials, [("grpc.use_local_subchannel_pool", 1)])


def test_certificate(database: str, serve: Callable[..., Server], tmp_path: Path) -> None:
    """A caller is known by its certificate's name; another's certificate of the same authority proves nothing."""
    signer = secured(tmp_path)
    file = tmp_path / "identities.yaml"
    file.write_text(
        "certificates:\n  - {san: 'dns:orders.acme', name: orders, tenant: acme, roles: [ORDER_SYSTEM]}\n",
        "utf-8",
    )
    server = serve(
        "--identities", str(file), "--tls-cert", str(tmp_path / "tls.pem"), "--tls-key", str(tmp_path / "tls.key"),
        "--tls-client-ca", str(tmp_path / "ca.pem"),
    )  # fmt: skip
    with channel_of(server, signer, "orders.acme") as channel:
        assert OK == told(channel)
        assert UNAUTHENTICATED == told(channel, "og_" + "0" * 16 + "_" + "x" * 43)
    with channel_of(server, signer, "orders.brasa") as channel:
        assert UNAUTHENTICATED == told(channel)
        assert OK == told(channel, key_for(database, ACME))


def test_certificates_that_nobody_is_asked_for(tmp_path: Path) -> None:
    """Names of certificates without an authority for callers would let nobody in, so the start is refused."""
    file = tmp_path / "identities.yaml"
    file.write_text("certificates:\n  - {san: 'dns:a', name: a, tenant: a, roles: [AUDITOR]}\n", "utf-8")
    ended = origingate(
        "serve", "--listen", "127.0.0.1:0", "--database", f"sqlite:///{tmp_path}/og.db", "--identities", str(file)
    )  # fmt: skip
    assert (2, True) == (ended.returncode, "nobody is asked for one" in " ".join(ended.stderr.split()))


def test_watch_through_a_rotation(database: str, serve: Callable[..., Server], tmp_path: Path) -> None:
    """A watch goes on while the server's certificate changes, and new connections are shown the new one."""
    signer, key = secured(tmp_path), key_for(database, ACME)
    server = serve("--identify", "--tls-cert", str(tmp_path / "tls.pem"), "--tls-key",
                   str(tmp_path / "tls.key"), ORIGINGATE_HEARTBEAT="0.2")  # fmt: skip
    host, _, port = server.address.rpartition(":")
    before = ssl.get_server_certificate((host, int(port)))
    trust = grpc.ssl_channel_credentials((tmp_path / "ca.pem").read_bytes())
    with grpc.secure_channel(server.address, trust) as channel:
        watch = channel.unary_stream("/origingate.v1.CaseService/WatchCases")(
            b"", timeout=60, metadata=(("authorization", f"Bearer {key}"),)
        )
        next(iter(watch))
        certificate, new_key = signer.issue("second")
        shutil.copy(certificate, tmp_path / "tls.pem")
        shutil.copy(new_key, tmp_path / "tls.key")
        wait_for(lambda: ssl.get_server_certificate((host, int(port))) != before)
        for _ in range(3):
            next(iter(watch))
        assert OK == told(channel, key)
        watch.cancel()


def test_command_over_tls(database: str, serve: Callable[..., Server], tmp_path: Path) -> None:
    """The command line shows a key from a file or from the environment, over TLS."""
    secured(tmp_path)
    key, file = key_for(database, ACME), tmp_path / "key"
    file.write_text(key + "\n", "utf-8")
    server = serve(
        "--identify", "--tls-cert", str(tmp_path / "tls.pem"), "--tls-key", str(tmp_path / "tls.key")
    )
    words = ("case", "list", "--to", server.address, "--tls-ca", str(tmp_path / "ca.pem"))
    assert 0 == origingate(*words, "--api-key-file", str(file)).returncode
    assert 0 == origingate(*words, ORIGINGATE_API_KEY=key).returncode
    refused = origingate(*words)
    assert (1, True) == (refused.returncode, "UNAUTHENTICATED" in refused.stderr)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--listen", "0.0.0.0:0", "--identify"], "what is sent could be read on the way"),
        (["--listen", "0.0.0.0:0"], "nobody would be asked who it is"),
        (["--listen", "127.0.0.1:0", "--tls-cert", "x"], "TLS needs a certificate and its key"),
        (["--listen", "127.0.0.1:0", "--tls-client-ca", "x"], "only over TLS"),
        (["--listen", "127.0.0.1:0", "--identify", "--no-identity-on-any-address"], "or they are not"),
        (["--listen", "127.0.0.1:0", "--tls-cert", "none.pem", "--tls-key", "none.key"], "cannot be read"),
        (["--listen", "127.0.0.1:0", "--identities", "none.yaml"], "cannot be read"),
    ],
)  # fmt: skip
def test_wrong_setting(tmp_path: Path, words: list[str], says: str) -> None:
    """A server that would be more open than was said does not start: exit code 2, and how to mend it."""
    ended = origingate("serve", "--database", f"sqlite:///{tmp_path}/og.db", *words)
    assert 2 == ended.returncode
    assert says in " ".join(ended.stderr.split())


def test_key_in_the_open() -> None:
    """A command sends no key in the open to another machine."""
    ended = origingate("case", "list", "--to", "192.0.2.1:50051", ORIGINGATE_API_KEY="og_secret")
    assert (2, True) == (ended.returncode, "in the open" in ended.stderr)
    assert "og_secret" not in ended.stderr


def test_nobody_is_asked_in_so_many_words(serve: Callable[..., Server]) -> None:
    """Where both words are said, any address is served to anybody."""
    server = serve(
        "--listen", "0.0.0.0:0", "--no-identity-on-any-address", "--plaintext-on-any-address"
    )  # fmt: skip
    with grpc.insecure_channel(server.address.replace("0.0.0.0", "127.0.0.1")) as channel:
        assert OK == told(channel)
