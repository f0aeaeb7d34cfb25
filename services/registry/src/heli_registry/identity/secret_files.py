"""Files that hold secrets: written once, whole or not at all, readable by the owner only."""

import os
import stat
import tempfile
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class UnsafeSecretFile(RuntimeError):
    """A secret lies open to other users of the machine; the service must not start with it."""


def create_once(path: Path, content: bytes) -> bytes:
    """Store `content` at `path` with mode 0600 unless something stands there; return what stands there now.

    Two processes that start at the same time agree on one winner, and a crash never leaves half a file.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made with mode 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A hard link appears whole and refuses to replace what another process put there first.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    return read(path)


def read(path: Path) -> bytes:
    """Return the content of a secret file; UnsafeSecretFile when others may read or change it."""
    mode = path.stat().st_mode
    if mode & _OTHERS:
        raise UnsafeSecretFile(
            f"{path} 可被其他用户读取，请改为 0600。 {path} is open to other users: run chmod 600 on it."
        )
    return path.read_bytes()
