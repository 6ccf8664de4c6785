"""What a server lists page by page: read up to a limit, and shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import typer

from server.cli.case_steps import method_of
from server.cli.connection import Unanswered, call, channel_to, fail

if TYPE_CHECKING:
    from rich.table import Table

PAGE: Final = 500


def pages(
    service: str, method: str, request: Any, field: str, limit: int, timeout: float, to: str
) -> Iterator[list[Any]]:
    """The pages of what is listed in a field of the answers, `limit` at most; ends the command with 1 where one fails.

    Afterwards the request has a page token where there is more.
    """
    left = limit
    with channel_to(to) as channel:
        answering = method_of(service, method, channel)
        while left > 0:
            request.page_size = min(left, PAGE)
            try:
                answer = call(answering, request, timeout, to)
            except Unanswered as error:
                raise fail(str(error)) from error
            page = list(getattr(answer, field))
            left -= len(page)
            request.page_token = answer.next_page_token
            yield page
            if not answer.next_page_token:
                return


def show_pages(
    found: Iterable[list[Any]],
    request: Any,
    limit: int,
    json: bool,
    table: Callable[[list[Any]], Table],
    nothing: str = "",
) -> None:
    """A table of what was found, or `nothing` if that is said; with `json` a line for each, as its page comes."""
    from server.cli.answers import as_json_line
    from server.cli.screen import console

    everything: list[Any] = []
    for page in found:
        everything += page
        if json:
            for one in page:
                typer.echo(as_json_line(one))
    if not json:
        console().print(nothing if nothing and not everything else table(everything), highlight=False)
    tell_more(request, limit)


def tell_more(request: Any, limit: int) -> None:
    """Says so where there is more than was read."""
    from server.cli.screen import errors

    if request.page_token:
        errors().print(f"There are more than {limit}; give a larger --limit.", highlight=False)
