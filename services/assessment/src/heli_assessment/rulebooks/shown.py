"""Rulebooks as the API shows them."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from heli_assessment.rulebooks.service import StoredVersion
from heli_shared.db.types import instant_text
from heli_shared.records.reading import Record


class RulebookShown(BaseModel):
    """One rulebook: its newest version, without the content."""

    id: str
    version: int = Field(description="Counted from 1; every changed upload is the next version")
    title: str
    edition: str
    subject_kind: str
    effective_from: date
    digest: str = Field(description="SHA-256 of the canonical content")
    published: int | None = Field(description="The version that was published last")
    simulation: str | None = Field(description="The simulation it was published on")


class RulebookPage(BaseModel):
    """A page of rulebooks."""

    items: list[RulebookShown]
    next: str | None
    total: int


class RulebookVersion(RulebookShown):
    """One version with when and by whom it was stored."""

    stored_at: str
    stored_by: str
    published_at: str | None = Field(description="When this version was published last")
    published_by: str | None


class RulebookVersions(BaseModel):
    """All versions of a rulebook, the first one first."""

    items: list[RulebookVersion]
    next: str | None
    total: int


class RulebookContent(RulebookVersion):
    """One version with its content in the language of rulebooks."""

    body: dict[str, Any]


class LintWarning(BaseModel):
    """Something the lint noticed that does not keep the book from being stored."""

    code: str
    pointer: str
    zh: str
    en: str


class LintFinding(LintWarning):
    """Something the lint found, and where in the text it stands."""

    severity: Literal["error", "warning"]
    line: int | None
    column: int | None


class LintShown(BaseModel):
    """What the lint found in a text; without errors it could be stored."""

    valid: bool
    findings: list[LintFinding]


class DifferenceShown(BaseModel):
    """One thing that differs between two versions, in words."""

    piece: str = Field(description="rulebook, group, part, item, grade, veto, cap or case")
    id: str
    change: Literal["added", "removed", "changed"]
    field: str | None
    zh: str
    en: str


class DiffShown(BaseModel):
    """What differs between two versions of a rulebook."""

    id: str
    from_version: int
    to_version: int
    differences: list[DifferenceShown]


class RulebookStored(RulebookShown):
    """What an upload became."""

    outcome: Literal["created", "changed", "unchanged"]
    warnings: list[LintWarning]


def rulebook_json(record: Record) -> dict[str, Any]:
    """Return a stored record as the API shows it."""
    return {
        "id": record["id"],
        "version": record["number"],
        "title": record["title"],
        "edition": record["edition"] or "",
        "subject_kind": record["subject_kind"],
        "effective_from": str(record["effective_from"]),
        "digest": record["digest"],
        "published": record["published"],
        "simulation": record["simulation"],
    }


def version_json(version: StoredVersion) -> dict[str, Any]:
    """Return one version as the API shows it, without the content."""
    publication = version.publication
    return {
        "id": version.id,
        "version": version.number,
        "title": version.title,
        "edition": version.edition,
        "subject_kind": version.subject_kind,
        "effective_from": version.effective_from,
        "digest": version.digest,
        "stored_at": instant_text(version.entry.recorded_at),
        "stored_by": version.entry.actor,
        "published": version.number if publication else None,
        "simulation": publication.changes["simulation"] if publication else None,
        "published_at": instant_text(publication.recorded_at) if publication else None,
        "published_by": publication.actor if publication else None,
    }
