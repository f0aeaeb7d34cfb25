"""Files as downloads: never shown in place, never sniffed, never kept on the way, whatever their name."""

from pathlib import Path
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response


def download_headers(name: str) -> dict[str, str]:
    """Return the headers of a download of this name."""
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\;' else "_" for sign in name)
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def file_reply(path: Path, name: str, media_type: str, *, is_temporary: bool = False) -> Response:
    """Return a file as a download, read piece by piece; a temporary one is deleted once it is sent."""
    task = BackgroundTask(path.unlink, missing_ok=True) if is_temporary else None
    return FileResponse(path, media_type=media_type, headers=download_headers(name), background=task)


def bytes_reply(content: bytes, name: str, media_type: str) -> Response:
    """Return bytes as a download."""
    return Response(content, media_type=media_type, headers=download_headers(name))
