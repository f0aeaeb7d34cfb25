import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def loaded(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pins = loaded("pins")

PROJECT = '[project]\nname = "a"\n\n[tool.uv]\npackage = false\n'


def test_the_pins_and_their_mirror_agree():
    constraints = pins.pinned((ROOT / "constraints.txt").read_text("utf-8"))
    mirror = pins.mirrored((ROOT / "pyproject.toml").read_text("utf-8"))

    assert constraints
    assert pins.missing(constraints, mirror) == []


def test_every_line_of_the_constraints_is_a_pin():
    text = (ROOT / "constraints.txt").read_text("utf-8")

    assert pins.pinned(text) == text.splitlines()
    assert all("==" in line for line in text.splitlines())


def test_lines_that_name_hosts_or_options_are_left_out():
    assert pins.pinned("--index-url https://host/simple\na==1\n# b\nc @ https://host/c.whl\n") == ["a==1"]


def test_a_mirror_is_written_and_replaced():
    first = pins.with_mirror(PROJECT, ["a==1 ; sys_platform == 'win32'", "b==2"])
    second = pins.with_mirror(first, ["b==3"])

    assert pins.mirrored(first) == ["a==1 ; sys_platform == 'win32'", "b==2"]
    assert pins.mirrored(second) == ["b==3"]
    assert pins.with_mirror(second, []).replace("constraint-dependencies = [\n]\n", "") == PROJECT


def test_a_difference_is_told_from_both_sides():
    assert pins.missing(["a==1"], ["a==2"]) == ["only in constraints.txt: a==1", "only in pyproject.toml: a==2"]
