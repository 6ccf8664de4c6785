"""Platforms by installed packages: real entry points of packages that a test puts on the path."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from engine.certificate import CertificateStatus, ECertId
from engine.platform import (
    Expected,
    Health,
    Issued,
    NotSent,
    Platform,
    ProofReason,
    Rejected,
    Rejection,
    Retryable,
    Told,
    Unknown,
)
from server.platforms import ManifestError, open_platforms, prove
from server.platforms.accounts import Account, Accounts
from server.platforms.manifest_file import read_manifest
from server.platforms.plugin import PluginManifest
from server.platforms.secret import Secret
from tests.server.platforms.conftest import NOWHERE, submission_of, utc_now
from tests.server.platforms.fake import FakePlatform

FILE = """
manifest: 1
kind: plugin
platform: quay
title: A platform by a package
plugin: quay
secrets: [api_key]
options: {berth: 7, depth: "7", lights: true, ports: [a, b]}
"""
ID = ECertId("P-1")
AT = datetime(2026, 7, 1, tzinfo=UTC)

# What a plug-in made or does, by what a test wants; the package on the path looks here.
wanted: dict[str, object] = {}


class Quay(FakePlatform):
    """A plug-in's platform, with what a test wants of its methods."""

    def __init__(self, given) -> None:
        super().__init__(utc_now())
        self.given = given
        self.name = given.name
        self.closed = False

    async def submit(self, submission):
        return await act() if wanted else await super().submit(submission)

    async def lookup(self, reference):
        return await act() if wanted else await super().lookup(reference)

    async def status(self, e_cert_id):
        return await act()

    async def void(self, e_cert_id, because):
        return await act()

    async def health(self):
        return await act()

    async def keys(self, wanted_key=None):
        return await act() if wanted else await super().keys(wanted_key)

    def verify_proof(self, proof, keys, expected):
        return wanted["does"]() if wanted else super().verify_proof(proof, keys, expected)

    async def close(self):
        self.closed = True


async def act():
    """What a test wants to be done: an exception to raise, a function to call, or a value."""
    does = wanted["does"]
    if isinstance(does, BaseException):
        raise does
    return await does() if callable(does) else does


@pytest.fixture(autouse=True)
def nothing_wanted():
    """Each test begins with a plug-in that works."""
    wanted.clear()


def install(folder, monkeypatch, body, *, name="quay", package="quay-plugin", version="1.2"):
    """A package with one plug-in, on the path."""
    module = package.replace("-", "_")
    (folder / f"{module}.py").write_text(body, "utf-8")
    about = folder / f"{module}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n", "utf-8")
    (about / "entry_points.txt").write_text(f"[origingate.platforms]\n{name} = {module}:make\n", "utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(__import__("sys").modules, module, raising=False)


WORKS = "from tests.server.platforms.test_plugin import Quay as make\n"


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package whose plug-in works."""
    install(tmp_path, monkeypatch, WORKS)
    return tmp_path


def manifest(text=FILE):
    read = read_manifest("quay.yaml", text)
    assert () == read.problems
    assert isinstance(read.manifest, PluginManifest)
    return read.manifest


ACCOUNTS = Accounts("accounts.yaml", {("dev", "quay"): Account("dev", "quay", {"api_key": Secret("hush")})})


async def opened(text=FILE):
    return await open_platforms([manifest(text)], utc_now, ACCOUNTS)


@pytest.fixture
async def platform(installed) -> Platform:
    """The platform, as a server asks it."""
    async with await opened() as platforms:
        yield platforms.find("quay")


async def test_given(installed):
    """A plug-in gets its options as they are written, its name, and the account's secrets; it is closed in the end."""
    platforms = await opened()
    quay = platforms.find("quay")._inner
    await platforms.close()
    assert {"berth": 7, "depth": "7", "lights": True, "ports": ["a", "b"]} == quay.given.options
    assert ("quay", "dev", "hush") == (
        quay.given.name,
        quay.given.tenant,
        quay.given.secrets["api_key"].reveal(),
    )
    assert "hush" not in repr(quay.given)
    assert quay.closed


async def test_issue_and_prove(platform, submission):
    """What a plug-in does well arrives as it is."""
    issued = await platform.submit(submission)
    expected = Expected(utc_now(), issued.e_cert_id, submission.reference, submission.digest)
    assert (await prove(platform, issued.proof, expected)).reason is ProofReason.GOOD


async def test_digest(installed, tmp_path_factory, monkeypatch):
    """An attempt's digest of the configuration changes with the options, and with the package's version."""

    async def digest(text=FILE):
        async with await opened(text) as platforms:
            return platforms.find("quay").manifest_digest

    first, again, other = await digest(), await digest(), await digest(FILE.replace("7,", "8,"))
    install(tmp_path_factory.mktemp("newer"), monkeypatch, WORKS, version="1.3")
    assert (first, 3) == (again, len({first, other, await digest()}))


@pytest.mark.parametrize(
    "raised",
    [ValueError("hush"), SystemExit(3), asyncio.CancelledError(), TimeoutError("hush"), KeyError("hush")],
)
async def test_raises(platform, submission, raised):
    """Whatever a plug-in raises, it is unknown what was done, and what it said is not repeated."""
    wanted["does"] = raised
    answers = [
        await platform.submit(submission),
        await platform.lookup(NOWHERE),
        await platform.status(ID),
        await platform.void(ID, "cancelled"),
    ]
    assert [Unknown] * 4 == [type(answer) for answer in answers]
    assert (False, {}) == ((await platform.health()).up, await platform.keys())
    assert "hush" not in repr(answers)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "ISSUED",
        Issued(None, "a.b.c"),
        Issued(ID, ""),
        Issued(ECertId("P" * 201), "a.b.c"),
        Rejected(()),
        Rejected(("HS",)),
        Rejected((Rejection("", "", ""),)),
        Retryable("busy", 5),
        Told(CertificateStatus.ACTIVE, AT),
        Health(up=True, because=""),
    ],
    ids=repr,
)
async def test_answers_otherwise(platform, submission, answer):
    """What is no outcome of the port, or lacks what makes it one, is unknown."""
    wanted["does"] = answer
    assert Unknown is type(await platform.submit(submission))


