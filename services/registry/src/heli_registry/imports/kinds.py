"""Kinds of lists that can be imported: which fields a list may carry and how their cells are to be read.

The fields are those of the registry's record kinds (a test holds the two together); `Hint` fields are read but not
stored, they help to find the division.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

FieldType = Literal[
    "name", "text", "uscc", "integer", "boolean", "date", "future_date", "yuan", "capital",
    "choice", "choices", "industry", "division", "division_code", "zone", "unit", "enterprise", "organization",
    "person", "hint",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportField:
    """One field of a list: its name as in the API, how to read its cells, and the choices it draws from."""

    name: str
    type: FieldType
    choices: str | None = None
    required: bool = False
    needed_for_new: bool = False


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of list. `key` columns (any one group of them) must be there; `natural` finds records without an id."""

    plural: str
    entity: str
    zh: str
    key: str
    fields: tuple[ImportField, ...]
    key_columns: tuple[tuple[str, ...], ...]
    natural: tuple[str, ...] = ()
    starts: str | None = None
    prefix: str | None = None
    own_link: str | None = None
    """The field that names another record of the same kind, which may stand further down in the same list."""

    def field(self, name: str) -> ImportField:
        """Return a field by name."""
        return next(each for each in self.fields if each.name == name)


F = ImportField
ENTERPRISES = ImportKind(
    "enterprises", "enterprise", "企业", "uscc",
    (
        F("uscc", "uscc", required=True), F("name", "name", needed_for_new=True), F("registered_on", "date"),
        F("enterprise_type", "text"), F("ownership", "choice", "ownership"),
        F("registered_capital_text", "capital"), F("registered_capital", "yuan"),
        F("business_scope", "text"), F("division", "division"), F("zone", "zone"), F("address", "text"),
        F("industry", "industry"), F("operation_state", "choice", "operation_state"),
        F("has_premises", "boolean"), F("has_stable_staff", "boolean"), F("has_activity", "boolean"),
        F("staff", "integer"), F("annual_revenue", "yuan"), F("full_members", "integer"),
        F("probationary_members", "integer"), F("is_branch_office", "boolean"), F("duplicate_of", "uscc"),
        F("responsible_unit", "unit"), F("refreshed_on", "date"), F("province", "hint"), F("region", "hint"),
    ),
    (("uscc",),),
    starts="registered_on", own_link="duplicate_of",
)  # fmt: skip
PARTY_ORGANIZATIONS = ImportKind(
    "party-organizations", "party_organization", "党组织", "id",
    (
        F("id", "text"), F("name", "name", needed_for_new=True),
        F("kind", "choice", "party_organization_kind", needed_for_new=True),
        F("setup_form", "choice", "setup_form", needed_for_new=True), F("division", "division"), F("zone", "zone"),
        F("established_on", "date"), F("approval_document", "text"), F("approval_body", "text"),
        F("elected_on", "date"), F("extension_until", "future_date"), F("extension_document", "text"),
        F("committee_seats", "integer"), F("full_members", "integer"), F("probationary_members", "integer"),
        F("has_secretary", "boolean"), F("secretary_is_investor", "boolean"), F("exception_document", "text"),
        F("exception_body", "text"), F("acts", "choices", "acts"),
    ),
    (("id",), ("name",)),
    natural=("name", "division"), starts="established_on", prefix="org",
)  # fmt: skip
COVERS = ImportKind(
    "covers", "cover", "覆盖关系", "id",
    (
        F("id", "text"), F("organization", "organization", needed_for_new=True),
        F("enterprise", "enterprise", needed_for_new=True), F("form", "choice", "setup_form"),
    ),
    (("id",), ("organization", "enterprise")),
    natural=("organization", "enterprise"), prefix="cov",
)  # fmt: skip
MASS_ORGANIZATIONS = ImportKind(
    "mass-organizations", "mass_organization", "群团组织", "id",
    (
        F("id", "text"), F("kind", "choice", "mass_organization_kind", needed_for_new=True),
        F("name", "name", needed_for_new=True), F("enterprise", "enterprise", needed_for_new=True),
        F("established_on", "date"), F("members", "integer"), F("chair_is_secretary", "boolean"),
    ),
    (("id",), ("kind", "enterprise")),
    natural=("kind", "enterprise"), starts="established_on", prefix="mas",
)  # fmt: skip
DIVISIONS = ImportKind(
    "divisions", "division", "行政区划", "code",
    (
        F("code", "division_code", required=True), F("name", "name", needed_for_new=True),
        F("level", "choice", "level"), F("parent", "division_code"),
    ),
    (("code",),),
)  # fmt: skip
ZONES = ImportKind(
    "zones", "zone", "园区楼宇商圈市场", "id",
    (
        F("id", "text"), F("name", "name", needed_for_new=True),
        F("kind", "choice", "zone_kind", needed_for_new=True), F("division", "division"),
        F("planned_months", "integer"), F("full_members", "integer"),
    ),
    (("id",), ("name",)),
    natural=("name",), prefix="zon",
)  # fmt: skip
UNITS = ImportKind(
    "units", "unit", "机构", "id",
    (
        F("id", "text"), F("name", "name", needed_for_new=True),
        F("kind", "choice", "unit_kind", needed_for_new=True), F("parent", "unit"), F("division", "division"),
        F("zone", "zone"),
    ),
    (("id",), ("name",)),
    natural=("name",), prefix="unt", own_link="parent",
)  # fmt: skip
ASSIGNMENTS = ImportKind(
    "assignments", "assignment", "派驻联系", "id",
    (
        F("id", "text"), F("person", "person", needed_for_new=True),
        F("role", "choice", "role", needed_for_new=True), F("enterprise", "enterprise"),
        F("organization", "organization"), F("unit", "unit"), F("term_ends_on", "future_date"),
        F("visits_per_year", "integer"),
    ),
    (("id",), ("person", "role")),
    natural=("person", "role", "enterprise", "organization"), prefix="asg",
)  # fmt: skip

DAY = "effective_on"
"""The column, open to every list, of the day from which a row holds; it is no field of the record."""
KINDS = {
    kind.plural: replace(kind, fields=(*kind.fields, F(DAY, "date")))
    for kind in (
        ENTERPRISES, PARTY_ORGANIZATIONS, COVERS, MASS_ORGANIZATIONS, DIVISIONS, ZONES, UNITS, ASSIGNMENTS,
    )
}  # fmt: skip


def _table(name: str) -> dict[str, dict[str, list[str]]]:
    text = files("heli_registry.imports").joinpath(name).read_text("utf-8")
    return tomllib.loads(text)


@cache
def column_names() -> dict[str, dict[str, list[str]]]:
    """Return kind → field → names its column goes by."""
    return _table("columns.toml")


@cache
def choice_words() -> dict[str, dict[str, list[str]]]:
    """Return choice list → code → words for it."""
    return _table("choices.toml")
