"""Replay how-to pages as the tests do.

.venv/bin/python tools/transcripts.py PAGE …            show where a page differs from what is printed
.venv/bin/python tools/transcripts.py PAGE … --write    write what is printed into the pages; lines with … that fit stay
"""

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from heli_shared.testing.databases import SqliteDatabases

TESTS = Path(__file__).resolve().parents[1] / "tests"


def main(words: list[str]) -> int:
    """Replay the pages; the exit code is 1 when one differs or cannot be replayed."""
    sys.path.insert(0, str(TESTS))
    bad_page = import_module("docs.transcripts").BadPage
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(words)
    code = 0
    for path in asked.pages:
        try:
            differences = replayed(path, write=asked.write)
        except bad_page as error:
            differences = [str(error)]
            code = 1
        sys.stdout.write("\n\n".join([*differences, ""]) or f"{path.name}: as it is printed\n")
        code = code or int(bool(differences) and not asked.write)
    return code


def replayed(path: Path, *, write: bool) -> list[str]:
    """Replay a page and return its differences, written into it when that is wanted."""
    replaying, transcripts = import_module("docs.replaying"), import_module("docs.transcripts")
    with tempfile.TemporaryDirectory(prefix="heli-transcript-") as name:
        (Path(name) / "work").mkdir()
        (Path(name) / "databases").mkdir()
        found = replaying.replay(
            transcripts.read_page(path), Path(name) / "work", SqliteDatabases(Path(name) / "databases")
        )
    if write:
        path.write_text(transcripts.rewritten(path.read_text(encoding="utf-8"), found.outputs), encoding="utf-8")
    differences: list[str] = found.differences()
    return differences


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
