"""The laws of the sandbox's ledger, held over whatever is done to a real sandbox, and over its restarts."""

import asyncio
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from server.sandbox import SandboxSettings
from tests.server.sandbox.conftest import Clock, calling, submission

CONTENTS = st.sampled_from("xy")
DECIDED_LATER = st.sampled_from(["", "pending", "review", "lag", "late_revocation", "reject"])
# Where there is a disk in memory, thousands of commits wait for no other.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
PLACE = st.integers(0, 3)


class SandboxMachine(RuleBasedStateMachine):
    """A sandbox on disk whose certificates live an hour and can be voided for half of it."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="sandbox-machine-", dir=MEMORY))
        self.clock = Clock()
        self.references = 0
        # Every e-Cert ID ever given, with the reference it was given for; those that were seen to be over.
        self.given: dict[str, str] = {}
        self.over: set[str] = set()
        # Submissions that are not decided.
        self.waiting: list[dict[str, Any]] = []

    @initialize()
    def start(self) -> None:
        """Starts the sandbox."""
        self.running = calling(
            SandboxSettings(
                state=self.folder,
                clock=self.clock,
                life=timedelta(hours=1),
                void_window=timedelta(minutes=30),
            )
        )
        self.call = self.loop.run_until_complete(self.running.__aenter__())

    def stop(self) -> None:
        """Stops the sandbox."""
        self.loop.run_until_complete(self.running.__aexit__(None, None, None))

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """What the sandbox answers."""
        return self.loop.run_until_complete(self.call(method, path, body))

    def entries(self) -> list[dict[str, Any]]:
        """Every submission, as the sandbox tells it."""
        return self.ask("GET", "/ledger")[1]["entries"]

    def some(self, place: int) -> str:
        """One of the e-Cert IDs that were given, the newest ones first."""
        return list(reversed(self.given))[place % len(self.given)]

    def status(self, e_cert_id: str) -> str:
        """The status of a certificate in the ledger."""
        return next(e["status"] for e in self.entries() if e.get("e_cert_id") == e_cert_id)

    def submit(self, path: str, content: str, fault: str, operation: str) -> tuple[str, int, Any]:
        """Submits content under a new reference."""
        self.references += 1
        if fault:
            self.ask("POST", "/faults", {"fault": fault, "operation": operation, "seconds": 60, "polls": 0})
        reference = f"og-{self.references}"
        answer = self.ask("POST", path, submission(reference, content))
        self.ask("DELETE", "/faults")
        return reference, *answer

    @rule(content=CONTENTS, fault=DECIDED_LATER)
    def issue(self, content: str, fault: str) -> None:
        """A submission is issued, decided later, rejected, or a duplicate of what is in force."""
        active = [e for e in self.entries() if e.get("status") == "active"]
        digest = submission("", content)["digest"]
        there = [e["e_cert_id"] for e in active if e["digest"] == digest]
        _, status, body = self.submit("/v1/certificates", content, fault, "submit")
        assert (status == 409) == bool(there)
        assert [body["certificate"]["e_cert_id"]] == there if there else status in (201, 202, 422)

    @precondition(lambda self: self.given)
    @rule(place=PLACE, content=CONTENTS, fault=DECIDED_LATER)
    def replace(self, place: int, content: str, fault: str) -> None:
        """Where a replacement is issued, the old one is replaced and the new one is active; else nothing changes."""
        old = self.some(place)
        before = self.status(old)
        _, status, body = self.submit(f"/v1/certificates/{old}/replace", content, fault, "replace")
        if status == 201:
            new = body["certificate"]["e_cert_id"]
            assert ("active", "replaced", "active") == (before, self.status(old), self.status(new))
        else:
            assert before == self.status(old)

    @precondition(lambda self: self.given)
    @rule(place=PLACE)
    def void(self, place: int) -> None:
        """A void ends a certificate, or says why it does not."""
        old = self.some(place)
        before = self.status(old)
        status, _ = self.ask("POST", f"/v1/certificates/{old}/void", {"because": "cancelled"})
        assert ("revoked" if status == 200 else before) == self.status(old)

    @precondition(lambda self: self.given)
    @rule(place=PLACE)
    def revoke(self, place: int) -> None:
        """The platform can revoke whatever it issued."""
        old = self.some(place)
        self.ask("POST", "/revoke", {"e_cert_id": old})
        assert "revoked" == self.status(old)

    @precondition(lambda self: self.waiting)
    @rule(place=PLACE, reject=st.booleans())
    def decide(self, place: int, reject: bool) -> None:
        """What was left open is decided: nothing is replaced but what is active."""
        entry = self.waiting[place % len(self.waiting)]
        old = entry.get("replaces")
        before = self.status(old) if old else "active"
        if entry["state"] == "review":
            codes = [{"code": "NO"}] if reject else []
            self.ask("POST", "/review", {"reference": entry["reference"], "codes": codes})
        else:
            self.ask("GET", f"/v1/references/{entry['reference']}")
        now = next(e for e in self.entries() if e["reference"] == entry["reference"])
        if now["state"] == "issued":
            assert ("active", "replaced" if old else "") == (before, self.status(old) if old else "")
        elif old:
            assert before == self.status(old)

    @rule(seconds=st.sampled_from([60, 1801, 3600]))
    def forward(self, seconds: int) -> None:
        """Time goes by."""
        assert 200 == self.ask("POST", "/clock", {"forward_seconds": seconds})[0]

    @rule(torn=st.booleans())
    def restart(self, torn: bool) -> None:
        """After a restart, also one in the middle of a write, everything is as it was."""
        self.ask("POST", "/keys/rotate")
        before = self.entries(), self.ask("GET", "/clock"), self.ask("GET", "/.well-known/jwks.json")
        self.stop()
        if torn:
            with (self.folder / "certificates.jsonl").open("a") as file:
                file.write('{"reference": "og-1", "digest": "sha256:')
        self.start()
        assert before == (
            self.entries(),
            self.ask("GET", "/clock"),
            self.ask("GET", "/.well-known/jwks.json"),
        )

    @invariant()
    def laws(self) -> None:
        """One active certificate for a content at most; what is over stays so; an id is given once."""
        entries = self.entries()
        issued = [entry for entry in entries if "e_cert_id" in entry]
        active = [entry for entry in issued if entry["status"] == "active"]
        assert len({entry["digest"] for entry in active}) == len(active)
        assert self.over.isdisjoint(entry["e_cert_id"] for entry in active)
        assert len({entry["e_cert_id"] for entry in issued}) == len(issued)
        given = {entry["e_cert_id"]: entry["reference"] for entry in issued}
        assert self.given.items() <= given.items()
        self.given = given
        self.waiting = [entry for entry in entries if entry["state"] in ("pending", "review")]
        self.over = {entry["e_cert_id"] for entry in issued} - {entry["e_cert_id"] for entry in active}

    def teardown(self) -> None:
        """Leaves nothing behind."""
        self.stop()
        self.loop.close()
        shutil.rmtree(self.folder)


TestSandboxMachine = SandboxMachine.TestCase
TestSandboxMachine.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
