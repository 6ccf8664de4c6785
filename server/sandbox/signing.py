"""The sandbox's signing keys: made at the first start, kept in a file where there is a folder for it."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from engine.declaration import Json
from server.sandbox.files import StateError, write_whole

_FILE: Final = "keys.json"


class SigningKeys:
    """ES256 keys; the newest signs, all are published until they are withdrawn."""

    def __init__(self, folder: Path | None = None) -> None:
        """Reads the keys of the folder, or makes the first one. Raises StateError if they cannot be read."""
        self._file = folder / _FILE if folder else None
        self._keys = _read(self._file) if self._file and self._file.exists() else []
        if not self._keys:
            self.rotate()

    @property
    def newest(self) -> str:
        """Id of the key that signs."""
        return _key_id(self._keys[-1])

    def rotate(self, *, withdraw: bool = False) -> str:
        """Makes a new key that signs from now on; its id. With `withdraw`, older ones are forgotten."""
        key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(8), "alg": "ES256", "use": "sig"})
        keys = [key] if withdraw else [*self._keys, key]
        # On the disk first: what it signs is never without a key that verifies it.
        self._keep(keys)
        self._keys = keys
        return _key_id(key)

    def sign(self, claims: Mapping[str, Json], *, forged: bool = False) -> str:
        """A compact JWS of the claims. Forged, it names our key, and another one made the signature."""
        key = ECKey.generate_key("P-256") if forged else self._keys[-1]
        header = {"alg": "ES256", "kid": self.newest, "typ": "JWT"}
        return jws.serialize_compact(header, json.dumps(claims), key, algorithms=["ES256"])

    def jwks(self) -> dict[str, object]:
        """The public halves, as a JWK Set."""
        return {"keys": [key.as_dict(private=False) for key in self._keys]}

    def _keep(self, keys: list[ECKey]) -> None:
        if self._file is not None:
            content = {"keys": [key.as_dict(private=True) for key in keys]}
            write_whole(self._file, json.dumps(content))


def _read(file: Path) -> list[ECKey]:
    try:
        keys = [ECKey.import_key(key) for key in json.loads(file.read_text("utf-8"))["keys"]]
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        raise StateError(
            f"{file}: the signing keys cannot be read; give another folder, or remove the file"
        ) from error
    return keys


def _key_id(key: ECKey) -> str:
    return str(key.as_dict(private=False)["kid"])
