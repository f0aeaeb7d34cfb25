"""`heli claims load`, `heli disputes` and `heli sources` as they speak to the registry and to the clerk."""

import json
from datetime import date

import httpx
import pytest
from rich.console import Console

from heli_cli.client import Heli
from heli_cli.delivering import deliver
from heli_cli.disputing import print_disputes, print_sources, print_swing, settle_dispute
from heli_cli.refusals import Refusal
from heli_cli.settings import read_settings

DISPUTE = {
    "id": "dsp-1", "enterprise_name": "甲公司", "field_zh": "从业人员", "owner_name": "市场监管局", "state": "open",
    "due_on": "2026-07-15", "days_left": -2, "overdue": True, "version": 7,
    "in_force": {"value": 46, "unit": "unt-m", "unit_name": "市场监管局", "how": "precedence"},
    "values": [
        {"unit": "unt-m", "unit_name": "市场监管局", "value": 46, "in_force": True},
        {"unit": "unt-t", "unit_name": "税务局", "value": 52, "in_force": False},
    ],
    "effect": [
        {"value": 46, "changes": [], "measures": {}},
        {"value": 52, "changes": ["member_due", "rate"], "measures": {"rate": "numerator"}},
    ],
}  # fmt: skip


class Service:
    """Answers by path and remembers what was asked."""

    def __init__(self, answers):
        self.answers, self.asked = answers, []

    def __call__(self, request):
        body = json.loads(request.content) if request.content else None
        self.asked.append((request.method, request.url.path, body, request.headers.get("if-match")))
        return httpx.Response(200, json=self.answers[request.url.path], headers={"ETag": '"7"'})


def told(service, act, **more):
    console = Console(width=140)
    settings = read_settings({"HELI_DATA": "data"})
    client = Heli(settings, token=lambda: "secret", transport=httpx.MockTransport(service))
    with console.capture() as shown, client as heli:
        result = act(heli, console=console, **more)
    return result, shown.get()


def test_a_list_is_delivered_by_the_columns_that_somebody_answers_for(tmp_path):
    path = tmp_path / "税务.csv"
    path.write_text(
        "统一社会信用代码,企业名称,从业人数,年营业收入（万元）,生效日期,税号\n"
        "91990121000000001T,甲,52,30.5,,1\n91990121000000002X,乙,约9,1,2026-05-31,2\n919901210000000031,丙,清空,,,3\n",
        encoding="utf-8",
    )
    taken = {
        "accepted": 2, "unchanged": 0, "enterprises_changed": 2, "disputes_opened": 1, "disputes_closed": 0,
        "refused": [{"row": 3, "errors": [{"pointer": "/enterprise", "zh": "没有这家企业", "en": "no such"}]}],
    }  # fmt: skip
    stewards = {"items": [{"field": "staff"}, {"field": "annual_revenue"}], "next": None}
    service = Service({"/v1/field-stewards": stewards, "/v1/claims/batch": taken})
    refused, shown = told(service, deliver, path=path, unit="unt-t", on=date(2026, 6, 30), document=None)

    assert refused == 2
    assert service.asked[-1][2] == {
        "unit": "unt-t", "observed_on": "2026-06-30", "document": "税务.csv",
        "rows": [
            {"enterprise": "91990121000000001T", "field": "staff", "value": 52},
            {"enterprise": "91990121000000001T", "field": "annual_revenue", "value": "305000"},
            {"enterprise": "919901210000000031", "field": "staff", "value": None},
        ],
    }  # fmt: skip
    assert "未提交的列（没有责任单位） columns that nobody answers for: 税号" in shown
    lines = [line.split() for line in shown.splitlines()]
    assert ["3", "从业人数", "应为不带小数的数字，例如", "128。"] in lines
    assert ["4", "从业人数", "没有这家企业"] in lines


