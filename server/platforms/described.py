"""A manifest in words: what the platform can do, and how it is asked."""

import dataclasses
from datetime import timedelta
from typing import TypedDict

from engine.platform import Capabilities
from server.platforms.manifest import Clause, Manifest
from server.platforms.manifest_file import AnyManifest
from server.platforms.plugin import PluginManifest
from server.platforms.provider.manifest import ProviderManifest


class Answered(TypedDict):
    """One clause, as texts."""

    status: str
    when: str
    means: str


class Asked(TypedDict):
    """One operation, as texts."""

    method: str
    path: str
    answers: list[Answered]


def way(manifest: AnyManifest) -> dict[str, str]:
    """By what it is asked: its kind, and where or by which package."""
    match manifest:
        case PluginManifest(plugin=plugin):
            return {"kind": "plugin", "plugin": plugin}
        case ProviderManifest(address=address, digest=digest):
            return {"kind": "provider", "address": address, "digest": digest}
        case _:
            return {
                "kind": "http",
                "address": manifest.base_url,
                "network": manifest.network.value,
                "digest": manifest.digest,
            }


def capabilities(can: Capabilities) -> dict[str, str]:
    """Each capability with its value; what has no bound is `none`."""
    return {field.name: _told(getattr(can, field.name)) for field in dataclasses.fields(can)}


def operations(manifest: Manifest) -> dict[str, Asked]:
    """Each operation with what its answers mean, in the order in which they are looked at."""
    return {
        name.value: Asked(
            method=operation.method,
            path=operation.path,
            answers=[_answered(clause) for clause in operation.clauses],
        )
        for name, operation in manifest.operations.items()
    }


def notices(manifest: Manifest) -> dict[str, str]:
    """How its notices are sealed, how old they may be, and where they say what they are about; empty where it sends none."""
    rules = manifest.notices
    if rules is None:
        return {}
    if rules.seal is None:
        told = {"sealed": f"a JWS by {', '.join(rules.algorithms)}"}
    else:
        signed = rules.seal.joined_by.join(rules.seal.signs)
        told = {"sealed": f"HMAC {rules.seal.hash} of {signed} in the header {rules.seal.header}"}
    reads = {field.name: getattr(rules.reads, field.name) for field in dataclasses.fields(rules.reads)}
    told |= {name: expression.text for name, expression in reads.items() if expression is not None}
    return {**told, "age": told_time(rules.age)}


def _answered(clause: Clause) -> Answered:
    status = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in clause.statuses)
    conditions = [f"{name}: {value}" for name, value in clause.headers.items()]
    conditions += [clause.when.text] if clause.when is not None else []
    return Answered(status=status, when=" and ".join(conditions), means=clause.means.value)


def _told(value: object) -> str:
    match value:
        case None | ():
            return "none"
        case bool():
            return "yes" if value else "no"
        case timedelta():
            return told_time(value)
        case tuple():
            return ", ".join(str(one) for one in value)
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def told_time(time: timedelta) -> str:
    """A time as manifests write it, in the largest unit that tells it exactly."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count = time / timedelta(seconds=length)
        if count >= 1 and count == int(count):
            return f"{int(count)} {unit}"
    return f"{time.total_seconds():g} s"
