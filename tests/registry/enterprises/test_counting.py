"""Who is counted: one record at a time says what the statistics' definition says on columns."""

from datetime import date

import duckdb
import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from heli_shared.statistics.classification import scope_reason
from heli_shared.statistics.scope import scope_reason_of as scope_reason_of_one

MAYBE = st.none() | st.booleans()
ROW = {
    "uscc": st.sampled_from(["91330000MA00000001", "93330000MA00000001", "12330000MA00000001", "52330000MA00000001"]),
    "state": st.sampled_from(["open", "closed"]),
    "duplicate_of": st.none() | st.just("91330000MA00000002"),
    "is_branch_office": MAYBE,
    "ownership": st.none() | st.sampled_from(["private", "individual", "foreign", "collective", "state_owned"]),
    "operation_state": st.none() | st.sampled_from(["operating", "suspended", "closed_down"]),
    "has_premises": MAYBE,
    "has_stable_staff": MAYBE,
    "has_activity": MAYBE,
    "staff": st.none() | st.integers(0, 200),
}
ENTERPRISES = st.fixed_dictionaries(ROW)
TYPES = {
    "is_branch_office": "boolean",
    "has_premises": "boolean",
    "has_stable_staff": "boolean",
    "has_activity": "boolean",
    "staff": "int64",
    "number": "int64",
    "day": "date",
}
ARROW = {"boolean": pa.bool_(), "int64": pa.int64(), "date": pa.date32(), "string": pa.string()}
SCHEMA = pa.schema([(name, ARROW[TYPES.get(name, "string")]) for name in (*ROW, "number", "day")])


def reasons_by_columns(rows: list[dict], day: date) -> list[str | None]:
    """Return what the definition on columns says of each row, asked of DuckDB."""
    named = {name: TYPES.get(name, "string") for name in (*ROW, "number", "day")}
    t = ibis.table(named, name="enterprises")
    query = str(ibis.to_sql(t.select("number", reason=scope_reason(t)).order_by("number"), dialect="duckdb"))
    arrow = pa.Table.from_pylist([{**row, "number": number, "day": day} for number, row in enumerate(rows)], SCHEMA)
    with duckdb.connect() as connection:
        connection.register("enterprises", arrow)
        return [reason for _, reason in connection.execute(query).fetchall()]


def counted_by_columns(rows: list[dict], day: date) -> list[bool]:
    """Return whether the definition on columns counts each row."""
    return [reason is None for reason in reasons_by_columns(rows, day)]


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(ENTERPRISES, min_size=40, max_size=120), day=st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_both_ways_of_saying_it_agree(rows, day):
    assert [scope_reason_of_one(row, day) for row in rows] == reasons_by_columns(rows, day)
