# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Building facts: from versions, by the definitions of `heli_shared.statistics`, for all records or for some."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from heli_reporting.history.schema import FACT_INPUTS, version_table
from heli_shared.statistics.tables import PATH_LEVELS, TABLES

Cursor = Any

ORDER = ", ".join((*PATH_LEVELS, "uscc", "valid_from"))
FOREVER = "DATE '9999-12-31'"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Which tables hold the versions: those of the head, or copies as they were known at another seq.

    `versions` maps kinds to tables, `paths` is the table of division paths.
    """

    versions: dict[str, str]
    paths: str


HEAD = Inputs({entity: version_table(entity) for entity in FACT_INPUTS.values()}, "paths")


def _input(inputs: Inputs, table: str, only: str | None) -> str:
    columns = ", ".join(f'"{name}"' for name in TABLES[table])
    where = f" WHERE {only}" if only else ""
    return f"{table} AS (SELECT {columns} FROM {inputs.versions[FACT_INPUTS[table]]}{where})"


def enterprise_inputs(inputs: Inputs, some: str | None) -> str:
    """Return the WITH list that feeds the definitions; `some` is a table with the column `uscc` of those wanted."""
    wanted = f"IN (SELECT uscc FROM {some})" if some else None
    linked = f"enterprise {wanted}" if wanted else "enterprise IS NOT NULL"
    return ", ".join(
        [
            _input(inputs, "enterprises", f"key {wanted}" if wanted else None),
            _input(inputs, "covers", linked),
            _input(inputs, "organizations", "key IN (SELECT organization FROM covers)"),
            _input(inputs, "mass_organizations", linked),
            _input(inputs, "assignments", linked),
            f"division_paths AS (SELECT * FROM {inputs.paths})",
        ]
    )


def organization_inputs(inputs: Inputs, some: str | None) -> str:
    """Return the WITH list for facts of organisations; `some` is a table with the column `id` of those wanted."""
    wanted = f"IN (SELECT id FROM {some})" if some else None
    return ", ".join(
        [
            _input(inputs, "organizations", f"key {wanted}" if wanted else None),
            *(
                _input(inputs, table, f"organization {wanted}" if wanted else "organization IS NOT NULL")
                for table in ("covers", "affiliations")
            ),
            _input(inputs, "enterprises", "key IN (SELECT enterprise FROM covers)"),
            f"division_paths AS (SELECT * FROM {inputs.paths})",
        ]
    )


def numbers_of(inputs: Inputs, kind: str, wanted: str | None) -> str:
    """Return the relation of keys of a kind and the numbers of their records, see `versions`; `wanted` SELECTs keys."""
    only = f" WHERE key IN ({wanted})" if wanted else ""
    return f"(SELECT DISTINCT key, first_seq FROM {inputs.versions[kind]}{only})"


def _intervals(cursor: Cursor, facts: str, key: str, numbers: str) -> str:
    """Return the SELECT of facts by stretches of days, from facts at change points; equal neighbours are joined.

    The facts are wide: what is sorted to find neighbours is only their key, day and a hash of the rest.
    """
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE made AS {facts}")
    cursor.execute(f"""
CREATE OR REPLACE TEMP TABLE stretches AS
SELECT key, day AS valid_from, coalesce(lead(day) OVER (PARTITION BY key ORDER BY day), {FOREVER}) AS valid_to
FROM (
  SELECT key, day FROM (SELECT {key} AS key, day, hash(*COLUMNS(* EXCLUDE (day))) AS print FROM made)
  QUALIFY lag(print) OVER (PARTITION BY key ORDER BY day) IS DISTINCT FROM print
)""")
    return f"""
SELECT {key}, valid_from, valid_to, made.* EXCLUDE ({key}, day), first_seq
FROM made JOIN stretches ON made.{key} = stretches.key AND made.day = stretches.valid_from
JOIN {numbers} AS numbers ON made.{key} = numbers.key"""


def enterprise_intervals(cursor: Cursor, definitions: dict[str, str], inputs: Inputs, some: str | None) -> str:
    """Return the SELECT of the enterprises' facts by stretches of days, after making what it reads."""
    feed = enterprise_inputs(inputs, some)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE spine AS WITH {feed} SELECT * FROM ({definitions['points']})")
    numbers = numbers_of(inputs, "enterprise", some and f"SELECT uscc FROM {some}")
    return _intervals(cursor, f"WITH {feed} SELECT * FROM ({definitions['facts']})", "uscc", numbers)


def enterprise_day(cursor: Cursor, definitions: dict[str, str], inputs: Inputs, some: str, day: date) -> str:
    """Return the SELECT of some enterprises' facts on one day, in the columns of the stretches."""
    feed = enterprise_inputs(inputs, some)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE spine AS SELECT uscc, CAST(? AS DATE) AS day FROM {some}", [day])
    facts = f"WITH {feed} SELECT * FROM ({definitions['facts']})"
    return (
        f"SELECT uscc, day AS valid_from, {FOREVER} AS valid_to, f.* EXCLUDE (uscc, day), first_seq FROM ({facts}) AS f"
        f" JOIN {numbers_of(inputs, 'enterprise', f'SELECT uscc FROM {some}')} AS numbers ON f.uscc = numbers.key"
    )


def organization_intervals(cursor: Cursor, definitions: dict[str, str], inputs: Inputs, some: str | None) -> str:
    """Return the SELECT of the organisations' facts by stretches of days, after making what it reads."""
    feed = organization_inputs(inputs, some)
    points = definitions["organization_points"]
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE organization_spine AS WITH {feed} SELECT * FROM ({points})")
    facts = f"WITH {feed} SELECT * FROM ({definitions['organization_facts']})"
    return _intervals(cursor, facts, "id", numbers_of(inputs, "party_organization", some and f"SELECT id FROM {some}"))
