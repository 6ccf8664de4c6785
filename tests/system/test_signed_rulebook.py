"""A server that serves a signed rulebook, as an operator starts it."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from google.protobuf import json_format
from origingate.v1 import screening_service_pb2

from tests.system.processes import EXAMPLES, PROJECT, Server, origingate

FOLDER = PROJECT / "rules" / "usmca"


@dataclass(frozen=True, slots=True)
class Signed:
    """The shipped rulebook as a signed file, with the public key of who signed it, and another one."""

    file: Path
    key: Path
    other: Path


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """Made by the commands that an author uses."""
    folder = tmp_path_factory.mktemp("signed")
    for words in (
        ("key", folder / "author.pem"),
        ("key", folder / "other.pem"),
        ("build", FOLDER, "--key", folder / "author.pem", "--out", folder / "usmca.rulebook", "--no-tests"),
    ):
        done = origingate("rules", *map(str, words))
        assert 0 == done.returncode, done.stderr
    return Signed(folder / "usmca.rulebook", folder / "author.pub.pem", folder / "other.pub.pem")


def answer(server: Server) -> screening_service_pb2.DecidePreReviewResponse:
    """What the server answers to an example order, whatever is another with every call left out."""
    text = json.loads((EXAMPLES / "orders" / "07-certification-invalid.json").read_text("utf-8"))
    asked = {name: text[name] for name in ("site", "order", "declaration")}
    request = json_format.ParseDict(asked, screening_service_pb2.DecidePreReviewRequest())
    return server.screening.DecidePreReview(request, timeout=20)


@pytest.mark.xdist_group("signed")
def test_same_answers(signed: Signed, serve: Callable[..., Server], tmp_path: Path) -> None:
    """A signed file answers as its folder does, the log says which key signed it, and its texts are kept."""
    server = serve(ORIGINGATE_RULEBOOK=str(signed.file), ORIGINGATE_RULEBOOK_KEY=str(signed.key))
    by_file = answer(server)
    assert "the rulebook's signature holds" in server.log.read_text("utf-8")
    assert 0 == server.stop()
    with sqlite3.connect(tmp_path / "og.db") as database:
        kept = database.execute("SELECT digest, name FROM rulebooks").fetchall()
    assert [(by_file.prereview.rulebook_digest, "usmca")] == kept
    assert answer(serve("--rulebook", str(FOLDER))) == by_file
    assert by_file.certification.findings


@pytest.mark.xdist_group("signed")
def test_other_key(signed: Signed) -> None:
    """A file that another key signed is not served: 1, and both keys are named."""
    words = ("--rulebook", signed.file, "--key", signed.other)
    done = origingate("serve", "--listen", "127.0.0.1:0", *map(str, words))
    assert (1, "", True) == (done.returncode, done.stdout, "It is signed by the key " in done.stderr)
