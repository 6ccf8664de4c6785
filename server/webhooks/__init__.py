"""Tells order systems and others what happens to cases: signed webhooks, read from the log behind a cursor each."""

from server.webhooks.endpoints import Endpoint, EndpointsFileInvalid, load_endpoints
from server.webhooks.outbox import Outbox

__all__ = ["Endpoint", "EndpointsFileInvalid", "Outbox", "load_endpoints"]
