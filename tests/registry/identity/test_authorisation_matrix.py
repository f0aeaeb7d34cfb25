"""Every route against every role: expectations are declared here, not read from the product; each cell is tried."""

from itertools import product

from heli_registry.identity.issuer import open_issuer
from heli_shared.web.routes import iterate_routes
from registry.codes import code
from registry.conftest import TOWN_A, Registry

ADMIN, COUNTY, TOWN, LIAISON, LEADER, EXCHANGE, SERVICE = (
    "administrator",
    "county_clerk",
    "township_clerk",
    "department_liaison",
    "leader",
    "exchange",
    "service",
)
ROLES = (ADMIN, COUNTY, TOWN, LIAISON, LEADER, EXCHANGE, SERVICE)
NOBODY = "nobody"
"""Signed in, without any role."""

_OFFICE = {ADMIN, COUNTY, TOWN, LIAISON, LEADER}
_CLERKS = {ADMIN, COUNTY, TOWN}
_WORK = (
    "enterprises",
    "party-organizations",
    "covers",
    "affiliations",
    "mass-organizations",
    "assignments",
    "maturity-decisions",
    "pairings",
    "instructors",
    "secretary-candidates",
    "guidance-projects",
    "member-flows",
    "census-checks",
)
_DECISIONS = ("duplicate-decisions", "mergers")
_PLACES = ("units", "zones", "divisions", "sectors", "calendar-days", "censuses", "field-stewards")
_COUNTY = {ADMIN, COUNTY}
_READERS = {
    **dict.fromkeys((*_WORK, *_PLACES), _OFFICE | {EXCHANGE}),
    "people": _OFFICE,
    "principals": {ADMIN},
    "sharing-agreements": _OFFICE | {EXCHANGE},
    "subscriptions": _COUNTY,
}
_WRITERS = {
    **dict.fromkeys((*_WORK, "people"), _CLERKS),
    **dict.fromkeys(_PLACES, _COUNTY),
    "principals": {ADMIN},
    "sharing-agreements": _COUNTY,
    "subscriptions": _COUNTY,
}
_READ_ONLY = {
    "correction-requests": _OFFICE | {EXCHANGE},
    "forms": _OFFICE,
    "form-items": _OFFICE,
}
_EXPORTERS = _CLERKS | {LIAISON, EXCHANGE, SERVICE}
_WHOLE_LEDGER = {ADMIN, COUNTY, EXCHANGE, SERVICE}
_EVERYBODY = {*ROLES, NOBODY}

