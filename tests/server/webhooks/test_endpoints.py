"""The endpoints file: what it may say, and how everything wrong with it is told, with its place and how to mend it."""

from datetime import timedelta
from pathlib import Path

import pytest

from server.platforms.transport import Limits
from server.webhooks.endpoints import Endpoint, EndpointsFileInvalid, load_endpoints
from server.webhooks.signing import read_secrets

PROJECT = Path(__file__).resolve().parents[3]
SECRET = "whsec_" + "A" * 43 + "="
ENVIRONMENT = {"ORDERS": SECRET}


def loaded(folder: Path, text: str | bytes) -> tuple[Endpoint, ...]:
    """The endpoints of a file with this text, in a folder with a file of secrets."""
    path = folder / "webhooks.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "audit.secret").write_text(f"{SECRET}\n", "utf-8")
    return load_endpoints(path, ENVIRONMENT)


def refusal(folder: Path, text: str | bytes) -> str:
    """What is said of a file that cannot be used, without its path."""
    with pytest.raises(EndpointsFileInvalid) as refused:
        loaded(folder, text)
    return str(refused.value).replace(f"{folder}/", "")


def one(line: str = "", url: str = "https://orders.example/hook") -> str:
    """A file with one endpoint, with a further line."""
    return f"webhooks:\n  - endpoint: orders\n    tenant: dev\n    url: {url}\n    {line}\n"


def test_all_of_it(tmp_path: Path) -> None:
    """An endpoint as its file says."""
    text = """
    webhooks:
      - {endpoint: audit, tenant: dev, url: "http://[::1]:9/x?key=1", secret_file: audit.secret, begin: beginning,
         site_ids: [shop], states: [HANDED_OFF], connect_timeout: 1, timeout: 2.5, at_once: 1, tries: 3,
         give_up_after: 60, longest_pause: 5}
    """
    expected = Endpoint(
        "dev", "audit", "http://[::1]:9/x?key=1", read_secrets(SECRET), frozenset({"shop"}), frozenset({"HANDED_OFF"}),
        True, Limits(1, 2.5), 1, 3, timedelta(seconds=60), timedelta(seconds=5),
    )  # fmt: skip
    assert (expected,) == loaded(tmp_path, text)


def test_defaults(tmp_path: Path) -> None:
    """What a file leaves out."""
    expected = Endpoint(
        "dev", "orders", "https://orders.example/hook", read_secrets(SECRET), frozenset(), frozenset(), False,
        Limits(3, 10), 4, 12, timedelta(days=3), timedelta(minutes=5),
    )  # fmt: skip
    assert (expected,) == loaded(tmp_path, one("secret_env: ORDERS"))


def test_shipped_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """examples/webhooks.yaml can be used once its secrets are in the environment."""
    environment = {"ORDERS_WEBHOOK_SECRET": SECRET, "COMPLIANCE_WEBHOOK_SECRET": SECRET}
    endpoints = load_endpoints(PROJECT / "examples" / "webhooks.yaml", environment)
    assert ["orders", "compliance"] == [endpoint.name for endpoint in endpoints]
    assert [frozenset(), frozenset({"HANDED_OFF"})] == [endpoint.states for endpoint in endpoints]