@pytest.mark.parametrize("told", [Told("ACTIVE", AT), Told(CertificateStatus.ACTIVE, datetime(2026, 7, 1))])  # noqa: DTZ001
async def test_told_otherwise(platform, told):
    """A status that is no word of ours, or whose time has no zone, was not told."""
    wanted["does"] = told
    assert Unknown is type(await platform.status(ID))


async def test_bounds(platform, submission):
    """Ids are normalised, texts and waits cut to the bounds of our records."""
    wanted["does"] = Issued(ECertId(" P-1 "), "a.b.c")
    assert Issued(ID, "a.b.c") == await platform.submit(submission)
    wanted["does"] = Retryable("x" * 5000, timedelta(days=9))
    assert Retryable("x" * 1000, timedelta(days=1)) == await platform.submit(submission)


async def test_hangs(platform, submission):
    """A plug-in that does not answer within its `send_timeout` leaves it unknown."""
    wanted["does"] = asyncio.Event().wait
    assert Unknown("the plug-in gave no answer to submit: no answer within 1 s") == await platform.submit(
        submission
    )


async def test_cancelled(platform, submission):
    """A caller that is cancelled is: it does not get an outcome."""
    begun = asyncio.Event()

    async def begins():
        begun.set()
        await asyncio.Event().wait()

    wanted["does"] = begins
    asked = asyncio.create_task(platform.submit(submission))
    await begun.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked


async def test_too_late(platform):
    """What is not in time any more does not reach the plug-in."""
    late = type(submission_of())("og-1", "sha256:00", {}, lambda: False)
    assert NotSent("it was too late to send it") == await platform.submit(late)


def fails():
    """A method that does not work."""
    raise ValueError("hush")


@pytest.mark.parametrize("does", [fails, lambda: True])
async def test_proof_not_read(platform, does):
    """A proof that the plug-in fails to read does not hold."""
    wanted["does"] = does
    assert ProofReason.MALFORMED is platform.verify_proof("a.b.c", {}, Expected(AT)).reason


NO_PLATFORM = """
class make:
    name, capabilities, manifest_digest = "pier", None, ""

    def __init__(self, given): ...
    def submit(self, submission): ...
    async def lookup(self): ...
    async def status(self, e_cert_id): ...
    async def void(self, e_cert_id, because): ...
    async def health(self): ...
    async def keys(self, wanted=None): ...
    async def verify_proof(self, proof, keys, expected): ...
"""
WRONG_CAPABILITIES = """
import dataclasses
from tests.server.platforms.test_plugin import Quay

class make(Quay):
    capabilities = dataclasses.replace(Quay.capabilities, send_timeout=10, binding="DIGEST", most_lines=True)
"""
REFUSES = """
from server.platforms.plugin import OptionsRefused

def make(given):
    raise OptionsRefused("there is no berth 7; write 1 to 5")
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            NO_PLATFORM,
            """\
quay: what the plug-in 'quay' makes is no platform:
  `name` is 'pier'; it has to be the name that it was given, 'quay'
  `capabilities` is no Capabilities of engine.platform
  `manifest_digest` is no text; it says by what configuration the platform is asked
  `submit` has to be `async def`
  `lookup` has to take (reference)
  `verify_proof` has to be `def`""",
        ),
        (
            WRONG_CAPABILITIES,
            """\
quay: what the plug-in 'quay' makes is no platform:
  `capabilities` has values of another type than engine.platform says: binding, send_timeout, most_lines""",
        ),
        (REFUSES, "quay: there is no berth 7; write 1 to 5"),
        (
            "def make(given):\n    raise ValueError(given.secrets['api_key'].reveal())\n",
            "quay: the plug-in 'quay' makes no platform: ValueError at quay_plugin.py:2;"
            " see its own documentation, or ask who wrote it",
        ),
        (
            "import nowhere_at_all\n",
            "quay: the plug-in 'quay' makes no platform: ModuleNotFoundError at quay_plugin.py:1;"
            " see its own documentation, or ask who wrote it",
        ),
    ],
)
async def test_no_platform(tmp_path, monkeypatch, body, said):
    """What a plug-in makes is held to the port before anything is asked; all that is wrong is told, and no secret."""
    install(tmp_path, monkeypatch, body)
    with pytest.raises(ManifestError) as refused:
        await opened()
    assert said == str(refused.value)


async def test_not_installed(installed):
    """A plug-in that is not installed is told of with those that are."""
    with pytest.raises(ManifestError, match=re.escape("no plug-in 'quai' is installed; there are: quay.")):
        await opened(FILE.replace("plugin: quay", "plugin: quai"))


async def test_of_two_packages(installed, tmp_path_factory, monkeypatch):
    """A name that two packages have is not guessed at."""
    install(tmp_path_factory.mktemp("other"), monkeypatch, WORKS, package="other-quay")
    with pytest.raises(ManifestError, match="other_quay:make, quay_plugin:make; uninstall all but one"):
        await opened()


async def test_lacks_secret(installed):
    """An account that lacks a secret of the file stops the start."""
    with pytest.raises(ManifestError, match="the account of the tenant dev at quay lacks api_key"):
        await open_platforms([manifest()], utc_now)