ALLOWED: dict[tuple[str, str], set[str]] = {
    ("GET", "/v1/keys"): _EVERYBODY,
    ("GET", "/v1/principals/me"): _EVERYBODY,
    ("GET", "/v1/principals/{key}/rights"): {ADMIN, SERVICE},
    ("GET", "/v1/openapi.json"): _EVERYBODY,
    ("POST", "/v1/principals/{key}/secret"): {ADMIN},
    ("POST", "/v1/people/search"): _OFFICE,
    ("GET", "/v1/people/{key}/unmasked"): _CLERKS,
    ("GET", "/v1/people/{key}/unmasked-reads"): _CLERKS,
    ("POST", "/v1/people/{key}/erase"): _CLERKS,
    ("GET", "/v1/findings"): _OFFICE,
    ("GET", "/v1/enterprises/{key}/classification"): _OFFICE | {EXCHANGE},
    ("GET", "/v1/enterprises/{key}/sources"): _OFFICE | {EXCHANGE},
    ("PUT", "/v1/claims"): _CLERKS | {LIAISON},
    ("POST", "/v1/claims/batch"): _CLERKS | {LIAISON},
    ("GET", "/v1/claims"): _OFFICE,
    ("GET", "/v1/claims/{key}"): _OFFICE,
    ("GET", "/v1/claims/{key}/history"): _OFFICE,
    ("GET", "/v1/disputes"): _OFFICE,
    ("GET", "/v1/disputes/swing"): _OFFICE,
    ("GET", "/v1/disputes/{key}"): _OFFICE,
    ("GET", "/v1/disputes/{key}/history"): _OFFICE,
    ("POST", "/v1/disputes/{key}/settle"): {ADMIN, COUNTY, LIAISON},
    ("GET", "/v1/rotation-proposals"): _OFFICE | {EXCHANGE},
    ("POST", "/v1/assignments/{key}/rotate"): _CLERKS,
    ("GET", "/v1/transfers"): _OFFICE | {EXCHANGE},
    ("GET", "/v1/transfers/{key}"): _OFFICE | {EXCHANGE},
    ("GET", "/v1/transfers/{key}/history"): _OFFICE | {EXCHANGE},
    ("POST", "/v1/transfers"): _CLERKS,
    **{("POST", f"/v1/transfers/{{key}}/{step}"): _CLERKS for step in ("confirm", "refuse", "withdraw")},
    ("GET", "/v1/successions"): _OFFICE,
    ("GET", "/v1/successions/{key}"): _OFFICE,
    ("GET", "/v1/successions/{key}/history"): _OFFICE,
    ("GET", "/v1/trees/agreement"): _OFFICE,
    ("GET", "/v1/trees/{tree}"): _OFFICE,
    ("GET", "/v1/trees/{tree}/counts"): _OFFICE,
    ("GET", "/v1/trees/{tree}/nodes/{key}/path"): _OFFICE,
    **{
        ("POST", f"/v1/{plural}/{{key}}/{step}"): {ADMIN, COUNTY}
        for plural in ("divisions", "zones", "units", "sectors")
        for step in ("merge", "split")
    },
    ("GET", "/v1/working-days"): _OFFICE | {EXCHANGE},
    ("GET", "/v1/working-days/deadline"): _OFFICE | {EXCHANGE},
    ("GET", "/v1/party-organizations/{key}/findings"): _OFFICE,
    ("GET", "/v1/quality/checks"): _OFFICE | {SERVICE},
    ("GET", "/v1/quality/results"): _OFFICE | {SERVICE},
    ("GET", "/v1/quality/results/rows"): _OFFICE | {SERVICE},
    ("GET", "/v1/quality/history"): _OFFICE | {SERVICE},
    ("POST", "/v1/quality/snapshots"): _COUNTY,
    ("POST", "/v1/periods"): _COUNTY,
    ("POST", "/v1/periods/{key}/close"): _COUNTY,
    ("POST", "/v1/periods/{key}/reopen"): _COUNTY,
    ("GET", "/v1/periods/{key}/questions"): _OFFICE | {EXCHANGE},
    ("GET", "/v1/periods/{key}/figures"): _OFFICE | {EXCHANGE},
    ("GET", "/v1/periods/{key}/submissions"): _OFFICE | {EXCHANGE},
    ("POST", "/v1/periods/{key}/submissions"): _CLERKS,
    ("POST", "/v1/periods/{key}/waivers"): _COUNTY,
    ("POST", "/v1/period-submissions/{key}/close"): _CLERKS,
    ("POST", "/v1/explanations"): _CLERKS,
    ("POST", "/v1/explanations/{key}/close"): _CLERKS,
    **{
        ("GET", f"/v1/{plural}{rest}"): _OFFICE | {EXCHANGE}
        for plural in ("periods", "period-submissions", "period-closings", "period-cells", "explanations")
        for rest in ("", "/{key}", "/{key}/history")
    },
    ("GET", "/v1/changes"): {ADMIN, COUNTY, TOWN, EXCHANGE, SERVICE},
    ("GET", "/v1/digests"): _CLERKS | {LIAISON, EXCHANGE, SERVICE},
    ("GET", "/v1/catalogue"): _OFFICE | {EXCHANGE},
    ("GET", "/v1/catalogue/{resource}"): _OFFICE | {EXCHANGE},
    ("GET", "/v1/deliveries"): _CLERKS | {LIAISON, EXCHANGE},
    ("POST", "/v1/subscriptions/{key}/secret"): _COUNTY,
    ("GET", "/v1/dead-letters"): _COUNTY,
    ("POST", "/v1/dead-letters/{letter_id}/redeliver"): _COUNTY,
    ("POST", "/v1/correction-requests"): _CLERKS | {LIAISON, EXCHANGE},
    ("POST", "/v1/correction-requests/{key}/accept"): _CLERKS,
    ("POST", "/v1/correction-requests/{key}/reject"): _CLERKS,
    ("POST", "/v1/correction-requests/{key}/withdraw"): _CLERKS | {LIAISON, EXCHANGE},
    ("POST", "/v1/forms"): _COUNTY | {LIAISON},
    ("POST", "/v1/forms/{key}/close"): _COUNTY | {LIAISON},
    ("GET", "/v1/forms/{key}/measure"): _OFFICE,
    ("GET", "/v1/forms/{key}/prefilled"): _OFFICE,
    ("GET", "/v1/burden"): _OFFICE,
    ("GET", "/v1/exports/ledger"): _WHOLE_LEDGER,
    ("POST", "/v1/imports"): _CLERKS,
    ("GET", "/v1/imports"): _CLERKS,
    ("GET", "/v1/imports/{import_id}"): _CLERKS,
    ("GET", "/v1/imports/{import_id}/refusals"): _CLERKS,
    ("POST", "/v1/imports/{import_id}/cancel"): _CLERKS,
    ("GET", "/v1/imports/templates/{kind}.xlsx"): _CLERKS,
    ("GET", "/v1/imports/{import_id}/workbook"): _CLERKS,
    ("GET", "/v1/imports/{import_id}/preview"): _CLERKS,
    ("POST", "/v1/imports/{import_id}/apply"): _CLERKS,
    ("POST", "/v1/imports/{import_id}/undo"): _CLERKS,
    ("GET", "/v1/imports/{import_id}/events"): _CLERKS,
    ("GET", "/v1/search"): _OFFICE | {EXCHANGE},
    ("GET", "/v1/duplicates"): _OFFICE,
    ("POST", "/v1/duplicates/decisions"): _CLERKS,
    ("POST", "/v1/duplicates/decisions/{key}/withdraw"): _CLERKS,
    ("POST", "/v1/enterprises/{key}/merge"): _CLERKS,
    ("POST", "/v1/enterprises/{key}/unmerge"): _CLERKS,
    ("POST", "/v1/reconciliation/keys"): _OFFICE | {EXCHANGE},
    ("GET", "/metrics"): {ADMIN, SERVICE},
}
for _answer in ("funnel", "funnel/rows", "progress", "gaps", "sources", "late"):
    ALLOWED["GET", f"/v1/censuses/{{key}}/{_answer}"] = _OFFICE | {EXCHANGE}
