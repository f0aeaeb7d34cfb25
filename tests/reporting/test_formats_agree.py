"""Every form of every answer holds the numbers of the JSON: random questions, each form read by a reader of its own."""

import csv
import io
import json
import random
from datetime import date
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from reporting.world import PARK, TOWN_A, TOWN_B, VILLAGE_A, World, uscc

SHARES = ("organization_coverage", "work_coverage_strict", "staff100_with_organization_rate", "due_established_rate")
COUNTS = ("enterprise_count", "organization_count")
BY = ("division:town", "division", "zone", "size", "ownership", "unit", "organization_cover")
TABLES = ("csv", "rows", "echarts", "xlsx", "parquet", "arrow")
DAYS = ("2025-03-31", "2025-12-31", "2026-02-15", "2026-06-30")


@pytest.fixture
def busy(world: World) -> World:
    """Let enterprises come, go, move and be organised in 2025 and 2026; a name is a formula."""
    chance = random.Random(5)
    towns = (TOWN_A, TOWN_B, VILLAGE_A)
    for number in range(100, 140):
        opened = date(2025, chance.randint(1, 12), chance.randint(1, 28))
        staff, zone = chance.choice((4, 60, 150)), chance.choice((None, PARK))
        key = world.enterprise(
            number, chance.choice(towns), opened, staff=staff, zone=zone, full_members=chance.randint(0, 4)
        )
        if chance.random() < 0.4:
            world.branch(f"pty-{number}", [key], on=date(2026, chance.randint(1, 6), 3))
        if chance.random() < 0.3:
            world.change("enterprise", key, date(2026, chance.randint(1, 6), 9), division=chance.choice(towns))
        if chance.random() < 0.2:
            world.close("enterprise", key, date(2026, chance.randint(2, 6), 20))
    world.record("unit", "unt-a", name="=1+1甲镇", kind="township", parent="unt-county", division=TOWN_A)
    world.close("enterprise", uscc(8), date(2026, 4, 1))
    world.sync()
    return world


def number(value):
    """Return a value of any form as the number, text or None that it stands for."""
    if value in ("", None):
        return None
    if isinstance(value, bool | date):
        return str(value)
    text = str(value).removeprefix("'")
    try:
        return Decimal(text) if not text.isdigit() or len(text) < 10 else text
    except ArithmeticError:
        return text


def plain(lines):
    return [{name: number(value) for name, value in line.items()} for line in lines]


def read(form, answer, columns, tmp_path):
    """Return the lines of a form under the names of its columns, and the total where it stands among them."""
    names, titles = [each["name"] for each in columns], [each["title"] for each in columns]
    match form:
        case "csv":
            head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
            assert head == titles
            return [dict(zip(names, row, strict=True)) for row in rows]
        case "xlsx":
            head, *rows = (
                CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("统计").to_python()
            )
            assert head == titles
            return [dict(zip(names, row, strict=True)) for row in rows]
        case "rows":
            return answer.json()["rows"]
        case "echarts":
            dataset = answer.json()["dataset"]
            assert [each["name"] for each in dataset["dimensions"]] == names
            return [dict(zip(names, row, strict=True)) for row in dataset["source"]]
        case "arrow":
            return pa.ipc.open_stream(answer.content).read_all().to_pylist()
        case _:
            (tmp_path / "a.parquet").write_bytes(answer.content)
            found = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "a.parquet")])
            return [dict(zip([each[0] for each in found.description], row, strict=True)) for row in found.fetchall()]


