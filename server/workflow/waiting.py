"""How long a call may wait for a platform before it has to answer."""

import asyncio
from dataclasses import dataclass

from server.calls import Call


@dataclass(frozen=True, slots=True)
class Waiting:
    """In seconds: the longest wait at all, and what is kept of the caller's deadline to answer in."""

    limit: float
    reserve: float

    def seconds(self, call: Call) -> float:
        """The seconds that this call may wait; 0 where its deadline leaves nothing but time to answer."""
        left = call.time_left(asyncio.get_running_loop().time())
        return self.limit if left is None else max(min(self.limit, left - self.reserve), 0.0)
