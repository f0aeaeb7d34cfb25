"""The catalogue of measures: every statistic with its words, basis, version, numerator and denominator.

Numerator and denominator are boolean columns of the facts (`classification`), so a plain query needs no expression
layer. A numerator column is true only where the denominator column is; what is left out has a reason (`reasons`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.text import cut

ENTERPRISES = "enterprises"
ORGANIZATIONS = "organizations"
ZERO_DENOMINATOR = "zero_denominator"
_PLACES = Decimal("0.0001")
_NOTICE_2012 = "中办发〔2012〕11号；两个覆盖的定义"
_PLAN_FOUR_RATES = "《关于加强“两新”组织党建的工作方案》"


@dataclass(frozen=True, slots=True)
class Measure:
    """One defined number: a share (numerator ÷ denominator) or, when `denominator` is None, a count.

    `subject` names the facts it is counted on; `outside` is the reason code of rows that are in scope and still not
    in the denominator (None when the denominator is everything in scope), `inside` that of rows which are; `version`
    changes whenever the definition does; `parameters` are the dated thresholds that it reads, see `breaks`; `frame` is
    the column outside of which it counts nothing.
    """

    id: str
    version: str
    subject: str
    zh: str
    en: str
    unit: str
    basis: str
    definition_zh: str
    definition_en: str
    numerator: str
    denominator: str | None
    outside: str | None = None
    inside: str = "operating"
    parameters: tuple[str, ...] = ("substance.min_staff",)
    frame: str = "in_scope"

    @property
    def base(self) -> str:
        """Return the column that says which rows were counted at all: the denominator, or for a count the numerator."""
        return self.numerator if self.denominator is None else self.denominator


def share(numerator: int, denominator: int) -> Decimal | None:
    """Return numerator ÷ denominator with 4 places, rounded half up; None when the denominator is 0."""
    if denominator == 0:
        return None
    return (Decimal(numerator) / Decimal(denominator)).quantize(_PLACES, rounding=ROUND_HALF_UP)


_ALL = (
    Measure(
        id="organization_coverage",
        version="1",
        subject=ENTERPRISES,
        zh="组织覆盖率",
        en="Organisation coverage",
        unit="share of enterprises",
        basis=_NOTICE_2012,
        definition_zh="已建立党组织（单独或联合等方式）的实体运营非公企业数 ÷ 实体运营非公企业总数",
        definition_en="Operating non-public enterprises with an organisation ÷ all operating non-public enterprises",
        numerator="covered_in_scope",
        denominator="in_scope",
    ),
    Measure(
        id="sole_setup_rate",
        version="1",
        subject=ENTERPRISES,
        zh="单独组建率",
        en="Sole set-up rate",
        unit="share of enterprises",
        basis=_NOTICE_2012,
        definition_zh="单独建立党组织的实体运营非公企业数 ÷ 实体运营非公企业总数",
        definition_en=(
            "Operating non-public enterprises with an organisation of their own ÷ all operating non-public enterprises"
        ),
        numerator="sole_in_scope",
        denominator="in_scope",
    ),
    Measure(
        id="work_coverage_strict",
        version="1",
        subject=ENTERPRISES,
        zh="工作覆盖率（未建组织企业）",
        en="Work coverage, strict",
        unit="share of enterprises",
        basis=_NOTICE_2012,
        definition_zh="未建党组织而有指导员、联络员、工会或团组织之一的企业数 ÷ 未建党组织的企业数",
        definition_en=(
            "Enterprises without an organisation that have an instructor, a liaison, a union or a youth league"
            " ÷ enterprises without an organisation"
        ),
        numerator="reached_without_organization",
        denominator="without_organization",
        outside="has_organization",
        inside="no_organization",
    ),
    Measure(
        id="work_coverage_broad",
        version="1",
        subject=ENTERPRISES,
        zh="工作覆盖率（组织覆盖或工作覆盖）",
        en="Work coverage, broad",
        unit="share of enterprises",
        basis=_NOTICE_2012,
        definition_zh="有组织覆盖或工作覆盖的企业数 ÷ 实体运营非公企业总数",
        definition_en="Enterprises covered or reached ÷ all operating non-public enterprises",
        numerator="covered_or_reached",
        denominator="in_scope",
    ),
    Measure(
        id="due_established_rate",
        version="1",
        subject=ENTERPRISES,
        zh="应建尽建率",
        en="Established among due",
        unit="share of enterprises",
        basis=_PLAN_FOUR_RATES + "；《中国共产党章程》第三十条",
        definition_zh="正式党员达到应建人数且已建党组织的企业数 ÷ 正式党员达到应建人数的企业数",
        definition_en="Enterprises with enough full members and an organisation ÷ enterprises with enough full members",
        numerator="due_established",
        denominator="due",
        outside="below_min_full_members",
        inside="min_full_members",
        parameters=("substance.min_staff", "branch.min_full_members"),
    ),
    Measure(
        id="staff50_with_member_rate",
        version="1",
        subject=ENTERPRISES,
        zh="50人以上企业有党员率",
        en="Enterprises of 50 staff with a member",
        unit="share of enterprises",
        basis=_PLAN_FOUR_RATES,
        definition_zh="职工50人以上且有党员（含预备）的企业数 ÷ 职工50人以上的企业数",
        definition_en="Enterprises of 50 staff with a full or probationary member ÷ enterprises of 50 staff or more",
        numerator="staff50_with_member",
        denominator="staff50",
        outside="below_staff50",
        inside="staff50",
        parameters=("substance.min_staff", "staff50.min_staff"),
    ),
    Measure(
        id="staff100_with_organization_rate",
        version="1",
        subject=ENTERPRISES,
        zh="100人以上企业有党组织率",
        en="Enterprises of 100 staff with an organisation",
        unit="share of enterprises",
        basis=_PLAN_FOUR_RATES,
        definition_zh="职工100人以上且已建党组织的企业数 ÷ 职工100人以上的企业数",
        definition_en="Enterprises of 100 staff or more with an organisation ÷ enterprises of 100 staff or more",
        numerator="staff100_with_organization",
        denominator="staff100",
        outside="below_staff100",
        inside="staff100",
        parameters=("substance.min_staff", "staff100.min_staff"),
    ),
    Measure(
        id="above_scale_sole_rate",
        version="1",
        subject=ENTERPRISES,
        zh="规模以上企业单独组建率",
        en="Own organisation among those above scale",
        unit="share of enterprises",
        basis="临两新工委〔2020〕2号：规模以上非公有制企业应单独组建",
        definition_zh="单独建立党组织的规模以上企业数 ÷ 规模以上（年营业收入或职工人数达到标准）的企业数",
        definition_en="Enterprises above scale with an organisation of their own ÷ enterprises above scale",
        numerator="above_scale_sole",
        denominator="above_scale",
        outside="below_scale",
        inside="above_scale",
        parameters=("substance.min_staff", "scale.above_revenue", "scale.above_staff"),
    ),
    Measure(
        id="enterprise_count",
        version="1",
        subject=ENTERPRISES,
        zh="实体运营非公企业数",
        en="Operating non-public enterprises",
        unit="enterprises",
        basis=_NOTICE_2012,
        definition_zh="纳入统计范围的非公企业数",
        definition_en="Non-public enterprises in scope",
        numerator="in_scope",
        denominator=None,
    ),
    Measure(
        id="open_enterprise_count",
        version="1",
        subject=ENTERPRISES,
        zh="登记在册企业数",
        en="Enterprises on record",
        unit="enterprises",
        basis="园区非公党建信息管理平台统计口径：园区共有企业数",
        definition_zh="未注销的企业数，不论所有制和是否实体运营",
        definition_en="Enterprises not closed, of whatever ownership and whether they operate or not",
        numerator="is_open",
        denominator=None,
        inside="open",
        parameters=(),
        frame="is_open",
    ),
    Measure(
        id="organization_count",
        version="1",
        subject=ORGANIZATIONS,
        zh="党组织数",
        en="Party organisations",
        unit="organisations",
        basis="党内统计口径：按党组织计数",
        definition_zh="未撤销的党组织数",
        definition_en="Open Party organisations",
        numerator="is_open",
        denominator=None,
        inside="open",
        parameters=(),
        frame="is_open",
    ),
    Measure(
        id="staffed_organization_count",
        version="1",
        subject=ORGANIZATIONS,
        zh="有专职党务工作者的党组织数",
        en="Organisations with a full-time Party worker",
        unit="organisations",
        basis="园区非公党建信息管理平台统计口径：有专职党务工作者",
        definition_zh="未撤销且专职党务工作者人数不为零的党组织数",
        definition_en="Open Party organisations with at least one full-time Party worker",
        numerator="has_full_time_worker",
        denominator=None,
        outside="no_full_time_worker",
        inside="full_time_worker",
        parameters=(),
        frame="is_open",
    ),
)

MEASURES: dict[str, Measure] = {measure.id: measure for measure in _ALL}


def get_measure(measure_id: str) -> Measure:
    """Return a measure of the catalogue; BadRequest names the known ones when there is none."""
    try:
        return MEASURES[measure_id]
    except KeyError:
        known = ", ".join(MEASURES)
        problem = FieldProblem("measure", f"没有这个指标：{cut(measure_id)}", f"no such measure: {cut(measure_id)}")
        raise BadRequest(f"指标应为：{known}。", f"The measure must be one of: {known}.", errors=[problem]) from None


def columns(measures: Iterable[Measure]) -> list[str]:
    """Return the fact columns that these measures count, each once, in order."""
    wanted = (column for m in measures for column in (m.numerator, m.denominator) if column is not None)
    return list(dict.fromkeys(wanted))
