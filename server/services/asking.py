"""Who asks for what, as the workflow takes it."""

from collections.abc import Mapping
from typing import Any

from server.calls import current_call
from server.workflow.requesting import Request


def request_about_case(method: str, request: Any, said: Mapping[str, object] | None = None) -> Request:
    """A request of the caller about the case that it names, with what it says besides."""
    principal = current_call().principal
    all_said = {"name": request.name, **(said or {})}
    return Request.of(principal.tenant, principal.name, request.request_id, method, all_said)