def check(world, path, asked, flatten, tmp_path, forms=TABLES):
    """Hold every form of an answer against the answer, laid out by `flatten` into lines and lines of the total."""
    screen = world.get(path, **asked)
    assert screen.status_code == 200, screen.text
    lines, total = flatten(screen.json())
    by = [each.split(":")[0] for each in asked.get("by", ())]
    columns = world.get(path, **asked, format="rows").json()["columns"]
    for form in forms:
        answer = world.get(path, **asked, format=form)
        assert answer.status_code == 200, answer.text
        found = plain(read(form, answer, columns, tmp_path))
        if form in ("csv", "xlsx") and (by or path.endswith("rows")):
            found, last = found[: len(lines)], found[len(lines) :]
            assert [{n: v for n, v in each.items() if v not in (None, "合计")} for each in last] == [
                {n: v for n, v in each.items() if v is not None} for each in plain(total)
            ]
        assert [{n: v for n, v in each.items() if v is not None} for each in found] == [
            {n: v for n, v in each.items() if v is not None} for each in plain(lines)
        ], (form, asked)
        beside = {"rows": lambda a: a.json()["passport"], "echarts": lambda a: a.json()["passport"]}
        beside["arrow"] = lambda a: json.loads(pa.ipc.open_stream(a.content).schema.metadata[b"heli.passport"])
        if "permalink" in screen.json()["passport"]:
            permalink = screen.json()["passport"]["permalink"]
            assert answer.headers["heli-permalink"] == permalink
            if form in beside:
                assert beside[form](answer) == screen.json()["passport"]
    return screen.json()


def groups(row, by):
    return {f"{name}_{part}": row[name][part] for name in by for part in ("code", "name")}


def cell(name, found):
    return {name: found["value"]} | {
        f"{name}_{part}": found[part] for part in ("numerator", "denominator") if part in found
    }


def compared(answer, asked):
    """Return the lines of a statistic as a person would copy them from the screen."""
    by = [each.split(":")[0] for each in asked["by"]]
    before = {tuple(row[n]["code"] for n in by): row for row in answer.get("comparison", {"rows": []})["rows"]}

    def line(row, earlier):
        copied = {}
        if "rank" in row:
            copied |= {"rank": row["rank"]["position"], "rank_tied": row["rank"]["tied"]}
        for name in asked["measure"]:
            copied |= cell(name, row[name])
            if earlier:
                copied |= cell(f"{name}_before", earlier[name]) | cell(f"{name}_change", earlier[name]["change"])
        return copied

    lines = [groups(row, by) | line(row, before.pop(tuple(row[n]["code"] for n in by), None)) for row in answer["rows"]]
    for row in before.values():
        now = {
            name: {"value": 0} if name in COUNTS else {"value": None, "numerator": 0, "denominator": 0}
            for name in asked["measure"]
        }
        if "rank" in asked:
            now["rank"] = {"position": None, "tied": 0}
        lines.append(groups(row, by) | line(now, row))
    total = [line(answer["total"], answer.get("comparison", {}).get("total"))]
    return (lines if by else total), total


@pytest.mark.parametrize("seed", range(6))
def test_statistics_with_comparisons_and_ranks(busy: World, seed, tmp_path):
    chance = random.Random(seed)
    for _ in range(3):
        measures = chance.sample((*SHARES, COUNTS[0]), chance.randint(1, 3))
        by = chance.sample(BY[:1] + BY[2:], chance.randint(0, 2))
        asked = {"measure": measures, "by": by, "on": chance.choice((*DAYS, "2026-07-01"))}
        if chance.random() < 0.8:
            asked["compare"] = chance.choice(DAYS)
        if by and chance.random() < 0.7:
            asked |= {"rank": chance.choice(measures), "order": chance.choice(("asc", "desc"))}
        answer = check(busy, "/v1/statistics", asked, lambda found, asked=asked: compared(found, asked), tmp_path)
        for name in measures:
            if "comparison" in answer and name not in COUNTS:
                lines, (total,) = compared(answer, asked)
                for part in ("", "_before", "_change"):
                    key = f"{name}{part}_numerator"
                    assert sum(line[key] for line in lines) == total[key]


def observed(answer, asked):
    """Return what JSON-stat and SDMX have to say of a statistic: (codes, metric, day) → value."""
    by, found = [each.split(":")[0] for each in asked["by"]], {}
    comparison = answer.get("comparison")

    def put(codes, name, shown, day):
        found.update({(codes, f"{name}{part}", day): shown[key] for part, key in PARTS if shown.get(key) is not None})

    for row in [*answer["rows"], *(answer["comparison"]["rows"] if comparison else [])]:
        codes = tuple(row[n]["code"] or "_U" for n in by)
        for name in asked["measure"]:
            if "change" in row[name]:
                put(codes, name, row[name], comparison["on"])
                put(codes, f"{name}.change", row[name]["change"], asked["on"])
            else:
                put(codes, name, row[name], asked["on"])
        if row.get("rank"):
            put(codes, "rank", {"value": row["rank"]["position"]}, asked["on"])
            put(codes, "rank.tied", {"value": row["rank"]["tied"]}, asked["on"])
    return {place: Decimal(str(value)) for place, value in found.items()}


