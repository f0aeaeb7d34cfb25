"""A county's whole half-year: 16 departments and 14 townships taken through their cycles by five different people."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from docs.site import Site, opened
from heli_assessment.archives.verify import verify

ROOT = Path(__file__).resolve().parents[2]
COUNTY = "990131000000"
DEPARTMENTS = (
    "县委组织部", "县委宣传部", "县委统战部", "县市场监督管理局", "县工业和信息化局", "县发展和改革局", "县财政局",
    "县税务局", "县人力资源和社会保障局", "县民政局", "县工商业联合会", "县个体私营企业协会", "县总工会", "共青团县委",
    "县妇女联合会", "县产业园区管委会",
)  # fmt: skip
TOWNSHIPS = 14
TOWN_BOOK = """
id: township
title: 示例·乡镇街道考核细则
subject_kind: township
effective_from: 2026-01-01
basis: {document: 示例办法}
maximum: 100
grades: [{title: 合格, below: 80}, {title: 优秀, at_least: 80}]
parts:
  - id: all
    title: 全部
    kind: common
    maximum: 100
    items:
      - {id: meetings, title: 研究会议, maximum: 60, basis: {document: 示例办法, clause: 一}, missing: range,
         rule: {kind: missing_count, measure: meetings, target: 2, points: 30}}
      - {id: visits, title: 走访, maximum: 40, basis: {document: 示例办法, clause: 二}, missing: range,
         rule: {kind: proportional, measure: visits, target: 4}}
