"""`origingate case`: reads cases from a server, tells what happens to them, and takes them on."""

from typing import Annotated

import typer

from server.cli.case_export import export
from server.cli.case_ledgers import affected, ledgers
from server.cli.case_reading import list_cases, wait, watch
from server.cli.case_steps import cancel, certify, decide, declare, hand_off, inquire, place
from server.cli.connection import AsJson, Timeout, To, Unanswered, call, channel_to, fail
from server.cli.erasing import erase, held, hold, release
from server.cli.operators import adopt, manual, retry, void
from server.cli.showing import showing

app = typer.Typer(help="Read cases from a server, and take them on.", no_args_is_help=True)
app.command("list")(showing(list_cases))
app.command("wait")(showing(wait))
app.command("watch")(showing(watch))
app.command("affected")(showing(affected))
for step in (inquire, place, declare, certify, decide, cancel):
    app.command()(showing(step))
app.command("hand-off")(showing(hand_off))
app.command(rich_help_panel="For auditors")(showing(export))
for settle in (manual, adopt, void, retry, ledgers, erase, hold, held, release):
    app.command(rich_help_panel="For operators")(showing(settle))


@app.command()
@showing
def get(
    name: Annotated[str, typer.Argument(help="Name of the case: cases/ and 32 hex digits.")],
    to: To = "127.0.0.1:50051",
    timeout: Timeout = 5.0,
    json: AsJson = False,
) -> None:
    """Show a case: its state, decisions, certificate and attempts."""
    from origingate.v1 import case_service_pb2, case_service_pb2_grpc

    from server.cli.answers import as_json, case_view
    from server.cli.screen import console

    with channel_to(to) as channel:
        stub = case_service_pb2_grpc.CaseServiceStub(channel)
        try:
            answer = call(stub.GetCase, case_service_pb2.GetCaseRequest(name=name), timeout, to)
        except Unanswered as error:
            raise fail(str(error)) from error
    if json:
        typer.echo(as_json(answer.case))
    else:
        console().print(case_view(answer.case))
