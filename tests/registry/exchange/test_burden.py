"""The burden meter: what departments ask, what is held, what is asked twice, and forms filled in as far as may be."""

import csv
import io
import random

import openpyxl
import pytest

from heli_registry.burden.domain import Form, Item, answers, answers_left, asked_twice, by_unit
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B, Registry

TWELVE = [
    "统一社会信用代码", "企业名称", "地址", "注册日期", "企业类型", "行业", "从业人员", "有固定场所", "年营业收入",
    "正式党员数", "预备党员数", "经营状态",
]  # fmt: skip
FORM = {"name": "基本情况季报表", "unit": "unt-tax", "target_kind": "enterprises", "times_per_year": 4}


@pytest.fixture
def asked(county: Registry) -> Registry:
    """A county with two well-described enterprises, two departments and the liaison of one."""
    for number, division in ((1, TOWN_A), (2, TOWN_B)):
        county.made(
            "/v1/enterprises", uscc=code(number), name=f"=企业{number}", division=division, address="甲路",
            registered_on="2012-05-18", enterprise_type="有限责任公司", industry="C3499", staff=62, has_premises=True,
            annual_revenue="1.50", full_members=3, probationary_members=0, operation_state="operating",
        )  # fmt: skip
    county.made("/v1/units", id="unt-tax", name="税务局", kind="department")
    county.made("/v1/units", id="unt-stat", name="统计局", kind="department")
    county.enrol("liaison", "department_liaison", unit="unt-tax")
    return county


def registered(registry: Registry, *items: str | dict, **more) -> dict:
    body = [{"label": each} if isinstance(each, str) else each for each in items]
    answer = registry.post("/v1/forms", {**FORM, "items": body, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_form_that_repeats_twelve_held_fields_warns_twelve_times_and_leaves_nothing_to_type(asked: Registry):
    found = registered(asked, *TWELVE)

    assert [each["label"] for each in found["warnings"]] == TWELVE
    assert [(each["held"], each["targets"]) for each in found["warnings"]] == [(2, 2)] * 12
    assert (found["items"], found["items_to_type"], found["answers"], found["answers_left"]) == (12, 0, 12 * 2 * 4, 0)


def test_free_text_and_fields_that_nobody_holds_are_left_to_type(asked: Registry):
    found = registered(asked, "企业名称", "本季度困难", {"label": "工资总额", "field": "annual_wages"})

    assert [each["field"] for each in found["warnings"]] == ["name"]
    assert found["items_to_type"] == 2
    assert found["answers"] == 3 * 2 * 4
    assert found["answers_left"] == 2 * 4 + 2


def test_the_meter_says_who_asks_what_twice(asked: Registry):
    first = registered(asked, "企业名称", "从业人员", "困难")["form"]["id"]
    second = registered(asked, "从业人员", "资产总额", unit="unt-stat", times_per_year=12)["form"]["id"]
    asked.patch(f"/v1/enterprises/{code(1)}", {"total_assets": "5"})

    found = asked.get("/v1/burden").json()
    assert found["items"] == [
        {"unit": "unt-stat", "forms": 1, "items": 2, "items_held": 2, "answers": 48, "answers_left": 1},
        {"unit": "unt-tax", "forms": 1, "items": 3, "items_held": 2, "answers": 24, "answers_left": 8},
    ]
    assert found["twice"] == [
        {
            "kind": "enterprises", "field": "staff", "zh": "从业人员", "forms": sorted([first, second]),
            "units": ["unt-stat", "unt-tax"],
        }
    ]  # fmt: skip
    assert found["total"] == {"forms": 2, "items": 5, "answers": 72, "answers_left": 9}
    assert asked.get("/v1/burden?unit=unt-tax").json()["total"]["answers"] == 24


def test_a_closed_form_burdens_nobody(asked: Registry):
    form = registered(asked, "企业名称")["form"]["id"]
    closed = asked.post(f"/v1/forms/{form}/close", {"reason": "并入一表通"})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    assert asked.get("/v1/burden").json()["total"] == {"forms": 0, "items": 0, "answers": 0, "answers_left": 0}
    assert {each["state"] for each in asked.get(f"/v1/form-items?form={form}").json()["items"]} == {"closed"}
    assert asked.post(f"/v1/forms/{form}/close", {"reason": "再"}).status_code == 409
    assert asked.get(f"/v1/forms/{form}/prefilled").status_code == 404


def test_a_form_comes_filled_in_as_csv_and_as_a_workbook(asked: Registry):
    form = registered(asked, "企业名称", "从业人员", "有固定场所", "困难")["form"]["id"]
    text = asked.get(f"/v1/forms/{form}/prefilled?format=csv").content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(asked.get(f"/v1/forms/{form}/prefilled?format=xlsx").content))

    assert list(csv.reader(io.StringIO(text))) == [
        ["企业 uscc", "企业名称", "从业人员", "有固定场所", "困难"],
        [code(1), "'=企业1", "62", "是", ""],
        [code(2), "'=企业2", "62", "是", ""],
    ]
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[1] == [code(1), "=企业1", 62, "是", None]
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}  # no formula anywhere
    assert book.active.title == "基本情况季报表"


