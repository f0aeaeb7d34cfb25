"""The kind `guidance_project`: an approved project, who guides it, and how far its Party organisation is planned."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

GUIDANCE_PROJECT = record_kind(
    METADATA,
    entity="guidance_project",
    plural="guidance-projects",
    zh="立项早期指导项目",
    searched="name",
    prefix="gpr",
    effective_from="approved_on",
    fields=(
        Field("name", "text", "项目名称", required=True, max_length=300, example="年产五万台电机项目"),
        Field(
            "division", "text", "项目所在区划", "12-digit code", required=True, max_length=12, references="division",
            example="990121101000",
        ),
        Field("zone", "text", "所在园区", max_length=64, references="zone"),
        Field("approval_number", "text", "立项（备案）文号", max_length=200),
        Field("approved_on", "date", "立项日期", example="2026-02-10"),
        Field("approving_unit", "text", "立项单位", max_length=64, references="unit", filtered=True),
        Field("enterprise", "text", "建设企业", "once it is registered", max_length=18, references="enterprise"),
        Field("investment", "decimal", "总投资（元）", example="120000000.00"),
        Field("planned_staff", "integer", "计划用工人数", maximum=10_000_000, example=260),
        Field("planned_members", "integer", "预计正式党员数", maximum=1_000_000, example=5),
        Field("starts_on", "date", "计划开工日期", "may lie ahead"),
        Field("completes_on", "date", "计划投产日期", "may lie ahead"),
        Field("unit", "text", "指导单位", max_length=64, references="unit", filtered=True),
        Field("guide", "text", "指导人", max_length=64, references="person"),
        Field(
            "stage", "text", "指导阶段", required=True, filtered=True, example="listed",
            choices=("listed", "contacted", "plan_made", "established", "not_due"),
        ),
        Field("planned_setup_on", "date", "拟建党组织日期", "may lie ahead"),
        Field("organization", "text", "已建党组织", max_length=64, references="party_organization"),
        Field("note", "text", "说明", max_length=1_000),
    ),
)  # fmt: skip
