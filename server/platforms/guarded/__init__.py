"""What stands between the workflow and any platform: retries, a breaker, a bulkhead, a rate, each bounded."""

from server.platforms.guarded.care import Care
from server.platforms.guarded.guarded import Asked, Guarded, Heard, Spared, unheard

__all__ = ["Asked", "Care", "Guarded", "Heard", "Spared", "unheard"]
