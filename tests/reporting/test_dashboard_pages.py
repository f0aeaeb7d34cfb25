"""The configurations on the pages for other dashboards: what they ask is served, the columns they name are there."""

import json
import re
from pathlib import Path

import pytest
import yaml

from reporting.world import World

DOCS = Path(__file__).resolve().parents[2] / "docs" / "how-to"
PAGES = ("show-in-grafana", "show-in-superset", "show-in-metabase", "show-in-excel", "draw-with-echarts")
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks(page, language):
    return [text for kind, text in BLOCK.findall((DOCS / f"{page}.md").read_text(encoding="utf-8")) if kind == language]


@pytest.mark.parametrize("page", PAGES)
def test_every_address_on_a_page_is_served(world: World, page):
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    addresses = set(re.findall(r"/v1/statistics\?[^\"\s`]+", text))

    assert addresses
    for address in addresses:
        answer = world.get(address)
        assert answer.status_code == 200, (address, answer.text)


def test_the_panel_of_grafana_names_what_the_rows_hold(world: World):
    (panel,) = (json.loads(text) for text in blocks("show-in-grafana", "json") if "root_selector" in text)
    rows = world.get(panel["url"]).json()[panel["root_selector"]]

    assert {each["selector"] for each in panel["columns"]} <= set(rows[0])
    kinds = {each["selector"]: each["type"] for each in panel["columns"]}
    assert all(isinstance(rows[0][name], str) == (kind == "string") for name, kind in kinds.items())


def test_the_data_source_of_grafana_is_a_provisioning_file():
    (text,) = blocks("show-in-grafana", "yaml")
    (source,) = yaml.safe_load(text)["datasources"]

    assert source["type"] == "yesoreyeram-infinity-datasource"
    assert source["jsonData"]["oauth2"]["token_url"].endswith("/v1/tokens")


def test_the_query_of_excel_names_the_columns_of_the_rows(world: World):
    (query,) = (text for text in blocks("show-in-excel", "text") if "Table.FromRecords" in text)
    asked = dict(re.findall(r"(measure|by|format) = \"([^\"]+)\"", query))
    rows = world.get("/v1/statistics", **asked).json()["rows"]

    assert set(re.findall(r"\{\"(\w+)\", ", query)) == set(rows[0])


def test_the_table_for_metabase_has_the_columns_of_the_file(world: World):
    (table,) = (text for text in blocks("show-in-metabase", "sql") if "CREATE TABLE" in text)
    (address,) = set(
        re.findall(r"/v1/statistics\?[^\"\s`]+sdmx-csv", (DOCS / "show-in-metabase.md").read_text("utf-8"))
    )
    head = world.get(address).text.splitlines()[0].lower().split(",")

    assert re.findall(r"(\w+) (?:text|date|numeric|integer)\b", table) == head


def test_the_query_for_superset_runs_on_the_file(world: World, tmp_path):
    import duckdb

    (query,) = (text for text in blocks("show-in-superset", "sql") if "read_parquet" in text)
    (address,) = set(re.findall(r"/v1/statistics\?[^\"\s`]+parquet", (DOCS / "show-in-superset.md").read_text("utf-8")))
    file = tmp_path / "coverage.parquet"
    file.write_bytes(world.get(address).content)
    query = query.replace("/var/lib/heli-figures/coverage.parquet", str(file))
    lines = duckdb.connect().execute(query).fetchall()

    cell = world.statistics(measure="organization_coverage")["total"]["organization_coverage"]
    assert (sum(each[-2] for each in lines), sum(each[-1] for each in lines)) == (
        cell["numerator"],
        cell["denominator"],
    )


def test_the_chart_names_dimensions_of_the_dataset(world: World):
    (page,) = blocks("draw-with-echarts", "html")
    (address,) = re.findall(r"/v1/statistics\?[^\"]+", page)
    names = {each["name"] for each in world.get(address).json()["dataset"]["dimensions"]}

    assert set(re.findall(r"[xy]: \"(\w+)\"", page)) <= names
