"""The rulebooks in rulebooks/: silent in the lint, complete in what they say, right in their cases and sums."""

import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest

from assessment.books import DEFAULTS, EXAMPLES, FILES, FOLDER, items_of, plain
from assessment.naive_ranks import grades_after_quotas, rank_of_each
from assessment.naive_scorer import score_subject
from heli_assessment.rulebooks.uploading import check_upload, stored_book

GRADES_ONLY = {"r15-badong-stars", "r17-grading-2012", "r18-conduct-grades"}
# The sums that the published tables state themselves: book, part, the points of its items in order.
SUMS = [
    ("r01-shicheng-departments", "common", "8 1 3 3 10 5 2 3 5", 40),
    ("r01-shicheng-departments", "own-organization", "40 10 10", 60),
    ("r01-shicheng-departments", "own-industry", "35 25", 60),
    ("r01-shicheng-departments", "own-development", "20 20 10 10", 60),
    ("r01-shicheng-departments", "own-human-resources", "20 15 20 5", 60),
    ("r01-shicheng-departments", "own-finance", "25 25 10", 60),
    ("r01-shicheng-departments", "own-market-supervision", "20 20 20", 60),
    ("r01-shicheng-departments", "own-public-security", "30 30", 60),
    ("r01-shicheng-departments", "own-park", "40 20", 60),
    ("r01-shicheng-departments", "own-statistics", "30 20 10", 60),
    ("r01-shicheng-departments", "own-transport", "60", 60),
    ("r09-hubei-organizations", "structure", "8 3 4", 15),
    ("r09-hubei-organizations", "teams", "5 2 5 3 2 4 2 2", 25),
    ("r10-tianjin-five-good", "good-team", "3 3 3 4 4", 17),
    ("r14-activity-site", "room", "4 4 5 5 4 4 4 4 4 4 4 4", 50),
    ("r21-policy-delivery", "leadership", "2 1 11", 14),
    ("r22-fuding-first-person", "first-person", "10 10 10 10 10 10 10", 70),
    ("r23-shicheng-townships", "first", "5 4 2 2 11 7", 31),
]
QUARTERS = {"q1": "9 9 9 10 9 9", "q2": "8 8 8 7 8 8 8", "q3": "7 8 8 8 8 8 8"}
EVIDENCE = {
    "documents": "查资料",
    "ledgers": "查台账",
    "site": "看现场",
    "minutes": "查会议记录",
    "talks": "座谈走访",
    "survey": "测评问卷",
    "data": "取系统数据",
}


def part_of(name, part):
    return next(each for each in plain(name)["parts"] if each["id"] == part)


@pytest.mark.parametrize("name", FILES)
def test_every_book_passes_lint_and_cases_without_a_warning(name):
    checked = check_upload(FILES[name].read_text(encoding="utf-8"), is_json=False)
    assert checked.warnings == ()
    assert checked.book.id == name
    assert len(checked.book.cases) >= 3


@pytest.mark.parametrize("name", FILES)
def test_a_book_is_read_back_from_the_store_as_it_was(name):
    checked = check_upload(FILES[name].read_text(encoding="utf-8"), is_json=False)
    assert stored_book(checked.body) == checked.book
    assert check_upload(checked.body, is_json=True).digest == checked.digest


@pytest.mark.parametrize("name", FILES)
def test_every_case_comes_out_the_same_by_the_naive_scorer(name):
    book = plain(name)
    for case in book["cases"]:
        subjects = case.get("subjects") or [case]
        pairs = [(each.get("group"), each["values"]) for each in subjects]
        results = []
        for at, (group, values) in enumerate(pairs):
            peers = pairs[:at] + pairs[at + 1 :] or given_others(case)
            results.append(score_subject(book, group, values, peers))
        grades = [grade for *_, grade in results]
        if len(subjects) > 1:
            grades = grades_after_quotas(book, [group for group, _ in pairs], results)
        ranks = rank_of_each(book, results)
        for each, (points, low, high, _), grade, rank in zip(subjects, results, grades, ranks, strict=True):
            expect = each["expect"]
            got = {
                "score": low,
                "low": low,
                "high": high,
                "grade": "取消资格" if grade == "none" else grade,
                "rank": rank,
            }
            told = {key: value for key, value in expect.items() if key not in {"items", "triggers"}}
            told = {key: Fraction(value) if key in {"score", "low", "high"} else value for key, value in told.items()}
            assert {key: got[key] for key in told} == told, case["title"]
            wanted = {item: Fraction(value) for item, value in expect.get("items", {}).items()}
            assert {item: points[item] for item in wanted} == wanted, case["title"]


def given_others(case):
    """Return the others that a case of one subject gives, as subjects of their own."""
    others = case.get("others", {})
    length = max((len(values) for values in others.values()), default=0)
    rows = [{key: values[n] for key, values in others.items() if n < len(values)} for n in range(length)]
    absent = dict.fromkeys(others, "not_applicable")
    return [(case.get("group"), absent | row) for row in rows]


@pytest.mark.parametrize("name", FILES)
def test_every_item_says_what_it_rests_on_how_it_is_verified_and_by_whom(name):
    for item in items_of(plain(name)):
        assert item["basis"]["document"], item["id"]
        assert item["basis"]["clause"], item["id"]
        assert item["scorer"], item["id"]
        assert item["missing"] in {"range", "zero", "full"}, item["id"]
        assert item["evidence_kinds"], item["id"]
        # What a clerk reads and what a program reads must be the same.
        assert all(EVIDENCE[kind] in item["evidence"] for kind in item["evidence_kinds"]), item["id"]


