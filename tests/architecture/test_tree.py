"""What every file of the tree keeps to: its length, and nothing of the machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400
# Spelled in halves so that this file does not find itself.
PACKAGE_HOSTS = re.compile("|".join(["py" + r"pi\.org", "files.python" + r"hosted\.org", "registry.np" + r"mjs\.org"]))
MACHINE_PATHS = re.compile(r"(^|[^A-Za-z0-9_.-])/(wo" + r"rk|fa" + r"rm|ho" + r"me/[a-z]|ro" + r"ot)/")
LEFT_TO_DO = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + r"X)\b|raise NotImplemented" + "Error")
LAST_RESORT = re.compile(r"except( Exception| BaseException)?( as \w+)?:\s*\n\s+(pass|\.\.\.)\s*\n")


def tracked(*patterns: str) -> list[Path]:
    """Return the files of the project that git knows or would add, matching the patterns."""
    names = subprocess.run(
        ["/usr/bin/env", "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return [ROOT / name for name in sorted(set(names)) if name and (ROOT / name).is_file()]


def texts(*patterns: str) -> list[tuple[str, str]]:
    """Return (name, text) of the matching files that are text."""
    found = []
    for path in tracked(*patterns):
        try:
            found.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def long_files(files: list[tuple[str, str]]) -> list[str]:
    """Return the files that are longer than a person reads in one go; migrations and tests may be."""
    return [
        f"{name}: {text.count(chr(10))} lines"
        for name, text in files
        if text.count("\n") > MOST_LINES and not name.startswith("tests/") and "/migrations/" not in name
    ]


def lines_with(pattern: re.Pattern[str], files: list[tuple[str, str]]) -> list[str]:
    """Return "file:line" of every line in which the pattern is found."""
    return [
        f"{name}:{number}"
        for name, text in files
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_module_is_longer_than_four_hundred_lines():
    assert long_files(texts("*.py", "dev")) == []


def test_no_file_names_a_package_host():
    assert lines_with(PACKAGE_HOSTS, texts()) == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on():
    assert lines_with(MACHINE_PATHS, texts()) == []


def test_nothing_is_left_to_do_in_the_code():
    assert lines_with(LEFT_TO_DO, texts("*.py", "*.js", "*.html", "dev")) == []


def test_no_error_is_swallowed():
    assert [name for name, text in texts("*.py") if LAST_RESORT.search(text)] == []


def test_no_lock_file_with_hosts_is_tracked():
    assert not [path for path in tracked() if path.name == "uv.lock"]


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (PACKAGE_HOSTS, "index = https://py" + "pi.org/simple"),
        (MACHINE_PATHS, "data = '/wo" + "rk/shared/data'"),
        (LEFT_TO_DO, "# TO" + "DO later"),
    ],
)
def test_the_guards_can_fail(pattern, line):
    assert lines_with(pattern, [("file.py", f"first\n{line}\n")]) == ["file.py:2"]


def test_the_length_guard_can_fail():
    assert long_files([("services/a.py", "x\n" * 401), ("tests/b.py", "x\n" * 401)]) == ["services/a.py: 401 lines"]


def test_the_swallow_guard_can_fail():
    assert LAST_RESORT.search("try:\n    go()\nexcept Exception:\n    pass\n")
