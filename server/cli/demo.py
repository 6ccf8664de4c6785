"""`origingate demo`: a server, a sandbox and twelve orders, in one command."""

import json as json_text
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from server.cli.connection import Unanswered, call, channel_to, fail

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
START_SECONDS = 30.0


def demo(
    orders: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of orders to send.", show_default="examples/orders")
    ] = EXAMPLES / "orders",
    sites: Annotated[
        Path, typer.Option(metavar="FILE", help="Sites in our records.", show_default="examples/sites.yaml")
    ] = EXAMPLES / "sites.yaml",
) -> None:
    """Start a server and a sandbox on free loopback ports, send the example orders, show the answers, stop both."""
    from origingate.v1 import case_service_pb2_grpc

    from server.cli.answers import orders_table
    from server.cli.order import read_order
    from server.cli.screen import console

    requests = {path.stem: read_order(path) for path in sorted(orders.glob("*.json"))}
    if not requests:
        raise fail(f"{orders}: holds no orders. Name a folder with --orders.", code=2)
    screen = console()
    with tempfile.TemporaryDirectory(prefix="origingate-demo-") as folder:
        ready = Path(folder, "ready.json")
        with Path(folder, "server.log").open("w+b") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "server", "serve", "--listen", "127.0.0.1:0", "--embedded-sandbox",
                 "--database", f"sqlite:///{folder}/demo.db", "--sites", str(sites), "--ready-file", str(ready)],
                stdout=log,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
            try:
                addresses = await_ready(server, ready)
                if addresses is None:
                    log.seek(0)
                    raise fail("The server did not start:\n" + log.read().decode("utf-8", "replace"))
                screen.print(f"server {addresses['grpc']}, sandbox platform {addresses['sandbox']}")
                screen.print(
                    "The sandbox's certificates certify nothing and are not CBP-recognised.", style="yellow"
                )
                answers = []
                with channel_to(addresses["grpc"]) as channel:
                    stub = case_service_pb2_grpc.CaseServiceStub(channel)
                    for name, request in requests.items():
                        request.request_id = f"demo-{name}"
                        answers.append((name, call(stub.ProcessOrder, request, 20.0, addresses["grpc"])))
                screen.print(orders_table(answers))
                screen.print(
                    "Each row is a file of examples/orders; send one yourself to `origingate serve` with"
                    " `origingate order send FILE`."
                )
            except Unanswered as error:
                raise fail(str(error)) from error
            finally:
                server.send_signal(signal.SIGTERM)
                try:
                    server.wait(START_SECONDS)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()


def await_ready(server: subprocess.Popen[bytes], ready: Path) -> dict[str, str] | None:
    """The server's addresses once it serves; None where it ended, or did not get there in 30 seconds."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        if ready.exists():
            addresses: dict[str, str] = json_text.loads(ready.read_text("utf-8"))
            return addresses
        time.sleep(0.02)
    return None
