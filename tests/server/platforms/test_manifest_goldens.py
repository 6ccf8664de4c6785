"""Wrong manifests and exactly what their authors are told.

Each is the small manifest with a few changes; what it must draw is a golden of its name. `make golden` writes these
anew, to be read as a diff.
"""

import os
from pathlib import Path

import pytest

from engine.rulebook.problems import show
from server.platforms.manifest_file import read_manifest

GOLDENS = Path(__file__).parent / "goldens"
SMALL = (GOLDENS / "small.yaml").read_text("utf-8")


def part(begin: str, end: str) -> str:
    """The small manifest from one text to another."""
    return SMALL[SMALL.index(begin) : SMALL.index(end)]


Changes = tuple[tuple[str, str], ...]
WRONG: dict[str, Changes] = {
    "unknown-and-missing-keys": (
        ("title:", "titel:"),
        ("  binding: DIGEST\n", ""),
        ("  issuer", "  isuer"),
        ("keys: {", "jwks: {"),
    ),
    "unknown-words": (
        ("DIGEST", "DIGETS"),
        ("means: TOLD", "means: TOLDD"),
        ("method: GET", "method: FETCH"),
        ("bad: REVOKED", "bad: REVOKD"),
    ),
    "wrong-kinds": (
        ("auth:\n  api_key: {header: X-Key}", "auth: [api_key]"),
        ("title: A platform of the goldens", "title: [a]"),
        ("keys: {path: /jwks.json}", "keys: /jwks.json"),
        ("statuses: {good: ACTIVE, bad: REVOKED}", "statuses: good"),
    ),
    "empty-values": (
        ("title: A platform of the goldens", "title:"),
        ("send_timeout: 10 s", "send_timeout:"),
        ("  proof: jws", "  proof:"),
    ),
    "nothing-compared": (("DIGEST", "CLAIMS"),),
    "compares-unused": (("proof:\n", "compares: {fields: {order.order_id: number}}\nproof:\n"),),
    "unknown-fields": (
        ("DIGEST", "CLAIMS"),
        (
            "proof:\n",
            "compares:\n  fields: {order.order_ids: number, 'declaration.goods[].hs': hs}\n"
            "  goods: {each: goods, id: number, fields: {hss: hs, criterion: origin}}\nproof:\n",
        ),
    ),
    "id-never-read": (
        ("  void: true", "  void: true\n  lookup_by_platform_id: true"),
        (
            part("  lookup:\n", "  status:\n"),
            part("  lookup:\n", "  status:\n")
            + part("  lookup:\n", "  status:\n").replace("lookup:", "lookup_by_id:"),
        ),
    ),
    "bad-times": (
        ("30 d", "30 days"),
        ("settle_time: 5 s", "settle_time: 5"),
        ("10 s", "0 s"),
        ("2 s", "1e3 s"),
    ),
    "bad-statuses": (
        ("status: 429", "status: 4xx"),
        ("status: 422", "status: 499-400"),
        ("status: 202", "status: [202, 2020]"),
    ),
    "bad-truths": (("void: true", "void: yes"), ("lookup_by_reference: true", "lookup_by_reference: 1")),
    "bad-numbers": (
        ("  void: true", "  void: true\n  most_lines: many\n  calls_a_second: 0\n  calls_at_once: 2.5"),
    ),
    "bad-names": (
        ("platform: small", "platform: Small One"),
        ("X-Reference", "X Reference"),
        ("header: X-Key", "header: 'X:Key'"),
    ),
    "another-version": (("manifest: 1", "manifest: 2"),),
    "bad-expressions": (
        ("error == 'none'", "error = 'none'"),
        ("length(errors) > `0`", "size(errors)"),
        ("  e_cert_id: id", "  e_cert_id: 'id.'"),
        ("  code: code", "  code: sum(code)"),
    ),
    "expression-that-grows": (("  codes: errors", "  codes: '[@,@,@] | [@,@,@] | [@,@,@] | [@,@,@]'"),),
    "unknown-names": (
        ("{from: digest}", "{from: digset}"),
        ("/references/{reference}", "/references/{ref}"),
        ("{from: reference}", "{from: 'e_cert_id || reference'}"),
    ),
    "from-without-expression": (
        ("{from: digest}", "{from: {digest: digest}}"),
        ("      version: 2", "      version: {from: ''}"),
    ),
    "inexact-number": (("version: 2", "version: 2.10"),),
    "secret-headers": (
        (
            "X-Reference: {from: reference}",
            "X-Reference: {from: reference}\n      Authorization: Bearer abc\n      Cookie: a=b",
        ),
    ),
    "not-encrypted": (("https://small.example/api", "http://small.example/api"),),
    "credentials-in-the-address": (("https://small.example/api", "https://user:pass@small.example/api"),),
    "private-address": (("https://small.example/api", "https://10.1.2.3/api"),),
    "private-token-endpoint": (
        ("  api_key: {header: X-Key}", "  oauth2: {token_url: 'https://192.168.0.9/token'}"),
    ),
    "digest-without-proof": (("  void: true", "  void: true\n  proof: STATUS"),),
    "voids-without-void": (("  void: true", "  void: false\n  void_window: 2 d\n  void_reasons: [A]"),),
    "operations-missing": (
        (part("  void:\n    method", "  keys:"), ""),
        ("  keys: {path: /jwks.json}\n", ""),
    ),
    "webhook-and-pending-without-lookup": (
        ("lookup_by_reference: true", "lookup_by_reference: false\n  delivery: WEBHOOK"),
        (part("  lookup:\n", "  status:\n    m"), ""),
    ),
    "windows": (
        ("lookup_window: 30 d", "lookup_window: 2 s"),
        ("address:", "connect_timeout: 11 s\naddress:"),
        ("  void: true", "  void: true\n  idempotency_life: 1 d"),
    ),
    "never-duplicate": (("  void: true", "  void: true\n  idempotency: CONTENT"),),
    "wrong-meanings": (("means: TOLD", "means: ISSUED"), ("means: VOIDED", "means: PENDING")),
    "unreadable-meanings": (("  proof: jws\n", ""), ("  codes: errors\n  code: code\n", "")),
    "success-by-error": (("status: 200, means: ISSUED", "status: 200-599, means: ISSUED"),),
    "bare-not-found": (("status: 404, when: error == 'none'", "status: 404"),),
    "bare-failure": (("status: 429, means: RETRYABLE", "status: [429, 503], means: RETRYABLE"),),
    "unreachable-answer": (("status: 202, means", "status: 200, means"),),
    "never-issues": (
        (
            "      - {status: 200, means: ISSUED}\n      - {status: 202, means: PENDING, wait: {otherwise: 2 s}}\n",
            "",
        ),
    ),
    "about-nothing": (
        ("{from: reference}", "constant"),
        ("{from: digest}", "reference"),
        ("path: /references/{reference}", "path: /references"),
        ("path: /certificates/{e_cert_id}", "path: /certificates/one"),
    ),
    "replaces-nothing": (
        ("  void: true", "  void: true\n  replace: true"),
        (
            "  keys: {path",
            "  replace:\n    method: POST\n    path: /replace\n    answers:\n"
            "      - {status: 429, means: RETRYABLE}\n  keys: {path",
        ),
    ),
    "replace-missing": (("  void: true", "  void: true\n  replace: true"),),
    "bad-paths": (
        ("path: /certificates\n", "path: certificates\n"),
        ("/jwks.json", "/../jwks.json"),
        ("/health", "/health?deep=1"),
    ),
    "two-authorisations": (
        (
            "  api_key: {header: X-Key}",
            "  api_key: {header: X-Key, query: key}\n  basic: {}\n"
            "  oauth2: {token_url: 'https://small.example/t'}\n  hmac: {header: X-Key, signs: [BODY]}",
        ),
    ),
    "nothing-to-say": (("  api_key: {header: X-Key}", "  mtls: true"),),
    "no-yaml": (("title: A platform", "title: a: platform"),),
    "anchors-and-tags": (
        ("title: A platform of the goldens", "title: &t A platform"),
        ("issuer: https://small.example", "issuer: !!str https://small.example"),
    ),
    "duplicate-key": (("reads:\n", "reads:\n  code: a\n"),),
    "no-manifest": ((SMALL, "- one\n- two\n"),),
}


def test_small() -> None:
    """The small manifest itself has no problem."""
    assert () == read_manifest("small.yaml", SMALL).problems


@pytest.mark.parametrize("name", WRONG)
def test_golden(name: str) -> None:
    """A wrong manifest draws exactly these problems, each with its place, its caret and its mend."""
    text = SMALL
    for old, new in WRONG[name]:
        assert old in text, f"there is no {old!r} to be changed"
        text = text.replace(old, new, 1)
    reading = read_manifest("small.yaml", text)
    shown = "\n\n".join(show(problem, reading.text) for problem in reading.problems) + "\n"
    golden = GOLDENS / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDENS"):
        golden.write_text(shown, "utf-8")
    assert (None, golden.read_text("utf-8")) == (reading.manifest, shown)


def test_goldens_are_all_used() -> None:
    """Each golden belongs to a wrong manifest, and each draws something."""
    assert {f"{name}.txt" for name in WRONG} == {path.name for path in GOLDENS.glob("*.txt")}
    assert all((GOLDENS / f"{name}.txt").read_text("utf-8").strip() for name in WRONG)
