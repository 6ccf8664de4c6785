"""What a server begins with: the rulebook that is active by the record, or where none is yet, the one that is offered."""

from functools import partial
from pathlib import Path

import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from engine.signed_rulebook import DoesNotHold
from server.activation.offer import Offer
from server.activation.servable import CannotBeServed, Servable
from server.key_files import KeyUnusable
from server.rulebooks import RulebookRefused, RulebookUnreadable
from server.settings import Settings
from server.signed_rulebooks import SignedRulebook, served
from server.signing_keys import public_keys
from server.starting import CannotStart
from server.store import Store, Transaction, activations, rulebooks
from server.store import errors as store_errors
from server.store.activations import ActivationRaced, ActivationRecord
from server.workflow.book import Book, Clock, RulebookIncomplete, Told, nobody
from server.workflow.deciding import Deciding, texts_of

SERVER = "origingate"
MOST_TRIES = 5

log = structlog.get_logger("rulebooks")


Offered = tuple[Book, SignedRulebook | None]


def offered_at_first(settings: Settings, clock: Clock, told: Told = nobody) -> Offered | None:
    """The rulebook that is offered, where the database is a file that is yet to be made: a wrong one makes none.

    Raises CannotStart, also where the key that is trusted cannot be used.
    """
    try:
        database = make_url(settings.database)
    except (ArgumentError, ValueError):
        return None  # who opens it says what is wrong with it
    if database.get_backend_name() == "sqlite" and not Path(database.database or "").is_file():
        return offered_rulebook(settings, clock, told)
    if settings.rulebook_key is not None:
        try:
            public_keys(settings.rulebook_key)
        except KeyUnusable as error:
            raise CannotStart(str(error), exit_code=2) from error
    return None


async def first_deciding(
    settings: Settings,
    store: Store,
    offer: Offer,
    clock: Clock,
    told: Told = nobody,
    offered: Offered | None = None,
) -> tuple[Deciding, ActivationRecord]:
    """What decides at the beginning, and by which activation. Raises CannotStart.

    The record counts, and not the files: whatever became of them meanwhile, a restart serves what was served. Where this
    version cannot serve what is active, the files that it comes with are activated.
    """
    servable = Servable(store, offer, clock, told)
    try:
        for _ in range(MOST_TRIES):
            active = await store.read(activations.newest)
            if active is not None:
                try:
                    return _deciding(await servable.book(active.rulebook_digest)), active
                except CannotBeServed as error:
                    _hold_unapproved(settings, error)
                    log.error(
                        "the active rulebook cannot be served here; the one that is offered is activated",
                        digest=active.rulebook_digest,
                        because=str(error),
                    )
            because = "what was active cannot be served" if active else "the first rulebook of this database"
            book, signed = offered or offered_rulebook(settings, clock, told)
            try:
                made = await store.write(partial(_kept, book=book, signed=signed, because=because))
            except ActivationRaced:
                continue
            return _deciding(book), made
    except store_errors.StoreError as error:
        raise CannotStart(str(error)) from error
    raise CannotStart("Other servers activate one rulebook after the other. Start again when they are done.")


def _hold_unapproved(settings: Settings, error: CannotBeServed) -> None:
    if settings.rulebook_approval:
        raise CannotStart(
            f"The active rulebook cannot be served: {error} Activating another one needs approval: activate one with the"
            " version, and the key, that serve the active one."
        ) from error


def _kept(tx: Transaction, book: Book, signed: SignedRulebook | None, because: str) -> ActivationRecord:
    rulebook = book.rulebook
    rulebooks.keep(tx, rulebook.digest, rulebook.name, texts_of(rulebook))
    if signed is not None:
        rulebooks.keep_signed(tx, rulebook.digest, signed.key_id, signed.file)
    return activations.activate(tx, rulebook.digest, SERVER, because)


def _deciding(book: Book) -> Deciding:
    deciding = Deciding(book.rulebook, book.clock, book.told)
    deciding.serve(book)
    return deciding


def offered_rulebook(settings: Settings, clock: Clock, told: Told = nobody) -> Offered:
    """The rulebook that is offered, signed by whoever the settings trust. Raises CannotStart."""
    try:
        rulebook, signed = served(settings.rulebook, settings.rulebook_key)
        book = Book(rulebook, clock, told)
    except KeyUnusable as error:
        raise CannotStart(str(error), exit_code=2) from error
    except DoesNotHold as error:
        raise CannotStart(f"{settings.rulebook}: {error}") from error
    except RulebookRefused as error:
        count = len(error.problems)
        raise CannotStart(
            f"{error}\n{count} problem{'s' if count > 1 else ''}: the rulebook is not served."
        ) from error
    except (RulebookUnreadable, RulebookIncomplete) as error:
        raise CannotStart(str(error)) from error
    if signed is not None:
        log.info(
            "the rulebook's signature holds",
            rulebook=rulebook.name,
            digest=rulebook.digest,
            key=signed.key_id,
            signed_at=signed.content.signed_at.isoformat(),
        )
    return book, signed
