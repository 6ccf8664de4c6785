"""What stands between the workflow and any platform: retries, a breaker, a bulkhead, a rate, each bounded."""

from server.platforms.guarded.care import Care
from server.platforms.guarded.guarded import Guarded

__all__ = ["Care", "Guarded"]
