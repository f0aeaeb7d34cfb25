"""`heli new`, `change`, `reopen` and `corrections` where the how-to pages do not go: types, values, refusals."""

import json

import httpx
import pytest
from rich.console import Console

from heli_cli.client import Heli
from heli_cli.commands.corrections_printing import answer, print_requests
from heli_cli.commands.values import typed_values
from heli_cli.commands.writing_printing import change_one, make_one, reopen_one
from heli_cli.refusals import Refusal
from heli_cli.settings import read_settings

TYPES = {
    "name": "text",
    "staff": "integer",
    "has_premises": "boolean",
    "former_names": "texts",
    "registered_on": "date",
}
CATALOGUE = {
    "items": [{"resource": "enterprises", "fields": [{"name": name, "type": type_} for name, type_ in TYPES.items()]}]
}


def heli(answers):
    """Return a client of a registry that answers by method and path, and what was asked of it."""
    asked = []

    def reply(request):
        asked.append(request)
        found = answers[(request.method, request.url.path)]
        headers = {"ETag": '"7"', "Location": "/v1/enterprises/9199"}
        return httpx.Response(200, json=found(request) if callable(found) else found, headers=headers)

    settings = read_settings({"HELI_DATA": "data"})
    known = {("GET", "/v1/catalogue"): CATALOGUE}
    answers = known | answers
    return Heli(settings, token=lambda: "secret", transport=httpx.MockTransport(reply)), asked


def test_values_are_sent_in_the_types_of_their_fields():
    client, _ = heli({})
    given = ["name=20号厂=新", "staff=-3", "has_premises=是", "former_names=甲厂、乙厂,丙厂", "registered_on="]
    with client:
        assert typed_values(client, "enterprises", given) == {
            "name": "20号厂=新", "staff": -3, "has_premises": True, "former_names": ["甲厂", "乙厂", "丙厂"],
            "registered_on": None,
        }  # fmt: skip
        assert typed_values(client, "people", ["phone=13800000000"]) == {"phone": "13800000000"}


@pytest.mark.parametrize(
    ("given", "words"),
    [("staff=三十", "整数"), ("staff=3.5", "整数"), ("staff=٣", "整数"), ("has_premises=有", "是"),
     ("staff", "字段=值"), ("=3", "字段=值")],
)  # fmt: skip
def test_what_is_no_such_value_is_refused_before_anything_is_sent(given, words):
    client, asked = heli({})
    with client, pytest.raises(Refusal) as refused:
        change_one(client, "enterprises", "9199", [given], on=None, console=Console())

    assert (words in refused.value.zh, refused.value.code) == (True, 2)
    assert {each.method for each in asked} <= {"GET"}


def test_a_change_is_made_under_the_version_that_was_read_and_tells_both_values():
    shown = iter([{"staff": 46, "name": "甲"}, {"staff": 35, "name": "甲"}])
    path = "/v1/enterprises/9199"
    client, asked = heli({("GET", path): lambda _: next(shown), ("PATCH", path): {}})
    console = Console(width=80)
    with console.capture() as told, client:
        change_one(client, "enterprises", "9199", ["staff=35", "name=甲"], on=None, console=console)

    (patch,) = [each for each in asked if each.method == "PATCH"]
    assert (patch.headers["if-match"], json.loads(patch.content)) == ('"7"', {"staff": 35, "name": "甲"})
    assert told.get().splitlines() == ["staff: 46 → 35", "name: 未变 unchanged"]


def test_a_record_is_made_and_opened_again():
    path = "/v1/enterprises/9199"
    client, asked = heli({("POST", "/v1/enterprises"): {}, ("GET", path): {}, ("POST", f"{path}/reopen"): {}})
    console = Console(width=80)
    with console.capture() as told, client:
        make_one(client, "enterprises", ["name=甲"], on=None, console=console)
        reopen_one(client, "enterprises", "9199", on=None, console=console)

    assert told.get().splitlines() == ["已登记 recorded: 9199", "9199 已恢复 open again"]
    assert asked[-1].headers["if-match"] == '"7"'


def test_requests_are_listed_by_their_deadline_and_answered_by_their_id():
    request = {"kind": "enterprises", "key": "9199", "field": "staff", "reason": "社保人数"}
    items = [
        {**request, "id": "cor-b", "proposed": "null", "due_on": "2026-07-15"},
        {**request, "id": "cor-a", "proposed": '["甲","乙"]', "due_on": "2026-07-03"},
    ]
    page = {"items": items, "next": None, "total": 2}
    client, asked = heli(
        {("GET", "/v1/correction-requests"): page, ("POST", "/v1/correction-requests/cor-a/reject"): {}}
    )
    console = Console(width=120)
    with console.capture() as told, client:
        print_requests(client, console, status="pending", overdue=True)
        answer(client, console, "cor-a", "reject", {"reason": "名册无误"})
        with pytest.raises(Refusal):
            answer(client, console, "9199", "reject", {"reason": "名册无误"})

    text = told.get()
    assert text.index("cor-a") < text.index("cor-b")
    assert "甲、乙" in text
    assert "清空" in text
    assert dict(asked[0].url.params)["overdue"] == "true"
    assert json.loads(asked[-1].content) == {"reason": "名册无误"}
