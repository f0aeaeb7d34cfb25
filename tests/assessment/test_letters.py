"""Responsibility letters over HTTP: made from the tree, signed, checked, missing ones listed, set as DOCX and PDF."""

import io
import zipfile

import docx
import pytest

from assessment.world import FINANCE, TAX, TOWN_A
from heli_assessment.intake.domain import Unit
from heli_assessment.letters import documents
from heli_assessment.letters.domain import answering_units
from heli_shared import typesetting
from heli_shared.kernel.errors import Conflict

LETTERS = "/v1/letters"


def tree(world):
    world.has("unit", "unt-county", name="县委两新工委", kind="commission")
    world.has("unit", "unt-a1", name="城关镇商会", kind="association", parent="unt-a", division=TOWN_A)
    world.registry_seen_again()
    world.made("/v1/plans", id="pln-1", title="2026年实施意见", year=2026, document="合两新〔2026〕1号")
    for key, unit, number, title in (
        ("tsk-2", FINANCE, "1.10", "落实党组织活动经费"),
        ("tsk-1", FINANCE, "1.2", "选派<指导员> & {{ 7*7 }} #evil[x]"),
        ("tsk-3", TAX, "2", "报送信息"),
    ):
        world.made("/v1/tasks", id=key, plan="pln-1", unit=unit, number=number, title=title, target="6",
                   measure_word="名", due_on="2026-09-30")  # fmt: skip


def made(world, by="admin", **more):
    return world.post(LETTERS, {"plan": "pln-1", **more}, by=by)


def step(world, key, name, body, by="admin"):
    headers = {"If-Match": world.get(f"{LETTERS}/{key}").headers["etag"]}
    return world.post(f"{LETTERS}/{key}/{name}", body, by=by, headers=headers)


def letter_of(world, unit):
    return world.get(f"{LETTERS}?unit={unit}&state=open").json()["items"][0]


def test_letters_are_made_for_the_whole_tree_once(world):
    tree(world)
    answer = made(world).json()
    shown = {each["unit"]: (each["issuer"], each["year"], each["sign_by"]) for each in answer["items"]}
    # Twenty working days after 1 July 2026.
    day = (2026, "2026-07-29")
    assert shown == {
        FINANCE: ("unt-county", *day),
        TAX: ("unt-county", *day),
        "unt-a": ("unt-county", *day),
        "unt-b": ("unt-county", *day),
        "unt-a1": ("unt-a", *day),
    }
    again = made(world).json()
    assert (again["items"], again["there_before"]) == ([], 5)
    assert made(world, plan="pln-none").status_code == 404
    assert made(world, units=["unt-none"]).status_code == 422
    assert made(world, units=["unt-county"]).status_code == 422


def test_a_letter_is_signed_and_checked_by_its_unit(world):
    tree(world)
    made(world)
    world.enrol("liaison", "department_liaison", unit=FINANCE)
    assert made(world, by="liaison").status_code == 403
    key, other = letter_of(world, FINANCE)["id"], letter_of(world, TAX)["id"]
    assert step(world, key, "check", {"result": "on_track"}, "liaison").status_code == 409
    assert step(world, other, "sign", {}, "liaison").status_code == 403
    assert step(world, key, "sign", {"signed_on": "2026-06-30"}, "liaison").status_code == 422
    assert step(world, key, "sign", {"scan": "att-none"}, "liaison").status_code == 422
    signed = step(world, key, "sign", {"signer": "per-1"}, "liaison").json()
    assert (signed["is_signed"], signed["signed_on"], signed["signer"]) == (True, "2026-07-01", "per-1")
    assert step(world, key, "sign", {}, "liaison").status_code == 409
    assert step(world, key, "check", {"result": "behind"}, "liaison").status_code == 422
    checked = step(world, key, "check", {"result": "behind", "note": "9月底前补齐"}, "liaison").json()
    assert (checked["check_result"], checked["checked_on"]) == ("behind", "2026-07-01")


