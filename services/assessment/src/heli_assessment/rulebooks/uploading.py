"""An uploaded text made into a checked rulebook: read, shaped, linted, its cases run."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from heli_assessment.engine.book import Rulebook
from heli_assessment.measures.domain import catalogue
from heli_assessment.rulebooks.cases import failing_cases
from heli_assessment.rulebooks.findings import Finding
from heli_assessment.rulebooks.lint import lint
from heli_assessment.rulebooks.reading import (
    MOST_PROBLEMS,
    Document,
    PlacedProblem,
    pointer_token,
    read_json,
    read_yaml,
    refuse,
)
from heli_assessment.rulebooks.schema import RulebookModel
from heli_shared.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class CheckedBook:
    """A rulebook that may be stored: its canonical JSON, the digest of that, and what the lint warns of."""

    book: Rulebook
    body: str
    digest: str
    warnings: tuple[Finding, ...]


def check_upload(text: str, *, is_json: bool) -> CheckedBook:
    """Return the checked book of an upload; InvalidInput lists everything that is wrong with it."""
    document, model = _read(text, is_json=is_json)
    book = model.built()
    findings = findings_of(book)
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        found = [document.problem(each.pointer, each.zh, each.en, each.code) for each in errors[:MOST_PROBLEMS]]
        raise refuse(found)
    body = canonical_body(model)
    return CheckedBook(book, body, hashlib.sha256(body.encode()).hexdigest(), tuple(findings))


def findings_of(book: Rulebook) -> list[Finding]:
    """Return what the lint finds and, where that is no error, the cases that fail."""
    findings = lint(book, catalogue())
    if any(finding.severity == "error" for finding in findings):
        return findings
    return findings + failing_cases(book)


def lint_text(text: str, *, is_json: bool) -> list[tuple[str, PlacedProblem]]:
    """Return (severity, problem) of everything found in a text, with places; nothing is stored."""
    try:
        document, model = _read(text, is_json=is_json)
    except InvalidInput as error:
        return [("error", each) for each in error.errors if isinstance(each, PlacedProblem)]
    return [
        (each.severity, document.problem(each.pointer, each.zh, each.en, each.code))
        for each in findings_of(model.built())
    ]


def _read(text: str, *, is_json: bool) -> tuple[Document, RulebookModel]:
    document = read_json(text) if is_json else read_yaml(text)
    return document, _model_of(document)


def canonical_body(model: RulebookModel) -> str:
    """Return the one JSON text of a book: sorted names, decimals as shortest text, no spaces."""
    return json.dumps(model.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def stored_book(body: str) -> Rulebook:
    """Return the rulebook of a stored canonical body."""
    return RulebookModel.model_validate(read_json(body).value).built()


def _model_of(document: Document) -> RulebookModel:
    if not isinstance(document.value, dict):
        raise refuse([document.problem("", "最外层应为对象", "the outermost value must be a mapping")])
    try:
        return RulebookModel.model_validate(document.value)
    except ValidationError as error:
        errors = error.errors(include_input=False, include_url=False)[:MOST_PROBLEMS]
        raise refuse([_problem(document, each) for each in errors]) from None


_SENTENCES = {
    "missing": ("缺少必填内容", "is required"),
    "extra_forbidden": ("没有这个字段，请检查拼写", "is not a field here; check its spelling"),
    "string_type": ("应为文字", "must be text"),
    "string_too_short": ("不能为空", "must not be empty"),
    "string_too_long": ("超过最大长度 {max_length}", "is longer than {max_length} characters"),
    "string_pattern_mismatch": ("格式不符合要求：{pattern}", "must match {pattern}"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "list_type": ("应为列表", "must be a list"),
    "dict_type": ("应为对象", "must be a mapping"),
    "model_type": ("应为对象", "must be a mapping"),
    "model_attributes_type": ("应为对象", "must be a mapping"),
    "too_short": ("至少 {min_length} 项", "needs at least {min_length}"),
    "too_long": ("最多 {max_length} 项", "has more than {max_length} items"),
    "literal_error": ("应为以下之一：{expected}", "must be one of {expected}"),
    "union_tag_invalid": ("规则种类应为以下之一：{expected_tags}", "the kind must be one of {expected_tags}"),
    "union_tag_not_found": ("规则缺少种类 kind", "a rule needs its kind"),
    "greater_than": ("应大于 {gt}", "must be above {gt}"),
    "decimal_form": ("应为小数，例如 12.5", "must be a decimal such as 12.5"),
    "decimal_range": ("应在 {least} 与 {most} 之间", "must be from {least} to {most}"),
    "decimal_places": ("最多 {places} 位小数", "must have at most {places} decimals"),
    "count_form": ("应为整数", "must be a whole number"),
    "less_than_equal": ("应不大于 {le}", "must be at most {le}"),
    "greater_than_equal": ("应不小于 {ge}", "must be at least {ge}"),
    "scorer_fit": (
        "{combine} 与 {name} 不符：sum 的每一方须有 maximum，weights 的须有 weight，drop 只与 trimmed_mean 同用",
        "{name} does not go with {combine}: sum needs every maximum, weights every weight, drop is for trimmed_mean",
    ),
    "deduction_form": (
        "{names} 不能同用：target、below、at_least 至多给出一个，step 只与 below 同用",
        "{names} do not go together: give at most one of target, below and at_least; step goes with below",
    ),
    "case_form": (
        "用例应写一个对象（values、expect），或写几个对象（subjects），不能兼用",
        "a case is of one subject (values, expect) or of several (subjects), not both",
    ),
    "date_form": ("应为日期，例如 2026-01-01", "must be a date such as 2026-01-01"),
}
_FALLBACK = ("内容不符合要求", "is not valid")


def _problem(document: Document, error: Any) -> PlacedProblem:
    zh, en = _SENTENCES.get(error["type"], _FALLBACK)
    context = {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    pointer = _pointer(document.value, error["loc"])
    return document.problem(pointer, zh.format(**context), en.format(**context))


def _pointer(value: Any, location: tuple[int | str, ...]) -> str:
    """Return the pointer of a pydantic location; the names of union members in it are no part of the document."""
    pointer = ""
    for depth, step in enumerate(location):
        inside = (isinstance(value, dict) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and step < len(value)
        )
        if inside:
            value = value[step]
        elif not (isinstance(value, dict) and depth == len(location) - 1):
            continue
        pointer += f"/{pointer_token(step)}"
    return pointer
