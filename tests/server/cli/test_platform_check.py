"""`origingate platform check`: against a real sandbox in a process of its own."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from server.shipped import shipped_platforms
from tests.docs.pages import PROJECT
from tests.server.cli.whole import app

CROSSNET = str(shipped_platforms() / "crossnet.example.yaml")


def check(*words: str) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["platform", "check", *words])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a sandbox."""
    command = [sys.executable, "-m", "server", "sandbox", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        yield next(word for word in said.split() if word.startswith("http")).rstrip(".")
        running.terminate()


@pytest.fixture
def manifest(url: str, tmp_path: Path) -> str:
    """The sandbox's manifest, at its address; it settles as soon as a busy machine lets it."""
    text = (shipped_platforms() / "sandbox.yaml").read_text("utf-8")
    file = tmp_path / "sandbox.yaml"
    file.write_text(
        text.replace("http://127.0.0.1:8471", url).replace("settle_time: 5 s", "settle_time: 2 s")
    )
    return str(file)


@pytest.fixture
def fault(url: str) -> Iterator[str]:
    """A sandbox that signs with another key than its own."""
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"fault": "wrong_signature", "times": None}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{url}/faults", body, headers), timeout=10).close()
    yield "wrong_signature"
    urllib.request.urlopen(urllib.request.Request(f"{url}/faults", method="DELETE"), timeout=10).close()


def in_force(url: str) -> list[str]:
    """The e-Cert IDs in force at the sandbox."""
    with urllib.request.urlopen(f"{url}/ledger", timeout=10) as reply:
        return [
            entry["e_cert_id"] for entry in json.load(reply)["entries"] if entry.get("status") == "active"
        ]


def test_people(manifest: str, url: str) -> None:
    """Promises with what was seen, latencies, and a summary at the end; nothing is left in force."""
    code, out, _ = check(manifest, "--rounds", "3", "--within", "5")
    lines = out.splitlines()
    assert (0, "Test certificates are bought there, and voided in the end.") == (code, lines[2])
    assert "sandbox: 38 kept, 6 not promised." == lines[-1]
    assert lines[-2].endswith(" certificates were bought, all voided.")
    assert "within 5 s" in out
    assert [] == in_force(url)


def test_machines(manifest: str, tmp_path: Path) -> None:
    """The same as JSON and as JUnit XML."""
    junit = tmp_path / "report.xml"
    code, out, _ = check(manifest, "--rounds", "2", "--json", "--junit", str(junit))
    told = json.loads(out)
    assert (0, True, "sandbox", []) == (code, told["holds"], told["platform"], told["left_in_force"])
    assert ["certificate", "submit", "lookup", "status", "void"] == [
        one["operation"] for one in told["latencies"]
    ]
    root = ElementTree.fromstring(junit.read_text("utf-8"))
    assert ("platform sandbox", "44", "0", "6") == tuple(
        root.attrib[name] for name in ("name", "tests", "failures", "skipped")
    )
    assert len(told["promises"]) == len(root.findall(".//testcase"))


def test_broken(manifest: str, fault: str, url: str, tmp_path: Path) -> None:
    """A broken promise ends it with 1; what was expected and seen stands at the end, and in the XML."""
    junit = tmp_path / "report.xml"
    code, out, _ = check(manifest, "--rounds", "0", "--junit", str(junit))
    assert (1, True) == (code, " BROKEN" in out)
    assert (
        "proof: The proof of a certificate holds, for the submission that brought it.\n  expected GOOD\n"
        in out
    )
    failures = ElementTree.fromstring(junit.read_text("utf-8")).findall(".//failure")
    assert "expected GOOD; seen: BAD_SIGNATURE: " in "".join(one.attrib["message"] for one in failures)
    assert [] == in_force(url)


def test_platform_of_folder(manifest: str) -> None:
    """A platform is named by its name in a folder of manifests."""
    folder = str(Path(manifest).parent)
    code, out, _ = check("sandbox", "--platforms", folder, "--rounds", "0", "--json")
    assert (0, []) == (code, json.loads(out)["latencies"])
    code, _, said = check("sandbux", "--platforms", folder)
    assert (2, f"{folder}: has no platform 'sandbux'; it has sandbox.\n") == (code, said)


def test_address(manifest: str, url: str) -> None:
    """A platform is asked where --address says, as in its test environment."""
    shipped = str(shipped_platforms() / "sandbox.yaml")
    code, out, _ = check(shipped, "--address", url, "--rounds", "0")
    assert (0, True) == (code, f"\nat {url}; " in out)


def test_not_without_yes(manifest: str, url: str) -> None:
    """At a platform that is no sandbox nothing is bought without --yes, and it is said why."""
    file = Path(manifest)
    text = file.read_text("utf-8").replace("urn:origin-gate:sandbox", "https://real.example")
    file.write_text(text, "utf-8")
    code, _, said = check(manifest, "--rounds", "10")
    assert (2, True) == (code, said.startswith("This buys about 50 certificates at The sandbox platform"))
    assert said.endswith("with an account for tests, and say so with --yes; nothing was sent.\n")
    code, out, _ = check(manifest, "--rounds", "0", "--yes")
    assert (1, True) == (code, "WRONG_ISSUER" in out)
    assert [] == in_force(url)


def test_nobody_there(manifest: str) -> None:
    """A platform that does not answer breaks what it promises, and nothing more is tried."""
    file = Path(manifest)
    text = file.read_text("utf-8")
    address = next(line for line in text.splitlines() if line.startswith("address"))
    file.write_text(text.replace(address, "address: http://127.0.0.1:1"), "utf-8")
    code, out, _ = check(manifest)
    assert (1, "sandbox: 2 broken, 41 not tried.") == (code, out.splitlines()[-1])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((CROSSNET,), "is an example; nothing is sent to a made-up interface"),
        (("sandbox",), "Name the folder of its manifest with --platforms"),
        (
            (str(shipped_platforms() / "sandbox.yaml"), "--address", "http://platform.example"),
            "--address: 'http://platform.example' is not encrypted",
        ),
        (("nowhere.yaml",), "the file cannot be read"),
        (("sandbox", "--platforms", "nowhere"), "is no folder"),
        ((str(shipped_platforms() / "sandbox.yaml"), "--accounts", "nowhere.yaml"), "cannot be read"),
        ((str(shipped_platforms() / "sandbox.yaml"), "--order", "nowhere.json"), "cannot be read"),
        (
            (
                str(shipped_platforms() / "sandbox.yaml"),
                "--order",
                str(PROJECT / "examples/orders/09-blanket-two-readings.json"),
            ),
            "has no declaration for a single shipment",
        ),
    ],
)
def test_wrong_use(words: tuple[str, ...], said: str) -> None:
    """Wrong use ends with 2 and says what to do, and nothing is sent."""
    code, _, told = check(*words)
    assert (2, True) == (code, said in told), told
