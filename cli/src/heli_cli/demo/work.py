"""A half-finished year of work: the plan, its tasks (some overdue), and what each unit recorded."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from heli_cli.demo.calendar import Calendar
from heli_cli.demo.places import COMMISSION, DEPARTMENT_UNITS, FEDERATION, PARK_UNITS, TOWNS, TRADERS
from heli_cli.demo.record import Record, created

PLAN = "pln-year"
# Title, measure word, target, month and day it is due.
_DEPARTMENT_TASKS = (
    ("选派党建工作指导员", "名", 6, (3, 31)),
    ("走访联系非公企业", "户", 40, (6, 30)),
    ("为企业办实事", "件", 5, (9, 30)),
    ("报送工作信息", "篇", 12, (12, 20)),
)
_TOWN_TASKS = (
    ("摸排非公企业并更新台账", "户", 240, (3, 31)),
    ("新建党组织", "个", 4, (6, 30)),
    ("完成到期换届", "个", 5, (8, 31)),
    ("培训党组织书记和党务工作者", "人", 30, (10, 31)),
    ("消除应建未建企业", "户", 3, (12, 20)),
)
# Kind, titles, times a year for a diligent unit, has a level.
_HABITS = (
    ("meeting", ("专题研究非公企业党建工作", "分析党建工作形势"), 5, False),
    ("information_report", ("工作动态", "经验做法"), 14, True),
    ("practical_matter", ("协调解决用工难题", "协助办理融资手续", "帮助落实惠企政策"), 6, False),
    ("publicity", ("宣传先进党组织", "报道优秀出资人"), 5, True),
    ("training", ("党务工作者培训班", "企业出资人座谈培训"), 3, False),
    ("inspection", ("半年督查", "换届情况检查"), 2, False),
    ("funding", ("拨付党组织活动经费",), 2, False),
)


RULEBOOK = "department"
FIRST_OF_MEMBERS = 900_000
"""From where the activities of the further member units are numbered, by a year with a source of chance of its own."""
_FURTHER = (TRADERS, *PARK_UNITS.values())
# What only a person can judge, by department: the item of the example rulebook.
_JUDGED = {
    "publicity": "publicity-examples",
    "united-front": "united-front-evaluation",
    "market": "market-supervision-registration",
    "development": "development-guidance",
    "finance": "finance-standards",
    "tax": "tax-exchange",
    "human-resources": "human-resources-exchange",
}  # civil affairs has not been judged yet: its score is a range


@dataclass(slots=True)
class Year:
    """Records the year under way; every unit has a diligence of its own, drawn once."""

    chance: random.Random
    calendar: Calendar
    made: int = 0
    _diligence: dict[str, float] = field(default_factory=dict)

    def plan_and_tasks(self) -> Iterator[Record]:
        """Yield the year's plan and the tasks of every department and township."""
        year, start = self.calendar.on.year, self.calendar.new_year
        title = f"{year}年合力县非公企业党建工作实施意见（示例）"
        yield created("plans", PLAN, start, title=title, year=year, document=f"合两新〔{year}〕1号")
        for tasks, units in (
            (_DEPARTMENT_TASKS, (*DEPARTMENT_UNITS, FEDERATION)),
            (_TOWN_TASKS, tuple(town.unit for town in TOWNS)),
        ):
            for unit in units:
                for number, task in enumerate(tasks, 1):
                    yield self._task(unit, number, task)

    def activities(self) -> Iterator[Record]:
        """Yield what departments, townships and the commission recorded up to the day."""
        for half, month in enumerate((2, 8), 1):
            held_on = date(self.calendar.on.year, month, 18)
            if held_on <= self.calendar.on:
                for unit in (COMMISSION, *self._attending()):
                    yield self._activity("joint_meeting", unit, held_on, f"第{half}次联席会议", participants=1)
        for unit in (*DEPARTMENT_UNITS, FEDERATION, *(town.unit for town in TOWNS)):
            yield from self._of_habit(unit)

    def _of_habit(self, unit: str) -> Iterator[Record]:
        for kind, titles, often, levelled in _HABITS:
            for _ in range(self._times(unit, often)):
                level = self.chance.choice(("county", "county", "city", "province")) if levelled else None
                crowd = self.chance.randint(8, 60) if kind in ("meeting", "training") else None
                held_on = self.calendar.this_year(self.chance)
                title = self.chance.choice(titles)
                yield self._activity(kind, unit, held_on, title, level=level, participants=crowd)

    def of_members(self) -> Iterator[Record]:
        """Yield the tasks and activities of the member units that are neither departments nor the federation."""
        for unit in _FURTHER:
            for number, task in enumerate(_DEPARTMENT_TASKS, 1):
                yield self._task(unit, number, task)
        for unit in _FURTHER:
            yield from self._of_habit(unit)

    def marks(self) -> Iterator[Record]:
        """Yield what people judged: the graded duties (0 to 3), commendations, criticism, a refusal to cooperate."""
        for unit in (*DEPARTMENT_UNITS, FEDERATION):
            judged = _JUDGED.get(unit.removeprefix("unt-department-"))
            if judged:
                yield self._mark(unit, judged, min(3, round(self._of(unit) * 3)))
            if self.chance.random() < 0.15:
                yield self._mark(unit, "bonus-commendation", 1)
            if self._of(unit) < 0.5:
                yield self._mark(unit, "penalty-criticism", 1)
                yield self._mark(unit, "common-cooperation", self.chance.randint(0, 1))

    def visits(self, assignment: Record) -> Iterator[Record]:
        """Yield the visits made under an assignment to an enterprise, fewer than planned where diligence lacks."""
        planned, enterprise = assignment.fields.get("visits_per_year"), assignment.fields.get("enterprise")
        if not planned or not enterprise or assignment.fields["role"] == "liaison":
            return
        unit = assignment.fields["unit"]
        first = max(self.calendar.new_year, assignment.effective_on)
        days = (self.calendar.on - first).days
        for _ in range(self._times(unit, planned)):
            held_on = first + timedelta(days=self.chance.randint(0, days))
            yield self._activity(
                "visit", unit, held_on, "走访联系企业", enterprise=enterprise, assignment=assignment.key
            )

    def _attending(self) -> list[str]:
        return [unit for unit in DEPARTMENT_UNITS if self.chance.random() < 0.4 + self._of(unit) * 0.6]

    def _times(self, unit: str, often: int) -> int:
        """Return how often a unit did by now what a diligent one does so often a year."""
        share = ((self.calendar.on - self.calendar.new_year).days + 1) / 365
        expected = often * share * self._of(unit) * self.chance.uniform(0.7, 1.3)
        return int(expected) + (self.chance.random() < expected % 1)

    def _of(self, unit: str) -> float:
        if unit not in self._diligence:
            self._diligence[unit] = self.chance.uniform(0.35, 1.1)
        return self._diligence[unit]

    def _task(self, unit: str, number: int, task: tuple[str, str, int, tuple[int, int]]) -> Record:
        title, word, target, (month, day) = task
        due_on = date(self.calendar.on.year, month, day)
        span = (due_on - self.calendar.new_year).days
        share = min(1.0, ((self.calendar.on - self.calendar.new_year).days + 1) / span)
        reached = min(target, round(target * share * self._of(unit) * self.chance.uniform(0.85, 1.25)))
        done_on = self._done_on(due_on) if reached == target else None
        if due_on < self.calendar.on and reached < target and self.chance.random() < 0.35:
            reached, done_on = target, min(self.calendar.on, due_on + timedelta(days=self.chance.randint(3, 60)))
        return created(
            "tasks", f"tsk-{unit[4:]}-{number}", self.calendar.new_year,
            plan=PLAN, title=title, unit=unit, measure_word=word, target=str(target), progress=str(reached),
            due_on=due_on, done_on=done_on,
        )  # fmt: skip

    def _done_on(self, due_on: date) -> date:
        last = min(self.calendar.on, due_on)
        return last - timedelta(days=self.chance.randint(0, min(25, (last - self.calendar.new_year).days)))

    def _mark(self, unit: str, item: str, value: int) -> Record:
        return created(
            "marks", f"mrk-{unit[4:]}-{item}", self.calendar.on,
            subject=unit, item=item, value=str(value), evidence="合力县年度考核评分表（示例）", rulebook=RULEBOOK,
        )  # fmt: skip

    def _activity(self, kind: str, unit: str, held_on: date, title: str, **fields: object) -> Record:
        self.made += 1
        year = self.calendar.on.year
        evidence = f"合力县工作记录〔{year}〕第{self.made}号"
        return created(
            "activities", f"act-{self.made:06d}", held_on,
            kind=kind, unit=unit, held_on=held_on, title=title, evidence=evidence, **fields,
        )  # fmt: skip
