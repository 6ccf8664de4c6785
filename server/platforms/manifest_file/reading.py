"""From the text of a manifest to a manifest, or to all its problems."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from engine.rulebook.problems import Problem, Problems
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.nodes import Mapping as MappingNode
from engine.rulebook.text.nodes import Node, Scalar, plain
from engine.rulebook.text.yaml_text import read_yaml
from server.platforms.addresses import ManifestError, Network, hold_address
from server.platforms.auth.kinds import ApiKey, Auth, Hmac, OAuth2
from server.platforms.manifest import NAMES, Clause, Manifest, Operation, OperationName, Reads, Wait
from server.platforms.manifest_file.capable import capabilities_of, proof_rules
from server.platforms.manifest_file.contradictions import contradictions
from server.platforms.manifest_file.kinds import AnyManifest, other_kind
from server.platforms.manifest_file.noticed import notice_rules
from server.platforms.manifest_file.operations import merged
from server.platforms.manifest_file.parts import (
    AnswerPart,
    AuthPart,
    ManifestPart,
    OperationPart,
    ReadsPart,
)
from server.platforms.manifest_file.places import key_span, node_at, note
from server.platforms.manifest_file.skeletons import Skeletons, source_of
from server.platforms.skeleton import Skeleton, roots

# What of YAML's traps is said otherwise to who writes a manifest than to who writes rules.
_OTHERWISE: Final = {
    "anchor": ("a part of the file is named or repeated here", "write the part out"),
    "tag": ("a tag stands here", "delete the tag, or put the text in quotes"),
}

_CREDENTIALS: Final = re.compile(
    r"(://)([^/@\s]+)(?=@)|^([ \t]*['\"]?(?:proxy-)?(?:authorization|cookie)['\"]?[ \t]*:[ \t]*)([^\r\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESSES: Final = (("address",), ("auth", "oauth2", "token_url"))

_Request = Mapping[str, Skeleton]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: its manifest, or why there is none. One of the two is empty."""

    path: str
    text: str
    manifest: AnyManifest | None
    problems: tuple[Problem, ...]


def read_manifest(path: str, text: str) -> Reading:
    """Reads a manifest; `path` is what people know the file by. Everything that is wrong is told at once."""
    problems = Problems()
    root = read_yaml(TextFile(path, text), problems)
    problems.found = [_in_our_words(problem) for problem in problems.found]
    manifest = _read(root, problems) if root is not None else None
    found = problems.sorted()
    return Reading(path, _masked(text), None if found else manifest, found)


def _masked(text: str) -> str:
    """The text as problems show it: without credentials where somebody wrote some."""
    return _CREDENTIALS.sub(
        lambda found: (found[1] or found[3]) + "*" * len(found[2] or found[4] or ""), text
    )


def _in_our_words(problem: Problem) -> Problem:
    if problem.code not in _OTHERWISE:
        return problem
    message, mend = _OTHERWISE[problem.code]
    return dataclasses.replace(problem, message=message, mend=mend)


def _read(root: Node, problems: Problems) -> AnyManifest | None:
    if not isinstance(root, MappingNode):
        problems.add(root.span, "wrong-kind", "a manifest is a mapping", "begin with `manifest: 1`")
        return None
    if (read := other_kind(root)) is not None:
        return read(root, problems)
    _addresses(root, problems)
    requests = {name: _request(root, name, problems) for name in OperationName}
    try:
        part = ManifestPart.model_validate(plain(root))
    except ValidationError as error:
        note(error, ManifestPart, root, "a manifest", problems)
        return None
    if problems.fatal:
        return None
    named = {
        name: frozenset[str]().union(*map(roots, request.values())) for name, request in requests.items()
    }
    for found in contradictions(part, named):
        problems.add(key_span(root, found.at), found.code, found.message, found.mend)
    return None if problems.fatal else _manifest(part, requests, root)


def _addresses(root: MappingNode, problems: Problems) -> None:
    private = node_at(root, ("network",))
    network = Network.PRIVATE if isinstance(private, Scalar) and private.text == "private" else Network.PUBLIC
    for loc in _ADDRESSES:
        address = node_at(root, loc)
        if address is node_at(root, loc[:-1]) or not isinstance(address, Scalar) or not address.text:
            continue
        try:
            hold_address(address.text, network)
        except ManifestError as error:
            what, _, mend = str(error).partition("; ")
            mend = mend or "write the address alone; secrets are in an account"
            problems.add(address.span, "bad-address", what, mend)


def _request(root: MappingNode, name: OperationName, problems: Problems) -> _Request:
    """The skeletons of an operation's request, by `headers`, `query` and `body`."""
    part = node_at(root, ("operations", name.value))
    if part is not node_at(root, ("operations",)) and isinstance(part, MappingNode):
        skeletons = Skeletons(name.value, NAMES[name], problems)
        read: dict[str, Skeleton] = {}
        for key, value in part.entries:
            if key.text == "body":
                read["body"] = skeletons.read(value)
            elif key.text in ("headers", "query") and (flat := skeletons.flat(value, key.text)) is not None:
                read[key.text] = flat
        return read
    return {}


def _manifest(part: ManifestPart, requests: Mapping[OperationName, _Request], root: Node) -> Manifest:
    operations = {}
    for name in OperationName:
        described = getattr(part.operations, name.value)
        if isinstance(described, OperationPart):
            operations[name] = _operation(described, part.reads, requests[name])
        elif described is not None:
            operations[name] = Operation(described.method, described.path)
    return Manifest(
        name=part.platform,
        title=part.title,
        base_url=part.address,
        capabilities=capabilities_of(part.capabilities),
        proof=proof_rules(part.proof, part.compares, part.platform),
        operations=operations,
        statuses=part.statuses,
        connect_timeout=part.connect_timeout,
        source=source_of(root),
        network=part.network,
        auth=_auth(part.auth),
        example=part.example,
        notices=notice_rules(part),
    )


def _operation(part: OperationPart, general: ReadsPart, request: _Request) -> Operation:
    reads = merged(general, part.reads)
    return Operation(
        part.method,
        part.path,
        clauses=tuple(_clause(answer) for answer in part.answers),
        reads=Reads(**{key: getattr(reads, key) for key in ReadsPart.model_fields}),
        headers=request.get("headers"),
        query=request.get("query"),
        body=request.get("body"),
    )


def _clause(part: AnswerPart) -> Clause:
    wait = Wait(part.wait.body, part.wait.header, part.wait.otherwise)
    return Clause(part.status, part.means, part.headers, part.when, wait)


def _auth(part: AuthPart) -> Auth:
    return Auth(
        api_key=ApiKey(**dict(part.api_key)) if part.api_key else None,
        basic=part.basic is not None,
        oauth2=OAuth2(**dict(part.oauth2)) if part.oauth2 else None,
        hmac=Hmac(**dict(part.hmac)) if part.hmac else None,
        mtls=part.mtls is not None,
    )