_SUGGESTIONS = ("entity", "type", "property")
_RECONCILIATION = (
    ("GET", ""),
    ("POST", ""),
    *(("GET", f"/suggest/{name}") for name in _SUGGESTIONS),
    ("GET", "/properties"),
    ("GET", "/preview"),
)
for _method, _path in _RECONCILIATION:
    ALLOWED[(_method, f"/v1/reconciliation/{{kind}}{_path}")] = _OFFICE | {EXCHANGE}
KEYED = {
    (method, f"/v1/reconciliation/keys/{{access_key}}/{{kind}}{path}"): _OFFICE | {EXCHANGE}
    for method, path in _RECONCILIATION
}
"""Routes whose token is a key in the path: an ordinary token opens none of them."""
for _plural in _DECISIONS:
    _one = f"/v1/{_plural}/{{key}}"
    ALLOWED |= {("GET", path): _OFFICE | {EXCHANGE} for path in (f"/v1/{_plural}", _one, f"{_one}/history")}
for _plural, _readers in _READERS.items():
    _one = f"/v1/{_plural}/{{key}}"
    _reads = [("GET", path) for path in (f"/v1/{_plural}", _one, f"{_one}/history")]
    _writes = [("PATCH", _one), *(("POST", path) for path in (f"/v1/{_plural}", f"{_one}/close", f"{_one}/reopen"))]
    ALLOWED |= {**dict.fromkeys(_reads, _readers), **dict.fromkeys(_writes, _WRITERS[_plural])}
    ALLOWED[("GET", f"/v1/exports/{_plural}")] = _EXPORTERS & (_readers | _WHOLE_LEDGER)
