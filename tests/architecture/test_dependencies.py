"""Each package declares what it imports and imports what it declares (deptry)."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("shared", "services/registry", "services/assessment", "services/reporting", "cli")
# A rule is ignored for a module with a reason, for all packages alike.
IGNORED = {
    "DEP002": {
        "uvicorn": "started by its command or by the launcher",
        "psycopg": "SQLAlchemy loads it by the name in the URL",
        "python-multipart": "FastAPI loads it to read forms and uploads",
        "manimgx-fonts-cjk": "its folder of fonts is looked up by name",
        "pwdlib": "its extra brings argon2",
        "adbc-driver-manager": "pinned together with its drivers",
        "sqlglot": "held below the version that Ibis breaks with",
        "packaging": "the ADBC drivers need it and do not say so",
        "heli-registry": "the launcher imports services by name",
        "heli-assessment": "the same",
        "heli-reporting": "the same",
    },
    "DEP003": {
        "starlette": "FastAPI's own foundation, in a version that FastAPI chooses",
        "pydantic_core": "the same for pydantic",
    },
}


def faults(package: str) -> str:
    """Return what deptry has to say of a package; nothing when all is well."""
    folder = ROOT / package
    ignored = ",".join(f"{rule}={'|'.join(modules)}" for rule, modules in IGNORED.items())
    command = [sys.executable, "-m", "deptry", "src", "--no-ansi", "--per-rule-ignores", ignored]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_declares_what_it_imports_and_no_more(package):
    assert faults(package) == ""
