"""What order systems, operators and platforms do in a run, and what has to stand in the books at its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tests.system.crash.platform import Platform
from tests.system.crash.teller import Teller

FOREVER: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Story:
    """How one order is told, and its end: the case's state, "" where there is none, and how many certificates the platform
    issued at least and at most. `platform` is what it does from the beginning of the run on.
    """

    tell: Callable[[Teller], None]
    state: str
    issued: tuple[int, int]
    platform: Callable[[Platform], None] | None = None

    @property
    def in_force(self) -> bool:
        """Whether one certificate is in force at the end; else none is."""
        return self.state in ("CERTIFIED", "HANDED_OFF")


def certified(teller: Teller) -> None:
    """In one call."""
    teller.process()
    teller.until("CERTIFIED")


def staged(teller: Teller) -> None:
    """Stage by stage, to the hand-off."""
    teller.inquire("a")
    teller.inquire("b")
    teller.place_order("c")
    teller.declare("d")
    teller.certify("e")
    teller.until("CERTIFIED")
    teller.decide("f")
    teller.hand_off("g")


def undeclared(teller: Teller) -> None:
    """An order whose origin is not declared."""
    teller.process(declared=False)


def erased(teller: Teller) -> None:
    """An order is held, released, and erased."""
    undeclared(teller)
    teller.hold("b")
    teller.release("c")
    teller.erase("d")


def compared(teller: Teller) -> None:
    """A certified order comes again, as it is and with another content."""
    certified(teller)
    teller.process("b")
    differs = teller.process("c", quantity="40")
    assert [("2", "quantity", "4", "40")] == [
        (each.item, each.field, each.was, each.now) for each in differs.differences
    ]


def screened(teller: Teller) -> None:
    """Only a question."""
    teller.screen()


def cancelled(teller: Teller) -> None:
    """A certified order is cancelled."""
    certified(teller)
    teller.cancel("b")
    teller.until("CANCELLED")


def cancelled_early(teller: Teller) -> None:
    """An order is cancelled while its platform may still be asked."""
    teller.process()
    teller.cancel("b")
    teller.until("CANCELLED")


def superseded(teller: Teller) -> None:
    """A certified declaration is superseded, and the next one certified in its place in one step."""
    certified(teller)
    teller.declare("b", quantity="40")
    teller.until("CERTIFIED")


def not_replaced(teller: Teller) -> None:
    """The platform does not replace that certificate: it is voided, and the next declaration certified anew."""
    certified(teller)
    teller.declare("b", quantity="40")
    teller.until("DECLARED")
    teller.certify("c")
    teller.until("CERTIFIED")


def void_stuck(teller: Teller) -> None:
    """The platform knows nothing of the certificate until an operator has it asked again."""
    certified(teller)
    teller.place.meet(lambda: teller.place.platform.refuse(void=404))
    teller.cancel("b")
    teller.until("MANUAL")
    assert teller.waits_for_a_person()
    teller.place.meet(teller.place.platform.mend)
    teller.retry("c")
    teller.until("CANCELLED")


def rejected(teller: Teller) -> None:
    """The platform rejects it; coming again changes nothing."""
    teller.process()
    teller.until("REJECTED")
    teller.process("b")


def unproved(teller: Teller) -> None:
    """What is issued does not prove itself: an operator takes it out of force, and another one is asked for."""
    teller.process()
    teller.until("MANUAL")
    for one in teller.place.books.ledger()[teller.held.digests[0]]:
        teller.place.platform.revoke(one.e_cert_id)
    teller.mark_void("b")
    teller.place.meet(teller.place.platform.mend)
    teller.certify("c")
    teller.until("CERTIFIED")


def promise_broken(teller: Teller) -> None:
    """The platform takes it, then does not know it, and has issued after all: an operator adopts that."""
    teller.process()
    teller.until("MANUAL")
    teller.place.meet(teller.place.platform.mend)
    [attempt] = [one for one in teller.held.tried if one.state == "UNPROVED"]
    said = teller.place.platform.look_up(attempt.reference)
    teller.adopt("b", said["certificate"]["e_cert_id"], said["certificate"]["proof"])


def forgetful(platform: Platform) -> None:
    """It takes submissions and does not decide them, and then says that it knows none of them."""
    platform.fault("pending", times=None, polls=0)
    platform.refuse(lookup=404)


def refused(teller: Teller) -> None:
    """The platform does not know our account until an operator has mended that."""
    teller.process()
    teller.until("MANUAL")
    teller.place.meet(teller.place.platform.mend)
    teller.retry("b")
    teller.until("CERTIFIED")


def revoked(teller: Teller) -> None:
    """The platform revokes a certificate, and tells it when it is asked."""
    e_cert_id = certificate(teller)
    teller.place.platform.revoke(e_cert_id)
    teller.decide("b")
    teller.until("REVOKED")


def covered(teller: Teller) -> None:
    """A blanket certificate covers another order, its end is warned of, and then the platform revokes it."""
    teller.process_blanket()
    teller.until("CERTIFIED")
    [e_cert_id] = teller.held.active
    other = teller.under(e_cert_id, "b").name
    while not teller.ledger(e_cert_id).HasField("warned_at"):
        teller.pause()
    # Drawn once, whatever was killed.
    assert "84" == teller.ledger(e_cert_id).goods[0].left.value
    teller.place.platform.revoke(e_cert_id)
    teller.decide("c")
    teller.until("REVOKED")
    teller.until("REVOKED", name=other)


def late(teller: Teller) -> None:
    """What was given up arrives after all, when the next generation is certified."""
    certified(teller)
    for e_cert_id in arrived(teller):
        while any(
            one.in_force
            for found in teller.place.books.ledger().values()
            for one in found
            if one.e_cert_id == e_cert_id
        ):
            teller.pause()


def late_undecided(teller: Teller) -> None:
    """What was given up arrives after all, and the platform does not decide it."""
    certified(teller)
    teller.place.meet(lambda: teller.place.platform.fault("pending", times=None, polls=FOREVER))
    arrived(teller)


def certificate(teller: Teller) -> str:
    """The e-Cert ID of the order, once it is certified."""
    certified(teller)
    [e_cert_id] = teller.held.active
    return e_cert_id


def arrived(teller: Teller) -> list[str]:
    """Lets the submissions that were given up arrive at the platform; what it issues for them."""
    issued = list[str]()
    for one in teller.held.tried:
        if one.state == "RETRYABLE":
            there = teller.place.books.ledger().get(one.digest, [])
            assert one.reference not in [each.reference for each in there], "it was sent, and sent again"
            content = teller.place.books.content(one.digest)
            said = teller.place.platform.submit(one.reference, one.digest, content)
            issued += [said["certificate"]["e_cert_id"]] if "certificate" in said else []
    return issued


STORIES: Final[Mapping[str, Story]] = MappingProxyType(
    {
        "certified": Story(certified, "CERTIFIED", (1, 1)),
        "staged": Story(staged, "HANDED_OFF", (1, 1)),
        "undeclared": Story(undeclared, "ORDERED", (0, 0)),
        "erased": Story(erased, "ORDERED", (0, 0)),
        "compared": Story(compared, "CERTIFIED", (1, 1)),
        "screened": Story(screened, "", (0, 0)),
        "cancelled": Story(cancelled, "CANCELLED", (1, 1)),
        "cancelled early": Story(cancelled_early, "CANCELLED", (0, 1)),
        "superseded": Story(superseded, "CERTIFIED", (2, 2)),
        "not replaced": Story(
            not_replaced,
            "CERTIFIED",
            (2, 2),
            lambda platform: platform.fault("reject", operation="replace", times=None),
        ),
        "voided late": Story(
            cancelled, "CANCELLED", (1, 1), lambda platform: platform.fault("down", operation="void", times=3)
        ),
        "void stuck": Story(void_stuck, "CANCELLED", (1, 1)),
        "rejected": Story(
            rejected, "REJECTED", (0, 0), lambda platform: platform.fault("reject", times=None)
        ),
        "unproved": Story(
            unproved, "CERTIFIED", (2, 2), lambda platform: platform.fault("wrong_signature", times=None)
        ),
        # Killed before the promise is recorded, the platform is believed, and what it forgot is swept.
        "promise broken": Story(promise_broken, "CERTIFIED", (1, 2), forgetful),
        "nothing told": Story(
            certified, "CERTIFIED", (1, 1), lambda platform: platform.fault("down", operation="lookup", times=8)
        ),
        "refused": Story(refused, "CERTIFIED", (1, 1), lambda platform: platform.refuse(submit=401)),
        "revoked": Story(revoked, "REVOKED", (1, 1)),
        "covered": Story(covered, "REVOKED", (1, 1)),
        # Killed twice, an order may have been given up twice.
        "late": Story(late, "CERTIFIED", (1, 3)),
        "late, not decided": Story(late_undecided, "CERTIFIED", (1, 1)),
        "not taken": Story(certified, "CERTIFIED", (1, 1)),
    }
)  # fmt: skip
