"""What exists is described, with the values that it has; what does not exist is not."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typer
from google.protobuf import json_format
from google.rpc import code_pb2, error_details_pb2
from origingate.v1 import (
    case_pb2,
    case_service_pb2,
    certificate_service_pb2,
    decision_pb2,
    error_pb2,
    operator_service_pb2,
    screening_service_pb2,
)

from engine.expression.functions import names as function_names
from engine.rulebook import Rulebook
from server.errors import RequestInvalid
from server.rulebooks import load_folder
from server.sandbox.api import sandbox_app
from server.sandbox.clock import SandboxClock
from server.sandbox.faults import OPERATIONS as FAULTY_OPERATIONS
from server.sandbox.faults import Fault, FaultKind
from server.sandbox.faults.seconds import Distribution
from server.sandbox.issuer import Issuer, Terms
from server.sandbox.ledger import Ledger
from server.sandbox.signing import SigningKeys
from server.settings import Settings
from server.store.schema import metadata
from server.wire.requests import read
from server.wire.statuses import TABLE, to_status
from tests.docs.pages import PAGES, PROJECT, blocks, prose, rows, section
from tests.server.cli.whole import app
from tests.server.wire.error_samples import SAMPLES
from tests.server.wire.test_statuses import info

DOCS = PROJECT / "docs"
INTEGRATING, AUTHORING = DOCS / "integrating.md", DOCS / "authoring.md"
OPERATIONS, AUDITING = DOCS / "operations.md", DOCS / "auditing.md"
NEVER = "never answered by this server"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    return load_folder(PROJECT / "rules" / "usmca")


def commands(group: typer.Typer = app, above: str = "origingate") -> Iterator[tuple[str, list[str]]]:
    """Every command with its options, as people write them."""
    root: Any = typer.main.get_command(group)
    yield from commands_below(root, above)


def commands_below(group: Any, above: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a group and of the groups in it."""
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from commands_below(command, f"{above} {name}")
            continue
        options = [parameter.opts[0] for parameter in command.params if parameter.opts[0].startswith("--")]
        yield f"{above} {name}", options


def shown(default: object) -> str:
    """A default as the settings' table writes it."""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return "none" if default is None else f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def test_settings() -> None:
    """The table of docs/operations.md has every setting, in their order, with its environment variable and default."""
    table = rows(section(OPERATIONS, "Settings"))
    expected = [
        [
            f"`ORIGINGATE_{name.upper()}`",
            "the shipped `rules/usmca`" if name == "rulebook" else shown(field.default),
        ]
        for name, field in Settings.model_fields.items()
    ]
    assert expected == [row[1:3] for row in table]


def test_settings_as_options() -> None:
    """A setting that `serve` has an option for is named by the option, any other by its own name."""
    options = dict(commands())["origingate serve"]
    names = [name.replace("_", "-") for name in Settings.model_fields]
    expected = [f"`--{name}`" if f"--{name}" in options else f"`{name.replace('-', '_')}`" for name in names]
    assert expected == [row[0] for row in rows(section(OPERATIONS, "Settings"))]


@pytest.mark.parametrize(
    ("command", "options"), list(commands()), ids=lambda part: part if isinstance(part, str) else ""
)
def test_commands(command: str, options: list[str]) -> None:
    """Every command, and each of its options, is mentioned in the pages for users."""
    texts = [page.read_text("utf-8") for page in PAGES if page.parent in (PROJECT, DOCS)]
    about = [text for text in texts if command in text]
    assert about, f"no page mentions `{command}`"
    assert [] == [option for option in options if not any(option in text for text in about)]


def test_no_other_commands() -> None:
    """No page shows a command that does not exist."""
    known = [command.removeprefix("origingate ") for command, _ in commands()]
    shown = [line for page in PAGES for block in blocks(page) for line in block.text.splitlines()]
    used = [match.group(1) for line in shown if (match := re.match(r"\$ \S*\borigingate ([a-z].*)", line))]
    assert [] == [words for words in used if not words.startswith(tuple(known))]


def test_error_reasons() -> None:
    """The table of docs/integrating.md has every reason, with its gRPC status and the message of a sample."""
    table = rows(section(INTEGRATING, "Reasons"))
    statuses = [to_status(SAMPLES[kind], "r-1") for kind in TABLE]
    expected = [
        [f"`{info(status).reason}`", code_pb2.Code.Name(status.code), status.message] for status in statuses
    ]
    assert expected == [row[:3] for row in table]
    assert len(error_pb2.ErrorReason.keys()) - 1 == len(table)


def test_error_reasons_never_answered() -> None:
    """The reasons that are said to be never answered are those whose errors no service raises."""
    made = {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for path in (PROJECT / "server").rglob("*.py")
        if path.parent.name != "cli" and path.name != "errors.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    } | {
        node.exc.id
        for path in (PROJECT / "server").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name)
    }
    silent = {
        f"`{info(to_status(SAMPLES[kind], 'r')).reason}`" for kind in TABLE if kind.__name__ not in made
    }
    assert silent == {row[0] for row in rows(section(INTEGRATING, "Reasons")) if row[3] == NEVER}


def test_sample_of_an_error() -> None:
    """The status that docs/integrating.md shows in full is what such a request gets."""
    request = case_service_pb2.ProcessOrderRequest(request_id="request-1")
    request.site.site_id, request.order.order_id = "shop-1", "1"
    request.order.destination = "US"
    request.order.none.paths.append("destination")
    request.order.import_date.year, request.order.import_date.month, request.order.import_date.day = (
        2026,
        2,
        30,
    )
    request.order.lines.items.add(line_id="1", hs="72x")
    with pytest.raises(RequestInvalid) as refused:
        read(request)
    block = next(block for block in blocks(INTEGRATING) if '"code": 3' in block.text)
    # The details are packed: their types have to be known.
    assert error_details_pb2.BadRequest.DESCRIPTOR.full_name == "google.rpc.BadRequest"
    expected = json_format.Parse(block.text, to_status(refused.value, "x").__class__())
    assert expected == to_status(refused.value, "shop-call-1")


