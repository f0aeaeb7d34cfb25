"""The files of the page: named by what is in them, kept for ever by browsers, compressed once."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_PLACE = "{{assets}}"


@dataclass(frozen=True)
class Asset:
    """One file: its bytes, its type, and its bytes compressed once somebody asks for them."""

    body: bytes
    media_type: str

    @property
    def etag(self) -> str:
        """Return the strong ETag of the content."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @cached_property
    def compressed(self) -> bytes:
        """Return the bytes as gzip, the same at every start."""
        return gzip.compress(self.body, 9, mtime=0)


class Assets:
    """The files below `static/`, read when the first browser comes; start-up does not wait for them.

    All of them share one digest, which stands in their address: modules import one another by relative names, so a
    page never mixes files of two releases.
    """

    @cached_property
    def _files(self) -> dict[str, Asset]:
        folder = files("heli_reporting.board").joinpath("static")
        return {name: Asset(file.read_bytes(), _media_type(name)) for name, file in _walk(folder)}

    @cached_property
    def digest(self) -> str:
        """Return the name of this set of files."""
        told = hashlib.sha256()
        for name, asset in sorted(self._files.items()):
            told.update(name.encode() + b"\0" + asset.body + b"\0")
        return told.hexdigest()[:16]

    @cached_property
    def page(self) -> Asset:
        """Return the page with the address of its files put in, relative, so that it holds behind a prefix."""
        text = self._files["index.html"].body.decode().replace(_PLACE, f"board/{self.digest}")
        return Asset(text.encode(), MEDIA_TYPES["html"])

    def find(self, digest: str, name: str) -> Asset | None:
        """Return a file of this set, or None where there is none or the set is another."""
        return self._files.get(name) if digest == self.digest and name != "index.html" else None


def _walk(folder: Traversable, prefix: str = "") -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for each in folder.iterdir():
        name = f"{prefix}{each.name}"
        if each.is_dir():
            found += _walk(each, f"{name}/")
        elif each.name.rpartition(".")[2] in MEDIA_TYPES:
            found.append((name, each))
    return found


def _media_type(name: str) -> str:
    return MEDIA_TYPES[name.rpartition(".")[2]]
