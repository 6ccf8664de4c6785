"""Files of platforms that are not described, but asked by code: `kind: plugin` and `kind: provider`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal

from pydantic import Field, ValidationError

from engine.declaration import Json
from engine.platform import Binding, ProofKind
from engine.rulebook.problems import Problems, instead
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar, plain
from server.platforms.addresses import ManifestError, Network
from server.platforms.auth.kinds import SECRETS
from server.platforms.manifest import Manifest
from server.platforms.manifest_file.capable import capabilities_of, proof_rules
from server.platforms.manifest_file.comparing import of_compares
from server.platforms.manifest_file.contradictions import of_capabilities
from server.platforms.manifest_file.forms import Duration, Name, read_duration
from server.platforms.manifest_file.operations import Contradiction
from server.platforms.manifest_file.parts import CapabilitiesPart, ComparesPart, Part, ProofPart, Text
from server.platforms.manifest_file.places import key_span, node_at, note
from server.platforms.manifest_file.skeletons import constants, source_of
from server.platforms.plugin.manifest import PluginManifest
from server.platforms.provider.manifest import ProviderManifest, hold_provider, is_socket

_DESCRIBED: Final = "http"

AnyManifest = Manifest | PluginManifest | ProviderManifest


class PluginPart(Part):
    """A file of a plug-in. Its options are read apart: what they may be is the plug-in's affair."""

    manifest: Literal["1"]
    kind: Literal["plugin"]
    platform: Name
    title: Text
    plugin: Text
    # The words are read from the table of secrets, once written there; a type checker wants them written out here.
    secrets: tuple[Literal[SECRETS], ...] = ()  # type: ignore[valid-type]
    options: dict[str, Any] = Field(default_factory=dict)


class ProviderPart(Part):
    """A file of a provider."""

    manifest: Literal["1"]
    kind: Literal["provider"]
    platform: Name
    title: Text
    address: str
    network: Network = Network.PUBLIC
    connect_timeout: Duration = read_duration("5 s")
    capabilities: CapabilitiesPart
    proof: ProofPart | None = None
    compares: ComparesPart | None = None


def other_kind(root: MappingNode) -> Callable[[MappingNode, Problems], AnyManifest | None] | None:
    """What reads a file of this kind; None for manifests that describe an interface over HTTP."""
    kind = node_at(root, ("kind",))
    if not isinstance(kind, Scalar) or not kind.text or kind.text == _DESCRIBED:
        return None
    return _READ.get(kind.text, _no_kind)


def _no_kind(root: MappingNode, problems: Problems) -> None:
    """The kind is told alone: what else is wrong with the file depends on it."""
    kind = node_at(root, ("kind",))
    assert isinstance(kind, Scalar)
    mend = instead(kind.text, [_DESCRIBED, *_READ], "write one of")
    problems.add(kind.span, "unknown-word", f"`kind` cannot be `{kind.text}`", mend)


def _plugin(root: MappingNode, problems: Problems) -> PluginManifest | None:
    part = _held(PluginPart, root, "a plug-in's file", problems)
    options = _options(root, problems)
    if part is None or problems.fatal:
        return None
    return PluginManifest(
        part.platform, part.title, part.plugin, options, tuple(dict.fromkeys(part.secrets)), source_of(root)
    )


def _options(root: MappingNode, problems: Problems) -> Mapping[str, Json]:
    node = node_at(root, ("options",))
    read = constants(node, problems) if isinstance(node, MappingNode) and node is not root else {}
    return read if isinstance(read, dict) else {}


def _provider(root: MappingNode, problems: Problems) -> ProviderManifest | None:
    address = node_at(root, ("address",))
    if isinstance(address, Scalar) and address.text:
        network = node_at(root, ("network",))
        private = isinstance(network, Scalar) and network.text == Network.PRIVATE
        try:
            hold_provider(address.text, Network.PRIVATE if private else Network.PUBLIC)
        except ManifestError as error:
            what, _, mend = str(error).partition("; ")
            problems.add(address.span, "bad-address", what, mend)
    part = _held(ProviderPart, root, "a provider's file", problems)
    if part is None or problems.fatal:
        return None
    for found in [*of_capabilities(part), *of_compares(part), *_proofs(part), *_sockets(part, root)]:
        problems.add(key_span(root, found.at), found.code, found.message, found.mend)
    return None if problems.fatal else _made(part, root)


def _made(part: ProviderPart, root: Node) -> ProviderManifest:
    return ProviderManifest(
        name=part.platform,
        title=part.title,
        address=part.address,
        network=part.network,
        connect_timeout=part.connect_timeout,
        capabilities=capabilities_of(part.capabilities),
        proof=proof_rules(part.proof, part.compares, part.platform),
        source=source_of(root),
    )


def _proofs(part: ProviderPart) -> Iterator[Contradiction]:
    signed = part.capabilities.proof is ProofKind.JWS
    if signed and part.proof is None:
        yield Contradiction(
            ("capabilities",), "proof-incomplete", "signed proofs need `proof`",
            "add `proof`, or write `proof: STATUS` among the capabilities",
        )  # fmt: skip
    if not signed and part.capabilities.binding is Binding.CLAIMS:
        yield Contradiction(
            ("capabilities", "proof"), "status-of-provider", "what a provider tells of a status is not kept as a proof",
            "write `proof: JWS`, or `binding: NONE`",
        )  # fmt: skip
    if part.proof is not None and not signed:
        yield Contradiction(
            ("proof",), "proof-unused", "`proof` is for signed proofs, and `proof` is STATUS",
            "delete it, or write `proof: JWS`",
        )  # fmt: skip


def _sockets(part: ProviderPart, root: MappingNode) -> Iterator[Contradiction]:
    if is_socket(part.address) and any(key.text == "network" for key, _ in root.entries):
        yield Contradiction(("network",), "network-unused", "a Unix socket is in no network", "delete it")


def _held(model: Any, root: MappingNode, what: str, problems: Problems) -> Any:
    try:
        return model.model_validate(plain(root))
    except ValidationError as error:
        note(error, model, root, what, problems)
        return None


_READ: Final[Mapping[str, Callable[[MappingNode, Problems], AnyManifest | None]]] = {
    "plugin": _plugin,
    "provider": _provider,
}
