"""What becomes of rule files that are offered, by what is on record about them and by who is trusted now."""

from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from engine.rulebook import Rulebook
from engine.signed_rulebook import content_of
from server.activation import watching
from server.activation.activating import Activating
from server.activation.first import SERVER
from server.activation.following import Following
from server.activation.offer import Offer, Offered
from server.activation.report import Report, Shown
from server.activation.servable import Servable
from server.activation.state import OfferState, State
from server.activation.watching import LEASE, TRIED_AGAIN_AFTER, Watching
from server.auth import DEVELOPER
from server.errors import RulebookNotAccepted
from server.rulebooks import load_folder
from server.signed_rulebooks import write_signed
from server.signing_keys import key_id
from server.store import Store, Transaction, activations, proposals, rulebooks, trials
from server.workflow.book import nobody
from server.workflow.deciding import Deciding, texts_of
from tests.server.workflow.house import Clock
from tests.system.rule_folder import RuleFolder

WITHDRAWN, TRUSTED = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")


@pytest.fixture
def rules(tmp_path: Path) -> RuleFolder:
    """Rule files of another rulebook than the one that is served."""
    rules = RuleFolder(tmp_path / "usmca")
    rules.retitle("Another")
    return rules


async def told(state: State) -> None:
    """Nobody is told."""


class Process:
    """What watches and follows in one process that serves a rulebook."""

    def __init__(self, store: Store, rulebook: Rulebook, clock: Clock, offer: Offer) -> None:
        self.store = store
        self.state = State("one", rulebook.digest, 1, clock())
        self.deciding = Deciding(rulebook, clock)
        self.servable = Servable(store, offer, clock, nobody)
        self.following = Following(store, self.deciding, self.servable, self.state, told)
        self.watching = Watching(store, self.deciding, offer, self.following, self.state, 0, False)

    async def begin(self) -> None:
        """The rulebook that is served is the active one."""
        served = self.deciding.rulebook
        await self.store.write(lambda tx: rulebooks.keep(tx, served.digest, served.name, texts_of(served)))
        await self.store.write(lambda tx: activations.activate(tx, served.digest, SERVER, "the first"))

    async def tried(self, offer: Offer, other: Rulebook, signed: str = "") -> None:
        """The files that are offered were tried before, and accepted."""
        stamp = offer.stamp()

        def kept(tx: Transaction) -> None:
            trials.take(tx, stamp, "two", LEASE)
            trials.end(tx, stamp, "two", other.digest, Report(other.name, other.digest).text())
            rulebooks.keep(tx, other.digest, other.name, texts_of(other))
            if signed:
                rulebooks.keep_signed(tx, other.digest, key_id(WITHDRAWN), signed)

        await self.store.write(kept)

    async def active(self) -> str:
        """The digest of what is active."""
        newest = await self.store.read(activations.newest)
        assert newest is not None
        return newest.rulebook_digest


@pytest.fixture
def signed(rules: RuleFolder, tmp_path: Path, clock: Clock) -> Offer:
    """A file of a key that is not trusted any more."""
    path, keys = tmp_path / "usmca.signed", tmp_path / "keys.pem"
    write_signed(path, content_of(load_folder(rules.folder), clock(), None), WITHDRAWN)
    keys.write_bytes(TRUSTED.as_pem(private=False))
    return Offer(path, keys)


async def test_withdrawn_key(
    store: Store, rulebook: Rulebook, clock: Clock, rules: RuleFolder, signed: Offer
) -> None:
    """A file of a key that was withdrawn is refused, though it was tried and accepted while the key was trusted."""
    process = Process(store, rulebook, clock, signed)
    await process.begin()
    await process.tried(signed, load_folder(rules.folder), signed.path.read_text("utf-8"))
    for _ in range(2):
        await process.watching.look()
    assert rulebook.digest == await process.active()
    assert process.state.report is not None
    assert (OfferState.REFUSED, ["not-trusted"]) == (
        process.state.offer,
        [each.code for each in process.state.report.against],
    )


