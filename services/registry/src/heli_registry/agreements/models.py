"""The kind `sharing_agreement`: a unit may take certain kinds for a purpose, on a basis, until a day."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

SHARING_AGREEMENT = record_kind(
    METADATA,
    entity="sharing_agreement",
    plural="sharing-agreements",
    zh="共享用途登记",
    prefix="agr",
    effective_from="agreed_on",
    foreign_keys={"unit": "units.id"},
    fields=(
        Field("unit", "text", "使用单位", required=True, max_length=64, references="unit", filtered=True),
        Field("purpose", "text", "使用用途", required=True, max_length=200, example="小微企业税费优惠核对"),
        Field("basis", "text", "使用依据", "law, duty or agreement", required=True, example="部门职责第三条"),
        Field("resources", "texts", "共享资源", "plurals; all shared ones when not given", example=["enterprises"]),
        Field("scenario", "text", "使用场景", max_length=1_000),
        Field("agreed_on", "date", "同意日期"),
        Field("ends_on", "date", "使用期限", "may lie ahead"),
    ),
)
