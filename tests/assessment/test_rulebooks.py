"""Rulebooks over HTTP: stored as versions, refused with their places, never half stored."""

import json

import pytest

from assessment.engine_support import one_item_book
from assessment.world import EXAMPLE

SMALL = one_item_book({"kind": "missing_count", "measure": "meetings", "target": "4", "points": "2"})


def small(**changes):
    return json.dumps(SMALL | changes, ensure_ascii=False)


def test_each_changed_upload_is_the_next_version_and_the_same_one_is_unchanged(world):
    first = world.upload("department", EXAMPLE.read_bytes())
    assert (first.status_code, first.json()["version"], first.json()["outcome"]) == (201, 1, "created")
    assert first.json()["warnings"] == []
    again = world.upload("department", "# 只加了一行注释\n" + EXAMPLE.read_text(encoding="utf-8"))
    assert (again.status_code, again.json()["version"], again.json()["outcome"]) == (200, 1, "unchanged")
    changed = EXAMPLE.read_text(encoding="utf-8").replace("edition: 2026年示例", "edition: 2026年修订")
    second = world.upload("department", changed)
    assert (second.status_code, second.json()["version"], second.json()["outcome"]) == (200, 2, "changed")
    versions = world.get("/v1/rulebooks/department/versions").json()["items"]
    assert [(v["version"], v["edition"]) for v in versions] == [(1, "2026年示例"), (2, "2026年修订")]
    assert world.get("/v1/rulebooks/department").json()["version"] == 2
    old = world.get("/v1/rulebooks/department?version=1").json()
    assert (old["edition"], old["digest"]) == ("2026年示例", first.json()["digest"])
    assert world.get("/v1/rulebooks").json()["total"] == 1


def test_a_stored_book_can_be_sent_again_as_json_and_is_the_same(world):
    world.example()
    body = world.get("/v1/rulebooks/department").json()["body"]
    answer = world.upload("department", json.dumps(body), kind="application/json")
    assert answer.json()["outcome"] == "unchanged"


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("id: [1, 2", "application/yaml", 422),
        ("", "application/yaml", 422),
        ("\x00", "application/yaml", 422),
        ("{", "application/json", 422),
        ('{"maximum": NaN}', "application/json", 422),
        ('{"maximum": 1e999}', "application/json", 422),
        (small(maximum="十"), "application/json", 422),
        (small(maximum=10**30), "application/json", 422),
        (small(parts=[]), "application/json", 422),
        (small(id="other"), "application/json", 422),
        (small(), "application/xml", 415),
        ("标题: 一".encode("gbk"), "application/yaml", 400),
        ("#" * 300_000, "application/yaml", 413),
        ("#" * 3_000_000, "application/yaml", 413),
    ],
)
def test_bad_books_are_refused_and_nothing_is_stored(small_world, text, kind, status):
    answer = small_world.upload("one", text, kind=kind)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert small_world.get("/v1/rulebooks").json()["total"] == 0
    assert small_world.get("/v1/changes").json()["items"] == []


def test_a_refusal_names_line_column_and_pointer_in_the_callers_language(small_world):
    text = "id: one\ntitle: 一\nmaximum: 五分\n"
    zh = small_world.upload("one", text).json()["errors"]
    assert {"pointer": "/maximum", "detail": "第 3 行第 10 列：应为小数，例如 12.5"} in zh
    headers = {**small_world.headers["admin"], "Content-Type": "application/yaml", "Accept-Language": "en"}
    en = small_world.client.put("/v1/rulebooks/one", content=text.encode(), headers=headers).json()["errors"]
    assert {"pointer": "/maximum", "detail": "line 3, column 10: must be a decimal such as 12.5"} in en


def test_only_county_clerks_and_administrators_store_rulebooks(small_world):
    small_world.enrol("liaison", "department_liaison", unit="unt-finance")
    assert small_world.upload("one", small(), kind="application/json", by="liaison").status_code == 403
    small_world.enrol("clerk", "county_clerk")
    assert small_world.upload("one", small(), kind="application/json", by="clerk").status_code == 201
    assert small_world.get("/v1/rulebooks/one", by="liaison").status_code == 200
    assert small_world.client.get("/v1/rulebooks").status_code == 401


def test_measures_are_documented(small_world):
    page = small_world.get("/v1/measures").json()
    assert page["total"] == len(page["items"]) > 40
    by_id = {each["id"]: each for each in page["items"]}
    assert by_id["organization_coverage"]["is_share"] is True
    assert all(each["zh"] and each["definition_zh"] and each["definition_en"] for each in page["items"])
    assert small_world.get("/v1/rulebooks/none").status_code == 404
