"""The facts that a command decides about: an order's, in proto JSON, or facts as rule tests give them."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import fail

if TYPE_CHECKING:
    from engine.facts import Facts
    from engine.rulebook import Rulebook, Standing

OrderFile = Annotated[
    Path | None,
    typer.Option(
        "--facts",
        metavar="FILE",
        help="Proto JSON of an order with its declaration, e.g. examples/orders/01-eligible.json",
    ),
]
GivenFile = Annotated[
    Path | None,
    typer.Option(
        "--given",
        metavar="FILE",
        help="Instead: facts as rule tests give them, in YAML, with those of our records and platforms.",
    ),
]
Day = Annotated[
    str | None,
    typer.Option("--on", metavar="YYYY-MM-DD", help="The civil day to decide for; today by default."),
]
Enforce = Annotated[str, typer.Option("--enforce", help="Standings that count, with commas between them.")]


def day_and_standings(on: str | None, enforce: str) -> "tuple[date | None, tuple[Standing, ...]]":
    """The day that is named, if one is, and the standings that count. Ends the command where they are none."""
    from engine.rulebook import Standing

    try:
        day = date.fromisoformat(on) if on else None
        standings = tuple(Standing(word.strip()) for word in enforce.split(",") if word.strip())
        if not standings:
            raise ValueError("no standing is named")
    except ValueError as error:
        raise fail(
            f"{error}. A day is YYYY-MM-DD; standings are enacted, reported, assumed.", code=2
        ) from error
    return day, standings


def one_of(order: Path | None, given: Path | None) -> None:
    """Ends the command where not exactly one of the two files is named."""
    if (order is None) == (given is None):
        raise fail("Name the order with --facts FILE, or its facts with --given FILE.", code=2)


def facts_of(order: Path | None, given: Path | None, rulebook: "Rulebook") -> "Facts":
    """The facts of the file that is named. Ends the command where it cannot be read."""
    if order is not None:
        return _of_order(order)
    return _given(given, rulebook) if given is not None else {}


def _of_order(path: Path) -> "Facts":
    """The facts of an order in proto JSON, with the nomenclature's. Ends the command where it is none."""
    from google.protobuf import json_format
    from origingate.v1 import screening_service_pb2

    from server.errors import RequestInvalid
    from server.our_records import OurRecords
    from server.sites import Sites
    from server.wire.requests import read

    try:
        said = json.loads(path.read_text("utf-8"))
        if not isinstance(said, dict):
            raise TypeError("it is no object in braces")
        said = {name: said[name] for name in ("site", "order", "declaration") if name in said}
        request = json_format.ParseDict(said, screening_service_pb2.DecidePreReviewRequest())
        request.site.SetInParent()
        return OurRecords(Sites({})).added_to(read(request).facts, "")
    except OSError as error:
        raise fail(f"{path}: cannot be read ({error.strerror}).", code=2) from error
    except (ValueError, TypeError, RecursionError, json_format.ParseError) as error:
        raise fail(f"{path}: is not the proto JSON of an order: {error}", code=2) from error
    except RequestInvalid as error:
        lines = [f"  {violation.field}: {violation.text}" for violation in error.violations]
        raise fail("\n".join([f"{path}: breaks rules of form:", *lines]), code=2) from error


def _given(path: Path, rulebook: "Rulebook") -> "Facts":
    """The facts that a file gives as rule tests do. Ends the command where it has problems."""
    from engine.rulebook import show
    from engine.rulebook.text.files import TextFile
    from engine.workbench.given_text import read_given

    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise fail(f"{path}: cannot be read ({error.strerror}).", code=2) from error
    except UnicodeDecodeError as error:
        raise fail(f"{path}: is not UTF-8 (byte {error.start}).", code=2) from error
    facts = read_given(TextFile(str(path), text), rulebook.facts)
    if isinstance(facts, tuple):
        raise fail("\n".join(show(problem, text) for problem in facts), code=2)
    return facts