"""
pytestmark = pytest.mark.system


class Office:
    """A site with people who act through the API, each with a token of their own."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.secrets: dict[str, str] = {}

    def enrol(self, login: str, role: str, unit: str) -> None:
        self.site.enrol(login, role, unit=unit)
        self.secrets[login] = (self.site.folder / f"{login}.txt").read_text("utf-8")

    def call(self, by: str, method: str, path: str, *, status: int = 200, **more: Any) -> Any:
        form = {"grant_type": "password", "username": by, "password": self.secrets[by]}
        token = self.site.http.post(f"{self.site.urls['registry']}/v1/tokens", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.site.http.request(method, self.site.urls["assessment"] + path, headers=headers, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def step(self, by: str, cycle: str, step: str, *subjects: Any, status: int = 200, **more: Any) -> Any:
        body = {"step": step, "subjects": [s if isinstance(s, dict) else {"subject": s} for s in subjects], **more}
        return self.call(by, "POST", f"/v1/cycles/{cycle}/steps", json=body, status=status).json()


@pytest.fixture
def office(tmp_path, sqlite_databases):
    with opened(tmp_path, sqlite_databases, ("registry", "assessment")) as site:
        office = Office(site)
        site.made("/v1/divisions", code=COUNTY, name="合力县", level="county")
        site.made("/v1/units", id="unt-social", name="县委社会工作部", kind="commission", division=COUNTY)
        site.made("/v1/units", id="unt-commission", name="县委两新工委", kind="commission", division=COUNTY)
        for number, name in enumerate(DEPARTMENTS):
            site.made("/v1/units", id=f"unt-d{number}", name=name, kind="department", parent="unt-social")
        for number in range(TOWNSHIPS):
            code = f"9901311{number:02}000"
            site.made("/v1/divisions", code=code, name=f"第{number}镇", level="town", parent=COUNTY)
            site.made("/v1/units", id=f"unt-t{number}", name=f"第{number}镇党委", kind="township", division=code)
        office.enrol("clerk", "county_clerk", "unt-social")
        office.enrol("first.reviewer", "department_liaison", "unt-commission")
        office.enrol("second.reviewer", "county_clerk", "unt-social")
        office.enrol("leader", "leader", "unt-social")
        office.enrol("finance", "department_liaison", "unt-d6")
        yield office


def upload(office: Office, key: str, text: bytes) -> None:
    headers = {"Content-Type": "application/yaml"}
    office.site.call("PUT", f"/v1/rulebooks/{key}", service="assessment", content=text, headers=headers)
    office.site.publish(key)


def work(office: Office, units: list[str]) -> None:
    """Let units do different amounts of work, so that the county tells them apart."""
    for number, unit in enumerate(units):
        for count in range(number % 5):
            body = {"kind": "meeting", "unit": unit, "held_on": f"2026-0{count + 1}-10", "title": "研究非公党建"}
            office.call("clerk", "POST", "/v1/activities", json=body, status=201)
        body = {"kind": "visit", "unit": unit, "held_on": "2026-03-01", "title": "走访"}
        office.call("clerk", "POST", "/v1/activities", json=body, status=201)


def taken_through(office: Office, rulebook: str, units: list[str]) -> tuple[str, dict[str, Any]]:
    """Take a cycle from its draft to its archive; return it with its entries by subject."""
    body = {
        "title": f"2026年上半年考核（{rulebook}）", "rulebook": rulebook, "period_from": "2026-01-01",
        "counted_on": "2026-06-30", "first_reviewers": ["unt-commission"], "second_reviewers": ["unt-social"],
    }  # fmt: skip
    cycle = office.call("clerk", "POST", "/v1/cycles", json=body, status=201).json()
    assert cycle["counts"] == {"awaiting": len(units)}
    key = cycle["id"]
    for step in ("publish", "start"):
        office.step("clerk", key, step)
    own = [unit for unit in units if unit == "unt-d6"]
    for unit in own:
        office.step("finance", key, "submit", {"subject": unit, "statement": "已完成"})
    rest = [{"subject": unit, "statement": "纸质报送"} for unit in units if unit not in own]
    office.step("clerk", key, "submit", *rest, reason="单位纸质报送，县级代录")
    office.step("first.reviewer", key, "first_review", *units, status=409)
    run_body = {"rulebook": rulebook, "on": "2026-06-30"}
    run = office.call("clerk", "POST", "/v1/runs", json=run_body, status=201).json()
    office.step("clerk", key, "score", run=run["id"])
    office.step("clerk", key, "first_review", *units, status=403)
    office.step("first.reviewer", key, "return", units[-1], reason="补充佐证")
    office.step("clerk", key, "submit", {"subject": units[-1], "statement": "已补"}, reason="代录")
    entry = office.call("clerk", "GET", f"/v1/cycles/{key}/entries/{units[0]}").json()
    item = next(each for each in entry["items"] if Decimal(each["most"]) > Decimal(each["automatic"]) >= 0)
    change = {"item": item["id"], "points": item["most"], "reason": "经核实应得满分"}
    adjusted = {"subject": units[0], "version": entry["version"], "adjustments": [change]}
    office.step("first.reviewer", key, "first_review", adjusted, *units[1:])
    office.step("second.reviewer", key, "second_review", *units)
    office.step("finance", key, "decide", status=403)
    assert office.step("leader", key, "decide")["cycle"]["stage"] == "decided"
    told = office.step("clerk", key, "announce")["cycle"]
    notice = office.site.http.get(f"{office.site.urls['assessment']}/v1/public-notices/{key}").json()
    assert len(notice["items"]) == len(units)
    if own:
        appealed(office, key, own[0])
    office.site.move_clock(date.fromisoformat(told["appeal_until"]) + timedelta(days=1))
    office.step("leader", key, "approve")
    office.step("clerk", key, "archive")
    entries = office.call("leader", "GET", f"/v1/cycles/{key}/entries?limit=100").json()["items"]
    return key, {each["subject"]: each for each in entries}


def appealed(office: Office, cycle: str, subject: str) -> None:
    """Let a department appeal and be right."""
    body = {"cycle": cycle, "subject": subject, "items": ["common-publicity"], "reason": "三篇报道未计入"}
    appeal = office.call("finance", "POST", "/v1/appeals", json=body, status=201).json()
    answer = {
        "outcome": "upheld", "reason": "属实",
        "adjustments": [{"item": "common-publicity", "points": "3", "reason": "三篇属实"}],
    }  # fmt: skip
    office.call("finance", "POST", f"/v1/appeals/{appeal['id']}/decide", json=answer, status=403)
    office.call("leader", "POST", f"/v1/appeals/{appeal['id']}/decide", json=answer)


def test_departments_and_townships_go_through_a_whole_cycle(office, tmp_path):
    upload(office, "department", (ROOT / "rulebooks/default/department.yaml").read_bytes())
    upload(office, "township", TOWN_BOOK.encode())
    departments = [f"unt-d{number}" for number in range(len(DEPARTMENTS))]
    townships = [f"unt-t{number}" for number in range(TOWNSHIPS)]
    work(office, departments + townships)
    for rulebook, units in (("department", departments), ("township", townships)):
        cycle, entries = taken_through(office, rulebook, units)
        assert sorted(entries) == sorted(units)
        assert {each["status"] for each in entries.values()} == {"approved"}
        assert len({each["score"] for each in entries.values()}) > 2
        ordered = sorted((Decimal(each["score"]) for each in entries.values()), reverse=True)
        assert {each["rank"]: Decimal(each["score"]) for each in entries.values()} == {
            ordered.index(score) + 1: score for score in ordered
        }
        file = tmp_path / f"{rulebook}.zip"
        file.write_bytes(office.call("leader", "GET", f"/v1/cycles/{cycle}/archive").content)
        stored = office.call("leader", "GET", f"/v1/cycles/{cycle}").json()
        told = verify(file, stored["archive_digest"])
        assert told["subjects"] == len(units)
        history = office.call("leader", "GET", f"/v1/cycles/{cycle}/history").json()["items"]
        assert len({line["actor"] for line in history}) >= 2
