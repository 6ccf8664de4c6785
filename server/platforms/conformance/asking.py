"""Promises about being asked at all: health, bad input answered clearly, as many calls as are promised."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from engine.certificate import ECertId
from engine.declaration import Json
from engine.platform import Misconfigured, NotFound, NotSent, Rejected, Retryable, Unknown
from server.platforms.conformance.broken import Broken
from server.platforms.conformance.buyer import Buyer, named
from server.platforms.conformance.model import Promise
from server.platforms.conformance.voiding import NOTHING
from server.platforms.conformance.words import told

THEME: Final = "being asked"
ODD_IDS: Final = ("a/b", "%2e%2e", "..", "é", "A" * 1000)
MOST_CALLS: Final = 64

Change = Callable[[dict[str, Json]], None]


async def healthy(buyer: Buyer) -> str:
    """It is up."""
    health = await buyer.calls.bounded(buyer.platform.health)
    if not health.up:
        raise Broken("that it answers", health.because)
    return health.because


async def odd_ids(buyer: Buyer) -> str:
    """NOT_FOUND, or a refusal."""
    seen = []
    for e_cert_id in ODD_IDS:
        answer = await buyer.status(ECertId(e_cert_id))
        if not isinstance(answer, NotFound | Misconfigured | NotSent):
            raise Broken(f"NOT_FOUND or a refusal of {e_cert_id[:20]!r}", told(answer))
        seen.append(told(answer).partition(":")[0])
    return ", ".join(seen)


async def calls_at_once(buyer: Buyer) -> str:
    """All are answered."""
    count = min(buyer.can.calls_at_once or 1, MOST_CALLS)
    return await _answered(buyer, count, asyncio.gather(*(buyer.status(NOTHING) for _ in range(count))))


async def calls_a_second(buyer: Buyer) -> str:
    """All are answered; the buyer keeps the pace."""
    count = min(max(int(buyer.can.calls_a_second or 1), 2), MOST_CALLS)
    return await _answered(buyer, count, asyncio.gather(*(buyer.status(NOTHING) for _ in range(count))))


async def _answered(buyer: Buyer, count: int, calls: "asyncio.Future[list[object]]") -> str:
    for answer in await calls:
        if isinstance(answer, Retryable | NotSent | Unknown):
            raise Broken(f"clear answers to {count} calls", told(answer))
    return f"{count} calls answered"


def _bad(name: str, says: str, change: Change | None = None, digest: str = "") -> Promise:
    """A promise that input which is bad in one way is answered clearly."""

    async def keep(buyer: Buyer) -> str:
        submission = buyer.submission(change)
        answer = await buyer.submit(replace(submission, digest=digest) if digest else submission)
        if isinstance(answer, Unknown | Retryable):
            raise Broken("a certificate, or a refusal that says why", told(answer))
        if isinstance(answer, Rejected) and not all(code.code or code.text for code in answer.codes):
            raise Broken("a refusal that says why", told(answer))
        return told(answer)

    return Promise(f"bad-input-{name}", THEME, f"{says} is answered clearly, not as a failure.", keep)


def _on_lines(value: Callable[[Json], Json]) -> Change:
    def change(content: dict[str, Json]) -> None:
        order = named(content, "order")
        content["order"] = {**order, "lines": value(order.get("lines"))}

    return change


def _long(lines: Json) -> Json:
    return {line: {**_record(one), "description": "x" * 100_000} for line, one in _record(lines).items()}


def _record(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _letters(content: dict[str, Json]) -> None:
    content["declaration"] = {
        **named(content, "declaration"),
        "invoice_number": "A\u0000\u0007\U0001f4a5\u202e\"'<",
    }


def _without_declaration(content: dict[str, Json]) -> None:
    content["declaration"] = {}


HEALTH: Final = Promise("health", THEME, "It says that it is up.", healthy)
PROMISES: Final = (
    HEALTH,
    Promise("odd-ids", THEME, "E-Cert IDs of odd letters are answered clearly.", odd_ids),
    _bad("too-long", "A text of 100,000 letters", _on_lines(_long)),
    _bad("wrong-type", "A number where lines are expected", _on_lines(lambda _: 5)),
    _bad("missing", "A declaration that says nothing", _without_declaration),
    _bad("letters", "A text of control characters and pictures", _letters),
    _bad("digest", "A digest that is none", digest="sha256:none"),
    Promise(
        "calls-at-once",
        THEME,
        "As many calls at the same time as are promised are answered.",
        calls_at_once,
        lambda can: can.calls_at_once is not None,
    ),
    Promise(
        "calls-a-second",
        THEME,
        "As many calls in a second as are promised are answered.",
        calls_a_second,
        lambda can: can.calls_a_second is not None,
    ),
)
