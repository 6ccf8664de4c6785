"""Accounts: where secrets are kept, and that they stay there."""

import dataclasses
import ssl

import pytest
from aiohttp import web

from engine.certificate import ECertId
from engine.platform import NotSent, Told, Unknown
from server.platforms import ManifestError, open_platforms, sandbox_manifest
from server.platforms.accounts import AccountsFileInvalid, load_accounts
from server.platforms.auth.kinds import ApiKey, Auth
from tests.server.platforms.authority import authority
from tests.server.platforms.conftest import utc_now

GOOD = """
accounts:
  - tenant: dev
    platform: crossnet
    secrets:
      client_id: {env: CROSSNET_ID}
      client_secret: {file: secrets/crossnet}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a secret in a file, as the working folder."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "crossnet").write_text("hush hush\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(folder, text, **environment):
    path = folder / "accounts.yaml"
    path.write_text(text, "utf-8")
    return load_accounts(path, environment)


def test_good(folder):
    """Secrets come from the environment and from files beside the accounts file, without the line's end."""
    account = load(folder, GOOD, CROSSNET_ID="id-1").of("dev", "crossnet")
    assert {"client_id": "id-1", "client_secret": "hush hush"} == {
        name: secret.reveal() for name, secret in account.secrets.items()
    }


def test_another_tenant(folder):
    """A tenant's secrets are nobody else's."""
    assert {} == load(folder, GOOD, CROSSNET_ID="id-1").of("other", "crossnet").secrets


def told(folder, text, **environment):
    with pytest.raises(AccountsFileInvalid) as refused:
        load(folder, text, **environment)
    return str(refused.value)


def test_all_problems_at_once(folder):
    """Everything that is wrong is told, at its place, with how to mend it."""
    (folder / "secrets" / "two-lines").write_text("a\nb\n", "utf-8")
    (folder / "secrets" / "binary").write_bytes(b"\xff\xfe")
    text = """
accounts:
  - tenant: dev
    platform: a
    trust: secrets/crossnet
    secrets:
      api_key: {env: NOWHERE}
      username: {file: secrets/none}
      password: {file: secrets/two-lines}
      client_id: {file: secrets/binary}
      client_secret: {}
      hmac_key: {env: A, file: b}
      certificate: {env: A}
  - tenant: dev
    platform: a
"""
    assert (
        """\
accounts.yaml:5:5: secrets/crossnet holds no certificates to trust [trust-unusable]
accounts.yaml:7:7: the environment has no NOWHERE [secret-missing]
accounts.yaml:8:7: secrets/none cannot be read (No such file or directory) [secret-missing]
accounts.yaml:9:7: what is kept for `password` is no line of visible ASCII characters [secret-unusable]
accounts.yaml:10:7: secrets/binary is no text [secret-unusable]
accounts.yaml:11:7: `client_secret` is in a file or in the environment [where-unclear]
accounts.yaml:12:7: `hmac_key` is in a file or in the environment [where-unclear]
accounts.yaml:13:7: `certificate` is read from a file [where-unclear]
accounts.yaml:15:5: the tenant dev has an account at a already [second-account]""".splitlines()
        == [line for line in told(folder, text).splitlines() if line.startswith("accounts.yaml")]
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            GOOD.replace("{env: CROSSNET_ID}", "hush-hush"),
            "accounts.yaml:6:18: `client_id` is a mapping; this is text",
        ),
        (GOOD.replace("env:", "envi:"), "accounts.yaml:6:19: `accounts.secrets.client_id` has no `envi`"),
        (GOOD.replace("{env: CROSSNET_ID}", "[hush-hush]"), "accounts.yaml:6:7: `client_id` is a mapping"),
        (GOOD.replace("{env: CROSSNET_ID}", "{value: hush-hush}"), "has no `value`"),
        (
            GOOD.replace("{env: CROSSNET_ID}", "{env: hush-hush}"),
            "accounts.yaml:6:24: this is no name of an env",
        ),
        (GOOD.replace("secrets:", "password: hush-hush\n    secrets:"), "has no `password`"),
        (GOOD.replace("{env: CROSSNET_ID}", '"hush-hush'), "a quoted text is not closed"),
        ("hush-hush", "an accounts file"),
        ("", "the file says nothing"),
    ],
)
def test_secret_in_the_file(folder, text, said):
    """Who writes a secret into the file is told so, and the secret is not repeated."""
    shown = told(folder, text)
    assert (True, False) == (said in shown, "hush-hush" in shown)


