"""What is submitted to the sandbox: read from a request's body, and compared with its digest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.declaration import Json, UncertifiableError, digest
from server.platforms.classify import read_object

Codes = tuple[Mapping[str, str], ...]

_REFERENCE: Final = re.compile(r"[\x21-\x7e]{1,200}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission that can be read; `codes` are what is wrong with it."""

    reference: str
    digest: str
    content: dict[str, Json]
    codes: Codes


def read_submission(body: bytes) -> Submitted | str:
    """The submission, or what of it cannot be read."""
    fields = read_object(body) or {}
    reference, claimed, content = fields.get("reference"), fields.get("digest"), fields.get("content")
    if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
        return "reference: 1 to 200 visible ASCII characters are expected"
    if not isinstance(claimed, str) or not _DIGEST.fullmatch(claimed):
        return "digest: `sha256:` and 64 hex digits are expected"
    if not isinstance(content, dict):
        return "content: an object is expected"
    fits = _digest_of(content) == claimed
    return Submitted(
        reference, claimed, content, () if fits else ({"code": "DIGEST_MISMATCH", "line_id": "", "text": ""},)
    )


def _digest_of(content: dict[str, Json]) -> str | None:
    try:
        return digest(content)
    except UncertifiableError:
        return None
