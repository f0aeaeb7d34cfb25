"""Published figures: two definitions are not one series; the country's own are the example."""

from decimal import Decimal
from pathlib import Path

import pytest

from heli_reporting.external_series.domain import turns_of
from heli_reporting.external_series.repository import read
from reporting.world import World

NATIONAL = "national_enterprise_coverage"
PATH = f"/v1/external-series/{NATIONAL}"


def test_the_shares_of_2012_and_2013_do_not_make_one_series(world: World):
    refused = world.get(PATH)
    shown = world.get(PATH, breaks="show").json()

    assert (refused.status_code, refused.json()["breaks"]) == (422, ["2013-12-31", "2018-12-31", "2021-12-31"])
    assert shown["breaks"][0] == {"on": "2013-12-31", "before": "eligible_enterprises", "after": "all_enterprises"}
    years = {value["on"][:4]: value for value in shown["values"]}
    assert (years["2012"]["share"], years["2013"]["share"]) == ("0.9995", "0.5840")
    assert all(value["source"] and value["definition"] for value in shown["values"])
    assert {each["id"] for each in shown["definitions"]} >= {value["definition"] for value in shown["values"]}


@pytest.mark.parametrize(("definition", "years"), [("eligible_enterprises", 3), ("all_enterprises", 5)])
def test_the_values_of_one_definition_are_a_series(world: World, definition, years):
    found = world.get(PATH, definition=definition).json()
    assert (len(found["values"]), found["breaks"]) == (years, [])


def test_the_denominators_told_by_count_and_share_are_those_worked_out_by_hand(tmp_path: Path):
    values = read(tmp_path)[NATIONAL].values
    told = {v.on.year: round(Decimal(v.count) / v.share / 1000) for v in values if v.count and v.share}
    assert {year: told[year] for year in (2012, 2013, 2014, 2015, 2016, 2017)} == {
        2012: 1476, 2013: 2786, 2014: 2974, 2015: 3093, 2016: 2732, 2017: 2568,
    }  # fmt: skip


def test_the_catalogue_lists_them_in_both_languages(world: World):
    assert [each["id"] for each in world.get("/v1/external-series").json()["items"]] == [NATIONAL]
    english = world.client.get("/v1/external-series", headers={**world.admin, "Accept-Language": "en"}).json()
    assert english["items"][0]["name"] == "Coverage of non-public enterprises, the country"


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/external-series/none", 404), (f"{PATH}?definition=x", 400), (f"{PATH}?breaks=x", 400)]
)
def test_what_is_not_there_is_refused(world: World, path, status):
    assert world.get(path).status_code == status


OWN = """
county_coverage:
  zh: 本县公报
  en: Our bulletin
  definitions: {all: {zh: 全部, en: All, unit: enterprises}}
  values:
    - {day: 2024-12-31, definition: all, count: 12, source: 公报, confirmed: true}
    - {day: 2025-12-31, definition: all, share: "0.5", source: 公报, confirmed: true}
"""


def test_a_place_adds_its_own_series_as_a_file(tmp_path: Path):
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    found = read(tmp_path)["county_coverage"]
    assert [value.count for value in found.values] == [12, None]
    assert turns_of(found.values) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("definition: all, count", "definition: other, count"),
        ("2025-12-31", "2024-12-31"),
        (', share: "0.5"', ""),
        ("county_coverage", NATIONAL),
        ("zh: 本县公报", "title: x"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_not_read(tmp_path: Path, old, new):
    (tmp_path / "own.yaml").write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=r"value|definition|twice|Field|order"):
        read(tmp_path)
