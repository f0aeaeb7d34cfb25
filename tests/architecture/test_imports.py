"""The import contracts of pyproject.toml hold, and each of them can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import grimp
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


def inner_imports(graph: grimp.ImportGraph, service: str) -> list[tuple[str, str]]:
    """Return every direct import (importer, imported) between two modules of a service."""
    modules = [name for name in graph.modules if name.startswith(service + ".")]
    return [
        (importer, imported)
        for importer in modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if imported.startswith(service + ".")
    ]


def foreign_table_imports(graph: grimp.ImportGraph, service: str) -> list[str]:
    """Return the imports of a feature's models or repository from outside that feature, as sentences."""
    found = []
    for importer, imported in inner_imports(graph, service):
        feature, _, leaf = imported.removeprefix(service + ".").partition(".")
        if leaf.split(".")[0] not in {"models", "repository"}:
            continue
        home = importer.removeprefix(service + ".").split(".")[0]
        if home != feature and home not in COMPOSERS:
            found.append(f"{importer} imports {imported}")
    return sorted(found)


@pytest.mark.parametrize("service", SERVICES)
def test_models_and_repository_are_private_to_their_feature(service):
    graph = grimp.build_graph(service, cache_dir=None)

    assert foreign_table_imports(graph, service) == []


def test_a_foreign_import_of_models_is_seen():
    graph = grimp.ImportGraph()
    for module in ("s.a.service", "s.a.models", "s.b.service", "s.main"):
        graph.add_module(module)
    graph.add_import(importer="s.a.service", imported="s.a.models")
    graph.add_import(importer="s.main", imported="s.a.models")
    graph.add_import(importer="s.b.service", imported="s.a.models")

    assert foreign_table_imports(graph, "s") == ["s.b.service imports s.a.models"]