def test_methods() -> None:
    """Every method of every service is named in docs/integrating.md and README.md."""
    services = [
        *screening_service_pb2.DESCRIPTOR.services_by_name.values(),
        *case_service_pb2.DESCRIPTOR.services_by_name.values(),
        *certificate_service_pb2.DESCRIPTOR.services_by_name.values(),
    ]
    names = {method.name for service in services for method in service.methods}
    for page in (INTEGRATING, PROJECT / "README.md"):
        assert set() == {name for name in names if name not in page.read_text("utf-8")}


def test_operators_methods() -> None:
    """Every method for operators is named in docs/operations.md."""
    [service] = operator_service_pb2.DESCRIPTOR.services_by_name.values()
    text = section(OPERATIONS, "The work list")
    assert set() == {method.name for method in service.methods if f"`{method.name}`" not in text}


def test_states() -> None:
    """Every state of a case is named in docs/integrating.md."""
    text = section(INTEGRATING, "Where a case stands")
    states = {name.removeprefix("CASE_STATE_") for name in dict(case_pb2.CaseState.items())} - {"UNSPECIFIED"}
    assert set() == {state for state in states if f"`{state}`" not in text}


def test_decision_fields() -> None:
    """Every field of a decision is described for auditors."""
    text = section(AUDITING, "What a decision says").partition("\n### ")[0]
    described = set(re.findall(r"`(\w+)`", "\n".join(row[0] for row in rows(text))))
    # `question` names the question, `incurable` is in docs/integrating.md.
    fields = set(decision_pb2.Decision.DESCRIPTOR.fields_by_name) - {"question", "incurable"}
    assert fields == described


def test_tables() -> None:
    """Every table of the database but the log's head is described for auditors."""
    described = {row[0].strip("`") for row in rows(section(AUDITING, "What is recorded"))}
    assert set(metadata.tables) - {"log_head"} == described


def test_outcomes(rulebook: Rulebook) -> None:
    """The outcomes of the questions that are answered over gRPC are listed, strongest first."""
    table = {
        row[0]: row[1]
        for row in rows(section(INTEGRATING, "What to do with an answer"))
        if row[0] in rulebook.questions
    }
    expected = {name: rulebook.questions[name].outcomes for name in table}
    assert {"scope", "certification", "origin", "prereview"} == set(table)
    assert expected == {name: tuple(re.findall(r"`([A-Z_]+)`", text)) for name, text in table.items()}


def test_questions(rulebook: Rulebook) -> None:
    """Every question of the shipped rulebook is named for rule authors."""
    assert set() == {name for name in rulebook.questions if f"`{name}`" not in prose(AUTHORING)}


def test_fact_groups(rulebook: Rulebook) -> None:
    """Every group of facts is named for rule authors, with who states it."""
    table = {row[0].strip("`"): row[1] for row in rows(section(AUTHORING, "Facts"))}
    expected: dict[str, set[str]] = {}
    for path, fact in rulebook.facts.facts.items():
        expected.setdefault(path.partition(".")[0], set()).add(fact.asserted_by)
    assert expected == {group: set(re.findall(r"\w+", who)) for group, who in table.items()}


def test_functions() -> None:
    """Every function and method of the language is shown in docs/expressions.md."""
    text = (DOCS / "expressions.md").read_text("utf-8")
    assert [] == [name for name in function_names() if f"{name}(" not in text]


def table_after(heading: str) -> dict[str, list[str]]:
    """The rows of the sandbox's table whose header begins so, by their first cell."""
    header, _, rest = section(OPERATIONS, "The sandbox platform").partition(heading)[2].partition("\n")
    return {row[0].strip("`"): row for row in rows(f"|{header}\n" + rest.partition("\n\n")[0])}


def test_faults() -> None:
    """Every fault that the sandbox can be asked for is explained for operators, in their order."""
    assert list(FaultKind) == list(table_after("| fault |"))


def test_keys_of_faults() -> None:
    """Every key of a fault, every operation and every distribution is explained for operators, in their order."""
    table = table_after("| key of a fault |")
    assert list(Fault.model_fields) == list(table)
    assert list(FAULTY_OPERATIONS) == re.findall(r"`(\w+)`", table["operation"][1])
    assert list(Distribution.model_fields) == re.findall(r'\{"(\w+)": [\[{]', table["seconds"][1])


def test_addresses_of_the_sandbox() -> None:
    """The tables have every address of the sandbox, and no other."""
    clock = SandboxClock(lambda: datetime.now(UTC))
    issuer = Issuer(Ledger(), SigningKeys(), clock, Terms(timedelta(days=1)))
    routes = sandbox_app(issuer, clock).router.routes()
    shown = re.findall(r"`((?:GET|POST|DELETE) /[^ `]*)", section(OPERATIONS, "The sandbox platform"))
    assert {f"{route.method} {route.resource.canonical}" for route in routes if route.resource} == set(shown)


def test_log_events() -> None:
    """Every event that the server logs is explained for operators."""
    explained = {row[0].strip("`") for row in rows(section(OPERATIONS, "Logs"))}
    told = {
        node.args[0].value
        for path in (PROJECT / "server").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("log", "_log")
        and node.func.attr in ("info", "warning", "error")
        and isinstance(node.args[0], ast.Constant)
    }
    assert told == explained
