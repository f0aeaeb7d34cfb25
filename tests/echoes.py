"""Whether refusals repeat what was sent, however long it is."""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI

LONG = "x" * 20_000
_MOST = 200


def echoing(app: FastAPI, get: Callable[[str], Any]) -> list[str]:
    """Return each text in a path or query of a GET whose long value comes back in the answer, as `PATH PARAMETER`."""
    return [where for where, address in _asked(app) if LONG[:_MOST] in get(address).text]


def _asked(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield what is tried and its address: one parameter is long, required others are what their document shows."""
    for path, operations in app.openapi()["paths"].items():
        parameters = operations.get("get", {}).get("parameters", [])
        for tried in parameters:
            if tried["in"] not in ("path", "query"):
                continue
            address, query = path, []
            for each in parameters:
                value = LONG if each is tried else _shown(each)
                if each["in"] == "path":
                    address = address.replace(f"{{{each['name']}}}", value)
                elif each is tried or each.get("required"):
                    query.append(f"{each['name']}={value}")
            yield f"{path} {tried['name']}", f"{address}?{'&'.join(query)}"


def _shown(parameter: dict[str, Any]) -> str:
    schema = parameter["schema"]
    for listed in (schema.get("enum"), schema.get("items", {}).get("enum"), schema.get("examples")):
        if listed:
            first = listed[0]
            return str(first[0] if isinstance(first, list) else first)
    return "1"