def test_a_township_gets_its_own_targets(asked: Registry):
    form = registered(asked, "统一社会信用代码", "企业名称")["form"]["id"]
    text = asked.get(f"/v1/forms/{form}/prefilled?format=csv", by="clerk_a").content.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(text))] == ["统一社会信用代码", code(1)]
    assert asked.get(f"/v1/forms/{form}/measure", by="clerk_a").json()["targets"] == 1
    (noted,) = asked.get("/v1/deliveries?channel=form").json()["items"]
    assert (noted["rows"], noted["filters"]) == (1, {"format": "csv", "form": form})


def test_a_form_for_one_territory_counts_that_territory(asked: Registry):
    assert registered(asked, "企业名称", division=TOWN_B)["targets"] == 1
    assert asked.post("/v1/forms", {**FORM, "items": [{"label": "甲"}], "target_kind": "mass-organizations",
                                    "division": TOWN_B}).status_code in {201, 422}  # fmt: skip


def test_a_department_registers_its_own_forms_only(asked: Registry):
    body = {**FORM, "items": [{"label": "企业名称"}]}
    assert asked.post("/v1/forms", body, by="liaison").status_code == 201
    assert asked.post("/v1/forms", {**body, "unit": "unt-stat"}, by="liaison").status_code == 422
    assert asked.post("/v1/forms", body, by="clerk_a").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"items": []},
        {"items": [{"label": "甲", "field": "nothing"}]},
        {"items": [{"label": " "}]},
        {"target_kind": "people"},
        {"times_per_year": 0},
        {"unit": "unt-0"},
        {"division": "990199000000"},
    ],
)
def test_a_form_that_is_not_right_is_refused(asked: Registry, body):
    assert asked.post("/v1/forms", {**FORM, "items": [{"label": "企业名称"}], **body}).status_code == 422


def test_the_meter_agrees_with_counting_answer_by_answer():
    chance = random.Random(7)
    for _ in range(200):
        forms = [random_form(chance, str(number)) for number in range(chance.randrange(1, 6))]
        cells = {unit: [0, 0] for unit in {form.unit for form in forms}}
        asking: dict[tuple[str, str], set[str]] = {}
        for form in forms:
            for item in form.items:
                if item.field:
                    asking.setdefault((form.target_kind, item.field), set()).add(form.id)
                for target in range(form.targets):
                    for time in range(form.times_per_year):
                        cells[form.unit][0] += 1
                        is_new = item.field is None or (time == 0 and target >= form.held.get(item.field, 0))
                        cells[form.unit][1] += is_new
        assert {each.unit: [each.answers, each.answers_left] for each in by_unit(forms)} == cells
        assert sum(map(answers, forms)) - sum(map(answers_left, forms)) >= 0
        assert {(each.kind, each.field) for each in asked_twice(forms)} == {
            name for name, ids in asking.items() if len(ids) > 1
        }


def random_form(chance: random.Random, key: str) -> Form:
    targets = chance.randrange(4)
    items = tuple(Item(field or "x", field) for field in chance.sample(["a", "b", "c", None], chance.randrange(1, 5)))
    held = {name: chance.randrange(targets + 1) for name in "abc"}
    return Form(key, key, chance.choice("uvw"), chance.choice(["e", "o"]), chance.randrange(1, 4), items, targets, held)
