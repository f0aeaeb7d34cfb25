"""`heli quality` and `heli period` where the how-to pages do not go: files, several units, wrong numbers."""

import csv

import httpx
import pytest
from rich.console import Console

from heli_cli.client import Heli
from heli_cli.commands.period_printing import close_period, explain_question, print_questions
from heli_cli.commands.period_units_printing import print_units, return_unit
from heli_cli.commands.quality_printing import print_checks, write_rows
from heli_cli.refusals import Refusal
from heli_cli.settings import read_settings

FACTS = {"staff": 3, "full_members": 9, "probationary_members": None}
ROW = {
    "record": "91990121000000001T",
    "name": "=SUM(A1)",
    "unit_name": "城关镇党委",
    "failures": [
        {
            "check": "enterprise.members-over-staff", "severity": "error", "zh": "党员数多于从业人员数",
            "fix_zh": "核对花名册", "facts": FACTS,
        },
        {
            "check": "enterprise.address-missing", "severity": "info", "zh": "缺地址", "fix_zh": "补填",
            "facts": {"address": None},
        },
    ],
}  # fmt: skip
PERIOD = {"id": "prd-1", "code": "2026H1", "version": 7}


def heli(answers):
    """Return a client of a registry that answers by method and path."""
    asked = []

    def answer(request):
        asked.append(request)
        return httpx.Response(200, json=answers[(request.method, request.url.path)])

    settings = read_settings({"HELI_DATA": "data"})
    return Heli(settings, token=lambda: "secret", transport=httpx.MockTransport(answer)), asked


def test_all_rows_go_into_a_file_that_runs_no_formula(tmp_path):
    client, asked = heli({("GET", "/v1/quality/results/rows"): {"items": [ROW], "next": None, "total": 1}})
    console, file = Console(width=120), tmp_path / "问题.csv"
    with console.capture() as shown, client:
        write_rows(client, console, {"severity": None, "unit": "unt-a"}, file)

    lines = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert [(line[1], line[4], line[6]) for line in lines[1:]] == [
        ("'=SUM(A1)", "enterprise.members-over-staff", "staff=3；full_members=9；probationary_members=—"),
        ("'=SUM(A1)", "enterprise.address-missing", "address=—"),
    ]
    assert asked[0].url.params.get("unit") == "unt-a"
    assert "2 lines are in 问题.csv" in shown.get()


def test_another_kind_of_file_is_refused(tmp_path):
    client, _ = heli({})
    with client, pytest.raises(Refusal):
        write_rows(client, Console(), {}, tmp_path / "rows.xlsx")


def test_checks_are_listed_with_what_blocks_a_period():
    check = {
        "id": "cover.enterprise-closed",
        "severity": "error",
        "blocks": True,
        "zh": "覆盖的企业已关闭",
        "fix_zh": "关闭覆盖关系",
    }
    client, _ = heli({("GET", "/v1/quality/checks"): {"items": [check]}})
    console = Console(width=120)
    with console.capture() as shown, client:
        print_checks(client, console, severity="error", kind=None)

    assert "错误 error ■" in shown.get()


@pytest.mark.parametrize(("items", "words"), [([], "没有这一期"), ([PERIOD, PERIOD], "--unit")])
def test_a_code_that_names_no_period_or_several_is_refused(items, words):
    client, _ = heli({("GET", "/v1/periods"): {"items": items, "next": None, "total": len(items)}})
    with client, pytest.raises(Refusal) as refused:
        print_questions(client, Console(), "2026H1", None)

    assert words in refused.value.zh


def test_a_question_that_is_not_there_is_refused():
    questions = {"items": [], "total": 0, "unexplained": 0, "code": "2026H1", "counted_on": "2026-06-30"}
    client, _ = heli({("GET", "/v1/periods/prd-1"): PERIOD, ("GET", "/v1/periods/prd-1/questions"): questions})
    with client, pytest.raises(Refusal) as refused:
        explain_question(client, Console(), "prd-1", None, number=1, text="属实", person="per-1")

    assert refused.value.zh == "没有第 1 项，共 0 项。"


def test_a_period_is_closed_under_the_version_that_was_read():
    client, asked = heli({("GET", "/v1/periods/prd-1"): PERIOD, ("POST", "/v1/periods/prd-1/close"): PERIOD})
    with client:
        close_period(client, Console(), "prd-1", None, person="per-1")

    assert (asked[-1].headers["if-match"], asked[-1].content) == ('"7"', b'{"person":"per-1"}')


def units(**unit):
    item = {"unit": "unt-a", "unit_name": "城关镇党委", "unexplained": 0, "changes": [], "submission": None, **unit}
    return {"code": "2026H1", "counted_on": "2026-06-30", "items": [item], "total": 1, "waiting": 1}


SAID = {"id": "psb-1", "form": "handed_in", "person": "per-1", "on": "2026-07-01", "reason": None}


def test_what_changed_since_a_unit_handed_in_is_shown_with_both_figures():
    changes = [{"figure": "staff", "zh": "从业人员数", "en": "Staff", "handed_in": 1200, "now": 1220}]
    found = units(state="changed", submission=SAID, changes=changes)
    paths = {("GET", "/v1/periods/prd-1"): PERIOD, ("GET", "/v1/periods/prd-1/submissions"): found}
    client, _ = heli(paths)
    console = Console(width=120)
    with console.capture() as shown, client:
        print_units(client, console, "prd-1", None)

    assert "从业人员数 1,200 → 1,220" in shown.get()
    assert "还有 1 个机构未报送" in shown.get()


def test_what_a_unit_handed_in_is_returned_under_the_version_that_was_read():
    paths = {
        ("GET", "/v1/periods/prd-1"): PERIOD,
        ("GET", "/v1/periods/prd-1/submissions"): units(state="handed_in", submission=SAID),
        ("GET", "/v1/period-submissions/psb-1"): {"id": "psb-1", "version": 9},
        ("POST", "/v1/period-submissions/psb-1/close"): {},
    }
    client, asked = heli(paths)
    with client:
        return_unit(client, Console(), "prd-1", None, reporter="unt-a", reason="漏报一家企业")
        with pytest.raises(Refusal):
            return_unit(client, Console(), "prd-1", None, reporter="unt-b", reason="漏报一家企业")

    assert (asked[3].headers["if-match"], asked[3].url.path) == ('"9"', "/v1/period-submissions/psb-1/close")
