"""The reconciliation API as OpenRefine and the protocol's test bench speak it, with a token and with a key."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import jsonschema
import pytest

from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B, Registry
from registry.reconciliation.schemas import (
    DRAFT_RESULTS,
    ENTITIES,
    EXTENSION,
    MANIFEST,
    NAMED,
    PROPOSAL,
    RESULTS,
)

NAMES = {
    code(1): ("合力县示例机械有限公司", TOWN_A, "解放路1号"),
    code(2): ("合力县示例商贸有限公司", TOWN_A, "解放路2号"),
    code(3): ("合力县示例机械有限公司", TOWN_B, "建设路3号"),
    code(4): ("合力县<b>粗体</b>有限公司", TOWN_B, "建设路4号"),
}


@pytest.fixture
def world(county: Registry) -> Registry:
    for key, (name, town, address) in NAMES.items():
        county.made(
            "/v1/enterprises", uscc=key, name=name, division=town, address=address, registered_on="2020-05-06",
            staff=12, has_premises=True, registered_capital="50.10", former_names=["旧名甲", "旧名乙"],
        )  # fmt: skip
    county.made(
        "/v1/party-organizations", id="org-a", name="合力县示例机械有限公司党支部", kind="branch", setup_form="sole",
        division=TOWN_A,
    )  # fmt: skip
    return county


@pytest.fixture(params=["token", "key"])
def service(request, world: Registry):
    """The service spoken to in either way: a function of (path, …) that sends what each way needs, and its base."""
    if request.param == "token":
        return Service(world, "/v1/reconciliation", world.headers())
    key = world.post("/v1/reconciliation/keys").json()["key"]
    return Service(world, f"/v1/reconciliation/keys/{key}", {})


class Service:
    """A client of the service, a token in its headers or a key in its address."""

    def __init__(self, registry: Registry, base: str, headers: dict[str, str]) -> None:
        self.registry, self.base, self.headers = registry, base, headers

    def get(self, path: str, **params):
        return self.registry.client.get(self.base + path, params=params, headers=self.headers)

    def post(self, path: str, **more):
        return self.registry.client.post(self.base + path, headers=self.headers, **more)

    def results(self, queries: dict, kind: str = "enterprises") -> dict:
        answer = self.post(f"/{kind}", data={"queries": json.dumps(queries)})
        assert answer.status_code == 200, answer.text
        jsonschema.validate(answer.json(), RESULTS)
        assert set(answer.json()) == set(queries)
        return {
            name: [(each["id"], each["score"], each["match"]) for each in found["result"]]
            for name, found in answer.json().items()
        }


def test_the_manifest_is_there_without_parameters_and_its_addresses_answer(service):
    manifest = service.get("/enterprises").json()

    jsonschema.validate(manifest, MANIFEST)
    assert manifest["defaultTypes"] == [{"id": "enterprise", "name": "企业"}]
    places = [f"{each['service_url']}{each['service_path']}" for each in manifest["suggest"].values()]
    places.append("".join(manifest["extend"]["propose_properties"].values()))
    places.append(manifest["preview"]["url"].replace("{{id}}", code(1)))
    for place in places:
        parts = urlsplit(place)
        asked = f"{parts.path}?{parts.query}"
        assert service.registry.client.get(asked, headers=service.headers).status_code == 200, place


def test_behind_a_proxy_the_manifest_names_the_address_that_the_client_knows(service):
    headers = {**service.headers, "X-Forwarded-Prefix": "/registry"}
    manifest = service.registry.client.get(f"{service.base}/enterprises", headers=headers).json()
    assert manifest["suggest"]["entity"]["service_url"] == f"http://testserver/registry{service.base}/enterprises"

    odd = {**service.headers, "X-Forwarded-Prefix": "//evil.example/"}
    manifest = service.registry.client.get(f"{service.base}/enterprises", headers=odd).json()
    assert manifest["suggest"]["entity"]["service_url"] == f"http://testserver{service.base}/enterprises"


def test_a_batch_is_answered_query_by_query(service):
    found = service.results(
        {
            "q0": {"query": "合力县示例商贸有限公司"},
            "q1": {"query": "示例商贸"},
            "q2": {"query": "合力县示例商冒有限公司"},
            "q3": {"query": "完全没有这家"},
            "q4": {"query": code(3)},
        }
    )
    assert found["q0"][0] == (code(2), 100, True)
    assert found["q1"][0] == (code(2), 96, True)
    assert found["q2"][0][0] == code(2)
    assert found["q2"][0][2] is False
    assert found["q3"] == []
    assert found["q4"][0] == (code(3), 100, True)


def test_namesakes_are_never_a_sure_match_by_name_but_by_what_is_told_beside(service):
    name = NAMES[code(1)][0]
    found = service.results(
        {
            "name": {"query": name},
            "division": {"query": name, "properties": [{"pid": "division", "v": TOWN_B}]},
            "address": {"query": name, "properties": [{"pid": "address", "v": "合力县建设路3号"}]},
            "code": {"query": name, "properties": [{"pid": "uscc", "v": code(1).lower()}]},
            "county": {"query": name, "properties": [{"pid": "division", "v": "990121000000"}]},
        }
    )
    assert [each[:2] for each in found["name"][:2]] == [(code(1), 100), (code(3), 100)]
    assert [each[2] for each in found["name"]] == [False] * len(found["name"])
    assert found["division"][0] == (code(3), 100, True)
    assert found["address"][0] == (code(3), 100, True)
    assert found["code"][0] == (code(1), 100, True)
    assert [each[2] for each in found["county"][:2]] == [False, False]


def test_features_tell_what_a_score_was_made_of(service):
    query = {
        "query": "示例机械",
        "properties": [{"pid": "division", "v": TOWN_A}, {"pid": "address", "v": "解放路1号"}],
    }
    answer = service.post("/enterprises", data={"queries": json.dumps({"q": query})}).json()
    assert answer["q"]["result"][0]["features"] == [
        {"id": "name_likeness", "value": 96},
        {"id": "division_equal", "value": True},
        {"id": "address_equal", "value": True},
    ]


def test_limit_and_type_are_kept(service):
    found = service.results(
        {
            "one": {"query": "示例", "limit": 1},
            "right": {"query": "示例机械", "type": "enterprise"},
            "list": {"query": "示例机械", "type": ["enterprise", "other"]},
            "wrong": {"query": "示例机械", "type": "party_organization"},
        }
    )
    assert len(found["one"]) == 1
    assert found["right"] == found["list"] != []
    assert found["wrong"] == []


def test_organisations_are_reconciled_under_either_name(service):
    for kind in ("party-organizations", "organizations"):
        found = service.results({"q": {"query": "合力县示例机械有限公司党支部"}}, kind)
        assert found["q"][0] == ("org-a", 100, True)


def test_a_get_with_queries_answers_them(service):
    answer = service.get("/enterprises", queries=json.dumps({"q": {"query": "示例商贸"}}))
    jsonschema.validate(answer.json(), RESULTS)
    assert answer.json()["q"]["result"][0]["id"] == code(2)


def test_the_draft_of_version_one_is_understood_as_json(service):
    body = {
        "queries": [
            {"conditions": [{"matchType": "name", "v": "示例商贸"}], "limit": 1, "type": "enterprise", "lang": "zh"},
            {
                "conditions": [
                    {"matchType": "name", "v": NAMES[code(1)][0], "required": True},
                    {"matchType": "property", "pid": "division", "v": [{"id": TOWN_B, "name": "河西乡"}]},
                ]
            },
        ]
    }
    answer = service.post("/enterprises", json=body)
    jsonschema.validate(answer.json(), DRAFT_RESULTS)
    first, second = answer.json()["results"]
    assert [each["id"] for each in first["candidates"]] == [code(2)]
    assert (second["candidates"][0]["id"], second["candidates"][0]["match"]) == (code(3), True)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {"queries": "{"}}, 400),
        ({"data": {"queries": "[]"}}, 400),
        ({"data": {"queries": '{"q": {}}'}}, 400),
        ({"data": {"queries": '{"q": {"query": ""}}'}}, 400),
        ({"data": {"queries": '{"q": {"query": 5}}'}}, 400),
        ({"data": {"queries": '{"q": {"query": "甲", "limit": 0}}'}}, 400),
        ({"data": {"queries": '{"q": {"query": "甲", "type_strict": "some"}}'}}, 400),
        ({"data": {"queries": json.dumps({f"q{number}": {"query": "甲"} for number in range(51)})}}, 413),
        ({"data": {}}, 400),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"json": {"queries": [{"conditions": []}]}}, 400),
        ({"json": {"queries": [{"conditions": [{"matchType": "smell", "v": "甲"}]}]}}, 400),
        ({"data": {"extend": '{"ids": ["x"], "properties": [{"id": "nonsense"}]}'}}, 400),
        ({"data": {"extend": '{"ids": ["x"], "properties": [{"id": "owner"}]}'}}, 400),
    ],
)
def test_what_is_no_query_is_refused_with_a_problem(world, sent, status):
    headers = {**world.headers(), **sent.pop("headers", {})}
    answer = world.client.post("/v1/reconciliation/enterprises", headers=headers, **sent)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_jsonp_is_refused_with_the_reason(service):
    answer = service.get("/enterprises", callback="jQuery123")
    assert answer.status_code == 400
    assert "JSONP" in answer.json()["detail"]


def test_parameters_that_clients_add_of_their_own_do_no_harm(service):
    assert service.get("/enterprises/suggest/entity", prefix="示例", html_escape="false", _="1").status_code == 200


def test_entities_are_suggested_by_name_pinyin_and_code_and_skipped_by_cursor(service):
    answer = service.get("/enterprises/suggest/entity", prefix="合力县示例")
    jsonschema.validate(answer.json(), ENTITIES)
    names = [each["id"] for each in answer.json()["result"]]
    assert set(names) == {code(1), code(2), code(3)}
    skipped = service.get("/enterprises/suggest/entity", prefix="合力县示例", cursor=1).json()["result"]
    assert [each["id"] for each in skipped] == names[1:]
    for typed in ("slsm", code(2), "示例商贸有限公司"):
        found = service.get("/enterprises/suggest/entity", prefix=typed).json()["result"]
        assert found[0]["id"] == code(2), typed
    assert service.get("/enterprises/suggest/entity").json() == {"result": []}


def test_types_and_properties_are_suggested_by_either_name(service):
    types = service.get("/enterprises/suggest/type", prefix="企").json()
    by_name = service.get("/enterprises/suggest/property", prefix="address").json()
    by_label = service.get("/enterprises/suggest/property", prefix="地址").json()
    for answer in (types, by_name, by_label):
        jsonschema.validate(answer, NAMED)
    assert types == {"result": [{"id": "enterprise", "name": "企业"}]}
    assert "address" in [each["id"] for each in by_name["result"]]
    assert "address" in [each["id"] for each in by_label["result"]]
    assert service.get("/enterprises/suggest/type", prefix="党").json() == {"result": []}


def test_properties_that_can_be_fetched_are_proposed_without_those_that_name_people(service):
    answer = service.get("/enterprises/properties", type="enterprise", limit=3).json()
    jsonschema.validate(answer, PROPOSAL)
    assert len(answer["properties"]) == 3
    everything = {each["id"] for each in service.get("/enterprises/properties").json()["properties"]}
    assert {"name", "division", "state"} <= everything
    assert everything.isdisjoint({"owner", "contact_person"})


def test_values_are_fetched_with_their_types(service):
    names = ("name", "staff", "registered_on", "has_premises", "registered_capital", "former_names", "industry")
    wanted = {"ids": [code(1), code(9)], "properties": [{"id": name, "settings": {}} for name in names]}
    answer = service.post("/enterprises", data={"extend": json.dumps(wanted)}).json()

    jsonschema.validate(answer, EXTENSION)
    assert [each["id"] for each in answer["meta"]] == list(names)
    assert answer["rows"] == {
        code(1): {
            "name": [{"str": NAMES[code(1)][0]}],
            "staff": [{"int": 12}],
            "registered_on": [{"date": "2020-05-06T00:00:00"}],
            "has_premises": [{"str": "是"}],
            "registered_capital": [{"str": "50.10"}],
            "former_names": [{"str": "旧名甲"}, {"str": "旧名乙"}],
            "industry": [],
        },
        code(9): {name: [] for name in names},
    }


def test_a_preview_is_a_page_that_may_be_framed_and_runs_nothing(service):
    answer = service.get("/enterprises/preview", id=code(4))
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors *" in policy
    assert "&lt;b&gt;粗体&lt;/b&gt;" in answer.text
    assert "<b>" not in answer.text
    assert service.get("/enterprises/preview", id=code(9)).status_code == 404


def test_a_township_reconciles_against_its_own(world):
    key = world.post("/v1/reconciliation/keys", by="clerk_a").json()["key"]
    own = Service(world, f"/v1/reconciliation/keys/{key}", {})
    found = own.results({"q": {"query": NAMES[code(1)][0]}, "foreign": {"query": code(3)}})
    assert found["q"][0] == (code(1), 100, True)
    assert code(3) not in [each[0] for each in found["q"]]
    assert found["foreign"] == []
    wanted = {"ids": [code(3)], "properties": [{"id": "name"}]}
    answer = own.post("/enterprises", data={"extend": json.dumps(wanted)}).json()
    assert answer["rows"] == {code(3): {"name": []}}
    assert own.get("/enterprises/preview", id=code(3)).status_code == 404


def test_a_key_ends_after_a_working_day_and_with_its_owner(world):
    made = world.post("/v1/reconciliation/keys", by="clerk_a")
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    content = made.json()
    assert content["urls"]["enterprises"] == f"http://testserver/v1/reconciliation/keys/{content['key']}/enterprises"
    place = urlsplit(content["urls"]["enterprises"]).path
    assert world.client.get(place).status_code == 200

    world.act("/v1/principals/prn-clerk_a/close", {"reason": "调离"})
    assert world.client.get(place).status_code == 401

    other = world.post("/v1/reconciliation/keys").json()["urls"]["enterprises"]
    world.clock.instant += timedelta(seconds=content["expires_in"] + 61)
    assert world.client.get(urlsplit(other).path).status_code == 401
