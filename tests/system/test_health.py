"""`origingate health` as probes run it, against a real server and against none."""

from pathlib import Path

from tests.system.processes import Server, origingate


def test_serving(tmp_path: Path) -> None:
    """A server that serves is said to, as a whole and by service; one that stopped is not there."""
    server = Server(tmp_path)
    whole = origingate("health", "--to", server.address)
    cases = origingate("health", "--to", server.address, "--service", "origingate.v1.CaseService", "--json")
    assert (0, "SERVING\n", "") == (whole.returncode, whole.stdout, whole.stderr)
    assert (0, '{"status": "SERVING"}\n') == (cases.returncode, cases.stdout)
    unknown = origingate("health", "--to", server.address, "--service", "no.such.Service")
    assert (1, True) == (unknown.returncode, "NOT_FOUND" in unknown.stderr)
    assert 0 == server.stop()
    gone = origingate("health", "--to", server.address, "--timeout", "2")
    assert (1, True) == (gone.returncode, "No server answers" in gone.stderr)
