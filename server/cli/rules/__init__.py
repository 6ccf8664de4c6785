"""`origingate rules`: what rule authors run. Each command has a file of its own."""

import typer

from server.cli.rules.build import build
from server.cli.rules.check import check
from server.cli.rules.cover import cover
from server.cli.rules.diff import diff
from server.cli.rules.docs import docs
from server.cli.rules.eval import evaluate
from server.cli.rules.explain import explain
from server.cli.rules.fmt import fmt
from server.cli.rules.key import key
from server.cli.rules.live import activate, activations, approve, status
from server.cli.rules.mutate import mutate
from server.cli.rules.new import new
from server.cli.rules.periods import periods
from server.cli.rules.prove import prove
from server.cli.rules.schema import schema
from server.cli.rules.second_opinion import second_opinion
from server.cli.rules.test import run_tests
from server.cli.rules.verify import verify
from server.cli.rules.watch_list import watch_list
from server.cli.rules.why_not import why_not
from server.cli.showing import showing

app = typer.Typer(help="Write, examine and test rulebooks.", no_args_is_help=True)
app.command("check")(check)
app.command("test")(run_tests)
app.command("cover")(cover)
app.command("mutate")(mutate)
app.command("diff")(diff)
app.command("eval")(evaluate)
app.command("fmt")(fmt)
app.command("explain")(explain)
app.command("why-not")(why_not)
app.command("watch-list")(watch_list)
app.command("prove")(prove)
app.command("docs")(docs)
app.command("new")(new)
app.command("schema")(schema)
app.command("time")(periods)
app.command("second-opinion")(second_opinion)
app.command("key")(key)
app.command("build")(build)
app.command("verify")(verify)
for live in (status, activations, activate, approve):
    app.command(rich_help_panel="Of a running server")(showing(live))
