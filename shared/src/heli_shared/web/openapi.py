"""The OpenAPI document as generators of clients want it: short operation ids, real problems, plain nullable types."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from heli_shared.web.calls import ANYBODY, PUBLIC, Call, endpoint
from heli_shared.web.problems import MEDIA_TYPE, Problem, problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import HeliRoute, permission_of

_VALIDATION_SCHEMAS = ("HTTPValidationError", "ValidationError")


def install_openapi(app: FastAPI) -> None:
    """Serve the app's OpenAPI document at /v1/openapi.json to everybody who is signed in."""

    @endpoint(ANYBODY)
    def get_openapi_document(call: Call) -> Response:
        """Return this document."""
        return json_reply(call.request.app.openapi())

    app.router.routes.append(
        HeliRoute(
            "/v1/openapi.json",
            get_openapi_document,
            methods=["GET"],
            response_model=dict[str, Any],
            responses=problems(),
            tags=["api"],
        )
    )

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi_document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """Return the finished document of an app."""
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, openapi_version="3.1.0"
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _VALIDATION_SCHEMAS:
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    permissions = {
        (route.path_format, method.lower()): permission_of(route)
        for route in app.routes
        if isinstance(route, HeliRoute)
        for method in route.methods or ()
    }
    for path, operations in document.get("paths", {}).items():
        for method, operation in operations.items():
            _finish(operation, permissions.get((path, method)) or PUBLIC)
    result = _plain(document)
    assert isinstance(result, dict)  # noqa: S101 - a dict goes in, a dict comes out
    return result


def _finish(operation: dict[str, Any], permission: str) -> None:
    operation["x-permission"] = permission
    operation["security"] = [] if permission == PUBLIC else [{"token": []}]
    responses = operation["responses"]
    if "422" in responses and MEDIA_TYPE not in responses["422"].get("content", {}):
        responses["422"] = {
            "description": "The content is not valid; see errors",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _plain(node: Any) -> Any:
    """Collapse `anyOf: [T, null]` to `type: [T, null]` and drop generated titles, all the way down."""
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    node = {
        name: _plain(each)
        for name, each in node.items()
        if not (name == "title" and isinstance(each, str) and "type" in node)
    }
    options = node.get("anyOf")
    if isinstance(options, list) and len(options) == 2 and {"type": "null"} in options:  # noqa: PLR2004 - T and null
        other = next(each for each in options if each != {"type": "null"})
        if isinstance(other.get("type"), str):
            rest = {name: each for name, each in node.items() if name != "anyOf"}
            merged = {**other, **rest, "type": [other["type"], "null"]}
            if "enum" in merged:
                merged["enum"] = [*merged["enum"], None]
            return merged
    return node
