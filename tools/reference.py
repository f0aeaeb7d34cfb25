"""Write docs/reference/ from the code: measures, parameters, problem types, import columns, the API, the commands.

.venv/bin/python tools/reference.py            write the pages
.venv/bin/python tools/reference.py --check    fail when a page differs from what would be written
"""

import argparse
import importlib
import json
import pkgutil
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import typer.main
import yaml

from heli_assessment.measures.domain import catalogue as rulebook_measures
from heli_assessment.measures.registry import KINDS as SUBJECT_KINDS
from heli_registry.imports.kinds import KINDS
from heli_registry.quality.domain import Check
from heli_registry.quality.placing import CHECKED
from heli_registry.quality.reading import catalogue
from heli_shared.kernel.errors import DomainError
from heli_shared.statistics.measures import MEASURES
from heli_shared.statistics.parameters import parameter
from heli_shared.statistics.reasons import REASONS

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "reference"
SERVICES = ("registry", "assessment", "reporting")
PACKAGES = ("heli_shared", "heli_registry", "heli_assessment", "heli_reporting")
METHODS = ("get", "post", "put", "patch", "delete")
NOTE = "<!-- Written by tools/reference.py from the code; do not edit. -->"


def main(words: list[str]) -> int:
    """Write the pages, or compare them; the exit code is 1 when one differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args(words).check
    stale = [name for name, text in pages().items() if not same(PAGES / name, text)]
    if check:
        for name in stale:
            sys.stderr.write(f"docs/reference/{name} is stale: run .venv/bin/python tools/reference.py\n")
        return 1 if stale else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (PAGES / name).write_text(pages()[name], encoding="utf-8")
        sys.stdout.write(f"wrote docs/reference/{name}\n")
    return 0


def same(path: Path, text: str) -> bool:
    """Say whether the file holds this text."""
    return path.exists() and path.read_text(encoding="utf-8") == text


def pages() -> dict[str, str]:
    """Return every generated page by file name."""
    makers: dict[str, Callable[[], Iterable[str]]] = {
        "measures.md": measures_page,
        "parameters.md": parameters_page,
        "problems.md": problems_page,
        "import-columns.md": import_page,
        "quality-checks.md": quality_page,
        "api.md": api_page,
        "commands.md": commands_page,
    }
    return {name: "\n".join(maker()).rstrip() + "\n" for name, maker in makers.items()}


def row(*cells: object) -> str:
    """Return one line of a Markdown table; bars and line breaks inside cells are made harmless."""
    return "| " + " | ".join(" ".join(str(cell).split()).replace("|", "\\|") for cell in cells) + " |"


def heading(*cells: str) -> list[str]:
    """Return the first two lines of a Markdown table."""
    return [row(*cells), "|" + "---|" * len(cells)]


def measures_page() -> Iterator[str]:
    """Yield the page of measures and of the reasons for not being counted."""
    yield from ("# Measures 指标口径", "", NOTE, "")
    yield "Shares are decimal text with four places, rounded half up; `null` with a reason where the denominator is 0."
    yield ""
    yield from heading("id", "名称", "name", "numerator ÷ denominator", "口径", "basis", "version")
    for it in MEASURES.values():
        yield row(f"`{it.id}`", it.zh, it.en, it.definition_en, it.definition_zh, it.basis, it.version)
    yield from ("", "## Reasons for not being counted 未计入原因", "")
    yield from heading("code", "原因", "reason")
    for code, (zh, en) in REASONS.items():
        yield row(f"`{code}`", zh, en)
    yield from scoring_measures()


def scoring_measures() -> Iterator[str]:
    """Yield what rulebooks may read, in the order of the catalogue."""
    yield from ("", "## Measures of rulebooks 考核细则可用的测度", "")
    yield "What `GET /v1/measures` of assessment lists. A measure is refused in a rulebook whose subjects are not among"
    yield "its own; the explanation of a score links each value by `rows` to the records behind it. What is missing and"
    yield "what does not apply stands in the definition; [how scores are made](../rules/scoring.md) tells what becomes"
    yield "of it."
    yield ""
    yield from heading("id", "名称", "definition", "口径", "unit", "source", "subjects", "rows")
    for each in rulebook_measures().values():
        subjects = "all" if each.subjects == SUBJECT_KINDS else ", ".join(each.subjects)
        unit = "share" if each.is_share else each.unit_en or each.unit_zh
        source, rows = f"`{each.source}`", f"`{each.rows}`" if each.rows else "–"
        yield row(f"`{each.id}`", each.zh, each.definition_en, each.definition_zh, unit, source, subjects, rows)


def parameters_page() -> Iterator[str]:
    """Yield the page of dated parameters."""
    yield from ("# Parameters 参数", "", NOTE, "")
    yield "Every threshold with its value by date, its unit and the document it rests on. A new rule adds a date."
    yield ""
    yield from heading("parameter", "unit", "since", "value", "basis")
    for name in parameter_names():
        found = parameter(name)
        for held in found.values():
            yield row(f"`{name}`", found.unit, held.since, shown(held.value), held.basis)


def parameter_names() -> list[str]:
    """Return the dotted names of all parameters."""
    folder = files("heli_shared.statistics").joinpath("parameters")
    groups = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)
    return [
        f"{group.name.removesuffix('.yaml')}.{key}"
        for group in groups
        for key in yaml.safe_load(group.read_text(encoding="utf-8"))
    ]


def shown(value: Any) -> str:
    """Return a parameter's value for the table; tables of their own are only counted."""
    if isinstance(value, (list, dict)):
        return f"a table of {len(value)} lines, in the file"
    return str(value)


