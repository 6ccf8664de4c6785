"""Two servers on one PostgreSQL: what is done with a site on one counts on the other, and the log vouches for it."""

from collections.abc import Callable
from itertools import count

from origingate.v1 import site_pb2

from tests.system.processes import Sandbox, Server, log_key, origingate, wait_for
from tests.system.test_sites import Sites, integration


def test_together(database: str, sandbox: Sandbox, serve: Callable[..., Server]) -> None:
    """What one server registers, connects and suspends counts for the other's orders a moment later, and is audited."""
    words = ("--database", database, "--sandbox-url", sandbox.url)
    here, there = Sites(serve(*words)), Sites(serve(*words))
    orders = (f"both-{number}" for number in count())
    here.do("Register", "both", kind=site_pb2.SITE_KIND_B2B_INDEPENDENT)
    assert here.connect("both").run.holds
    assert "CONNECTED" == integration(there.get("both").site)
    wait_for(lambda: "ELIGIBLE" == there.prereview("both", next(orders)))
    there.do("Suspend", "both")
    wait_for(lambda: "SUSPENDED" == here.prereview("both", next(orders)))
    done = origingate("log", "verify", "--database", database, "--key", str(log_key(database)))
    assert 0 == done.returncode, done.stdout + done.stderr
