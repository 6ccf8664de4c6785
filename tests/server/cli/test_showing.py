"""What commands show to a server: a key, a certificate, and what they refuse to show."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from origingate.v1 import case_service_pb2, case_service_pb2_grpc
from typer.testing import CliRunner, Result

from tests.server.cli.whole import app


class Keeper(case_service_pb2_grpc.CaseServiceServicer):
    """Notes what it is shown, and knows no case."""

    def __init__(self) -> None:
        self.shown: list[str | None] = []

    def _note(self, context: Any) -> None:
        self.shown.append(dict(context.invocation_metadata()).get("authorization"))

    def GetCase(self, request: Any, context: Any) -> Any:
        self._note(context)
        return case_service_pb2.GetCaseResponse()

    def WatchCases(self, request: Any, context: Any) -> Iterator[Any]:
        self._note(context)
        yield case_service_pb2.WatchCasesResponse(token="t")


@pytest.fixture
def keeper() -> Iterator[tuple[Keeper, str]]:
    """A server of the contract, and its address."""
    service = Keeper()
    server = grpc.server(ThreadPoolExecutor(2))
    case_service_pb2_grpc.add_CaseServiceServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield service, f"127.0.0.1:{port}"
    server.stop(None).wait()


def run(*words: str, **environment: str) -> Result:
    """A command."""
    return CliRunner(env={"COLUMNS": "200", "ORIGINGATE_API_KEY": "", **environment}).invoke(app, list(words))


def test_key_of_a_file(keeper: tuple[Keeper, str], tmp_path: Path) -> None:
    """The key of a file goes with the call, without the line's end; it comes before the environment's."""
    (tmp_path / "key").write_text("og_1_file\n", "utf-8")
    run("case", "get", "cases/1", "--to", keeper[1], "--api-key-file", str(tmp_path / "key"),
        ORIGINGATE_API_KEY="og_1_environment")  # fmt: skip
    assert ["Bearer og_1_file"] == keeper[0].shown


def test_key_of_the_environment(keeper: tuple[Keeper, str]) -> None:
    """So does the environment's, with calls that have many answers too."""
    run("case", "watch", "--to", keeper[1], "--until-quiet", ORIGINGATE_API_KEY="og_1_environment")
    assert "Bearer og_1_environment" == keeper[0].shown[0]


def test_nothing(keeper: tuple[Keeper, str]) -> None:
    """Without one nothing is shown, also after a command that showed one."""
    run("case", "get", "cases/1", "--to", keeper[1], ORIGINGATE_API_KEY="og_1_environment")
    run("case", "get", "cases/1", "--to", keeper[1])
    assert ["Bearer og_1_environment", None] == keeper[0].shown


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        (("--cert", "a.pem"), {}, "give both --cert and --cert-key"),
        (("--tls-ca", "none.pem"), {}, "none.pem: cannot be read"),
        (("--api-key-file", "none"), {}, "none: cannot be read"),
        (("--api-key-file", "empty"), {}, "empty: it is empty"),
        (("--api-key-file", "two"), {}, "two: it holds no key in one line"),
        ((), {"ORIGINGATE_API_KEY": "a b"}, "ORIGINGATE_API_KEY: it holds no key in one line"),
        (("--to", "192.0.2.1:1"), {"ORIGINGATE_API_KEY": "og_1_x"}, "in the open"),
    ],
)
def test_wrong_use(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    environment: dict[str, str],
    said: str,
) -> None:
    """What cannot or must not be shown is wrong use, and the key is not repeated."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").write_text("\n", "utf-8")
    (tmp_path / "two").write_text("og_1_x\nog_2_y\n", "utf-8")
    ended = run("case", "get", "cases/1", *words, **environment)
    assert (2, True) == (ended.exit_code, said in ended.stderr)
    assert "og_1_x" not in ended.stderr
