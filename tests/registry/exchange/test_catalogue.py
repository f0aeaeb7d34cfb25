"""The catalogue lists exactly what is served, field by field, and keeps personal kinds out."""

from heli_registry.catalogue.domain import classified
from heli_registry.database import METADATA
from heli_shared.records.kinds import kinds_of
from heli_shared.web.routes import iterate_routes
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B, Registry

PERSONAL = {"people", "principals"}


def declared() -> dict:
    return {kind.plural: kind for kind in kinds_of(METADATA).values()}


def test_the_catalogue_is_the_kinds_that_are_served_and_the_reverse(county: Registry):
    found = county.get("/v1/catalogue").json()
    shared = {each["resource"] for each in found["items"]}
    closed = {each["resource"] for each in found["not_shared"]}
    served = {
        route.path.removeprefix("/v1/").removesuffix("/{key}/history")
        for route in iterate_routes(county.app)
        if route.path.endswith("/{key}/history")
    }

    assert shared | closed == served == set(declared())
    assert shared & closed == set()
    assert closed >= PERSONAL


def test_somebody_decided_about_every_kind_how_it_is_shared():
    assert set(declared()) - classified() == set()


def test_every_shared_kind_can_be_taken(county: Registry):
    for each in county.get("/v1/catalogue").json()["items"]:
        assert county.get(each["links"]["bulk"]).status_code == 200, each["resource"]


def test_every_field_is_in_the_catalogue_as_the_kind_declares_it(county: Registry):
    kinds = declared()
    for each in county.get("/v1/catalogue").json()["items"]:
        kind = kinds[each["resource"]]
        fields = [(field["name"], field["type"]) for field in each["fields"]]
        assert fields == [(kind.key, "text"), *((field.name, field.type) for field in kind.all_fields)], kind.plural
        assert each["basis"]
        assert each["purpose"]


def test_every_code_has_its_chinese_word(county: Registry):
    bare = [
        f"{each['resource']}.{field['name']}"
        for each in county.get("/v1/catalogue").json()["items"]
        for field in each["fields"]
        if field["codes"] and any(code["zh"] is None for code in field["codes"])
    ]
    assert bare == []


def test_every_link_of_the_catalogue_is_answered(county: Registry):
    for each in county.get("/v1/catalogue").json()["items"]:
        for path in each["links"].values():
            assert county.get(path).status_code == 200, path


def test_one_resource_is_told_in_full(county: Registry):
    county.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    county.made("/v1/enterprises", uscc=code(2), name="乙", division=TOWN_B)
    answer = county.get("/v1/catalogue/enterprises")
    found = answer.json()
    by_name = {field["name"]: field for field in found["fields"]}

    assert found == next(
        each for each in county.get("/v1/catalogue").json()["items"] if each["resource"] == "enterprises"
    )
    assert (found["rows"], found["key"], found["sharing_class_zh"]) == (2, "uscc", "有条件共享")
    assert by_name["name"]["sharing_class"] == "unconditional"
    assert (by_name["staff"]["unit"], by_name["staff"]["sharing_class"]) == ("人", "conditional")
    assert by_name["ownership"]["codes"][0] == {"code": "private", "zh": "私营"}
    assert by_name["division"]["references"] == "division"
    assert by_name["staff"]["steward"] is None
    county.made("/v1/units", id="unt-ss", name="人社局", kind="department")
    county.made("/v1/field-stewards", kind="enterprise", field="staff", steward="unt-ss", basis="职责分工")
    stewards = {field["name"]: field["steward"] for field in county.get("/v1/catalogue/enterprises").json()["fields"]}
    assert (stewards["staff"], stewards["name"]) == ("unt-ss", None)
    assert "content-digest" in answer.headers


def test_rows_are_those_of_the_callers_scope_and_right(county: Registry):
    county.made("/v1/enterprises", uscc=code(1), name="甲", division=TOWN_A)
    county.made("/v1/enterprises", uscc=code(2), name="乙", division=TOWN_B)
    county.enrol("tax", "exchange")
    assert county.get("/v1/catalogue/enterprises", by="clerk_a").json()["rows"] == 1
    assert county.get("/v1/catalogue/enterprises", by="tax").json()["rows"] == 2
    assert county.get("/v1/catalogue/forms", by="tax").json()["rows"] is None


def test_what_is_not_shared_is_not_described(county: Registry):
    assert county.get("/v1/catalogue/people").status_code == 404
    assert county.get("/v1/catalogue/nothing").status_code == 404
