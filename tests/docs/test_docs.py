"""The documentation names what is there, and what it names is there."""

import importlib
import re
import sys
from pathlib import Path

import pytest
import typer.main
import yaml

from heli_cli.main import app

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SERVICES = ("registry", "assessment", "reporting")
READMES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
SETTING = re.compile(r"\bHELI_[A-Z][A-Z0-9_]*[A-Z0-9]\b")
SOURCES = (
    "shared/src",
    "services",
    "cli/src",
    "containers",
    "dev",
    "docker-compose.yml",
    ".ci/run",
    "tests/conftest.py",
)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)\s]*)?\)")
COMMAND = re.compile(r"\./dev ([a-z]+)(?: ([a-z][a-z-]*))?(?: ([a-z][a-z-]*))?")


def pages() -> list[Path]:
    return [*(ROOT / name for name in READMES), *sorted(DOCS.rglob("*.md"))]


def settings_in(*paths: Path) -> set[str]:
    found: set[str] = set()
    for path in paths:
        files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
        for file in files:
            if "__pycache__" not in file.parts and file.suffix not in {".gz", ".pyc"}:
                found |= set(SETTING.findall(file.read_text(encoding="utf-8", errors="ignore")))
    return found


def settings_read() -> set[str]:
    declared = (importlib.import_module(f"heli_{service}.settings").Settings for service in SERVICES)
    fields = {f"HELI_{name.upper()}" for each in declared for name in each.model_fields}
    fields |= {f"HELI_{service.upper()}_URL" for service in SERVICES}  # the command line reads these by pattern
    return fields | settings_in(*(ROOT / source for source in SOURCES if (ROOT / source).exists()))


def test_every_setting_is_in_the_reference_and_the_reverse():
    named, read = settings_in(DOCS / "reference/settings.md"), settings_read()

    assert {"missing in the docs": read - named, "not in the code": named - read} == {
        "missing in the docs": set(),
        "not in the code": set(),
    }


def test_no_page_names_a_setting_that_nothing_reads():
    assert settings_in(*pages()) - settings_read() - settings_in(ROOT / "tests") == set()


def test_generated_pages_equal_the_code():
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        reference = importlib.import_module("reference")
    finally:
        sys.path.pop(0)

    stale = [name for name, text in reference.pages().items() if not reference.same(DOCS / "reference" / name, text)]

    assert stale == [], "run .venv/bin/python tools/reference.py"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    broken = [
        target
        for target, _ in LINK.findall(page.read_text(encoding="utf-8"))
        if not target.startswith(("http://", "https://", "mailto:")) and not (page.parent / target).exists()
    ]

    assert broken == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_page_begins_with_its_heading(page):
    first = page.read_text(encoding="utf-8").partition("\n")[0]

    assert first.startswith("# "), "the navigation takes the title from a heading that comes first"


def test_every_page_is_in_the_navigation_and_the_reverse():
    navigation = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    sections = [[entry] if isinstance(entry, str) else next(iter(entry.values())) for entry in navigation]
    named = {leaf for section in sections for leaf in section}

    assert named == {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_named_exists(page):
    verbs = re.findall(r'^    "([a-z]+)": Verb\(', (ROOT / "dev").read_text(encoding="utf-8"), re.MULTILINE)
    heli = typer.main.get_command(app)
    unknown = [
        f"./dev {verb} {command}"
        for verb, command, below in COMMAND.findall(page.read_text(encoding="utf-8"))
        if not (verb in {*verbs, "help"} and (verb != "heli" or not command or is_command(heli, command, below)))
    ]

    assert unknown == []


def is_command(heli, command, below):
    found = getattr(heli, "commands", {}).get(command)
    inner = getattr(found, "commands", None)
    return found is not None and (inner is None or not below or below in inner)


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_of_the_checkout_that_is_named_exists(page):
    named = re.findall(
        r"`((?:tests|tools|containers|contracts|services|shared|cli)/[^`{}*…A-Z ]+)`", page.read_text(encoding="utf-8")
    )

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_decisions_are_short_and_end_with_what_enforces_them():
    for page in sorted((DOCS / "adr").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        last = text.rstrip().split("\n\n")[-1]
        assert text.count("\n") <= 40, page.name
        assert last.startswith("**Enforced by**"), page.name
