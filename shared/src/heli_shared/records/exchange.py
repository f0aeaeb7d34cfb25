"""Replies of exchange: JSON bound to the request that it answers and to its own bytes (RFC 9530)."""

import base64
import tempfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import IO, Any

from fastapi import Request
from starlette.responses import Response

from heli_shared.web.replies import json_reply

_CHUNK = 1_048_576


def content_digest(digest: bytes) -> str:
    """Return the `Content-Digest` of content with this SHA-256."""
    return f"sha-256=:{base64.b64encode(digest).decode()}:"


def request_echo(request: Request) -> str:
    """Return the request as it was understood: method, path and query, percent-encoded."""
    query = request.url.query
    return f"{request.method} {request.url.path}{f'?{query}' if query else ''}"


def exchange_reply(request: Request, content: Any, headers: Mapping[str, str] | None = None) -> Response:
    """Return content as JSON whose headers name the request and the digest of the bytes."""
    reply = json_reply(content, 200, headers)
    reply.headers["Heli-Request"] = request_echo(request)
    reply.headers["Content-Digest"] = content_digest(sha256(bytes(reply.body)).digest())
    return reply


def wants_digest(request: Request) -> bool:
    """Say whether the caller asks for the digest of a stream before its bytes (`Want-Content-Digest`)."""
    wanted = request.headers.get("want-content-digest", "").replace(" ", "")
    return any(part.startswith("sha-256") and not part.endswith("=0") for part in wanted.split(","))


def laid_down(chunks: Iterator[bytes]) -> tuple[Iterator[bytes], dict[str, str]]:
    """Lay a stream down in a file and return it again with the headers that tell its length and digest."""
    whole, size = sha256(), 0
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the stream that reads it
    for chunk in chunks:
        whole.update(chunk)
        size += file.write(chunk)
    file.seek(0)
    return _sent(file), {"Content-Length": str(size), "Content-Digest": content_digest(whole.digest())}


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
