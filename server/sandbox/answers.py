"""What the sandbox answers, in the form in which it answers everything."""

from aiohttp import web

from engine.declaration import Json
from server.sandbox.submission import Codes


def error(status: int, name: str, **more: Json) -> web.Response:
    """An error by its name, and what more there is to know."""
    return web.json_response({"error": name, **more}, status=status)


def malformed(because: str) -> web.Response:
    """What was sent cannot be read."""
    return error(400, "malformed", because=because)


def not_found() -> web.Response:
    """What was asked for is not there; the address is."""
    return error(404, "not_found")


def rejected(codes: Codes) -> web.Response:
    """What was asked for is refused, for these reasons."""
    return error(422, "rejected", codes=[dict(code) for code in codes])
