"""The workflow of one server, put together."""

from dataclasses import dataclass
from datetime import timedelta

from server.our_records import OurRecords
from server.platforms import Platforms
from server.store import Store
from server.workflow.answering import Answering
from server.workflow.attempting import Attempting
from server.workflow.case_decisions import CaseDecisions
from server.workflow.certificate_facts import Statuses
from server.workflow.choosing import Choosing
from server.workflow.covering import Covering
from server.workflow.deciding import Deciding
from server.workflow.ending import Ending
from server.workflow.erasing import Erasing
from server.workflow.ledger_ends import LedgerEnds, LedgerPace
from server.workflow.ledgers import Ledgers
from server.workflow.noticing import Noticing
from server.workflow.operating import Operating
from server.workflow.patience import Patience
from server.workflow.processing import Processing
from server.workflow.reconciler import Heard, Reconciler, unheard
from server.workflow.recording import Recording
from server.workflow.requesting import Requesting
from server.workflow.retention import Retention
from server.workflow.shelf import Shelf
from server.workflow.stages import Stages
from server.workflow.sweeping import Sweeping
from server.workflow.tasks import Tasks
from server.workflow.voiding import Voiding


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how many years records are kept, and whether the server erases by itself what was kept so long."""

    years: int = 5
    erases: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How often, and for how long: `status_age` is until a status is asked for again, `status_patience` how many seconds
    a caller waits for one; the reconciler looks every `reconcile_every` seconds."""

    patience: Patience
    status_age: timedelta
    status_patience: float
    reconcile_every: float
    ledgers: LedgerPace
    keeping: Keeping = Keeping()


@dataclass(frozen=True, slots=True)
class Workflow:
    """What takes cases from stage to stage."""

    tasks: Tasks
    shelf: Shelf
    attempting: Attempting
    covering: Covering
    statuses: Statuses
    reconciler: Reconciler
    processing: Processing
    stages: Stages
    ending: Ending
    operating: Operating
    ledgers: Ledgers
    erasing: Erasing
    noticing: Noticing
    requesting: Requesting


def put_together(
    store: Store,
    deciding: Deciding,
    records: OurRecords,
    platforms: Platforms,
    pace: Pace,
    owner: str,
    heard: Heard = unheard,
) -> Workflow:
    """The workflow on a store; `owner` names this process where it holds a lease; `heard` is told what is taken over."""
    clock, patience, tasks = deciding.clock, pace.patience, Tasks()
    shelf = Shelf(store, deciding)
    decisions = CaseDecisions(store, deciding, shelf, records)
    choosing = Choosing(platforms, records)
    attempting = Attempting(store, decisions, choosing, clock, patience, owner)
    statuses = Statuses(store, platforms, clock, pace.status_age, pace.status_patience)
    voiding = Voiding(store, platforms, tasks, patience, clock)
    sweeping = Sweeping(store, clock, patience)
    ends = LedgerEnds(store, deciding, statuses, pace.ledgers)
    requesting, answering = Requesting(store, deciding), Answering(store, tasks)
    recording = Recording(deciding, attempting, requesting)
    covering = Covering(store, deciding, statuses)
    processing = Processing(
        store,
        deciding,
        shelf,
        choosing,
        attempting,
        statuses,
        tasks,
        recording,
        requesting,
        answering,
        covering,
    )
    keeping = pace.keeping
    retention = Retention(store, clock, keeping.years) if keeping.erases else None
    return Workflow(
        tasks,
        shelf,
        attempting,
        covering,
        statuses,
        Reconciler(
            store,
            attempting,
            sweeping,
            voiding,
            ends,
            platforms,
            clock,
            pace.reconcile_every,
            retention,
            heard,
        ),
        processing,
        Stages(store, deciding, shelf, records, processing, recording, requesting, answering, voiding),
        Ending(store, deciding, records, statuses, requesting, answering, voiding),
        Operating(store, platforms, clock, decisions, processing, recording, requesting, answering, voiding),
        Ledgers(store),
        Erasing(store, requesting, answering, keeping.years),
        Noticing(store, statuses, tasks),
        requesting,
    )
