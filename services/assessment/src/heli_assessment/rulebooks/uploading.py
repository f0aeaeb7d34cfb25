"""An uploaded text made into a checked rulebook: read, shaped, linted, its cases run."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from heli_assessment.engine.book import Rulebook
from heli_assessment.measures.domain import catalogue
from heli_assessment.rulebooks.cases import failing_cases
from heli_assessment.rulebooks.lint import Finding, lint
from heli_assessment.rulebooks.reading import MOST_PROBLEMS, Document, pointer_token, read_json, read_yaml, refuse
from heli_assessment.rulebooks.schema import RulebookModel
from heli_shared.kernel.errors import FieldProblem


@dataclass(frozen=True, slots=True)
class CheckedBook:
    """A rulebook that may be stored: its canonical JSON, the digest of that, and what the lint warns of."""

    book: Rulebook
    body: str
    digest: str
    warnings: tuple[Finding, ...]


def check_upload(text: str, *, is_json: bool) -> CheckedBook:
    """Return the checked book of an upload; InvalidInput lists everything that is wrong with it."""
    document = read_json(text) if is_json else read_yaml(text)
    model = _model_of(document)
    book = model.built()
    findings = lint(book, catalogue())
    errors = [finding for finding in findings if finding.severity == "error"] or failing_cases(book)
    if errors:
        raise refuse([document.problem(each.pointer, each.zh, each.en) for each in errors[:MOST_PROBLEMS]])
    body = canonical_body(model)
    return CheckedBook(book, body, hashlib.sha256(body.encode()).hexdigest(), tuple(findings))


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
    "date_form": ("应为日期，例如 2026-01-01", "must be a date such as 2026-01-01"),
}
_FALLBACK = ("内容不符合要求", "is not valid")


def _problem(document: Document, error: Any) -> FieldProblem:
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
