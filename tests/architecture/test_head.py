"""HEAD is GET without the body, in all three services and in none of their documents."""

import pytest
from fastapi.testclient import TestClient


@pytest.fixture
def client(service):
    _, app = service
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/health/live", "/v1/openapi.json", "/nowhere"])
def test_head_is_answered_as_get_without_the_body(client, path):
    head, get = client.head(path), client.get(path)
    told = [{name: text for name, text in each.headers.items() if name != "x-request-id"} for each in (head, get)]

    assert (head.status_code, head.content) == (get.status_code, b"")
    assert len(get.content) == int(head.headers["content-length"]) > 0
    assert told[0] == told[1]


def test_what_takes_no_get_takes_no_head(service, client):
    _, app = service
    paths = [
        path for path, operations in app.openapi()["paths"].items() if "post" in operations and "get" not in operations
    ]

    answers = [
        (client.head(path).status_code, client.get(path).status_code)
        for path in (each.replace("{", "").replace("}", "") for each in paths)
    ]

    assert [head for head, _ in answers] == [get for _, get in answers]
    assert 405 in {head for head, _ in answers}


def test_no_document_tells_of_head(service):
    _, app = service

    assert [path for path, operations in app.openapi()["paths"].items() if "head" in operations] == []
