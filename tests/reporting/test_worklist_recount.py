"""Worklists of random counties, counted again by hand; and the same lines as a calendar and as a workbook."""

import io
from datetime import date, timedelta
from random import Random

import openpyxl
import pytest

from heli_shared.statistics.parameters import parameter
from reporting.world import COUNTY, READS, TOWN_A, TOWN_B, VILLAGE_A, World, uscc

TODAY = date(2026, 7, 1)
ALL = [*READS, "syncs:write", "disputes:read", "representative-evaluations:read"]
UNITS = ("unt-county", "unt-a", "unt-b", "unt-tax")
HOMES = {"unt-county": COUNTY, "unt-a": TOWN_A, "unt-b": TOWN_B, "unt-tax": COUNTY}
SIDES = ("from", "to")
NASTY = "甲；乙,丙;\\丁，一个很长很长很长很长很长很长很长很长很长很长的任务名称"


class RandomCounty:
    """Records drawn from a seed, written to the world and kept as plain dicts for the count by hand."""

    def __init__(self, world: World, seed: int) -> None:
        self.chance, self.world = Random(seed), world
        self.held: dict[str, dict[str, dict]] = {}
        chance = self.chance
        self.where: dict[str, str] = {uscc(n): TOWN_A for n in (1, 2, 3, 4, 5)} | {uscc(n): TOWN_B for n in (6, 7, 8)}
        self.refreshed: dict[str, date | None] = dict.fromkeys(self.where, date(2026, 6, 15))
        for number in range(30, 45):
            town, day = chance.choice([TOWN_A, TOWN_B]), chance.choice([None, self.day(), self.day()])
            key = world.enterprise(number, town, refreshed_on=None if day is None else day.isoformat())
            self.where[key], self.refreshed[key] = town, day
        for number in range(12):
            parent = chance.choice([None, None, f"tsk-{chance.randrange(12)}"])
            self.add_number(number, None if parent == f"tsk-{number}" else parent)
        world.sync()

    def add_number(self, number: int, parent: str | None) -> None:
        pick = self.chance.choice
        self.add(
            "task",
            f"tsk-{number}",
            parent=parent,
            title=NASTY,
            unit=pick(UNITS),
            person=pick(["per-1", "per-2", None]),
            due_on=self.day(),
            done_on=pick([None, None, None, date(2026, 6, 1)]),
        )
        letter = {"unit": pick(UNITS), "sign_by": self.day(), "is_signed": pick([True, False, False])}
        self.add("letter", f"ltr-{number}", year=2026, issuer="unt-county", issued_on=date(2026, 1, 5), **letter)
        stage = pick(["issued", "answered", "returned", "accepted", "reopened", "cancelled"])
        order = {"unit": pick(UNITS), "problem": "问题", "due_on": self.day(), "rounds": number % 3, "stage": stage}
        self.add("rectification_order", f"rct-{number}", number=f"督〔2026〕{number}号", **order)
        dispute = {"owner": pick(UNITS), "due_on": self.day(), "outcome": pick([None, None, "settled"])}
        self.add("dispute", f"dsp-{number}", enterprise=pick(list(self.where)), field="staff", **dispute)
        evaluation = {"valid_until": self.day(), "status": pick(["confirmed", "confirmed", "collecting"])}
        self.add("representative_evaluation", f"rev-{number}", enterprise=pick(list(self.where)), **evaluation)
        self.add_agreements(number)

    def add_agreements(self, number: int) -> None:
        pick = self.chance.choice
        stage = pick(["proposed", "from_confirmed", "to_confirmed", "refused", "withdrawn"])
        said = {f"{side}_confirmed_on": date(2026, 6, 1) if stage == f"{side}_confirmed" else None for side in SIDES}
        superiors = {"from_superior": pick([*UNITS, None]), "to_superior": pick(UNITS)}
        transfer = {"organization": "pty-sole", "members": number, "due_on": self.day(), "stage": stage}
        self.add("transfer", f"trf-{number}", **transfer, **superiors, **said)
        pairing = {"unit": pick(UNITS), "enterprise": pick(list(self.where)), "organization": None}
        agreed = {"agreed_on": pick([date(2020, 5, 1), date(2026, 3, 1), None]), "ends_on": pick([None, self.day()])}
        self.add("pairing", f"par-{number}", **pairing, **agreed, activities_per_year=pick([None, 0, 1, 3, 12]))
        for n in range(self.chance.randrange(5)):
            held = pick([date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), TODAY, date(2026, 7, 2)])
            kind, pairing_key = pick(["pairing_activity"] * 3 + ["visit"]), f"par-{number}"
            self.add("activity", f"act-{number}-{n}", kind=kind, held_on=held, unit="unt-a", pairing=pairing_key)

    def day(self) -> date:
        return TODAY + timedelta(days=self.chance.choice([-400, -120, -92, -93, -30, -1, 0, 1, 29, 30, 31, 32, 90]))

    def add(self, entity: str, key: str, **fields) -> None:
        self.held.setdefault(entity, {})[key] = fields
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}
        self.world.record(entity, key, **plain)

    def expected(self, towns: set[str], units: set[str], own: str | None, *, may_all: bool) -> set[tuple]:
        """Count by hand: (kind, subject, due day)."""
        found = self.expected_of_units(units)
        found |= self.expected_of_enterprises(towns, own, may_all=may_all)
        found |= self.expected_transfers(units) | self.expected_pairings(towns, own)
        return found | self.expected_refreshes(towns)

    def expected_transfers(self, units: set[str]) -> set[tuple]:
        found = set()
        for key, each in self.held["transfer"].items():
            if each["stage"] in {"refused", "withdrawn"}:
                continue
            for side in SIDES:
                unit = each[f"{side}_superior"]
                if unit in units and each["stage"] != f"{side}_confirmed":
                    found |= self.within("transfer_overdue", "transfer_due", f"{key} {unit}", each["due_on"])
        return found

    def expected_pairings(self, towns: set[str], own: str | None) -> set[tuple]:
        found = set()
        for key, each in self.held["pairing"].items():
            if self.where[each["enterprise"]] not in towns and each["unit"] != own:
                continue
            if each["ends_on"]:
                found |= self.within("pairing_ended", "pairing_ending", key, each["ends_on"])
            planned = 2 if each["activities_per_year"] is None else each["activities_per_year"]
            done = sum(
                each_activity["pairing"] == key
                and each_activity["kind"] == "pairing_activity"
                and date(2026, 1, 1) <= each_activity["held_on"] <= TODAY
                for each_activity in self.held.get("activity", {}).values()
            )
            start = date(2026, 3, 1) if each["agreed_on"] == date(2026, 3, 1) else date(2026, 1, 1)
            if planned and not (each["ends_on"] and each["ends_on"] < TODAY):
                # The (done + 1)-th of so many is due when that share of 365 days from the start has passed.
                due = start + timedelta(days=-((done + 1) * -365 // planned) - 1)
                if due < TODAY:
                    found.add(("pairing_behind", key, due.isoformat()))
        return found

    def expected_of_units(self, units: set[str]) -> set[tuple]:
        found, tasks = set(), self.held["task"]
        split = {each["parent"] for each in tasks.values()}
        for key, each in tasks.items():
            if each["unit"] in units and each["done_on"] is None and key not in split:
                found |= self.within("task_overdue", "task_due", key, each["due_on"])
        for key, each in self.held["letter"].items():
            if each["unit"] in units and not each["is_signed"]:
                found |= self.within("letter_overdue", "letter_due", key, each["sign_by"])
        for key, each in self.held["rectification_order"].items():
            if each["unit"] in units and each["stage"] not in {"answered", "accepted", "cancelled"}:
                found |= self.within("rectification_overdue", "rectification_due", key, each["due_on"])
        return found

    def expected_of_enterprises(self, towns: set[str], own: str | None, *, may_all: bool) -> set[tuple]:
        found = set()
        for key, each in self.held["dispute"].items():
            is_shown = may_all or each["owner"] == own
            if is_shown and self.where[each["enterprise"]] in towns and not each["outcome"]:
                found |= self.within("dispute_overdue", "dispute_due", key, each["due_on"])
        for key, each in self.held["representative_evaluation"].items():
            if may_all and self.where[each["enterprise"]] in towns and each["status"] == "confirmed":
                found |= self.within("evaluation_expired", "evaluation_expiring", key, each["valid_until"])
        return found

    def expected_refreshes(self, towns: set[str]) -> set[tuple]:
        # The eighth lies in the park, which has a unit of its own, and was refreshed in June.
        old: dict[str, list[date | None]] = {}
        for key, day in self.refreshed.items():
            if self.where[key] in towns and (day is None or (TODAY - day).days > 92):
                old.setdefault("unt-a" if self.where[key] == TOWN_A else "unt-b", []).append(day)
        found = set()
        for unit, days in old.items():
            known = [day for day in days if day is not None]
            found.add(("ledger_stale", unit, (min(known) + timedelta(days=92)).isoformat() if known else None))
        return found

    def place(self, item, towns: set[str]) -> str:
        """Say where a line lies: with the enterprise it is about, if that may be seen, else with its unit."""
        kinds = {"dispute", "representative_evaluation", "pairing"}
        kind, key = item["subject"]["kind"], item["subject"]["id"]
        town = self.where[self.held[kind][key]["enterprise"]] if kind in kinds else None
        return town if town in towns else HOMES[item["unit"]["code"]]

    @staticmethod
    def within(late: str, soon: str, key: str, due: date) -> set[tuple]:
        """A month from the first of July ends with the first of August."""
        return {(late if due < TODAY else soon, key, due.isoformat())} if due <= date(2026, 8, 1) else set()


def read(world: World, who, **params):
    answer = world.get("/v1/worklists", who, limit=200, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def subject_of(item) -> str:
    """A transfer waits for two sides, so its line is one of a transfer and a unit."""
    is_transfer = item["subject"]["kind"] == "transfer"
    return f"{item['subject']['id']} {item['unit']['code']}" if is_transfer else item["subject"]["id"]


OLD = ("election_overdue", "election_within_month", "election_within_half_year")


def dealt(items):
    """Deal the lines out one by one: always the next of the kind that has had the least for its weight."""
    waiting: dict[str, list] = {}
    for each in items:
        waiting.setdefault(each["kind"], []).append(each)
    for held in waiting.values():
        held.sort(key=lambda each: (0 if each["days"] is None else each["days"], each["subject"]["id"]))
    taken, order = dict.fromkeys(waiting, 0), []
    weights = {kind: parameter(f"worklist.{kind}").on(TODAY) for kind in waiting}
    while any(waiting.values()):
        # a/b < c/d without fractions: compare over the common denominator 2520, which all weights up to 10 divide.
        kind = min(
            (kind for kind, held in waiting.items() if held),
            key=lambda kind: ((taken[kind] + 1) * 2520 // weights[kind], -weights[kind], kind),
        )
        taken[kind] += 1
        order.append(waiting[kind].pop(0))
    return order


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_lines_of_a_random_county_counted_again_and_dealt_out_again(world: World, seed):
    county = RandomCounty(world, seed)
    everyone = (
        (world.person("prn-all", ALL, everything=True), {TOWN_A, TOWN_B}, set(UNITS), None, True),
        (world.person("prn-b", divisions=(TOWN_B,), unit="unt-b"), {TOWN_B}, {"unt-b"}, "unt-b", False),
        (world.person("prn-tax", everything=True, unit="unt-tax"), {TOWN_A, TOWN_B}, set(UNITS), "unt-tax", False),
    )
    for who, towns, units, own, may_all in everyone:
        found = read(world, who)
        shown = [(each["kind"], subject_of(each), each["due_on"]) for each in found["items"]]

        assert {each for each in shown if each[0] not in OLD} == county.expected(towns, units, own, may_all=may_all)
        assert len(set(shown)) == len(shown) == found["total"]
        assert found["items"] == dealt(found["items"])
        for each in found["items"]:
            if each["subject"]["kind"] not in {"party_organization", "transfer"}:
                place = each["division"]["code"]
                assert (TOWN_A if place == VILLAGE_A else place) == county.place(each, towns)
            assert each["rule"]
            assert each["basis"]
            if each["due_on"] is not None:
                due = date.fromisoformat(each["due_on"])
                assert each["days"] == (due - TODAY).days
                assert due >= TODAY or each["since"] == (due + timedelta(days=1)).isoformat()


def test_many_old_elections_leave_room_for_everything_else(world: World):
    for number in range(40):
        world.branch(f"pty-old-{number}", [uscc(1)], elected_on="2019-01-01")
    RandomCounty(world, 4)
    first = read(world, world.person("prn-all", ALL, everything=True))["items"][:10]

    assert sum(each["kind"] == "election_overdue" for each in first) <= 2
    assert len({each["kind"] for each in first}) >= 6
    assert first[0]["urgency"]["words"].startswith("同类第1急，权重10：1÷10=0.1")


def test_a_worklist_as_known_before_a_change_is_the_one_of_before(world: World):
    RandomCounty(world, 8)
    who = world.person("prn-all", ALL, everything=True)
    before = read(world, who)
    for number in range(30, 45):
        world.change("enterprise", uscc(number), date(2026, 6, 20), refreshed_on="2026-06-20")
    world.record("letter", "ltr-later", year=2026, unit="unt-a", sign_by="2026-01-01", is_signed=False)
    world.sync()
    known = before["passport"]["known_at"]
    again = read(world, who, known_at=[f"registry:{known['registry']}", f"assessment:{known['assessment']}"])
    now = read(world, who)

    assert again["items"] == before["items"]
    assert "ledger_stale" in before["counts"]
    assert "ledger_stale" not in now["counts"]
    assert "ltr-later" in {each["subject"]["id"] for each in now["items"]}


def test_links_lead_to_the_record_at_its_service(world: World):
    county = RandomCounty(world, 5)
    items = read(world, world.person("prn-all", ALL, everything=True))["items"]
    links = {each["subject"]["kind"]: each["subject"]["link"] for each in items}

    assert links["letter"].startswith("assessment:/v1/letters/ltr-")
    assert links["dispute"].startswith("registry:/v1/disputes/dsp-")
    assert set(links) >= {"unit", "task", "rectification_order", "representative_evaluation", "party_organization"}
    assert county.held["letter"]


def parsed_calendar(body: bytes):
    """Read a calendar strictly by RFC 5545: CRLF, folded at 75 octets, begin and end in pairs, escapes undone."""
    text = body.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    physical = text.removesuffix("\r\n").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in physical)
    logical: list[str] = []
    for line in physical:
        if line.startswith(" "):
            logical[-1] += line[1:]
        else:
            logical.append(line)
    events, open_, head = [], [], {}
    for line in logical:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            open_.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert open_.pop() == value
        else:
            target = events[-1] if open_[-1] == "VEVENT" else head
            assert name not in target
            target[name] = unescaped(value) if name in ("SUMMARY", "DESCRIPTION", "CATEGORIES") else value
    assert open_ == []
    assert (head["VERSION"], logical[0], logical[-1]) == ("2.0", "BEGIN:VCALENDAR", "END:VCALENDAR")
    assert head["PRODID"]
    return events


def unescaped(value: str) -> str:
    out, signs = "", iter(value)
    for sign in signs:
        assert sign not in ";,"  # these must be escaped
        out += {"n": "\n", "\\": "\\", ";": ";", ",": ","}[next(signs)] if sign == "\\" else sign
    return out


def test_a_calendar_holds_every_line_that_has_a_day(world: World):
    RandomCounty(world, 6)
    who = world.person("prn-all", ALL, everything=True)
    items = [each for each in read(world, who)["items"] if each["due_on"] is not None]
    answer = world.get("/v1/worklists", who, format="ics")
    events = parsed_calendar(answer.content)

    assert answer.headers["content-type"].startswith("text/calendar")
    assert [event["DTSTART;VALUE=DATE"] for event in events] == [each["due_on"].replace("-", "") for each in items]
    assert [event["SUMMARY"] for event in events] == [
        f"{each['kind_name']}: {each['subject']['name'] or each['subject']['id']}" for each in items
    ]
    assert all(each["detail"] in event["DESCRIPTION"] for each, event in zip(items, events, strict=True))
    assert len({event["UID"] for event in events}) == len(events)
    again = parsed_calendar(world.get("/v1/worklists", who, format="ics").content)
    assert [event["UID"] for event in again] == [event["UID"] for event in events]
    assert world.client.get("/v1/worklists", params={"format": "ics"}).status_code == 401


def test_a_workbook_holds_the_lines_in_order(world: World):
    RandomCounty(world, 7)
    who = world.person("prn-all", ALL, everything=True)
    items = read(world, who)["items"]
    answer = world.get("/v1/worklists/unt-county", who, format="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(min_row=3, values_only=True))

    of_units = [each for each in items if each["unit"] is not None]
    assert len(rows) == len(of_units)
    for number, (row, each) in enumerate(zip(rows, of_units, strict=True), 1):
        assert row[0] == number
        assert (row[1], row[2]) == (each["kind_name"], each["subject"]["name"] or each["subject"]["id"])
        assert (None if row[6] is None else row[6].date().isoformat()) == each["due_on"]
        assert row[3] == each["division"]["name"]
        assert (row[7], row[9], row[13]) == (each["days"], each["detail"], each["subject"]["link"])
    assert sheet.print_area.endswith(f"$A$1:$L${len(rows) + 2}"), "what programs read is not printed"
    assert sheet["A1"].value == "县工委工作清单（2026-07-01）"
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.page_setup.orientation == "landscape"
