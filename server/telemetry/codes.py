"""With which status a call ended, for whoever looks at it from outside."""

from typing import Any, Final

import grpc
from grpc.aio import AbortError

_NAMES: Final = {code.value[0]: code.name for code in grpc.StatusCode}


def code_of(error: BaseException, context: Any) -> str:
    """The status that a call ended with which raised."""
    if not isinstance(error, AbortError):
        # gRPC cancels what is past its deadline, as it does where the caller went away.
        return "DEADLINE_EXCEEDED" if context.time_remaining() == 0 else "CANCELLED"
    code = context.code()
    return str(_NAMES.get(getattr(code, "value", (code,))[0], "UNKNOWN"))
