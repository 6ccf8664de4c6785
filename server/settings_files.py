"""What a server is given in files besides its rulebook: sites, webhook endpoints; each is read, or the start is refused."""

from server.settings import Settings
from server.sites import Sites, SitesFileInvalid, load_sites
from server.starting import CannotStart
from server.webhooks import Endpoint, EndpointsFileInvalid, load_endpoints


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
