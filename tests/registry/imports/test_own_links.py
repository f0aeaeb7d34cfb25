"""A list may refer to its own rows, above or below; what stays without its counterpart is refused."""

from registry.codes import code

UNITS = "编号,名称,类型,上级机构\n"
ENTERPRISES = "统一社会信用代码,企业名称,行政区划代码,重复于\n"


def rows(job):
    return {name: count for name, count in job["rows"].items() if count}


def test_a_unit_may_name_a_superior_further_down(desk):
    text = f"{UNITS}unt-3,丙,department,unt-2\nunt-2,乙,department,甲\nunt-1,甲,commission,\n"
    first = desk.run("units", text)
    again = desk.run("units", text)

    assert rows(first) == {"read": 3, "created": 3}, desk.refusals(first["id"])
    assert rows(again) == {"read": 3, "unchanged": 3}
    parents = {unit["id"]: unit["parent"] for unit in desk.registry.get("/v1/units").json()["items"]}
    assert parents == {"unt-1": None, "unt-2": "unt-1", "unt-3": "unt-2"}


def test_a_row_whose_counterpart_is_refused_is_refused_too(desk):
    job = desk.run("units", f"{UNITS}unt-3,丙,department,unt-2\nunt-2,乙,no such kind,\nunt-1,甲,commission,\n")

    assert rows(job) == {"read": 3, "created": 1, "refused": 2}
    assert sorted(desk.refusals(job["id"])) == [2, 3]


def test_rows_that_stand_above_one_another_are_refused(desk):
    job = desk.run("units", f"{UNITS}unt-1,甲,department,unt-2\nunt-2,乙,department,unt-1\n")
    assert rows(job) == {"read": 2, "refused": 2}

    desk.run("units", f"{UNITS}unt-1,甲,department,\nunt-2,乙,department,\n")
    crossed = desk.run("units", f"{UNITS}unt-1,甲,department,unt-2\nunt-2,乙,department,unt-1\n")
    assert rows(crossed) == {"read": 2, "updated": 1, "refused": 1}


def test_an_enterprise_may_be_a_duplicate_of_one_further_down(desk):
    text = (
        f"{ENTERPRISES}{code(1)},甲公司,330106000000,{code(2)}\n"
        f"{code(2)},甲公司,330106000000,\n{code(3)},甲公司,330106000000,{code(1)}\n"
    )
    first = desk.run("enterprises", text)
    again = desk.run("enterprises", text)

    assert rows(first) == {"read": 3, "created": 2, "refused": 1}, desk.refusals(first["id"])
    assert rows(again) == {"read": 3, "unchanged": 2, "refused": 1}