def test_missing_letters_are_listed_with_why(world):
    tree(world)
    made(world, units=[FINANCE, TAX], sign_by="2026-07-01")
    step(world, letter_of(world, FINANCE)["id"], "sign", {})

    def missing(**more):
        found = world.get(f"{LETTERS}/missing?plan=pln-1", **more).json()["items"]
        return {each["unit"]: each["missing"] for each in found}

    assert missing() == {TAX: "unsigned", "unt-a": "none", "unt-b": "none", "unt-a1": "none"}
    world.clock.instant = world.clock.instant.replace(day=2)
    world.enrol("admin", "administrator")
    world.enrol("town", "township_clerk", unit="unt-a", divisions=(TOWN_A,))
    assert missing()[TAX] == "overdue"
    assert missing(by="town") == {"unt-a": "none", "unt-a1": "none"}
    assert step(world, letter_of(world, TAX)["id"], "revoke", {"reason": "机构撤销"}).status_code == 200
    assert missing()[TAX] == "none"


def test_documents_tell_the_tasks_as_they_were_when_the_letter_was_made(world):
    tree(world)
    made(world)
    key = letter_of(world, FINANCE)["id"]
    world.patch("/v1/tasks/tsk-1", {"title": "改过的任务", "target": "99"})
    answer = world.get(f"{LETTERS}/{key}/document")
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    document = docx.Document(io.BytesIO(answer.content))
    body = "\n".join(each.text for each in document.paragraphs)
    assert "2026年度非公企业党建工作目标责任书" in body
    assert "《2026年实施意见》（合两新〔2026〕1号），县委两新工委与县财政局签订" in body
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows == [
        ["序号", "任务", "目标", "完成期限"],
        ["1.2", "选派<指导员> & {{ 7*7 }} #evil[x]", "6名", "2026-09-30"],
        ["1.10", "落实党组织活动经费", "6名", "2026-09-30"],
    ]
    none = docx.Document(io.BytesIO(world.get(f"{LETTERS}/{letter_of(world, 'unt-b')['id']}/document").content))
    assert "本年度未单列任务" in "\n".join(each.text for each in none.paragraphs)


def test_a_pdf_is_set_the_same_every_time(small_world):
    tree(small_world)
    made(small_world)
    path = f"{LETTERS}/{letter_of(small_world, FINANCE)['id']}/document?format=pdf"
    first = small_world.get(path)
    assert (first.status_code, first.headers["content-type"], first.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert small_world.get(path).content == first.content
    other = small_world.get(f"{LETTERS}/{letter_of(small_world, TAX)['id']}/document?format=pdf")
    assert other.content != first.content


def test_without_a_chinese_font_a_pdf_is_refused_in_words(small_world, monkeypatch):
    tree(small_world)
    made(small_world)
    monkeypatch.setattr(typesetting, "chinese_family", lambda: None)
    answer = small_world.get(f"{LETTERS}/{letter_of(small_world, FINANCE)['id']}/document?format=pdf")
    assert (answer.status_code, "字体" in answer.json()["detail"]) == (503, True)


def test_an_offices_own_template_is_taken_and_reaches_nothing_else(tmp_path):
    template = tmp_path / "letter.docx"
    text = documents.LetterText("ltr-1", 2026, "甲", "乙", "丙", "", "2026-07-01", "2026-07-29", ())

    def written(words):
        document = docx.Document()
        document.add_paragraph(words)
        document.save(template)
        return documents.written_docx(text, template)

    assert "致乙" in docx.Document(io.BytesIO(written("致{{ unit }}"))).paragraphs[0].text
    for broken in ("{{ unit.__class__.__mro__ }}", "{% if unit %}"):
        with pytest.raises(Conflict):
            written(broken)
    template.write_bytes(b"PK")
    with pytest.raises(Conflict):
        documents.written_docx(text, template)
    assert zipfile.is_zipfile(io.BytesIO(documents.written_docx(text)))


def test_the_tree_is_walked_from_the_top_and_survives_circles():
    def unit(key, kind, parent=None, is_open=True):
        return Unit(key, key, kind, None, None, is_open, parent)

    units = {
        each.id: each
        for each in (
            unit("c", "commission"), unit("t", "township", "c"), unit("v", "association", "t"),
            unit("d", "department"), unit("x", "department", "y"), unit("y", "department", "x"),
            unit("old", "department", "c", is_open=False), unit("orphan", "department", "old"),
        )
    }  # fmt: skip
    found = [(each.unit, each.issuer) for each in answering_units(units)]
    assert found[0] == ("d", "c")
    assert dict(found) == {"d": "c", "t": "c", "v": "t", "x": "y", "y": "x", "orphan": "c"}
    assert [unit for unit, _ in found].index("t") < [unit for unit, _ in found].index("v")
