# ruff: noqa: S608 -- table and column names come from the definitions
"""The classification, case by case, on one day; and its size classes against the published bounds."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heli_registry.enterprises.classes import classes_of
from heli_shared.statistics.compile import NAMES, compiled, definition_digest, expression
from heli_shared.statistics.facts import COLUMNS
from heli_shared.statistics.measures import MEASURES, ORGANIZATIONS, columns, get_measure, share
from heli_shared.statistics.sizes import size_of
from heli_shared.statistics.tables import TABLES

TYPES = {"text": "VARCHAR", "int": "BIGINT", "bool": "BOOLEAN", "date": "DATE", "decimal": "DECIMAL(20, 2)"}
DAY = date(2026, 6, 30)
USCC = "91330102MA00000000"
STANDARD = Path(__file__).parents[4] / "shared/data/reference/codes/sme_size_thresholds_2017.csv"


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    connection = duckdb.connect(config={"threads": 1})
    for name, fields in TABLES.items():
        typed = ", ".join(f'"{column}" {TYPES[kind]}' for column, kind in fields.items())
        connection.execute(f"CREATE TABLE {name} ({typed})")
    yield connection
    connection.close()


def _put(engine: Any, table: str, **fields: Any) -> None:
    given = {"valid_from": date(1950, 1, 1), "valid_to": date(9999, 12, 31), "state": "open", **fields}
    known = {name: value for name, value in given.items() if name in TABLES[table]}
    names = ", ".join(known)
    engine.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(known))})", list(known.values()))


def _facts(engine: Any, **given: Any) -> dict[str, Any]:
    """Return the facts of one enterprise; `uscc`, `day` and `links` (table, fields) are taken out of its fields."""
    uscc, day, links = given.pop("uscc", USCC), given.pop("day", DAY), given.pop("links", ())
    for table in TABLES:
        engine.execute(f"DELETE FROM {table}")
    _put(engine, "spine", uscc=uscc, day=day)
    _put(engine, "enterprises", key=uscc, **given)
    for n, (table, link) in enumerate(links):
        _put(engine, table, **{"key": f"{table}-{n}", "enterprise": uscc, **link})
    (row,) = engine.execute(compiled("facts")).fetchall()
    return dict(zip(COLUMNS, row, strict=True))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, None),
        ({"ownership": "private", "operation_state": "operating", "has_premises": True}, None),
        ({"state": "closed", "duplicate_of": "91"}, "closed"),
        ({"uscc": "51330102MA00000000", "duplicate_of": "91"}, "not_enterprise"),
        ({"duplicate_of": "91330102MA00000001", "is_branch_office": True}, "duplicate"),
        ({"is_branch_office": True, "ownership": "state_owned"}, "branch_office"),
        ({"ownership": "state_owned", "operation_state": "suspended"}, "state_owned"),
        ({"ownership": "collective"}, "collective"),
        ({"operation_state": "suspended", "has_premises": False}, "not_operating"),
        ({"operation_state": "closed_down"}, "not_operating"),
        ({"has_premises": False, "has_stable_staff": False}, "no_premises"),
        ({"has_stable_staff": False, "has_activity": False}, "no_staff"),
        ({"has_activity": False}, "no_activity"),
    ],
)
def test_the_first_reason_that_applies_takes_a_row_out_of_scope(
    engine: Any, fields: dict[str, Any], reason: str | None
) -> None:
    facts = _facts(engine, **fields)
    assert facts["scope_reason"] == reason
    assert facts["in_scope"] == (reason is None)


ORGANIZATION = ("organizations", {"key": "org-1", "setup_form": "regional"})
CLOSED = ("organizations", {"key": "org-1", "setup_form": "regional", "state": "closed"})


@pytest.mark.parametrize(
    ("links", "cover"),
    [
        ((), "none"),
        ((ORGANIZATION, ("covers", {"organization": "org-1", "form": "joint"})), "joint"),
        ((ORGANIZATION, ("covers", {"organization": "org-1"})), "regional"),
        ((("organizations", {"key": "org-1"}), ("covers", {"organization": "org-1"})), "other"),
        ((CLOSED, ("covers", {"organization": "org-1", "form": "sole"})), "none"),
        ((ORGANIZATION, ("covers", {"organization": "org-1", "form": "sole", "state": "closed"})), "none"),
        ((ORGANIZATION, ("covers", {"organization": "org-2", "form": "sole"})), "none"),
        (
            (
                ORGANIZATION,
                ("covers", {"organization": "org-1", "form": "attached"}),
                ("covers", {"organization": "org-1", "form": "sole"}),
            ),
            "sole",
        ),
    ],
)
def test_the_foremost_open_cover_of_an_open_organisation_counts(
    engine: Any, links: tuple[Any, ...], cover: str
) -> None:
    facts = _facts(engine, links=links)
    assert facts["organization_cover"] == cover
    assert facts["is_covered"] == (cover != "none") == facts["covered_in_scope"] != facts["without_organization"]


@pytest.mark.parametrize(
    ("link", "reached"),
    [
        (("assignments", {"role": "instructor"}), True),
        (("assignments", {"role": "liaison"}), True),
        (("assignments", {"role": "contact_leader"}), False),
        (("assignments", {"role": "instructor", "state": "closed"}), False),
        (("mass_organizations", {"kind": "union"}), True),
        (("mass_organizations", {"kind": "youth_league"}), True),
        (("mass_organizations", {"kind": "womens_federation"}), False),
        (("mass_organizations", {"kind": "union", "valid_from": date(2026, 7, 1)}), False),
    ],
)
def test_work_reaches_by_four_means(engine: Any, link: tuple[str, dict[str, Any]], *, reached: bool) -> None:
    facts = _facts(engine, links=(link,))
    assert facts["is_reached"] == reached == facts["reached_without_organization"] == facts["covered_or_reached"]


@pytest.mark.parametrize(
    ("fields", "class_"),
    [
        ({"full_members": 3}, "due"),
        ({"full_members": 2}, "has_members"),
        ({"probationary_members": 1}, "has_members"),
        ({}, "no_members"),
        ({"full_members": 3, "state": "closed"}, None),
    ],
)
def test_those_without_an_organisation_fall_into_three_classes(
    engine: Any, fields: dict[str, Any], class_: str | None
) -> None:
    assert _facts(engine, **fields)["not_established_class"] == class_


def test_before_its_first_date_a_threshold_is_reached_by_nobody(engine: Any) -> None:
    old = {"full_members": 5, "staff": 200}
    assert not _facts(engine, day=date(1982, 9, 5), **old)["due"]
    assert _facts(engine, day=date(1982, 9, 6), **old)["due"]
    assert not _facts(engine, day=date(2012, 2, 29), **old)["staff100"]
    assert _facts(engine, day=date(2012, 3, 1), **old)["staff100"]


@pytest.mark.parametrize(
    ("staff", "revenue", "above"),
    [(99, "19999999.99", False), (100, None, True), (None, "20000000.00", True), (None, None, False)],
)
def test_above_scale_by_staff_or_revenue(engine: Any, staff: int | None, revenue: str | None, *, above: bool) -> None:
    assert _facts(engine, staff=staff, annual_revenue=revenue)["is_above_scale"] == above


@pytest.mark.parametrize(
    ("industry", "staff", "revenue", "size"),
    [
        ("C1311", 1000, "400000000", "large"),
        ("C1311", 1000, "399999999.99", "medium"),
        ("C", 300, "20000000", "medium"),
        ("C1311", 299, "20000000", "small"),
        ("C1311", 19, "400000000", "micro"),
        ("C1311", None, "2999999.99", "micro"),
        ("C1311", 1000, None, None),
        ("F5211", 300, "200000000", "large"),
        ("F5137", 200, "400000000", "large"),
        ("G5300", 5000, "900000000", None),
        ("E4710", 5000, "900000000", None),
        ("E4710", None, "2999999", "micro"),
        ("K7020", 1000, "50000000", "large"),
        ("K7030", 300, None, "large"),
        ("L7211", 9, None, "micro"),
        ("Q8512", 100, None, "medium"),
        ("Q8411", 100, None, None),
        (None, 100, "1", None),
    ],
)
def test_size_by_the_standard_of_2017(
    engine: Any, industry: str | None, staff: int | None, revenue: str | None, size: str | None
) -> None:
    facts = _facts(engine, industry=industry, staff=staff, annual_revenue=revenue)
    record = {"industry": industry, "staff": staff, "annual_revenue": revenue}
    assert facts["size_class"] == size
    assert size_of(record, date(2026, 7, 1)).size_class == size
    assert _facts(engine, day=date(2017, 12, 27), industry="C1311", staff=1)["size_class"] is None


def test_bounds_are_those_of_the_published_table(engine: Any) -> None:
    if not STANDARD.exists():
        pytest.skip(f"the published table is not beside the project: {STANDARD.name}")
    letters = {"5": "F", "51": "F", "52": "F", "53": "G", "54": "G", "59": "G", "60": "G", "61": "H", "62": "H"}
    letters |= {"63": "I", "64": "I", "65": "I", "70": "K"} | {f"{n}": "G" for n in range(53, 61)}
    tested = 0
    with STANDARD.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            unit = 10_000 if row["单位"] == "万元" else 1
            field = {"从业人员": "staff", "营业收入": "annual_revenue", "资产总额": "total_assets"}[row["指标"]]
            others = {"staff": 10**9, "annual_revenue": 10**12, "total_assets": 10**12}
            for code in row["GB/T4754-2017代码"].replace("社会工作(85)", "Q85").split(";"):
                industry = code if code[0].isalpha() else letters[code[:2]] + code
                for column, name in (("大型下限(>=)", "large"), ("中型下限(>=)", "medium"), ("小型下限(>=)", "small")):
                    bound = int(row[column]) * unit
                    values = {**others, field: bound}
                    assert _facts(engine, industry=industry, **values)["size_class"] == name, (industry, field)
                    lower = {"large": "medium", "medium": "small", "small": "micro"}[name]
                    less = {**values, field: bound - 1}
                    assert _facts(engine, industry=industry, **less)["size_class"] == lower
                    assert size_of({"industry": industry, **less}, date(2026, 7, 1)).size_class == lower
                    tested += 1
    assert tested > 80


def test_industry_levels_are_known_only_as_far_as_the_code_goes(engine: Any) -> None:
    levels = ("industry_section", "industry_division", "industry_class")
    assert [_facts(engine, industry="C1311")[level] for level in levels] == ["C", "C13", "C1311"]
    assert [_facts(engine, industry="C131")[level] for level in levels] == ["C", "C13", None]
    assert [_facts(engine, industry="C")[level] for level in levels] == ["C", None, None]


def test_the_worked_table_of_the_documentation(engine: Any) -> None:
    sole = (ORGANIZATION, ("covers", {"organization": "org-1", "form": "sole"}))
    joint = (ORGANIZATION, ("covers", {"organization": "org-1", "form": "joint"}))
    union = ("mass_organizations", {"kind": "union"})
    cases: dict[str, dict[str, Any]] = {
        "A": {"full_members": 4, "staff": 120, "links": (*sole, union)},
        "B": {"full_members": 3, "staff": 60, "links": (("assignments", {"role": "instructor"}),)},
        "C": {"full_members": 1, "staff": 55, "operation_state": None, "links": joint},
        "D": {
            "full_members": 0,
            "staff": 20,
            "links": (
                CLOSED,
                ("covers", {"organization": "org-1", "form": "joint"}),
                ("mass_organizations", {"kind": "womens_federation"}),
            ),
        },
        "E": {"full_members": None, "staff": 101},
        "F": {"full_members": 5, "staff": 80, "operation_state": "suspended", "links": sole},
        "G": {"full_members": 9, "staff": 300, "ownership": "state_owned", "links": (*sole, union)},
    }
    rows = {name: _facts(engine, **{"ownership": "private", **fields}) for name, fields in cases.items()}
    counted = {}
    for measure in MEASURES.values():
        if measure.subject != ORGANIZATIONS and measure.denominator is not None:
            parts = (measure.numerator, measure.denominator)
            top, bottom = ("".join(name for name, row in rows.items() if row[part]) for part in parts)
            counted[measure.id] = (top, bottom, str(share(len(top), len(bottom))))
    assert counted == {
        "organization_coverage": ("AC", "ABCDE", "0.4000"),
        "sole_setup_rate": ("A", "ABCDE", "0.2000"),
        "work_coverage_strict": ("B", "BDE", "0.3333"),
        "work_coverage_broad": ("ABC", "ABCDE", "0.6000"),
        "due_established_rate": ("A", "AB", "0.5000"),
        "staff50_with_member_rate": ("ABC", "ABCE", "0.7500"),
        "staff100_with_organization_rate": ("A", "AE", "0.5000"),
        "above_scale_sole_rate": ("A", "AE", "0.5000"),
    }


def test_measures_name_columns_of_the_facts() -> None:
    enterprise_measures = [m for m in MEASURES.values() if m.subject != ORGANIZATIONS]
    assert set(columns(enterprise_measures)) <= set(COLUMNS)
    assert get_measure("organization_coverage").base == "in_scope"
    assert share(0, 0) is None
    assert str(share(1, 8)) == "0.1250"
    assert str(share(2, 3)) == "0.6667"


@pytest.mark.parametrize("dialect", ["duckdb", "clickhouse", "pyspark"])
def test_definitions_compile_for_each_engine(dialect: str) -> None:
    for name in NAMES:
        assert "SELECT" in compiled(name, dialect)
    assert expression("facts").columns == COLUMNS


def test_the_digest_names_the_definitions() -> None:
    assert len(definition_digest()) == 64


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(["A0111", "C1311", "E4710", "F5137", "K7010", "K7020", "L7211", "Q8411", None]),
    st.none() | st.sampled_from([0, 5, 19, 20, 100, 299, 300, 1_000]),
    st.none() | st.sampled_from(["0", "4999999.99", "30000000", "800000000"]),
    st.none() | st.sampled_from(["0", "20000000", "50000000", "1200000000"]),
)
def test_a_single_record_has_the_size_that_the_column_has(
    engine: Any, industry: str | None, staff: int | None, revenue: str | None, assets: str | None
) -> None:
    record = {"industry": industry, "staff": staff, "annual_revenue": revenue, "total_assets": assets}
    assert _facts(engine, **record)["size_class"] == size_of(record, DAY).size_class


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.none() | st.integers(0, 120),
    st.none() | st.sampled_from(["0", "19999999.99", "20000000.00"]),
    st.none() | st.integers(0, 5),
    st.dates(date(1980, 1, 1), DAY),
)
def test_a_single_record_reaches_what_the_columns_say(
    engine: Any, staff: int | None, revenue: str | None, members: int | None, day: date
) -> None:
    record = {"staff": staff, "annual_revenue": revenue, "full_members": members}
    facts, classes = _facts(engine, day=day, **record), classes_of(record, day)
    reached = {each.name: bool(each.reached) for each in classes.thresholds}
    assert facts["is_above_scale"] == classes.is_above_scale
    assert [facts[name] for name in ("is_due", "has_staff50", "has_staff100")] == [
        reached[name] for name in ("branch_due", "member_due", "organization_due")
    ]
