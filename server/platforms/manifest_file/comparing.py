"""Where the fields that a manifest compares do not bind a certificate to a declaration."""

from collections.abc import Iterator
from typing import Protocol

from engine.binding import FIELDS, GOODS, LINES, lacking
from engine.platform import Binding
from engine.rulebook.problems import instead
from server.platforms.manifest_file.operations import Contradiction
from server.platforms.manifest_file.parts import CapabilitiesPart, ComparesPart
from server.platforms.manifest_file.places import Loc


class Comparing(Protocol):
    """What says which fields of a platform's certificates are compared."""

    @property
    def capabilities(self) -> CapabilitiesPart:
        """What the platform can do."""

    @property
    def compares(self) -> ComparesPart | None:
        """Where the fields are."""


def of_compares(manifest: Comparing) -> Iterator[Contradiction]:
    """All that is wrong with what is compared."""
    binding, compares = manifest.capabilities.binding, manifest.compares
    if compares is None:
        if binding is Binding.CLAIMS:
            yield Contradiction(
                ("capabilities", "binding"), "nothing-compared", "`binding` is CLAIMS, and nothing is compared",
                "add `compares`, or write another `binding`",
            )  # fmt: skip
        return
    if binding is not Binding.CLAIMS:
        yield Contradiction(
            ("compares",), "compares-unused", f"fields bind by CLAIMS only, and `binding` is {binding}",
            "delete it, or write `binding: CLAIMS`",
        )  # fmt: skip
        return
    yield from _fields(compares)


def _fields(compares: ComparesPart) -> Iterator[Contradiction]:
    named: list[str] = []
    for above, loc, fields in (
        ("", (), compares.fields),
        (GOODS, ("goods",), compares.goods.fields if compares.goods else {}),
        (LINES, ("lines",), compares.lines.fields if compares.lines else {}),
    ):
        can = [
            name.removeprefix(above)
            for name in FIELDS
            if name.startswith(above) and "[]" not in name.removeprefix(above)
        ]
        for name in fields:
            at: Loc = ("compares", *loc, "fields", name)
            named.append(f"{above}{name}")
            if name not in can:
                mend = instead(name, can, "write one of")
                yield Contradiction(at, "unknown-field", f"`{name}` cannot be compared", mend)
    if lacks := lacking(named):
        row = ", ".join(f"`{name}`" for name in lacks)
        yield Contradiction(
            ("compares",), "binds-too-little", f"a certificate is bound by {row} too",
            "say where the platform tells them, or write `binding: NONE`",
        )  # fmt: skip
