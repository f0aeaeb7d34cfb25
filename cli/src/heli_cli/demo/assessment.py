"""The year's assessment of the demo, through the public API: letters, orders, duty, funds, two cycles, an opinion.

Every chapter is told once: what is there already is left as it is. Judging steps are taken by different people, as
the rules want it; their accounts are made for that and have no secret.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from heli_cli.client import Heli
from heli_cli.demo.places import COMMISSION, DEPARTMENT_UNITS, TOWNS
from heli_cli.demo.scores import publish_book
from heli_cli.demo.work import PLAN, RULEBOOK
from heli_cli.settings import Settings
from heli_cli.tokens import local_token

_SERVICE = "assessment"
_MINUTES = 30
_SOCIAL, _ORGANIZATION, _FINANCE, _MARKET = (
    f"unt-department-{each}" for each in ("social-work", "organization", "finance", "market")
)
_PEOPLE = {
    "demo-clerk": ("county_clerk", _SOCIAL),
    "demo-first": ("department_liaison", COMMISSION),
    "demo-second": ("department_liaison", COMMISSION),
    "demo-leader": ("leader", COMMISSION),
}
_SIGNED_OF_TEN = 7
_WEIGHTS = {"leaders_weight": 50, "peers_weight": 30, "representatives_weight": 20}
_REVIEWERS = {"first_reviewers": [COMMISSION], "second_reviewers": [COMMISSION]}
BOOKS = (RULEBOOK, "township", "organization", "instructor", "secretary")


@dataclass(frozen=True, slots=True)
class Story:
    """Who acts in it, by login (None: the administrator), and the day it is told."""

    by: Callable[[str | None], Heli]
    today: date

    @property
    def half(self) -> tuple[date, date]:
        """Return the last half-year that is over."""
        year = self.today.year
        if self.today >= date(year, 7, 1):
            return date(year, 1, 1), date(year, 6, 30)
        return date(year - 1, 7, 1), date(year - 1, 12, 31)


def tell(settings: Settings, heli: Heli, today: date) -> None:
    """Make all of it, chapter by chapter; a second time nothing."""
    for key, (role, unit) in _PEOPLE.items():
        body = {"id": f"prn-{key}", "login": key, "kind": "person", "roles": [role], "unit": unit}
        heli.create("registry", "principals", f"prn-{key}", body)
    with ExitStack() as stack:
        known: dict[str | None, Heli] = {None: heli}

        def by(login: str | None) -> Heli:
            if login not in known:
                token = local_token(login, minutes=_MINUTES)
                known[login] = stack.enter_context(Heli(settings, token=lambda: token))
            return known[login]

        story = Story(by, today)
        for book in BOOKS:
            publish_book(heli, book)
        for plural, chapter in (
            ("letters", _letters), ("rectification-orders", _orders), ("duty-sessions", _duty),
            ("fund-budgets", _funds), ("cycles", _cycles), ("incentives", _incentive),
        ):  # fmt: skip
            if not heli.get(_SERVICE, f"/v1/{plural}", limit=1)["total"]:
                chapter(story)


def opinion_of(heli: Heli) -> dict[str, Any] | None:
    """Return what the records advise on the enterprise that an order is about; None where none is."""
    for order in heli.list(_SERVICE, "/v1/rectification-orders"):
        if order["enterprise"]:
            found: dict[str, Any] = heli.get(_SERVICE, f"/v1/opinions/{order['enterprise']}")
            return found
    return None


def _letters(story: Story) -> None:
    """Make the letters of the plan; seven of ten are signed."""
    heli = story.by(None)
    made = heli.post(_SERVICE, "/v1/letters", {"plan": PLAN})["items"]
    for place, letter in enumerate(made):
        if place % 10 < _SIGNED_OF_TEN:
            _stepped(heli, f"/v1/letters/{letter['id']}", "sign", {})


def _orders(story: Story) -> None:
    """Issue three orders: one is overdue and about an enterprise, one answered, one still in time."""
    heli, town = story.by(None), TOWNS[-1].unit
    enterprise = heli.get("registry", "/v1/enterprises", limit=1, state="open")["items"][0]["uscc"]
    issued = (story.today - timedelta(days=40)).isoformat()
    numbers = [f"合两新督〔{story.today.year}〕{place}号（示例）" for place in (1, 2, 3)]
    late = {
        "unit": town, "issuer": COMMISSION, "number": numbers[0], "issued_on": issued,
        "problem": "应建未建企业未制定组建计划", "requirement": "逐企制定组建计划并报备", "enterprise": enterprise,
        "due_on": (story.today - timedelta(days=5)).isoformat(),
    }  # fmt: skip
    heli.post(_SERVICE, "/v1/rectification-orders", late)
    problem = "两家企业党组织逾期未换届"
    answered = {"unit": TOWNS[-2].unit, "issuer": COMMISSION, "number": numbers[1], "problem": problem}
    key = heli.post(_SERVICE, "/v1/rectification-orders", answered)["id"]
    _stepped(heli, f"/v1/rectification-orders/{key}", "answer", {"answer": "两家已报批换届方案"})
    waiting = {"unit": _MARKET, "issuer": COMMISSION, "number": numbers[2], "problem": "台账季度未更新"}
    heli.post(_SERVICE, "/v1/rectification-orders", waiting)


def _duty(story: Story) -> None:
    """Hold a session: three departments report, slips of all three groups are entered."""
    heli = story.by(None)
    held_on = (story.today - timedelta(days=1)).isoformat()
    title = f"{story.today.year}年度两新工委委员述职评议会（示例）"
    session = {"id": "dts-demo", "title": title, "year": story.today.year, "unit": COMMISSION, "held_on": held_on}
    heli.post(_SERVICE, "/v1/duty-sessions", {**session, **_WEIGHTS})
    for place, unit in enumerate((_FINANCE, _MARKET, _ORGANIZATION)):
        body = {"session": "dts-demo", "unit": unit, "summary": "完成年度任务，联系企业，办成实事"}
        report = heli.post(_SERVICE, "/v1/duty-reports", body)["id"]
        for slip, group in enumerate(("leaders", "leaders", "peers", "representatives")):
            points = str(94 - 3 * place - slip)
            mark = {"report": report, "judges": group, "points": points, "judge": f"slip-{slip + 1}"}
            heli.post(_SERVICE, "/v1/duty-marks", mark)


def _funds(story: Story) -> None:
    """Keep a budget and allocate some of it."""
    heli, year = story.by(None), story.today.year
    budget = {"id": "bud-demo", "title": f"{year}年两新党建工作经费（示例）", "year": year, "unit": _FINANCE,
              "source": "finance", "amount": "200000"}  # fmt: skip
    heli.post(_SERVICE, "/v1/fund-budgets", budget)
    organization = heli.get("registry", "/v1/party-organizations", limit=1, state="open")["items"][0]["id"]
    allocation = {
        "kind": "allocation", "budget": "bud-demo", "unit": _FINANCE, "organization": organization,
        "happened_on": story.today.isoformat(), "amount": "2700", "standard": "per_member", "members": 9,
    }  # fmt: skip
    heli.post(_SERVICE, "/v1/fund-movements", allocation)


def _cycles(story: Story) -> None:
    """Take the departments' half-year from the draft to the public notice, and open the townships' own."""
    heli = story.by("demo-clerk")
    first, last = (each.isoformat() for each in story.half)
    departments = _drafted(heli, "成员单位半年考核（示例）", RULEBOOK, first, last)
    for step in ("publish", "start"):
        _step(heli, departments, step)
    entries = [each["subject"] for each in heli.list(_SERVICE, f"/v1/cycles/{departments}/entries")]
    own = [{"subject": each, "statement": "按要求完成"} for each in entries]
    _step(heli, departments, "submit", own, reason="各单位纸质报送，经办代录")
    run = heli.post(_SERVICE, "/v1/runs", {"rulebook": RULEBOOK, "on": last})
    _step(heli, departments, "score", run=run["id"])
    named = [{"subject": each} for each in entries]
    for login, step in (("demo-first", "first_review"), ("demo-second", "second_review"), ("demo-leader", "decide")):
        _step(story.by(login), departments, step, named)
    _step(heli, departments, "announce")
    townships = _drafted(heli, "乡镇街道半年考核（示例）", "township", first, last)
    for step in ("publish", "start"):
        _step(heli, townships, step)
    half = [{"subject": town.unit, "statement": "按要求完成"} for town in TOWNS[: len(TOWNS) // 2]]
    _step(heli, townships, "submit", half, reason="纸质报送，经办代录")


def _incentive(story: Story) -> None:
    """Propose allowances where a cycle is decided; nothing before."""
    heli = story.by(None)
    decided = [each for each in heli.list(_SERVICE, "/v1/cycles") if each["stage"] in ("decided", "notice")]
    for cycle in decided[:1]:
        body = {"kind": "allowance", "cycle": cycle["id"], "title": "半年考核奖励（示例）", "basis": "示例：奖励办法",
                "table": {"优秀": "3600", "良好": "2400"}}  # fmt: skip
        heli.post(_SERVICE, "/v1/incentives", body)


def _drafted(heli: Heli, title: str, rulebook: str, first: str, last: str) -> str:
    body = {"title": f"{last[:4]}年{title}", "rulebook": rulebook, "period_from": first, "counted_on": last}
    if rulebook == RULEBOOK:
        body |= {"subjects": list(DEPARTMENT_UNITS)}  # type: ignore[dict-item]
    return str(heli.post(_SERVICE, "/v1/cycles", {**body, **_REVIEWERS})["id"])


def _step(heli: Heli, cycle: str, step: str, subjects: list[dict[str, Any]] | None = None, **more: Any) -> None:
    heli.post(_SERVICE, f"/v1/cycles/{cycle}/steps", {"step": step, "subjects": subjects or [], **more})


def _stepped(heli: Heli, path: str, step: str, body: dict[str, Any]) -> None:
    headers = {"If-Match": heli.call(_SERVICE, "GET", path).headers["ETag"]}
    heli.call(_SERVICE, "POST", f"{path}/{step}", json=body, headers=headers)
