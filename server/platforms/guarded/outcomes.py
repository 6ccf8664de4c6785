"""What platforms answer, as words for those who count and follow calls."""

import re
from asyncio import CancelledError
from typing import Final

from engine.certificate import CertificateStatus
from engine.platform import Told

_EACH_WORD: Final = re.compile("(?<=[a-z])(?=[A-Z])")


def outcome_of(answer: object) -> str:
    """An answer of a platform as a word, e.g. NOT_SENT; a status by what it says; what was raised is FAILED."""
    match answer:
        case Told(status=CertificateStatus() as status):
            return str(status)
        case CancelledError():
            return "CANCELLED"
        case BaseException():
            return "FAILED"
        case _:
            return _EACH_WORD.sub("_", type(answer).__name__).upper()
