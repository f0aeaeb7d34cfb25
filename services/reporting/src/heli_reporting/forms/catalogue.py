"""Where forms come from: YAML files of this package, and those that a county puts into its data folder."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from heli_reporting.forms.domain import Check, Column, Form
from heli_reporting.history.schema import MEMBER_FLOWS
from heli_reporting.history.sums import FUNDS, SUMMED
from heli_reporting.parameters import checked_filters
from heli_shared.kernel.errors import BadRequest, Conflict, NotFound
from heli_shared.kernel.plain_yaml import read_plain
from heli_shared.statistics.dimensions import FILTERS, get_dimension
from heli_shared.statistics.measures import ORGANIZATIONS, get_measure
from heli_shared.web.validation import field_problem

ID_PATTERN = r"^[a-z][a-z0-9-]{0,63}$"
MOST_COLUMNS = 60
_MOST_BYTES = 200_000
_Words = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
_Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
_Term = Annotated[str, StringConstraints(pattern=r"^-?[a-z][a-z0-9_]{0,63}$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _ColumnModel(_Model):
    id: _Slug
    headings: Annotated[list[_Words], Field(min_length=1, max_length=4)]
    en: Annotated[list[_Words], Field(min_length=1, max_length=4)]
    measure: str
    part: Literal["value", "numerator", "denominator", "gap"] = "value"
    filters: dict[str, list[str]] = Field(default_factory=dict)
    sum: str | None = None
    flow: str | None = None
    fund: str | None = None


class _CheckModel(_Model):
    id: _Slug
    left: Annotated[list[_Term], Field(min_length=1, max_length=20)]
    relation: Literal["=", ">=", "<="]
    right: Annotated[list[_Term], Field(min_length=1, max_length=20)]
    form: Annotated[str, StringConstraints(pattern=ID_PATTERN)] | None = None


class _FormModel(_Model):
    title: _Words
    title_en: _Words
    basis: _Words
    by: str
    leaves_unknown_out: bool = False
    columns: Annotated[list[_ColumnModel], Field(min_length=1, max_length=MOST_COLUMNS)]
    checks: Annotated[list[_CheckModel], Field(max_length=100)] = Field(default_factory=list)


class Catalogue:
    """The forms there are. A county's own form of the same id stands in the place of ours."""

    def __init__(self, folder: Path) -> None:
        """Read a county's own forms from `folder`, which may be missing."""
        self._folder = folder

    def ids(self) -> list[str]:
        """Return the ids of all forms in order."""
        own = [each.stem for each in self._folder.glob("*.yaml")] if self._folder.is_dir() else []
        carried = [each.name.removesuffix(".yaml") for each in _definitions().iterdir() if each.name.endswith(".yaml")]
        return sorted({*own, *carried})

    def get(self, form_id: str) -> Form:
        """Return a form; NotFound when there is none, Conflict that says what is wrong when it is not sound."""
        if form_id not in self.ids():
            raise NotFound(f"没有这张报表：{form_id}。", f"There is no form {form_id}.")
        own = self._folder / f"{form_id}.yaml"
        try:
            if own.is_file():
                return read_form(form_id, own.read_bytes(), is_own=True)
            return read_form(form_id, _definitions().joinpath(f"{form_id}.yaml").read_bytes())
        except (ValueError, yaml.YAMLError, BadRequest) as error:
            zh, en = _told(error)
            raise Conflict(
                f"报表 {form_id} 的定义有误：{zh}；请更正数据目录中的 forms/{form_id}.yaml。",
                f"The definition of form {form_id} is not sound: {en}; mend forms/{form_id}.yaml.",
            ) from error


def _definitions() -> Any:
    return files("heli_reporting.forms").joinpath("definitions")


