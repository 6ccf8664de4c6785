"""Facts read straight from messages: the same answers as from the facts that a reading makes of them."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from google.protobuf import json_format
from google.protobuf.message import Message
from origingate.v1 import case_service_pb2

from engine.compiled import answering
from engine.rulebook import Rulebook, load
from server.wire.plan import plan_of
from server.wire.reading import Reading
from server.wire.straight import Messages

ROOT = Path(__file__).resolve().parents[3]
DAY = date(2026, 7, 1)
EXAMPLES = sorted((ROOT / "examples" / "orders").glob("*.json"))


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The rulebook that is shipped."""
    files = {
        path.name: path.read_text("utf-8") for path in (ROOT / "rules" / "usmca").iterdir() if path.is_file()
    }
    loaded = load(files)
    assert isinstance(loaded, Rulebook)
    return loaded


def messages_of(path: Path) -> dict[str, Message]:
    """Site, order and declaration of an example."""
    request = json_format.Parse(path.read_text("utf-8"), case_service_pb2.ProcessOrderRequest())
    return {"site": request.site, "order": request.order, "declaration": request.declaration}


def told(rulebook: Rulebook, messages: dict[str, Message], form: Messages | None) -> list[object]:
    """What every question of the shipped rulebook answers."""
    given: dict[str, Any] = dict(messages)
    if form is None:
        given = {root: plan_of(one.DESCRIPTOR)(one, None, Reading()) for root, one in messages.items()}
    answers: list[object] = []
    for name in rulebook.questions:
        verdict = answering(rulebook, name, DAY, form=form)(given)
        found = [(one.counted.rule.name, one.place) for one in verdict.found]
        doubts = [(one.counted.rule.name, one.place, one.unknown) for one in verdict.doubts]
        answers.append((name, verdict.possible, verdict.missing, found, doubts))
    return answers


def form_of(messages: dict[str, Message]) -> Messages:
    """The form of these messages."""
    return Messages(tuple((root, message.DESCRIPTOR) for root, message in messages.items()))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(rulebook: Rulebook, path: Path) -> None:
    """Every example order is answered alike both ways."""
    messages = messages_of(path)
    assert told(rulebook, messages, None) == told(rulebook, messages, form_of(messages))


@pytest.mark.parametrize("seed", range(40))
def test_fields_left_out(rulebook: Rulebook, seed: int) -> None:
    """So are orders some of whose fields are cleared, at any depth."""
    random = Random(seed)
    messages = messages_of(random.choice(EXAMPLES))
    for message in messages.values():
        thin(message, random)
    assert told(rulebook, messages, None) == told(rulebook, messages, form_of(messages))


def thin(message: Message, random: Random) -> None:
    """Clears some fields of a message, and of those in it."""
    for field, value in message.ListFields():
        if field.name in ("line_id", "good_id"):
            continue
        if random.random() < 0.08 and not field.is_repeated:
            message.ClearField(field.name)
        elif field.message_type is not None and not field.message_type.full_name.startswith("google."):
            for below in value if field.is_repeated else [value]:
                thin(below, random)


@pytest.mark.parametrize(
    "language", ["es", " es ", "\N{COMBINING ACUTE ACCENT}", "e\N{COMBINING ACUTE ACCENT}"]
)
def test_text_in_another_form(rulebook: Rulebook, language: str) -> None:
    """A text that a reading would alter is read by that reading."""
    messages = messages_of(EXAMPLES[0])
    messages["declaration"].language = language
    assert told(rulebook, messages, None) == told(rulebook, messages, form_of(messages))
