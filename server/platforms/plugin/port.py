"""Whether what a plug-in gave is a platform, as the port describes one."""

import inspect
from collections.abc import Callable, Iterator
from typing import Final

from engine.platform import Capabilities
from server.platforms.shape import wrong_fields

# Each method with the arguments that it is called with.
_ASKED: Final = {
    "submit": ("submission",),
    "lookup": ("reference",),
    "status": ("e_cert_id",),
    "void": ("e_cert_id", "because"),
    "health": (),
    "keys": ("wanted",),
}
# What only a platform has to have that says `replace`.
_REPLACES: Final = {"replace": ("submission", "e_cert_id")}
_PURE: Final = {"verify_proof": ("proof", "keys", "expected")}


def misfits(platform: object, name: str) -> list[str]:
    """Everything in which it differs from a platform of that name. Raises what its properties raise."""
    return [*_attributes(platform, name), *_methods(platform)]


def _attributes(platform: object, name: str) -> Iterator[str]:
    if (own := getattr(platform, "name", None)) != name:
        yield f"`name` is {own!r}; it has to be the name that it was given, {name!r}"
    can = getattr(platform, "capabilities", None)
    if not isinstance(can, Capabilities):
        yield "`capabilities` is no Capabilities of engine.platform"
    elif wrong := wrong_fields(can):
        yield f"`capabilities` has values of another type than engine.platform says: {', '.join(wrong)}"
    digest = getattr(platform, "manifest_digest", None)
    if not isinstance(digest, str) or not digest:
        yield "`manifest_digest` is no text; it says by what configuration the platform is asked"


def _methods(platform: object) -> Iterator[str]:
    can = getattr(platform, "capabilities", None)
    asked = _ASKED | (_REPLACES if isinstance(can, Capabilities) and can.replace else {})
    for name, arguments in (asked | _PURE).items():
        method = getattr(platform, name, None)
        if not callable(method):
            yield f"it has no method `{name}`"
            continue
        if inspect.iscoroutinefunction(method) != (name in asked):
            yield f"`{name}` has to be `{'async def' if name in asked else 'def'}`"
        if not _takes(method, len(arguments)):
            yield f"`{name}` has to take ({', '.join(arguments)})"


def _takes(method: Callable[..., object], count: int) -> bool:
    try:
        inspect.signature(method).bind(*range(count))
    except (TypeError, ValueError):
        return False
    return True