for _plural, _readers in _READ_ONLY.items():
    _one = f"/v1/{_plural}/{{key}}"
    ALLOWED |= dict.fromkeys([("GET", path) for path in (f"/v1/{_plural}", _one, f"{_one}/history")], _readers)
for _plural in ("claims", "disputes"):
    ALLOWED[("GET", f"/v1/exports/{_plural}")] = _CLERKS | _WHOLE_LEDGER
for (_method, _path), _readers in list(ALLOWED.items()):
    if (_method, _path.rpartition("/")[2]) == ("GET", "history") and _path.count("/") == 4:
        _export = f"/v1/exports/{_path.split('/')[2]}"
        ALLOWED.setdefault(("GET", _export), _EXPORTERS & (_readers | _WHOLE_LEDGER))
OPEN = {("POST", "/v1/tokens"), ("GET", "/health/live"), ("GET", "/health/ready")}

# Requests of the right shape, so that the answer is about rights: keys that are nobody's, bodies that fit.
NEW = {
    "enterprises": {"uscc": code(1), "name": "甲", "division": TOWN_A},
    "party-organizations": {"name": "甲党支部", "kind": "branch", "setup_form": "sole", "division": TOWN_A},
    "covers": {"organization": "org-0", "enterprise": code(9)},
    "affiliations": {"organization": "org-0", "superior": "unt-0", "kind": "territory"},
    "mass-organizations": {"kind": "union", "name": "工会", "enterprise": code(9)},
    "assignments": {"person": "per-0", "role": "liaison", "enterprise": code(9)},
    "maturity-decisions": {
        "assignment": "asg-0",
        "outcome": "mature",
        "decided_on": "2026-06-01",
        "decided_by": "unt-0",
        "evidence": "甲",
    },
    "pairings": {"unit": "unt-0", "enterprise": code(9)},
    "instructors": {"person": "per-0", "unit": "unt-0"},
    "secretary-candidates": {"person": "per-0", "source": "other", "stage": "found"},
    "guidance-projects": {"name": "甲项目", "division": TOWN_A, "stage": "listed"},
    "member-flows": {"organization": "org-0", "year": 2025},
    "transfers": {"organization": "org-0", "to_superior": "unt-a", "reason": "试"},
    "units": {"name": "甲", "kind": "department"},
    "zones": {"name": "甲", "kind": "park", "division": TOWN_A},
    "divisions": {"code": "990121109000", "name": "甲", "level": "town"},
    "sectors": {"name": "甲"},
    "censuses": {"name": "甲普查", "cut_off_on": "2026-06-30"},
    "census-checks": {"census": "cen-0", "enterprise": code(9), "item": "staff", "answer": "clear"},
    "field-stewards": {"kind": "enterprise", "field": "staff", "steward": "unt-0", "basis": "甲"},
    "calendar-days": {"day": "2027-02-07", "is_working": True},
    "people": {"unit": "unt-0", "name": "王小明"},
    "principals": {"login": "some.one", "kind": "person", "roles": []},
    "sharing-agreements": {"unit": "unt-0", "purpose": "核对", "basis": "职责"},
    "subscriptions": {"unit": "unt-0", "url": "https://a.example.cn", "kinds": ["enterprises"], "purpose": "核对"},
    "correction-requests": {"kind": "enterprises", "key": code(9), "field": "staff", "proposed": 1, "reason": "试"},
    "forms": {
        "name": "表",
        "unit": "unt-0",
        "target_kind": "enterprises",
        "times_per_year": 1,
        "items": [{"label": "甲"}],
    },
}


