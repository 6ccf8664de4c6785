"""Manifests on disk, and what a server makes of them."""

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.platforms import ManifestError, open_platforms
from server.platforms.manifest_file import ManifestsRefused, read_folder, read_one
from server.platforms.sandbox_manifest import SANDBOX_ISSUER, sandbox_manifest
from server.shipped import shipped_platforms
from tests.server.cli.whole import app
from tests.server.platforms.conftest import utc_now

SMALL = (Path(__file__).parent / "goldens" / "small.yaml").read_text("utf-8")
EXAMPLE = shipped_platforms() / "crossnet.example.yaml"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder `platforms` in the working folder, with one manifest."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "platforms").mkdir()
    (tmp_path / "platforms" / "small.yaml").write_text(SMALL, "utf-8")
    return tmp_path / "platforms"


def serve(*words, **environment):
    """What `origingate serve` says where it does not start, but for the log of how far it came."""
    runner = CliRunner(env={"COLUMNS": "300", **environment})
    result = runner.invoke(app, ["serve", "--listen", "127.0.0.1:0", "--database", "sqlite:///x.db", *words])
    said = [line for line in result.stderr.splitlines(keepends=True) if "[info" not in line]
    return result.exit_code, "".join(said)


@pytest.mark.parametrize("path", sorted(shipped_platforms().glob("*.yaml")), ids=lambda path: path.name)
def test_shipped(path):
    """The manifests that come with the project have no problems."""
    assert () == read_one(path).problems


def test_sandbox():
    """The sandbox's manifest names the issuer of its proofs, and is changed by settings only where they say."""
    manifest = sandbox_manifest("http://127.0.0.1:9", sandbox_allowed=True, send_timeout=timedelta(seconds=3))
    shipped = read_one(shipped_platforms() / "sandbox.yaml").manifest
    assert (SANDBOX_ISSUER, shipped.operations) == (manifest.proof.issuer, manifest.operations)
    assert ("http://127.0.0.1:9", timedelta(seconds=3)) == (manifest.base_url, manifest.connect_timeout)


def test_folder(folder):
    """Every file that ends with .yaml is a platform; others are left alone."""
    (folder / "readme.txt").write_text("no manifest", "utf-8")
    (folder / "another.yaml").write_text(SMALL.replace("platform: small", "platform: another"), "utf-8")
    assert ["another", "small"] == [manifest.name for manifest in read_folder(folder)]


def test_all_problems_of_all_files(folder):
    """All problems of all files are told at once, and so are names given twice."""
    (folder / "a.yaml").write_text(SMALL.replace("title:", "titel:"), "utf-8")
    (folder / "b.yaml").write_bytes(b"\xff")
    (folder / "c.yaml").write_text(SMALL, "utf-8")
    (folder / "d.yml").write_text(SMALL, "utf-8")
    with pytest.raises(ManifestsRefused) as refused:
        read_folder(Path("platforms"))
    assert [
        "platforms/d.yml: is not read. Name it d.yaml.",
        "platforms/a.yaml:3:1: a manifest has no `titel` [unknown-key]",
        "platforms/b.yaml:1:1: the file is not UTF-8 (byte 0) [unreadable-file]",
        "platforms/small.yaml: platforms/c.yaml is the platform 'small' already. Name each once.",
    ] == [line for line in str(refused.value).splitlines() if line.startswith("platforms/")]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere", "is no folder. Give --platforms a folder of manifests."),
        ("empty", "holds no manifest. Put one in"),
    ],
)
def test_no_manifests(folder, name, said):
    """A folder that is not there, or without manifests, is a mistake."""
    (folder / "empty").mkdir()
    with pytest.raises(ManifestsRefused, match=said):
        read_folder(folder / name)


def test_example_is_refused(folder):
    """An example is no platform: a server that finds one does not start, and says why."""
    (folder / "crossnet.yaml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    code, said = serve("--platforms", "platforms")
    assert 2 == code
    assert said.startswith(
        "platforms/crossnet.yaml: is an example: the interface of CROSSNET, as a report names it;"
    )
    assert "Take the file out of the folder; once the interface is published" in said


async def test_example_is_never_opened():
    """Whatever way an example comes, nothing is sent to it."""
    manifest = read_one(EXAMPLE).manifest
    with pytest.raises(ManifestError, match="crossnet is an example of a manifest; nothing is sent"):
        await open_platforms([manifest], utc_now)


def test_server_with_a_bad_manifest(folder):
    """A server with a wrong manifest and a wrong accounts file does not start, and tells everything of both."""
    (folder / "small.yaml").write_text(SMALL.replace("DIGEST", "DIGETS"), "utf-8")
    Path("accounts.yaml").write_text("accounts:\n  - {tenant: dev}\n", "utf-8")
    code, said = serve("--platforms", "platforms", "--accounts", "accounts.yaml")
    assert 2 == code
    assert [
        "platforms/small.yaml:6:12: `binding` cannot be `DIGETS` [unknown-word]",
        "accounts.yaml:2:6: `accounts` lacks `platform` [missing-key]",
    ] == [line for line in said.splitlines() if ".yaml:" in line]


def test_server_without_the_account(folder):
    """A server that lacks a platform's secrets does not start, and says which."""
    code, said = serve("--platforms", "platforms")
    assert (2, "no accounts file: the account of the tenant dev at small lacks api_key") == (
        code,
        said.partition(";")[0],
    )


def test_server_less_patient_than_a_platform(folder):
    """A server that would give up or believe too early does not start, and says what to set."""
    environment = {"ORIGINGATE_ATTEMPT_TIMEOUT": "4", "ORIGINGATE_SETTLE": "1"}
    code, said = serve("--platforms", "platforms", **environment)
    assert 2 == code
    assert [
        "small: its `send_timeout` of 10 s exceeds the server's attempt_timeout of 4 s; set ORIGINGATE_ATTEMPT_TIMEOUT"
        " to 10 or more, or write a shorter `send_timeout`",
        "small: its `settle_time` of 5 s exceeds the server's settle of 1 s; set ORIGINGATE_SETTLE to 5 or more, or"
        " write a shorter `settle_time`",
    ] == said.splitlines()


def test_sandbox_named_twice(folder):
    """A manifest may not take the sandbox's name beside the sandbox."""
    (folder / "small.yaml").write_text((shipped_platforms() / "sandbox.yaml").read_text("utf-8"), "utf-8")
    code, said = serve("--platforms", "platforms", "--sandbox-url", "http://127.0.0.1:1")
    assert (2, "two platforms are named 'sandbox'; give each a name of its own\n") == (code, said)
