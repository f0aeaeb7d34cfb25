"""Addresses of a service as its callers write them."""

import re

from fastapi import Request

_PREFIX = re.compile(r"(/[A-Za-z0-9_-]{1,64}){1,4}")


def root_of(request: Request) -> str:
    """Return the address of the service as the caller wrote it, with the part that a proxy took off its front."""
    prefix = request.headers.get("x-forwarded-prefix", "")
    return str(request.base_url).rstrip("/") + (prefix if _PREFIX.fullmatch(prefix) else "")