KEYS = {"enterprises": code(9), "divisions": "990121999000", "calendar-days": "2027-02-08"}
PLACEHOLDERS = {
    "{kind}": "enterprises",
    "{import_id}": "imp-0",
    "{tree}": "territory",
    "{resource}": "enterprises",
    "{letter_id}": "ltr-0",
}
QUERIES = {
    "/v1/disputes/swing": {"measure": "organization_coverage"},
    "/v1/people/{key}/unmasked": {"purpose": "通知开会"},
    "/v1/working-days": {"from": "2026-06-01", "to": "2026-06-30"},
    "/v1/working-days/deadline": {"start": "2026-06-01", "days": 10},
    "/v1/trees/{tree}/counts": {"on": "2026-06-30"},
    "/v1/digests": {"kind": "enterprises"},
    "/v1/search": {"q": "甲"},
    "/v1/reconciliation/{kind}/preview": {"id": code(9)},
}
BODIES = {
    "/v1/claims": {"enterprise": code(9), "field": "staff", "value": 1},
    "/v1/claims/batch": {"rows": [{"enterprise": code(9), "field": "staff", "value": 1}]},
    "/v1/people/search": {"phone": "13800005678"},
    "/v1/periods": {"code": "2026H1", "unit": "unt-0"},
    "/v1/periods/{key}/close": {"person": "per-0"},
    "/v1/periods/{key}/reopen": {"reason": "漏报一家企业"},
    "/v1/periods/{key}/submissions": {"unit": "unt-0", "person": "per-0"},
    "/v1/periods/{key}/waivers": {"unit": "unt-0", "person": "per-0", "reason": "机构撤并交接"},
    "/v1/period-submissions/{key}/close": {"reason": "漏报一家企业"},
    "/v1/quality/snapshots": {},
    "/v1/explanations/{key}/close": {"reason": "漏报一家企业"},
    "/v1/explanations": {
        "period": "xyz-0",
        "check": "a.b",
        "record": "xyz-0",
        "text": "漏报一家企业",
        "person": "per-0",
    },
    "/v1/duplicates/decisions": {"enterprises": [code(8), code(9)], "reason": "试"},
    "/v1/enterprises/{key}/merge": {"into": code(8), "reason": "试"},
}
"""What is posted to a path, where that is no new record."""
STEPS = {
    "settle": {"value": 1, "reason": "试"},
    "close": {"reason": "试"},
    "reopen": {},
    "rotate": {},
    "confirm": {},
    "refuse": {"reason": "试"},
    "accept": {},
    "reject": {"reason": "试"},
    "withdraw": {"reason": "试"},
    "unmerge": {"reason": "试"},
    "merge": {"into": "xyz-1", "reason": "试"},
    "split": {"parts": [{"key": "xyz-1"}, {"key": "xyz-2"}], "reason": "试"},
}
"""What is posted to a step of a record, by the step's name."""


def shaped(method: str, path: str) -> tuple[str, dict]:
    """Return a path and arguments of a request that only rights can keep from going on."""
    plural, _, rest = path.removeprefix("/v1/").partition("/")
    filled = path.replace("{key}", KEYS.get(plural, "xyz-0"))
    for name, value in PLACEHOLDERS.items():
        filled = filled.replace(name, value)
    arguments: dict = {"params": QUERIES[path]} if path in QUERIES else {}
    if path.startswith("/v1/reconciliation/") and path.endswith("/preview"):
        arguments = {"params": {"id": code(9)}}
    if path == "/v1/imports" and method == "POST":
        arguments = {"files": {"file": ("a.csv", b"x")}, "params": {"kind": "enterprises"}}
    elif path.startswith("/v1/reconciliation/") and path.endswith("{kind}") and method == "POST":
        arguments["data"] = {"queries": "{}"}
    elif method == "PATCH":
        arguments["json"] = {}
    elif method in {"POST", "PUT"}:
        body = BODIES.get(path, NEW.get(plural) if not rest else STEPS.get(path.rpartition("/")[2]))
        if body is not None:
            arguments["json"] = body
    return filled, arguments


