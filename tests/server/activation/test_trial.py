"""What a trial of rule files finds, and how it is handed on."""

from datetime import date
from pathlib import Path

import pytest
from origingate.v1 import rulebook_service_pb2
from structlog.testing import capture_logs

from engine.rulebook import Rulebook
from server.activation import trying
from server.activation.first import SERVER
from server.activation.offer import Offer
from server.activation.owned import OwnedRulebook
from server.activation.report import Report
from server.activation.trial import tried
from server.activation.trying import TrialFailed
from server.auth import DEVELOPER
from server.calls import CURRENT, Call
from server.rule_network import why_absent
from server.rulebooks import read_files
from server.services.rulebooks import RulebookServicer
from server.settings import Settings
from server.store import Store
from server.store.activations import ActivationRecord
from server.wire.statuses import reason_of
from server.workflow.deciding import Deciding
from tests.server.workflow.house import Clock
from tests.system.rule_folder import RuleFolder

TODAY = date(2026, 7, 1)


@pytest.fixture
def rules(tmp_path: Path) -> RuleFolder:
    """Rule files that are good."""
    return RuleFolder(tmp_path / "usmca")


def test_good(rules: RuleFolder) -> None:
    """Files against which nothing stands are accepted, under their digest, with what was tried."""
    report = tried(read_files(rules.folder), 0, TODAY)
    assert (True, "usmca", 2, 0, "NOT_ASKED") == (
        report.accepted, report.name, report.passed, report.faults, report.opinion
    )  # fmt: skip
    assert report.digest.startswith("sha256:")
    assert report == Report.read(report.text())


@pytest.mark.skipif(bool(why_absent()), reason="durable-rules does not run here")
def test_second_opinion(rules: RuleFolder) -> None:
    """The second opinion is asked about each test, and about made-up cases."""
    report = tried(read_files(rules.folder), 3, TODAY)
    assert (True, "AGREES", 5) == (report.accepted, report.opinion, report.compared)


def test_problem(rules: RuleFolder) -> None:
    """A problem is told with its place, and nothing more is tried."""
    rules.write("copy.yaml", "\noops: [\n")
    report = tried(read_files(rules.folder), 0, TODAY)
    assert (False, "", 0) == (report.accepted, report.digest, report.passed)
    assert "yaml-syntax" in {each.code for each in report.against}
    assert all(f"{each.file}:{each.line}:{each.column}:" in each.text for each in report.against)


def test_failing(rules: RuleFolder) -> None:
    """A rule test that fails, or cannot be read, stands against the files."""
    path = rules.folder / "scope_test.yaml"
    path.write_text(path.read_text("utf-8").replace("expect: IN_SCOPE", "expect: OUT_OF_SCOPE"), "utf-8")
    report = tried(read_files(rules.folder), 0, TODAY)
    assert (False, 1, ["test-failed"]) == (
        report.accepted,
        report.failed,
        [each.code for each in report.against],
    )
    assert report.against[0].text.startswith(f"{report.against[0].file}:{report.against[0].line}")
    path.write_text("question: scope\ntests: [{test: no}]\n", "utf-8")
    assert not tried(read_files(rules.folder), 0, TODAY).accepted


def test_incomplete(rules: RuleFolder) -> None:
    """A rulebook without a question that the server asks is not accepted."""
    planted = Path(__file__).parents[2] / "planted" / "parcels"
    report = tried(read_files(planted), 0, TODAY)
    assert (False, ["incomplete"]) == (report.accepted, [each.code for each in report.against])


async def test_process(rules: RuleFolder) -> None:
    """A trial in a process of its own finds the same."""
    files = read_files(rules.folder)
    assert tried(files, 0, TODAY) == await trying.tried(files, 0, TODAY)


async def test_process_lost(rules: RuleFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial that breaks off or takes too long says nothing about the files."""
    monkeypatch.setattr(trying, "TRIAL", "server.no_such_module")
    with pytest.raises(TrialFailed, match="No module named server"):
        await trying.tried({}, 0, TODAY)
    monkeypatch.setattr(trying, "TRIAL", "server.activation.trial")
    monkeypatch.setattr(trying, "TIME_LIMIT", 0.01)
    with pytest.raises(TrialFailed, match=r"longer than 0\.01 s"):
        await trying.tried(read_files(rules.folder), 0, TODAY)


async def test_service_lost(
    store: Store, rulebook: Rulebook, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trial that breaks off for a caller is told as a fault of ours, not as a database that is away; the log has why."""
    active = ActivationRecord(1, rulebook.digest, clock(), SERVER, None, "the first")
    settings = Settings.model_validate({})
    owned = OwnedRulebook(settings, store, Deciding(rulebook, clock), Offer(Path(), None), active, "one")
    service = RulebookServicer(store, Deciding(rulebook, clock), owned)
    monkeypatch.setattr(trying, "TRIAL", "server.no_such_module")
    token = CURRENT.set(Call("TestRulebook", "id", DEVELOPER, None))
    request = rulebook_service_pb2.TestRulebookRequest()
    request.files.add(path="rulebook.yaml", text="rulebook: none")
    with capture_logs() as logs, pytest.raises(TrialFailed) as told:
        await service.TestRulebook(request, None)
    CURRENT.reset(token)
    assert "INTERNAL" == reason_of(told.value)
    assert any("no_such_module" in str(each.get("because")) for each in logs)
