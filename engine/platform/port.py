"""One platform, as what stands on the port asks it."""

from typing import Protocol

from engine.certificate import ECertId
from engine.platform.answers import (
    Health,
    LookupAnswer,
    Outcome,
    Reference,
    StatusAnswer,
    Submission,
    VoidAnswer,
)
from engine.platform.capabilities import Capabilities
from engine.platform.proof import Expected, ProofVerdict, PublicKeys


class Platform(Protocol):
    """One recognised platform, as one tenant's account sees it.

    No method raises for anything that a platform or the network does. A cancelled `submit` or `replace` is Unknown.
    """

    @property
    def name(self) -> str:
        """As in our records."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    @property
    def manifest_digest(self) -> str:
        """Digest of the configuration that it is asked by; an attempt records it."""

    async def submit(self, submission: Submission) -> Outcome:
        """Asks for a certificate; sends at most once."""

    async def replace(self, submission: Submission, e_cert_id: ECertId) -> Outcome:
        """Asks for a certificate in the place of one that is in force, in a single step; sends at most once.

        Issued, the other one is out of force; after any other outcome that is final it stands as it did. Asked only where
        the capabilities say `replace`. The submission is looked up as any other.
        """

    async def lookup(self, reference: Reference, platform_id: str = "") -> LookupAnswer:
        """What became of the submission of that reference; of what the platform gave an id, which is said only where it
        can be asked by one, it is asked by that."""

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        """Whether a certificate is in force."""

    async def void(self, e_cert_id: ECertId, because: str) -> VoidAnswer:
        """Takes a certificate out of force. Doing it twice is the same as once."""

    async def health(self) -> Health:
        """Whether the platform answers at all."""

    async def keys(self, wanted: str | None = None) -> PublicKeys:
        """The platform's public keys, by id; newer ones are looked for if `wanted` is not among them.

        Empty where none are known, or where `wanted` cannot be looked for just now.
        """

    def verify_proof(self, proof: str, keys: PublicKeys, expected: Expected) -> ProofVerdict:
        """Whether the proof holds under these keys. Pure: the same input, the same verdict."""
