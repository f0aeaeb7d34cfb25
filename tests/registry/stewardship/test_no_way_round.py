"""Who may write to the ledger without the one place that sees every write of a call is named here, with the reason."""

import ast
from pathlib import Path

import heli_registry

ROOT = Path(heli_registry.__file__).parent
REASONS = {
    "identity/bootstrap.py": "the first principal, before there is anybody to call",
    "imports/applying.py": "enterprises of an import, followed by `beside_import`",
    "imports/undoing.py": "an import that is taken back, followed by `beside_undoing`",
    "stewardship/planning.py": "what goes beside",
    "successions/writing.py": "divisions, zones, units and sectors that move: links, which nobody claims",
}
WRITERS = {"heli_shared.records.writing": {"write"}, "heli_shared.records.bulk": {"write_bulk"}}


def writes_by_itself(path: Path) -> bool:
    return any(
        isinstance(node, ast.ImportFrom) and {each.name for each in node.names} & WRITERS.get(node.module or "", set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def test_only_these_modules_write_by_themselves():
    found = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if writes_by_itself(path)}

    assert found == set(REASONS)
