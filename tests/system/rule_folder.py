"""A folder of rule files that a test changes under a running server, with two rule tests, so that a trial takes little."""

import re
from pathlib import Path
from shutil import copyfile
from typing import Any

from origingate.v1 import rulebook_service_pb2, rulebook_service_pb2_grpc, screening_service_pb2

from tests.system.processes import PROJECT, Server, order, wait_for

QUICK = {"ORIGINGATE_RULEBOOK_DOUBTS": "0", "ORIGINGATE_RULEBOOK_LOOK_EVERY": "0.2"}
TESTS = """\
question: scope
on: 2026-07-01
given:
  site: {kind: B2B_INDEPENDENT}
  order: {destination: US, lines: [{line_id: "1", claims_preference: true}]}
tests:
  - test: the rule applies
    expect: IN_SCOPE
  - test: nothing of it goes to the US
    with: {order.destination: CA}
    expect: OUT_OF_SCOPE
"""


class RuleFolder:
    """The shipped rulebook, with rule tests of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for path in (PROJECT / "rules" / "usmca").iterdir():
            if path.suffix in (".yaml", ".csv") and not path.name.endswith("_test.yaml"):
                copyfile(path, folder / path.name)
        (folder / "scope_test.yaml").write_text(TESTS, "utf-8")

    def retitle(self, title: str) -> None:
        """Another rulebook: the same rules under another title."""
        self._change("rulebook.yaml", r"^title: .*$", f"title: {title}")

    def reasons(self, word: str) -> None:
        """Another rulebook whose pre-review has the word before each of its reasons."""
        self._change("prereview.yaml", r"^( *)reason: (\w+)$", rf"\1reason: {word}_\2")

    def write(self, name: str, text: str) -> None:
        """Adds to a file."""
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def _change(self, name: str, pattern: str, text: str) -> None:
        path = self.folder / name
        draft = path.with_suffix(".draft")
        draft.write_text(re.sub(pattern, text, path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
        draft.replace(path)


def stub(server: Server) -> Any:
    """The server's RulebookService."""
    return rulebook_service_pb2_grpc.RulebookServiceStub(server.channel)


def status(server: Server) -> Any:
    """How the rulebook of the process that answers stands."""
    return stub(server).GetRulebookStatus(rulebook_service_pb2.GetRulebookStatusRequest(), timeout=10)


def activations(server: Server) -> list[Any]:
    """Which rulebook was active from when on, the newest first."""
    request = rulebook_service_pb2.ListActivationsRequest()
    return list(stub(server).ListActivations(request, timeout=10).activations)


def scope(server: Server, **hypothesis: Any) -> Any:
    """The decision on the scope of an example order."""
    example = order()
    request = screening_service_pb2.CheckScopeRequest(site=example.site, order=example.order)
    if hypothesis:
        request.hypothesis.CopyFrom(screening_service_pb2.Hypothesis(**hypothesis))
    return server.screening.CheckScope(request, timeout=10).scope


def await_another(server: Server, digest: str) -> str:
    """Waits until another rulebook is served than the one of the digest; its digest."""
    wait_for(lambda: scope(server).rulebook_digest != digest, server.process, server.log)
    return str(scope(server).rulebook_digest)


def await_refused(server: Server) -> Any:
    """Waits until the files that are offered are refused; the status then."""
    refused = rulebook_service_pb2.OFFER_STATE_REFUSED
    wait_for(lambda: status(server).offer == refused, server.process, server.log)
    return status(server)