def key_of(registry: Registry, who: str, audience: str) -> str:
    """Return a token signed for somebody and an audience, whether they could have got it or not."""
    issuer = open_issuer(registry.settings.data, clock=registry.clock)
    return issuer.issue(registry.principals[who], audience=audience).token


def routes_of(registry: Registry) -> set[tuple[str, str]]:
    return {
        (method, route.path) for route in iterate_routes(registry.app) for method in (route.methods or set()) - {"HEAD"}
    }


def test_every_route_has_a_declared_expectation_and_the_reverse(registry):
    assert routes_of(registry) == {*ALLOWED, *KEYED, *OPEN}


def test_every_cell_of_the_matrix_is_as_declared(county):
    for role in ROLES:
        county.enrol(role, role, unit="unt-a" if role == TOWN else None)
    county.enrol(NOBODY)
    wrong, tried = [], 0
    for (method, path), who in product(sorted(ALLOWED), (*ROLES, NOBODY)):
        filled, arguments = shaped(method, path)
        status = county.call(method, filled, by=who, **arguments).status_code
        tried += 1
        is_allowed = who in ALLOWED[(method, path)]
        fits = status not in {401, 403} and status < 500 if is_allowed else status == 403
        if not fits:
            wrong.append(f"{who}: {method} {path} -> {status}, allowed: {is_allowed}")
    assert wrong == []
    assert tried == len(ALLOWED) * (len(ROLES) + 1)


def test_a_key_in_the_path_opens_what_its_owner_may_do_and_nothing_else_does(county):
    for role in ROLES:
        county.enrol(role, role, unit="unt-a" if role == TOWN else None)
    county.enrol(NOBODY)
    wrong = []
    for (method, path), who in product(sorted(KEYED), (*ROLES, NOBODY)):
        for audience in ("heli-reconciliation", "heli"):
            filled, arguments = shaped(method, path.replace("{access_key}", key_of(county, who, audience)))
            status = county.call(method, filled, by=who, **arguments).status_code
            is_allowed = who in KEYED[(method, path)]
            expected = (
                (status not in {401, 403} if is_allowed else status == 403) if audience != "heli" else status == 401
            )
            if not expected or status >= 500:
                wrong.append(f"{who} with a key for {audience}: {method} {path} -> {status}")
    assert wrong == []


def test_a_key_for_reconciliation_is_no_token_anywhere_else(county):
    headers = {"Authorization": f"Bearer {key_of(county, 'admin', 'heli-reconciliation')}"}
    wrong = []
    for method, path in sorted(ALLOWED):
        filled, arguments = shaped(method, path)
        status = county.client.request(method, filled, headers=headers, **arguments).status_code
        if status != 401:
            wrong.append(f"{method} {path} -> {status}")
    assert wrong == []


def test_without_a_token_or_with_a_bad_one_every_route_is_closed(county):
    wrong = []
    for (method, path), headers in product(sorted({*ALLOWED, *KEYED}), ({}, {"Authorization": "Bearer a.b.c"})):
        filled, arguments = shaped(method, path)
        answer = county.client.request(method, filled, headers=headers, **arguments)
        if answer.status_code != 401:
            wrong.append(f"{method} {path} with {headers} -> {answer.status_code}")
    assert wrong == []


def test_without_a_token_a_malformed_request_learns_nothing(county):
    told = {
        county.client.request(method, shaped(method, path)[0], content=b"{", params={"odd": "1"}).status_code
        for method, path in sorted(ALLOWED)
    }
    assert told == {401}


def test_the_open_routes_are_open(county):
    assert county.client.get("/health/live").status_code == 200
    assert county.client.get("/health/ready").status_code in {200, 503}
    assert county.client.post("/v1/tokens", data={}).status_code == 422
