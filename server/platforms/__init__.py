"""Origin verification platforms over HTTP: the adapter, its manifests, keys and proofs; and what guards any platform."""

from server.platforms.adapter import HttpPlatform
from server.platforms.guarded import Guarded
from server.platforms.manifest import Manifest, ManifestError
from server.platforms.proof import ProofRules, prove, verify_proof
from server.platforms.registry import Platforms, open_platforms
from server.platforms.sandbox_manifest import sandbox_manifest

__all__ = [
    "Guarded",
    "HttpPlatform",
    "Manifest",
    "ManifestError",
    "Platforms",
    "ProofRules",
    "open_platforms",
    "prove",
    "sandbox_manifest",
    "verify_proof",
]
