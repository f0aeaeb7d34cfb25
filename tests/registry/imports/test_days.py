"""A row may say from which day it holds, in a column open to every list."""

from registry.codes import code

ENTERPRISES = "统一社会信用代码,企业名称,注册日期,行政区划代码\n{code},合力县示例食品有限公司,2019-03-01,330106000000\n"
ORGANIZATIONS = (
    "党组织编号,名称,党组织类型,组建方式,成立日期,正式党员,行政区划代码\n"
    "pty-1,示例支部,branch,sole,2020-01-01,3,330106000000\n"
)
COVERS = "编号,党组织编号,统一社会信用代码,组建方式,覆盖日期\ncov-1,pty-1,{code},sole,{day}\n"


def prepared(desk):
    uscc = code(1)
    for kind, text in (("enterprises", ENTERPRISES.format(code=uscc)), ("party-organizations", ORGANIZATIONS)):
        job = desk.run(kind, text)
        assert job["rows"]["created"] == 1, desk.refusals(job["id"])
    return uscc


def test_a_cover_holds_from_the_day_its_row_names(desk):
    uscc = prepared(desk)
    first = desk.run("covers", COVERS.format(code=uscc, day="2021-05-01"))
    again = desk.run("covers", COVERS.format(code=uscc, day="2021-05-01"))
    before = desk.registry.get("/v1/covers", params={"on": "2021-04-30"}).json()
    after = desk.registry.get("/v1/covers", params={"on": "2021-05-01"}).json()

    assert first["rows"]["created"] == 1
    assert again["rows"]["unchanged"] == 1
    assert (before["total"], after["total"]) == (0, 1)


def test_a_change_holds_from_the_day_its_row_names(desk):
    uscc = prepared(desk)
    job = desk.run("enterprises", f"统一社会信用代码,从业人数,生效日期\n{uscc},88,2022-02-02\n")
    path = f"/v1/enterprises/{uscc}"

    assert job["rows"]["updated"] == 1
    assert desk.registry.get(path, params={"on": "2022-02-01"}).json()["staff"] is None
    assert desk.registry.get(path, params={"on": "2022-02-02"}).json()["staff"] == 88


def test_a_day_to_come_is_refused(desk):
    uscc = prepared(desk)
    job = desk.run("covers", COVERS.format(code=uscc, day="2999-01-01"))

    assert job["rows"]["refused"] == 1


def test_a_listed_cover_without_a_day_holds_since_its_organisation_was_founded(desk):
    uscc = prepared(desk)
    job = desk.run("covers", f"党组织编号,统一社会信用代码\npty-1,{uscc}\n")

    assert job["rows"]["created"] == 1, desk.refusals(job["id"])
    assert desk.registry.get("/v1/covers", params={"on": "2019-12-31"}).json()["total"] == 0
    assert desk.registry.get("/v1/covers", params={"on": "2020-01-01"}).json()["total"] == 1


def test_one_key_takes_one_file(desk):
    def send(text: str):
        files = {"file": ("list.csv", text.encode())}
        headers = {"Idempotency-Key": "upload-1"}
        return desk.registry.call("POST", "/v1/imports?kind=enterprises", files=files, headers=headers)

    first = send(ENTERPRISES.format(code=code(1)))
    again = send(ENTERPRISES.format(code=code(1)))
    other = send(ENTERPRISES.format(code=code(2)))

    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 422)
    assert again.content == first.content
    assert desk.registry.get("/v1/imports").json()["total"] == 1
