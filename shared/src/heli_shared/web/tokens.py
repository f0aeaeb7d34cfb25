"""Access tokens: what makes one valid. Every service checks with this verifier; only the issuer can sign.

Tokens are JWTs signed with Ed25519 under the name `EdDSA`. The list of accepted things is closed: one algorithm, one
type, three header parameters, one issuer and audience. Nothing a token says about keys is ever followed.
"""

import base64
import binascii
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import OKPKey

from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import Unauthenticated

ALGORITHM = "EdDSA"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - RFC 9068's name for access tokens, not a secret
ISSUER = "heli"
AUDIENCE = "heli"
MAX_SKEW_SECONDS = 60
MAX_TOKEN_LENGTH = 4096
MAX_LIFETIME_SECONDS = 24 * 3600
_HEADER_NAMES = {"alg", "kid", "typ"}


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says: whose it is (`subject`: a principal's id), its id, and its end in Unix seconds."""

    subject: str
    token_id: str
    expires_at: int


class InvalidToken(Unauthenticated):
    """The token is not one of ours, is no longer valid, or was changed."""

    def __init__(self) -> None:
        """Say the same for every cause: a caller who holds a bad token only needs a new one."""
        super().__init__(
            "访问令牌无效或已过期，请重新获取。", "The access token is not valid or has expired; get a new one."
        )


class UnknownKey(InvalidToken):
    """The token names a key that is not in the key set: fetch the set again, then refuse."""


class EdDSARegistry(jws.JWSRegistry):
    """Joserfc's registry narrowed to Ed25519 under the name that libraries in the field understand (RFC 8037)."""

    def get_alg(self, name: str) -> Any:
        """Return Ed25519 for `EdDSA` and refuse every other name."""
        if name != ALGORITHM:
            raise UnsupportedAlgorithmError(f"Algorithm of {name!r} is not allowed")
        return self.algorithms["Ed25519"]


REGISTRY = EdDSARegistry()


class TokenVerifier:
    """Checks tokens against a JWK set; safe to share between threads.

    Verified tokens are remembered by their digest until they end, so that a client's stream of requests pays for one
    signature check only. What the token's owner may do is never remembered here.
    """

    def __init__(
        self, key_set: Mapping[str, Any], *, clock: Clock, audience: str = AUDIENCE, remembered: int = 4096
    ) -> None:
        """Keep the Ed25519 keys of `key_set` (`{"keys": [...]}`); keys of other kinds are ignored.

        Only tokens for `audience` are valid: a key for one purpose opens nothing else.
        """
        self._clock = clock
        self._audience = audience
        self._remembered = remembered
        self._verified: OrderedDict[bytes, Claims] = OrderedDict()
        self._lock = threading.Lock()
        self._keys: dict[str, OKPKey] = {}
        self.replace_keys(key_set)

    def replace_keys(self, key_set: Mapping[str, Any]) -> None:
        """Trust exactly the keys of `key_set` from now on; tokens of dropped keys are refused at once."""
        keys = {
            jwk["kid"]: OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "kid")})
            for jwk in key_set.get("keys", [])
            if jwk.get("kty") == "OKP" and jwk.get("crv") == "Ed25519" and isinstance(jwk.get("kid"), str)
        }
        with self._lock:
            self._keys = keys
            self._verified.clear()

    def verify(self, token: str) -> Claims:
        """Return the claims of a valid token; UnknownKey when its key is not known, InvalidToken otherwise."""
        if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
            raise InvalidToken
        digest = hashlib.sha256(token.encode()).digest()
        claims = self._verified.get(digest)
        if claims is None:
            claims = self._checked(token)
            self._remember(digest, claims)
        if self._clock.now().timestamp() >= claims.expires_at + MAX_SKEW_SECONDS:
            raise InvalidToken
        return claims

    def _remember(self, digest: bytes, claims: Claims) -> None:
        with self._lock:
            self._verified[digest] = claims
            while len(self._verified) > self._remembered:
                self._verified.popitem(last=False)

    def _checked(self, token: str) -> Claims:
        parts = token.split(".")
        if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
            raise InvalidToken
        header, payload, _ = (_decoded(part) for part in parts)
        key = self._key_for(_json_object(header))
        try:
            jws.deserialize_compact(token, key, registry=REGISTRY)
        except (JoseError, ValueError) as error:
            raise InvalidToken from error
        return _checked_claims(_json_object(payload), audience=self._audience, now=self._clock.now().timestamp())

    def _key_for(self, header: Mapping[str, Any]) -> OKPKey:
        # Anything beyond these three (jwk, jku, x5u, x5c, crit, b64 …) is a way to steer the check: refused unread.
        if set(header) != _HEADER_NAMES or header["alg"] != ALGORITHM or header["typ"] != TOKEN_TYPE:
            raise InvalidToken
        kid = header["kid"]
        if not isinstance(kid, str):
            raise InvalidToken
        key = self._keys.get(kid)
        if key is None:
            raise UnknownKey
        return key


def _decoded(part: str) -> bytes:
    """Return the bytes of one base64url part; only the canonical spelling counts, so a token has one spelling."""
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidToken from error
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != part:
        raise InvalidToken
    return raw


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object and refuse names given twice: two readers could disagree about which one counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise InvalidToken from error
    if not isinstance(value, dict):
        raise InvalidToken
    return value


def _checked_claims(claims: Mapping[str, Any], *, audience: str, now: float) -> Claims:
    texts = [claims.get(name) for name in ("iss", "aud", "sub", "jti")]
    if not all(isinstance(text, str) and text for text in texts):
        raise InvalidToken
    issued, not_before, expires = (_whole_number(claims.get(name)) for name in ("iat", "nbf", "exp"))
    fits = (
        claims["iss"] == ISSUER
        and claims["aud"] == audience
        and issued <= now + MAX_SKEW_SECONDS
        and not_before <= now + MAX_SKEW_SECONDS
        and now < expires + MAX_SKEW_SECONDS
        and expires - issued <= MAX_LIFETIME_SECONDS
    )
    if not fits:
        raise InvalidToken
    return Claims(subject=claims["sub"], token_id=claims["jti"], expires_at=expires)


def _whole_number(value: Any) -> int:
    """Return Unix seconds; true, 1.5 and "1" are not numbers of seconds."""
    if type(value) is not int:
        raise InvalidToken
    return value
