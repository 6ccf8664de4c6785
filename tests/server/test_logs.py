"""Lines of the log: for whom they are, and what they never say."""

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from server.logs import catch_strays, set_up_logs
from server.settings import Settings
from server.telemetry.telemetry import Telemetry
from server.workflow.tasks import Tasks

from .border.serving import GOOD, SERVICE, Client, Strangers, serving

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"
CASE = f"cases/{'a' * 32}"
MARK = "Zoë Müller"

log = structlog.get_logger()

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """What was logged since the last look, as it stands on standard error; to be set up in the test itself."""
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture
def strays() -> Iterator[None]:
    """What nobody caught goes to the log, as in a process that serves."""
    before, in_threads, handlers = sys.excepthook, threading.excepthook, list(logging.getLogger().handlers)
    catch_strays()
    yield
    sys.excepthook, threading.excepthook = before, in_threads
    logging.getLogger().handlers[:] = handlers


async def asked(client: Client, **metadata: str) -> None:
    """One call, with metadata."""
    await client.ask(GOOD, metadata=tuple((key.replace("_", "-"), value) for key, value in metadata.items()))


async def test_call(lines: Lines) -> None:
    """A line that is logged in a call says for which: call id, tenant, and the caller's trace."""
    set_up_logs("json")
    async with serving() as client:
        client.service.before = lambda: log.info("here")
        await asked(client, x_request_id="r-1", traceparent=TRACEPARENT)
    [line] = lines()
    expected = {"event": "here", "level": "info", "request_id": "r-1", "tenant": "dev", "trace_id": TRACE_ID}
    assert expected == {key: value for key, value in line.items() if key != "timestamp"}


@pytest.mark.parametrize(
    "trace", ["", "x" * 55, f"00-{'0' * 32}-00f067aa0ba902b7-01", f"ff{TRACEPARENT[2:]}", TRACEPARENT + "x"]
)
async def test_trace_that_is_none(lines: Lines, trace: str) -> None:
    """What is no trace in W3C's form is not written down."""
    set_up_logs("json")
    async with serving() as client:
        client.service.before = lambda: log.info("here")
        await asked(client, traceparent=trace)
    [line] = lines()
    assert "trace_id" not in line


async def test_every_call(lines: Lines) -> None:
    """Where it is asked for each call is a line when it ends, whoever called and whatever came of it; probes are not."""
    set_up_logs("json")
    around = Telemetry.of(Settings(log_calls=True)).hooks.around
    async with serving(around=around) as client:
        await asked(client, x_request_id="r-1")
        await client.refusal(b"", metadata=(("x-request-id", "r-2"),))
        await client.channel.unary_unary("/grpc.health.v1.Health/Check")(b"")
    async with serving(Strangers(), around=around) as client:
        await client.refusal(GOOD, metadata=(("x-request-id", "r-3"),))
    told = [(line["request_id"], line["method"], line["code"]) for line in lines()]
    method = f"{SERVICE}/CheckScope"
    assert [
        ("r-1", method, "OK"),
        ("r-2", method, "INVALID_ARGUMENT"),
        ("r-3", method, "UNAUTHENTICATED"),
    ] == told


async def test_fault(lines: Lines) -> None:
    """A call that fails by a fault of ours is found again by its ids, and says nothing of what it was sent."""

    set_up_logs("json")

    def fails() -> None:
        raise ValueError(MARK)

    async with serving() as client:
        client.service.before = fails
        await client.refusal(GOOD, metadata=(("x-request-id", "r-1"), ("traceparent", TRACEPARENT)))
    [line] = lines()
    assert ("call failed", f"{SERVICE}/CheckScope") == (line["event"], line["method"])
    assert ("r-1", TRACE_ID, "dev") == (line["request_id"], line["trace_id"], line["tenant"])
    assert "builtins.ValueError" == line["trace"][0] and MARK not in json.dumps(line, ensure_ascii=False)


async def test_case(lines: Lines) -> None:
    """What goes on in the background for a case says for which, also where it fails."""

    set_up_logs("json")

    async def work() -> None:
        log.info("here")
        raise ValueError(MARK)

    tasks = Tasks()
    tasks.start(work(), CASE, "acme")
    await tasks.wait(CASE, 5)
    here, failed = lines()
    assert ("acme", CASE) == (here["tenant"], here["case"])
    assert ("background work failed; the reconciler takes over", CASE) == (failed["event"], failed["work"])


@pytest.mark.usefixtures("strays")
def test_libraries(lines: Lines) -> None:
    """What a library logs is told in our form: where it stands, in which words, never what was put into them."""
    set_up_logs("json")
    catch_strays()  # once more, as where a process serves again: a line is told once
    library = logging.getLogger("some.library")
    library.warning("%s is gone", MARK)
    library.info("not worth a line")
    try:
        raise ValueError(MARK)
    except ValueError:
        library.exception(f"that went wrong: {MARK}")
    # Another library may have something to say at the same time.
    warned, failed = (line for line in lines() if line.get("library") == "some.library")
    assert ("warning", "some.library", "%s is gone") == (warned["level"], warned["library"], warned["words"])
    assert ("error", "builtins.ValueError") == (failed["level"], failed["trace"][0])
    assert MARK not in json.dumps([warned, failed], ensure_ascii=False)


@pytest.mark.usefixtures("strays")
def test_thread(lines: Lines) -> None:
    """An exception that nobody caught on a thread is a line like any other, without its text."""

    set_up_logs("json")

    def work() -> None:
        raise ValueError(MARK)

    thread = threading.Thread(target=work, name="worker-1")
    thread.start()
    thread.join()
    [line] = lines()
    assert ("an exception was not caught", "worker-1") == (line["event"], line["where"])
    assert MARK not in json.dumps(line, ensure_ascii=False)
