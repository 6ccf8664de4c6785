"""`origingate decide`: one question, decided here, without a server."""

import json as json_text
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import AsJson, fail
from server.settings import shipped_rules


def decide(
    facts: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="Proto JSON of an order with its declaration, e.g. examples/orders/01-eligible.json",
        ),
    ],
    question: Annotated[
        str, typer.Option(help="The question, e.g. scope, certification, prereview.")
    ] = "scope",
    rulebook: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of rule files.", show_default="the shipped one")
    ] = shipped_rules() / "usmca",
    on: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The civil day to decide for; today by default.")
    ] = None,
    enforce: Annotated[
        str, typer.Option(help="Standings that count, with commas between them.")
    ] = "enacted,reported",
    json: AsJson = False,
) -> None:
    """Decide one question about one order, and say why.

    What our own records would add (a site's integration, a certificate) is unknown here.
    """
    from google.protobuf import json_format
    from origingate.v1 import screening_service_pb2

    from engine.rulebook import Standing
    from server.cli.screen import as_json, console, decision_view
    from server.deciding import decide_today
    from server.errors import QuestionNotFound, RequestInvalid
    from server.our_records import OurRecords
    from server.rulebooks import RulebookRefused, RulebookUnreadable, load_folder
    from server.sites import Sites
    from server.wire.decisions import decision_to_proto
    from server.wire.requests import read

    try:
        day = date.fromisoformat(on) if on else None
        standings = tuple(Standing(word.strip()) for word in enforce.split(",") if word.strip())
        if not standings:
            raise ValueError("no standing is named")
    except ValueError as error:
        raise fail(
            f"{error}. A day is YYYY-MM-DD; standings are enacted, reported, assumed.", code=2
        ) from error
    try:
        said = json_text.loads(facts.read_text("utf-8"))
        said = {name: said[name] for name in ("site", "order", "declaration") if name in said}
        request = json_format.ParseDict(said, screening_service_pb2.DecidePreReviewRequest())
        request.site.SetInParent()
        asked = read(request)
        facts_known = OurRecords(Sites({})).added_to(asked.facts, "")
        decision = decide_today(load_folder(rulebook), question, facts_known, day, standings)
    except OSError as error:
        raise fail(f"{facts}: cannot be read ({error.strerror}).", code=2) from error
    except (ValueError, TypeError, RecursionError, json_format.ParseError) as error:
        raise fail(f"{facts}: is not the proto JSON of an order: {error}", code=2) from error
    except RequestInvalid as error:
        lines = [f"  {violation.field}: {violation.text}" for violation in error.violations]
        raise fail("\n".join([f"{facts}: breaks rules of form:", *lines]), code=2) from error
    except (RulebookRefused, RulebookUnreadable, QuestionNotFound) as error:
        raise fail(str(error), code=1 if isinstance(error, RulebookRefused) else 2) from error
    message = decision_to_proto(decision, hypothetical=True)
    if json:
        typer.echo(as_json(message))
    else:
        console().print(decision_view(message))
