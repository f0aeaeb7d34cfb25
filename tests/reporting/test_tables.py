"""The same answer as a table: what is exported equals what the screen shows."""

import csv
import io

from reporting.world import World

QUERY = "/v1/statistics?measure=organization_coverage&measure=enterprise_count&measure=work_coverage_strict"


def lines(world: World, query: str, **headers: str) -> tuple[list[dict[str, str]], str]:
    answer = world.client.get(f"{query}&format=csv", headers={**world.admin, **headers})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text))), answer.headers["heli-permalink"]


def test_a_table_shows_the_figures_of_the_answer(world: World):
    table, permalink = lines(world, f"{QUERY}&by=division:town")
    answer = world.client.get(permalink, headers=world.admin).json()

    shown = [
        (
            line["乡镇街道 代码"],
            line["组织覆盖率"],
            line["组织覆盖率 分子"],
            line["组织覆盖率 分母"],
            line["实体运营非公企业数"],
        )
        for line in table
    ]
    wanted = [
        (
            row.get("division", {"code": ""})["code"],
            row["organization_coverage"]["value"],
            str(row["organization_coverage"]["numerator"]),
            str(row["organization_coverage"]["denominator"]),
            str(row["enterprise_count"]["value"]),
        )
        for row in [*answer["rows"], answer["total"]]
    ]
    assert shown == wanted
    assert table[-1]["乡镇街道"] == "合计"


def test_a_share_without_denominator_is_a_blank_cell_never_a_zero(world: World):
    table, permalink = lines(world, "/v1/statistics?measure=staff100_with_organization_rate")
    answer = world.client.get(permalink, headers=world.admin).json()
    value = answer["total"]["staff100_with_organization_rate"]["value"]

    assert next(iter(table[0].values())) == ("" if value is None else value)


def test_the_headings_follow_the_callers_language(world: World):
    table, _ = lines(world, f"{QUERY}&by=size", **{"Accept-Language": "en"})

    headings = ["Size code", "Size", "Organisation coverage", "Organisation coverage numerator"]
    assert list(table[0])[:4] == headings


def test_an_unknown_form_is_refused(world: World):
    assert world.client.get(f"{QUERY}&format=xml", headers=world.admin).status_code == 400
