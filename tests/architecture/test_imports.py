"""The import contracts of pyproject.toml hold, and each of them can fail."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    "heli_shared": ROOT / "shared/src",
    "heli_registry": ROOT / "services/registry/src",
    "heli_assessment": ROOT / "services/assessment/src",
    "heli_reporting": ROOT / "services/reporting/src",
    "heli_cli": ROOT / "cli/src",
}
SERVICES = ("heli_registry", "heli_assessment", "heli_reporting")
# Where the tables of a service are gathered for Alembic, and where its parts are put together.
COMPOSERS = ("main", "metadata", "tables", "app", "composition")

# One module per contract that breaks it; written into a copy of the tree.
VIOLATIONS = {
    "heli_registry/trespass_services.py": "import heli_reporting",
    "heli_shared/kernel/trespass_shared.py": "import heli_cli",
    "heli_shared/kernel/trespass_layers.py": "import heli_shared.web",
    "heli_registry/trespass/__init__.py": '"""A feature that breaks the order of its layers."""',
    "heli_registry/trespass/domain.py": "import sqlalchemy\nfrom heli_registry.trespass import service",
    "heli_registry/trespass/service.py": "import fastapi",
    "heli_registry/circle/__init__.py": "import heli_registry.trespass.cycle",
    "heli_registry/trespass/cycle.py": "import heli_registry.circle",
}


def lint(source: Path) -> str:
    """Run import-linter with the project's contracts on a tree of packages and return what it printed."""
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
        "--config",
        str(ROOT / "pyproject.toml"),
    ]
    done = subprocess.run(
        command,
        cwd=source,
        env={"PYTHONPATH": str(source), "PATH": "", "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def tree(tmp_path):
    for package, source in SOURCES.items():
        ignored = shutil.ignore_patterns("__pycache__", "static")
        shutil.copytree(source / package, tmp_path / package, ignore=ignored)
    return tmp_path


def test_every_import_contract_is_kept(tree):
    said = lint(tree)

    assert "0 broken." in said, said


def test_every_import_contract_can_break(tree):
    for name, text in VIOLATIONS.items():
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_text(text + "\n", encoding="utf-8")

    said = lint(tree)

    assert "0 kept" in said, said


def foreign_table_imports(files: dict[str, str], service: str) -> list[str]:
    """Return the imports of a feature's models or repository from outside that feature, as sentences.

    `files` are sources by module. Declarations, the UPPER_CASE names of `models` (a record kind, its choices), are how
    features speak of one another; tables, row types and functions of `models`, and all of `repository`, are private.
    """
    found = []
    for importer, source in files.items():
        home = importer.removeprefix(service + ".").split(".")[0]
        for imported, names in imported_names(source):
            feature, _, leaf = imported.removeprefix(service + ".").partition(".")
            if not imported.startswith(service + ".") or feature == home or home in COMPOSERS:
                continue
            declared = leaf == "models" and names and all(name.isupper() for name in names)
            if leaf in {"models", "repository"} and not declared:
                found.append(f"{importer} imports {imported}")
    return sorted(found)


def imported_names(source: str) -> list[tuple[str, list[str]]]:
    """Return what a module imports: (module, names), for `from a import b` also (a.b, no names)."""
    found: list[tuple[str, list[str]]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(alias.name, []) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, [alias.name for alias in node.names]))
            found += [(f"{node.module}.{alias.name}", []) for alias in node.names]
    return found


def sources_of(package: str) -> dict[str, str]:
    """Return the sources of a package by module name."""
    root = SOURCES[package]
    return {
        ".".join(path.relative_to(root).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in (root / package).rglob("*.py")
    }


@pytest.mark.parametrize("service", SERVICES)
def test_models_and_repository_are_private_to_their_feature(service):
    assert foreign_table_imports(sources_of(service), service) == []


def test_a_foreign_import_of_models_is_seen():
    files = {
        "s.a.service": "from s.a.models import table\nfrom s.a import repository",
        "s.main": "from s.a.models import table",
        "s.c.service": "from s.a.models import ENTERPRISE",
        "s.d.service": "from s.a.models import ENTERPRISE, table",
        "s.e.service": "from s.a import repository",
        "s.f.service": "import s.a.models",
    }

    assert foreign_table_imports(files, "s") == [
        "s.d.service imports s.a.models",
        "s.e.service imports s.a.repository",
        "s.f.service imports s.a.models",
    ]