PARTS = (("", "value"), (".numerator", "numerator"), (".denominator", "denominator"))


@pytest.mark.parametrize("seed", range(4))
def test_standards_with_comparisons_and_ranks(busy: World, seed):
    chance = random.Random(seed)
    measures, by = chance.sample((*SHARES, COUNTS[0]), 2), chance.sample(BY[:1] + BY[2:], chance.randint(1, 2))
    asked = {"measure": measures, "by": by, "on": "2026-07-01", "compare": chance.choice(DAYS), "rank": measures[0]}
    answer = busy.get("/v1/statistics", **asked).json()
    wanted = observed(answer, asked)

    dataset = busy.get("/v1/statistics", **asked, format="jsonstat").json()
    held = {place: value for place, value in from_jsonstat(dataset).items() if place in wanted or value}
    assert held == wanted
    assert dataset["extension"]["total_before"] == answer["comparison"]["total"]
    assert dataset["dimension"]["time"]["category"]["index"] == sorted({asked["on"], asked["compare"]})

    read_back = {}
    names = [each.split(":")[0].upper() for each in by]
    for line in csv.DictReader(io.StringIO(busy.get("/v1/statistics", **asked, format="sdmx-csv").text)):
        codes, day = tuple(line[name].removeprefix("'") for name in names), line["TIME_PERIOD"]
        if set(codes) == {"_T"}:
            total = answer["total"] if day == asked["on"] else answer["comparison"]["total"]
            assert line["OBS_VALUE"] == str(total[line["MEASURE"]]["value"] or "") or line["OBS_VALUE"] == "0"
            continue
        for column, metric in SDMX.items():
            if line[column] != "":
                read_back[(codes, metric.format(line["MEASURE"]), day)] = Decimal(line[column])
    assert {place: value for place, value in read_back.items() if place in wanted or value} == wanted


SDMX = {
    "OBS_VALUE": "{}", "NUMERATOR": "{}.numerator", "DENOMINATOR": "{}.denominator", "CHANGE": "{}.change",
    "CHANGE_NUMERATOR": "{}.change.numerator", "CHANGE_DENOMINATOR": "{}.change.denominator", "RANK": "rank",
    "RANK_TIED": "rank.tied",
}  # fmt: skip


def from_jsonstat(dataset):
    """Return what a dataset says, read as the standard tells: the last dimension moves fastest."""
    indexes = [dataset["dimension"][name]["category"]["index"] for name in dataset["id"]]
    found = {}
    for place, value in dataset["value"].items():
        rest, codes = int(place), []
        for index in reversed(indexes):
            rest, here = divmod(rest, len(index))
            codes.insert(0, index[here])
        found[(tuple(codes[:-2]), codes[-2], codes[-1])] = Decimal(str(value))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_series(busy: World, seed, tmp_path):
    chance = random.Random(seed)
    measures, by = chance.sample((*SHARES, *COUNTS[:1]), 2), chance.sample(BY, chance.randint(0, 2))
    by = by if len({each.split(":")[0] for each in by}) == len(by) else by[:1]
    asked = {"measure": measures, "by": by, "from": "2025-10-31", "every": chance.choice(("month", "quarter"))}
    names = [each.split(":")[0] for each in by]

    def flatten(answer):
        def lines(row, start):
            for n, day in enumerate(answer["days"]):
                line = start | {"on": day}
                for name in measures:
                    line |= cell(name, row[name][n])
                yield line

        total = list(lines(answer["total"], {}))
        found = [line for row in answer["rows"] for line in lines(row, groups(row, names))]
        return (found if by else total), total

    answer = check(busy, "/v1/statistics/series", asked, flatten, tmp_path)
    wanted = {
        (tuple(row[n]["code"] or "_U" for n in names), f"{name}{part}", day): Decimal(str(row[name][n][key]))
        for row in (answer["rows"] if by else [answer["total"]])
        for name in measures
        for n, day in enumerate(answer["days"])
        for part, key in PARTS
        if row[name][n].get(key) is not None
    }
    assert from_jsonstat(busy.get("/v1/statistics/series", **asked, format="jsonstat").json()) == wanted
    lines = list(csv.DictReader(io.StringIO(busy.get("/v1/statistics/series", **asked, format="sdmx-csv").text)))
    assert len(lines) == (len(answer["rows"]) * bool(by) + 1) * len(answer["days"]) * len(measures)


