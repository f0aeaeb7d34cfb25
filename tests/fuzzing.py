"""A bounded run of schemathesis over an app: no input gives a 5xx, every answer is what its document says."""

from collections.abc import Mapping

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import BaseSchema
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
PATIENCE = 60
"""Seconds until an answer counts as none: these tests look for what breaks, on machines that may stand still."""


def operations_of(app: FastAPI) -> list[str]:
    """Return every operation of an app as `METHOD /path`."""
    return [f"{method.upper()} {path}" for path, item in app.openapi()["paths"].items() for method in item]


def document_of(app: FastAPI, headers: Mapping[str, str]) -> BaseSchema:
    """Return an app's document as schemathesis reads it: once for all operations, it is large."""
    return schemathesis.openapi.from_asgi("/v1/openapi.json", app, headers=dict(headers))


def try_operation(
    document: BaseSchema,
    operation: str,
    headers: Mapping[str, str],
    *,
    examples: int,
    is_fixed: bool = False,
) -> None:
    """Try an operation with generated input, good and bad; AssertionError with the request that breaks it.

    `is_fixed` gives the same input every time.
    """
    method, path = operation.split()
    strategy = document[path][method].as_strategy()

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=is_fixed,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=strategy)
    def tried(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=dict(headers), checks=CHECKS, timeout=PATIENCE)

    tried()


def try_all(
    app: FastAPI,
    headers: Mapping[str, str],
    *,
    examples: int,
    leave_out: frozenset[str] = frozenset(),
    is_fixed: bool = False,
) -> None:
    """Try every operation of an app and fail with all that broke."""
    document = document_of(app, headers)
    broken = []
    for operation in operations_of(app):
        if operation in leave_out:
            continue
        try:
            try_operation(document, operation, headers, examples=examples, is_fixed=is_fixed)
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - reported together: one run tells everything
            broken.append(f"{operation}: {told(error)}")
    assert not broken, "\n\n".join(broken)


def told(error: BaseException) -> str:
    """Return an error in words, with those it groups: what failed once and not again is known by what lies within."""
    within = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return "\n".join([f"{type(error).__name__}: {error}", *map(told, within)])
