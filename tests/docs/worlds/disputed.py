"""The county whose departments disagree about the staff of two enterprises: market supervision answers for it."""

from docs.site import Site
from docs.worlds import departments
from registry.codes import code

SAID = {
    "unt-market": ((2, 46), (3, 48)),
    "unt-tax": ((2, 52), (3, 55), (1, 120)),
    "unt-social": ((2, 49), (1, 120)),
}


def fill(site: Site) -> None:
    """Make the county, the order of precedence, and what each department said."""
    departments.fill(site)
    site.made(
        "/v1/field-stewards", id="fst-staff", kind="enterprise", field="staff", steward="unt-market",
        precedence=["unt-tax", "unt-social"], basis="合力县一数一源目录（示例）",
    )  # fmt: skip
    for unit, said in SAID.items():
        rows = [{"enterprise": code(number), "field": "staff", "value": staff} for number, staff in said]
        body = {"unit": unit, "observed_on": "2026-06-30", "rows": rows}
        site.post("/v1/claims/batch", body)
