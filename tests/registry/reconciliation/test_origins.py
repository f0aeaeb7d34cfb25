"""Pages of other origins: what a browser asks before it lets one read reconciliation's answers, and what it is told."""

from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from heli_registry.main import make_app
from heli_registry.settings import Settings
from registry.conftest import CHEAP, Registry

BENCH = "https://reconciliation-api.github.io"
OTHER = "https://elsewhere.example"
ALLOWED = "access-control-allow-origin"
ROUTES = [
    ("GET", ""), ("POST", ""), ("GET", "/suggest/entity"), ("GET", "/suggest/type"), ("GET", "/suggest/property"),
    ("GET", "/properties"), ("GET", "/preview"),
]  # fmt: skip


@contextmanager
def served(registry: Registry, origins: str):
    """The same registry with another setting, beside the running one."""
    settings = registry.settings.model_copy(update={"reconciliation_origins": origins})
    with TestClient(make_app(settings, registry.clock, hasher=CHEAP)) as client:
        yield client


def preflight(client, path: str, origin: str, method: str = "POST", headers: str = "authorization,content-type"):
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }
    return client.options(path, headers=asked)


def bases(registry: Registry) -> list[str]:
    key = registry.post("/v1/reconciliation/keys").json()["key"]
    return ["/v1/reconciliation", f"/v1/reconciliation/keys/{key}"]


def test_a_browser_may_ask_every_route_of_the_protocol_without_signing_in_first(county):
    for base in bases(county):
        for method, path in ROUTES:
            answer = preflight(county.client, f"{base}/enterprises{path}", BENCH, method)
            assert (answer.status_code, answer.headers[ALLOWED]) == (200, "*"), (base, path)
            assert method in answer.headers["access-control-allow-methods"]
            assert "authorization" in answer.headers["access-control-allow-headers"].lower()
            assert "access-control-allow-credentials" not in answer.headers
            assert answer.headers["x-request-id"]


def test_answers_and_refusals_can_be_read_by_the_page_that_asked(county):
    for base in bases(county):
        good = county.get(f"{base}/enterprises", headers={"Origin": BENCH})
        refused = county.get(f"{base}/enterprises/preview", headers={"Origin": BENCH})
        assert (good.status_code, good.headers[ALLOWED]) == (200, "*")
        assert (refused.status_code, refused.headers[ALLOWED]) == (400, "*")
    nobody = county.client.get("/v1/reconciliation/enterprises", headers={"Origin": BENCH})
    assert (nobody.status_code, nobody.headers[ALLOWED]) == (401, "*")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/enterprises"), ("POST", "/v1/reconciliation/keys"), ("POST", "/v1/reconciliation/keys/"),
     ("GET", "/v1/search"), ("POST", "/v1/imports"), ("GET", "/health/live"), ("GET", "/v1/reconciliations")],
)  # fmt: skip
def test_nothing_else_is_shared_with_other_origins(county, method, path):
    asked = preflight(county.client, path, BENCH, method)
    given = county.call(method, path, headers={"Origin": BENCH})
    assert asked.status_code in {404, 405}
    assert ALLOWED not in asked.headers
    assert ALLOWED not in given.headers


def test_a_list_of_origins_shuts_out_all_others(county):
    path = f"{bases(county)[1]}/enterprises"
    with served(county, f"{BENCH}, http://10.0.0.5:3333/") as client:
        allowed = client.get(path, headers={"Origin": BENCH})
        other = client.get(path, headers={"Origin": OTHER})
        assert (allowed.headers[ALLOWED], allowed.headers["vary"]) == (BENCH, "Origin")
        assert (other.status_code, ALLOWED in other.headers) == (200, False)
        assert preflight(client, path, "http://10.0.0.5:3333").headers[ALLOWED] == "http://10.0.0.5:3333"
        refused = preflight(client, path, OTHER)
        assert (refused.status_code, ALLOWED in refused.headers) == (400, False)


def test_with_no_origins_nothing_is_shared_and_no_page_frames_a_preview(county):
    county.made("/v1/party-organizations", id="org-a", name="甲支部", kind="branch", setup_form="sole",
                division="990121101000")  # fmt: skip
    path = f"{bases(county)[1]}/party-organizations"
    with served(county, "") as client:
        assert ALLOWED not in client.get(path, headers={"Origin": BENCH}).headers
        assert ALLOWED not in preflight(client, path, BENCH).headers
        page = client.get(f"{path}/preview", params={"id": "org-a"})
        assert (page.status_code, page.headers["content-security-policy"].partition("frame-ancestors ")[2]) == (
            200, "'none'",
        )  # fmt: skip


@pytest.mark.parametrize("text", ["example.org", "ftp://example.org", "https://a.example/path", "https://", "null"])
def test_what_is_no_origin_stops_the_start(text):
    with pytest.raises(ValidationError, match="https://host"):
        Settings(reconciliation_origins=text)
