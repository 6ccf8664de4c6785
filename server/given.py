"""What a server is given in files: rulebook, sites, webhook endpoints; each is read, or the start is refused."""

from collections.abc import Callable
from datetime import datetime

import structlog

from engine.signed_rulebook import DoesNotHold
from server.key_files import KeyUnusable
from server.rulebooks import RulebookRefused, RulebookUnreadable
from server.settings import Settings
from server.signed_rulebooks import served
from server.sites import Sites, SitesFileInvalid, load_sites
from server.starting import CannotStart
from server.webhooks import Endpoint, EndpointsFileInvalid, load_endpoints
from server.workflow.deciding import Deciding, RulebookIncomplete, Told, nobody

log = structlog.get_logger("server")


def deciding_of(settings: Settings, clock: Callable[[], datetime], told: Told = nobody) -> Deciding:
    """The rulebook that is served, signed by whoever the settings trust. Raises CannotStart."""
    try:
        rulebook, signed = served(settings.rulebook, settings.rulebook_key)
        deciding = Deciding(rulebook, clock, told)
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
    return deciding


def sites_of(settings: Settings) -> Sites:
    """The sites in our records. Raises CannotStart."""
    if settings.sites is None:
        return Sites({})
    try:
        return load_sites(settings.sites)
    except SitesFileInvalid as error:
        raise CannotStart(str(error), exit_code=2) from error


def endpoints_of(settings: Settings) -> tuple[Endpoint, ...]:
    """The webhook endpoints. Raises CannotStart."""
    if settings.webhooks is None:
        return ()
    try:
        return load_endpoints(settings.webhooks)
    except EndpointsFileInvalid as error:
        raise CannotStart(str(error), exit_code=2) from error
