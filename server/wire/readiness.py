"""Assessments as the contract's messages, and back."""

from datetime import UTC, date, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from google.type import date_pb2
from origingate.v1 import decision_pb2, site_service_pb2

from engine.readiness import Area, Assessment, Item, ItemState
from engine.rulebook import Standing
from server.wire.records import timestamp

_STANDING = "STANDING_"
_AREA = "READINESS_AREA_"
_STATE = "READINESS_STATE_"


def readiness_to_proto(found: Assessment) -> site_service_pb2.Readiness:
    """An assessment, its items by area."""
    return site_service_pb2.Readiness(
        site_id=found.site,
        source=found.source,
        orders=found.orders,
        since=timestamp(found.since) if found.since is not None else None,
        until=timestamp(found.until) if found.until is not None else None,
        on=date_pb2.Date(year=found.on.year, month=found.on.month, day=found.on.day),
        rulebook_digest=found.rulebook_digest,
        outcome=found.outcome,
        possible=found.possible,
        missing=found.missing,
        standing=f"{_STANDING}{found.standing.name}",
        items=[_item(item) for area in Area for item in found.of(area)],
    )


def readiness_of(said: site_service_pb2.Readiness) -> Assessment:
    """The assessment that a server told. Raises ValueError for a word of a newer version."""
    return Assessment(
        said.site_id,
        said.source,
        said.orders,
        date(said.on.year, said.on.month, said.on.day),
        said.rulebook_digest,
        said.outcome,
        tuple(said.possible),
        tuple(said.missing),
        _standing(said.standing),
        tuple(map(_read_item, said.items)),
        _moment(said.since),
        _moment(said.until),
    )


def _item(item: Item) -> site_service_pb2.ReadinessItem:
    return site_service_pb2.ReadinessItem(
        area=f"{_AREA}{item.area}",
        about=item.about,
        state=f"{_STATE}{item.state}",
        seen=item.seen,
        needed=item.needed,
        who=item.who,
        mend=item.mend,
        reason=item.reason,
        standing=f"{_STANDING}{'UNSPECIFIED' if item.standing is None else item.standing.name}",
    )


def _read_item(said: site_service_pb2.ReadinessItem) -> Item:
    return Item(
        Area(site_service_pb2.ReadinessArea.Name(said.area).removeprefix(_AREA)),
        said.about,
        ItemState(site_service_pb2.ReadinessState.Name(said.state).removeprefix(_STATE)),
        said.seen,
        said.needed,
        said.who,
        said.mend,
        said.reason,
        _standing(said.standing) if said.standing else None,
    )


def _standing(number: decision_pb2.Standing) -> Standing:
    return Standing[decision_pb2.Standing.Name(number).removeprefix(_STANDING)]


def _moment(said: Timestamp) -> datetime:
    return said.ToDatetime(UTC)
