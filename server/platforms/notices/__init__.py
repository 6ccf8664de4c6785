"""Notices: what a platform tells by calling us. It proves nothing; what it names is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.platform import Platform
from server.platforms.notices.reading import Disbelieved, Notice, sealed_notice, signed_notice
from server.platforms.notices.rules import NoticeReads, NoticeRules, Seal
from server.platforms.secret import Secret

__all__ = ["Disbelieved", "Notice", "NoticeReads", "NoticeRules", "Seal", "Wax"]


@dataclass(frozen=True, slots=True)
class Wax:
    """What tells a platform's notices from others': its rules, and the key of its seal, if it has one."""

    rules: NoticeRules
    key: Secret | None = field(default=None, repr=False)

    async def read(
        self, platform: Platform, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Notice | Disbelieved:
        """The notice, or why it is not believed."""
        seal = self.rules.seal
        if seal is None:
            return await signed_notice(self.rules, platform.keys, body, now)
        key = self.key.reveal() if self.key is not None else ""
        return sealed_notice(self.rules, seal, key, headers, body, now) if key else Disbelieved("no key")
