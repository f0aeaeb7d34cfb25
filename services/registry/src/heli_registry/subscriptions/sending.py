"""Sending a push: the name is looked up once, its addresses are checked, the call goes to one that was."""

import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from heli_registry.subscriptions.domain import Target, is_public

_TIMEOUT_SECONDS = 10.0
_OK = range(200, 300)

Resolve = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a host; OSError when it has none."""


class NotTaken(Exception):
    """The receiver did not take a push; the message says why, without what it answered."""


class Sender(Protocol):
    """What carries a push to its receiver."""

    def send(self, target: Target, headers: Mapping[str, str], body: bytes) -> None:
        """Return when the receiver took the push; NotTaken otherwise."""
        ...


def addresses_of(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, as the system's resolver gives them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class HttpSender:
    """Sends over HTTP: no redirects, no proxies, no address of an inner network unless the host is trusted."""

    def __init__(self, *, resolve: Resolve = addresses_of) -> None:
        """Look names up by `resolve`."""
        self._resolve = resolve

    def send(self, target: Target, headers: Mapping[str, str], body: bytes) -> None:
        """Post a body; what is answered beyond the status is not read."""
        import httpx

        address = self._address(target)
        shown = f"[{address}]" if ":" in address else address
        url = f"{'https' if target.is_secure else 'http'}://{shown}:{target.port}{target.path}"
        default = 443 if target.is_secure else 80
        host = target.host if target.port == default else f"{target.host}:{target.port}"
        # The call goes to the address that was checked; name and certificate are still the host's.
        extensions = {"sni_hostname": target.host} if target.is_secure else {}
        try:
            with (
                httpx.Client(timeout=_TIMEOUT_SECONDS, trust_env=False, follow_redirects=False) as client,
                client.stream(
                    "POST", url, content=body, headers={**headers, "Host": host}, extensions=extensions
                ) as answer,
            ):
                status = answer.status_code
        except httpx.HTTPError as error:
            raise NotTaken(f"no answer: {type(error).__name__}") from error
        if status not in _OK:
            raise NotTaken(f"answered {status}")

    def _address(self, target: Target) -> str:
        try:
            found = self._resolve(target.host, target.port)
        except OSError as error:
            raise NotTaken("the host has no address") from error
        if not found:
            raise NotTaken("the host has no address")
        if not target.is_trusted and not all(map(is_public, found)):
            raise NotTaken("the host has an address that is not public")
        return found[0]
