import csv
import tracemalloc
from collections import Counter
from datetime import date

import pytest
from stdnum.cn import uscc

from heli_cli.demo.calendar import Calendar
from heli_cli.demo.county import USUAL_SEED, USUAL_SIZE, county
from heli_cli.demo.enterprises import enterprise_at
from heli_cli.demo.files import COLUMNS, write_files
from heli_cli.demo.places import DEPARTMENTS, PARKS, TOWNS
from heli_cli.demo.record import KINDS, Record

ON = date(2026, 6, 30)
REFERENCES = {
    "division": "divisions",
    "parent": None,  # of its own kind
    "zone": "zones",
    "unit": "units",
    "responsible_unit": "units",
    "enterprise": "enterprises",
    "duplicate_of": "enterprises",
    "organization": "party-organizations",
    "person": "people",
    "assignment": "assignments",
    "plan": "plans",
}


@pytest.fixture(scope="module")
def records():
    return list(county(USUAL_SIZE, USUAL_SEED, ON))


@pytest.fixture(scope="module")
def by_kind(records):
    found: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
    for record in records:
        if record.operation == "create":
            assert record.key not in found[record.kind], record
            found[record.kind][record.key] = record
    return found


def test_the_same_seed_and_day_give_the_same_county(records):
    assert list(county(USUAL_SIZE, USUAL_SEED, ON)) == records


def test_another_seed_gives_another_county(records):
    assert list(county(USUAL_SIZE, USUAL_SEED + 1, ON)) != records


def test_a_larger_county_begins_with_the_same_enterprises():
    calendar = Calendar(ON)
    small = [record for record in county(50, 7, ON) if record.kind == "enterprises" and record.operation == "create"]

    assert [record.key for record in small] == [enterprise_at(number, 7, calendar).uscc for number in range(50)]


def test_the_county_has_the_size_that_was_promised(by_kind):
    counts = {kind: len(found) for kind, found in by_kind.items()}

    assert counts["enterprises"] == USUAL_SIZE
    assert len(TOWNS) == 14
    assert len(PARKS) == 2
    assert len(DEPARTMENTS) == 16
    assert 230 <= counts["party-organizations"] <= 290
    assert counts["covers"] > 800
    assert all(counts[kind] > 0 for kind in KINDS)


def test_every_credit_code_is_valid_and_of_the_fictional_county(by_kind):
    codes = list(by_kind["enterprises"])

    assert [uscc.validate(code) for code in codes] == codes
    assert {code[2:8] for code in codes} == {"990121"}


def test_every_reference_points_to_a_record_of_the_county(by_kind):
    for kind, found in by_kind.items():
        for record in found.values():
            for field, target in REFERENCES.items():
                if field in record.fields:
                    assert record.fields[field] in by_kind[target or kind], (record, field)


def test_superiors_are_organizations_or_units(by_kind):
    known = {*by_kind["party-organizations"], *by_kind["units"]}

    assert {record.fields["superior"] for record in by_kind["affiliations"].values()} <= known


def test_a_record_takes_effect_after_what_it_refers_to_and_never_in_the_future(records, by_kind):
    for record in records:
        assert record.effective_on <= ON
        if record.operation == "close":
            assert record.effective_on >= by_kind[record.kind][record.key].effective_on
            continue
        for field, target in REFERENCES.items():
            if field in record.fields:
                assert by_kind[target or record.kind][record.fields[field]].effective_on <= record.effective_on, record


def test_days_in_fields_lie_in_the_past(records):
    for record in records:
        for field in ("registered_on", "established_on", "elected_on", "held_on", "done_on", "refreshed_on"):
            assert record.fields.get(field, "") <= ON.isoformat(), record


def test_organizations_keep_the_rules_that_refuse(by_kind):
    for record in by_kind["party-organizations"].values():
        fields = record.fields
        members = fields["full_members"] + fields["probationary_members"]
        fewest = {"committee": 100, "general_branch": 50}.get(fields["kind"], 3)
        assert fields["full_members"] >= 3, record
        assert members >= fewest or (fields["exception_document"] and fields["exception_body"]), record
        assert ("extension_until" in fields) == ("extension_document" in fields)


def test_the_county_has_every_kind_and_its_troubles(by_kind):
    organizations = by_kind["party-organizations"].values()
    kinds = {record.fields["kind"] for record in organizations}
    widths = Counter(record.fields["organization"] for record in by_kind["covers"].values())
    wide = [r for r in organizations if r.fields["kind"] == "joint_branch" and widths[r.key] > 5]
    late = [r for r in organizations if r.fields["kind"] == "branch" and r.fields["elected_on"] < "2023-06-30"]
    loads = Counter(r.fields["person"] for r in by_kind["assignments"].values() if r.fields["role"] == "instructor")
    tasks = by_kind["tasks"].values()

    assert kinds == {"branch", "joint_branch", "general_branch", "committee", "temporary_branch", "functional"}
    assert wide
    assert late
    assert max(loads.values()) > 3
    assert {r.fields["role"] for r in by_kind["assignments"].values()} == {
        "secretary",
        "instructor",
        "liaison",
        "contact_leader",
    }
    assert {r.fields["kind"] for r in by_kind["mass-organizations"].values()} == {
        "union",
        "youth_league",
        "womens_federation",
    }
    assert [r for r in tasks if r.fields["due_on"] < "2026-06-30" and "done_on" not in r.fields]
    assert [r for r in tasks if "done_on" in r.fields]


def test_townships_differ_in_what_they_cover(by_kind):
    covered = {record.fields["enterprise"] for record in by_kind["covers"].values()}
    whole: Counter[str] = Counter()
    part: Counter[str] = Counter()
    for key, record in by_kind["enterprises"].items():
        whole[record.fields["division"][6:9]] += 1
        part[record.fields["division"][6:9]] += key in covered
    shares = [part[town] / whole[town] for town in whole]

    assert len(shares) == 14
    assert min(shares) < 0.2
    assert max(shares) > 0.4


def test_names_of_enterprises_and_organizations_are_unique(by_kind):
    for kind in ("enterprises", "party-organizations"):
        names = [record.fields["name"] for record in by_kind[kind].values()]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2024, 2, 29), date(2026, 12, 31)])
def test_any_day_of_the_year_gives_a_county(on):
    records = list(county(300, 1, on))

    assert all(record.effective_on <= on for record in records)


def test_a_large_county_is_generated_without_being_held():
    def peak(size):
        tracemalloc.start()
        for _ in county(size, 1, ON):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(12_000) < peak(3_000) + 1_000_000


def test_files_hold_every_record_once_in_the_columns_of_their_kind(tmp_path, records):
    counts = write_files(iter(records), tmp_path)

    assert sum(counts.values()) == len(records)
    for kind, columns in COLUMNS.items():
        with (tmp_path / f"{kind}.csv").open(encoding="utf-8-sig", newline="") as stream:
            header, *rows = csv.reader(stream)
        assert tuple(header) == columns
        assert len(rows) == counts[kind]


def test_no_field_is_lost_in_the_files(records):
    lost = {
        (record.kind, name)
        for record in records
        if record.operation == "create"
        for name in record.fields
        if name not in COLUMNS[record.kind]
    }

    assert lost == set()