def problems_page() -> Iterator[str]:
    """Yield the page of problem types."""
    yield from ("# Problem types 错误类型", "", NOTE, "")
    yield "A refusal is `application/problem+json`: `type` is stable, `title` and `detail` follow `Accept-Language`,"
    yield "`errors` points at the parts that are wrong. The type is `urn:heli:problem:` and the name below."
    yield ""
    yield from heading("type", "status", "标题", "title", "when")
    for it in sorted(problem_types(), key=lambda each: (each.status, each.type)):
        yield row(f"`{it.type}`", it.status, it.title_zh, it.title_en, (it.__doc__ or "").strip().split("\n")[0])


def problem_types() -> list[type[DomainError]]:
    """Return one class for each problem type that any of the packages can raise."""
    for package in PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found: dict[str, type[DomainError]] = {}
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        each = waiting.pop()
        waiting += each.__subclasses__()
        if each is not DomainError and "type" in vars(each):
            found.setdefault(each.type, each)
    return list(found.values())


def import_page() -> Iterator[str]:
    """Yield the page of kinds of lists and their columns."""
    names = tomllib.loads(files("heli_registry.imports").joinpath("columns.toml").read_text(encoding="utf-8"))
    yield from ("# Import columns 导入列", "", NOTE, "")
    yield "The first name is the one that templates print. Spaces, line breaks, case, underscores and words in brackets"
    yield "do not count; the field's own name always works. A column that is left blank never blanks a value."
    for kind in KINDS.values():
        yield from ("", f"## {kind.zh} `{kind.plural}`", "")
        yield from heading("field", "read as", "needed", "names of the column")
        for field in kind.fields:
            needed = "always" if field.required else ("for new records" if field.needed_for_new else "")
            yield row(f"`{field.name}`", field.type, needed, "、".join(names[kind.plural].get(field.name, [])))


def quality_page() -> Iterator[str]:
    """Yield the page of the checks of data quality, kind by kind."""
    yield from ("# Checks of data quality 数据质量检查", "", NOTE, "")
    yield "What each check looks at, what it means and what to do; ■ keeps a period open until it is explained."
    yield "How they are said and counted: [rules of data quality](../rules/data-quality.md)."
    by_kind: dict[str, list[Check]] = {}
    for check in catalogue().values():
        by_kind.setdefault(check.kind, []).append(check)
    for kind, checks in by_kind.items():
        yield from ("", f"## {CHECKED[kind].kind.zh} `{kind}`", "")
        yield from heading("check", "级别", "口径", "definition", "fields", "basis", "since", "办法", "what to do")
        for it in checks:
            severity = f"{it.severity} ■" if it.blocks else it.severity
            fields = ", ".join(f"`{name}`" for name in (*it.facts, *it.parameters))
            meaning, doing = (it.definition_zh, it.definition_en), (it.fix_zh, it.fix_en)
            yield row(f"`{it.id}`", severity, *meaning, fields, it.basis, it.since, *doing)


def api_page() -> Iterator[str]:
    """Yield the page of operations of the three services."""
    yield from ("# API", "", NOTE, "")
    yield "The whole of it, with schemas and examples, is in `contracts/openapi/`; each service serves its own at"
    yield "`/v1/openapi.json`. `public` needs no token, `anybody` any valid one."
    yield ""
    yield "Query parameters that an operation does not know are refused with 400, and so is one of a single value that"
    yield "is given several times; lists are given by repeating their parameter. Numbers are plain digits."
    yield "HEAD is answered as GET is, without the body."
    for service in SERVICES:
        document = json.loads((ROOT / "contracts/openapi" / f"{service}.json").read_text(encoding="utf-8"))
        yield from ("", f"## {service}", "")
        yield from heading("", "path", "permission", "operation", "what it does")
        for path, operations in sorted(document["paths"].items()):
            for method in (each for each in METHODS if each in operations):
                it = operations[method]
                promise = it.get("description", it.get("summary", "")).split("\n")[0]
                yield row(method.upper(), f"`{path}`", f"`{it['x-permission']}`", it["operationId"], promise)


def commands_page() -> Iterator[str]:
    """Yield the page of the command line."""
    app = importlib.import_module("heli_cli.main").app
    yield from ("# Commands 命令", "", NOTE, "")
    yield "In a checkout: `./dev heli COMMAND`. `./dev help` lists the verbs of development."
    for path, command in walk(typer.main.get_command(app), ()):
        yield from ("", f"## heli {' '.join(path)}", "", (command.help or "").strip(), "")
        options = [
            each for each in command.params if each.name not in ("help", "install_completion", "show_completion")
        ]
        if options:
            yield from heading("argument or option", "")
        for each in options:
            name = each.name.upper() if each.param_type_name == "argument" else ", ".join(each.opts)
            yield row(f"`{name}`", getattr(each, "help", None) or "")


def walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command below a command, with the words that call it."""
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name in sorted(below):
        if not below[name].hidden:
            yield from walk(below[name], (*path, name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
