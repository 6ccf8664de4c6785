"""`origingate case list`, `wait` and `watch`: cases and what happens to them, for people and as lines of JSON."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, To, Unanswered, call, channel_to, client_of, fail, in_words
from server.cli.pages import pages, show_pages

if TYPE_CHECKING:
    from google.protobuf.timestamp_pb2 import Timestamp
    from origingate.v1 import case_service_pb2


States = Annotated[list[str] | None, typer.Option("--state", metavar="STATE", help="Only these; repeatable.")]
Site = Annotated[str | None, typer.Option("--site", metavar="ID", help="Only of this site.")]


class Sort(StrEnum):
    """What a list is sorted by."""

    CREATED = "created"
    UPDATED = "updated"


def list_cases(
    state: States = None,
    site: Site = None,
    order: Annotated[str | None, typer.Option(metavar="ID", help="Only of this order.")] = None,
    updated_since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Changed then or later, e.g. 2026-07-01T12:00:00Z.")
    ] = None,
    updated_before: Annotated[str | None, typer.Option(metavar="TIME", help="Changed before then.")] = None,
    sort: Annotated[Sort | None, typer.Option(help="By the time of opening, or of the last change.")] = None,
    oldest_first: Annotated[bool, typer.Option("--oldest-first", help="The other way round.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    to: To = "127.0.0.1:50051",
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for a page.")] = 5.0,
    json: AsJson = False,
) -> None:
    """List cases, the newest first; with --json one case a line."""
    from origingate.v1 import case_service_pb2

    from server.cli.answers import cases_table

    by = sort or (Sort.UPDATED if updated_since or updated_before else Sort.CREATED)
    way = "ASCENDING" if oldest_first else "DESCENDING"
    request = case_service_pb2.ListCasesRequest(
        filter=case_service_pb2.CaseFilter(
            states=_states(state),
            site_id=site,
            order_id=order,
            updated_since=_moment(updated_since, "--updated-since"),
            updated_before=_moment(updated_before, "--updated-before"),
        ),
        sort=f"CASE_SORT_{'UPDATE' if by is Sort.UPDATED else 'CREATE'}_TIME_{way}",
    )
    found = pages("CaseService", "ListCases", request, "cases", limit, timeout, to)
    show_pages(found, request, limit, json, cases_table)


def wait(
    name: Annotated[str, typer.Argument(help="Name of the case: cases/ and 32 hex digits.")],
    while_in: Annotated[
        list[str] | None,
        typer.Option("--while", metavar="STATE", help="Until the case leaves these; repeatable."),
    ] = None,
    after_version: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Until the case has passed this version.")
    ] = None,
    to: To = "127.0.0.1:50051",
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait at most.")] = 60.0,
    json: AsJson = False,
) -> None:
    """Wait until no work is under way for a case, or for what the options say, and show it; 1 where the time is over."""
    from origingate.v1 import case_pb2, case_service_pb2, case_service_pb2_grpc

    from server.cli.answers import as_json, case_view
    from server.cli.screen import console

    request = case_service_pb2.WaitCaseRequest(
        name=name, while_in=_states(while_in), after_version=after_version
    )
    end = time.monotonic() + timeout
    with channel_to(to) as channel:
        stub = case_service_pb2_grpc.CaseServiceStub(channel)
        while True:
            try:
                answer = call(stub.WaitCase, request, max(end - time.monotonic(), 0.1), to)
            except Unanswered as error:
                raise fail(str(error)) from error
            # The server has a limit of its own, and half a second is what it keeps to answer in.
            if answer.happened or end - time.monotonic() < 0.5:
                break
    if json:
        typer.echo(as_json(answer.case))
    else:
        console().print(case_view(answer.case))
    if not answer.happened:
        state = case_pb2.CaseState.Name(answer.case.state).removeprefix("CASE_STATE_")
        raise fail(f"After {timeout:g} s the case is {state} still. Wait longer with --timeout.")


def watch(
    case: Annotated[
        list[str] | None, typer.Option("--case", metavar="NAME", help="Only these cases; repeatable.")
    ] = None,
    site: Site = None,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", metavar="STATE", help="Only events that lead to these; repeatable."),
    ] = None,
    after: Annotated[
        str, typer.Option(metavar="TOKEN", help="Go on after this token of an earlier watch.")
    ] = "",
    from_beginning: Annotated[
        bool, typer.Option("--from-beginning", help="With all that happened so far.")
    ] = False,
    until_quiet: Annotated[
        bool, typer.Option("--until-quiet", help="End when all that happened was told.")
    ] = False,
    to: To = "127.0.0.1:50051",
    json: AsJson = False,
) -> None:
    """Tell what happens to cases, until Ctrl-C; with --json one answer a line, each with its token.

    Where the server goes away, it comes back with the last token: nothing is missed, and an event may be told twice.
    """
    from origingate.v1 import case_service_pb2

    from server.cli.answers import as_json_line, event_line
    from server.cli.screen import console, errors

    if after and from_beginning:
        raise fail("--after says where to begin; leave --from-beginning out.", code=2)
    request = case_service_pb2.WatchCasesRequest(
        filter=case_service_pb2.CaseEventFilter(names=case or (), site_id=site, states=_states(state)),
        after=after,
        start=case_service_pb2.WATCH_START_BEGINNING if from_beginning else None,
    )
    out = console()
    try:
        for answer in _answers(request, to):
            if json:
                typer.echo(as_json_line(answer))
            elif answer.HasField("event"):
                out.print(event_line(answer.event), soft_wrap=True)
            if until_quiet and not answer.HasField("event"):
                break
    except Unanswered as error:
        raise fail(str(error)) from error
    except KeyboardInterrupt:
        pass
    if not json and request.after:
        errors().print(f"Go on with --after {request.after}", highlight=False, soft_wrap=True)


def _answers(
    request: case_service_pb2.WatchCasesRequest, to: str
) -> Iterator[case_service_pb2.WatchCasesResponse]:
    """The answers of one stream after the other; the request always goes on after the last. Raises Unanswered."""
    from origingate import client

    from server.cli.screen import errors

    def gone() -> None:
        errors().print(f"The server at {to} went away; it is tried again.", highlight=False)

    with client_of(to) as gate:
        try:
            yield from gate.watch_cases(request, gone)
        except client.CallFailed as error:
            raise Unanswered(in_words(error, to)) from error


def _states(words: list[str] | None) -> list[str]:
    """States by the words that people write; ends the command with 2 where there is no such state."""
    from origingate.v1 import case_pb2

    known = [name.removeprefix("CASE_STATE_") for name in case_pb2.CaseState.keys()[1:]]
    for word in words or ():
        if word.upper() not in known:
            raise fail(f"{word!r} is no state of a case; the states are {', '.join(known)}.", code=2)
    return [f"CASE_STATE_{word}" for word in dict.fromkeys(word.upper() for word in words or ())]


def _moment(text: str | None, option: str) -> Timestamp | None:
    """A moment with its zone; ends the command with 2 where it is none."""
    from google.protobuf.timestamp_pb2 import Timestamp

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise fail(f"{option}: {text!r} is no moment with a zone; write it as 2026-07-01T12:00:00Z.", code=2)
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp
