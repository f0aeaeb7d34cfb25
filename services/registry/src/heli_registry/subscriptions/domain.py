"""Rules of pushing: which addresses may be called, how a push is signed, when it is tried again."""

import hmac
import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

MAX_ATTEMPTS = 8
FIRST_PAUSE_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 3_600.0
MOST_ENTRIES = 200
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_INNER_NAMES = ("localhost", "local", "internal", "lan", "home", "intranet", "localdomain", "corp", "arpa", "onion")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
_MOST_PORT = 65_535


class UrlRefused(ValueError):
    """An address that must not be called; both sentences say why."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep both sentences."""
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Target:
    """Where a push goes: `is_trusted` when the settings allow this host whatever its address is."""

    host: str
    port: int
    is_secure: bool
    path: str
    is_trusted: bool


def target_of(url: str, *, allowed: Collection[str] = ()) -> Target:
    """Return where a URL leads; UrlRefused for anything but https to a public name, or what `allowed` names.

    `allowed` are hosts (`host` or `host:port`) of the office's own network: they may be addresses, and may be http.
    """
    if not url.isascii() or any(sign.isspace() or not sign.isprintable() or sign in '\\"<>^`{|}' for sign in url):
        raise UrlRefused("网址含有空格或不允许的字符。", "The URL has spaces or characters that are not allowed.")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise UrlRefused("网址格式有误。", "The URL is malformed.") from None
    if parts.scheme not in ("http", "https") or not host or parts.fragment or port == 0:
        raise UrlRefused("网址应为 https://主机/路径。", "Give a URL of the form https://HOST/PATH.")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise UrlRefused("网址中不能带账号。", "The URL must carry no user or password.")
    is_secure = parts.scheme == "https"
    number = port or (443 if is_secure else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if host in allowed or f"{host}:{number}" in allowed:
        return Target(host, number, is_secure, path, is_trusted=True)
    if not is_secure:
        raise UrlRefused("只允许 https 网址。", "Only https is allowed.")
    _check_name(host)
    return Target(host, number, is_secure, path, is_trusted=False)


def _check_name(host: str) -> None:
    """Refuse hosts that are addresses in any writing, or names that mean an inner network."""
    labels = host.split(".")
    looks_numeric = re.fullmatch(r"(0x[0-9a-f]*|[0-9]+)", labels[-1]) is not None
    if ":" in host or looks_numeric:
        raise UrlRefused("网址中的主机应为域名，不能是 IP 地址。", "The host must be a name, not an address.")
    if len(labels) == 1 or labels[-1] in _INNER_NAMES or not all(_LABEL.fullmatch(label) for label in labels):
        raise UrlRefused("该主机名指向内部网络或格式有误。", "This host name means an inner network or is malformed.")


def is_public(address: str) -> bool:
    """Say whether an IP address belongs to the open network, whatever it is wrapped in."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if found in _NAT64_LOCAL or (int(found) >> 32 == 0):
            return False
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def pause_seconds(attempts: int, chance: float) -> float:
    """Return how long to wait after so many failures: doubling up to an hour, spread by `chance` in 0…1 by a half."""
    longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** (attempts - 1))
    return longest * (0.5 + 0.5 * chance)


def signature_of(secret: str, *, event: str, timestamp: int, body: bytes) -> str:
    """Return the value of `Heli-Signature`: HMAC-SHA256 over event, time and body, so that none can be exchanged."""
    signed = f"{event}.{timestamp}.".encode() + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, sha256).hexdigest()}"
