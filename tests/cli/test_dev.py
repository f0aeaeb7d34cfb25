import ast
import importlib.machinery
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def dev():
    loader = importlib.machinery.SourceFileLoader("dev", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("dev", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def run(*words, folder=ROOT):
    return subprocess.run(
        [sys.executable, str(folder / "dev"), *words], capture_output=True, text=True, check=False, cwd=folder
    )


def test_help_lists_every_verb(dev):
    said = run("help").stdout

    assert all(f"  {verb} " in said for verb in dev.VERBS)
    assert {"up", "demo", "test", "lint", "types", "check", "migrate", "contracts", "docs", "bench"} <= set(dev.VERBS)


def test_an_unknown_verb_is_refused_without_installing_anything(tmp_path):
    (tmp_path / "dev").write_bytes((ROOT / "dev").read_bytes())

    done = run("fly", folder=tmp_path)

    assert done.returncode == 2
    assert "fly" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["dev"]


def test_an_environment_that_is_a_link_is_left_to_the_checkout_it_belongs_to(tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    (ours / "dev").write_bytes((ROOT / "dev").read_bytes())
    (ours / ".venv").symlink_to(theirs)

    done = run("lint", folder=ours)

    assert done.returncode == 2
    assert "链接" in done.stderr
    assert "is a link" in done.stderr
    assert list(theirs.iterdir()) == []


def test_the_program_can_be_read_by_a_python_that_is_too_old():
    # An old Python must get as far as the sentence that asks for a newer one.
    ast.parse((ROOT / "dev").read_text("utf-8"), feature_version=(3, 7))


def test_pips_configuration_is_told_to_uv(dev, tmp_path):
    pip = tmp_path / "pip.py"
    lines = [
        ":env:.cert='/certificates.pem'",
        "global.cert='/old.pem'",
        "global.index-url='https://mirror.example/simple'",
        "install.find-links='/wheels /more-wheels'",
        r"global.extra-index-url='\nfile:///one\nfile:///two'",
    ]
    pip.write_text(f"print({os.linesep.join(lines)!r})", "utf-8")

    assert dev.uv_settings([sys.executable, str(pip)]) == {
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "SSL_CERT_FILE": "/certificates.pem",
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_FIND_LINKS": "/wheels,/more-wheels",
        "UV_INDEX": "file:///one file:///two",
    }


def test_every_group_of_a_verb_is_declared(dev):
    for verb in dev.VERBS.values():
        for group in verb.groups:
            assert dev.requirements(group)


def test_the_tests_spread_over_the_cores_unless_told_otherwise(dev):
    assert "-n" in dev.tests([])[0]
    assert "-n" not in dev.tests(["-n0", "tests/cli"])[0]
    assert "-n" not in dev.tests(["--pdb"])[0]


def test_no_package_host_is_named():
    assert "https://" not in (ROOT / "dev").read_text("utf-8")
