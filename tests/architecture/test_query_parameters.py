"""What every operation of the three services makes of query parameters, as its own document declares them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

SLOPPY = ("1_0", "+5", "5.0", " 5", "5 ", "", "0x5", "５", "٥", "-0", "five")
SLOPPY_NUMBERS = ("1_0", "+5", " 5", "5.", ".5", "", "1e1", "５", "-0", "nan", "inf")


def declared(app: FastAPI, *kinds: str) -> Iterator[tuple[str, str, str]]:
    """Yield (method, address, parameter) of every query parameter that is declared as one of some kinds."""
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            for each in operation.get("parameters", ()):
                if each["in"] == "query" and kinds_of(each["schema"]).intersection(kinds):
                    yield method, path.replace("{", "").replace("}", ""), each["name"]


def kinds_of(schema: dict[str, Any]) -> set[str]:
    """Return the types that a schema allows: `array`, `integer`, `number`, or `text` for whatever else there is."""
    if "anyOf" in schema:
        return {kind for option in schema["anyOf"] for kind in kinds_of(option)} - {"null"}
    named = schema.get("type", "string")
    names = {named} if isinstance(named, str) else set(named) - {"null"}
    return {each if each in ("array", "integer", "number") else "text" for each in names}


@pytest.fixture
def asked(service):
    """Return how to ask: with a token that is none, which no check of parameters looks at."""
    _, app = service
    client = TestClient(app, raise_server_exceptions=False)

    def ask(method: str, address: str, *given: tuple[str, str], language: str = "zh") -> Any:
        headers = {"Authorization": "Bearer none", "Accept-Language": language}
        return client.request(method, address, params=list(given), headers=headers)

    return ask


def test_a_parameter_of_one_value_is_refused_when_it_is_given_twice(service, asked):
    _, app = service
    single = list(declared(app, "text", "integer", "number"))
    answers = {it: asked(it[0], it[1], (it[2], "1"), (it[2], "2")) for it in single}

    assert single
    assert {it: (answer.status_code, answer.json()["errors"]) for it, answer in answers.items()} == {
        it: (400, [{"pointer": f"parameter {it[2]}", "detail": "只能给出一次，而给出了 2 次"}]) for it in single
    }


def test_a_list_may_be_given_twice(service, asked):
    _, app = service
    for method, address, name in declared(app, "array"):
        answer = asked(method, address, (name, "a"), (name, "b"))

        assert "takes one value" not in answer.text
        assert "只能给出一次" not in answer.text


def test_the_refusal_names_the_parameter_in_both_languages(service, asked):
    _, app = service
    method, address, name = next(declared(app, "text"))
    told = {
        language: asked(method, address, (name, "1"), (name, "2"), (name, "3"), language=language).json()
        for language in ("zh", "en")
    }

    assert told["zh"]["detail"] == f"查询参数 {name} 只能有一个值，请求中却给出了多次。"
    assert told["en"]["detail"] == f"Query parameters of one value were given several times: {name}."
    assert told["en"]["errors"] == [{"pointer": f"parameter {name}", "detail": "takes one value, not 3"}]


@pytest.mark.parametrize(("kind", "sloppy"), [("integer", SLOPPY), ("number", SLOPPY_NUMBERS)])
def test_numbers_are_written_in_plain_digits(service, asked, kind, sloppy):
    _, app = service
    # One operation for each name: that all operations are held to the same is what the tests above say.
    for method, address, name in {it[2]: it for it in declared(app, kind)}.values():
        for value in sloppy:
            answer = asked(method, address, (name, value))

            assert answer.status_code == 400, (address, name, value)
            assert [each["pointer"] for each in answer.json()["errors"]] == [f"parameter {name}"]
            assert "只用数字书写" in answer.json()["errors"][0]["detail"]


def test_plain_digits_are_taken_whatever_becomes_of_the_number(service, asked):
    _, app = service
    for method, address, name in {it[2]: it for it in declared(app, "integer", "number")}.values():
        for value in ("0", "007", "-3", "20"):
            assert "只用数字书写" not in asked(method, address, (name, value)).text


def days(app: FastAPI) -> dict[str, tuple[str, str, str]]:
    """Return one operation for each name of a parameter that is a day, among them those also told in a word."""
    return {
        each["name"]: (method, path.replace("{", "").replace("}", ""), each["name"])
        for path, operations in app.openapi()["paths"].items()
        for method, operation in operations.items()
        for each in operation.get("parameters", ())
        if each["in"] == "query" and '"format": "date"' in json.dumps(each["schema"])
    }


EARLY = ("应不早于 1900-01-01", "must not lie before 1900-01-01")
NO_DAY = ("日历上没有这一天", "is not a day of the calendar")
NO_FORM = ("应为日期，格式为 2026-06-30", "must be a date such as 2026-06-30")
BAD_DAYS = {
    "0001-01-01": EARLY, "1899-12-31": EARLY, "2026-02-30": NO_DAY, "0000-01-01": NO_DAY, "2026-6-30": NO_FORM,
    "２０２６-06-30": NO_FORM, "": NO_FORM,
}  # fmt: skip


def test_a_day_is_refused_for_what_is_wrong_with_it(service, asked):
    _, app = service
    assert "on" in days(app)
    for method, address, name in days(app).values():
        for day, words in BAD_DAYS.items():
            for language, told in zip(("zh", "en"), words, strict=True):
                answer = asked(method, address, (name, day), language=language)

                assert answer.status_code in (400, 422), (address, name)
                assert {"pointer": f"parameter {name}", "detail": told} in answer.json()["errors"], (address, name)


def test_the_first_day_there_is_is_taken(service, asked):
    _, app = service
    for method, address, name in days(app).values():
        answer = asked(method, address, (name, "1900-01-01")).json()

        assert f"parameter {name}" not in [each["pointer"] for each in answer.get("errors", ())]
