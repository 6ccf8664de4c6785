"""The bodies of answers."""

import json
from typing import Final

from engine.declaration import Json


def read_object(body: bytes) -> dict[str, Json] | None:
    """The JSON object that a body is, or None if it is anything else."""
    try:
        content = _DECODER.decode(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse)
