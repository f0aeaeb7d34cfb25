"""The embedded issuer: one signing key of its own, kept in a file, and the tokens it signs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

from heli_registry.identity import secret_files
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.ids import new_id
from heli_shared.web import tokens

LIFETIME_SECONDS = 600
_KEY_FILE = ("keys", "issuer.json")
_PRIVATE = ("kty", "crv", "x", "d", "kid")
_PUBLIC = ("kty", "crv", "x", "kid", "alg", "use")


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A signed token and how long it lives, in seconds."""

    token: str
    expires_in: int


class Issuer:
    """Signs tokens with the first key of its key set and publishes the public halves of all of them."""

    def __init__(self, key_set: Mapping[str, Any], *, clock: Clock) -> None:
        """Take a private JWK set; later keys are only there so that their tokens stay valid after a rotation."""
        self._key = OKPKey.import_key({name: key_set["keys"][0][name] for name in _PRIVATE})
        self._public = {"keys": [{name: key[name] for name in _PUBLIC if name in key} for key in key_set["keys"]]}
        self._clock = clock

    def public_keys(self) -> dict[str, Any]:
        """Return the public JWK set."""
        return self._public

    def issue(self, subject: str, *, lifetime: int = LIFETIME_SECONDS, audience: str = tokens.AUDIENCE) -> IssuedToken:
        """Sign a token for a principal's id that lives `lifetime` seconds; it is good for its audience only."""
        now = int(self._clock.now().timestamp())
        claims = {
            "iss": tokens.ISSUER,
            "aud": audience,
            "sub": subject,
            "jti": new_id("tok"),
            "iat": now,
            "nbf": now,
            "exp": now + lifetime,
        }
        header = {"alg": tokens.ALGORITHM, "kid": self._key.kid, "typ": tokens.TOKEN_TYPE}
        return IssuedToken(jwt.encode(header, claims, self._key, registry=tokens.REGISTRY), lifetime)


def new_key_set() -> dict[str, Any]:
    """Return a private JWK set with one fresh Ed25519 key."""
    key = OKPKey.generate_key("Ed25519", parameters={"kid": new_id("key"), "use": "sig", "alg": tokens.ALGORITHM})
    return {"keys": [key.as_dict(private=True)]}


def open_issuer(data: Path, *, clock: Clock) -> Issuer:
    """Return the issuer of a data folder; its key file is made at the first start (mode 0600)."""
    path = data.joinpath(*_KEY_FILE)
    content = secret_files.read(path) if path.exists() else None
    if content is None:
        content = secret_files.create_once(path, json.dumps(new_key_set()).encode())
    return Issuer(json.loads(content), clock=clock)
