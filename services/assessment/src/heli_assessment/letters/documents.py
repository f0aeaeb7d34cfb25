"""A letter as a document: DOCX from a Word template that an office may change, PDF set without a network."""

import io
import zipfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from heli_shared.kernel.errors import Conflict
from heli_shared.typesetting import set_pdf

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class LetterTask:
    """One task as a letter lists it."""

    number: str
    title: str
    amount: str
    due_on: str


@dataclass(frozen=True, slots=True)
class LetterText:
    """Everything a letter says; texts only, no markup."""

    id: str
    year: int
    issuer: str
    unit: str
    plan: str
    document: str
    issued_on: str
    sign_by: str
    tasks: tuple[LetterTask, ...]


def written_docx(text: LetterText, template: Path | None = None) -> bytes:
    """Return a letter as DOCX, from the office's own template where there is one; Conflict when that is not sound.

    What a letter says is never taken for code, and a template reaches nothing but what a letter says.
    """
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    is_own = template is not None and template.is_file()
    source = template.read_bytes() if is_own and template else _carried("letter.docx")
    target = io.BytesIO()
    try:
        document = DocxTemplate(io.BytesIO(source))
        document.render(asdict(text), jinja_env=SandboxedEnvironment(autoescape=True))
        document.save(target)
    except (TemplateError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise Conflict(
            "数据目录中的责任书模板 templates/letter.docx 有误，请更正或移走。",
            "The office's own template, templates/letter.docx in the data folder, is not sound: mend or remove it.",
        ) from error
    return target.getvalue()


def _carried(name: str) -> bytes:
    return files("heli_assessment.letters").joinpath(name).read_bytes()


def letter_pdf(text: LetterText) -> bytes:
    """Return a letter as PDF, the same bytes for the same letter; Unavailable where no Chinese font is installed."""
    made_at = datetime.fromisoformat(text.issued_on).replace(tzinfo=UTC)
    return set_pdf("heli_assessment.letters", "letter.typ", asdict(text), made_at=made_at)
