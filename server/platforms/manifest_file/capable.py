"""What a platform can do and how it proves it, from a file's parts: the same by whatever it is asked."""

from engine.platform import Capabilities
from server.platforms.compares import Compares, Each
from server.platforms.manifest_file.parts import CapabilitiesPart, ComparesPart, EachPart, ProofPart
from server.platforms.proof import ProofRules


def capabilities_of(part: CapabilitiesPart) -> Capabilities:
    """The port's capabilities."""
    return Capabilities(**{key: getattr(part, key) for key in CapabilitiesPart.model_fields})


def proof_rules(part: ProofPart | None, compares: ComparesPart | None, name: str) -> ProofRules:
    """What each proof has to meet; without a part nothing is signed, and what the platform tells is issued by its name."""
    if part is None:
        return ProofRules(issuer=name, compares=_compares(compares))
    claims = tuple(
        (name, found)
        for name in type(part.claims).model_fields
        if (found := getattr(part.claims, name)) is not None
    )
    return ProofRules(part.issuer, part.algorithms, part.skew, claims=claims, compares=_compares(compares))


def _compares(part: ComparesPart | None) -> Compares | None:
    if part is None:
        return None
    return Compares(tuple(sorted(part.fields.items())), _each(part.goods), _each(part.lines))


def _each(part: EachPart | None) -> Each | None:
    return None if part is None else Each(part.each, part.id, tuple(sorted(part.fields.items())))
