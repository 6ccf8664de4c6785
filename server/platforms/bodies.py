"""The bodies of answers."""

import json

from engine.declaration import Json


def read_object(body: bytes) -> dict[str, Json] | None:
    """The JSON object that a body is, or None if it is anything else."""
    try:
        content = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")
