"""Voiding: what stands at a platform and is not wanted any more is taken out of force, and the platform confirms it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class VoidState(StrEnum):
    """Where a void stands."""

    PLANNED = "PLANNED"  # the platform is to be asked, or asked again: asking twice is the same as once
    CONFIRMED = (
        "CONFIRMED"  # the platform, or an operator, said that the certificate is not in force any more
    )
    STUCK = "STUCK"  # only a person can go on


# A certificate whose void is one of these may still be in force.
OPEN_VOID = frozenset({VoidState.PLANNED, VoidState.STUCK})

VOID_TABLE: Mapping[VoidState, frozenset[VoidState]] = MappingProxyType(
    {
        VoidState.PLANNED: frozenset({VoidState.PLANNED, VoidState.CONFIRMED, VoidState.STUCK}),
        VoidState.STUCK: frozenset({VoidState.PLANNED, VoidState.CONFIRMED}),
        VoidState.CONFIRMED: frozenset(),
    }
)