def test_a_list_without_credit_codes_or_file_is_refused(tmp_path):
    service = Service({"/v1/field-stewards": {"items": [], "next": None}})
    path = tmp_path / "a.csv"
    with pytest.raises(Refusal):
        told(service, deliver, path=path, unit=None, on=date(2026, 6, 30), document=None)
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(Refusal):
        told(service, deliver, path=path, unit=None, on=date(2026, 6, 30), document=None)


def test_disputes_are_shown_with_values_days_and_effects():
    service = Service({"/v1/disputes": {"items": [DISPUTE], "next": None, "total": 3}})
    _, shown = told(service, print_disputes, asked={"state": "lapsed"}, most=1)

    assert "市场监管局 46（生效）" in shown
    assert "税务局 52" in shown
    assert "逾期 2 个工作日" in shown
    assert "52：50人以上、1 项指标" in shown
    assert "共 3 项 disputes，列出 shown 1" in shown


@pytest.mark.parametrize(
    ("like", "text", "sent"),
    [(46, "52", 52), ("1.00", "2.50", "2.50"), (True, "否", False), (["a"], "a;b", ["a", "b"])],
)
def test_a_settlement_is_sent_with_the_version_read_and_a_value_of_the_fields_type(like, text, sent):
    found = {**DISPUTE, "values": [{**DISPUTE["values"][0], "value": like}]}
    service = Service({"/v1/disputes/dsp-1": found, "/v1/disputes/dsp-1/settle": DISPUTE})
    _, shown = told(service, settle_dispute, key="dsp-1", value=text, unit=None, reason="核对", evidence=None)

    body = {"value": sent, "reason": "核对"}
    assert service.asked[-1] == ("POST", "/v1/disputes/dsp-1/settle", body, '"7"')
    assert shown == "甲公司 从业人员 已认定为 46（市场监管局） settled\n"


@pytest.mark.parametrize(("like", "text"), [(46, "many"), (True, "maybe")])
def test_a_value_of_another_type_is_refused_before_it_is_sent(like, text):
    found = {**DISPUTE, "values": [{**DISPUTE["values"][0], "value": like}]}
    service = Service({"/v1/disputes/dsp-1": found})
    with pytest.raises(Refusal):
        told(service, settle_dispute, key="dsp-1", value=text, unit=None, reason="核对", evidence=None)
    assert [method for method, *_ in service.asked] == ["GET"]


def test_the_swing_is_told_with_what_was_counted():
    number = {"value": "0.6667", "numerator": 2, "denominator": 3}
    found = {
        "zh": "率", "en": "rate", "disputes": 2, "enterprises": 1, "low": {**number, "value": None},
        "in_force": number, "high": {"value": 1234, "numerator": 1234, "denominator": None},
    }  # fmt: skip
    _, shown = told(Service({"/v1/disputes/swing": found}), print_swing, measure="x", division=None)

    now, until, count = shown.splitlines()
    assert now == "率 rate: 66.67% (2/3)"
    assert until == "争议了结前 until settled: – – 1,234"
    assert count == "未了结争议 open disputes 2，影响企业 enterprises 1"


def test_sources_name_unit_day_and_rule():
    claim = {"unit_name": "税务局", "value": 52, "observed_on": "2026-06-30"}
    one = {"field_zh": "从业人员", "value": 46, "unit": "unt-m", "unit_name": "市场监管局", "since": "2026-06-01",
           "rule": "precedence", "claims": [claim], "steward": {}}  # fmt: skip
    other = {"field_zh": "有固定场所", "value": True, "unit": None, "unit_name": None, "since": "2020-01-01",
             "rule": "held", "claims": [], "steward": None}  # fmt: skip
    service = Service({"/v1/enterprises/X/sources": {"fields": [one, other]}})
    _, shown = told(service, print_sources, uscc="X", field=None, on=None)

    lines = [line.split() for line in shown.splitlines()]
    assert ["从业人员", "46", "市场监管局", "2026-06-01", "按优先顺序", "税务局", "52（2026-06-30）"] in lines
    assert ["有固定场所", "是", "–", "2020-01-01", "–", "–"] in lines
