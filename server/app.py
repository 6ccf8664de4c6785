"""The one composition root: everything that a server is made of is made here, and ended here in order."""

import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc.aio
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from origingate.v1 import (
    case_service_pb2_grpc,
    certificate_service_pb2_grpc,
    evidence_service_pb2_grpc,
    operator_service_pb2_grpc,
    rulebook_service_pb2_grpc,
    screening_service_pb2_grpc,
    site_service_pb2_grpc,
)
from sqlalchemy.engine import make_url

from server.activation.first import first_deciding, offered_at_first
from server.activation.offer import Offer
from server.activation.owned import OwnedRulebook
from server.background import running as _running
from server.errors import StoreUnavailable
from server.grace import Grace
from server.identity.opening import authenticating
from server.interceptors import Border
from server.limits.connections import channel_options
from server.limits.opening import limiting
from server.log_keys import LogSigner, key_text
from server.nomenclature import subheadings
from server.notices import Heard as NoticeHeard
from server.notices import NoticePort
from server.notices import bound as bound_for_notices
from server.our_records import OurRecords
from server.platform_settings import PlatformsRefused, opened
from server.platforms import Platforms
from server.platforms.guarded import Heard as PlatformHeard
from server.platforms.transport import Transport
from server.services.cases import CaseServicer
from server.services.certificates import CertificateServicer
from server.services.evidence import EvidenceServicer
from server.services.operators import OperatorServicer
from server.services.reach import Reach
from server.services.rulebooks import RulebookServicer
from server.services.screening import ScreeningServicer
from server.services.sites import SiteServicer
from server.settings import Settings
from server.settings_files import endpoints_of, sites_of
from server.starting import Addresses, CannotStart, log_signer_of, open_store
from server.store import Store
from server.store import errors as store_errors
from server.store.signing import begin_key
from server.telemetry.telemetry import Parts, Telemetry
from server.tls.context import following
from server.tls.pair import TlsFiles, TlsUnusable
from server.tls.port import bound
from server.webhooks import Endpoint, Outbox
from server.webhooks.sending import Heard as DeliveryHeard
from server.wire.methods import method_roles, service_names
from server.wire.requests import warm_up
from server.witness import Heard as WitnessHeard
from server.witness import Witness
from server.workflow.connecting import Connecting
from server.workflow.deciding import Deciding
from server.workflow.evidence import Evidence
from server.workflow.feed import Feed
from server.workflow.ledger_ends import LedgerPace
from server.workflow.measuring import Measuring
from server.workflow.noticing import Noticing
from server.workflow.patience import Patience
from server.workflow.refusals import Refusals
from server.workflow.register import Register
from server.workflow.registering import Registering
from server.workflow.screening import Screening
from server.workflow.streams import Streams
from server.workflow.verifying import Verifying
from server.workflow.waiting import Waiting
from server.workflow.watching import Watching
from server.workflow.workflow import Keeping, Pace, Workflow, put_together

PLATFORM_PATIENCE = 3.0

log = structlog.get_logger("server")


