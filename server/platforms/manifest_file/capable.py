"""What a platform can do and how it proves it, from a file's parts: the same by whatever it is asked."""

from engine.platform import Capabilities
from server.platforms.manifest_file.parts import CapabilitiesPart, ProofPart
from server.platforms.proof import ProofRules


def capabilities_of(part: CapabilitiesPart) -> Capabilities:
    """The port's capabilities."""
    return Capabilities(**{key: getattr(part, key) for key in CapabilitiesPart.model_fields})


def proof_rules(part: ProofPart | None) -> ProofRules:
    """What each proof has to meet; without a part nothing is signed, and no proof meets it."""
    if part is None:
        return ProofRules(issuer="")
    claims = tuple(
        (name, found)
        for name in type(part.claims).model_fields
        if (found := getattr(part.claims, name)) is not None
    )
    return ProofRules(part.issuer, part.algorithms, part.skew, claims=claims)
