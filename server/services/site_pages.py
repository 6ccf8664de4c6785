"""The sites of a tenant page by page, by their ids."""

from datetime import UTC, datetime
from typing import Final

from server.errors import TokenInvalid
from server.wire.tokens import page_token, read_page_token

# A page of sites goes on behind an id; what tokens hold besides is not used.
_NO_MOMENT: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PREFIX: Final = "sites/"


def token_of(tenant: str, site_id: str) -> str:
    """Goes on behind this site."""
    return page_token(("sites", tenant), _NO_MOMENT, _PREFIX + site_id.encode().hex())


def place_of(tenant: str, token: str) -> str:
    """The id behind which a page goes on; empty for the first one. Raises TokenInvalid."""
    if not token:
        return ""
    _, name = read_page_token("page_token", token, ("sites", tenant))
    try:
        return bytes.fromhex(name.removeprefix(_PREFIX)).decode()
    except ValueError:
        raise TokenInvalid("page_token", "it names no site; give it back just as it came") from None
