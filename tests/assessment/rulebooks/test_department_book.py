"""The example rulebook is clean, and each of its own parts is worth sixty points."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from heli_assessment.engine.book import PartKind
from heli_assessment.rulebooks.uploading import check_upload, stored_book

EXAMPLE = Path(__file__).resolve().parents[3] / "rulebooks" / "default" / "department.yaml"


@pytest.fixture(scope="module")
def checked():
    return check_upload(EXAMPLE.read_text(encoding="utf-8"), is_json=False)


def test_the_example_passes_lint_and_cases_without_a_warning(checked):
    assert checked.warnings == ()
    assert "示例" in checked.book.title
    assert len(checked.book.cases) >= 5


def test_each_department_has_forty_common_and_sixty_own_points(checked):
    inside = {part.id: part.maximum for part in checked.book.parts if part.kind in {PartKind.COMMON, PartKind.OWN}}
    assert inside.pop("common") == Decimal(40)
    assert set(inside.values()) == {Decimal(60)}
    assert len(inside) == len(checked.book.groups)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("县委组织部", "organization"),
        ("县委社会工作部", "social-work"),
        ("县委统战部", "united-front"),
        ("县市场监督管理局", "market-supervision"),
        ("县工业和信息化局", "industry"),
        ("县财政局", "finance"),
        ("国家税务总局示例县税务局", "tax"),
        ("县人力资源和社会保障局", "human-resources"),
        ("县总工会", "trade-union"),
        ("共青团示例县委", "youth-league"),
        ("县妇女联合会", "womens-federation"),
        ("县工商业联合会", "federation"),
        ("县商务局", "others"),
    ],
)
def test_a_department_is_recognised_by_its_name(checked, name, group):
    assert checked.book.group_of("unt-1", name) == group


def test_json_and_yaml_of_the_same_book_are_the_same_book(checked):
    again = check_upload(checked.body, is_json=True)
    assert (again.body, again.digest) == (checked.body, checked.digest)
    assert stored_book(checked.body) == checked.book


def test_the_example_is_plain_yaml_for_any_reader():
    assert yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["id"] == "department"
