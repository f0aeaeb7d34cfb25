"""`heli census` against a running registry: what is printed, what is written, what is refused."""

import csv
import io
import re

import httpx
import openpyxl
import pytest
from rich.console import Console
from typer.testing import CliRunner

from heli_cli.client import Heli
from heli_cli.commands import census as commands
from heli_cli.main import app
from heli_cli.refusals import Refusal
from heli_cli.settings import read_settings
from registry.codes import code
from registry.conftest import COUNTY


@pytest.fixture
def heli(census, monkeypatch):
    """Return a function that runs `heli census …` against the registry of the fixture and returns what it prints."""
    registry = census.registry

    def answer(request: httpx.Request) -> httpx.Response:
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        target = request.url.raw_path.decode()
        found = registry.call(request.method, target, content=request.content, headers=headers)
        kept = {name: found.headers[name] for name in ("etag", "content-type") if name in found.headers}
        return httpx.Response(found.status_code, content=found.content, headers=kept)

    def client() -> Heli:
        settings = read_settings({"HELI_DATA": "data"})
        return Heli(settings, token=lambda: "secret", transport=httpx.MockTransport(answer))

    monkeypatch.setattr(commands, "open_heli", client)
    monkeypatch.setattr(commands, "open_console", lambda: Console(width=140, highlight=False))
    monkeypatch.setattr(commands, "past_day", lambda _given: registry.clock.today())

    def run(*words: str) -> list[str]:
        result = CliRunner().invoke(app, ["census", *words])
        if isinstance(result.exception, Refusal):
            raise result.exception
        assert result.exit_code == 0, result.output
        lines = (re.sub(r"[─\s]+", " ", line).strip() for line in result.output.splitlines())
        return [line for line in lines if line]

    return run


def test_a_census_is_set_up_and_listed(heli):
    made = heli("new", "园区普查", "--cut-off", "2026-06-30", "--division", COUNTY, "--id", "cen-2",
                "--optional", "individual_business", "--document", "合组通〔2026〕9号")  # fmt: skip

    assert made == ["已建立普查 cen-2：园区普查，截止 2026-06-30。 The census is set up."]
    assert heli("show")[1:] == [
        "cen-1 2026年普查 2026-06-30 990121000000 进行中 open",
        "cen-2 园区普查 2026-06-30 990121000000 进行中 open",
    ]


def test_the_funnel_is_printed_step_by_step(heli, census):
    census.add(code(1))
    census.add(code(2), has_premises=False)
    shown = heli("funnel", "cen-1")

    assert shown[0].startswith("2026年普查 截至 on 2026-06-30 口径 known at ")
    assert shown[2:6] == [
        "全部登记 registered 2", "1 after_cut_off 截止日期后才登记 – 2", "2 out_of_territory 不在本次普查区域 – 2",
        "3 duplicate 重复登记（一企多照） – 2",
    ]  # fmt: skip
    assert shown[12] == "10 no_premises 三有不符：无固定场所 1 1"
    assert shown[-2:] == ["base 底册 base 1", "统计分母 denominator of the statistics: 1"]
    assert heli("funnel", "cen-1", "--step", "no_premises")[1:] == [
        f"{code(2)} 企业{code(2)[-6:]} has_premises=否", "共 1 户，列出 1 户。 1 of 1 shown.",
    ]  # fmt: skip


def test_rows_and_gaps_are_written_as_files(heli, census, tmp_path):
    census.add(code(1), staff=None)
    census.add(code(2), has_premises=False)
    rows, asked = tmp_path / "rows.csv", tmp_path / "gaps.xlsx"

    assert heli("funnel", "cen-1", "--out", str(rows))[0].startswith("已写入")
    heli("gaps", "cen-1", "--unit", "unt-a", "--out", str(asked))
    lines = list(csv.reader(io.StringIO(rows.read_text("utf-8-sig"))))
    assert [(line[0], line[5]) for line in lines[1:]] == [(code(1), "base"), (code(2), "no_premises")]
    assert openpyxl.load_workbook(asked).active["A2"].value == code(1)
    with pytest.raises(Refusal, match=r"must end in \.xlsx or \.csv"):
        heli("gaps", "cen-1", "--out", str(tmp_path / "gaps.txt"))


def test_progress_and_gaps_are_printed(heli, census):
    census.add(code(1))
    census.add(code(2), staff=None, refreshed_on=None)
    census.registry.made(
        "/v1/census-checks", census="cen-1", enterprise=code(2), item="investors", answer="not_reachable"
    )

    shown = heli("show", "cen-1")
    assert shown[-2:] == ["城关镇党委 2 1 1 1 2 2 1", "合计 total 2 1 1 1 2 2 1"]
    assert heli("gaps", "cen-1")[1:] == [
        f"{code(2)} 企业{code(2)[-6:]} unt-a 2 台账更新日期、从业人员、核实出资人",
        "共 1 户，列出 1 户。 1 of 1 shown.",
    ]  # fmt: skip


def test_closing_pins_the_result(heli, census):
    census.add(code(1))
    told = heli("close", "cen-1")

    seq = census.get("funnel")["known_at"]
    assert told == [f"普查已结束，结果固定在台账序号 {seq:,}，底册 1 户。 The result stands as known at this seq."]
    assert "（已结束，结果固定 closed）" in heli("funnel", "cen-1")[0]


def test_a_census_that_is_not_there_is_refused_in_a_sentence(heli):
    with pytest.raises(Refusal, match=r"Refused: not-found"):
        heli("funnel", "cen-9")