@pytest.mark.parametrize("seed", range(4))
def test_changes_and_the_rows_behind_their_causes(busy: World, seed, tmp_path):
    chance = random.Random(seed)
    measure, by = chance.choice((*SHARES, *COUNTS)), chance.sample(("division:town", "unit"), chance.randint(0, 2))
    asked = {"measure": measure, "by": by, "from": chance.choice(DAYS[:2])}
    names = [each.split(":")[0] for each in by]
    steps = {"before": "期初", "difference": "增减", "after": "期末"}

    def flatten(answer):
        def end(line, step):
            shown = line[step]
            parts = {
                part: shown.get(part, shown["value"] if part == "numerator" else None)
                for part in ("numerator", "denominator")
            }
            return {"step": step, "step_name": steps[step], "value": shown["value"], **parts}

        def lines(line, start):
            causes = [
                {
                    "step": each["cause"]["code"], "step_name": each["cause"]["name"],
                    "reason": each["reason"] and each["reason"]["code"],
                    "reason_name": each["reason"] and each["reason"]["name"],
                    **{name: each[name] for name in ("numerator", "denominator", "records", "rows")},
                }
                for each in line["causes"]
            ]  # fmt: skip
            return [
                start | each for each in (end(line, "before"), *causes, end(line, "difference"), end(line, "after"))
            ]

        total = lines(answer["total"], {})
        return (
            [each for row in answer["rows"] for each in lines(row["change"], groups(row, names))] if by else total
        ), total

    answer = check(busy, "/v1/statistics/change", asked, flatten, tmp_path)
    told = busy.get("/v1/statistics/change", **asked, format="rows").json()
    for part in ("numerator", "denominator")[: 1 if measure in COUNTS else 2]:
        total = {line["step"]: line[part] for line in told["total"] if line["step"] in steps}
        causes = sum(line[part] for line in told["total"] if line["step"] not in steps)
        assert total["before"] + causes == total["after"]
        assert total["difference"] == causes
    assert told["from"] == answer["from"]
    for cause in answer["total"]["causes"][:2]:
        check_rows(busy, cause, measure, names, tmp_path)


def check_rows(world, cause, measure, names, tmp_path):
    key = "id" if measure == "organization_count" else "uscc"

    def flatten(answer):
        assert answer["next"] is None
        lines = [
            {
                key: item[key], "name": item["name"], **groups(item, names),
                "cause": item["cause"]["code"], "cause_name": item["cause"]["name"],
                "reason": item["reason"] and item["reason"]["code"],
                "reason_name": item["reason"] and item["reason"]["name"],
                "numerator": item["numerator"], "denominator": item["denominator"],
            }
            for item in answer["items"]
        ]  # fmt: skip
        return lines, [{part: cause[part] for part in ("numerator", "denominator")}]

    path, _, query = cause["rows"].partition("?")
    asked: dict = {}
    for name, value in (each.split("=") for each in query.split("&")):
        asked.setdefault(name, []).append(value.replace("%3A", ":"))
    check(world, path, asked, flatten, tmp_path, forms=tuple(form for form in TABLES if form != "echarts"))


