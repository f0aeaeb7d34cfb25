"""A service's own token by client credentials, renewed before it ends."""

import threading
import time
from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from heli_shared.contracts.errors import Unreachable
from heli_shared.contracts.peer import Peer

_MARGIN_SECONDS = 30.0


class TokenGrant(BaseModel):
    """The answer of a token endpoint; `expires_in` in seconds."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    access_token: Annotated[str, Field(min_length=1, max_length=16_384)]
    token_type: str
    expires_in: Annotated[float, Field(gt=0)]


class ClientCredentials:
    """Gets a token at the issuer and keeps it until shortly before it ends; safe to share between threads."""

    def __init__(
        self,
        issuer: Peer,
        client_id: str,
        *,
        secret: Callable[[], str | None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask `issuer` as `client_id`.

        `secret` is read at each renewal; None or FileNotFoundError mean that it has not been handed out yet.
        """
        self._issuer = issuer
        self._client_id = client_id
        self._secret = secret
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._held: str | None = None
        self._good_until = 0.0

    def token(self) -> str:
        """Return a token that is good for a while; PeerError when the issuer gives none."""
        with self._lock:
            if self._held is None or self._monotonic() >= self._good_until:
                form = {
                    "grant_type": "client_credentials",
                    "client_id": self._client_id,
                    "client_secret": self._known_secret(),
                }
                grant = self._issuer.post_form("/v1/tokens", form, TokenGrant)
                margin = min(_MARGIN_SECONDS, grant.expires_in / 2)
                self._good_until = self._monotonic() + grant.expires_in - margin
                self._held = grant.access_token
            return self._held

    def _known_secret(self) -> str:
        try:
            secret = self._secret()
        except FileNotFoundError:
            secret = None
        if secret is None:
            raise Unreachable(self._issuer.name, f"the secret of client {self._client_id} is not there yet")
        return secret

    def forget(self) -> None:
        """Drop the token, because somebody did not accept it."""
        with self._lock:
            self._held = None
