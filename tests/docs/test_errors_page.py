"""docs/errors.md has every reason with the status that a caller gets, and no other."""

import inspect
import json
import os
import re

from google.protobuf import json_format
from google.rpc import code_pb2, status_pb2

from server.wire.statuses import TABLE, to_status
from tests.docs.pages import PROJECT, blocks
from tests.server.wire.error_samples import SAMPLES
from tests.server.wire.test_statuses import info

PAGE = PROJECT / "docs" / "errors.md"
BEGIN = "<!-- from here on `make golden` writes -->"


def status_of(kind: type) -> status_pb2.Status:
    """The sample's status, in Spanish besides where there is a person to tell."""
    return to_status(SAMPLES[kind], "call-0001", "es")


def sections() -> str:
    """What the page says of each reason."""
    said = []
    for kind in TABLE:
        status = status_of(kind)
        about = " ".join((inspect.getdoc(kind) or "").split()).partition(". ")[0].rstrip(".") + "."
        shown = json.dumps(json_format.MessageToDict(status), indent=2, ensure_ascii=False, sort_keys=True)
        said.append(
            f"## {info(status).reason}\n\n{about} {code_pb2.Code.Name(status.code)}.\n\n```json\n{shown}\n```\n"
        )
    return "\n".join(said)


def test_golden_page() -> None:
    """The page's samples are what the server makes of each error."""
    text = PAGE.read_text("utf-8")
    written = f"{text.partition(BEGIN)[0]}{BEGIN}\n\n{sections()}"
    if os.environ.get("UPDATE_GOLDENS"):
        PAGE.write_text(written, "utf-8")
    assert PAGE.read_text("utf-8") == written


def test_every_reason() -> None:
    """Every reason has a section, and there is no other."""
    headings = re.findall(r"^## (\w+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [info(status_of(kind)).reason for kind in TABLE] == headings


def test_samples_are_statuses() -> None:
    """Each sample can be read back as the status that it shows."""
    shown = [json_format.Parse(block.text, status_pb2.Status()) for block in blocks(PAGE)]
    assert [status_of(kind).code for kind in TABLE] == [status.code for status in shown]