async def test_approved_too_late(
    store: Store, rulebook: Rulebook, clock: Clock, rules: RuleFolder, signed: Offer
) -> None:
    """A second person does not activate what nobody who is trusted has signed by then."""
    process = Process(store, rulebook, clock, signed)
    await process.begin()
    other = load_folder(rules.folder)
    await process.tried(signed, other, signed.path.read_text("utf-8"))
    await store.write(lambda tx: proposals.propose(tx, other.digest, "key:ada", "a test"))
    people = Activating(store, process.servable, process.following, DEVELOPER.tenant, approval=True)
    with pytest.raises(RulebookNotAccepted, match="no key that this server trusts"):
        await people.approve(DEVELOPER, other.digest)
    assert rulebook.digest == await process.active()


class Changing(Offer):
    """Files that somebody changes between two readings of them."""

    def read(self) -> Offered:
        """The files, after one more change."""
        with (self.path / "scope.yaml").open("a", encoding="utf-8") as file:
            file.write("\n# a remark\n")
        return super().read()


async def test_changed_meanwhile(store: Store, rulebook: Rulebook, clock: Clock, rules: RuleFolder) -> None:
    """Files that change between the stamp and the reading are not tried under a stamp that is not theirs."""
    offer = Changing(rules.folder, None)
    process = Process(store, rulebook, clock, offer)
    await process.begin()
    stamp = offer.stamp()
    for _ in range(2):
        await process.watching.look()
    assert stamp != offer.stamp()
    assert await store.read(lambda c: trials.find(c, stamp)) is None


async def test_second_opinion_breaks_off(
    store: Store, rulebook: Rulebook, clock: Clock, rules: RuleFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second opinion that breaks off is asked again; after the third time files are refused, which is not on record."""
    offer = Offer(rules.folder, None)
    process = Process(store, rulebook, clock, offer)
    await process.begin()
    asked = 0

    async def broken(*_: object) -> Report:
        nonlocal asked
        asked += 1
        other = Report("usmca", load_folder(rules.folder).digest, opinion="FAILED")
        return other.but([Shown("", 0, 0, "second-opinion-failed", "it was ended")])

    monkeypatch.setattr(watching, "tried", broken)
    await process.watching.look()
    for times in (1, 2, 3, 3):
        for _ in range(2):
            await process.watching.look()
        expected = OfferState.REFUSED if times == 3 else OfferState.TRYING
        assert (times, expected) == (asked, process.state.offer)
        stored = await store.read(lambda c: trials.find(c, offer.stamp()))
        assert stored is not None and stored.report is None
        clock.passes(TRIED_AGAIN_AFTER.total_seconds())
    assert 1 == process.state.refusals
    monkeypatch.undo()
    again = Process(store, rulebook, clock, offer)
    for _ in range(3):
        await again.watching.look()
    assert load_folder(rules.folder).digest == await process.active()


async def test_late(store: Store, rulebook: Rulebook, clock: Clock, rules: RuleFolder) -> None:
    """Files that come late do not undo what a person activated meanwhile; what was never active is activated."""
    offer, other = Offer(rules.folder, None), load_folder(rules.folder)
    process = Process(store, rulebook, clock, offer)
    await process.begin()
    await process.tried(offer, other)
    await store.write(lambda tx: activations.activate(tx, other.digest, SERVER, "files of another replica"))
    await store.write(lambda tx: activations.activate(tx, rulebook.digest, "ada", "it was better"))
    process.state.activation = 3
    for _ in range(2):
        await process.watching.look()
    assert (rulebook.digest, OfferState.ACCEPTED) == (await process.active(), process.state.offer)
    assert f"`origingate rules activate {other.digest}`" in process.state.note
    rules.retitle("Never active")
    await process.tried(offer, load_folder(rules.folder))
    for _ in range(2):
        await process.watching.look()
    assert load_folder(rules.folder).digest == await process.active()
