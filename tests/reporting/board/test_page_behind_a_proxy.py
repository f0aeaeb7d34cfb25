"""The page behind the proxy of the containers: below a prefix, with the other services beside it on one address."""

from urllib.parse import parse_qs

import orjson
import pytest
from starlette.responses import JSONResponse

from reporting.board.browsing import make_county
from reporting.serving import serving

EXPLAINED = {
    "items": [
        {
            "title": "组建党组织",
            "points": "18.5",
            "maximum": "20",
            "why_not_full": "覆盖率未达90%",
            "basis": "考核办法第三条",
        }
    ]
}


class Proxy:
    """The three services on one address, as nginx puts them; registry and assessment answer what the page asks them."""

    def __init__(self, county) -> None:
        self.county, self.forms, self.state = county, [], county.app.state

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/reporting/"):
            await self.county.app({**scope, "path": scope["path"].removeprefix("/reporting")}, receive, send)
        elif scope["path"] == "/registry/v1/tokens":
            await self.token(scope, receive, send)
        elif scope["path"] == "/assessment/v1/runs/run-1/scores/unt-d1":
            await JSONResponse(EXPLAINED)(scope, receive, send)

    async def token(self, scope, receive, send) -> None:
        form = {name: value for name, (value,) in parse_qs((await receive())["body"].decode()).items()}
        self.forms.append(form)
        token = self.county.admin["Authorization"].removeprefix("Bearer ")
        is_right = (form["username"], form["password"]) == ("li.clerk", "right")
        content = {"access_token": token, "expires_in": 600} if is_right else {"detail": "wrong"}
        await JSONResponse(content, 200 if is_right else 401)(scope, receive, send)


@pytest.fixture
def page(browser, tmp_path):
    county = make_county(tmp_path)
    proxy = Proxy(county)
    context = browser.new_context(locale="zh-CN")
    with serving(proxy) as served:
        page = context.new_page()
        page.proxy = proxy
        page.goto(f"{served.address}/reporting/")
        yield page
        context.close()
    county.shut()


def sign_in(page, password):
    page.get_by_label("账号").fill("li.clerk")
    page.get_by_label("密码").fill(password)
    page.keyboard.press("Enter")


def test_a_password_opens_the_board_and_is_kept_nowhere(page):
    sign_in(page, "wrong")
    page.get_by_text("账号或密码有误。").wait_for()
    assert page.locator(".tile").count() == 0
    sign_in(page, "right")
    page.locator("#tile-funnel").wait_for()

    assert page.proxy.forms[-1] == {"grant_type": "password", "username": "li.clerk", "password": "right"}
    kept = orjson.dumps(page.evaluate("() => [{...sessionStorage}, {...localStorage}, document.cookie, location.href]"))
    assert b"right" not in kept
    assert b"li.clerk" not in kept


def test_a_department_opens_into_what_assessment_says_of_each_item(page):
    sign_in(page, "right")
    page.locator("#tile-ranking").get_by_role("button", name="逐项说明 市场监管局").click()
    row = page.locator("dialog[open] tbody tr")
    row.wait_for()

    assert row.locator("td").all_inner_texts() == ["组建党组织", "18.5 / 20", "覆盖率未达90%", "考核办法第三条"]
