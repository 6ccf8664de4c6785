"""A store and a clock that stands, for what watches and follows in process."""

from tests.server.workflow.conftest import clock, empty, rulebook, store

__all__ = ["clock", "empty", "rulebook", "store"]
