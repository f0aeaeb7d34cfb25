"""The county whose half-year's cycle is on public notice, one department's result being doubted."""

from typing import Any

from docs.site import Site
from docs.worlds import cycles

SERVICES = cycles.SERVICES


def fill(site: Site) -> None:
    """Make the county and take its cycle to the notice, everybody by an own token."""
    cycles.fill(site)

    def post(login: str, path: str, body: Any) -> Any:
        secret = (site.folder / f"{login}.txt").read_text("utf-8")
        form = {"grant_type": "password", "username": login, "password": secret}
        token = site.http.post(f"{site.urls['registry']}/v1/tokens", data=form).json()["access_token"]
        return site.post(path, body, service="assessment", headers={"Authorization": f"Bearer {token}"})

    body = {
        "title": "2026年上半年考核", "rulebook": "half-year", "period_from": "2026-01-01", "counted_on": "2026-06-30",
        "first_reviewers": ["unt-org"], "second_reviewers": ["unt-county"],
    }  # fmt: skip
    steps = f"/v1/cycles/{post('wang.clerk', '/v1/cycles', body)['id']}/steps"
    for step in ("publish", "start"):
        post("wang.clerk", steps, {"step": step})
    for login, unit in (("caizheng", "unt-finance"), ("shuiwu", "unt-tax")):
        post(login, steps, {"step": "submit", "subjects": [{"subject": unit, "statement": "已完成"}]})
    run = post("wang.clerk", "/v1/runs", {"rulebook": "half-year", "on": "2026-06-30"})
    post("wang.clerk", steps, {"step": "score", "run": run["id"]})
    both = [{"subject": "unt-finance"}, {"subject": "unt-tax"}]
    post("zuzhi", steps, {"step": "first_review", "subjects": both})
    post("fuhe", steps, {"step": "second_review", "subjects": both})
    post("leader", steps, {"step": "decide"})
    post("wang.clerk", steps, {"step": "announce"})
