"""`origingate platform check`: whether a platform keeps what its manifest promises, and how quick it is."""

import asyncio
import json as json_text
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.connection import AsJson, fail
from server.cli.screen import console, errors
from server.cli.written import write_file

if TYPE_CHECKING:
    from engine.declaration import Content
    from server.platforms.accounts import Accounts
    from server.platforms.conformance import Report
    from server.platforms.manifest_file import AnyManifest

ORDER = Path(__file__).resolve().parent.parent.parent / "examples" / "orders" / "01-eligible.json"
MOST_ROUNDS = 100_000
# What the promises buy, about.
BOUGHT = 40


def check(
    platform: Annotated[
        str, typer.Argument(metavar="NAME|FILE", help="A platform of --platforms, or its manifest.")
    ],
    platforms: Annotated[
        Path | None, typer.Option("--platforms", metavar="DIR", help="Folder of manifests, for a NAME.")
    ] = None,
    accounts: Annotated[
        Path | None, typer.Option("--accounts", metavar="FILE", help="Where the secrets of the account are.")
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            "--address",
            metavar="URL",
            help="Where it is asked, as its test environment; the manifest's otherwise.",
        ),
    ] = None,
    tenant: Annotated[str, typer.Option("--tenant", help="Whose account is used.")] = "dev",
    order: Annotated[
        Path,
        typer.Option(
            "--order",
            metavar="FILE",
            help="What the made-up orders say: a ProcessOrderRequest as proto JSON.",
            show_default="examples/orders/01-eligible.json",
        ),
    ] = ORDER,
    rounds: Annotated[
        int,
        typer.Option("--rounds", min=0, max=MOST_ROUNDS, help="Certificates that latencies are measured by."),
    ] = 20,
    within: Annotated[
        float, typer.Option("--within", metavar="SECONDS", min=0.001, help="What counts as real time.")
    ] = 2.0,
    yes: Annotated[
        bool, typer.Option("--yes", help="Buy and void certificates at a platform that is no sandbox.")
    ] = False,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write a JUnit XML report too.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Try everything that a platform's manifest promises. It BUYS AND VOIDS TEST CERTIFICATES at the platform.

    Exit code 0: all that was tried holds; 1: a promise is broken; 2: wrong use.
    """
    manifest, opened_with = _manifest(platform, platforms, address), _accounts(accounts)
    template = _template(order)
    if not (yes or _is_sandbox(manifest)):
        raise fail(
            f"This buys about {BOUGHT + rounds} certificates at {manifest.title} {_where(manifest)}, and voids"
            " them. Do it with an account for tests, and say so with --yes; nothing was sent.",
            code=2,
        )
    if not json:
        typer.echo(
            f"{manifest.name}: {manifest.title}\n{_where(manifest)}\n"
            f"Test certificates are bought there, and voided in the end."
        )
    with _bar(rounds) as step:
        report = asyncio.run(_run(manifest, opened_with, tenant, template, rounds, within, step))
    _tell(report, junit, json)
    if not report.holds:
        raise typer.Exit(1)


def _where(manifest: "AnyManifest") -> str:
    from server.platforms.described import way
    from server.platforms.manifest import Manifest

    if isinstance(manifest, Manifest):
        return f"at {manifest.base_url}; {manifest.digest}"
    return ", ".join(f"{name}: {value}" for name, value in way(manifest).items())


def _tell(report: "Report", junit: Path | None, json: bool) -> None:
    from server.cli.platform_report import print_report
    from server.platforms.conformance.forms import report_data, report_junit

    if json:
        typer.echo(json_text.dumps(report_data(report), ensure_ascii=False, indent=2))
    else:
        print_report(report, console())
    if junit is not None:
        write_file(junit, report_junit(report))


async def _run(
    manifest: "AnyManifest",
    accounts: "Accounts",
    tenant: str,
    template: "Content",
    rounds: int,
    within: float,
    step: Callable[[], None],
) -> "Report":
    from server.platforms import ManifestError, open_platforms
    from server.platforms.conformance import Buyer, run
    from server.platforms.conformance.buyer import utc_now

    try:
        opened = await open_platforms([manifest], utc_now, accounts, tenant)
    except ManifestError as error:
        raise fail(str(error), code=2) from error
    async with opened:
        platform = opened.find(manifest.name)
        assert platform is not None, "it was just opened"
        return await run(Buyer(platform, template, secrets.token_hex(6)), rounds, within, step)


def _manifest(platform: str, folder: Path | None, address: str | None) -> "AnyManifest":
    """The manifest that is meant; a sandbox's certificates are good enough here. Ends the command where there is none."""
    from dataclasses import replace

    from server.platforms import ManifestError
    from server.platforms.manifest import Manifest
    from server.platforms.manifest_file import ManifestsRefused, read_folder
    from server.platforms.plugin import PluginManifest

    if folder is None:
        found = _of_file(Path(platform))
    else:
        try:
            known = {manifest.name: manifest for manifest in read_folder(folder)}
        except ManifestsRefused as error:
            raise fail(str(error), code=2) from error
        if platform not in known:
            raise fail(f"{folder}: has no platform {platform!r}; it has {', '.join(known)}.", code=2)
        found = known[platform]
    if isinstance(found, PluginManifest):
        return found
    proved = replace(found, proof=replace(found.proof, sandbox_allowed=True))
    if address is None:
        return proved
    if not isinstance(proved, Manifest):
        raise fail("--address: only a platform that is asked over HTTP can be asked elsewhere.", code=2)
    try:
        return replace(proved, base_url=address)
    except ManifestError as error:
        raise fail(f"--address: {error}", code=2) from error


