"""The county with assessment: two departments to assess, two units that review, people for every part, a rulebook."""

from docs.site import Site
from docs.worlds import county

SERVICES = ("registry", "assessment")
BOOK = """
id: half-year
title: 示例·半年考核细则
subject_kind: department
effective_from: 2026-01-01
basis: {document: 示例办法}
maximum: 100
grades:
  - {title: 一般, below: 60}
  - {title: 良好, at_least: 60, below: 85}
  - {title: 优秀, at_least: 85}
parts:
  - id: common
    title: 通用考核
    kind: common
    maximum: 100
    items:
      - {id: meetings, title: 研究会议, maximum: 40, basis: {document: 示例办法, clause: 第三条}, missing: range,
         rule: {kind: missing_count, measure: meetings, target: 2, points: 20}}
      - {id: visits, title: 走访企业, maximum: 30, basis: {document: 示例办法, clause: 第四条}, missing: range,
         rule: {kind: proportional, measure: visits, target: 3}}
      - {id: reports, title: 信息报送, maximum: 30, basis: {document: 示例办法, clause: 第五条}, missing: range,
         rule: {kind: proportional, measure: information_reports, target: 3}}
"""
DONE = {
    "unt-finance": (("meeting", 2), ("visit", 3), ("information_report", 2)),
    "unt-tax": (("meeting", 1), ("visit", 3), ("information_report", 1)),
}


def fill(site: Site) -> None:
    """Make the county, the offices, the rulebook, and what both departments did."""
    county.fill(site)
    site.patch("/v1/units/unt-county", {"kind": "commission"})
    site.made("/v1/units", id="unt-org", name="县委组织部", kind="commission", parent="unt-county")
    site.made("/v1/units", id="unt-finance", name="县财政局", kind="department", parent="unt-county")
    site.made("/v1/units", id="unt-tax", name="县税务局", kind="department", parent="unt-county")
    site.enrol("wang.clerk", "county_clerk", unit="unt-county")
    site.enrol("caizheng", "department_liaison", unit="unt-finance")
    site.enrol("shuiwu", "department_liaison", unit="unt-tax")
    site.enrol("zuzhi", "department_liaison", unit="unt-org")
    site.enrol("fuhe", "department_liaison", unit="unt-county")
    site.enrol("leader", "leader", unit="unt-county")
    text = {"Content-Type": "application/yaml"}
    site.call("PUT", "/v1/rulebooks/half-year", service="assessment", content=BOOK.encode(), headers=text)
    site.publish("half-year")
    for unit, kinds in DONE.items():
        for kind, count in kinds:
            for month in range(count):
                body = {"kind": kind, "unit": unit, "held_on": f"2026-0{month + 2}-10", "title": "非公党建工作"}
                site.post("/v1/activities", body, service="assessment")