def test_every_mistake(tmp_path: Path) -> None:
    """Every mistake is told, in the order of the file, with line, column and how to mend it."""
    text = (
        "webhooks:\n  - endpoint: Orders\n    tenant: dev\n    url: https://orders.example\n    tries: 0\n"
        "  - endpoint: audit\n    states: [CERTIFIED, GONE]\n    url: https://audit.example\n    pause: 5\n"
    )
    lines = refusal(tmp_path, text).splitlines()
    assert [
        "webhooks.yaml:2:15: webhooks.0.endpoint",
        "webhooks.yaml:5:12: webhooks.0.tries",
        "webhooks.yaml:6:5: webhooks.1.tenant",
        "webhooks.yaml:7:25: webhooks.1.states.1",
        "webhooks.yaml:9:12: webhooks.1.pause",
    ] == [": ".join(line.split(": ")[:2]) for line in lines]
    assert [". mend: " in line for line in lines] == [True] * 5


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://orders.example/hook", "it is not encrypted, and not on this machine. mend: write https"),
        ("http://127.0.0.1.orders.example/", "it is not encrypted"),
        ("ftp://127.0.0.1/", "it is no address"),
        ("orders.example", "it is no address"),
        ("https://", "it is no address"),
        ("https://orders.example:0/", "it is no address"),
        ("https://orders.example:x/", "it is no address"),
        ('"https://orders.example/a b"', "it is no address"),
        ('"https://orders.example/\\r\\nx"', "it is no address"),
        ("https://me:word@orders.example/", "it holds credentials or a fragment"),
        ('"https://orders.example/#top"', "it holds credentials or a fragment"),
    ],
)
def test_address(tmp_path: Path, url: str, words: str) -> None:
    """An address is https, or http on this machine, and holds no credentials."""
    said = refusal(tmp_path, one("secret_env: ORDERS", url))
    assert (True, True) == (said.startswith("webhooks.yaml:4:10: webhooks.0.url: "), words in said)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "2:15: webhooks.0.endpoint: it needs one of secret_env and secret_file"),
        ("{secret_env: ORDERS, secret_file: x}", ""),
        ("secret_env: NOWHERE", "5:17: webhooks.0.secret_env: the environment has no NOWHERE. mend: set it"),
        (
            "secret_file: none",
            "5:18: webhooks.0.secret_file: none cannot be read (No such file or directory)",
        ),
        ("secret_file: webhooks.yaml", "the secret of webhooks.yaml cannot be used: a secret begins with"),
    ],
)
def test_secret(tmp_path: Path, line: str, words: str) -> None:
    """Each endpoint names one place where its secret is kept; the file itself has none."""
    assert words in refusal(tmp_path, one(line))


def test_secret_in_the_file(tmp_path: Path) -> None:
    """A secret that stands in the file is refused, and not shown."""
    said = refusal(tmp_path, one(f"secret: {SECRET}"))
    assert ("webhooks.0.secret" in said, SECRET in said) == (True, False)


def test_namesakes(tmp_path: Path) -> None:
    """A tenant names each of its endpoints once."""
    entry = one("secret_env: ORDERS").partition("\n")[2]
    said = refusal(tmp_path, f"webhooks:\n{entry}{entry}")
    assert said.startswith(
        "webhooks.yaml:6:15: webhooks.1.endpoint: the tenant 'dev' has two endpoints 'orders'"
    )


def test_key_twice(tmp_path: Path) -> None:
    """A key that stands twice is told: YAML itself would drop the first without a word."""
    said = refusal(tmp_path, one("url: https://other.example"))
    assert "webhooks.yaml:5:10: webhooks.0.url: the key 'url' stands twice. mend: keep one of them" == said


BROKEN = {
    "empty": b"",
    "a list": b"- one",
    "a word": b"one",
    "no list": b"webhooks: {}",
    "not UTF-8": b"webhooks: \xff\xfe",
    "not YAML": b"webhooks: [",
    "a control character": b"webhooks: a\x00b",
    "a day that does not exist": b"webhooks: 2026-02-30",
    "too deep": b"[" * 1000,
    "a list for a key": b"{[a]: b}",
    "a mapping for a key": b"webhooks: [{{a: b}: c}]",
    "a mapping that holds itself": b"webhooks: &a [*a]",
    "an object of the language": b"!!python/object/apply:os.system [id]",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_broken(tmp_path: Path, text: bytes) -> None:
    """Whatever the file holds, what is wrong is said in words, with the file's name."""
    assert refusal(tmp_path, text).startswith("webhooks.yaml:")


def test_not_there(tmp_path: Path) -> None:
    """A file that cannot be read is named, with why."""
    with pytest.raises(
        EndpointsFileInvalid, match=r"none\.yaml: cannot be read \(No such file or directory\)"
    ):
        load_endpoints(tmp_path / "none.yaml")