def _told(error: Exception) -> tuple[str, str]:
    """Return what is wrong, and where in the file, in Chinese and English."""
    if isinstance(error, BadRequest):
        return error.zh.rstrip("。"), error.en.rstrip(".")
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(each) for each in first["loc"]) or "/"
        problem = field_problem(first)
        return f"{place} {problem.zh}", f"{place} {problem.en}"
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return f"第{mark.line + 1}行不是有效的 YAML", f"line {mark.line + 1} is not valid YAML"
    return "不是有效的 YAML（应为 UTF-8 文字）", "it is not valid YAML in UTF-8"


def read_form(form_id: str, body: bytes, *, is_own: bool = False) -> Form:
    """Return a form from its YAML; BadRequest or what pydantic and YAML raise when it is none."""
    if len(body) > _MOST_BYTES:
        raise BadRequest("文件过大", "the file is too large")
    model = _FormModel.model_validate(read_plain(body))
    dimension = get_dimension(model.by)
    columns = tuple(_column(each) for each in model.columns)
    for each in columns:
        if each.measure.subject not in dimension.subjects:
            raise BadRequest(
                f"列 {each.id}：{each.measure.id} 不能按 {model.by} 分组",
                f"{each.id}: {each.measure.id} cannot be grouped by {model.by}",
            )
    names = {each.id for each in columns}
    if len(names) != len(columns):
        raise BadRequest("有两列的 id 相同", "two columns have one id")
    checks = tuple(Check(c.id, tuple(c.left), c.relation, tuple(c.right), c.form) for c in model.checks)
    for check in checks:
        sides = check.left if check.other else (*check.left, *check.right)
        unknown = {each.removeprefix("-") for each in sides} - names
        if unknown:
            raise BadRequest(
                f"校验 {check.id}：没有 {min(unknown)} 这一列", f"check {check.id}: no column {min(unknown)}"
            )
    return Form(
        form_id, model.title, model.title_en, model.basis, model.by, columns, checks, is_own, model.leaves_unknown_out
    )


def _column(model: _ColumnModel) -> Column:
    measure = get_measure(model.measure)
    filters: Mapping[str, tuple[str, ...]] = checked_filters(model.filters)
    for name in filters:
        if measure.subject not in FILTERS.get(name, ()):
            raise BadRequest(
                f"列 {model.id}：{measure.id} 不能按 {name} 筛选",
                f"{model.id}: {measure.id} cannot be filtered by {name}",
            )
    added = [each for each in (model.sum, model.flow, model.fund) if each is not None]
    if len(added) > 1 or (added and model.part != "value"):
        raise BadRequest(
            f"列 {model.id}：part、sum、flow、fund 只能用一个",
            f"{model.id}: a column is one of part, sum, flow and fund",
        )
    if model.sum is not None and model.sum not in SUMMED[measure.subject]:
        known = ", ".join(SUMMED[measure.subject])
        raise BadRequest(f"列 {model.id}：sum 应为 {known} 之一", f"{model.id}: sum must be one of {known}")
    if model.flow is not None and (model.flow not in MEMBER_FLOWS or measure.subject != ORGANIZATIONS):
        known = ", ".join(MEMBER_FLOWS)
        raise BadRequest(
            f"列 {model.id}：flow 应为党组织指标的 {known} 之一",
            f"{model.id}: flow must be one of {known}, of organisations",
        )
    if model.fund is not None and (model.fund not in FUNDS or measure.subject != ORGANIZATIONS):
        known = ", ".join(FUNDS)
        raise BadRequest(
            f"列 {model.id}：fund 应为党组织指标的 {known} 之一",
            f"{model.id}: fund must be one of {known}, of organisations",
        )
    if model.part in ("denominator", "gap") and measure.denominator is None:
        raise BadRequest(
            f"列 {model.id}：{measure.id} 是计数，没有 {model.part}",
            f"{model.id}: the count {measure.id} has no {model.part}",
        )
    return Column(
        id=model.id,
        headings=tuple(model.headings),
        headings_en=tuple(model.en),
        measure=measure,
        part=model.part,
        filters=filters,
        sum=model.sum,
        flow=model.flow,
        fund=model.fund,
    )
