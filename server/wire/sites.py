"""Sites as the contract's messages."""

import json

from origingate.v1 import site_pb2, site_service_pb2

from engine.site import Connection
from server.store.sites import SiteChangeRecord
from server.wire.records import timestamp
from server.workflow.register import Answers, KnownSite, Register

_KIND = "SITE_KIND_"
_NO_KIND = "UNSPECIFIED"


def kind_of(number: int) -> str | None:
    """A kind of site as our records name it; None where it is not given."""
    name = site_pb2.SiteKind.Name(number).removeprefix(_KIND)
    return None if name == _NO_KIND else name


def site_to_proto(known: KnownSite, register: Register) -> site_service_pb2.RegisteredSite:
    """A site as it stands."""
    record, newest = known.record, known.newest
    connections = (
        [site_service_pb2.SiteConnection(platform=name) for name in record.platforms]
        if newest is None
        else [_connection(one, known.answers, register) for one in newest.connections]
    )
    because, suspended_because = known.integration.because, newest.suspended_because if newest else None
    return site_service_pb2.RegisteredSite(
        site_id=record.site_id,
        title=newest.title if newest is not None else "",
        kind=f"{_KIND}{record.kind or _NO_KIND}",
        integration=f"SITE_INTEGRATION_{known.integration.state or _NO_KIND}",
        source="INTEGRATION_SOURCE_ASSERTED" if newest is None else "INTEGRATION_SOURCE_EVIDENCE",
        because=because if suspended_because is None else f"{because}: {suspended_because}",
        connections=connections,
        suspended_because=suspended_because or "",
        version=newest.number if newest is not None else 0,
    )


def change_to_proto(change: SiteChangeRecord) -> site_service_pb2.SiteChange:
    """Something that was done with a site."""
    return site_service_pb2.SiteChange(
        number=change.number,
        step=f"SITE_STEP_{change.step}",
        actor=change.actor,
        reason=change.reason,
        time=timestamp(change.changed_at),
        platform=change.platform or "",
        run_digest=change.run_digest or "",
    )


def run_to_proto(change: SiteChangeRecord, report: str) -> site_service_pb2.ConformanceRun:
    """A conformance run, by the change that it brought about."""
    said = json.loads(report)
    return site_service_pb2.ConformanceRun(
        platform=change.platform or "",
        holds=said["holds"],
        time=timestamp(change.changed_at),
        digest=change.run_digest or "",
        report=report,
        broken=[
            f"{one['name']}: {one['says']} Expected {one['expected']}; seen: {one['seen']}"
            for one in said["promises"]
            if one["state"] == "BROKEN"
        ],
    )


def _connection(
    connection: Connection, answers: Answers, register: Register
) -> site_service_pb2.SiteConnection:
    answered = answers.get(connection.platform)
    return site_service_pb2.SiteConnection(
        platform=connection.platform,
        manifest_digest=connection.manifest_digest,
        run_digest=connection.run_digest,
        run_time=timestamp(connection.run_at),
        last_answer_time=timestamp(answered) if answered is not None else None,
        proved_until=timestamp(connection.shown_at(answers) + register.age),
    )