@pytest.mark.parametrize("name", ["no.yaml", "."])
def test_unreadable(folder, name):
    """A file that cannot be read is named."""
    with pytest.raises(AccountsFileInvalid, match=r"cannot be read .* Give an existing file to --accounts"):
        load_accounts(folder / name)


async def refused(manifest, accounts):
    with pytest.raises(ManifestError) as error:
        await open_platforms([manifest], utc_now, accounts)
    return str(error.value)


async def test_missing_secrets(folder):
    """A platform that needs secrets is not opened without them."""
    manifest = sandbox_manifest("http://127.0.0.1:1", sandbox_allowed=True)
    manifest = dataclasses.replace(manifest, auth=Auth(api_key=ApiKey(header="x-key"), basic=True))
    accounts = load(
        folder,
        GOOD.replace("crossnet\n", "sandbox\n").replace("secrets/sandbox", "secrets/crossnet"),
        CROSSNET_ID="x",
    )
    assert (
        "accounts.yaml: the account of the tenant dev at sandbox lacks api_key, username, password;"
        " say in the file of --accounts where each is kept"
    ) == await refused(manifest, accounts)


async def test_accounts_of_nothing(folder):
    """An account at a platform that there is not, or of a tenant that there is not, is a mistake."""
    manifest = sandbox_manifest("http://127.0.0.1:1", sandbox_allowed=True)
    more = "  - {tenant: prod, platform: sandbox}\n"
    assert (
        "accounts.yaml: there is an account of the tenant dev at crossnet, and no manifest of that platform\n"
        "accounts.yaml: there is no tenant prod; write dev"
    ) == await refused(manifest, load(folder, GOOD + more, CROSSNET_ID="x"))


async def test_tls(folder):
    """A platform that wants our certificate, and whose own one only its partners trust."""
    issuer = authority(folder)
    server, client = issuer.issue("server"), issuer.issue("client")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "ca.pem"))
    context.load_cert_chain(*server)
    context.verify_mode = ssl.CERT_REQUIRED

    async def status(request):
        names = request.transport.get_extra_info("peercert")["subject"]
        return web.json_response({"status": "active" if "client" in str(names) else "revoked"})

    app = web.Application()
    app.router.add_get("/v1/certificates/{id}/status", status)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    url = f"https://127.0.0.1:{runner.addresses[0][1]}"
    manifest = dataclasses.replace(sandbox_manifest(url, sandbox_allowed=True), auth=Auth(mtls=True))
    text = "accounts:\n  - tenant: dev\n    platform: sandbox\n    trust: ca.pem\n    secrets:\n"
    pair = f"      certificate: {{file: {client[0].name}}}\n      private_key: {{file: {client[1].name}}}\n"
    answers = []
    for accounts, auth in (
        (load(folder, text + pair), manifest.auth),
        (load(folder, text.replace("    secrets:\n", "")), Auth()),
        (load(folder, text.replace("    trust: ca.pem\n", "") + pair), manifest.auth),
    ):
        asked = dataclasses.replace(manifest, auth=auth)
        async with await open_platforms([asked], utc_now, accounts) as platforms:
            answers.append(await platforms.find("sandbox").status(ECertId("SBX-1")))
    await runner.cleanup()
    because = "could not connect: its TLS certificate or protocol was not accepted"
    # Without a certificate of ours the platform hangs up, which TLS 1.3 tells only after the request has left.
    assert (Told, NotSent(because)) == (type(answers[0]), answers[2])
    assert isinstance(answers[1], Unknown | NotSent)


def test_key_with_password(folder):
    """A key with a password is refused, and nobody is asked for one."""
    issuer = authority(folder)
    issuer.issue("client", password=b"pw")
    text = """accounts:
  - tenant: dev
    platform: a
    secrets: {certificate: {file: client.pem}, private_key: {file: client.key}}
"""
    assert (
        "accounts.yaml:4:15: certificate and private key are no pair in PEM, or the key has a password"
        in told(folder, text)
    )
