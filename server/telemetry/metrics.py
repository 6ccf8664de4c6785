"""Every metric of a server, declared here and nowhere else. docs/operations.md explains each for operators."""

from collections.abc import Callable, Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.metrics_core import Metric

# From what a decision takes to the longest that a caller may wait.
_CALLS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_OUTSIDE: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_COMMITS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
_GROUPS: Final = (1, 2, 4, 8, 16, 32, 64)

# Several processes' values of these are not added: the latest moment, the furthest place counts.
LARGEST: Final = frozenset(
    {
        "origingate_rulebook_loaded_timestamp_seconds",
        "origingate_reconciler_look_timestamp_seconds",
        "origingate_tls_certificate_expiry_timestamp_seconds",
        "origingate_log_entries",
        "origingate_log_head_timestamp_seconds",
        "origingate_witness_entries",
        "origingate_records_look_timestamp_seconds",
    }
)
# What belongs to a process is told of each, by its number.
OF_A_PROCESS: Final = "process_"


class Metrics:
    """The metrics of one process. No label has a value that a caller can make up."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._looks: list[Callable[[], None]] = []
        ProcessCollector(registry=registry)

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"origingate_{name}", text, labels, registry=registry)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"origingate_{name}", text, labels, registry=registry)

        def histogram(name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
            return Histogram(f"origingate_{name}", text, labels, registry=registry, buckets=buckets)

        self.build = gauge("build_info", "Processes that run this version", "version", "python")
        self.logged = counter("logged", "Lines of the server's log, by level", "level")

        # Calls.
        self.calls = histogram(
            "call_duration_seconds", "Calls by method and gRPC status, and how long they took", _CALLS,
            "method", "code",
        )  # fmt: skip
        self.refused = counter(
            "refusals", "Calls that ended with an error, by its reason, and by the bound where one was exceeded",
            "reason", "bound",
        )  # fmt: skip
        self.calls_in_flight = gauge("calls_in_flight", "Calls that are being served")
        self.watches = gauge("watches_open", "Watches that are open")
        self.streams = gauge("streams_open", "Streams of orders that are open")
        self.tls_until = gauge(
            "tls_certificate_expiry_timestamp_seconds", "When the server's certificate is over; 0 without TLS"
        )
        self.loop_lag = histogram(
            "event_loop_lag_seconds", "How much later than asked for the event loop came back", _CALLS
        )

        # Decisions.
        self.decisions = counter("decisions", "Decisions by question and outcome", "question", "outcome")
        self.findings = counter(
            "findings", "Findings of decisions: rules that fired, by question, reason and outcome",
            "question", "rule", "reason", "outcome",
        )  # fmt: skip
        self.rulebook = gauge("rulebook_info", "Processes that serve this rulebook", "rulebook", "digest")
        self.rulebook_loaded = gauge(
            "rulebook_loaded_timestamp_seconds", "When the rulebook that is served was loaded"
        )
        self.rulebook_stale = gauge("rulebook_stale", "Processes whose rulebook is stale")
        self.opinions = counter(
            "second_opinions", "Changed rulebooks that were tried, by what the second opinion said", "opinion"
        )
        self.files = counter(
            "files_read_again", "Files that changed and were read again: used, or refused", "what", "result"
        )

        # Platforms.
        self.platform_calls = histogram(
            "platform_call_duration_seconds", "Calls to platforms by what came of them, and how long they took",
            _OUTSIDE, "platform", "operation", "outcome",
        )  # fmt: skip
        self.not_asked = counter(
            "platform_not_asked", "Calls to platforms that were not made, because of the breaker or the bulkhead",
            "platform", "operation", "because",
        )  # fmt: skip
        self.breakers = gauge(
            "platform_breakers", "Breakers in each state; every process has its own", "platform", "operation", "state"
        )  # fmt: skip
        self.platform_in_flight = gauge(
            "platform_calls_in_flight", "Calls to the platform that are being made", "platform"
        )
        self.platform_waiting = gauge(
            "platform_calls_waiting", "Calls that wait for a place in the platform's bulkhead", "platform"
        )

        self.notices = counter(
            "platform_notices", "Calls of platforms that may call, by the HTTP status of our answer",
            "platform", "status",
        )  # fmt: skip

        # The store and the log.
        self.commits = histogram(
            "store_commit_duration_seconds", "Commits of groups that were written", _COMMITS
        )
        self.groups = histogram("store_group_size", "Pieces of work that were committed together", _GROUPS)
        self.queue = gauge("store_queue", "Pieces of work that wait for the writer")
        self.store_failures = counter(
            "store_failures", "Groups that could not be committed: unavailable, or unknown", "because"
        )
        self.log_entries = gauge("log_entries", "Entries of the log")
        self.log_head = gauge("log_head_timestamp_seconds", "When the log's last entry was written")
        self.witness = gauge("witness_entries", "Entries under the last signed head that was handed on", "to")
        self.witness_failures = counter(
            "witness_failures", "Signed heads that could not be handed on; they are tried again", "to"
        )

        # Cases and what works on them.
        self.cases = gauge("cases_open", "Cases that wait for a platform or a person, by state", "state")
        self.oldest_manual = gauge(
            "work_list_oldest_timestamp_seconds",
            "Since when the longest waiting case of the work list waits; 0 for none",
        )
        self.stuck_voids = gauge("voids_stuck", "Voids that only a person can settle")
        self.due = gauge("attempts_due", "Attempts that are due and were not taken over yet")
        self.oldest_due = gauge(
            "attempts_due_oldest_timestamp_seconds",
            "Since when the attempt is due that waits longest; 0 for none",
        )
        self.taken = counter(
            "reconciler_taken", "Attempts and voids that the reconciler took in hand", "kind"
        )
        self.reconciler_failures = counter("reconciler_failures", "Looks of the reconciler that failed")
        self.reconciler_looked = gauge(
            "reconciler_look_timestamp_seconds", "When the reconciler last looked without failing"
        )
        self.leases_lost = counter("leases_lost", "Attempts that another process had taken over meanwhile")
        self.records_looked = gauge(
            "records_look_timestamp_seconds",
            "When the database was last asked for what these metrics tell of it",
        )

        # Webhooks.
        self.deliveries = histogram(
            "webhook_delivery_duration_seconds", "Tries to deliver a webhook by what came of them", _OUTSIDE,
            "tenant", "endpoint", "result",
        )  # fmt: skip
        self.pending = gauge(
            "webhook_events_pending", "Events that an endpoint was not told yet", "tenant", "endpoint"
        )
        self.dead_letters = gauge(
            "webhook_dead_letters",
            "Events that an endpoint did not take and that were given up",
            "tenant",
            "endpoint",
        )

    def before_collecting(self, look: Callable[[], None]) -> None:
        """Calls `look`, which must not raise, on whatever thread collects, so that it sets gauges to what is so then."""
        self._looks.append(look)

    def collect(self) -> list[Metric]:
        """All metrics with their values now."""
        for look in self._looks:
            look()
        return list(self._registry.collect())


class ParentMetrics:
    """The metrics of the process that others serve under."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.workers = Gauge("origingate_workers", "Processes that serve", registry=registry)
        self.replaced = Counter(
            "origingate_worker_replacements", "Processes that ended and were replaced", registry=registry
        )

    def collect(self) -> list[Metric]:
        """All metrics with their values now."""
        return list(self._registry.collect())
