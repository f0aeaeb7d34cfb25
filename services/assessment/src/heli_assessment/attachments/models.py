"""The kind `attachment`: one file that a unit sent in; its name is kept beside the ledger, it may name a person."""

import sqlalchemy as sa

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

MEDIA_TYPES = (
    "application/pdf",
    "image/png",
    "image/jpeg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/ofd",
)

ATTACHMENT = record_kind(
    METADATA,
    entity="attachment",
    plural="attachments",
    zh="附件",
    prefix="att",
    private_columns=(sa.Column("name", sa.Text()),),
    fields=(
        Field("unit", "text", "单位", required=True, max_length=64, references="unit", filtered=True),
        Field("digest", "text", "摘要", "SHA-256 of the content", required=True, max_length=64, filtered=True),
        Field("media_type", "text", "类型", "found out from the content", required=True, choices=MEDIA_TYPES),
        Field("bytes", "integer", "字节数", required=True),
    ),
)
