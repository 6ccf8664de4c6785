"""What a plug-in is given, and how it says that this is not right."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.declaration import Json
from server.platforms.secret import Secret


@dataclass(frozen=True, slots=True)
class Given:
    """Everything by which a plug-in makes its platform.

    `name` is what the platform has to be called, `options` what its file says. `secrets` and `tls`, whom to trust and who we
    are, are the account's of `tenant`.
    """

    name: str
    options: Mapping[str, Json]
    tenant: str
    secrets: Mapping[str, Secret] = field(repr=False)
    tls: ssl.SSLContext | None = field(repr=False)
    clock: Callable[[], datetime]


class OptionsRefused(Exception):
    """A plug-in cannot do with its options. The text is shown to who wrote them: what is wrong, how to mend it."""
