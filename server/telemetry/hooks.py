"""What a server's parts are given to tell what they do. Where nobody counts, each tells nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from server.activation.watching import nobody_asked
from server.interceptors import Around, nobody_refused, nothing_around
from server.notices import Heard as NoticeHeard
from server.notices import unheard as no_notice
from server.platforms.guarded import Heard as PlatformHeard
from server.platforms.guarded import unheard as no_platform
from server.store.writer import Group
from server.tls.reloading import nobody as nobody_secured
from server.webhooks.sending import Heard as DeliveryHeard
from server.webhooks.sending import unheard as no_delivery
from server.witness import Heard as WitnessHeard
from server.witness import unheard as no_witness
from server.workflow.deciding import Told, nobody
from server.workflow.reconciler import Heard as ReconcilerHeard
from server.workflow.reconciler import unheard as no_reconciler


def no_group(group: Group) -> None:
    """Nobody counts."""


def no_file(what: str, used: bool) -> None:
    """Nobody counts."""


def no_line(level: str) -> None:
    """Nobody counts."""


def no_trace() -> str:
    """Nobody follows calls."""
    return ""


@dataclass(frozen=True, slots=True)
class Hooks:
    """One for each part that has something to tell, or is told."""

    around: Around = nothing_around
    decided: Told = nobody
    asked: PlatformHeard = no_platform
    committed: Callable[[Group], None] = no_group
    handed_on: WitnessHeard = no_witness
    reconciled: ReconcilerHeard = no_reconciler
    delivered: DeliveryHeard = no_delivery
    noticed: NoticeHeard = no_notice
    read_again: Callable[[str, bool], None] = no_file
    refused: Callable[[str, str], None] = nobody_refused
    doubted: Callable[[str], None] = nobody_asked
    tls_until: Callable[[datetime], None] = nobody_secured
    logged: Callable[[str], None] = no_line
    trace_id: Callable[[], str] = no_trace
