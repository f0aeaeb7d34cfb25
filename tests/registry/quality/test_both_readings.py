"""What SQL finds on current rows, the fold finds as of a moment, for every check and every record."""

from heli_registry.quality.placing import CHECKED
from heli_registry.quality.reading import catalogue
from registry.conftest import COUNTY, Registry
from registry.quality.conftest import Maker

# Checks that random records do not reach: what they flag is tried one by one in the tests of single checks.
SELDOM = {"enterprise.division-above-town"}


def failing(registry: Registry, query: str) -> list[tuple[str, str, tuple[str, ...], str | None, str]]:
    """Return kind, record, checks, unit and facts of every failing record, over all pages."""
    found, path = [], f"/v1/quality/results/rows?limit=150{query}"
    while path:
        answer = registry.get(path)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [
            (each["kind"], each["record"], tuple(fail["check"] for fail in each["failures"]), each["unit"],
             str([fail["facts"] for fail in each["failures"]]), each["name"])
            for each in page["items"]
        ]  # fmt: skip
        path = f"/v1/quality/results/rows?limit=150{query}&cursor={page['next']}" if page["next"] else None
        assert page["total"] >= len(found)
    assert page["total"] == len(found)
    return found


def results(registry: Registry, query: str) -> dict:
    answer = registry.get(f"/v1/quality/results?view=territory{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_two_ways_to_read_agree_on_random_records(registry: Registry, maker: Maker):
    maker.random_records(90)
    told_now, rows_now = results(registry, ""), failing(registry, "")
    # One more entry, so that the moment before it is read from the ledger.
    maker.write([maker.new(CHECKED["unit"].kind, "unt-later", name="后来", kind="department", division=COUNTY)])
    past = f"&on=2026-07-01&known_at={told_now['known_at']}"

    assert failing(registry, past) == rows_now
    assert results(registry, past) == told_now
    assert results(registry, "") != told_now
    assert set(catalogue()) - {check for row in rows_now for check in row[2]} <= SELDOM