def _of_file(path: Path) -> "AnyManifest":
    from engine.rulebook import show
    from server.platforms.manifest_file import read_one

    if not path.exists() and path.suffix == "":
        raise fail(
            f"Where is {path}? Name the folder of its manifest with --platforms, or the manifest.", code=2
        )
    reading = read_one(path)
    if reading.manifest is None:
        raise fail("\n".join(show(problem, reading.text) for problem in reading.problems), code=2)
    if reading.manifest.example:
        raise fail(f"{path}: is an example; nothing is sent to a made-up interface.", code=2)
    return reading.manifest


def _accounts(path: Path | None) -> "Accounts":
    from server.platforms.accounts import Accounts, AccountsFileInvalid, load_accounts

    try:
        return Accounts() if path is None else load_accounts(path)
    except AccountsFileInvalid as error:
        raise fail(str(error), code=2) from error


def _is_sandbox(manifest: "AnyManifest") -> bool:
    """Whether it is the sandbox, on this machine: its certificates cost nothing."""
    from urllib.parse import urlsplit

    from server.platforms.manifest import Manifest, is_loopback
    from server.platforms.sandbox_manifest import SANDBOX_ISSUER

    if not isinstance(manifest, Manifest):
        return False
    host = urlsplit(manifest.base_url).hostname or ""
    return manifest.proof.issuer == SANDBOX_ISSUER and is_loopback(host)


def _template(path: Path) -> "Content":
    """What a certificate for the order of a file would certify. Ends the command where it cannot be had."""
    from engine.declaration import UncertifiableError
    from server.cli.order import read_order
    from server.errors import RequestInvalid
    from server.platforms.conformance.buyer import TENANT
    from server.wire.requests import read
    from server.workflow.intake import content_of

    request = read_order(path)
    request.request_id = request.request_id or "platform-check"
    try:
        content = content_of(TENANT, read(request).facts)
    except RequestInvalid as error:
        lines = [f"  {violation.field}: {violation.text}" for violation in error.violations]
        raise fail("\n".join([f"{path}: breaks rules of form:", *lines]), code=2) from error
    except UncertifiableError as error:
        raise fail(f"{path}: cannot be certified: {error}.", code=2) from error
    if content is None or "tenant" not in content:
        raise fail(
            f"{path}: has no declaration for a single shipment; give an order with one to --order.", code=2
        )
    return content


@contextmanager
def _bar(rounds: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal that a call of what it gives moves on; nothing where messages go elsewhere."""
    from rich.progress import Progress

    from server.platforms.conformance import steps

    err = errors()
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("promises and rounds", total=steps(rounds))
        yield lambda: bar.advance(task)
