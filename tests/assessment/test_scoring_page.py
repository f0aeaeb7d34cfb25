"""What docs/rules/scoring.md says is so: its rulebook passes, its table is right, its codes are the lint's."""

import re
from pathlib import Path

import pytest

from assessment.engine_support import one_item_book, plan_for, scored
from heli_assessment.engine.amounts import points_text
from heli_assessment.rulebooks import cases, findings, lint, lint_cases, lint_limits, lint_rules, lint_subjects
from heli_assessment.rulebooks.schema import language_schema
from heli_assessment.rulebooks.uploading import check_upload

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rules" / "scoring.md").read_text(encoding="utf-8")
BANDS = [{"below": 60, "points": 0}, {"at_least": 60, "below": 80, "points": "6.2"}, {"at_least": 80, "points": 10}]
LEVELS = [
    {"measure": "information_reports_province", "points": 3},
    {"measure": "information_reports_city", "points": 2},
]
KNOTS = [{"value": 0, "points": 0}, {"value": 60, "points": 5}, {"value": 100, "points": 10}]
SCORERS = [{"id": "a", "title": "甲", "maximum": 4}, {"id": "b", "title": "乙", "maximum": 6}]
RULES = {
    "per_occurrence": {"measure": "meetings", "points": "2.5"},
    "all_or_nothing": {"measure": "meetings", "at_least": 1},
    "graded": {"measure": "meetings", "bands": BANDS},
    "proportional": {"measure": "meetings", "target": 3},
    "missing_count": {"measure": "meetings", "target": 4, "points": "0.5"},
    "below_threshold": {"measure": "meetings", "threshold": "0.95", "step": "0.01", "points": 1},
    "bonus_per_level": {"levels": LEVELS},
    "conversion": {"measure": "meetings", "knots": KNOTS},
    "scorers": {"combine": "sum", "scorers": SCORERS},
    "sampled": {"population": "townships", "draw": 2},
}
NAMES = {
    "bonus_per_level": [level["measure"] for level in LEVELS],
    "scorers": ["mark:x.a", "mark:x.b"],
    "sampled": ["mark:x.1", "mark:x.2"],
}


def test_the_rulebook_on_the_page_passes_with_its_case():
    text = PAGE.split("```yaml\n")[1].split("```")[0]
    assert check_upload(text, is_json=False).warnings == ()


@pytest.mark.parametrize("kind", RULES)
def test_the_table_gives_the_points_of_the_engine(kind):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{kind}`"))
    *_, value, points = (cell.strip() for cell in row.strip("|").split("|"))
    rule = {"kind": kind} | RULES[kind]
    inputs = dict(zip(NAMES.get(kind, ["meetings"]), value.split(", "), strict=True))
    verdicts = scored(plan_for(one_item_book(rule)), [(None, inputs)])
    assert points_text(int(verdicts.low_scores[0])) == points


def test_the_page_names_every_code_of_the_lint_and_no_other():
    modules = (lint, lint_cases, lint_limits, lint_rules, lint_subjects, findings, cases)
    source = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in modules)
    codes = set(re.findall(r'(?:error|warning)\(\s*"([a-z_]+)"', source)) | {"case_failed"}
    codes |= {f"{name}_{fault}" for name in ("band", "grade") for fault in ("hole", "overlap", "empty")}
    section = PAGE.split("## Upload checks")[1].split("## Runs")[0]
    assert set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", section)) | {"unreachable", "cliff"} == codes


def test_the_page_names_every_kind_of_rule_and_every_tie():
    schema = language_schema()["$defs"]
    told = [each["properties"].get("kind", {}) for each in schema.values()]
    kinds = {each["const"] for each in told if "const" in each}
    table = PAGE.split("## Kinds of rule")[1].split("### Ranks")[0]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE)) == kinds
    ties = PAGE.split("### Ranks")[1].split("### Several")[0]
    listed = set(re.findall(r"^\| `([a-z]+)` \|", ties, re.MULTILINE)) - {"ties"}
    assert listed == set(schema["RankedModel"]["properties"]["ties"]["enum"])