@asynccontextmanager
async def started(
    settings: Settings,
    alone: bool = True,
    telemetry: Telemetry | None = None,
    grace: Grace | None = None,
    number: int = 0,
) -> AsyncIterator[Addresses]:
    """A server that serves until the context ends. Raises CannotStart with nothing left running.

    Where it is not alone it shares its port, as the one of a number, and finds the schema upgraded.
    """
    telemetry = telemetry or Telemetry.of(settings)
    hooks = telemetry.hooks
    grace = grace or Grace(settings.grace)
    sites = sites_of(settings)
    endpoints = endpoints_of(settings)
    offered = offered_at_first(settings, utc_now, hooks.decided)
    async with AsyncExitStack() as stack:
        telemetry.follow(stack)
        store = open_store(settings, utc_now, upgrade=alone)
        stack.callback(store.close)
        store.on_group(hooks.committed)
        metrics = telemetry.serve(settings.metrics, stack) if alone and settings.metrics is not None else None
        if alone:
            # Whoever was killed as he erased has left that undone.
            await store.scrub()
        signer = log_signer_of(settings)
        await _sign(store, signer)
        offer = Offer(settings.rulebook, settings.rulebook_key)
        deciding, active = await first_deciding(settings, store, offer, utc_now, hooks.decided, offered)
        register = Register(store, sites, utc_now, timedelta(days=settings.site_proof_days))
        records = OurRecords(register)
        await _register(register, stack)
        await _witness(settings, store, hooks.handed_on, stack)
        sandbox_url = settings.sandbox_url
        if settings.embedded_sandbox:
            sandbox_url = await _sandbox(settings, stack)
        platforms = await _platforms(settings, sandbox_url, hooks.asked, stack)
        owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        workflow = put_together(
            store, deciding, records, platforms, _pace_of(settings), owner, hooks.reconciled
        )
        stack.push_async_callback(grace.given, workflow.tasks.finish)
        await _running(workflow.reconciler.run(), "reconciler", stack)
        authenticator = await authenticating(settings, store, utc_now, stack, hooks.read_again)
        reach, streams, roles = Reach(store), Streams(), method_roles()
        border = Border(
            authenticator, roles, new_request_id, _translated, reach.require, hooks.around,
            refused=hooks.refused, limiting=limiting(settings, store, roles, utc_now, stack),
            longest=settings.longest_call, largest=settings.largest_response,
        )  # fmt: skip
        server = grpc.aio.server(interceptors=[border], options=channel_options(settings, alone))
        screening = Screening(
            store, deciding, workflow.shelf, records, workflow.statuses, settings.record_screenings
        )
        screening_service_pb2_grpc.add_ScreeningServiceServicer_to_server(
            ScreeningServicer(screening, reach, streams), server
        )
        certificate_service_pb2_grpc.add_CertificateServiceServicer_to_server(
            CertificateServicer(
                store, Verifying(store, platforms, utc_now, PLATFORM_PATIENCE), workflow.ledgers
            ),
            server,
        )
        operator_service_pb2_grpc.add_OperatorServiceServicer_to_server(
            OperatorServicer(workflow.operating, workflow.ledgers, workflow.erasing), server
        )
        evidence_service_pb2_grpc.add_EvidenceServiceServicer_to_server(
            EvidenceServicer(store, Evidence(store, workflow.shelf)), server
        )
        refusals = Refusals(store, register, utc_now)
        stack.push_async_callback(refusals.write)
        await _running(refusals.run(), "refused orders", stack)
        site_service_pb2_grpc.add_SiteServiceServicer_to_server(
            _site_servicer(settings, store, deciding, register, refusals, platforms, workflow, signer), server
        )
        owned = OwnedRulebook(
            settings, store, deciding, offer, active, owner, hooks.read_again, hooks.doubted
        )
        rulebook_service_pb2_grpc.add_RulebookServiceServicer_to_server(
            RulebookServicer(store, deciding, owned), server
        )
        waiting = Waiting(settings.wait_limit, settings.reserve)
        feed = Feed(store)
        await _running(feed.run(), "feed", stack)
        outbox = await _outbox(endpoints, store, feed, owner, grace, hooks.delivered, stack)
        watching = Watching(store, feed, settings.heartbeat)
        case_service_pb2_grpc.add_CaseServiceServicer_to_server(
            CaseServicer(store, workflow, records, waiting, feed, watching, refusals), server
        )
        health_module: Any = health  # its stubs leave out the asyncio part
        healthy = health_module.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(healthy, server)
        names = service_names()
        reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], server)
        warm_up()
        deciding.warm_up()
        subheadings()
        address, own = await bound(
            server, settings, utc_now, stack, hooks.read_again, hooks.tls_until, number
        )
        parts = Parts(store, platforms, watching, streams, deciding, owned.is_stale)
        await telemetry.begin(parts, utc_now, stack)
        await server.start()
        stack.push_async_callback(grace.given, server.stop)
        stack.push_async_callback(border.end)
        # Open streams would let the whole grace pass: those who watch, wait or send are ended first.
        stack.callback(feed.end)
        stack.callback(streams.end)
        stack.callback(outbox.stop)
        for name in ("", *names):
            await healthy.set(name, health_pb2.HealthCheckResponse.SERVING)
        await owned.run(healthy.set, stack)
        stack.push_async_callback(healthy.enter_graceful_shutdown)
        taking = await _notices(
            settings, platforms, workflow.noticing, hooks.noticed, stack, shared=not alone
        )
        yield Addresses(address, sandbox_url, metrics, taking, own)


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def new_request_id() -> str:
    """An id for a request that came without one."""
    return secrets.token_hex(16)


def _pace_of(settings: Settings) -> Pace:
    """How patient work on cases is, and how often it is looked at."""
    return Pace(
        Patience(
            attempt=timedelta(seconds=settings.attempt_timeout),
            lease=timedelta(seconds=settings.lease),
            settle=timedelta(seconds=settings.settle),
        ),
        status_age=timedelta(seconds=settings.status_age),
        status_patience=PLATFORM_PATIENCE,
        reconcile_every=settings.reconcile_every,
        ledgers=LedgerPace(
            warn_before=timedelta(days=settings.ledger_warning_days),
            status_age=timedelta(seconds=settings.ledger_status_age),
        ),
        keeping=Keeping(settings.retention_years, settings.erase_after_retention),
    )


