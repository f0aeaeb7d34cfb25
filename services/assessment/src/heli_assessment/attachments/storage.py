"""Where contents lie: each once, under its SHA-256, written whole or not at all."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from heli_assessment.attachments.archives import find_document
from heli_assessment.attachments.domain import FOREIGN, Refused, find_type
from heli_shared.kernel.errors import InvalidInput, TooLarge, Unsupported

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A content that is kept: its digest, its size in bytes, and what it is."""

    digest: str
    size: int
    media_type: str


class Shelf:
    """A folder of contents; `most` is how many bytes one may have."""

    def __init__(self, folder: Path, *, most: int = 20_000_000) -> None:
        """Nothing is made before the first content comes."""
        self._folder = folder
        self.most = most

    def keep(self, content: IO[bytes]) -> Kept:
        """Copy a content piece by piece into the folder once it proved sound; refusals leave nothing behind."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".coming-", delete=False) as file:
            path = Path(file.name)
            try:
                kept = self._taken(content, file)
                target = self.path_of(kept.digest)
                target.parent.mkdir(mode=0o700, exist_ok=True)
                path.replace(target)
            finally:
                path.unlink(missing_ok=True)
        return kept

    def _taken(self, content: IO[bytes], file: IO[bytes]) -> Kept:
        digest, size = hashlib.sha256(), 0
        while block := content.read(_BLOCK):
            size += len(block)
            if size > self.most:
                raise TooLarge(
                    f"附件超过{self.most // 1_000_000}MB，请压缩图片或拆分后上传。",
                    f"The attachment is larger than {self.most // 1_000_000} MB; make it smaller or split it.",
                )
            digest.update(block)
            file.write(block)
        if not size:
            raise InvalidInput("文件是空的。", "The file is empty.")
        file.flush()
        try:
            media_type = _sound_type(file, size)
        except Refused as error:
            refusal = Unsupported if error.reason.is_foreign else InvalidInput
            raise refusal(error.reason.zh, error.reason.en) from error
        os.fsync(file.fileno())
        return Kept(digest.hexdigest(), size, media_type)

    def path_of(self, digest: str) -> Path:
        """Return where the content of a digest lies; the digest is hexadecimal, so no path leads elsewhere."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):  # noqa: PLR2004 - SHA-256
            raise ValueError("not a digest")
        return self._folder / digest[:2] / digest

    def is_sound(self, digest: str) -> bool:
        """Say whether the content of a digest is there and is still what it was."""
        path = self.path_of(digest)
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == digest

    def forget(self, digest: str) -> None:
        """Delete the content of a digest."""
        self.path_of(digest).unlink(missing_ok=True)


def _sound_type(file: IO[bytes], size: int) -> str:
    """Return what a content is; Refused when it is not to be kept."""
    media_type = find_type(file, size)
    if media_type is None:
        raise Refused(FOREIGN)
    return find_document(file, size) if media_type == "zip" else media_type