@pytest.mark.parametrize("name", FILES)
def test_who_gives_a_mark_is_told_what_to_fill_in(name):
    told = re.compile(r"填|评分栏：")
    for item in items_of(plain(name)):
        rule = item["rule"]
        listed = rule.get("levels", []) + rule.get("of", []) or [rule]
        if any(str(each.get("measure")).startswith("mark") for each in listed) or rule["kind"] in {
            "scorers",
            "sampled",
        }:
            assert told.search(item["evidence"]), item["id"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_says_how_far_its_source_was_read(name):
    head = FILES[name].read_text(encoding="utf-8").split("\nid: ")[0]
    assert re.search(r"示例 \[V(-shape)?\]", head)
    assert f"R{int(name[1:3])}" in head
    assert "示例" in plain(name)["title"]


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_default_is_labelled_as_nobodys_law(name):
    book = plain(name)
    assert "示例" in book["title"]
    based = [book, *items_of(book), *book.get("vetoes", []), *book.get("caps", [])]
    assert {each["basis"]["document"] for each in based} == {"示例默认值"}
    assert book["maximum"] == 100


def test_there_is_a_default_for_every_kind_of_subject_that_the_issue_names():
    assert DEFAULTS == ["department", "instructor", "organization", "secretary", "township"]
    assert {plain(name)["subject_kind"] for name in DEFAULTS} == set(DEFAULTS)


@pytest.mark.parametrize(("name", "part", "points", "total"), SUMS)
def test_the_sums_that_a_table_states_are_those_of_the_book(name, part, points, total):
    found = part_of(name, part)
    assert [Decimal(item["maximum"]) for item in found["items"]] == [Decimal(each) for each in points.split()]
    assert found["maximum"] == total == sum(map(int, points.split()))


def test_each_quarter_of_yangling_sums_to_the_same_55():
    found = part_of("r02-yangling-quarters", "united-front")
    for quarter, points in QUARTERS.items():
        ours = [item["maximum"] for item in found["items"] if item["window"] == quarter]
        assert ours == [int(each) for each in points.split()]
        assert sum(ours) == found["maximum"] == 55
    assert found["mean_of"] == list(QUARTERS)


def test_eleven_points_of_four_offices_and_a_hundred_of_the_townships():
    tasks = next(item for item in items_of(plain("r21-policy-delivery")) if item["id"] == "tasks")
    assert [seat["maximum"] for seat in tasks["rule"]["scorers"]] == [4, 3, Decimal("2.5"), Decimal("1.5")]
    inside = [part["maximum"] for part in plain("r23-shicheng-townships")["parts"] if part["kind"] == "common"]
    assert inside == [31, 2, 15, 45, 7]


def test_every_shape_of_the_language_is_used_by_some_book():
    books = [plain(name) for name in FILES]
    kinds = Counter(item["rule"]["kind"] for book in books for item in items_of(book))
    assert set(kinds) == {
        "per_occurrence", "all_or_nothing", "graded", "proportional", "missing_count", "below_threshold",
        "bonus_per_level", "penalty", "conversion", "ranked", "scorers", "sampled", "deductions",
    }  # fmt: skip
    assert any("stars" in book for book in books)
    assert any(item.get("each") for book in books for item in items_of(book))
    assert any("mean_of" in part for book in books for part in book["parts"])
    assert any(
        "beyond" in level for book in books for item in items_of(book) for level in item["rule"].get("levels", [])
    )
    assert any("running" in each for book in books for each in book.get("consequences", []))
    assert any("subjects" in case for book in books for case in book["cases"])
    assert any("quota" in grade for book in books for grade in book["grades"])
    assert any("look_back" in limit for book in books for limit in book.get("vetoes", []))
    assert any(item.get("not_applicable") == "excluded" for book in books for item in items_of(book))


def test_books_lie_nowhere_else():
    assert {path.parent.name for path in FOLDER.rglob("*.yaml")} == {"default", "examples"}
    assert not GRADES_ONLY - set(EXAMPLES)
    unchecked = [name for name in EXAMPLES if name not in GRADES_ONLY and "自检" not in str(plain(name)["cases"])]
    assert unchecked == [
        "r05-wenzhou-ranks",
        "r06-rank-tables",
        "r13-chahe-first-nine",
        "r19-six-good",
    ]  # their sums are not in the source


def test_the_page_lists_every_book_with_its_numbers():
    page = (FOLDER.parent / "docs" / "rules" / "rulebooks.md").read_text(encoding="utf-8")
    listed = re.findall(
        r"^\| `(\w+)/([\w-]+)\.yaml` \| \S+ [^|]+ \| (\d+) \| (\d+) \| (\d+) \|", page, flags=re.MULTILINE
    )
    books = {name: plain(name) for name in FILES}
    assert {(folder, name): tuple(map(int, numbers)) for folder, name, *numbers in listed} == {
        (FILES[name].parent.name, name): (book["maximum"], len(items_of(book)), len(book["cases"]))
        for name, book in books.items()
    }


def test_every_number_of_a_source_that_a_basis_names_is_on_the_page():
    page = (FOLDER.parent / "docs" / "rules" / "rulebooks.md").read_text(encoding="utf-8")
    told = set(re.findall(r"\| (R\d+) \|", page))
    used = {number for path in FILES.values() for number in re.findall(r"\bR\d+\b", path.read_text(encoding="utf-8"))}
    assert used
    assert used <= told
