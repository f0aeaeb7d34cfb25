"""Personal values at rest: AES-256-GCM bound to the person and the field, and a blind index for exact search."""

import base64
import hmac
import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from heli_registry.identity import secret_files

_KEY_FILE = ("keys", "people.key")
_KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = "v1"


class UnreadableValue(RuntimeError):
    """A stored value does not open with this key: the key is another's, or the value was moved or altered."""


class PersonalCipher:
    """Seals and opens the values of one person's fields; keys of its own for sealing and for the index."""

    def __init__(self, key: bytes) -> None:
        """Derive both keys from 32 bytes."""
        if len(key) != _KEY_BYTES:
            raise ValueError(f"the key for personal values has {_KEY_BYTES} bytes")
        self._aead = AESGCM(_derived(key, b"heli people values"))
        self._index_key = _derived(key, b"heli people phone index")

    def seal(self, value: str, *, person: str, field: str) -> str:
        """Return a value encrypted, so that it opens only as this field of this person."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._aead.encrypt(nonce, value.encode(), _bound_to(person, field))
        return f"{_VERSION}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, person: str, field: str) -> str:
        """Return the value that was sealed; UnreadableValue when it was not sealed for this place with this key."""
        version, _, text = sealed.partition(":")
        try:
            raw = base64.b64decode(text, validate=True)
            if version != _VERSION:
                raise UnreadableValue(field)
            return self._aead.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound_to(person, field)).decode()
        except (InvalidTag, ValueError) as error:
            raise UnreadableValue(field) from error

    def phone_index(self, phone: str) -> str:
        """Return the same text for the same number, from which the number cannot be found without the key."""
        return hmac.new(self._index_key, phone.encode(), sha256).hexdigest()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(key)


def _bound_to(person: str, field: str) -> bytes:
    return f"{person}\x1f{field}".encode()


def open_cipher(data: Path, *, given_key: str | None = None) -> PersonalCipher:
    """Return the cipher of a data folder; `given_key` (base64) comes before the key file made at the first start."""
    if given_key is not None:
        return PersonalCipher(base64.b64decode(given_key, validate=True))
    path = data.joinpath(*_KEY_FILE)
    content = secret_files.read(path) if path.exists() else None
    if content is None:
        content = secret_files.create_once(path, base64.b64encode(os.urandom(_KEY_BYTES)))
    return PersonalCipher(base64.b64decode(content, validate=True))
