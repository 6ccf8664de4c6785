"""A site's readiness as a statement that others can keep: canonical JSON, signed as the log's heads are.

    {"integration":{...},"items":[...],"log":"origingate/3f0c...","on":"2026-11-27","outcome":"READY", ... }

    — origingate/3f0c9b7a5d214e86 6qf...   one line a signature, under the log's name

It holds counts, paths of facts and digests; nothing that an order said or an operator wrote. Texts and their parts only:
who signs and who verifies brings the keys.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from engine.canonical_json import canonical_json
from engine.checkpoint import CheckpointUnreadable, Signature, read_signature, signature_line
from engine.readiness.assessment import Assessment
from engine.readiness.form import assessment_data, moment_text
from engine.site import Connection, Integration

SCHEMA: Final = "origin-gate/readiness-statement/1"
LONGEST: Final = 1024 * 1024
_GAP: Final = "\n\n"


class StatementUnreadable(ValueError):
    """A text is no readiness statement; the text says why."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: the name that its keys have, the text that is signed, what that says, and its signatures."""

    origin: str
    text: str
    said: Mapping[str, Any]
    signatures: tuple[Signature, ...]

    @property
    def note(self) -> str:
        """The whole, as it is kept and handed on."""
        return self.text + "\n" + "".join(map(signature_line, self.signatures))


def content_of(
    found: Assessment, integration: Integration, connections: Sequence[Connection]
) -> dict[str, object]:
    """What is stated: the assessment, and the runs that the site's integration rests on."""
    return {
        **assessment_data(found),
        "integration": {"state": integration.state, "because": integration.because},
        "runs": [{**asdict(one), "run_at": moment_text(one.run_at)} for one in connections],
    }


def statement_text(origin: str, content: Mapping[str, object]) -> str:
    """What is signed."""
    return canonical_json({**content, "schema": SCHEMA, "log": origin}).decode() + "\n"


def read_statement(note: str) -> Statement:
    """A statement from its text, whatever its signatures are worth. Raises StatementUnreadable."""
    if len(note) > LONGEST:
        raise StatementUnreadable(f"it is longer than {LONGEST} characters")
    said, gap, signed = note.partition(_GAP)
    try:
        content = json.loads(said)
        if not gap or not isinstance(content, dict) or content.get("schema") != SCHEMA:
            raise StatementUnreadable("it is no readiness statement that this version knows")
        origin = content["log"]
        if not isinstance(origin, str):
            raise StatementUnreadable("it names no log")
        signatures = tuple(map(read_signature, signed.splitlines()))
        found = Statement(origin, statement_text(origin, content), content, signatures)
    except (KeyError, RecursionError, CheckpointUnreadable) as error:
        raise StatementUnreadable(f"it cannot be read: {error}") from error
    except ValueError as error:
        if isinstance(error, StatementUnreadable):
            raise
        raise StatementUnreadable("it is no readiness statement") from error
    if found.note != note:
        # Other spaces, keys said twice, bits of base64 that count for nothing: a text with these would pass for the same.
        raise StatementUnreadable("it is not written as this version writes statements")
    return found