def _site_servicer(
    settings: Settings,
    store: Store,
    deciding: Deciding,
    register: Register,
    refusals: Refusals,
    platforms: Platforms,
    workflow: Workflow,
    signer: LogSigner,
) -> SiteServicer:
    """What is done with sites, and what is seen of them."""
    registering = Registering(store, workflow.requesting, register)
    connecting = Connecting(platforms, workflow.requesting, registering, utc_now, settings.real_time)
    real_time = timedelta(seconds=settings.real_time)
    measuring = Measuring(store, deciding, register, refusals, real_time)
    return SiteServicer(store, register, registering, connecting, measuring, signer)


async def _outbox(
    endpoints: tuple[Endpoint, ...],
    store: Store,
    feed: Feed,
    owner: str,
    grace: Grace,
    heard: DeliveryHeard,
    stack: AsyncExitStack,
) -> Outbox:
    try:
        outbox = await Outbox.begin(endpoints, store, feed, utc_now, owner, heard)
    except store_errors.StoreError as error:
        raise CannotStart(str(error)) from error
    stack.push_async_callback(grace.given, outbox.close)
    return outbox


async def _notices(
    settings: Settings,
    platforms: Platforms,
    noticing: Noticing,
    heard: NoticeHeard,
    stack: AsyncExitStack,
    *,
    shared: bool,
) -> str | None:
    """Takes platforms' notices from now on; where."""
    if settings.platform_notices is None:
        return None
    port = NoticePort(platforms, noticing.noticed, utc_now, heard=heard)
    try:
        tls = None
        if settings.tls_cert is not None and settings.tls_key is not None:
            tls, watched = following(TlsFiles(settings.tls_cert, settings.tls_key, None), utc_now)
            await _running(watched.run(), "certificates of notices", stack)
        return await bound_for_notices(port, settings.platform_notices, stack, tls, shared=shared)
    except OSError as error:
        raise CannotStart(
            f"cannot take notices at {settings.platform_notices} ({error.strerror}); give another address"
        ) from error
    except TlsUnusable as error:
        raise CannotStart(str(error), exit_code=2) from error


async def _sign(store: Store, signer: LogSigner) -> None:
    """Has the log signed from now on, what nobody signed so far first."""
    try:
        store.sign_with(signer)
        new = await store.write(lambda tx: begin_key(tx, signer))
    except store_errors.StoreError as error:
        raise CannotStart(str(error)) from error
    if new:
        log.info("the log's heads are signed by a key that is new here", key=key_text(signer.public))


async def _register(register: Register, stack: AsyncExitStack) -> None:
    """Has the sites at hand from now on."""
    try:
        await register.follow()
    except store_errors.StoreError as error:
        raise CannotStart(str(error)) from error
    await _running(register.run(), "sites", stack)


async def _witness(settings: Settings, store: Store, heard: WitnessHeard, stack: AsyncExitStack) -> None:
    """Hands signed heads on from now on, and the last one when the server ends."""
    if settings.head_file is None and settings.head_url is None:
        return
    transport = await Transport.open()
    stack.push_async_callback(transport.close)
    witness = Witness(
        store,
        settings.head_every,
        settings.head_file,
        settings.head_append,
        settings.head_url,
        transport,
        heard,
    )
    stack.push_async_callback(witness.hand_on)
    await _running(witness.run(), "witness", stack)


async def _sandbox(settings: Settings, stack: AsyncExitStack) -> str:
    """Starts the embedded sandbox; it keeps its state beside a database that is a file."""
    from server.sandbox import SandboxError, SandboxSettings, start_sandbox

    address = make_url(settings.database)
    in_file = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
    state = Path(f"{address.database}.sandbox") if in_file else None
    try:
        sandbox = await start_sandbox(SandboxSettings(state=state))
    except SandboxError as error:
        raise CannotStart(str(error)) from error
    stack.push_async_callback(sandbox.stop)
    return sandbox.url


async def _platforms(
    settings: Settings, sandbox_url: str | None, heard: PlatformHeard, stack: AsyncExitStack
) -> Platforms:
    try:
        return await stack.enter_async_context(await opened(settings, sandbox_url, utc_now, heard))
    except PlatformsRefused as error:
        raise CannotStart(str(error), exit_code=2) from error


def _translated(error: Exception) -> Exception:
    """The store's troubles in the words that callers get."""
    return StoreUnavailable() if isinstance(error, store_errors.StoreUnavailable) else error
