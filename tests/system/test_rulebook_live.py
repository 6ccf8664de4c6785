"""Rule files that change under a running server: a good change is served whole, a bad one leaves the last good."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest
from google.type import date_pb2
from origingate.v1 import rulebook_service_pb2, screening_service_pb2

from tests.system.asking import ask
from tests.system.processes import Server, order, origingate, wait_for
from tests.system.rule_folder import (
    QUICK,
    RuleFolder,
    activations,
    await_another,
    await_refused,
    scope,
    status,
    stub,
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleFolder:
    """The folder that the module's server is given."""
    return RuleFolder(tmp_path_factory.mktemp("rules") / "usmca")


@pytest.fixture(scope="module")
def server(rules: RuleFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on that folder; each test leaves it with files that are good."""
    folder = tmp_path_factory.mktemp("server")
    running = Server(
        folder,
        "--rulebook",
        str(rules.folder),
        "--rulebook-stale-after",
        "0.1",
        "--log-format",
        "json",
        "--metrics",
        "127.0.0.1:0",
        **QUICK,
    )
    yield running
    assert 0 == running.stop()


def series(server: Server, name: str) -> dict[str, float]:
    """The series of a metric that the server shows to Prometheus, by their labels."""
    return {each: value for each, value in server.metrics().items() if each.partition("{")[0] == name}


def test_whole(server: Server, rules: RuleFolder) -> None:
    """While a rule file changes under traffic each call is answered by one rulebook, never by a mix of two."""
    before = scope(server).rulebook_digest
    example = order("05-site-not-connected")
    request = screening_service_pb2.DecidePreReviewRequest(
        site=example.site, order=example.order, declaration=example.declaration
    )
    seen: list[tuple[str, frozenset[str]]] = []
    done = threading.Event()

    def call() -> None:
        while not done.is_set():
            answer = server.screening.DecidePreReview(request, timeout=20)
            decisions = [answer.scope, answer.certification, answer.origin, answer.prereview]
            [digest] = {decision.rulebook_digest for decision in decisions}
            seen.append((digest, frozenset(finding.reason for finding in answer.prereview.findings)))

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    rules.reasons("NEW")
    after = await_another(server, before)
    done.set()
    for thread in threads:
        thread.join()
    said = dict(seen)
    assert {before, after} == set(said)
    assert len(said) == len(set(seen))
    assert frozenset({"SITE_NOT_CONNECTED"}) == said[before]
    assert frozenset({"NEW_SITE_NOT_CONNECTED"}) == said[after]


def test_recorded(server: Server, rules: RuleFolder) -> None:
    """An activation says which rulebook, from when on, by whom and why; all processes say that they serve it.

    So do the metrics, and that the change was tried.
    """
    before = scope(server).rulebook_digest
    tried = series(server, "origingate_second_opinions_total")
    rules.retitle("Recorded")
    after = await_another(server, before)
    [served] = series(server, "origingate_rulebook_info")
    assert f'digest="{after}"' in served
    assert sum(tried.values()) + 1 == sum(series(server, "origingate_second_opinions_total").values())
    newest, *earlier = activations(server)
    assert (after, "origingate") == (newest.rulebook_digest, newest.activated_by)
    assert "the rule files of" in newest.because
    assert [before, newest.number - 1] == [earlier[0].rulebook_digest, earlier[0].number]
    wait_for(lambda: [after] == [each.rulebook_digest for each in status(server).processes])
    rulebook = stub(server).GetRulebook(rulebook_service_pb2.GetRulebookRequest(), timeout=10)
    assert after == rulebook.rulebook.digest
    [text] = [file.text for file in rulebook.files if file.path == "rulebook.yaml"]
    assert "\ntitle: Recorded\n" in text


def test_broken(server: Server, rules: RuleFolder) -> None:
    """A broken file is refused with its place; the last good rulebook is served on, and is stale after the set time."""
    good = (rules.folder / "copy.yaml").read_text("utf-8")
    before = scope(server).rulebook_digest
    rules.write("copy.yaml", "\noops: [\n")
    told = await_refused(server)
    [fault] = told.trial.faults[:1]
    line = good.count("\n") + 2
    assert (True, line, "yaml-syntax") == (fault.file.endswith("usmca/copy.yaml"), fault.line, fault.code)
    assert f"copy.yaml:{line}:" in fault.text
    assert before == scope(server).rulebook_digest
    wait_for(lambda: status(server).stale)
    shown = origingate("rules", "status", "--to", server.address)
    assert (1, True, True) == (
        shown.returncode,
        "STALE" in shown.stdout,
        f"copy.yaml:{line}:" in shown.stdout,
    )
    wait_for(lambda: "STALE" in origingate("health", "--to", server.address).stdout)
    assert 0 == origingate("health", "--to", server.address).returncode
    (rules.folder / "copy.yaml").write_text(good, "utf-8")
    wait_for(lambda: not status(server).stale)
    wait_for(lambda: origingate("health", "--to", server.address).stdout == "SERVING\n")


def test_failing_test(server: Server, rules: RuleFolder) -> None:
    """A change whose rule tests fail is refused, and the test is named."""
    path = rules.folder / "scope_test.yaml"
    good = path.read_text("utf-8")
    before = scope(server).rulebook_digest
    path.write_text(good.replace("expect: OUT_OF_SCOPE", "expect: IN_SCOPE", 1), "utf-8")
    told = await_refused(server)
    assert (1, {"test-failed"}) == (told.trial.failed, {fault.code for fault in told.trial.faults})
    assert "scope_test.yaml:" in told.trial.faults[0].text
    assert before == scope(server).rulebook_digest
    path.write_text(good, "utf-8")
    wait_for(lambda: status(server).offer == rulebook_service_pb2.OFFER_STATE_SERVED)


def test_pinned(server: Server, rules: RuleFolder) -> None:
    """A screening may be decided by an accepted rulebook, named by digest or by a day; others are refused with a reason."""
    before = scope(server).rulebook_digest
    rules.retitle("Pinned")
    after = await_another(server, before)
    pinned = scope(server, rulebook_digest=before)
    assert (before, True) == (pinned.rulebook_digest, pinned.hypothetical)
    today = datetime.now(UTC).date()
    assert (
        after == scope(server, rulebook_of=date_pb2.Date(year=today.year + 1, month=1, day=1)).rulebook_digest
    )
    example = order()
    for hypothesis, code in (
        ({"rulebook_digest": "sha256:0"}, "FAILED_PRECONDITION"),
        ({"rulebook_of": date_pb2.Date(year=2020, month=1, day=1)}, "FAILED_PRECONDITION"),
        (
            {"rulebook_digest": before, "rulebook_of": date_pb2.Date(year=2026, month=1, day=1)},
            "INVALID_ARGUMENT",
        ),
    ):
        request = screening_service_pb2.CheckScopeRequest(
            site=example.site, order=example.order, hypothesis=screening_service_pb2.Hypothesis(**hypothesis)
        )
        told = ask(server.channel, "/origingate.v1.ScreeningService/CheckScope", request)
        expected = "REQUEST_INVALID" if code == "INVALID_ARGUMENT" else "RULEBOOK_NOT_ACCEPTED"
        assert (code, expected) == (told.code.name, told.reason)


def test_activated_again(server: Server, rules: RuleFolder) -> None:
    """An operator makes an earlier rulebook active again, whatever the files say; the log holds with all of it."""
    before = scope(server).rulebook_digest
    rules.retitle("Regretted")
    after = await_another(server, before)
    done = origingate("rules", "activate", before, "--reason", "it was better", "--to", server.address)
    assert (0, True) == (done.returncode, f"{before} is active" in done.stdout), done.stderr
    assert before == await_another(server, after)
    [newest] = activations(server)[:1]
    assert ("developer", "it was better") == (newest.activated_by, newest.because)
    database = f"sqlite:///{server.folder}/og.db"
    listed = origingate("rules", "activations", "--database", database, "--json")
    assert [each.rulebook_digest for each in activations(server)] == [
        line.split('"rulebook_digest": "')[1][:71] for line in listed.stdout.splitlines()
    ]
    unknown = origingate("rules", "activate", "sha256:0", "--reason", "none", "--to", server.address)
    assert (1, True) == (unknown.returncode, "RULEBOOK_NOT_ACCEPTED" in unknown.stderr)
    verified = origingate("log", "verify", "--database", database)
    assert 0 == verified.returncode, verified.stdout + verified.stderr


def test_tried_by_hand(server: Server, rules: RuleFolder) -> None:
    """A rule author has files tried, and nothing of them is served."""
    before = scope(server).rulebook_digest
    request = rulebook_service_pb2.TestRulebookRequest()
    for path in rules.folder.iterdir():
        request.files.add(path=path.name, text=path.read_text("utf-8"))
    good = stub(server).TestRulebook(request, timeout=60).trial
    assert (True, 2) == (good.accepted, good.passed)
    request.files[0].text += "\noops: ["
    bad = stub(server).TestRulebook(request, timeout=60).trial
    assert (False, True) == (bad.accepted, bad.total_faults > 0)
    assert before == scope(server).rulebook_digest


def test_restart(rules: RuleFolder, tmp_path: Path) -> None:
    """A restart serves what was active, though the files went bad meanwhile, or are those of an earlier rulebook."""
    words = ("--rulebook", str(rules.folder))
    first = Server(tmp_path, *words, **QUICK)
    earlier = scope(first).rulebook_digest
    texts = {path: path.read_text("utf-8") for path in rules.folder.iterdir()}
    rules.retitle("Restarted")
    active = await_another(first, earlier)
    assert 0 == first.stop()
    rules.write("scope.yaml", "\noops: [\n")
    second = Server(tmp_path, *words, **QUICK)
    assert active == scope(second).rulebook_digest
    await_refused(second)
    assert 0 == second.stop()
    for path, text in texts.items():
        path.write_text(text, "utf-8")
    third = Server(tmp_path, *words, **QUICK)
    accepted = rulebook_service_pb2.OFFER_STATE_ACCEPTED
    wait_for(lambda: status(third).offer == accepted, third.process, third.log)
    assert "was active before" in status(third).note
    assert active == scope(third).rulebook_digest
    assert 0 == third.stop()


def test_nobody_waits(server: Server) -> None:
    """What does not wait for approval cannot be approved."""
    request = rulebook_service_pb2.ApproveRulebookRequest(rulebook_digest="sha256:0")
    told = ask(server.channel, "/origingate.v1.RulebookService/ApproveRulebook", request)
    assert (grpc.StatusCode.FAILED_PRECONDITION, "ACTIVATION_REFUSED") == (told.code, told.reason)
