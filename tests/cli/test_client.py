import json
from pathlib import Path

import httpx
import pytest

from heli_cli.client import Heli
from heli_cli.refusals import Refusal
from heli_cli.settings import read_settings

SETTINGS = read_settings({"HELI_DATA": "data"})


def heli(answer, **more):
    return Heli(SETTINGS, token=lambda: "secret", transport=httpx.MockTransport(answer), **more)


def problem(status, kind, detail, errors=()):
    body = {"type": f"urn:heli:problem:{kind}", "status": status, "detail": detail, "errors": list(errors)}
    return httpx.Response(status, json=body)


def test_a_call_carries_the_token_to_the_right_service():
    seen = []

    def answer(request):
        seen.append((str(request.url), request.headers["Authorization"]))
        return httpx.Response(200, json={"total": 3})

    with heli(answer) as client:
        assert client.get("reporting", "/v1/gaps", limit=1, cursor=None) == {"total": 3}
    assert seen == [("http://127.0.0.1:8103/v1/gaps?limit=1", "Bearer secret")]


def test_a_problem_becomes_two_sentences():
    errors = [{"pointer": "/staff", "detail": "应为不小于 0 的整数"}]
    with heli(lambda _: problem(422, "invalid-input", "内容有误。", errors)) as client, pytest.raises(Refusal) as told:
        client.post("registry", "/v1/enterprises", {})

    assert told.value.zh == "内容有误。（/staff 应为不小于 0 的整数）"
    assert told.value.en == "Refused: invalid-input (POST /v1/enterprises → 422)."


def test_an_answer_that_is_no_problem_document_is_told_too():
    with heli(lambda _: httpx.Response(502, text="<html>")) as client, pytest.raises(Refusal) as told:
        client.get("registry", "/v1/units")

    assert "502" in told.value.en


def test_nobody_there_says_what_to_do():
    def answer(request):
        raise httpx.ConnectError("refused", request=request)

    with heli(answer) as client, pytest.raises(Refusal) as told:
        client.get("registry", "/v1/units")

    assert "./dev up" in told.value.zh
    assert "./dev up" in told.value.en


def test_a_busy_service_is_asked_again():
    answers = iter([problem(503, "unavailable", "忙"), httpx.Response(200, json={})])
    pauses: list[float] = []
    with heli(lambda _: next(answers), sleep=pauses.append) as client:
        client.get("registry", "/v1/units")

    assert pauses == [0.2]


def test_a_service_that_stays_busy_is_given_up():
    pauses: list[float] = []
    with heli(lambda _: problem(503, "unavailable", "忙"), sleep=pauses.append) as client, pytest.raises(Refusal):
        client.get("registry", "/v1/units")

    assert len(pauses) == 5


def test_pages_are_followed_to_the_end():
    def answer(request):
        second = request.url.params.get("cursor") == "b"
        return httpx.Response(200, json={"items": [{"id": "2" if second else "1"}], "next": None if second else "b"})

    with heli(answer) as client:
        assert [item["id"] for item in client.list("registry", "/v1/units")] == ["1", "2"]


def test_what_is_there_already_is_not_created_twice():
    def answer(request):
        return problem(409, "conflict", "已存在") if request.method == "POST" else httpx.Response(200, json={})

    with heli(answer) as client:
        assert client.create("registry", "units", "unt-1", {"id": "unt-1"}) is False


def test_a_conflict_about_something_else_is_a_refusal():
    def answer(request):
        if request.method == "POST":
            return problem(409, "party-rule", "党员不足3人")
        return problem(404, "not-found", "没有")

    with heli(answer) as client, pytest.raises(Refusal) as told:
        client.create("registry", "party-organizations", "pty-1", {"id": "pty-1"})

    assert told.value.zh == "党员不足3人"


def test_a_record_is_closed_by_its_etag_once():
    sent = []

    def answer(request):
        sent.append(request)
        state = "open" if len(sent) < 3 else "closed"
        return httpx.Response(200, json={"state": state}, headers={"ETag": '"7"'})

    with heli(answer) as client:
        assert client.close_record("registry", "covers", "cov-1", reason="转出", effective_on="2026-01-01") is True
        assert client.close_record("registry", "covers", "cov-1", reason="转出", effective_on="2026-01-01") is False
    assert sent[1].headers["If-Match"] == '"7"'
    assert json.loads(sent[1].content) == {"reason": "转出", "effective_on": "2026-01-01"}


def test_settings_follow_the_variables():
    found = read_settings(
        {
            "HELI_DATA": "/data",
            "HELI_HOST": "0.0.0.0",  # noqa: S104 - read, not bound
            "HELI_REGISTRY_PORT": "9001",
            "HELI_REPORTING_URL": "https://heli.example/reporting/",
            "HELI_ASSESSMENT_DATABASE_URL": "postgresql://db/a",
        }
    )

    assert found.data == Path("/data")
    assert found.urls == {
        "registry": "http://127.0.0.1:9001",
        "assessment": "http://127.0.0.1:8102",
        "reporting": "https://heli.example/reporting",
    }


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "８１０１"])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(Refusal) as told:
        read_settings({"HELI_REGISTRY_PORT": port})

    assert "HELI_REGISTRY_PORT" in told.value.zh