@pytest.mark.parametrize("seed", range(4))
def test_the_ledger_of_a_denominator(busy: World, seed, tmp_path):
    chance = random.Random(seed)
    measure, by = chance.choice((*SHARES, *COUNTS)), chance.sample(("division:town", "unit"), chance.randint(0, 2))
    asked = {"measure": measure, "by": by, "on": chance.choice(DAYS)}
    names = [each.split(":")[0] for each in by]

    def flatten(answer):
        codes = [each["code"] for each in answer["total"]["reasons"]]

        def line(account):
            counted = {f"reason_{code}": 0 for code in codes}
            counted |= {f"reason_{each['code']}": each["records"] for each in account["reasons"]}
            return {n: account[n] for n in ("records", "denominator", "numerator", "gap", "excluded")} | counted

        total = [line(answer["total"])]
        lines = [groups(row, names) | line(row["account"]) for row in answer["rows"]]
        for name in total[0] if by else ():
            assert sum(each[name] for each in lines) == total[0][name]
        return (lines if by else total), total

    check(busy, "/v1/statistics/ledger", asked, flatten, tmp_path)


def test_a_break_is_told_in_every_form_that_has_a_place_for_it(world: World):
    asked = {"measure": "enterprise_count", "from": "2010-12-31", "to": "2013-12-31", "every": "year", "breaks": "show"}
    path = "/v1/statistics/series"
    breaks = world.get(path, **asked).json()["breaks"]

    assert [each["on"] for each in breaks] == ["2012-03-01"]
    for form in ("rows", "echarts"):
        assert world.get(path, **asked, format=form).json()["breaks"] == breaks
    schema = pa.ipc.open_stream(world.get(path, **asked, format="arrow").content).schema
    assert json.loads(schema.metadata[b"heli.breaks"]) == breaks
    assert world.get(path, **asked, format="jsonstat").json()["extension"]["breaks"] == breaks
    lines = csv.DictReader(io.StringIO(world.get(path, **asked, format="sdmx-csv").text))
    assert [line["OBS_STATUS"] for line in lines] == ["A", "A", "B", "A"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(world.get(path, **asked, format="xlsx").content))
    (told,) = [row[1] for row in book.get_sheet_by_name("说明").to_python() if row[0] == "breaks"]
    assert "2012-03-01" in told
    assert breaks[0]["basis"] in told


ROUTES = {
    "/v1/statistics": {"measure": "enterprise_count"},
    "/v1/statistics/series": {"measure": "enterprise_count", "from": "2026-01-31"},
    "/v1/statistics/change": {"measure": "enterprise_count", "from": "2026-01-31"},
    "/v1/statistics/change/rows": {"measure": "enterprise_count", "from": "2026-01-31", "cause": "entered"},
    "/v1/statistics/ledger": {"measure": "enterprise_count"},
}
HAVE = {
    "/v1/statistics": (*TABLES, "jsonstat", "sdmx-csv"),
    "/v1/statistics/series": (*TABLES, "jsonstat", "sdmx-csv"),
    "/v1/statistics/change": TABLES,
    "/v1/statistics/change/rows": tuple(form for form in TABLES if form != "echarts"),
    "/v1/statistics/ledger": TABLES,
}


@pytest.mark.parametrize("path", ROUTES)
def test_an_unknown_form_is_refused_with_those_that_there_are(world: World, path):
    for form in {"xml", *(HAVE["/v1/statistics"])} - set(HAVE[path]):
        refused = world.get(path, **ROUTES[path], format=form)
        assert refused.status_code == 400
        (problem,) = refused.json()["errors"]
        listed = problem["detail"].removeprefix("应为以下之一：").split("、")
        assert (problem["pointer"], sorted(listed)) == ("parameter format", sorted(("json", *HAVE[path])))


def test_pages_do_not_go_with_a_file_that_holds_everything(world: World):
    path = "/v1/statistics/change/rows"
    for name, value in (("limit", 5), ("cursor", "abc")):
        refused = world.get(path, **ROUTES[path], format="csv", **{name: value})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, f"parameter {name}")


def test_the_new_forms_stay_inside_the_callers_scope(busy: World):
    who = busy.person("prn-a", divisions=(TOWN_A,))
    for path, asked in ROUTES.items():
        for form in ("csv", "rows"):
            told = busy.get(path, who, **{**asked, "measure": "enterprise_count"}, by="division:town", format=form).text
            assert TOWN_B not in told
