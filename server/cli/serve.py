"""`origingate serve`: the server."""

import gc
from pathlib import Path
from typing import Annotated, Any

import typer

from server.cli.connection import fail


def serve(
    listen: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Address to serve on; beyond this machine with identity and TLS only. Port 0 takes a free one.",
        ),
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Serve over TLS with this certificate (PEM).")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="FILE", help="The certificate's key (PEM).")] = None,
    tls_client_ca: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Serve only callers with a certificate of these authorities (PEM)."
        ),
    ] = None,
    plaintext_on_any_address: Annotated[
        bool, typer.Option("--plaintext-on-any-address", help="Serve without TLS beyond this machine.")
    ] = False,
    identify: Annotated[
        bool, typer.Option("--identify", help="Take only callers that show an API key: `origingate tenant`.")
    ] = False,
    identities: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="As --identify, and believe the tokens and certificates that this file names.",
        ),
    ] = None,
    no_identity_on_any_address: Annotated[
        bool,
        typer.Option(
            "--no-identity-on-any-address", help="Take everybody who reaches the server for the developer."
        ),
    ] = False,
    metrics: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Address to serve metrics for Prometheus on, at /metrics."),
    ] = None,
    traces: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Send traces to this collector (OTLP over HTTP)."),
    ] = None,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="Where cases are kept, e.g. sqlite:///origingate.db")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", help="Processes that serve the port together; above 1 needs PostgreSQL."),
    ] = None,
    worker_ports: Annotated[
        int | None,
        typer.Option(metavar="PORT", help="Serve each worker alone too, on the ports from this one on."),
    ] = None,
    replicas: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Servers like this one on the database: they share rates and platforms."
        ),
    ] = None,
    rulebook: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR|FILE",
            help="Folder of rule files, the shipped one by default; with --key a signed rulebook's file.",
        ),
    ] = None,
    rulebook_key: Annotated[
        Path | None,
        typer.Option(
            "--rulebook-key",
            "--key",
            metavar="PUBLIC.pem",
            help="Serve no rulebook but one signed by this key, or by one of a JWK Set.",
        ),
    ] = None,
    rulebook_approval: Annotated[
        bool,
        typer.Option(
            "--rulebook-approval", help="Activate no changed rulebook but by the word of two people."
        ),
    ] = False,
    rulebook_tenant: Annotated[
        str | None,
        typer.Option(metavar="TENANT", help="Whose people activate and approve rulebooks over gRPC."),
    ] = None,
    rulebook_stale_after: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="For how long changed rule files may be bad before the server says that its rulebook is stale.",
        ),
    ] = None,
    log_key: Annotated[
        Path | None,
        typer.Option(
            metavar="PRIVATE.pem",
            help="Sign the log's heads with this key; beside an SQLite file one is made, PostgreSQL needs it.",
        ),
    ] = None,
    log_key_before: Annotated[
        Path | None,
        typer.Option(metavar="PRIVATE.pem", help="The key that --log-key takes over from, to vouch for it."),
    ] = None,
    head_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the newest signed head there; at the start compare the database with it.",
        ),
    ] = None,
    trusted_head: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|DIR",
            help="Serve no database that is behind these signed heads, or differs from them.",
        ),
    ] = None,
    master_key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Master keys that personal values are sealed under; beside an SQLite file one is made, PostgreSQL"
            " needs it.",
        ),
    ] = None,
    sites: Annotated[
        Path | None, typer.Option(metavar="FILE", help="YAML file of the sites in our records.")
    ] = None,
    webhooks: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="YAML file of the endpoints that are told what happens to cases."),
    ] = None,
    platforms: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of manifests, one a platform to ask.")
    ] = None,
    accounts: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="YAML file that says where the secrets for platforms are kept."),
    ] = None,
    platform_notices: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Take platforms' notices there, over HTTP; they are polled all the same.",
        ),
    ] = None,
    sandbox_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Ask a sandbox platform that runs at this loopback address."),
    ] = None,
    embedded_sandbox: Annotated[
        bool, typer.Option(help="Start a sandbox platform beside the server and ask it.")
    ] = False,
    ready_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the addresses there, as JSON, once the server serves."),
    ] = None,
    log_format: Annotated[
        str | None, typer.Option(metavar="console|json", help="How logs are written.")
    ] = None,
) -> None:
    """Serve decisions, certificates and cases over gRPC until a signal stops it.

    Every option can also be set by environment, e.g. ORIGINGATE_LISTEN; more settings are in docs/operations.md.
    Exit code 0: stopped by a signal; 1: the rulebook or the database was refused; 2: a setting is wrong.
    """
    gc.disable()  # until it serves
    from pydantic import ValidationError

    from server.settings import Settings
    from server.starting import CannotStart

    given: dict[str, Any] = {
        "listen": listen,
        "tls_cert": tls_cert,
        "tls_key": tls_key,
        "tls_client_ca": tls_client_ca,
        "plaintext_on_any_address": plaintext_on_any_address or None,
        "identify": identify or None,
        "identities": identities,
        "no_identity_on_any_address": no_identity_on_any_address or None,
        "metrics": metrics,
        "traces": traces,
        "database": database,
        "workers": workers,
        "worker_ports": worker_ports,
        "replicas": replicas,
        "rulebook": rulebook,
        "rulebook_key": rulebook_key,
        "rulebook_approval": rulebook_approval or None,
        "rulebook_tenant": rulebook_tenant,
        "rulebook_stale_after": rulebook_stale_after,
        "log_key": log_key,
        "log_key_before": log_key_before,
        "head_file": head_file,
        "trusted_head": trusted_head,
        "master_key": master_key,
        "sites": sites,
        "platforms": platforms,
        "accounts": accounts,
        "platform_notices": platform_notices,
        "webhooks": webhooks,
        "sandbox_url": sandbox_url,
        "embedded_sandbox": embedded_sandbox or None,
        "ready_file": ready_file,
        "log_format": log_format,
    }
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        wrong = [
            ": ".join(
                (*map(str, fault["loc"]), fault["msg"].removeprefix("Value error, ")),
            )
            for fault in error.errors()
        ]
        raise fail("The settings cannot be used:\n  " + "\n  ".join(wrong), code=2) from error
    try:
        if settings.workers > 1:
            from server.workers import run_workers

            gc.enable()
            run_workers(settings)
        else:
            from server.serving import run

            run(settings)
    except CannotStart as error:
        raise fail(str(error), code=error.exit_code) from error
