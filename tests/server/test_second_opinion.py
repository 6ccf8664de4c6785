"""The second opinion: real rulebooks put to real durable-rules, in a process that may be lost at any time."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from engine.decide import UnknownQuestionError, decide
from engine.facts import read_facts
from engine.rulebook import Rulebook
from engine.workbench.durable import Case, differences
from engine.workbench.durable.generated import generated
from engine.workbench.ruletests import read_tests
from server.rule_network import WORKER, why_absent
from server.rulebooks import load_folder
from server.second_opinion import SecondOpinion, SecondOpinionFailed, cases_of, decide_durable

pytestmark = pytest.mark.skipif(bool(why_absent()), reason=why_absent())

RULES = Path(__file__).parents[2] / "rules" / "usmca"
SMALL = Path(__file__).parents[1] / "engine" / "rulebook" / "small"
DAY = date(2026, 7, 1)


def rule_tests(folder: Path, rulebook: Rulebook) -> Iterator[Case]:
    """The facts of every rule test of a folder."""
    for path in sorted(folder.glob("*_test.yaml")):
        yield from cases_of(read_tests(path.name, path.read_text("utf-8"), rulebook).tests)


@pytest.fixture(scope="module")
def shipped() -> Iterator[SecondOpinion]:
    """A second opinion on the shipped rulebook."""
    with SecondOpinion(load_folder(RULES)) as second:
        yield second


@pytest.fixture
def small() -> Rulebook:
    """The small rulebook with one of everything."""
    return load_folder(SMALL)


def in_order(rulebook: Rulebook) -> Case:
    facts, _ = read_facts(rulebook.facts, {"site": {"kind": "SHOP", "linked": "true"}})
    return Case("in order", "scope", facts, DAY)


def test_rule_tests(shipped: SecondOpinion) -> None:
    """Both evaluators give the same answer, for the same rules at the same places, on every rule test."""
    cases = list(rule_tests(RULES, shipped.rulebook))
    agreement = shipped.compare(cases)
    assert [one.show() for one in agreement.disagreements] == []
    assert len(cases) == agreement.compared > 400


def test_generated_facts(shipped: SecondOpinion) -> None:
    """They do on facts made up around the constants of the rules, with any of them missing."""
    like = list(rule_tests(RULES, shipped.rulebook))
    agreement = shipped.compare(generated(shipped.rulebook, 300, Random(20260627), like))
    assert [one.show() for one in agreement.disagreements] == []


def test_lists_tables_readings(small: Rulebook) -> None:
    """They do on a rulebook that has lists in lists, a table, a chosen reading, and a gate."""
    with SecondOpinion(small) as second:
        like = list(rule_tests(SMALL, small))
        agreement = second.compare([*like, *generated(small, 400, Random(1), like)])
    assert [one.show() for one in agreement.disagreements] == []


def test_native_share(shipped: SecondOpinion) -> None:
    """At least seven clauses of ten in the shipped rulebook are judged by durable-rules itself."""
    assert shipped.translation.share.ratio >= 0.7


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("order.commercial", "!order.commercial"),
        ("2500.00 USD", "2500.01 USD"),
        ("plusDays(30)", "plusDays(31)"),
        ("gives: NOT_REQUIRED", "gives: REVIEW"),
    ],
)
def test_one_mistake_is_told(shipped: SecondOpinion, tmp_path: Path, was: str, becomes: str) -> None:
    """A rule that one of the evaluators has otherwise than the other makes them disagree."""
    for path in RULES.iterdir():
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    mistaken = tmp_path / "copy.yaml"
    mistaken.write_text(mistaken.read_text("utf-8").replace(was, becomes), "utf-8")
    other = load_folder(tmp_path)
    asked = [case for case in rule_tests(RULES, shipped.rulebook) if case.question == "copy"]
    decisions = [decide(other, "copy", case.facts, case.on, case.enforce) for case in asked]
    opinions = [opinion for _, opinion in shipped.opinions(asked)]
    told = [differences(ours, theirs) for ours, theirs in zip(decisions, opinions, strict=True)]
    assert any(told)


def test_answer_alone(small: Rulebook) -> None:
    """One question can be asked of durable-rules alone; the answer names what fired and what is unknown."""
    raw = {"site": {"kind": "SHOP"}, "order": {"destination": "US", "goods": [{"hs": "1"}]}}
    facts, _ = read_facts(small.facts, raw)
    opinion = decide_durable(small, "review", facts, DAY)
    assert opinion.outcome == "UNDETERMINED"
    assert opinion.possible == ("SUSPENDED", "INELIGIBLE")
    assert opinion.fired == {("short-hs", "order.goods[0]")}
    assert {rule for rule, _ in opinion.open} >= {"not-linked", "unwatched-stop", "maker-elsewhere"}


def test_question_that_is_not_there(small: Rulebook) -> None:
    """A question that the rulebook does not have is an error that names it."""
    with pytest.raises(UnknownQuestionError, match="nothing"):
        decide_durable(small, "nothing", {}, DAY)


@pytest.mark.parametrize(("number", "limit"), [(signal.SIGKILL, 20.0), (signal.SIGSTOP, 3.0)])
def test_process_is_replaced(small: Rulebook, number: int, limit: float) -> None:
    """A process that has crashed, or that hangs beyond the time limit, is replaced, and the answer comes."""
    with SecondOpinion(small, time_limit=limit) as second:
        first = list(second.opinions([in_order(small)]))
        assert second.network.process_id is not None
        os.kill(second.network.process_id, number)
        again = list(second.opinions([in_order(small)]))
        assert [opinion for _, opinion in again] == [opinion for _, opinion in first]
        assert second.network.replaced == 1


def test_process_does_not_live_long(small: Rulebook) -> None:
    """After so many flat facts the process is replaced, for durable-rules leaks."""
    with SecondOpinion(small, lifetime=2) as second:
        for _ in range(4):
            list(second.opinions([in_order(small)]))
        assert second.network.replaced >= 1


def test_no_answer_in_time(small: Rulebook) -> None:
    """Where a second process does no better, the error says at which ruleset it failed."""
    with SecondOpinion(small, time_limit=0.001) as second, pytest.raises(SecondOpinionFailed, match="scope"):
        list(second.opinions([in_order(small)]))


def test_process_ends(small: Rulebook) -> None:
    """Nothing is left running after the second opinion is closed."""
    with SecondOpinion(small) as second:
        list(second.opinions([in_order(small)]))
        running = second.network.process_id
    assert running is not None
    with pytest.raises(ProcessLookupError):
        os.kill(running, 0)


def test_worker_answers_every_line() -> None:
    """The worker answers a line that it cannot do with the reason, and goes on; nothing else is printed."""
    lines = ['{"judge": "none", "facts": []}', "no json", '{"define": [["broken", "{}"]]}', '{"define": []}']
    done = subprocess.run(
        [sys.executable, "-m", WORKER],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        timeout=30,
    )
    answers = done.stdout.splitlines()
    assert ['{"failed"'] * 3 == [answer.split(":")[0] for answer in answers[:3]]
    assert answers[3:] == ['{"defined":0}']


def test_absent_on_later_python() -> None:
    """On Python 3.13 and later, and without durable-rules, the second opinion says that it is absent."""
    assert "3.13" in why_absent((3, 13))
    assert "not installed" in why_absent((3, 12), "no_such_module")
    assert why_absent((3, 11)) == ""
